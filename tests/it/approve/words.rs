//! Rejections, approvals in spite of them, and words that are taken back.

use super::{PERSON, Scene};
use crate::enrolled::{HONEST, WORK};
use crate::keys::SIGNERS;

/// Ann and Bob are listed; returns Bob's key.
fn with_bob() -> (Scene, crate::keys::Key) {
    let scene = Scene::new();
    let repo = &scene.repo;
    let bob = repo.key("bob");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let lines = [
        scene.ann.line("ann@example.org", &PERSON),
        bob.line("bob@example.org", &PERSON),
    ];
    repo.stage(SIGNERS, &lines.concat());
    let _ = repo.commit(HONEST).ok();
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    let _ = repo.git(&["merge", "-q", "--no-edit", "main"]).ok();
    (scene, bob)
}

fn reject(scene: &Scene, key: &crate::keys::Key) -> String {
    let path = key.path.to_str().unwrap();
    let args = [
        "reject", WORK, "--into", "main", "--reason", "not so", "--key", path,
    ];
    let output = scene.repo.pdd(&args).ok();
    let name = output.stdout.split("record ").nth(1).unwrap();
    name.split('\n').next().unwrap().to_owned()
}

#[test]
fn a_rejection_is_signed_and_says_what_it_does() {
    let (scene, bob) = with_bob();
    let path = bob.path.to_str().unwrap();
    let args = [
        "reject", WORK, "--into", "main", "--reason", "not so", "--key", path,
    ];
    let output = scene.repo.pdd(&args).ok();
    let name = output.stdout.split("record ").nth(1).unwrap();
    let name = name.split('\n').next().unwrap();
    assert_eq!(
        output.text(),
        format!(
            "exit: 0
--- stdout
bob@example.org rejected {WORK} into main: record {name}
next:
  pdd-hooks evidence push, so that others know
  approvals count again once they name it: `--over {}`; `pdd-hooks withdraw {WORK} --into main` takes it back
--- stderr
",
            &name[..12]
        )
    );
    let record = scene.record(name);
    let said = record.predicate();
    assert_eq!(
        (&said["decision"], &said["reason"]),
        (&"reject".into(), &"not so".into())
    );
    let signers = scene.repo.at(SIGNERS);
    let _ = record
        .verified(&scene.repo, &signers, "bob@example.org")
        .ok();
}

#[test]
fn a_rejection_stands_until_an_approval_names_it() {
    let (scene, bob) = with_bob();
    let rejection = reject(&scene, &bob);
    let short = &rejection[..12];
    let output = scene.approve(&[]);
    let shown = format!("said before REJECTED by bob@example.org, record {short}: not so\n");
    assert!(output.stdout.contains(&shown), "{}", output.stdout);
    let refused = format!(
        "error: bob@example.org rejected this: record {short}
  = help: let them withdraw it, or approve in spite of it: `--over {short}`
"
    );
    assert_eq!(
        (output.code(), output.stdout.ends_with(&refused)),
        (1, true),
        "{}",
        output.stdout
    );
    let said = scene
        .record(&scene.approved(&["--over", short]))
        .predicate();
    assert_eq!(said["over"], serde_json::json!([rejection]));
    let nonsense = scene.approve(&["--over", "f00"]);
    assert_eq!(
        nonsense.text(),
        format!(
            "exit: 2
--- stdout
--- stderr
error: no rejection of this has the record `f00`
  = help: there are `{short}`
"
        )
    );
}

#[test]
fn a_rejection_by_somebody_who_is_not_listed_is_not_made_and_hinders_nobody() {
    let (scene, _) = with_bob();
    let eve = scene.repo.key("eve");
    let path = eve.path.to_str().unwrap();
    let output = scene
        .repo
        .pdd(&["reject", WORK, "--into", "main", "--key", path]);
    let key = &eve.fingerprint;
    assert_eq!(
        output.text(),
        format!(
            "exit: 1
--- stdout
error: nobody with the key {key} is listed
  = help: approvals are signed by ann@example.org, bob@example.org; `--key FILE` or `git config pdd.approvalKey FILE` names another key
--- stderr
"
        )
    );
    assert_eq!(scene.words(), 0);
}

#[test]
fn what_conflicts_can_be_rejected() {
    let scene = Scene::new();
    scene.repo.stage("app.txt", "ours\n");
    let _ = scene.repo.commit(HONEST).ok();
    scene.move_main("app.txt", "theirs\n");
    let said = scene.record(&reject(&scene, &scene.ann)).predicate();
    let tree = scene.repo.ask(&["rev-parse", &format!("{WORK}^{{tree}}")]);
    assert_eq!(said["to"], tree);
}

#[test]
fn one_takes_back_all_that_one_said_and_nothing_of_others() {
    let (scene, bob) = with_bob();
    let approval = scene.approved(&[]);
    let rejection = reject(&scene, &bob);
    let second = scene.approved(&["--over", &rejection]);
    let withdraw = || scene.repo.pdd(&["withdraw", WORK, "--into", "main"]);
    let output = withdraw().ok();
    let name = output.stdout.split("record ").nth(1).unwrap();
    let name = name.split(':').next().unwrap();
    let mut taken = [approval.clone(), second.clone()];
    taken.sort();
    let [first, last] = &taken;
    assert_eq!(
        output.text(),
        format!(
            "exit: 0
--- stdout
ann@example.org took back, by the record {name}:
  approval {first}
  approval {last}
next:
  pdd-hooks evidence push, so that others know
--- stderr
"
        )
    );
    let said = scene.record(name).predicate();
    assert_eq!(
        (&said["decision"], &said["withdraws"]),
        (&"withdraw".into(), &serde_json::json!(taken))
    );
    assert_eq!(
        withdraw().text(),
        format!(
            "exit: 1
--- stdout
--- stderr
error: ann@example.org said nothing of `{WORK}` into `main` that could be taken back
"
        )
    );
    let shown = scene.approve(&[]);
    let gone = format!(
        "record {}; does not count: it was taken back by {}",
        &approval[..12],
        &name[..12]
    );
    assert!(shown.stdout.contains(&gone), "{}", shown.stdout);
    assert_eq!(shown.code(), 1, "bob's rejection stands");
}

#[test]
fn a_rejection_that_was_taken_back_hinders_nobody() {
    let (scene, bob) = with_bob();
    let _ = reject(&scene, &bob);
    let path = bob.path.to_str().unwrap();
    let _ = scene
        .repo
        .pdd(&["withdraw", WORK, "--into", "main", "--key", path])
        .ok();
    let _ = scene.approve(&[]).ok();
}

#[test]
fn what_has_landed_can_still_be_taken_back() {
    let scene = Scene::new();
    let approval = scene.approved(&[]);
    let _ = scene.repo.git(&["switch", "-q", "main"]).ok();
    let _ = scene.repo.git(&["merge", "-q", WORK]).ok();
    let output = scene.repo.pdd(&["withdraw", WORK, "--into", "main"]).ok();
    assert!(output.stdout.contains(&approval), "{}", output.stdout);
}
