//! Pushes round what would be asked.

use super::{id, land_elsewhere, refused, with_remote};
use crate::enrolled::WORK;
use crate::support::{Repo, gits};

const REWOUND: &str = "PDD007: `main` would move to <id>, which does not descend from it";

/// What the remote has gained meanwhile is unknown here, and is no reason to take its branch for a new one.
#[test]
fn a_protected_branch_is_not_forced_over_what_is_unknown_here() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        with_remote(&repo);
        land_elsewhere(&repo, None);
        repo.step("evil.rs");
        let remote = repo.root().join("remote.git");
        let ask = |name: &str| repo.git_in(&remote, &["rev-parse", name]).ok().stdout;
        let landed = ask("main");
        for from in ["main", "HEAD"] {
            let refspec = format!("+{from}:main");
            let said = repo.git(&["push", "-q", "origin", &refspec]);
            refused(&said, &[REWOUND]);
            assert_eq!(ask("main"), landed);
        }
        let _ = repo.git(&["push", "-q", "-f", "origin", WORK]).ok();
        assert_eq!(ask(WORK).trim_end(), id(&repo, "HEAD"));
    }
}

#[test]
fn a_remote_tracking_branch_moved_by_hand_takes_nothing_from_the_eyes_of_a_push() {
    let repo = Repo::enrolled();
    with_remote(&repo);
    let topic = ["switch", "-q", "-c", "topic"];
    let _ = repo.git(&topic).ok();
    repo.stage("evil.rs", "evil\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", "feat: evil"]).ok();
    let _ = repo
        .git(&["update-ref", "refs/remotes/origin/main", "HEAD"])
        .ok();
    let said = repo.git(&["push", "-q", "origin", "topic"]);
    refused(&said, &["PDD001: the message names no task"]);
}
