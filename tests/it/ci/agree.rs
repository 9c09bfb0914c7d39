//! One landing, one verdict: by reference-transaction, pre-push, pre-receive and `check`.

use super::{NOBODY, Scene, findings};
use crate::enrolled::WORK;
use crate::support::{Output, Repo, pdd_hooks};

/// Has the server judge what it receives.
fn judged_by_server(repo: &Repo) {
    let hook = repo.root().join("server.git/hooks/pre-receive");
    std::fs::copy(pdd_hooks().with_file_name("pdd-pre-receive"), hook).unwrap();
}

/// What one rule finds in what a program said.
fn of(code: &str, output: &Output) -> Vec<String> {
    assert_eq!(output.code(), 1, "{}", output.text());
    let mut found = findings(&format!("{}{}", output.stdout, output.stderr));
    found.retain(|one| one.starts_with(code));
    found
}

#[track_caller]
fn everywhere(repo: &Repo, code: &str, expected: &[&str]) {
    let push = ["push", "-q", "origin", "HEAD:main"];
    assert_eq!(of(code, &repo.git(&push)), expected, "pre-push");
    let _ = repo.git(&["push", "-q", "--no-verify", "origin", "refs/pdd/evidence"]);
    let past = ["push", "-q", "--no-verify", "origin", "HEAD:main"];
    assert_eq!(of(code, &repo.git(&past)), expected, "pre-receive");
    let check = ["check", "--into", "main", "main..HEAD"];
    assert_eq!(of(code, &repo.pdd(&check)), expected, "check");
    let again = [&check[..], &["--recompute"]].concat();
    assert_eq!(of(code, &repo.pdd(&again)), expected, "check --recompute");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let merge = repo.git(&["merge", "-q", "--ff-only", WORK]);
    let mut found = findings(&merge.stderr);
    found.retain(|one| one.starts_with(code));
    assert_ne!(merge.code(), 0, "{}", merge.text());
    // The commits were judged when they were made; this moment judges where the branch goes.
    let mut moved = expected.to_vec();
    moved.retain(|one| one.contains("`main`"));
    assert_eq!(found, moved, "reference-transaction");
}

#[test]
fn a_landing_that_nobody_approved_is_refused_in_the_same_words_everywhere() {
    let scene = Scene::new();
    judged_by_server(&scene.repo);
    scene.repo.validated_step("one");
    everywhere(&scene.repo, "PDD010", &[NOBODY]);
}

#[test]
fn a_policy_without_a_higher_number_is_refused_in_the_same_words_everywhere() {
    let scene = Scene::new();
    let repo = &scene.repo;
    judged_by_server(repo);
    let text = repo.read(".pdd.toml").replace("\"off\"", "\"warn\"");
    repo.stage(".pdd.toml", &text);
    let message = "chore(pdd): warn [TASK-001]";
    let _ = repo.git(&["commit", "-q", "-n", "-m", message]).ok();
    let check = repo.pdd(&["check", "--into", "main", "main..HEAD"]);
    let expected = of("PDD011", &check);
    assert!(!expected.is_empty(), "{}", check.text());
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    everywhere(repo, "PDD011", &expected);
}
