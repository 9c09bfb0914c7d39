//! The integration branch.

use super::{id, refused};
use crate::enrolled::{HONEST, WORK};
use crate::support::{Repo, gits};

const NEITHER: &str = "PDD007: `dev` takes merges and workflow documents alone, and commit <id> (`feat(app): one step [TASK-001]`) is neither";

fn with_dev(git: &std::path::Path) -> Repo {
    let repo = Repo::init_with(git, &[]).enroll();
    repo.step("a.txt");
    let _ = repo.git(&["switch", "-q", "-c", "dev", "main"]).ok();
    repo
}

#[test]
fn the_integration_branch_takes_a_work_branch_by_a_merge_alone() {
    for git in gits() {
        let repo = with_dev(&git);
        let dev = id(&repo, "dev");
        for args in [
            &["merge", "-q", WORK][..],
            &["merge", "-q", "--no-commit", WORK],
            &["pull", "-q", ".", WORK],
        ] {
            let said = repo.git(args);
            refused(&said, &[NEITHER]);
            let help = "merge the work branch with `git merge --no-ff`";
            assert!(said.stderr.contains(help), "{}", said.text());
            assert_eq!(repo.ask(&["status", "--porcelain"]), "", "{args:?}");
        }
        assert_eq!(id(&repo, "dev"), dev);
        let _ = repo.git(&["merge", "-q", "--no-ff", WORK]).ok();
        assert_eq!(repo.class_of("dev"), "merge");
        let _ = repo.git(&["switch", "-q", WORK]).ok();
        repo.step("b.txt");
        refused(&repo.git(&["branch", "-f", "dev", WORK]), &[NEITHER]);
    }
}

#[test]
fn a_direct_commit_on_the_integration_branch_is_refused_even_without_the_hooks_of_a_commit() {
    for git in gits() {
        let repo = with_dev(&git);
        repo.stage("b.txt", "b\n");
        refused(
            &repo.commit(HONEST),
            &[
                "PDD004: no persona is declared for `TASK-001`",
                "PDD007: a direct commit of `b.txt` on `dev`, which takes merges and workflow documents alone",
            ],
        );
        let said = repo.git(&["commit", "-q", "-n", "-m", HONEST]);
        refused(&said, &[NEITHER]);
        assert_eq!(id(&repo, "dev"), id(&repo, "main"));
        let _ = repo.git(&["restore", "--staged", "b.txt"]).ok();
        repo.declare("PM");
        let _ = repo.commit("docs(log): plan [TASK-001]").ok();
        assert_eq!(repo.class_of("dev"), "enforced", "a record alone");
    }
}

#[test]
fn an_integration_branch_begins_on_the_protected_one() {
    let repo = Repo::enrolled();
    repo.step("a.txt");
    refused(&repo.git(&["branch", "dev", WORK]), &[NEITHER]);
    let _ = repo.git(&["branch", "dev", "main"]).ok();
}
