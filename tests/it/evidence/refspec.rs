//! What `install` adds so that a fetch brings records, and what `uninstall` takes away.

use super::{lines, open};
use crate::support::Repo;

const SPEC: &str = "+refs/pdd/evidence*:refs/pdd/remotes/origin/evidence*";
const BRANCHES: &str = "+refs/heads/*:refs/remotes/origin/*";

fn fetched(repo: &Repo, remote: &str) -> String {
    repo.ask(&["config", "--get-all", &format!("remote.{remote}.fetch")])
}

fn with_origin() -> Repo {
    let repo = Repo::new();
    repo.adopt();
    let _ = repo
        .git(&["clone", "-q", "--bare", ".", "../origin.git"])
        .ok();
    let _ = repo.git(&["remote", "add", "origin", "../origin.git"]).ok();
    repo
}

#[test]
fn an_install_adds_the_refspec_and_an_uninstall_takes_it_away() {
    let repo = with_origin();
    let before = repo.read(".git/config");
    let dry = repo.pdd(&["install", "--dry-run"]).ok();
    let line = format!("config: remote.origin.fetch = {SPEC} (local)\n");
    assert!(dry.stdout.contains(&line), "{}", dry.text());
    assert_eq!(repo.read(".git/config"), before);
    let _ = repo.pdd(&["install"]).ok();
    assert_eq!(fetched(&repo, "origin"), format!("{BRANCHES}\n{SPEC}"));
    let again = repo.pdd(&["install"]).ok();
    assert!(again.stdout.starts_with("already installed"));
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_eq!(repo.read(".git/config"), before);
}

#[test]
fn a_remote_that_comes_later_is_named_by_doctor_and_added_by_an_install() {
    let repo = with_origin();
    let _ = repo.pdd(&["install"]).ok();
    let _ = repo.git(&["remote", "add", "fork", "../origin.git"]).ok();
    let doctor = repo.pdd(&["doctor"]).ok();
    let hint =
        "evidence: `git fetch fork` does not bring its records\n  = help: pdd-hooks install\n";
    assert!(doctor.stdout.contains(hint), "{}", doctor.text());
    let _ = repo.pdd(&["install"]).ok();
    assert!(fetched(&repo, "fork").ends_with("refs/pdd/remotes/fork/evidence*"));
    let doctor = repo.pdd(&["doctor"]).ok();
    assert!(!doctor.stdout.contains("evidence:"), "{}", doctor.text());
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_eq!(fetched(&repo, "origin"), BRANCHES);
    assert_eq!(fetched(&repo, "fork"), "+refs/heads/*:refs/remotes/fork/*");
}

#[test]
fn a_remote_may_be_renamed_or_removed() {
    let repo = with_origin();
    let _ = repo.git(&["remote", "add", "gone", "../origin.git"]).ok();
    let _ = repo.pdd(&["install"]).ok();
    let _ = repo.git(&["remote", "rename", "origin", "upstream"]).ok();
    let _ = repo.git(&["remote", "remove", "gone"]).ok();
    open(repo.at("../origin.git"))
        .add_records(&lines(0..2))
        .unwrap();
    let _ = repo.git(&["fetch", "-q", "upstream"]).ok();
    assert_eq!(open(repo.folder()).list_records(None).unwrap().len(), 2);
    let told = repo.pdd(&["evidence", "push", "upstream"]).ok().stdout;
    assert_eq!(told, "pushed nothing new to upstream\n");
    let doctor = repo.pdd(&["doctor"]).ok();
    assert!(!doctor.stdout.contains("problem"), "{}", doctor.text());
    let _ = repo.pdd(&["uninstall"]).ok();
    assert_eq!(
        fetched(&repo, "upstream"),
        "+refs/heads/*:refs/remotes/upstream/*"
    );
}

#[test]
fn a_remote_without_records_is_fetched_pulled_and_pruned_as_before() {
    let repo = with_origin();
    let _ = repo.pdd(&["install"]).ok();
    for args in [
        &["fetch", "-q"][..],
        &["fetch", "-q", "--prune"],
        &["fetch", "-q", "--tags"],
        &["remote", "update"],
        &["remote", "prune", "origin"],
        &["pull", "-q", "origin", "main"],
        &["branch", "-u", "origin/main"],
        &["pull", "-q", "--ff-only"],
        &["tag", "one"],
        &["push", "-q", "origin", "one"],
        &["push", "-q", "origin", "--delete", "one"],
        &["clone", "-q", ".", "../clone"],
        &["clone", "-q", "--mirror", ".", "../mirror.git"],
    ] {
        let _ = repo.git(args).ok();
    }
}

#[test]
fn a_mirror_s_refspec_is_left_alone() {
    let repo = with_origin();
    let mirror = repo.at("../mirror.git");
    let _ = repo
        .git(&["clone", "-q", "--mirror", "../origin.git", "../mirror.git"])
        .ok();
    // A mirror with a work tree: one without takes no hooks of a clone.
    let _ = repo.git_in(&mirror, &["config", "core.bare", "false"]).ok();
    let _ = repo
        .git_in(&mirror, &["config", "core.worktree", "../tree"])
        .ok();
    std::fs::create_dir(repo.at("../tree")).unwrap();
    let _ = repo
        .run(
            repo.command(crate::support::pdd_hooks(), &repo.at("../tree"))
                .args(["install"])
                .env("GIT_DIR", &mirror),
            b"",
        )
        .ok();
    let specs = repo
        .git_in(&mirror, &["config", "--get-all", "remote.origin.fetch"])
        .ok();
    assert_eq!(specs.stdout, "+refs/*:refs/*\n");
}
