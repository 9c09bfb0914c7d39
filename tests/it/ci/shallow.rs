//! Clones whose history was cut: what cannot be seen gives no verdict.

use super::{Clone, Scene};
use crate::enrolled::WORK;

const HELP: &str =
    "  = help: `git fetch --unshallow`; in CI check out all of history (`fetch-depth: 0`)\n";

/// A landing of two commits over an adoption with one commit below it.
fn published() -> Scene {
    let scene = Scene::new();
    scene.repo.validated_step("one");
    scene.approve();
    scene.publish();
    scene
}

fn cut<'s>(scene: &'s Scene, name: &str, depth: usize) -> Clone<'s> {
    let depth = format!("--depth={depth}");
    scene.clone(name, &[&depth, "--no-single-branch", "-b", WORK])
}

fn is_refused(clone: &Clone<'_>, args: &[&str]) {
    let said = clone.pdd(args);
    assert_eq!(said.code(), 2, "{args:?}: {}", said.text());
    assert!(
        said.stderr.contains("this clone is shallow"),
        "{}",
        said.text()
    );
    assert!(said.stderr.ends_with(HELP), "{}", said.text());
    assert_eq!(said.stdout, "", "{args:?}");
}

#[test]
fn a_shallow_clone_gives_no_verdict_however_deep_it_is() {
    let scene = published();
    for depth in [1, 2] {
        let clone = cut(&scene, &format!("ci-{depth}"), depth);
        for range in ["origin/main..HEAD", "HEAD", "HEAD~1..HEAD"] {
            is_refused(&clone, &["check", "--into", "main", range]);
            is_refused(&clone, &["check", "--into", "main", range, "--recompute"]);
        }
        is_refused(&clone, &["audit"]);
        clone.git(&["fetch", "-q", "--unshallow"]);
        clone.git(&[
            "fetch",
            "-q",
            "origin",
            "+refs/pdd/evidence:refs/pdd/evidence",
        ]);
        let _ = clone
            .pdd(&["check", "--into", "main", "origin/main..HEAD"])
            .ok();
    }
}

#[test]
fn one_branch_at_depth_one_says_that_it_is_shallow_rather_than_that_there_is_no_main() {
    let scene = published();
    let clone = scene.clone("ci", &["--depth=1", "-b", WORK]);
    is_refused(&clone, &["check", "--into", "main", "HEAD"]);
    is_refused(&clone, &["check", "--into", "origin/main", "HEAD"]);
}

#[test]
fn history_that_is_cut_to_exactly_the_range_is_cut_all_the_same() {
    let scene = published();
    // The tips, what lies between, and the adoption: nothing is seen of what stands below.
    let repo = &scene.repo;
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let off = [
        "-c",
        "core.hooksPath=/dev/null",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
    ];
    for message in ["docs: later [MAINT-1]", "docs: later still [MAINT-1]"] {
        let _ = repo.git(&[&off[..], &[message]].concat()).ok();
    }
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "main"])
        .ok();
    let _ = repo.git(&["switch", "-q", "-c", "other", "main"]).ok();
    let _ = repo
        .git(&[&off[..], &["docs: more [MAINT-1]"]].concat())
        .ok();
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "other"])
        .ok();
    let clone = scene.clone("ci", &["--depth=2", "--no-single-branch", "-b", "other"]);
    is_refused(&clone, &["check", "--into", "main", "origin/main..HEAD"]);
}

/// Where no landing is asked about, what lies on top of the edge is judged by itself.
#[test]
fn a_commit_on_top_of_a_shallow_clone_is_judged() {
    let scene = published();
    let clone = scene.clone("ci", &["--depth=1", "-b", "main"]);
    clone.git(&["switch", "-q", "-c", "docs/MAINT-1-words"]);
    clone.git(&[
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "docs: words [MAINT-1]",
    ]);
    let said = clone.pdd(&["check", "HEAD"]);
    assert_eq!(said.code(), 0, "{}", said.text());
    let said = clone.pdd(&["check", "origin/main..HEAD", "--recompute"]);
    assert_eq!(said.code(), 0, "{}", said.text());
}

/// Objects of a deeper history may lie about; git does not look at them, and no verdict may.
#[test]
fn a_clone_that_was_cut_later_is_cut() {
    let scene = published();
    let clone = scene.clone("ci", &["-b", WORK]);
    clone.git(&["fetch", "-q", "--depth=2"]);
    is_refused(&clone, &["check", "--into", "main", "origin/main..HEAD"]);
}

#[test]
fn a_depth_that_reaches_the_root_cuts_nothing() {
    let scene = published();
    let clone = cut(&scene, "ci", 50);
    clone.git(&[
        "fetch",
        "-q",
        "origin",
        "+refs/pdd/evidence:refs/pdd/evidence",
    ]);
    let _ = clone
        .pdd(&["check", "--into", "main", "origin/main..HEAD"])
        .ok();
}
