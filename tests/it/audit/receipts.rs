//! Receipts and gaps: what another clone's hooks saw, as far as somebody signed it.

use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::ledger::{Class, digest};
use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::evidence::statement::{CommitCheck, Gap, Predicate, Statement};
use pdd_hooks::git::Repository;
use pdd_hooks::id::{CommitId, TreeId};
use pdd_hooks::signing::{Asks, Key as SigningKey};

use super::signed::{POLICY, Scene, audited, fresh, machine, report, rows};
use crate::enrolled::{HONEST, WORK};
use crate::keys::Key;
use crate::support::Repo;

/// States that the hooks saw a commit through; `change` says it wrongly.
fn checked(repo: &Repo, revision: &str, change: impl Fn(&mut CommitCheck)) -> Statement {
    let repository = Repository::open_at(repo.folder()).unwrap();
    let id = repo.ask(&["rev-parse", revision]);
    let oid = repository.resolve(&id).unwrap();
    let commit = repository.commit(oid).unwrap();
    let mut check = CommitCheck {
        tool: "by hand".into(),
        time: "2025-11-01T09:00:00Z".into(),
        class: Class::Enforced,
        of: None,
        hooks: vec!["pre-commit".into(), "post-commit".into()],
        parents: commit
            .parents
            .iter()
            .map(|it| CommitId::new(it.to_string()))
            .collect(),
        message: digest(&commit.message),
        task: None,
        personas: vec!["DEV".into()],
        log: None,
        policy: Some(1),
    };
    change(&mut check);
    let tree = TreeId::new(commit.tree.to_string());
    let predicate = Predicate::CommitCheck(Box::new(check));
    Statement::about(&tree, Some(&CommitId::new(id)), predicate)
}

/// Adds a signed receipt.
pub(super) fn receipt(
    scene: &Scene,
    key: &Key,
    revision: &str,
    change: impl Fn(&mut CommitCheck),
) -> String {
    let statement = checked(&scene.repo, revision, change);
    scene.add(statement, Some((key, Namespace::Evidence)))
}

fn gap(scene: &Scene, key: Option<&Key>, revision: &str) -> String {
    let statement = confessed(&scene.repo, revision);
    scene.add(statement, key.map(|key| (key, Namespace::Evidence)))
}

/// States that a commit went round the hooks.
fn confessed(repo: &Repo, revision: &str) -> Statement {
    let gap = Gap {
        tool: "by hand".into(),
        time: "2025-11-01T09:30:00Z".into(),
        class: Class::Bypassed,
        how: Some("no-verify".into()),
        hooks: Vec::new(),
        task: None,
        rules: Vec::new(),
    };
    let tree = TreeId::new(repo.ask(&["rev-parse", &format!("{revision}^{{tree}}")]));
    let id = CommitId::new(repo.ask(&["rev-parse", revision]));
    Statement::about(&tree, Some(&id), Predicate::Gap(Box::new(gap)))
}

/// A repository with one approved commit on `main`.
fn landed(policy: &str) -> Scene {
    let scene = Scene::with(policy);
    scene.commit("a.txt");
    scene.approve(&scene.ann, "main~1", "main");
    scene
}

#[test]
fn a_receipt_that_somebody_listed_signed_is_believed() {
    let scene = landed(POLICY);
    assert_eq!(scene.audited(), ["foreign"]);
    let record = receipt(&scene, &scene.agent, "main", |_| {});
    let clone = fresh(&scene.repo, scene.repo.folder());
    let found = report(&scene.repo, &clone, &["main"]);
    assert_eq!(rows(&found), ["enforced"]);
    let row = &found["commits"][1];
    assert_eq!(
        row["evidence"][0],
        serde_json::json!({"kind": "commit-check", "name": record, "by": "agent"})
    );
    assert_eq!(row["personas"], serde_json::json!(["DEV"]));
    assert_eq!(row["noticed"], "2025-11-01T09:00:00Z");
}

#[test]
fn a_replay_and_its_original_are_told_by_the_receipt() {
    let scene = landed(POLICY);
    let of = CommitId::new("0123456789012345678901234567890123456789");
    receipt(&scene, &scene.agent, "main", |check| {
        (check.class, check.of) = (Class::Replayed, Some(of.clone()));
    });
    let clone = fresh(&scene.repo, scene.repo.folder());
    let found = report(&scene.repo, &clone, &["main"]);
    assert_eq!(rows(&found), ["replayed"]);
    assert_eq!(found["commits"][1]["of"], of.as_str());
}

#[test]
fn a_receipt_that_nobody_listed_signed_is_noted_and_no_more() {
    let note = ["foreign [a record that nobody listed signed says enforced]"];
    let scene = landed(POLICY);
    scene.add(checked(&scene.repo, "main", |_| {}), None);
    assert_eq!(scene.audited(), note);
    let scene = landed(POLICY);
    receipt(&scene, &scene.eve, "main", |_| {});
    assert_eq!(scene.audited(), note);
}

#[test]
fn a_receipt_of_a_person_is_noted_where_only_machines_are_believed() {
    let scene = Scene::people();
    scene.adopt(POLICY, Some(&(scene.signers() + &machine(&scene.ci))));
    scene.commit("a.txt");
    scene.approve(&scene.ann, "main~1", "main");
    receipt(&scene, &scene.agent, "main", |_| {});
    assert_eq!(
        scene.audited(),
        [
            "foreign [a record by agent says enforced, and only a runner's word counts here (`[evidence] accept`)]"
        ]
    );
}

#[test]
fn a_signed_receipt_of_another_commit_is_a_lie() {
    let forge: [fn(&mut CommitCheck); 3] = [
        |check| check.message = digest(b"another message"),
        |check| check.parents.clear(),
        |check| check.class = Class::Merge,
    ];
    for change in forge {
        let scene = landed(POLICY);
        receipt(&scene, &scene.agent, "main", change);
        assert_eq!(scene.audited(), ["bypassed (evidence does not match)"]);
    }
    let scene = landed(POLICY);
    scene.add(checked(&scene.repo, "main", forge[0]), None);
    assert_eq!(
        scene.audited(),
        ["foreign [a record that nobody listed signed says enforced]"]
    );
}

#[test]
fn a_gap_counts_unsigned_too_unless_a_signed_receipt_says_otherwise() {
    let scene = landed(POLICY);
    gap(&scene, None, "main");
    let clone = fresh(&scene.repo, scene.repo.folder());
    let found = report(&scene.repo, &clone, &["main"]);
    assert_eq!(rows(&found), ["bypassed (no-verify)"]);
    assert_eq!(found["commits"][1]["noticed"], "2025-11-01T09:30:00Z");
    receipt(&scene, &scene.agent, "main", |_| {});
    assert_eq!(scene.audited(), ["enforced"]);
    gap(&scene, Some(&scene.agent), "main");
    assert_eq!(scene.audited(), ["bypassed (no-verify)"]);
}

#[test]
fn a_gap_outweighs_the_ledger_of_here_and_a_receipt_does_not() {
    let scene = crate::approval::Scene::new();
    let repo = &scene.repo;
    let add = |statement: Statement| {
        let line = Envelope::unsigned(&statement).unwrap().to_line().unwrap();
        let repository = Repository::open_at(repo.folder()).unwrap();
        repository.add_records(&[line]).unwrap();
    };
    assert_eq!(repo.class_of("HEAD"), "enforced");
    add(confessed(repo, "HEAD"));
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
    let skip = ["commit", "-q", "-n", "--allow-empty", "-m", HONEST];
    let _ = repo.git(&skip).ok();
    let key = SigningKey::at(&scene.ann.path).unwrap();
    let said = checked(repo, "HEAD", |_| {});
    let signed = key.sign(&[said], Namespace::Evidence, Asks::Never).unwrap();
    let repository = Repository::open_at(repo.folder()).unwrap();
    let line = signed[0].to_line().unwrap();
    repository.add_records(&[line]).unwrap();
    let row = repo.audited(repo.folder(), "HEAD");
    assert_eq!(
        (&row["class"], &row["how"]),
        (&"bypassed".into(), &"no-verify".into())
    );
    let note = "a record by ann@example.org says enforced";
    assert_eq!(row["notes"], serde_json::json!([note]));
}

#[test]
fn a_key_that_expired_since_was_good_for_what_landed_then() {
    let scene = Scene::people();
    let line = format!(
        "agent namespaces=\"evidence@pdd-hooks\",valid-before=\"20260101Z\" {}\n",
        scene.agent.public
    );
    let signers = scene
        .signers()
        .replace(&scene.agent.line("agent", &["evidence@pdd-hooks"]), &line);
    scene.adopt(POLICY, Some(&signers));
    scene.commit("a.txt");
    scene.approve(&scene.ann, "main~1", "main");
    receipt(&scene, &scene.agent, "main", |_| {});
    assert_eq!(
        scene.audited(),
        ["foreign [a record that nobody listed signed says enforced]"]
    );
    scene.moved(
        Some(&scene.server),
        "main~1",
        "main",
        "2025-11-02T09:00:00Z",
    );
    assert_eq!(scene.audited(), ["enforced"]);
}

/// Everything here is real: hooks, pushes, keys; and one commit that went round them.
#[test]
fn a_clone_of_signed_work_knows_it_as_the_hooks_saw_it() {
    let scene = crate::approval::Scene::new();
    let repo = &scene.repo;
    let origin = repo.root().join("origin.git");
    let path = origin.to_str().unwrap();
    let _ = repo.git(&["init", "-q", "--bare", "-b", "main", path]).ok();
    let _ = repo.git(&["remote", "add", "origin", path]).ok();
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "main"])
        .ok();
    repo.step("a.txt");
    scene.approve(WORK);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo
        .git(&["merge", "-q", "--no-ff", "-m", "Merge it [TASK-001]", WORK])
        .ok();
    let _ = repo.git(&["push", "-q", "origin", "main"]).ok();
    let clone = fresh(repo, &origin);
    assert_eq!(
        audited(repo, &clone, "main"),
        ["enforced", "enforced", "merge"]
    );
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    repo.stage("b.txt", "b\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", HONEST]).ok();
    let _ = repo.git(&["push", "-q", "origin", WORK]).ok();
    // A push to `main` round the hooks, to a server that has none.
    let _ = repo
        .git(&[
            "push",
            "-q",
            "--no-verify",
            "origin",
            &format!("{WORK}:refs/heads/main"),
            "-f",
        ])
        .ok();
    let clone = fresh(repo, &origin);
    let rows = audited(repo, &clone, "main");
    assert_eq!(rows[..1], ["enforced"]);
    assert!(
        rows[2].starts_with("bypassed (no-verify) PDD010: "),
        "{rows:?}"
    );
}
