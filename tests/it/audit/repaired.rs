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

/// Records a pass of the tree of `main`.
fn validated(scene: &Scene, signer: Option<(&Key, Namespace)>) {
    let tree = pdd_hooks::id::TreeId::new(scene.id("main^{tree}"));
    let text = serde_json::json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "digest": { "gitTree": tree.as_str() } }],
        "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
        "predicate": {
            "result": "PASSED",
            "configuration": [],
            "passedTests": [], "warnedTests": [], "failedTests": [],
            "validation": {
                "tool": "by hand",
                "time": "2026-02-01T09:00:00Z",
                "task": null, "persona": null, "base": null,
                "policy": 1,
                "blob": scene.id("main:.pdd.toml"),
                "checks": [], "leftOut": [],
            },
        },
    });
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

#[test]
fn an_approver_s_validation_repairs() {
    let scene = foreign();
    validated(&scene, Some((&scene.ann, Namespace::Evidence)));
    assert_eq!(scene.audited(), ["repaired"]);
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
