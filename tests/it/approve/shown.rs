//! What a person is shown before the word is given.

use serde_json::Value;

use super::Scene;
use crate::enrolled::{HONEST, WORK};
use crate::support::Repo;

/// Replaces what differs from run to run: names of objects, records and keys.
fn steady(text: &str) -> String {
    let hex = regex::Regex::new(r"\b([0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{12})\b").unwrap();
    let key = regex::Regex::new(r"SHA256:[A-Za-z0-9+/]{43}").unwrap();
    let text = hex.replace_all(text, "<id>");
    key.replace_all(&text, "<key>").into_owned()
}

fn set_policy(repo: &Repo, more: &str) {
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let text = repo.read(".pdd.toml");
    repo.stage(".pdd.toml", &format!("{text}{more}"));
    let _ = repo.commit(HONEST).ok();
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    let _ = repo.git(&["rebase", "-q", "main"]).ok();
}

#[test]
fn a_landing_is_shown_as_a_whole() {
    let scene = Scene::new();
    scene.repo.stage("src/app.txt", "one\ntwo\n");
    let _ = scene.repo.commit("feat(app): no task").ok();
    assert_eq!(
        steady(&scene.approve(&[]).text()),
        "exit: 0
--- stdout
repository  ours
branch      main
from        <id>
head        <id>
lands as    fast-forward, tree <id>
commits     2
  <id>  Ann Example  feat(app): one step [TASK-001]  (WENT ROUND THE HOOKS: hooks off)
  <id>  Ann Example  feat(app): no task  (WENT ROUND THE HOOKS: hooks off)
files       2
  record    1 (+6 -0)
  source    1 (+2 -0)
  see them: git diff <id> <id>
findings    1: WHILE THEY STAND PUSH, SERVER AND `check` REFUSE THE LANDING; a fast-forward here asks for the approval alone
error[PDD001]: the message names no task
 --> commit <id> (feat(app): no task)
  = help: add `[TASK-ID]` to the subject
  = note: pdd-hooks explain PDD001
validation  not asked for
red         no changed function
  no proof (none was found): <id>  feat(app): no task
waivers     none
policy      unchanged, and so is the harness
signer      ann@example.org, <key>, a software key: any program that runs as you can sign with it
approved: record <id>
next:
  git switch main && git merge feat/TASK-001-steps
  git push, which publishes the approval too; without a push: pdd-hooks evidence push
--- stderr
"
    );
}

#[test]
fn the_json_has_every_fact_under_one_schema() {
    let scene = Scene::new();
    let first = scene.approved(&[]);
    let json = scene.approve(&["--format", "json"]).ok().stdout;
    let facts: Value = serde_json::from_str(&json).unwrap();
    let keys: Vec<&str> = facts
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "bootstrap",
            "branch",
            "commits",
            "fast_forward",
            "files",
            "findings",
            "from",
            "head",
            "policy",
            "record",
            "red",
            "refused",
            "repository",
            "required",
            "ruling",
            "said",
            "schema",
            "signer",
            "to",
            "validation",
            "waivers"
        ]
    );
    let picked = [
        "schema",
        "branch",
        "fast_forward",
        "bootstrap",
        "policy",
        "required",
    ];
    assert_eq!(
        picked.map(|key| facts[key].to_string()),
        [
            "\"pdd-hooks/approval/1\"",
            "\"main\"",
            "true",
            "false",
            "1",
            "1"
        ]
    );
    assert_eq!(
        facts["signer"],
        serde_json::json!({
            "key": scene.ann.fingerprint, "principal": "ann@example.org", "hardware": false
        })
    );
    let said = &facts["said"][0];
    assert_eq!(
        (&said["record"], &said["void"]),
        (&Value::from(first), &Value::Null)
    );
    let refused = scene.approve(&["--format", "json", "--key", "nowhere"]);
    assert_eq!((refused.code(), refused.stdout.as_str()), (2, ""));
}

#[test]
fn it_is_said_which_checks_passed_on_the_tree_and_by_whose_word() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let check = "[rules]\nred-first = 'off'\n[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['true']\nreport = 'exit-code'\n";
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let policy = repo.read(".pdd.toml").replace(
        "rules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n",
        "",
    );
    repo.stage(".pdd.toml", &format!("{policy}{check}"));
    let _ = repo.commit(HONEST).ok();
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    let _ = repo.git(&["rebase", "-q", "main"]).ok();
    repo.stage("src/app.txt", "one\n");
    let _ = repo.commit(HONEST).ok();
    let shown = |args: &[&str]| {
        let text = scene.approve(&[args, &["--dry-run"]].concat()).ok().stdout;
        let line = text.lines().find(|line| line.starts_with("validation"));
        line.unwrap().to_owned()
    };
    assert_eq!(shown(&[]), "validation  tests missing");
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    assert_eq!(
        shown(&[]),
        "validation  tests passed, by a record that nobody signed"
    );
    repo.sign_with(&scene.ann);
    repo.stage("src/app.txt", "one\ntwo\n");
    let _ = repo.commit(HONEST).ok();
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    assert_eq!(
        shown(&[]),
        "validation  tests passed, says ann@example.org (self)"
    );
    // What a merge would give is another tree.
    scene.move_main("other.txt", "theirs\n");
    assert_eq!(shown(&[]), "validation  tests missing");
}

#[test]
fn an_approval_that_the_policy_would_not_count_is_not_signed() {
    let scene = Scene::new();
    set_policy(
        &scene.repo,
        "approval.authors-may-approve = false\napproval.require-hardware = true\n",
    );
    let output = scene.approve(&[]);
    let key = &scene.ann.fingerprint;
    let refused = format!(
        "error: the key {key} is a file, and only keys on devices count
  = help: make one on your device: `ssh-keygen -t ed25519-sk`, and have it listed
error: ann@example.org wrote some of this, and authors may not approve
  = help: ask somebody else who is listed
"
    );
    assert_eq!(
        (output.code(), output.stdout.ends_with(&refused)),
        (1, true),
        "{}",
        output.stdout
    );
    assert_eq!(scene.words(), 0);
}

#[test]
fn what_is_not_a_branch_is_named_so_that_it_can_be_merged_from_anywhere() {
    let scene = Scene::new();
    let head = scene.repo.ask(&["rev-parse", "--short=12", "HEAD"]);
    let output = scene.repo.pdd(&["approve", "HEAD", "--into", "main"]).ok();
    let next = format!("  git switch main && git merge {head}\n");
    assert!(output.stdout.contains(&next), "{}", output.stdout);
}

#[test]
fn an_approval_that_has_ended_is_shown_as_such() {
    let scene = Scene::new();
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_millis(1500);
    let _ = scene.approved(&["--until", &soon.to_string()]);
    while jiff::Timestamp::now() <= soon {
        std::thread::yield_now();
    }
    let output = scene.approve(&["--dry-run"]).ok();
    let void = format!("; does not count: it ended at {soon}\n");
    assert!(output.stdout.contains(&void), "{}", output.stdout);
}

/// What `status` says is next.
fn next(repo: &Repo) -> String {
    let said = repo.pdd(&["status"]).ok().stdout;
    said.lines().last().unwrap()["next     ".len()..].to_owned()
}

#[test]
fn status_says_how_what_is_approved_lands() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let _ = repo.git(&["switch", "-q", "-c", "docs/MAINT-1"]).ok();
    assert!(next(repo).ends_with(", then: pdd-hooks approve HEAD --into main"));
    let _ = scene.approved(&[]);
    let head = repo.ask(&["rev-parse", "--short=12", "HEAD"]);
    assert_eq!(next(repo), format!("git switch main && git merge {head}"));
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo.git(&["merge", "-q", &head]).ok();
    assert_eq!(
        repo.ask(&["rev-parse", "main"]),
        repo.ask(&["rev-parse", WORK])
    );
}

#[test]
fn status_knows_that_the_branch_is_approved_that_took_what_stands_here() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let _ = repo.git(&["switch", "-q", "-c", "dev", "main"]).ok();
    let merge = ["merge", "-q", "--no-ff", "-m", "Merge it [TASK-001]", WORK];
    let _ = repo.git(&merge).ok();
    assert_eq!(
        next(repo),
        "pdd-hooks task new \"<title>\", then pdd-hooks task start; or land what is here: pdd-hooks approve dev --into main"
    );
    repo.stage("context/Tasklist.md", "# Tasks\n");
    assert_eq!(
        next(repo),
        "git commit -m \"docs(scope): description [MAINT-1]\""
    );
    let _ = repo.git(&["reset", "-q", "--hard"]).ok();
    let _ = repo.git(&["switch", "-q", "-c", "docs/MAINT-1", WORK]).ok();
    let _ = repo.pdd(&["approve", "dev", "--into", "main"]).ok();
    assert_eq!(next(repo), "git switch main && git merge dev");
    let _ = repo.git(&["switch", "-q", "dev"]).ok();
    assert!(next(repo).starts_with("git switch main && git merge "));
}
