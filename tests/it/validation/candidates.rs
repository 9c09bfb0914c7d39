//! Where git's arguments cannot be seen, a commit may be new or an amend; what one of the two failed is not vouched for.

use super::scene::MESSAGE;
use crate::support::Repo;

#[test]
fn the_message_hook_vouches_only_for_the_parents_that_passed_the_checks() {
    let repo = Repo::checked("");
    repo.stage("app.txt", "evil\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", MESSAGE]).ok();
    let head = repo.ask(&["rev-parse", "HEAD"]);
    repo.stage("README.md", "docs\n");
    repo.write(".git/COMMIT_EDITMSG", "docs: explain [TASK-001]\n");
    // Started by no git, the hooks see no arguments.
    let hook = |name: &str, args: &[&str]| {
        let mut command = repo.command(repo.at(&format!(".git/hooks/{name}")), repo.folder());
        let _ = repo.run(command.args(args), &[]).ok();
    };
    hook("pre-commit", &[]);
    hook("prepare-commit-msg", &[".git/COMMIT_EDITMSG", "message"]);
    hook("commit-msg", &[".git/COMMIT_EDITMSG"]);
    let attempts = std::fs::read_dir(repo.at(".git/pdd/attempts")).unwrap();
    // The note of the ledger's last line stands beside the attempt.
    let mut paths = attempts.flatten().map(|entry| entry.path());
    let path = paths.find(|path| !path.ends_with("ledger.top")).unwrap();
    let attempt: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(attempt["judged"]["parents"], serde_json::json!([[head]]));
}
