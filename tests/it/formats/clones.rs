//! Clones that lack a part of history or of its objects.

use std::path::Path;

use super::{Place, remote};
use crate::enrolled::{HONEST, WORK};
use crate::support::gits;

/// A clone of [`remote`] with these arguments.
fn cloned(git: &Path, args: &[&str]) -> Place {
    let (repo, folder) = remote(git);
    let url = format!("file://{}", folder.display());
    let mut all = vec!["clone", "-q"];
    all.extend_from_slice(args);
    all.extend_from_slice(&[&url, "clone"]);
    let _ = repo.git_in(repo.root(), &all).ok();
    let clone = repo.at("../clone");
    Place::at(repo, clone)
}

#[test]
fn the_flow_holds_in_partial_clones() {
    for git in gits() {
        for filter in ["--filter=blob:none", "--filter=tree:0"] {
            let place = cloned(&git, &[filter]);
            let missing = place.git(&["rev-list", "--objects", "--all", "--missing=print"]);
            assert!(
                missing.lines().any(|line| line.starts_with('?')),
                "{missing}"
            );
            place.hold(filter);
            place.pdd(&["audit", "--all"]);
        }
    }
}

#[test]
fn merges_and_picks_are_told_in_partial_clones() {
    for git in gits() {
        for filter in ["--filter=blob:none", "--filter=tree:0"] {
            let (repo, folder) = remote(&git);
            let there = Place::at(repo, folder.clone());
            there.git(&["switch", "-q", "-c", "side"]);
            for path in ["deep/er/side.txt", "app.txt"] {
                there.stage(path, "base\nside\n");
                there.git(&["commit", "-q", "-m", HONEST]);
            }
            let url = format!("file://{}", folder.display());
            let root = there.repo.root().to_owned();
            let args = ["clone", "-q", "-b", "main", filter, &url, "clone"];
            let _ = there.repo.git_in(&root, &args).ok();
            let place = Place::at(there.repo, root.join("clone"));
            place.pdd(&["install"]);
            place.git(&["switch", "-q", "-c", WORK]);
            place.pdd(&["persona", "PM", "TASK-001", "next step"]);
            place.git(&["commit", "-q", "-m", HONEST]);
            place.git(&["branch", "other"]);
            place.git(&["merge", "-q", "--no-ff", "--no-edit", "origin/side"]);
            assert_eq!(place.audit("HEAD").0, "merge", "{filter}");
            place.git(&["switch", "-q", "other"]);
            place.git(&["cherry-pick", "origin/side"]);
            assert_eq!(place.audit("HEAD").0, "replayed", "{filter}");
        }
    }
}

#[test]
fn a_shallow_clone_enforces_and_its_audit_says_what_it_cannot_see() {
    for git in gits() {
        let place = cloned(&git, &["--depth=1"]);
        place.pdd(&["install"]);
        place.git(&["switch", "-q", "-c", WORK]);
        place.stage("a.txt", "a\n");
        let refused = place.try_git(&["commit", "-q", "-m", HONEST]);
        assert!(
            refused.stderr.starts_with("error[PDD004]"),
            "{}",
            refused.text()
        );
        place.pdd(&["persona", "PM", "TASK-001", "next step"]);
        place.git(&["commit", "-q", "-m", HONEST]);
        place.stage("b.txt", "b\n");
        place.git(&["commit", "-q", "--amend", "-m", HONEST]);
        place.hold_main_protected("shallow");
        let check = place.try_pdd(&["check", "HEAD"]);
        assert_eq!(check.code(), 0, "{}", check.text());
        place.pdd(&["status"]);

        // The adoption may lie beyond the edge: nobody can say what stands before it.
        for args in [&["audit"][..], &["audit", "HEAD"], &["audit", "--all"]] {
            let audit = place.try_pdd(args);
            assert_eq!(audit.code(), 2, "{args:?}: {}", audit.text());
            assert!(
                audit.stderr.contains("this clone is shallow"),
                "{}",
                audit.text()
            );
            assert!(
                audit
                    .stderr
                    .contains("= help: `git fetch --unshallow`; in CI "),
                "{}",
                audit.text()
            );
        }
        place.git(&["fetch", "-q", "--unshallow"]);
        assert_eq!(place.audit("HEAD").0, "enforced");
        assert_eq!(place.audit("HEAD~1").0, "foreign");
        let (class, _, codes) = place.audit("HEAD~3");
        assert_eq!((class.as_str(), codes.len()), ("pre-adoption", 0));
    }
}

#[test]
fn a_shallow_clone_down_to_the_adoption_is_audited() {
    for git in gits() {
        let place = cloned(&git, &["--depth=3"]);
        place.pdd(&["install"]);
        place.git(&["switch", "-q", "-c", WORK]);
        place.pdd(&["persona", "PM", "TASK-001", "next step"]);
        place.git(&["commit", "-q", "-m", HONEST]);
        assert_eq!(place.audit("HEAD").0, "enforced");
        assert_eq!(place.audit("HEAD~2").0, "adoption");
    }
}
