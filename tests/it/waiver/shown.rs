//! What `status`, `check` and `audit` show of a waiver: always, and never as nothing.

use serde_json::json;

use super::{BAD, REASON, Scene};
use crate::enrolled::HONEST;

#[test]
fn a_waived_commit_has_a_class_of_its_own() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let record = scene.step("a.txt");
    assert_eq!(repo.class_of("HEAD"), "waived");
    let row = repo.audited(repo.folder(), "HEAD");
    assert_eq!(
        row["findings"],
        json!([{
            "code": "PDD002",
            "rule": "message-format",
            "level": "waived",
            "message": "the subject does not begin with a type and a colon",
            "help": "the form is `type(scope): description [TASK-ID]`",
            "path": null,
            "line": null,
            "waiver": {
                "record": record,
                "by": "ann@example.org",
                "reason": REASON,
                "expires": null,
            },
        }])
    );
    let id = repo.ask(&["rev-parse", "--short=12", "HEAD"]);
    let audit = repo
        .pdd(&["audit", "HEAD~1..HEAD", "--fail-on", "error"])
        .ok();
    assert_eq!(
        audit.stdout,
        format!(
            "classes\n  1  waived\n\nfindings\n  1  PDD002 message-format\n\nworst first\n  \
             {id}  2026-01-15  waived  PDD002 waived  Ann Example  {BAD}\n\n\
             1 commit: 1 waived; 1 with findings; 1 finding waived\n"
        )
    );
    let audit = repo.pdd(&["audit", "HEAD~1..HEAD", "--fail-on", "waived"]);
    assert_eq!(audit.code(), 1, "{}", audit.text());
}

#[test]
fn a_commit_that_went_round_the_hooks_is_repaired_by_a_waiver_of_it() {
    let scene = Scene::new();
    let repo = &scene.repo;
    scene.staged("a.txt");
    let _ = repo.git(&["commit", "-q", "-n", "-m", BAD]).ok();
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
    scene.waived(&["--commit", "HEAD"]);
    assert_eq!(repo.class_of("HEAD"), "repaired (no-verify)");
    let row = repo.audited(repo.folder(), "HEAD");
    assert_eq!(row["findings"][0]["level"], "waived");
    let _ = repo
        .git(&["commit", "-q", "-n", "--allow-empty", "-m", BAD])
        .ok();
    let row = repo.audited(repo.folder(), "HEAD");
    assert_eq!(row["findings"][0]["level"], "error");
}

#[test]
fn check_shows_a_waived_finding_in_full_and_passes() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let record = scene.step("a.txt");
    let id = repo.ask(&["rev-parse", "--short=12", "HEAD"]);
    assert_eq!(
        repo.pdd(&["check", "HEAD"]).text(),
        format!(
            "exit: 0
--- stdout
waived[PDD002]: the subject does not begin with a type and a colon
 --> commit {id} ({BAD})
  = waived by ann@example.org: {REASON} (record {})
  = note: pdd-hooks explain PDD002
1 commit: 1 waived; 1 with findings; 1 finding waived
--- stderr
",
            &record[..12]
        )
    );
}

#[test]
fn what_is_not_waived_has_no_waiver_in_the_report() {
    let scene = Scene::new();
    let repo = &scene.repo;
    scene.staged("a.txt");
    repo.write("../message", BAD);
    let args = ["check", "--message", "../message", "--format", "json"];
    let level = |code| {
        let said = repo.pdd(&args);
        assert_eq!(said.code(), code, "{}", said.text());
        let report: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        let finding = &report["commits"][0]["findings"][0];
        (
            finding["level"].clone(),
            finding["waiver"]["reason"].clone(),
        )
    };
    assert_eq!(level(1), (json!("error"), json!(null)));
    scene.waived(&[]);
    assert_eq!(level(0), (json!("waived"), json!(REASON)));
}

#[test]
fn status_tells_waived_from_lacking() {
    let scene = Scene::with("waiver.rules = [\"persona\"]\n");
    let repo = &scene.repo;
    let _ = repo.git(&["switch", "-q", "-c", "feat/TASK-002-next"]).ok();
    scene.staged("a.txt");
    let said = repo.pdd(&["status"]).ok().stdout;
    assert!(said.contains("lacks    PDD004: no persona"), "{said}");
    let waive = ["waive", "persona", "--reason", "nobody was there"];
    let _ = repo.pdd(&waive).ok();
    let said = repo.pdd(&["status"]).ok().stdout;
    assert!(said.contains("waived   PDD004: no persona"), "{said}");
    assert!(said.ends_with("[TASK-002]\"\n"), "{said}");
    let _ = repo.commit(&HONEST.replace("001", "002")).ok();
    assert_eq!(repo.class_of("HEAD"), "waived");
}
