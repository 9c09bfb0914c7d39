//! Hooks that are killed with SIGKILL in mid-run.

use std::time::{Duration, Instant};

use crate::enrolled::HONEST;
use crate::support::Repo;

const HOOKS: [&str; 5] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "reference-transaction",
];

/// Kills the process that runs the kept hook, which is the installed one, once.
fn kill_once(repo: &Repo, hook: &str) {
    let flag = repo.root().join("kill");
    std::fs::write(&flag, "").unwrap();
    let flag = flag.to_str().unwrap();
    repo.keep_hook(
        hook,
        &format!("#!/bin/sh\n[ -e {flag} ] || exit 0\nrm {flag}\nkill -9 $PPID\nsleep 1\n"),
    );
}

#[test]
fn a_killed_hook_stops_its_commit_and_the_next_one_works() {
    for hook in [
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "reference-transaction",
    ] {
        let repo = Repo::enrolled_with(&HOOKS);
        let before = repo.head();
        repo.stage("a.txt", "a\n");
        kill_once(&repo, hook);
        let killed = repo.commit(HONEST);
        assert_ne!(killed.code(), 0, "{hook}: {}", killed.text());
        assert!(!repo.root().join("kill").exists(), "{hook} was not killed");
        assert_eq!(repo.head(), before, "{hook}");
        assert_eq!(
            repo.ask(&["diff", "--cached", "--name-only"]),
            "a.txt",
            "{hook}"
        );
        assert_eq!(
            repo.read(".git/COMMIT_EDITMSG").lines().next(),
            Some(HONEST),
            "{hook}"
        );
        let _ = repo.commit(HONEST).ok();
        assert_eq!(repo.class_of("HEAD"), "enforced", "{hook}");
        repo.hold_ledger();
    }
}

#[test]
fn a_commit_whose_post_commit_was_killed_is_closed_by_the_next_attempt() {
    for next in [
        &["commit", "-q", "--allow-empty", "-m", HONEST][..],
        &["commit", "-q", "--allow-empty", "-n", "-m", HONEST],
        &[
            "commit",
            "-q",
            "--amend",
            "-m",
            "feat(app): another step [TASK-001]",
        ],
    ] {
        let repo = Repo::enrolled_with(&HOOKS);
        repo.stage("a.txt", "a\n");
        kill_once(&repo, "post-commit");
        let _ = repo.commit(HONEST).ok();
        let killed = repo.head();
        assert!(repo.ledger_of(&killed).is_null());
        let _ = repo.git(next).ok();
        assert_eq!(
            repo.class_of(&killed),
            "enforced (closed by the next attempt)"
        );
        let class = repo.class_of("HEAD");
        let expected = if next.contains(&"-n") {
            "bypassed (no-verify)"
        } else {
            "enforced"
        };
        assert_eq!(class, expected, "{next:?}");
    }
}

#[test]
fn a_refused_commit_after_a_kill_does_not_inherit_what_passed_before() {
    let repo = Repo::enrolled_with(&HOOKS);
    repo.stage("a.txt", "a\n");
    kill_once(&repo, "reference-transaction");
    assert_ne!(repo.commit(HONEST).code(), 0);
    // The attempt of the killed commit lies there, judged; `-n` on the same tree and message is no part of it.
    let _ = repo.git(&["commit", "-q", "-n", "-m", HONEST]).ok();
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
}

/// Kills one hook process of this repository, `after` it was first seen.
fn kill_a_hook(repo: &Repo, after: Duration) -> bool {
    let end = Instant::now() + Duration::from_secs(2);
    while Instant::now() < end {
        for process in std::fs::read_dir("/proc").unwrap().flatten() {
            let path = process.path();
            let is_here =
                std::fs::read_link(path.join("cwd")).is_ok_and(|cwd| cwd == repo.folder());
            let name = std::fs::read(path.join("cmdline")).unwrap_or_default();
            let program =
                String::from_utf8_lossy(name.split(|&b| b == 0).next().unwrap_or(&[])).into_owned();
            if is_here && (program.contains("hooks/") || program.contains("pdd/pdd-hooks")) {
                std::thread::sleep(after);
                let pid = process.file_name();
                let _ = repo.run(
                    repo.command("/bin/kill", repo.folder()).arg("-9").arg(pid),
                    b"",
                );
                return true;
            }
        }
    }
    false
}

#[test]
fn hooks_killed_at_any_moment_lose_nothing() {
    let repo = Repo::enrolled();
    let mut seen = 0;
    for round in 0..24 {
        let path = format!("{round}.txt");
        repo.stage(&path, "x\n");
        std::thread::scope(|scope| {
            let repo = &repo;
            let killer = scope.spawn(move || kill_a_hook(repo, Duration::from_millis(round)));
            let _ = repo.commit(HONEST);
            seen += u32::from(killer.join().unwrap());
        });
        let _ = repo
            .git(&["commit", "-q", "--allow-empty", "-m", HONEST])
            .ok();
        assert_eq!(repo.ask(&["status", "--porcelain"]), "", "round {round}");
        assert_eq!(repo.ask(&["ls-files", &path]), path);
    }
    assert!(seen > 6, "only {seen} hooks were seen to be killed");
    repo.hold_ledger();
}
