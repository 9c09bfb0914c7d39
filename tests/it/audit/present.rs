//! What the report says of the clone that it is made in: how the hooks stand now, and what it cannot see.

use crate::enrolled::{HONEST, WORK};
use crate::support::{Repo, gits, set_mode, snapshot, version_of};

/// The notes of the report, without where the hooks stand.
fn notes(repo: &Repo) -> Vec<String> {
    let report = super::ways::audit(repo, repo.folder());
    let notes = report["notes"].as_array().unwrap().iter();
    let root = repo.folder().to_str().unwrap();
    notes
        .map(|note| note.as_str().unwrap().replace(root, "$REPO"))
        .collect()
}

fn off(repo: &Repo, args: &[&str]) {
    let all = [&["-c", "core.hooksPath=/dev/null"], args].concat();
    let _ = repo.git(&all).ok();
}

#[test]
fn hooks_that_are_not_as_they_were_installed_are_named_and_left_alone() {
    let repo = Repo::enrolled();
    assert_eq!(notes(&repo), [""; 0]);
    let hooks = repo.at(".git/hooks");
    set_mode(&hooks.join("commit-msg"), 0o644);
    std::fs::remove_file(hooks.join("pre-push")).unwrap();
    std::fs::remove_file(hooks.join("post-merge")).unwrap();
    std::fs::remove_file(hooks.join("pre-commit")).unwrap();
    repo.write_program(".git/hooks/pre-commit", "#!/bin/sh\n");
    let mend = "`pdd-hooks doctor` says how to mend it";
    let expected = [
        format!("now pre-commit is not ours in $REPO/.git/hooks: {mend}"),
        format!("now commit-msg is not executable in $REPO/.git/hooks: {mend}"),
        format!("now post-merge, pre-push are missing in $REPO/.git/hooks: {mend}"),
    ];
    let before = snapshot(&[repo.at(".git")]);
    assert_eq!(notes(&repo), expected);
    let after = snapshot(&[repo.at(".git")]);
    crate::support::assert_same(&before, &after);
    let _ = repo.git(&["config", "core.hooksPath", ".own"]).ok();
    let away = "now git takes its hooks from $REPO/.own, and ours stand in $REPO/.git/hooks";
    assert_eq!(notes(&repo).last().map(String::as_str), Some(away));
}

#[test]
fn hooks_that_were_uninstalled_are_missed() {
    let repo = Repo::enrolled();
    let _ = repo.pdd(&["uninstall"]).ok();
    let expected = ["the hooks are not installed here any more: `pdd-hooks install`"];
    assert_eq!(notes(&repo), expected);
}

#[test]
fn where_no_reflogs_are_kept_the_report_says_so_and_accuses_nobody() {
    let repo = Repo::new();
    let _ = repo.git(&["config", "core.logAllRefUpdates", "false"]).ok();
    let repo = repo.enroll();
    repo.stage("a.txt", "a\n");
    off(&repo, &["commit", "-q", "-m", HONEST]);
    let row = repo.audited(repo.folder(), "HEAD");
    assert_eq!(
        (&row["class"], &row["how"], &row["notes"]),
        (
            &"foreign".into(),
            &serde_json::Value::Null,
            &serde_json::json!(["no reflog here"])
        )
    );
    assert_eq!(notes(&repo).len(), 1);
    assert!(
        notes(&repo)[0].starts_with("no reflog here: "),
        "{:?}",
        notes(&repo)
    );
}

#[test]
fn reflogs_in_tables_tell_the_same() {
    for git in gits().iter().filter(|git| version_of(git) >= (2, 45)) {
        let repo = Repo::init_with(git, &["--ref-format=reftable"]).enroll();
        repo.step("honest.txt");
        repo.stage("a.txt", "a\n");
        off(&repo, &["commit", "-q", "-m", HONEST]);
        assert_eq!(repo.class_of("HEAD"), "bypassed (hooks off)");
        assert_eq!(repo.class_of("HEAD~1"), "enforced");
        let tree = repo.ask(&["rev-parse", "HEAD~1^{tree}"]);
        let made = repo.ask(&["commit-tree", "-p", "HEAD~1", "-m", HONEST, &tree]);
        let _ = repo
            .git(&["update-ref", "refs/heads/feat/TASK-001-made", &made])
            .ok();
        assert_eq!(repo.class_of(&made), "foreign (plumbing)");
        let _ = repo.git(&["branch", "-q", "copied", WORK]).ok();
        let _ = repo.git(&["branch", "-q", "-C", "copied", "main"]).ok();
        let report = super::ways::audit(&repo, repo.folder());
        let hows: Vec<_> = report["moves"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["how"].as_str().unwrap())
            .collect();
        assert_eq!(hows, ["branch -C"]);
    }
}
