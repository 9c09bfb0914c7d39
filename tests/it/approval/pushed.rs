//! Pushes of the protected branch, and what teammates pull.

use super::{NOBODY, Scene, findings, refused};
use crate::enrolled::WORK;
use crate::moments::with_server;
use crate::support::Repo;

/// Gives the repository an `origin` that holds `main` and has no hooks.
fn with_origin(repo: &Repo) {
    let origin = repo.root().join("origin.git");
    let path = origin.to_str().unwrap();
    let _ = repo.git(&["init", "-q", "--bare", "-b", "main", path]).ok();
    let _ = repo.git(&["remote", "add", "origin", path]).ok();
    let _ = repo
        .git(&["push", "-q", "--no-verify", "-u", "origin", "main"])
        .ok();
}

#[test]
fn a_push_to_the_protected_branch_needs_approval() {
    let scene = Scene::new();
    let repo = &scene.repo;
    with_origin(repo);
    let push = ["push", "-q", "origin", "HEAD:main"];
    refused(&repo.git(&push), &[NOBODY]);
    scene.approve(WORK);
    let said = repo.git(&push).ok();
    assert!(
        said.stderr
            .contains("pdd-hooks: main: approved by ann@example.org (software key)\n"),
        "{}",
        said.text()
    );
}

#[test]
fn two_landings_are_pushed_at_once_and_pulled_by_a_teammate() {
    let scene = Scene::new();
    let repo = &scene.repo;
    with_origin(repo);
    let _ = repo.git(&["clone", "-q", "../origin.git", "../mate"]).ok();
    let mate = repo.at("../mate");
    let _ = repo.pdd_in(&mate, &["install"]).ok();
    scene.land("feat/TASK-001-one", "one.txt");
    scene.land("feat/TASK-001-two", "two.txt");
    let said = repo.git(&["push", "-q", "origin", "main"]).ok();
    assert_eq!(findings(&said), [""; 0]);
    let _ = repo.git_in(&mate, &["pull", "-q"]).ok();
    assert_eq!(
        repo.git_in(&mate, &["rev-parse", "main"]).stdout.trim(),
        repo.ask(&["rev-parse", "main"])
    );
}

#[test]
fn a_chain_with_one_step_that_nobody_approved_is_refused() {
    let scene = Scene::new();
    let repo = &scene.repo;
    with_origin(repo);
    scene.land("feat/TASK-001-one", "one.txt");
    let _ = repo
        .git(&[
            "-c",
            "core.hooksPath=/dev/null",
            "merge",
            "-q",
            "--no-ff",
            "-m",
            "Merge it",
            WORK,
        ])
        .ok();
    scene.land("feat/TASK-001-two", "two.txt");
    let said = repo.git(&["push", "-q", "origin", "main"]);
    assert_ne!(said.code(), 0, "{}", said.text());
    assert!(
        findings(&said)[0].starts_with("PDD010: "),
        "{}",
        said.text()
    );
}

#[test]
fn a_landing_and_its_release_reach_a_server_in_one_push() {
    let scene = Scene::new();
    let repo = &scene.repo;
    with_server(repo);
    scene.approve(WORK);
    let tag = ["push", "-q", "origin", "HEAD:refs/tags/v1"];
    assert_eq!(findings(&repo.git(&tag)).len(), 1);
    let both = ["push", "-q", "origin", "HEAD:main", "HEAD:refs/tags/v1"];
    let said = repo.git(&both).ok();
    assert!(
        said.stderr
            .contains("remote: pdd-hooks: main: approved by ann@example.org (software key)"),
        "{}",
        said.text()
    );
}

#[test]
fn a_tag_of_the_remote_branch_s_name_hides_nothing_from_check() {
    let scene = Scene::new();
    let repo = &scene.repo;
    with_origin(repo);
    let check = ["check", "--into", "main", "origin/main..HEAD"];
    let before = repo.pdd(&check);
    assert_eq!(before.code(), 1, "{}", before.text());
    let _ = repo.git(&["tag", "origin/main", "HEAD"]).ok();
    let said = repo.pdd(&check);
    assert_eq!(said.code(), 1, "{}", said.text());
    assert!(said.stdout.contains("error[PDD010]"), "{}", said.text());
}
