//! Two worktrees at once.

use crate::enrolled::HONEST;
use crate::support::Repo;

#[test]
fn two_worktrees_that_commit_at_once_lose_no_line() {
    const EACH: usize = 12;
    let repo = Repo::enrolled();
    let branches = ["feat/TASK-001-left", "feat/TASK-001-right"];
    let folders = ["../left", "../right"].map(|path| repo.at(path));
    for (branch, folder) in branches.iter().zip(&folders) {
        let _ = repo
            .git(&[
                "worktree",
                "add",
                "-q",
                folder.to_str().unwrap(),
                "-b",
                branch,
            ])
            .ok();
    }
    std::thread::scope(|scope| {
        for folder in &folders {
            scope.spawn(|| {
                for _ in 0..EACH {
                    // Equal commits of one second would be one commit.
                    let name = folder.file_name().unwrap().to_str().unwrap();
                    let message = format!("feat({name}): one step [TASK-001]");
                    let args = ["commit", "-q", "--allow-empty", "-m", &message];
                    let output = repo.git_in(folder, &args).ok();
                    assert_eq!(output.stderr, "");
                }
            });
        }
    });
    for branch in branches {
        let _ = repo
            .git(&["switch", "-q", "--ignore-other-worktrees", branch])
            .ok();
        assert_eq!(
            repo.ask(&["rev-list", "--count", "main..HEAD"]),
            (EACH + 1).to_string()
        );
        repo.hold_ledger();
    }
}

#[test]
fn two_commits_at_once_in_one_worktree_leave_the_one_that_git_lets_through() {
    let repo = Repo::enrolled();
    let made = std::sync::atomic::AtomicUsize::new(1);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..8 {
                    if repo
                        .git(&["commit", "-q", "--allow-empty", "-m", HONEST])
                        .code()
                        == 0
                    {
                        made.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    }
                }
            });
        }
    });
    let count = repo.ask(&["rev-list", "--count", "main..HEAD"]);
    assert_eq!(count, made.into_inner().to_string());
    let _ = repo
        .git(&["commit", "-q", "--allow-empty", "-m", HONEST])
        .ok();
    assert_eq!(repo.class_of("HEAD"), "enforced");
    let report = repo.pdd(&["audit", "main..HEAD"]).ok();
    assert!(!report.stdout.contains("warning"), "{}", report.text());
}
