//! What keeps an approval from being signed, and what mends it.

use super::{PERSON, Scene};
use crate::enrolled::{HONEST, WORK};
use crate::keys::{EVIDENCE, SIGNERS};

/// Returns exit code and all lines from the first error on; a refusal comes after what was shown.
fn refusal(output: &crate::support::Output) -> String {
    let at = output.stdout.find("error: ").unwrap_or(output.stdout.len());
    format!("exit: {}\n{}", output.code(), &output.stdout[at..])
}

#[test]
fn where_nobody_is_listed_it_is_said_how_to_begin() {
    let scene = Scene::without_signers();
    let output = scene.approve(&[]);
    assert_eq!(
        refusal(&output),
        "exit: 1
error: nobody may approve yet: neither `main` nor what lands holds `.pdd/allowed_signers`
  = help: on the work branch: `pdd-hooks init --approver FILE` with a public key, or `pdd-hooks init --new-approver-key`; commit that, and approve it with this key
"
    );
    assert_eq!(scene.words(), 0);
}

#[test]
fn a_key_that_nobody_listed_signs_nothing() {
    let scene = Scene::new();
    let eve = scene.repo.key("eve");
    let output = scene.approve(&["--key", eve.path.to_str().unwrap()]);
    let key = &eve.fingerprint;
    assert_eq!(
        refusal(&output),
        format!(
            "exit: 1
error: nobody with the key {key} is listed
  = help: approvals are signed by ann@example.org; `--key FILE` or `git config pdd.approvalKey FILE` names another key
"
        )
    );
    assert_eq!(scene.words(), 0);
}

#[test]
fn an_agents_key_that_is_listed_for_evidence_approves_nothing() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let agent = repo.key("agent");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let lines = [
        scene.ann.line("ann@example.org", &PERSON),
        agent.line("agent@example.org", &[EVIDENCE]),
    ];
    repo.stage(SIGNERS, &lines.concat());
    let _ = repo.commit(HONEST).ok();
    scene.use_key(&agent);
    let key = &agent.fingerprint;
    assert_eq!(
        refusal(&scene.approve(&[])),
        format!(
            "exit: 1
error: agent@example.org is listed with the key {key}, but not for `approval@pdd-hooks`
  = help: approvals are signed by ann@example.org; `--key FILE` or `git config pdd.approvalKey FILE` names another key
"
        )
    );
    assert_eq!(scene.words(), 0);
}

#[test]
fn without_a_key_it_is_said_how_to_come_by_one() {
    let scene = Scene::new();
    let _ = scene
        .repo
        .git(&["config", "--unset", "pdd.approvalKey"])
        .ok();
    assert_eq!(
        refusal(&scene.approve(&[])),
        "exit: 1
error: there is no key to sign with
  = help: name yours: `git config pdd.approvalKey <file>`, or `--key <file>`; `pdd-hooks init --new-approver-key` makes one
"
    );
}

#[test]
fn signers_that_land_do_not_judge_their_own_landing() {
    let scene = Scene::new();
    let eve = scene.repo.key("eve");
    scene
        .repo
        .stage(SIGNERS, &eve.line("eve@example.org", &PERSON));
    let _ = scene.repo.commit(HONEST).ok();
    scene.use_key(&eve);
    let output = scene.approve(&["--policy"]);
    let key = &eve.fingerprint;
    assert!(
        refusal(&output).starts_with(&format!(
            "exit: 1\nerror: nobody with the key {key} is listed\n"
        )),
        "{}",
        output.text()
    );
}

#[test]
fn the_first_signers_may_approve_the_landing_that_brings_them() {
    let scene = Scene::without_signers();
    let repo = &scene.repo;
    repo.stage(SIGNERS, &scene.ann.line("ann@example.org", &PERSON));
    let _ = repo.commit(HONEST).ok();
    let output = scene.approve(&["--policy", "--dry-run"]).ok();
    assert!(
        output.stdout.contains(
            "bootstrap   THE SIGNERS ARE THOSE THAT THIS LANDING BRINGS: nobody was listed before\n"
        ),
        "{}",
        output.stdout
    );
    let said = scene.record(&scene.approved(&["--policy"])).predicate();
    let blob = repo.ask(&["rev-parse", &format!("HEAD:{SIGNERS}")]);
    assert_eq!(
        (&said["bootstrap"], &said["policyFiles"]),
        (&true.into(), &serde_json::json!({ SIGNERS: blob }))
    );
}

#[test]
fn changed_policy_and_harness_want_a_word_of_their_own() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let policy = repo.read(".pdd.toml").replace("policy = 1", "policy = 2");
    repo.stage(".pdd.toml", &policy);
    repo.stage("conftest.py", "import sys\n");
    let _ = repo.commit(HONEST).ok();
    let output = scene.approve(&[]);
    let (from, to) = (
        repo.ask(&["rev-parse", "--short=12", "main"]),
        repo.ask(&["rev-parse", "--short=12", &format!("{WORK}^{{tree}}")]),
    );
    assert_eq!(
        refusal(&output),
        format!(
            "exit: 1
error: policy or harness change: `.pdd.toml`, `conftest.py`
  = help: look at them: `git diff {from} {to} -- '.pdd.toml' 'conftest.py'`, then approve with `--policy`
"
        )
    );
    assert_eq!(scene.words(), 0);
    assert!(
        output.stdout.contains(
            "policy      CHANGED: what decides over later changes changes with this one
  policy    .pdd.toml
  harness   conftest.py
"
        ),
        "{}",
        output.stdout
    );
    let said = scene.record(&scene.approved(&["--policy"])).predicate();
    let blob = |path: &str| repo.ask(&["rev-parse", &format!("HEAD:{path}")]);
    assert_eq!(
        said["policyFiles"],
        serde_json::json!({ ".pdd.toml": blob(".pdd.toml"), "conftest.py": blob("conftest.py") })
    );
}

#[test]
fn a_policy_that_does_not_change_is_not_approved_of() {
    let scene = Scene::new();
    let output = scene.approve(&["--policy"]).ok();
    assert!(
        output
            .stdout
            .contains("note: `--policy` says nothing here: neither policy nor harness change\n"),
        "{}",
        output.stdout
    );
    let name = output.stdout.split(": record ").nth(1).unwrap();
    let said = scene.record(name.split('\n').next().unwrap()).predicate();
    assert_eq!(said["policyFiles"], serde_json::Value::Null);
}

#[test]
fn an_end_is_a_time_to_come() {
    let scene = Scene::new();
    assert_eq!(
        scene.approve(&["--until", "2026-01-01"]).text(),
        "exit: 2
--- stdout
--- stderr
error: `2026-01-01` is past
  = help: name a time to come, or leave out `--until`
"
    );
    assert_eq!(
        scene.approve(&["--until", "tomorrow"]).text(),
        "exit: 2
--- stdout
--- stderr
error: `tomorrow` is no date
  = help: write `2026-12-31`, which lasts to the end of that day in UTC, or `2026-12-31T12:00:00Z`
"
    );
    let until = |text: &str| {
        let name = scene.approved(&["--until", text]);
        scene.record(&name).predicate()["expires"].clone()
    };
    assert_eq!(until("2099-12-31"), "2099-12-31T23:59:59Z");
    assert_eq!(until("2099-12-31T12:00:00+02:00"), "2099-12-31T10:00:00Z");
}

#[test]
fn a_dry_run_shows_everything_and_signs_nothing() {
    let scene = Scene::new();
    let output = scene.approve(&["--dry-run"]).ok();
    assert!(
        output
            .stdout
            .ends_with("nothing was signed: this was a dry run\n"),
        "{}",
        output.stdout
    );
    assert_eq!(scene.words(), 0);
}
