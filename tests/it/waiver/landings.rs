//! Waivers where commits leave the clone: pushes of work branches, and landings, whose approval has to list them.

use super::{BAD, Scene, kept, lifted, told};
use crate::enrolled::WORK;
use crate::moments::with_server;

/// What is told of a waiver that no approval lists.
fn unlisted(record: &str) -> [String; 2] {
    let record = &record[..12];
    kept(&format!(
        "the approval does not list the waiver {record}: `pdd-hooks approve <commit> --into main --waiver {record}`"
    ))
}

#[test]
fn a_work_branch_takes_its_waived_commits_to_a_server() {
    let scene = Scene::new();
    let repo = &scene.repo;
    with_server(repo);
    let record = scene.step("a.txt");
    let said = repo.git(&["push", "-q", "origin", WORK]).ok();
    let twice = [lifted(&record), lifted(&record)].concat();
    assert_eq!(told(&said.stderr), twice, "{}", said.text());
}

#[test]
fn a_server_that_does_not_have_the_waiver_refuses() {
    let scene = Scene::new();
    let repo = &scene.repo;
    with_server(repo);
    scene.step("a.txt");
    let push = ["push", "-q", "--no-verify", "origin", WORK];
    let said = repo.git(&push);
    assert_eq!(said.code(), 1, "{}", said.text());
    assert_eq!(
        told(&said.stderr),
        [
            "error[PDD002]: the subject does not begin with a type and a colon",
            "  = help: the form is `type(scope): description [TASK-ID]`",
        ]
    );
}

#[test]
fn a_landing_takes_the_waivers_that_its_approval_lists_and_no_others() {
    let scene = Scene::new();
    let repo = &scene.repo;
    with_server(repo);
    let record = scene.step("a.txt");
    let landing = format!("main..{WORK}");
    let check = || repo.pdd(&["check", "--into", "main", &landing]);
    let push = || repo.git(&["push", "-q", "origin", &format!("{WORK}:main")]);
    let _ = repo.pdd(&["approve", WORK, "--into", "main"]).ok();
    let (checked, pushed) = (check(), push());
    assert_eq!((checked.code(), pushed.code()), (1, 1));
    assert_eq!(told(&checked.stdout), unlisted(&record));
    assert_eq!(told(&pushed.stderr), unlisted(&record));
    // A server that is asked without pre-push says the same.
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "refs/pdd/evidence"])
        .ok();
    let receive = [
        "push",
        "-q",
        "--no-verify",
        "origin",
        &format!("{WORK}:main"),
    ];
    let received = repo.git(&receive);
    assert_eq!(
        told(&received.stderr),
        unlisted(&record),
        "{}",
        received.text()
    );
    let approve = ["approve", WORK, "--into", "main", "--waiver", &record[..12]];
    let said = repo.pdd(&approve).ok();
    assert!(said.stdout.contains(&record[..12]), "{}", said.text());
    assert_eq!(told(&check().ok().stdout), lifted(&record));
    let pushed = push().ok();
    let twice = [lifted(&record), lifted(&record)].concat();
    assert_eq!(told(&pushed.stderr), twice, "{}", pushed.text());
}

#[test]
fn a_listed_waiver_speaks_for_no_other_commit_of_the_same_landing() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let record = scene.step("a.txt");
    let _ = repo
        .git(&["commit", "-q", "-n", "--allow-empty", "-m", BAD])
        .ok();
    let of_commit = scene.waived(&["--commit", "HEAD~1"]);
    repo.step("b.txt");
    let approve = ["approve", WORK, "--into", "main", "--waiver", &of_commit];
    let _ = repo.pdd(&approve).ok();
    let said = repo.pdd(&["check", "--into", "main", &format!("main..{WORK}")]);
    assert_eq!(said.code(), 1, "{}", said.text());
    let told = told(&said.stdout);
    assert_eq!(told[..2], lifted(&of_commit));
    assert_eq!(told[2..], unlisted(&record));
}

#[test]
fn what_is_no_landing_of_a_protected_branch_is_not_waived() {
    let scene = Scene::with("waiver.rules = [\"branch\"]\n");
    let repo = &scene.repo;
    with_server(repo);
    let _ = repo.pdd(&["approve", WORK, "--into", "main"]).ok();
    let _ = repo
        .git(&["push", "-q", "origin", &format!("{WORK}:main")])
        .ok();
    let waive = [
        "waive",
        "branch",
        "--commit",
        "main",
        "--reason",
        "back to it",
    ];
    let _ = repo.pdd(&waive).ok();
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "refs/pdd/evidence"])
        .ok();
    let said = repo.git(&["push", "-q", "-f", "--no-verify", "origin", "main"]);
    assert_eq!(said.code(), 1, "{}", said.text());
    assert!(
        said.stderr.contains("error[PDD007]: `main` would move to"),
        "{}",
        said.text()
    );
    assert!(!said.stderr.contains("waived["), "{}", said.text());
}

#[test]
fn the_tip_of_an_integration_branch_may_be_waived() {
    let scene = Scene::with("waiver.rules = [\"branch\"]\nbranch.integration = [\"develop\"]\n");
    let repo = &scene.repo;
    with_server(repo);
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "main:develop"])
        .ok();
    repo.step("a.txt");
    let push = ["push", "-q", "origin", &format!("{WORK}:develop")];
    let refused = repo.git(&push);
    assert_eq!(refused.code(), 1, "{}", refused.text());
    let waive = [
        "waive",
        "branch",
        "--commit",
        "HEAD",
        "--reason",
        "a hot fix",
    ];
    let _ = repo.pdd(&waive).ok();
    let said = repo.git(&push).ok();
    assert!(
        said.stderr
            .contains("waived[PDD007]: `develop` takes merges"),
        "{}",
        said.text()
    );
    assert!(!said.stderr.contains("error["), "{}", said.text());
}

#[test]
fn what_is_found_against_the_landing_itself_is_waived_by_the_tip() {
    let scene = Scene::under(
        "policy = 1\nrules.task-state = \"off\"\nrules.boundary = \"off\"\nwaiver.rules = [\"validation\"]\n",
    );
    let repo = &scene.repo;
    scene.staged("source.py");
    let waive = ["waive", "PDD008", "--reason", "a spike", "--format", "json"];
    let said: serde_json::Value = serde_json::from_str(&repo.pdd(&waive).ok().stdout).unwrap();
    let record = said["waiver"]["record"].as_str().unwrap();
    let _ = repo.commit(crate::enrolled::HONEST).ok();
    let check = || {
        let said = repo.pdd(&["check", "--into", "main", &format!("main..{WORK}")]);
        let levels: Vec<String> = told(&said.stdout)
            .iter()
            .filter(|line| !line.starts_with("  ="))
            .map(|line| line[..line.find(']').unwrap()].to_owned())
            .collect();
        (said.code(), levels)
    };
    let _ = repo.pdd(&["approve", WORK, "--into", "main"]).ok();
    assert_eq!(check(), (1, vec!["error[PDD008".to_owned(); 2]));
    let _ = repo
        .pdd(&["approve", WORK, "--into", "main", "--waiver", record])
        .ok();
    assert_eq!(check(), (0, vec!["waived[PDD008".to_owned(); 2]));
}
