//! Commits that something is slipped into.

use super::{TOPIC, findings, id, refused, unseen};
use crate::enrolled::{HONEST, WORK};
use crate::support::{Output, Repo, gits};

const STANDING: &str = "docs: typo [MAINT-1]";
const BEYOND: &str =
    "PDD004: `MAINT-1` is for docs, manifests and records alone, not for `evil.rs`";

fn on_topic() -> Repo {
    let repo = Repo::enrolled();
    let _ = repo.git(&["switch", "-q", "-c", TOPIC]).ok();
    repo
}

fn skip(repo: &Repo, message: &str) {
    let _ = repo.git(&["commit", "-q", "-n", "-m", message]).ok();
}

#[test]
fn an_amend_is_judged_with_what_a_bypass_brought() {
    let repo = on_topic();
    repo.stage("evil.rs", "evil\n");
    skip(&repo, "x");
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
    let amend = repo.git(&["commit", "--amend", "-m", STANDING]);
    refused(&amend, &[BEYOND]);
}

#[test]
fn a_message_that_may_be_empty_is_judged_all_the_same() {
    let repo = on_topic();
    repo.stage("evil.rs", "evil\n");
    let head = id(&repo, "HEAD");
    let said = repo.git(&["commit", "-q", "--allow-empty-message", "-m", ""]);
    refused(&said, &["PDD001: the message names no task"]);
    assert_eq!(id(&repo, "HEAD"), head);
    let said = repo.git(&["commit", "-q", "-m", ""]);
    assert_eq!(findings(&said), [""; 0], "git says it better");
    assert_eq!(id(&repo, "HEAD"), head);
}

/// Where the arguments cannot be read the commit cannot be refused: as a new one it would be empty.
#[test]
fn an_amend_that_cannot_be_seen_is_judged_when_it_is_closed() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let _ = repo.git(&["switch", "-q", "-c", TOPIC]).ok();
        repo.stage("evil.rs", "evil\n");
        skip(&repo, "x");
        let _ = unseen(&repo, &["commit", "-q", "--amend", "-m", STANDING]).ok();
        assert_eq!(repo.class_of("HEAD"), "bypassed (amend)");
        assert_eq!(repo.codes_of("HEAD"), ["PDD004"]);
        let honest = unseen(&repo, &["commit", "-q", "--amend", "-m", HONEST]).ok();
        assert_eq!(findings(&honest), [""; 0]);
        assert_eq!(repo.class_of("HEAD"), "enforced");
    }
}

#[test]
fn a_cherry_pick_head_made_by_hand_hides_no_bypass() {
    let repo = Repo::enrolled();
    let honest = id(&repo, "HEAD");
    let mut classes = Vec::new();
    for run in [Repo::git, unseen] {
        let _ = repo.git(&["update-ref", "CHERRY_PICK_HEAD", &honest]).ok();
        repo.stage("evil.rs", &format!("evil {}\n", classes.len()));
        let _ = run(&repo, &["commit", "-q", "-n", "-m", HONEST]).ok();
        classes.push(repo.class_of("HEAD"));
    }
    assert_eq!(classes, ["bypassed (no-verify)"; 2]);
}

const OLD: &str = "if a:\n    b()\n";
const PICKED: &str = "if a:\n    b()\n    c()\n";
const INDENTED_ANEW: &str = "if a:\n    b()\nc()\n";

/// A branch with `app.py`, a commit on another one that adds a line to it, and `HEAD` on a third.
fn before_pick() -> (Repo, String) {
    let repo = Repo::enrolled();
    repo.stage("app.py", OLD);
    let _ = repo.commit(HONEST).ok();
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-other"])
        .ok();
    repo.stage("app.py", PICKED);
    let _ = repo.commit(HONEST).ok();
    let picked = id(&repo, "HEAD");
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    repo.step("between.txt");
    (repo, picked)
}

/// The patch id stays the same: it ignores white space.
#[test]
fn a_cherry_pick_indented_anew_by_hand_is_no_replay() {
    let (repo, picked) = before_pick();
    let _ = repo.git(&["cherry-pick", "--no-commit", &picked]).ok();
    let _ = repo.git(&["update-ref", "CHERRY_PICK_HEAD", &picked]).ok();
    repo.stage("app.py", INDENTED_ANEW);
    let _ = unseen(&repo, &["commit", "-q", "-n", "-C", &picked]).ok();
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
}

#[test]
fn a_cherry_pick_that_a_merge_driver_changed_is_no_replay() {
    let mut classes = Vec::new();
    for text in [PICKED, INDENTED_ANEW] {
        let (repo, picked) = before_pick();
        let driver = format!("cp '{}' %A", repo.at("../new").display());
        let _ = repo.git(&["config", "merge.own.driver", &driver]).ok();
        repo.write(".git/info/attributes", "app.py merge=own\n");
        repo.stage("app.py", &format!("# a comment\n{OLD}"));
        let _ = repo.commit(HONEST).ok();
        repo.write("../new", format!("# a comment\n{text}"));
        let _ = repo.git(&["cherry-pick", &picked]).ok();
        assert!(repo.read("app.py").ends_with(text));
        classes.push(repo.class_of("HEAD"));
    }
    assert_eq!(
        classes,
        ["replayed (cherry-pick)", "bypassed (edited cherry-pick)"]
    );
}

fn half_merged() -> Repo {
    let repo = Repo::enrolled();
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-other"])
        .ok();
    repo.step("b.txt");
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    repo.step("a.txt");
    let _ = repo
        .git(&["merge", "-q", "--no-commit", "feat/TASK-001-other"])
        .ok();
    repo.stage("evil.rs", "evil\n");
    repo
}

#[test]
fn what_a_merge_carries_beside_the_automatic_one_is_judged() {
    let repo = half_merged();
    let said = repo.commit("Merge branch 'feat/TASK-001-other'");
    refused(
        &said,
        &["PDD001: the merge changes 1 path by hand and names no task"],
    );
    skip(&repo, "Merge branch 'feat/TASK-001-other'");
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
    assert_eq!(repo.codes_of("HEAD"), ["PDD001"]);
}

#[test]
fn a_merge_that_names_the_task_of_what_it_carries_passes() {
    let repo = half_merged();
    let _ = repo
        .commit("Merge branch 'feat/TASK-001-other' [TASK-001]")
        .ok();
    assert_eq!(repo.class_of("HEAD"), "enforced");
}

fn revert_words(repo: &Repo, of: &str) -> String {
    format!(
        "Revert \"{HONEST}\"\n\nThis reverts commit {}.",
        id(repo, of)
    )
}

#[test]
fn a_revert_by_its_words_alone_is_an_ordinary_commit() {
    let repo = Repo::enrolled();
    repo.step("a.txt");
    let words = revert_words(&repo, "HEAD");
    repo.stage("evil.rs", "evil\n");
    let said = repo.commit(&words);
    assert_eq!(codes(&said), ["PDD002"], "{}", said.text());
    let _ = repo.git(&["rm", "-q", "a.txt"]).ok();
    assert_eq!(codes(&repo.commit(&words)), ["PDD002"], "with evil in it");
    let _ = repo.git(&["rm", "-q", "-f", "evil.rs"]).ok();
    let _ = repo.commit(&words).ok();
    assert_eq!(repo.class_of("HEAD"), "enforced");
}

/// Git runs no hook that could refuse it; the ledger knows it as a replay, and the audit says what is wrong with it.
#[test]
fn a_revert_that_takes_back_a_declaration_is_an_ordinary_commit() {
    let repo = Repo::enrolled();
    repo.declare("QA");
    repo.step("a.txt");
    let _ = repo.git(&["revert", "--no-edit", "HEAD"]).ok();
    assert_eq!(repo.class_of("HEAD"), "replayed (revert)");
    assert_eq!(repo.codes_of("HEAD"), ["PDD002", "PDD002", "PDD005"]);
}

fn codes(output: &Output) -> Vec<String> {
    let code = |finding: String| finding[..6].to_owned();
    let mut codes: Vec<String> = findings(output).into_iter().map(code).collect();
    codes.dedup();
    codes
}

#[test]
fn the_receipt_of_a_commit_that_was_given_up_is_worth_nothing() {
    for (run, class) in [
        (
            Repo::git as fn(&Repo, &[&str]) -> Output,
            "bypassed (no-verify)",
        ),
        (unseen, "bypassed (stale receipt)"),
    ] {
        let repo = Repo::enrolled();
        repo.stage("a.txt", "a\n");
        // The message is judged and good; git gives up after that, at its own reference.
        repo.write(".git/refs/heads/feat/TASK-001-steps.lock", "");
        assert_ne!(run(&repo, &["commit", "-q", "-m", HONEST]).code(), 0);
        std::fs::remove_file(repo.at(".git/refs/heads/feat/TASK-001-steps.lock")).unwrap();
        let _ = run(&repo, &["commit", "-q", "-n", "-m", HONEST]).ok();
        assert_eq!(repo.class_of("HEAD"), class);
    }
}

#[test]
fn replaying_a_bypassed_commit_launders_nothing() {
    let repo = on_topic();
    repo.stage("evil.rs", "evil\n");
    skip(&repo, "evil");
    let _ = repo.git(&["switch", "-q", "-c", "topic-2", "HEAD~1"]).ok();
    let _ = repo.git(&["cherry-pick", TOPIC]).ok();
    assert_eq!(
        repo.class_of("HEAD"),
        "bypassed (cherry-pick of a bypassed commit)"
    );
    let _ = repo.git(&["switch", "-q", "-c", "topic-3", "HEAD~1"]).ok();
    let _ = repo.git(&["cherry-pick", "topic-2"]).ok();
    assert_eq!(
        repo.class_of("HEAD"),
        "bypassed (cherry-pick of a bypassed commit)",
        "twice"
    );
    repo.step("b.txt");
    let _ = repo.git(&["rebase", "-q", "--force-rebase", WORK]).ok();
    assert_eq!(
        repo.class_of("HEAD~1"),
        "bypassed (rebase of a bypassed commit)"
    );
    assert_eq!(repo.codes_of("HEAD~1"), ["PDD001", "PDD002"]);
}

#[test]
fn a_standing_task_rewrites_no_log_of_another() {
    let repo = on_topic();
    repo.stage("context/personalog/TASK-001.md", "# Personas of TASK-001\n");
    refused(
        &repo.commit(STANDING),
        &["PDD005: the entry `[PERSONA: PM] - [TASK-001] - next step` is removed"],
    );
    repo.stage("README.md", "words\n");
    let _ = repo.git(&["restore", "-SW", "context"]).ok();
    let _ = repo.commit(STANDING).ok();
    assert_eq!(repo.class_of("HEAD"), "enforced");
}

#[test]
fn the_revert_of_a_commit_made_up_for_it_is_an_ordinary_change() {
    let repo = Repo::enrolled();
    let branch = ["switch", "-q", "-c", "feat/TASK-002-evil"];
    let _ = repo.git(&branch).ok();
    repo.stage("evil.rs", "evil\n");
    let with = repo.ask(&["write-tree"]);
    let parent = repo.ask(&["commit-tree", "-p", "HEAD", "-m", "x", &with]);
    let subject = "feat: search [TASK-002]";
    let made_up = repo.ask(&["commit-tree", "-p", &parent, "-m", subject, "HEAD^{tree}"]);
    let message = format!("Revert \"{subject}\"\n\nThis reverts commit {made_up}.");
    let said = repo.git(&["commit", "-q", "-m", &message]);
    let expected = [
        "PDD002: the subject does not begin with a type and a colon",
        "PDD002: `[TASK-002]` does not end the subject",
        "PDD004: no persona is declared for `TASK-002`",
    ];
    refused(&said, &expected);
}
