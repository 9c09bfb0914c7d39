//! `check` and `status`: what the hooks would say, before git asks them.

use crate::enrolled::HONEST;
use crate::support::Repo;

#[test]
fn a_message_file_is_judged_as_git_cleans_it() {
    let repo = Repo::enrolled();
    repo.stage("a.txt", "a\n");
    repo.write("../message", format!("# a comment\n{HONEST}\n# another\n"));
    let said = repo.pdd(&["check", "--message", "../message"]);
    assert_eq!(
        said.text(),
        "exit: 0\n--- stdout\n1 commit; no findings\n--- stderr\n"
    );
    repo.write("../message", "feat(app): no task\n");
    let said = repo.pdd(&["check", "--message", "../message"]);
    assert_eq!(
        said.text(),
        "exit: 1\n--- stdout\n\
         error[PDD001]: the message names no task\n \
         --> staged change on feat/TASK-001-steps\n  \
         = help: add `[TASK-001]` to the subject\n  \
         = note: pdd-hooks explain PDD001\n\
         1 commit; 1 with findings\n--- stderr\n"
    );
}

#[test]
fn a_staged_change_has_the_shape_of_a_report_without_commit_and_time() {
    let repo = Repo::enrolled();
    repo.stage("a.txt", "a\n");
    let json = repo
        .pdd(&["check", "--staged", "--format", "json"])
        .ok()
        .stdout;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["schema"], "pdd-hooks/report/1");
    let row = &report["commits"][0];
    for key in [
        "commit", "time", "author", "class", "how", "subject", "task",
    ] {
        assert!(
            row.as_object().unwrap().contains_key(key),
            "{key} is left out"
        );
        assert!(row[key].is_null(), "{key}");
    }
    assert_eq!(row["tree"], repo.ask(&["write-tree"]).as_str());
}

#[test]
fn status_names_what_the_next_commit_lacks_and_the_command_for_it() {
    let repo = Repo::enrolled();
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-002-next", "main"])
        .ok();
    repo.stage("b.txt", "b\n");
    let said = repo.pdd(&["status"]).ok().stdout;
    assert!(
        said.contains("task     TASK-002\npersona  none\n"),
        "{said}"
    );
    assert!(
        said.contains("lacks    PDD004: no persona is declared for `TASK-002`\n"),
        "{said}"
    );
    let _ = repo.pdd(&["persona", "PM", "plan it"]).ok();
    let said = repo.pdd(&["status"]).ok().stdout;
    assert!(said.contains("persona  PM\n"), "{said}");
    assert!(
        said.ends_with("next     git commit -m \"feat(scope): description [TASK-002]\"\n"),
        "{said}"
    );
}
