//! Policies that cannot be read, and histories whose protected branch is not to be found.

use crate::enrolled::{HONEST, POLICY, WORK};
use crate::support::Repo;

/// Commits a policy on the branch that is checked out, past the hooks.
fn land(repo: &Repo, policy: &str) {
    repo.stage(".pdd.toml", policy);
    let _ = repo
        .git(&[
            "-c",
            "core.hooksPath=/dev/null",
            "commit",
            "-q",
            "-m",
            "chore: policy [MAINT-1]",
        ])
        .ok();
}

#[test]
fn a_bad_policy_in_force_stops_git_and_says_where_and_how_to_mend_it() {
    let repo = Repo::enrolled();
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    land(&repo, "policy = 1\n\n[task]\nids = 'x'\n");
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    let before = repo.head();
    repo.stage("a.txt", "a\n");
    let refused = repo.commit(HONEST);
    assert_eq!(refused.code(), 1, "{}", refused.text());
    for part in [
        "error: main:.pdd.toml:4:1",
        "`ids`",
        "  = help: ",
        "pull the mended one",
    ] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.text());
    }
    assert_eq!(repo.head(), before);
    for args in [
        &["status"][..],
        &["check", "--staged"],
        &["check", "main..HEAD"],
        &["audit"],
    ] {
        let undecided = repo.pdd(args);
        assert_eq!(undecided.code(), 2, "{args:?}: {}", undecided.text());
        assert!(
            undecided.stderr.contains("main:.pdd.toml:4:1"),
            "{}",
            undecided.text()
        );
    }
    let main = repo.ask(&["rev-parse", "main"]);
    let refused = repo.git(&["branch", "-f", "main", "HEAD"]);
    assert!(
        refused.stderr.contains("error[PDD007]"),
        "{}",
        refused.text()
    );
    assert_eq!(repo.ask(&["rev-parse", "main"]), main);

    let _ = repo.git(&["stash", "-q"]).ok();
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    land(
        &repo,
        "policy = 2\nrules.validation = 'off'\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n",
    );
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    let _ = repo.git(&["stash", "pop", "-q", "--index"]).ok();
    let _ = repo.commit(HONEST).ok();
    assert_eq!(repo.class_of("HEAD"), "enforced");
}

#[test]
fn a_pull_brings_the_mended_policy() {
    let repo = Repo::bare_folder();
    let _ = repo
        .git_in(
            repo.root(),
            &["init", "-q", "--bare", "-b", "main", "origin.git"],
        )
        .ok();
    let _ = repo.git(&["init", "-q", "-b", "main"]).ok();
    repo.adopt();
    let _ = repo.pdd(&["install"]).ok();
    land(&repo, "policy = \"one\"\n");
    let origin = repo.at("../origin.git");
    let origin = origin.to_str().unwrap();
    let _ = repo.git(&["remote", "add", "origin", origin]).ok();
    let _ = repo
        .git(&["push", "-q", "-u", "--no-verify", "origin", "main"])
        .ok();
    let _ = repo
        .git_in(repo.root(), &["clone", "-q", origin, "other"])
        .ok();

    let other = repo.at("../other");
    repo.write("../other/.pdd.toml", "policy = 2\n");
    let _ = repo
        .git_in(&other, &["commit", "-q", "-am", "chore: mend [MAINT-1]"])
        .ok();
    let _ = repo.git_in(&other, &["push", "-q"]).ok();

    assert_eq!(repo.pdd(&["status"]).code(), 2);
    let _ = repo.git(&["pull", "-q", "--ff-only"]).ok();
    let _ = repo.pdd(&["status"]).ok();
    repo.begin(WORK);
    assert_eq!(repo.class_of("HEAD"), "enforced");
}

#[test]
fn a_history_with_a_policy_but_without_a_protected_branch_asks_for_its_name() {
    let repo = Repo::init(&["-b", "trunk"]);
    repo.write("app.txt", "base\n");
    repo.write(".pdd.toml", POLICY);
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let _ = repo.pdd(&["install"]).ok();
    let _ = repo.git(&["config", "--unset-all", "pdd.protected"]);
    let _ = repo.git(&["switch", "-q", "-c", WORK]).ok();
    let before = repo.head();
    repo.stage("a.txt", "a\n");
    let refused = repo.commit(HONEST);
    assert_eq!(refused.code(), 1, "{}", refused.text());
    let expected = "error: this history holds a policy, but none of the branches main, master exists, so no policy is in force\n  \
                    = help: name the branch: `--into <branch>` for `check` and `audit`; for the hooks `git config --add pdd.protected <branch>`\n";
    assert!(refused.stderr.starts_with(expected), "{}", refused.text());
    assert_eq!(repo.head(), before);
    for args in [&["status"][..], &["check"], &["audit"]] {
        let undecided = repo.pdd(args);
        assert_eq!(
            undecided.text(),
            format!("exit: 2\n--- stdout\n--- stderr\n{expected}"),
            "{args:?}"
        );
    }
    assert_eq!(repo.pdd(&["check", "HEAD", "--into", "trunk"]).code(), 0);
    let _ = repo.pdd(&["audit", "--into", "trunk"]).ok();
    let _ = repo
        .git(&["config", "--add", "pdd.protected", "trunk"])
        .ok();
    repo.declare("PM");
    let _ = repo.commit(HONEST).ok();
    assert_eq!(repo.class_of("HEAD"), "enforced");
    let refused = repo.git(&["update-ref", "refs/heads/trunk", "HEAD"]);
    assert!(
        refused.stderr.contains("error[PDD010]"),
        "{}",
        refused.text()
    );
}

#[test]
fn a_push_of_a_revision_with_blanks_is_judged() {
    let repo = Repo::enrolled();
    let _ = repo
        .git_in(repo.root(), &["init", "-q", "--bare", "origin.git"])
        .ok();
    let _ = repo.git(&["remote", "add", "origin", "../origin.git"]).ok();
    repo.stage("a.txt", "a\n");
    let _ = repo
        .git(&["commit", "-q", "-n", "-m", "no task at all"])
        .ok();
    let refused = repo.git(&[
        "push",
        "-q",
        "origin",
        "HEAD^{/no task}:refs/heads/feat/TASK-001-x",
    ]);
    assert_eq!(refused.code(), 1, "{}", refused.text());
    assert!(
        refused.stderr.contains("error[PDD001]"),
        "{}",
        refused.text()
    );
}
