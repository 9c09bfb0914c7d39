//! What is signed: the move from the branch's tip to the tree that the landing will have.

use serde_json::json;

use super::Scene;
use crate::enrolled::{HONEST, WORK};
use crate::keys::SIGNERS;

#[test]
fn a_fast_forward_is_approved_as_it_stands_and_openssh_agrees() {
    let scene = Scene::new();
    let name = scene.approved(&["--reason", "looked at it"]);
    let record = scene.record(&name);
    let ask = |revision: &str| scene.repo.ask(&["rev-parse", revision]);
    let said = record.predicate();
    let nonce = said["nonce"].as_str().unwrap();
    assert_eq!(nonce.len(), 32);
    assert_eq!(
        said,
        json!({
            "tool": concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")),
            "time": said["time"],
            "decision": "approve",
            "repository": "ours",
            "ref": "refs/heads/main",
            "from": ask("main"),
            "head": ask(WORK),
            "to": ask(&format!("{WORK}^{{tree}}")),
            "policy": ask("main:.pdd.toml"),
            "bootstrap": false,
            "policyFiles": null,
            "waivers": [],
            "over": [],
            "withdraws": [],
            "expires": null,
            "reason": "looked at it",
            "nonce": nonce,
        })
    );
    assert_eq!(
        record.subject(),
        json!([{ "digest": { "gitTree": ask(&format!("{WORK}^{{tree}}")), "gitCommit": ask(WORK) } }])
    );
    let signers = scene.repo.at(SIGNERS);
    let verified = record.verified(&scene.repo, &signers, "ann@example.org");
    assert!(
        verified
            .ok()
            .stdout
            .starts_with("Good \"approval@pdd-hooks\" signature")
    );
}

#[test]
fn a_merge_is_approved_with_the_tree_that_git_then_gives_it() {
    for args in [&[][..], &["--object-format=sha256"]] {
        let scene = Scene::init(args);
        let repo = &scene.repo;
        repo.stage("app.txt", "base\nours\n");
        let _ = repo.commit(HONEST).ok();
        scene.move_main("other.txt", "theirs\n");
        let from = repo.ask(&["rev-parse", "main"]);
        let record = scene.record(&scene.approved(&[]));
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        let _ = repo.git(&["merge", "-q", "--no-edit", WORK]).ok();
        let tree = repo.ask(&["rev-parse", "main^{tree}"]);
        let said = record.predicate();
        assert_eq!((&said["to"], &said["from"]), (&json!(tree), &json!(from)));
        assert_eq!(record.subject(), json!([{ "digest": { "gitTree": tree } }]));
    }
}

#[test]
fn lines_of_both_sides_in_one_file_are_merged_as_git_merges_them() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let text = |first: &str, last: &str| format!("{first}\n2\n3\n4\n5\n6\n7\n8\n{last}\n");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    repo.stage("lines.txt", &text("1", "9"));
    let _ = repo.commit(HONEST).ok();
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    let _ = repo.git(&["merge", "-q", "--no-edit", "main"]).ok();
    repo.stage("lines.txt", &text("one", "9"));
    let _ = repo.commit(HONEST).ok();
    scene.move_main("lines.txt", &text("1", "nine"));
    let said = scene.record(&scene.approved(&[])).predicate();
    let to = said["to"].as_str().unwrap();
    // The tree is here, whole, before anything is merged.
    assert_eq!(
        repo.ask(&["show", &format!("{to}:lines.txt")]),
        text("one", "nine").trim()
    );
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo.git(&["merge", "-q", "--no-edit", WORK]).ok();
    assert_eq!(repo.ask(&["rev-parse", "main^{tree}"]), to);
}

#[test]
fn a_merge_that_conflicts_cannot_be_approved() {
    let scene = Scene::new();
    scene.repo.stage("app.txt", "ours\n");
    let _ = scene.repo.commit(HONEST).ok();
    scene.move_main("app.txt", "theirs\n");
    assert_eq!(
        scene.approve(&[]).text(),
        "exit: 2
--- stdout
--- stderr
error: merging `feat/TASK-001-steps` into `main` conflicts in `app.txt`
  = help: on the work branch: `git merge main`, settle them there, and approve what comes of it
"
    );
    assert_eq!(scene.words(), 0);
}

#[test]
fn the_tip_that_contains_the_others_is_where_the_branch_moves_from() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let ahead = repo.ask(&["commit-tree", "-p", "main", "-m", HONEST, "main^{tree}"]);
    let _ = repo
        .git(&["update-ref", "refs/remotes/origin/main", &ahead])
        .ok();
    let output = scene.approve(&[]).ok();
    assert!(
        output
            .stdout
            .contains("  git switch main && git pull && git merge feat/TASK-001-steps\n"),
        "{}",
        output.stdout
    );
    assert!(
        output.stdout.contains(&format!("from        {ahead}\n")),
        "{}",
        output.stdout
    );
}

#[test]
fn a_branch_that_has_diverged_is_brought_together_first() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let other = repo.ask(&["commit-tree", "-p", "main", "-m", HONEST, "main^{tree}"]);
    let _ = repo
        .git(&["update-ref", "refs/remotes/origin/main", &other])
        .ok();
    scene.move_main("other.txt", "theirs\n");
    assert_eq!(
        scene.approve(&[]).text(),
        "exit: 2
--- stdout
--- stderr
error: `refs/heads/main`, `refs/remotes/origin/main` have diverged
  = help: bring them together first: `git switch main && git pull`, or put a local branch that never landed out of the way
"
    );
}

#[test]
fn only_what_a_protected_branch_lacks_can_be_approved() {
    let scene = Scene::new();
    let said = |args: &[&str]| scene.repo.pdd(args).text();
    assert_eq!(
        said(&["approve", "main", "--into", WORK]),
        "exit: 2
--- stdout
--- stderr
error: `feat/TASK-001-steps` is no protected branch: nothing on it waits for approval
  = help: protected: `main`
"
    );
    assert_eq!(
        said(&["approve", "main", "--into", "refs/heads/main"]),
        "exit: 2
--- stdout
--- stderr
error: `main` contains `main` already: nothing lands
  = help: git log shows how it came there
"
    );
    assert_eq!(
        said(&["approve", "nowhere", "--into", "main"]),
        "exit: 2\n--- stdout\n--- stderr\nerror: `nowhere` names no commit\n"
    );
    assert_eq!(
        said(&["approve", WORK, "--into", "nowhere"]),
        "exit: 2
--- stdout
--- stderr
error: no branch is called `nowhere`
  = help: git fetch; `git branch --all` lists what there is
"
    );
}
