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
