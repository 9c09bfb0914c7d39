//! What the command signs, says and refuses.

use serde_json::json;

use super::{REASON, Scene};
use crate::keys::{APPROVAL, EVIDENCE, SIGNERS};
use crate::support::Repo;

/// What a record states.
fn statement(repo: &Repo, record: &str) -> serde_json::Value {
    use base64::Engine as _;
    let place = format!("refs/pdd/evidence:{}/{record}.json", &record[..2]);
    let envelope: serde_json::Value = serde_json::from_str(&repo.ask(&["show", &place])).unwrap();
    let payload = base64::engine::general_purpose::STANDARD
        .decode(envelope["payload"].as_str().unwrap())
        .unwrap();
    serde_json::from_slice(&payload).unwrap()
}

#[test]
fn what_is_staged_is_waived_and_the_next_steps_are_told() {
    let scene = Scene::new();
    let tree = scene.staged("a.txt");
    let said = scene.waive(&["--until", "2999-12-01"]).ok();
    let record = said.stdout.split("record ").nth(1).unwrap()[..12].to_owned();
    assert_eq!(
        said.text(),
        format!(
            "exit: 0
--- stdout
waived PDD002 message-format for the staged tree {}
  by ann@example.org until 2999-12-01: {REASON} (record {record})
next:
  git commit: this very tree passes without the rule, no other does
  on main it counts once the approval lists it: pdd-hooks approve <commit> --into main --waiver {record}
--- stderr
",
            &tree[..12]
        )
    );
}

#[test]
fn a_waiver_of_a_commit_names_it_beside_its_tree() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let [commit, tree] = ["HEAD", "HEAD^{tree}"].map(|revision| repo.ask(&["rev-parse", revision]));
    let args = ["--commit", "HEAD", "--until", "2999-12-01T12:00:00+02:00"];
    let said = scene.waive(&[&args[..], &["--format", "json"]].concat());
    let said: serde_json::Value = serde_json::from_str(&said.ok().stdout).unwrap();
    let record = said["waiver"]["record"].as_str().unwrap();
    assert_eq!(
        said,
        json!({
            "schema": "pdd-hooks/waiver/1",
            "code": "PDD002",
            "rule": "message-format",
            "tree": tree,
            "commit": commit,
            "waiver": {
                "record": record,
                "by": "ann@example.org",
                "reason": REASON,
                "expires": "2999-12-01T10:00:00Z",
            },
            "key": scene.ann.fingerprint,
        })
    );
    let stated = statement(repo, record);
    let waiver = &stated["predicate"];
    assert_eq!(
        stated,
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{ "digest": { "gitCommit": commit, "gitTree": tree } }],
            "predicateType": "https://pdd-hooks.dev/waiver/v1",
            "predicate": {
                "tool": concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")),
                "time": waiver["time"],
                "repository": "ours",
                "rules": ["message-format"],
                "reason": REASON,
                "expires": "2999-12-01T10:00:00Z",
                "nonce": waiver["nonce"],
            },
        })
    );
}

#[test]
fn what_cannot_be_waived_is_refused_and_nothing_is_signed() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let cases: [(&[&str], &str); 8] = [
        (
            &["messageformat", "--reason", "x"],
            "no rule is called `messageformat`\n  = help: did you mean `message-format`?",
        ),
        (
            &["PDD010", "--reason", "x"],
            "no waiver lifts the rule `approval`: what it finds is mended by an approval\n  = help: pdd-hooks approve <commit> --into <branch>",
        ),
        (
            &["policy", "--reason", "x"],
            "no waiver lifts the rule `policy`: what it finds is mended by an approval\n  = help: pdd-hooks approve <commit> --into <branch>",
        ),
        (
            &["persona", "--reason", "x"],
            "the policy on `main` lets nobody waive `persona`: a waiver of it would count for nothing\n  = help: `rules` of its `[waiver]` lists `message-format`",
        ),
        (
            &["PDD002", "--reason", " \n"],
            "no reason was given: it is what others are shown\n  = help: --reason \"<why this one case is as it should be>\"",
        ),
        (
            &["PDD002", "--reason", "x", "--until", "2026-01-15"],
            "`2026-01-15` is past\n  = help: name a time to come, or leave out `--until`",
        ),
        (
            &["PDD002", "--reason", "x", "--until", "soon"],
            "`soon` is no date\n  = help: write `2026-12-31`, which lasts to the end of that day in UTC, or `2026-12-31T12:00:00Z`",
        ),
        (
            &["PDD002", "--reason", "x", "--commit", "nowhere"],
            "`nowhere` names no commit",
        ),
    ];
    for (args, error) in cases {
        let said = repo.pdd(&[&["waive"], args].concat());
        let text = said.text();
        assert!(
            text.starts_with(&format!("exit: 2\n--- stdout\n--- stderr\nerror: {error}")),
            "{args:?}: {text}"
        );
    }
    assert_eq!(
        repo.git(&["rev-parse", "-q", "--verify", "refs/pdd/evidence"])
            .code(),
        1
    );
}

#[test]
fn a_key_that_is_listed_for_evidence_alone_signs_no_waiver() {
    let scene = Scene::new();
    scene.staged("a.txt");
    let agent = scene.agent.path.to_str().unwrap();
    assert_eq!(
        scene.waive(&["--key", agent]).text(),
        format!(
            "exit: 2
--- stdout
--- stderr
error: a waiver by this key would count for nothing: agent@example.org is listed with the key {}, but not for `waiver@pdd-hooks`
  = help: waivers are signed by ann@example.org; `--key FILE` or `git config pdd.approvalKey FILE` names another key
",
            scene.agent.fingerprint
        )
    );
}

#[test]
fn where_nobody_is_listed_nobody_signs_a_waiver() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let agent = scene.agent.line("agent@example.org", &[APPROVAL, EVIDENCE]);
    let none = ["-c", "core.hooksPath=/dev/null"];
    let _ = repo
        .git(&[&none[..], &["switch", "-q", "main"]].concat())
        .ok();
    repo.stage(SIGNERS, &agent);
    let _ = repo
        .git(&[&none[..], &["commit", "-q", "-m", "signers"]].concat())
        .ok();
    let said = scene.waive(&[]);
    assert!(
        said.text().ends_with(
            "nobody may sign one; whoever rules the repository has to list somebody for `waiver@pdd-hooks`\n"
        ),
        "{}",
        said.text()
    );
    let _ = repo.git(&["rm", "-q", SIGNERS]).ok();
    let _ = repo
        .git(&[&none[..], &["commit", "-q", "-m", "none"]].concat())
        .ok();
    assert_eq!(
        scene.waive(&[]).text(),
        "exit: 2
--- stdout
--- stderr
error: nobody is listed who may sign a waiver: `main` holds no `.pdd/allowed_signers`
  = help: on a work branch: `pdd-hooks init --approver FILE`, which somebody has to approve
"
    );
}
