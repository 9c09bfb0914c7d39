//! Git moves index and files before it asks whether a branch may move: the way back that a refusal prints is taken here,
//! and must lead back.

use super::id;
use crate::enrolled::{HONEST, WORK};
use crate::support::{Repo, gits};

const KEEPS: &str = "the way back: `git reset --merge`, which keeps what is not staged";

/// `HEAD` on `main`, an unstaged edit of `kept.txt`, and a work branch with two commits.
fn on_main(git: &std::path::Path) -> Repo {
    let repo = Repo::init_with(git, &[]);
    repo.write("kept.txt", "old\n");
    let repo = repo.enroll();
    repo.step("a.txt");
    repo.step("b.txt");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    repo.write("kept.txt", "edited\n");
    repo
}

/// Runs `args`, expects the refusal to name the way back, takes it, and expects everything as it was.
#[track_caller]
fn leads_back(args: &[&str], way: &str) {
    leads_back_from(args, way, " M kept.txt");
}

#[track_caller]
fn leads_back_from(args: &[&str], way: &str, before: &str) {
    for git in gits() {
        let repo = on_main(&git);
        if before.is_empty() {
            let _ = repo.git(&["restore", "kept.txt"]).ok();
        }
        let main = id(&repo, "main");
        let said = repo.git(args);
        assert_ne!(said.code(), 0, "{}", said.text());
        let line = format!("  = the reference was not moved; {way}\n");
        assert!(said.stderr.contains(&line), "{}", said.text());
        if let Some(command) = command(way) {
            let words: Vec<&str> = command.split(' ').skip(1).collect();
            let _ = repo.git(&words).ok();
        }
        let status = repo.git(&["status", "--porcelain"]).ok().stdout;
        assert_eq!(status.trim_end(), before, "{args:?}");
        assert_eq!(repo.ask(&["branch", "--show-current"]), "main");
        assert_eq!(id(&repo, "HEAD"), main);
        for left in [
            "MERGE_HEAD",
            "CHERRY_PICK_HEAD",
            "rebase-merge",
            "rebase-apply",
        ] {
            assert!(!repo.has(&format!(".git/{left}")), "{left}");
        }
    }
}

/// The first command in backticks.
fn command(way: &str) -> Option<&str> {
    way.split('`').nth(1)
}

#[test]
fn a_reset_leads_back() {
    leads_back(&["reset", "-q", "--keep", WORK], KEEPS);
    leads_back(&["reset", "-q", "--merge", WORK], KEEPS);
    leads_back(
        &["reset", "-q", WORK],
        "the way back: `git reset`; files are as they were",
    );
    leads_back(&["reset", "-q", "--soft", WORK], "nothing else was changed");
}

#[test]
fn a_hard_reset_leads_back_to_what_was_committed() {
    leads_back_from(
        &["reset", "-q", "--hard", WORK],
        "the way back: `git reset --merge`; what was not committed before `--hard` is gone",
        "",
    );
}

/// The fast-forward to the second of two branches that hold each other is seen only when the files have moved.
#[test]
fn a_fast_forward_that_is_refused_late_leads_back() {
    let first = format!("{WORK}~1");
    leads_back(&["merge", "-q", &first, WORK], KEEPS);
}

#[test]
fn a_fast_forward_that_is_seen_in_time_changes_nothing() {
    for git in gits() {
        for args in [
            &["merge", "-q", WORK][..],
            &["merge", "-q", "--ff-only", "--no-commit", WORK],
            &["pull", "-q", ".", WORK],
        ] {
            let repo = on_main(&git);
            let said = repo.git(args);
            assert!(
                said.stderr.contains("= nothing was changed\n"),
                "{}",
                said.text()
            );
            let status = repo.git(&["status", "--porcelain"]).ok().stdout;
            assert_eq!(status, " M kept.txt\n", "{args:?}");
        }
    }
}

#[test]
fn a_branch_made_anew_by_checkout_leads_back() {
    leads_back(&["checkout", "-q", "-B", "main", WORK], KEEPS);
    leads_back(&["switch", "-q", "-C", "main", WORK], KEEPS);
}

#[test]
fn a_merge_without_its_hooks_leads_back() {
    leads_back(
        &["merge", "-q", "--no-ff", "--no-verify", "-m", "x", WORK],
        "the way back: `git merge --abort`",
    );
}

#[test]
fn replays_lead_back() {
    leads_back(
        &["cherry-pick", WORK],
        "the way back: `git cherry-pick --abort`",
    );
    let both = format!("{WORK}~2..{WORK}");
    leads_back(
        &["cherry-pick", &both],
        "the way back: `git cherry-pick --abort`",
    );
    leads_back_from(&["revert", "--no-edit", "HEAD"], KEEPS, "");
    leads_back_from(&["revert", "--no-edit", "HEAD", "HEAD~1"], KEEPS, "");
    leads_back_from(
        &["rebase", "-q", WORK],
        "the way back: `git rebase --abort`",
        "",
    );
}

#[test]
fn mailed_patches_lead_back() {
    for git in gits() {
        let repo = on_main(&git);
        let patch = repo.git(&["format-patch", "-1", "--stdout", WORK]).ok();
        let mut am = repo.command("git", repo.folder());
        // `am --no-verify` is newer than git 2.39: here the patch itself is refused.
        let said = repo.run(am.args(["am", "-q"]), patch.stdout.as_bytes());
        assert_ne!(said.code(), 0, "{}", said.text());
        let _ = repo.git(&["am", "--abort"]).ok();
        let status = repo.git(&["status", "--porcelain"]).ok().stdout;
        assert_eq!(status, " M kept.txt\n");
    }
}

#[test]
fn a_refused_patch_is_applied_with_a_mended_message() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        repo.step("a.txt");
        let patch = repo.git(&["format-patch", "-1", "--stdout"]).ok().stdout;
        let _ = repo.git(&["reset", "-q", "--hard", "HEAD~1"]).ok();
        let patch = patch.replacen(" [TASK-001]", "", 1);
        let mut am = repo.command("git", repo.folder());
        let said = repo.run(am.args(["am", "-q"]), patch.as_bytes());
        let way = "  = the patch is kept: mend its message in \"$(git rev-parse --git-path rebase-apply/final-commit)\", then `git am --show-current-patch=diff | git apply --index && git am --continue`; `git am --abort` leaves\n";
        assert!(said.stderr.contains(way), "{}", said.text());
        let (_, way) = way.split_once("then `").unwrap();
        let (commands, _) = way.split_once('`').unwrap();
        repo.write(".git/rebase-apply/final-commit", HONEST);
        let mut shell = repo.command("sh", repo.folder());
        let _ = repo.run(shell.args(["-c", commands]), b"").ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
        assert_eq!(repo.read("a.txt"), "a.txt\n");
    }
}

#[test]
fn a_commit_leads_to_a_branch_of_its_own() {
    for git in gits() {
        let repo = on_main(&git);
        let said = repo.git(&["commit", "-q", "-n", "-am", HONEST]);
        let way = "index and files are as they were: `git switch -c <type>/<TASK-ID>-<words>` and commit there";
        assert!(said.stderr.contains(way), "{}", said.text());
        let _ = repo
            .git(&["switch", "-q", "-c", "feat/TASK-001-moved"])
            .ok();
        repo.declare("PM");
        let _ = repo.git(&["commit", "-q", "-am", HONEST]).ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
    }
}
