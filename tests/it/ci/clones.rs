//! Plain and partial clones, with their branches where CI leaves them.

use super::{NOBODY, Scene, findings};
use crate::enrolled::WORK;
use crate::support::{assert_same, snapshot};

const RANGE: &str = "origin/main..HEAD";
const FETCH: [&str; 4] = [
    "fetch",
    "-q",
    "origin",
    "+refs/pdd/evidence:refs/pdd/evidence",
];

/// A published landing that is recorded and approved.
fn published() -> Scene {
    let scene = Scene::new();
    scene.repo.validated_step("one");
    scene.approve();
    scene.publish();
    scene
}

#[test]
fn a_clone_without_records_says_what_brings_them_and_stays_as_it_is() {
    let scene = published();
    let clone = scene.clone("ci", &["-b", WORK]);
    let files = [clone.folder.clone()];
    let before = snapshot(&files);
    let said = clone.pdd(&["check", "--into", "main", RANGE]);
    assert_eq!(said.code(), 1, "{}", said.text());
    assert!(
        said.stdout.starts_with(
            "note: nothing is recorded in this clone; `pdd-hooks evidence fetch` brings what the remote has\n"
        ),
        "{}",
        said.text()
    );
    assert!(
        findings(&said.stdout).contains(&NOBODY.to_owned()),
        "{}",
        said.text()
    );
    assert_same(&before, &snapshot(&files));
    let json = clone.pdd(&["check", "--into", "main", RANGE, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(
        report["notes"],
        serde_json::json!([
            "nothing is recorded in this clone; `pdd-hooks evidence fetch` brings what the remote has"
        ])
    );
}

#[test]
fn a_detached_clone_with_the_records_gives_the_verdict_of_a_server() {
    let scene = published();
    let clone = scene.clone("ci", &[]);
    clone.git(&FETCH);
    clone.git(&["switch", "-q", "--detach", &format!("origin/{WORK}")]);
    // Only what the remote has of it is left.
    clone.git(&["branch", "-q", "-D", "main"]);
    let expected = "note: main: approved by ann@example.org (software key); validation self-attested by dev@example.org\n\
         2 commits: 2 foreign; no findings\n";
    for into in ["main", "origin/main"] {
        let said = clone.pdd(&["check", "--into", into, RANGE]);
        assert_eq!(
            said.text(),
            format!("exit: 0\n--- stdout\n{expected}--- stderr\n")
        );
    }
}

#[test]
fn a_partial_clone_fetches_what_it_needs() {
    let scene = published();
    let server = scene.repo.root().join("server.git");
    for key in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"] {
        let _ = scene.repo.git_in(&server, &["config", key, "true"]).ok();
    }
    let clone = scene.clone("ci", &["--filter=blob:none", "--no-checkout"]);
    clone.git(&FETCH);
    clone.git(&[
        "update-ref",
        "--no-deref",
        "HEAD",
        &format!("origin/{WORK}"),
    ]);
    let said = clone.pdd(&["check", "--into", "main", RANGE, "--recompute"]);
    assert_eq!(said.code(), 0, "{}", said.text());
}

#[test]
fn ranges_of_each_form_are_one_landing() {
    let scene = published();
    let repo = &scene.repo;
    let expected = repo
        .pdd(&["check", "--into", "main", "main..HEAD"])
        .ok()
        .stdout;
    let work = format!("..{WORK}");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let from_main = repo.pdd(&["check", "--into", "main", &work]).ok().stdout;
    assert_eq!(from_main, expected);
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    // A part of it, or its tip alone, lands all of it.
    for range in ["main..", "HEAD~1..HEAD", "HEAD", WORK] {
        let said = repo.pdd(&["check", "--into", "main", range]).ok();
        assert_eq!(said.stdout, expected, "{range}");
    }
    let said = repo.pdd(&["check", "--into", "main", "main...HEAD"]);
    assert_eq!(
        said.text(),
        "exit: 2\n--- stdout\n--- stderr\n\
         error: `main...HEAD` has two sides, and a landing goes from one commit to another\n  \
         = help: pdd-hooks check --into <branch> main..HEAD\n"
    );
}

#[test]
fn an_empty_range_of_what_has_landed_passes_and_says_that_it_is_empty() {
    let scene = Scene::new();
    let said = scene.repo.pdd(&["check", "--into", "main", "main..main"]);
    assert_eq!(
        said.text(),
        "exit: 0\n--- stdout\n\
         note: `main..main` holds no commit: there is nothing to judge\n\
         0 commits; no findings\n--- stderr\n"
    );
}

#[test]
fn a_branch_that_nobody_has_is_an_error() {
    let scene = published();
    let clone = scene.clone("ci", &["-b", WORK]);
    for into in ["release", "origin/release", "elsewhere/main"] {
        let said = clone.pdd(&["check", "--into", into, RANGE]);
        assert_eq!(
            said.text(),
            format!("exit: 2\n--- stdout\n--- stderr\nerror: `{into}` names no commit\n")
        );
    }
}

/// What has landed is judged by the policy of its day, between commits that were the tip.
#[test]
fn what_has_landed_is_judged_between_tips_of_the_branch() {
    let scene = published();
    let repo = &scene.repo;
    let before = repo.ask(&["rev-parse", "main"]);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let off = [
        "-c",
        "core.hooksPath=/dev/null",
        "merge",
        "-q",
        "--no-ff",
        "-m",
    ];
    let message = "Merge it [TASK-001]";
    let _ = repo.git(&[&off[..], &[message, WORK]].concat()).ok();
    let said = repo
        .pdd(&["check", "--into", "main", &format!("{before}..main")])
        .ok();
    assert_eq!(findings(&said.stdout), [""; 0], "{}", said.text());
    assert_eq!(
        repo.pdd(&["check", "--into", "main", "main"]).ok().stdout,
        said.stdout
    );
    let side = format!("{WORK}~1");
    for range in [
        format!("{side}..{WORK}"),
        format!("{side}..main"),
        WORK.to_owned(),
    ] {
        let said = repo.pdd(&["check", "--into", "main", &range]);
        assert_eq!(said.code(), 2, "{range}: {}", said.text());
        assert!(
            said.stderr
                .contains(" was never the tip of `main`: it landed within something else\n"),
            "{range}: {}",
            said.text()
        );
    }
}
