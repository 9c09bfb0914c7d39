//! The fixture itself: hermetic, and run by the git that was chosen.

use std::process::Command;

use crate::support::{Repo, gits};

#[test]
fn a_new_repository_knows_no_user_and_no_date_but_the_fixed_ones() {
    let repo = Repo::new();
    repo.write("a file.txt", "one\n");
    repo.commit_all("first");
    let log = repo
        .git(&["log", "-1", "--format=%an %ae %ad %cn %s", "--date=iso"])
        .ok();
    assert_eq!(
        log.text(),
        "exit: 0\n--- stdout\nAnn Example ann@example.org 2026-01-15 10:00:00 +0100 Ann Example first\n--- stderr\n"
    );
    let top = repo.git(&["rev-parse", "--show-toplevel"]).ok();
    assert_eq!(top.text(), "exit: 0\n--- stdout\n$REPO\n--- stderr\n");
    let stranger = repo.git(&["no-such-command"]);
    assert_eq!(stranger.code(), 1);
}

#[test]
fn each_git_of_the_machine_is_used_when_it_is_chosen() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]);
        let expected = Command::new(git.join("git"))
            .arg("--version")
            .output()
            .unwrap();
        assert_eq!(
            repo.ask(&["--version"]),
            String::from_utf8(expected.stdout).unwrap().trim_end()
        );
    }
}
