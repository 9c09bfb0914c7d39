//! What leads out of a refused landing or push is what the finding says.

use super::scene::{MESSAGE, findings};
use crate::enrolled::WORK;
use crate::moments::with_server;
use crate::support::{Output, Repo};

fn about_validation(output: &Output) -> Vec<String> {
    let mut found = findings(output);
    found.retain(|finding| finding.starts_with("PDD008"));
    found
}

/// Puts `main` where the work branch is, round the hooks.
fn land(repo: &Repo) {
    let _ = repo
        .git(&[
            "-c",
            "core.hooksPath=/dev/null",
            "branch",
            "-f",
            "main",
            WORK,
        ])
        .ok();
}

#[test]
fn a_tip_that_stands_on_main_already_is_validated_by_the_command_that_the_push_names() {
    let repo = Repo::checked("");
    with_server(&repo);
    repo.validated_step("one");
    repo.stage("README.md", "docs\n");
    let _ = repo.commit("docs: explain [TASK-001]").ok();
    land(&repo);
    let short = |name: &str| repo.ask(&["rev-parse", name])[..12].to_owned();
    let (from, to) = (short("origin/main"), short("main"));
    let push = repo.git(&["push", "-q", "origin", "main"]);
    assert_eq!(
        about_validation(&push),
        [format!(
            "PDD008: {to} would land without `tests` on exactly its tree"
        )]
    );
    let command = format!("pdd-hooks validate {from}..{to}");
    assert!(
        push.stderr.contains(&format!("= help: {command}\n")),
        "{}",
        push.text()
    );
    let args: Vec<&str> = command.split(' ').skip(1).collect();
    let _ = repo.pdd(&args).ok();
    let push = repo.git(&["push", "-q", "origin", "main"]);
    assert_eq!(about_validation(&push), [""; 0], "{}", push.text());
}

#[test]
fn the_first_push_of_an_adopted_main_lands_nothing() {
    let repo = Repo::checked("");
    let _ = repo.git(&["init", "-q", "--bare", "../empty.git"]).ok();
    let _ = repo.git(&["push", "-q", "../empty.git", "main"]).ok();
    let _ = repo.git(&["remote", "add", "origin", "../empty.git"]).ok();
    // What was never tested is refused all the same.
    repo.stage("app.txt", "base\nnever tested\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", MESSAGE]).ok();
    let push = repo.git(&["push", "-q", "origin", "HEAD:refs/heads/master"]);
    assert!(!about_validation(&push).is_empty(), "{}", push.text());
}

#[test]
fn what_has_landed_is_not_judged_again_on_its_way_to_a_fork() {
    let repo = Repo::checked("");
    repo.validated_step("one");
    land(&repo);
    let _ = repo
        .git(&["clone", "-q", "-b", "main", ".", "../clone"])
        .ok();
    let _ = repo.git(&["init", "-q", "--bare", "../fork.git"]).ok();
    let clone = repo.at("../clone");
    let _ = repo.pdd_in(&clone, &["install"]).ok();
    let git = |args: &[&str]| repo.git_in(&clone, args).ok();
    let _ = git(&["remote", "add", "fork", "../fork.git"]);
    let _ = git(&["switch", "-q", "-c", "docs/TASK-002-words"]);
    let _ = repo
        .pdd_in(&clone, &["persona", "PM", "TASK-002", "next step"])
        .ok();
    let _ = git(&["commit", "-q", "-m", "docs: plan [TASK-002]"]);
    let _ = git(&["push", "-q", "fork", "HEAD"]);
}
