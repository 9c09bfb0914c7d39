//! What is tested is what is committed, whatever git was told to commit and whatever lies beside it.

use super::scene::{MESSAGE, findings};
use crate::support::Repo;

/// The tree of `HEAD` was tested, and nothing else since `before` runs.
#[track_caller]
fn tested_exactly(repo: &Repo, before: usize) {
    assert_eq!(repo.tested()[before..], [repo.tree_of("HEAD")]);
}

#[test]
fn a_plain_commit() {
    let repo = Repo::checked("");
    let before = repo.runs();
    repo.stage_step("one");
    repo.write("app.txt", "broken, and not staged\n");
    let output = repo.git(&["commit", "-q", "-m", MESSAGE]).ok();
    tested_exactly(&repo, before);
    assert_eq!(output.stderr.lines().count(), 1, "{}", output.stderr);
}

#[test]
fn commit_all() {
    let repo = Repo::checked("");
    let before = repo.runs();
    repo.write("app.txt", "base\nchanged\n");
    let _ = repo.git(&["commit", "-q", "-a", "-m", MESSAGE]).ok();
    tested_exactly(&repo, before);
}

#[test]
fn a_pathspec_with_another_file_staged() {
    let repo = Repo::checked("");
    let before = repo.runs();
    repo.stage("tests/later.case", "not there yet\n");
    repo.write("app.txt", "base\nchanged\n");
    let _ = repo
        .git(&["commit", "-q", "-m", MESSAGE, "--", "app.txt"])
        .ok();
    tested_exactly(&repo, before);
}

#[test]
fn an_amend() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    let before = repo.runs();
    repo.stage_step("two");
    let _ = repo.git(&["commit", "-q", "--amend", "-m", MESSAGE]).ok();
    tested_exactly(&repo, before);
}

#[test]
fn a_partially_staged_file() {
    let repo = Repo::checked("");
    let before = repo.runs();
    repo.stage("app.txt", "base\nstaged\n");
    repo.write("app.txt", "base\nstaged\nnot staged\n");
    repo.stage("tests/staged.case", "staged\n");
    let _ = repo.commit(MESSAGE).ok();
    tested_exactly(&repo, before);
}

#[test]
fn an_intent_to_add() {
    let repo = Repo::checked("");
    let before = repo.runs();
    repo.write("tests/announced.case", "not there yet\n");
    let _ = repo.git(&["add", "-N", "tests/announced.case"]).ok();
    repo.stage("app.txt", "base\nchanged\n");
    let _ = repo.commit(MESSAGE).ok();
    tested_exactly(&repo, before);
}

#[test]
fn a_linked_worktree() {
    let repo = Repo::checked("");
    let linked = repo.root().join("linked");
    let path = linked.to_str().unwrap();
    let _ = repo
        .git(&["worktree", "add", "-q", "-b", "fix/TASK-001-b", path])
        .ok();
    let before = repo.runs();
    std::fs::write(linked.join("app.txt"), "base\nlinked\n").unwrap();
    let _ = repo
        .git_in(&linked, &["commit", "-q", "-a", "-m", MESSAGE])
        .ok();
    assert_eq!(repo.tested()[before..], [repo.tree_of("fix/TASK-001-b")]);
}

#[test]
fn a_root_commit() {
    let repo = Repo::checked("");
    let before = repo.runs();
    let _ = repo
        .git(&["switch", "-q", "--orphan", "feat/TASK-001-root"])
        .ok();
    for (path, text) in [
        ("app.txt", "base\n"),
        ("tests/run.sh", super::scene::RUNNER),
        ("tests/base.case", "base\n"),
    ] {
        repo.stage(path, text);
    }
    repo.declare("PM");
    repo.declare("QA");
    let _ = repo.commit(MESSAGE).ok();
    tested_exactly(&repo, before);
}

#[test]
fn a_merge_commit() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-other", "HEAD~1"])
        .ok();
    repo.stage("other.txt", "other\n");
    let _ = repo.commit(MESSAGE).ok();
    let before = repo.runs();
    let _ = repo
        .git(&["merge", "-q", "--no-ff", "-m", "merge [TASK-001]", "-"])
        .ok();
    assert_eq!(repo.ask(&["rev-list", "--count", "--merges", "HEAD"]), "1");
    tested_exactly(&repo, before);
}

#[test]
fn a_series_of_patches() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    repo.validated_step("two");
    let patches = repo.ask(&["format-patch", "-2", "--stdout"]);
    repo.write("../two.patch", format!("{patches}\n"));
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-applied", "HEAD~2"])
        .ok();
    repo.stage("other.txt", "so that the trees differ\n");
    let _ = repo.commit(MESSAGE).ok();
    let before = repo.runs();
    let _ = repo.git(&["am", "-q", "../two.patch"]).ok();
    assert_eq!(
        repo.tested()[before..],
        [repo.tree_of("HEAD~1"), repo.tree_of("HEAD")]
    );
}

#[test]
fn a_broken_staged_file_is_refused_though_the_work_tree_has_it_right() {
    let repo = Repo::checked("");
    repo.stage("app.txt", "broken\n");
    repo.write("app.txt", "base\n");
    let refused = repo.commit(MESSAGE);
    assert_eq!(refused.code(), 1);
    assert_eq!(
        findings(&refused),
        ["PDD008: the check `tests` fails: `base`"]
    );
    let _ = repo.git(&["add", "app.txt"]).ok();
    repo.stage("app.txt", "base\nmended\n");
    repo.write("app.txt", "broken\n");
    let _ = repo.commit(MESSAGE).ok();
}
