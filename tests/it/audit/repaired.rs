//! Repairs: nothing is open, and somebody signed for it who may.

use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::evidence::statement::{Predicate, Statement};

use super::signed::{BAD, POLICY, Scene, machine};
use crate::keys::Key;

/// A repository whose tip of `main`, approved, left no trace.
fn foreign() -> Scene {
    let scene = Scene::people();
    scene.adopt(POLICY, Some(&(scene.signers() + &machine(&scene.ci))));
    scene.commit("a.txt");
    scene.approve(&scene.ann, "main~1", "main");
    scene
}

/// Records a pass of the tree of `main`, after the commit.
fn validated(scene: &Scene, signer: Option<(&Key, Namespace)>) {
    validated_at(scene, signer, "2026-02-01T09:00:00Z", None, "PASSED");
}

/// Records what became of the tree of `main` at some time, naming a commit or none.
fn validated_at(
    scene: &Scene,
    signer: Option<(&Key, Namespace)>,
    time: &str,
    commit: Option<&str>,
    result: &str,
) {
    let tree = pdd_hooks::id::TreeId::new(scene.id("main^{tree}"));
    let mut text = serde_json::json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "digest": { "gitTree": tree.as_str() } }],
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "predicate": {
            "result": result,
            "configuration": [],
            "passedTests": [], "warnedTests": [], "failedTests": [],
            "validation": {
                "tool": "by hand",
                "time": time,
                "task": null, "persona": null, "base": null,
                "policy": 1,
                "blob": scene.id("main:.pdd.toml"),
                "checks": [], "leftOut": [],
            },
        },
    });
    if let Some(commit) = commit {
        text["subject"][0]["digest"]["gitCommit"] = scene.id(commit).into();
    }
    let statement = Statement::parse(&serde_json::to_vec(&text).unwrap()).unwrap();
    assert!(matches!(statement.predicate, Predicate::TestResult(_)));
    scene.add(statement, signer);
}

#[test]
fn a_machine_s_validation_repairs() {
    let scene = foreign();
    assert_eq!(scene.audited(), ["foreign"]);
    validated(&scene, Some((&scene.ci, Namespace::Runner)));
    assert_eq!(scene.audited(), ["repaired"]);
}

/// Each audit is one of the same repository, which keeps what the one before said; `Repo::pdd_in` compares it with one that
/// keeps nothing.
#[test]
fn what_is_signed_after_an_audit_changes_what_the_next_one_says() {
    let scene = Scene::people();
    scene.adopt(POLICY, Some(&(scene.signers() + &machine(&scene.ci))));
    scene.commit("a.txt");
    scene.commit_as("b.txt", BAD);
    let mut said = String::new();
    let mut audit = |when: &str| {
        let rows = super::signed::audited(&scene.repo, scene.repo.folder(), "main");
        said.push_str(&format!("{when}\n  {}\n", rows.join("\n  ")));
    };
    audit("at first");
    scene.waive(&scene.ann, "main", None);
    audit("with a waiver");
    scene.approve(&scene.ann, "main~1", "main");
    audit("with the approval of one landing");
    scene.approve(&scene.ann, "main~2", "main~1");
    audit("of both");
    insta::assert_snapshot!(said, @r"
    at first
      bypassed (hooks off) PDD010: `main` may not take <id>: nobody has approved it
      bypassed (hooks off) PDD002: the subject does not begin with a type and a colon PDD010: `main` may not take <id>: nobody has approved it
    with a waiver
      bypassed (hooks off) PDD010: `main` may not take <id>: nobody has approved it
      bypassed (hooks off) PDD002: the subject does not begin with a type and a colon PDD010: `main` may not take <id>: nobody has approved it
    with the approval of one landing
      bypassed (hooks off) PDD010: `main` may not take <id>: nobody has approved it
      repaired (hooks off) waived PDD002: the subject does not begin with a type and a colon
    of both
      bypassed (hooks off)
      repaired (hooks off) waived PDD002: the subject does not begin with a type and a colon
    ");
}

#[test]
fn an_approver_s_validation_repairs() {
    let scene = foreign();
    validated(&scene, Some((&scene.ann, Namespace::Evidence)));
    assert_eq!(scene.audited(), ["repaired"]);
}

/// The commit is of 2026-01-15 at 09:00:00 UTC. Whoever signed for its tree before that, or within that second, did not
/// sign for who went round the hooks.
#[test]
fn a_validation_repairs_only_what_was_made_before_it() {
    for (time, class) in [
        ("2026-01-15T08:59:59Z", "foreign"),
        ("2026-01-15T09:00:00Z", "foreign"),
        ("2026-01-15T09:00:00.999999999Z", "foreign"),
        ("2026-01-15T09:00:01Z", "repaired"),
        ("no time at all", "foreign"),
    ] {
        let scene = foreign();
        let signer = Some((&scene.ci, Namespace::Runner));
        validated_at(&scene, signer, time, None, "PASSED");
        assert_eq!(scene.audited(), [class], "{time}");
    }
}

#[test]
fn a_validation_that_names_the_commit_repairs_whatever_its_clock_said() {
    let scene = foreign();
    let signer = Some((&scene.ci, Namespace::Runner));
    let time = "2026-01-15T08:00:00Z";
    validated_at(&scene, signer, time, Some("main~1"), "PASSED");
    assert_eq!(scene.audited(), ["foreign"]);
    validated_at(&scene, signer, time, Some("main"), "PASSED");
    assert_eq!(scene.audited(), ["repaired"]);
}

#[test]
fn a_validation_that_failed_repairs_nothing() {
    for commit in [None, Some("main")] {
        let scene = foreign();
        let signer = Some((&scene.ci, Namespace::Runner));
        validated_at(&scene, signer, "2026-02-01T09:00:00Z", commit, "FAILED");
        assert_eq!(scene.audited(), ["foreign"]);
    }
}

#[test]
fn a_validation_that_nobody_signed_who_may_is_late_and_no_more() {
    for signer in [None, Some(())] {
        let scene = foreign();
        let signer = signer.map(|()| (&scene.agent, Namespace::Evidence));
        validated(&scene, signer);
        assert_eq!(scene.audited(), ["foreign [validated late]"]);
    }
}

#[test]
fn a_waiver_of_the_commit_repairs_and_shows_what_it_lifts() {
    let scene = Scene::new();
    scene.commit_as("a.txt", BAD);
    scene.approve(&scene.ann, "main~1", "main");
    let found = "PDD002: the subject does not begin with a type and a colon";
    assert_eq!(scene.audited(), [format!("foreign {found}")]);
    // The agent may waive nothing.
    scene.waive(&scene.agent, "main", None);
    assert!(scene.audited()[0].starts_with(&format!("foreign {found}")));
    scene.waive(&scene.ann, "main", None);
    assert_eq!(scene.audited(), [format!("repaired waived {found}")]);
}

#[test]
fn what_is_open_is_not_repaired() {
    let scene = Scene::new();
    scene.commit("a.txt");
    validated(&scene, Some((&scene.ann, Namespace::Evidence)));
    let rows = scene.audited();
    assert!(rows[0].starts_with("foreign PDD010: "), "{rows:?}");
}
