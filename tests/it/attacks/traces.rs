//! What was got round without a refusal, and must be told truly afterwards.

use super::{id, refused};
use crate::enrolled::{HONEST, POLICY, WORK};
use crate::support::{Repo, gits};

const MOVED: &str = "PDD010: `main` may not take <id>: nobody is listed who could approve it";
const REWOUND: &str = "PDD007: `main` would move to <id>, which does not descend from it";

/// An enrolled repository whose `origin` holds `main` as it was adopted.
fn with_origin(git: &std::path::Path) -> Repo {
    let repo = Repo::init_with(git, &[]).enroll();
    let _ = repo.git(&["init", "-q", "--bare", "../origin.git"]).ok();
    let _ = repo.git(&["remote", "add", "origin", "../origin.git"]).ok();
    let _ = repo.git(&["push", "-q", "origin", "main"]).ok();
    repo
}

#[test]
fn a_fetch_from_the_repository_itself_is_no_pull() {
    for git in gits() {
        let repo = with_origin(&git);
        let own = repo.folder().to_str().unwrap().to_owned();
        for place in [".", &own] {
            let refspec = "+HEAD:refs/remotes/origin/main";
            let _ = repo.git(&["fetch", "-q", place, refspec]).ok();
            let said = repo.git(&["branch", "-f", "main", "origin/main"]);
            refused(&said, &[MOVED]);
        }
        let audit = repo.pdd(&["audit"]).ok().stdout;
        assert!(
            audit.contains("warning: `refs/remotes/origin/main` was moved by hand, to "),
            "{audit}"
        );
    }
}

#[test]
fn a_protected_branch_s_remote_that_was_moved_by_hand_excuses_no_commit() {
    for git in gits() {
        let repo = with_origin(&git);
        let _ = repo.git(&["switch", "-q", "-c", "dev"]).ok();
        repo.stage("evil.txt", "evil\n");
        let off = ["-c", "core.hooksPath=/dev/null"];
        let commit = ["commit", "-q", "-m", HONEST];
        let _ = repo.git(&[&off[..], &commit].concat()).ok();
        assert_eq!(repo.codes_of("HEAD"), ["PDD007"]);
        let _ = repo
            .git(&["update-ref", "refs/remotes/origin/main", "HEAD"])
            .ok();
        assert_eq!(repo.codes_of("HEAD"), ["PDD007"]);
    }
}

#[test]
fn a_replay_of_what_was_made_with_hooks_off_stays_bypassed() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        repo.stage("evil.txt", "evil\n");
        let off = ["-c", "core.hooksPath=/dev/null"];
        let _ = repo
            .git(&[&off[..], &["commit", "-q", "-m", HONEST]].concat())
            .ok();
        assert_eq!(repo.class_of("HEAD"), "bypassed (hooks off)");
        let later = [("GIT_COMMITTER_DATE", "2026-01-16T10:00:00+01:00")];
        let _ = repo
            .git_with(&later, &["rebase", "-q", "--force-rebase", "HEAD~1"])
            .ok();
        assert_eq!(
            repo.class_of("HEAD"),
            "bypassed (rebase of a bypassed commit)"
        );
    }
}

#[test]
fn the_audit_names_a_protected_branch_that_stands_where_nobody_let_it() {
    for git in gits() {
        let repo = with_origin(&git);
        let clean = repo.pdd(&["audit"]).ok().stdout;
        assert!(!clean.contains("warning"), "{clean}");
        let main = id(&repo, "main");
        let off = [
            "-c",
            "core.hooksPath=/dev/null",
            "branch",
            "-f",
            "main",
            WORK,
        ];
        let _ = repo.git(&off).ok();
        let to = &id(&repo, "main")[..12];
        let audit = repo.pdd(&["audit"]).ok().stdout;
        assert!(
            audit.starts_with(&format!(
                "warning: `refs/heads/main` stands at {to}, which `refs/remotes/origin/main` does not contain"
            )),
            "{audit}"
        );
        let _ = repo.git(&["remote", "remove", "origin"]).ok();
        let audit = repo.pdd(&["audit"]).ok().stdout;
        let seen = format!("the hooks last saw it at {}", &main[..12]);
        assert!(audit.contains(&seen), "{audit}");
    }
}

#[test]
fn the_adoption_of_an_enrolled_repository_is_no_bypass() {
    let repo = Repo::new();
    repo.write("app.txt", "base\n");
    repo.commit_all("start");
    let _ = repo.pdd(&["install"]).ok();
    repo.write(".pdd.toml", POLICY);
    let _ = repo.git(&["add", "-A"]).ok();
    let said = repo.commit("chore(pdd): adopt the workflow [MAINT-1]").ok();
    assert_eq!(said.text(), "exit: 0\n--- stdout\n--- stderr\n");
    assert!(!repo.read(".git/pdd/ledger.jsonl").contains("bypassed"));
    assert_eq!(repo.class_of("HEAD"), "adoption");
    let said = repo.git(&["branch", "-f", "work", "HEAD~1"]).ok();
    assert_eq!(said.stderr, "");
    refused(
        &repo.git(&["update-ref", "refs/heads/main", "HEAD~1"]),
        &[REWOUND],
    );
}

#[test]
fn a_policy_that_is_gone_from_main_is_missed_in_words_that_help() {
    let repo = Repo::enrolled();
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo.git(&["rm", "-q", ".pdd.toml"]).ok();
    let off = [
        "-c",
        "core.hooksPath=/dev/null",
        "commit",
        "-q",
        "-m",
        "drop",
    ];
    let _ = repo.git(&off).ok();
    let said = repo.git(&["commit", "-q", "--allow-empty", "-m", HONEST]);
    assert_eq!(said.code(), 1);
    assert!(
        said.stderr.starts_with(
            "error: commits were judged here, but none of the branches main, master holds a `.pdd.toml` any more\n  = help: bring it back: `pdd-hooks uninstall`"
        ),
        "{}",
        said.text()
    );
}

#[test]
fn a_refused_merge_into_main_is_not_told_how_to_complete_it() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        let said = repo.git(&["merge", "--no-ff", "-m", "merge: all [TASK-001]", WORK]);
        assert!(said.stderr.contains("`git merge --abort` undoes it"));
        assert!(!said.stderr.contains("keep the message"), "{}", said.text());
        let _ = repo.git(&["merge", "--abort"]).ok();
    }
}
