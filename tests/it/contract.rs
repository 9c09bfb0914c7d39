//! PDD013 with real git: source of a task that joins components.

use crate::support::Repo;
use crate::tasked::{LIST, TASKS, refused};

#[test]
fn source_waits_for_the_contract_that_its_task_names() {
    let tasks = TASKS.replacen(
        "- **Priority**",
        "- **Contract**: `docs/search.md`\n- **Priority**",
        1,
    );
    let repo = Repo::tasked(&tasks, &["PM", "QA"]);
    repo.stage("tests/app.txt", "contract test\n");
    let _ = repo.try_commit().ok();
    repo.declare("DEV");
    repo.stage("src/app.txt", "more\n");
    let missing = format!("PDD013: the contract `docs/search.md` is not checked in ({LIST}:6)");
    assert_eq!(refused(&repo.try_commit()), [missing]);
    repo.stage(
        "docs/search.md",
        "# Search and index\n\n## Search\n\n### EXPECTS\n\n### PROVIDES\n",
    );
    assert_eq!(
        refused(&repo.try_commit()),
        ["PDD013: the contract lacks the heading GOTCHAS (docs/search.md:1)"]
    );
    repo.stage("docs/search.md", "# Search and index\n\n## Search\n\n### EXPECTS (inputs):\n\n### PROVIDES (outputs):\n\n### GOTCHAS:\n");
    let _ = repo.try_commit().ok();
}

fn with_contract() -> String {
    TASKS.replacen(
        "- **Priority**",
        "- **Contract**: `docs/search.md`\n- **Priority**",
        1,
    )
}

#[test]
fn a_trailer_of_another_task_does_not_switch_it_off() {
    let repo = Repo::tasked(&with_contract(), &["PM", "QA", "DEV"]);
    repo.stage("src/app.txt", "more\n");
    let output = repo.commit("test: one step [TASK-001]\n\nTask: TASK-002\n");
    assert_eq!(
        refused(&output),
        [format!(
            "PDD013: the contract `docs/search.md` is not checked in ({LIST}:6)"
        )]
    );
}

#[test]
fn taking_the_field_out_with_the_source_answers_nothing() {
    let repo = Repo::tasked(&with_contract(), &["PM", "QA", "DEV"]);
    for persona in ["QA", "PM"] {
        repo.declare(persona);
    }
    repo.stage("src/app.txt", "more\n");
    repo.replace(LIST, "- **Contract**: `docs/search.md`\n", "");
    assert_eq!(
        refused(&repo.try_commit())
            .into_iter()
            .filter(|said| said.starts_with("PDD013"))
            .collect::<Vec<_>>(),
        [format!(
            "PDD013: the contract `docs/search.md` is not checked in ({LIST})"
        )]
    );
    // In a commit before it PM may say that there is none.
    let _ = repo.git(&["restore", "--staged", "src/app.txt"]).ok();
    let _ = repo.commit("docs: no contract after all [TASK-001]").ok();
}
