//! A staged waiver at the commit: what it lets through, and what lets nothing through.

use pdd_hooks::evidence::signers::Namespace;

use super::{BAD, Scene, kept, lifted, told};

#[test]
fn a_staged_waiver_lets_exactly_that_tree_through() {
    let scene = Scene::new();
    let repo = &scene.repo;
    scene.staged("a.txt");
    let refused = repo.commit(BAD);
    assert_eq!(refused.code(), 1, "{}", refused.text());
    let record = scene.waived(&[]);
    scene.staged("b.txt");
    let refused = repo.commit(BAD);
    assert_eq!(refused.code(), 1, "{}", refused.text());
    assert_eq!(
        told(&refused.stderr),
        [
            "error[PDD002]: the subject does not begin with a type and a colon",
            "  = help: the form is `type(scope): description [TASK-ID]`",
        ]
    );
    let _ = repo.git(&["rm", "-q", "--cached", "b.txt"]).ok();
    let said = repo.commit(BAD).ok();
    assert_eq!(told(&said.stderr), lifted(&record));
}

#[test]
fn a_rule_that_was_not_waived_refuses_all_the_same() {
    let scene = Scene::new();
    scene.staged("a.txt");
    let record = scene.waived(&[]);
    let refused = scene.repo.commit("one step");
    assert_eq!(refused.code(), 1, "{}", refused.text());
    let [waived, by] = lifted(&record);
    assert_eq!(
        told(&refused.stderr),
        [
            "error[PDD001]: the message names no task".to_owned(),
            "  = help: add `[TASK-001]` to the subject".to_owned(),
            waived,
            by
        ]
    );
}

#[test]
fn a_waiver_that_does_not_count_lifts_nothing_and_says_why() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let (ann, agent) = (&scene.ann, &scene.agent);
    let by_ann = Some((ann, Namespace::Waiver));
    let tree = scene.staged("a.txt");
    let empty = |_: &mut _| {};
    let agent_key = &agent.fingerprint;
    let stranger = repo.key("stranger");
    let cases = [
        (scene.put(&tree, None, empty), "nobody signed it".to_owned()),
        (
            scene.put(&tree, Some((agent, Namespace::Waiver)), empty),
            format!(
                "agent@example.org is listed with the key {agent_key}, but not for `waiver@pdd-hooks`"
            ),
        ),
        (
            scene.put(&tree, Some((ann, Namespace::Evidence)), empty),
            "it was signed for `evidence@pdd-hooks`, not for `waiver@pdd-hooks`".into(),
        ),
        (
            scene.put(&tree, Some((&stranger, Namespace::Waiver)), empty),
            format!("nobody with the key {} is listed", stranger.fingerprint),
        ),
        (
            scene.put(&tree, by_ann, |it| it.repository = "theirs".into()),
            "it is for another repository".into(),
        ),
        (
            scene.put(&tree, by_ann, |it| {
                it.expires = Some("2026-01-15T23:59:59Z".into())
            }),
            "it ended at 2026-01-15T23:59:59Z".into(),
        ),
        (
            scene.put(&tree, by_ann, |it| it.expires = Some("never".into())),
            "it ends at `never`, which is no time".into(),
        ),
        (
            scene.put(&tree, by_ann, |it| it.rules.push("persona".into())),
            "the policy lets nobody waive `persona`".into(),
        ),
    ];
    let store = repo.ask(&["rev-parse", "refs/pdd/evidence"]);
    for (record, why) in cases {
        // Each alone: what is told is the first that is found.
        let name = format!("{}/{record}.json", &record[..2]);
        let line = repo.git(&["show", &format!("{store}:{name}")]).ok().stdout;
        let _ = repo.git(&["update-ref", "-d", "refs/pdd/evidence"]).ok();
        let repository = pdd_hooks::git::Repository::open_at(repo.folder()).unwrap();
        repository.add_records(&[line.into_bytes()]).unwrap();
        let refused = repo.commit(BAD);
        assert_eq!(refused.code(), 1, "{}", refused.text());
        let short = &record[..12];
        assert_eq!(
            told(&refused.stderr),
            kept(&format!("the waiver {short} lifts nothing: {why}"))
        );
    }
}

#[test]
fn a_waiver_of_a_rule_that_the_policy_does_not_let_go_counts_for_nothing() {
    let scene = Scene::with("");
    let tree = scene.staged("a.txt");
    scene.put(&tree, Some((&scene.ann, Namespace::Waiver)), |_| {});
    let refused = scene.repo.commit(BAD);
    assert_eq!(refused.code(), 1, "{}", refused.text());
    assert_eq!(
        scene.waive(&[]).text(),
        "exit: 2
--- stdout
--- stderr
error: the policy on `main` lets nobody waive `message-format`: a waiver of it would count for nothing
  = help: it lets nothing be waived; let its `[waiver]` list it in `rules`, in a change that is approved with `--policy`, or mend what `pdd-hooks explain message-format` tells of
"
    );
}

#[test]
fn a_waiver_beside_one_that_does_not_count_lifts() {
    let scene = Scene::new();
    let tree = scene.staged("a.txt");
    scene.put(&tree, None, |_| {});
    let record = scene.waived(&[]);
    let said = scene.repo.commit(BAD).ok();
    assert_eq!(told(&said.stderr), lifted(&record));
}

#[test]
fn a_direct_commit_on_the_protected_branch_needs_more_than_a_waiver() {
    let scene = Scene::with("waiver.rules = [\"branch\"]\n");
    let repo = &scene.repo;
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    scene.staged("a.md");
    let waive = ["waive", "branch", "--reason", "at once", "--format", "json"];
    let said: serde_json::Value = serde_json::from_str(&repo.pdd(&waive).ok().stdout).unwrap();
    let record = &said["waiver"]["record"].as_str().unwrap()[..12];
    let refused = repo.commit("docs: at once [MAINT-1]");
    assert_eq!(refused.code(), 1, "{}", refused.text());
    let told = told(&refused.stderr);
    assert_eq!(
        told[0],
        "error[PDD007]: a direct commit on `main`, which is protected"
    );
    assert!(
        told[1].ends_with(&format!(
            "; the approval does not list the waiver {record}: `pdd-hooks approve <commit> --into main --waiver {record}`"
        )),
        "{told:?}"
    );
}

#[test]
fn what_a_hook_finds_before_the_message_is_waived_too() {
    let scene = Scene::under(
        "policy = 1\nrules.task-state = \"off\"\nrules.boundary = \"off\"\nwaiver.rules = [\"validation\"]\n",
    );
    let repo = &scene.repo;
    scene.staged("source.py");
    let found = "error[PDD008]: source changes, and no test check is in scope";
    let refused = repo.commit(crate::enrolled::HONEST);
    assert_eq!(told(&refused.stderr)[0], found, "{}", refused.text());
    let waive = ["waive", "PDD008", "--reason", "a spike"];
    let _ = repo.pdd(&waive).ok();
    let said = repo.commit(crate::enrolled::HONEST).ok();
    assert!(said.stderr.contains("waived[PDD008]"), "{}", said.text());
    assert_eq!(repo.class_of("HEAD"), "waived");
}
