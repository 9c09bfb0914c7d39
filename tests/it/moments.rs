//! Each rule's bad change, forced in without the hooks of a commit, is refused with the same words by pre-push,
//! pre-receive and `check`, and listed by the audit.

use crate::deep_access;
use crate::enrolled::{HONEST, WORK};
use crate::support::{Output, Repo, pdd_hooks};
use crate::tasked::{LIST, TASKS};

/// Makes a bare repository that holds `main` with the policy and judges what it receives; it is `origin` from then on.
pub(crate) fn with_server(repo: &Repo) {
    let server = repo.root().join("server.git");
    let path = server.to_str().unwrap();
    let _ = repo.git(&["init", "-q", "--bare", "-b", "main", path]).ok();
    let _ = repo.git(&["remote", "add", "origin", path]).ok();
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "main"])
        .ok();
    let hook = server.join("hooks/pre-receive");
    std::fs::copy(pdd_hooks().with_file_name("pdd-pre-receive"), hook).unwrap();
}

/// The findings in a text: `PDD001: the message names no task`.
fn found(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.strip_prefix("remote: ").unwrap_or(line))
        .filter_map(|line| line.strip_prefix("error["))
        .map(|line| line.trim_end().replacen("]: ", ": ", 1))
        .collect()
}

/// What pre-push says to a push.
pub(crate) fn at_push(repo: &Repo, push: &[&str]) -> Vec<String> {
    pushed(repo, &[&["push", "-q"], push].concat())
}

/// What pre-receive says to it, when pre-push is not asked.
pub(crate) fn at_receive(repo: &Repo, push: &[&str]) -> Vec<String> {
    pushed(repo, &[&["push", "-q", "--no-verify"], push].concat())
}

fn pushed(repo: &Repo, args: &[&str]) -> Vec<String> {
    let output = repo.git(args);
    agreed(&output, &output.stderr)
}

/// The findings; a program that has some must end with 1, and with 0 otherwise.
fn agreed(output: &Output, text: &str) -> Vec<String> {
    let found = found(text);
    assert_eq!(
        output.code(),
        i32::from(!found.is_empty()),
        "{}",
        output.text()
    );
    found
}

fn at_check(repo: &Repo, args: &[&str]) -> Vec<String> {
    let output = repo.pdd(&[&["check"], args].concat());
    agreed(&output, &output.stdout)
}

fn at_audit(repo: &Repo, revision: &str) -> Vec<String> {
    let row = repo.audited(repo.folder(), revision);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    row["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{}: {}", text(&finding["code"]), text(&finding["message"])))
        .collect()
}

/// Commits on a branch that no rule knows, so that the message alone is bad; the hooks of a commit are skipped.
fn forced(message: &str) -> Repo {
    let repo = Repo::enrolled();
    with_server(&repo);
    let _ = repo.git(&["switch", "-q", "-c", "topic"]).ok();
    let _ = repo
        .git(&["commit", "-q", "-n", "--allow-empty", "-m", message])
        .ok();
    repo
}

#[track_caller]
fn everywhere(repo: &Repo, expected: &[&str]) {
    let push = ["origin", "topic"];
    assert_eq!(at_push(repo, &push), expected, "pre-push");
    assert_eq!(at_receive(repo, &push), expected, "pre-receive");
    assert_eq!(at_check(repo, &["main..HEAD"]), expected, "check");
    assert_eq!(at_audit(repo, "HEAD"), expected, "audit");
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
}

#[test]
fn a_message_without_a_task_is_refused_everywhere() {
    everywhere(
        &forced("feat(app): something"),
        &["PDD001: the message names no task"],
    );
}

#[test]
fn a_message_of_another_form_is_refused_everywhere() {
    everywhere(
        &forced("something [TASK-001]"),
        &["PDD002: the subject does not begin with a type and a colon"],
    );
}

#[test]
fn an_undeclared_persona_is_refused_everywhere() {
    everywhere(
        &forced("feat(app): something [TASK-002]"),
        &["PDD004: no persona is declared for `TASK-002`"],
    );
}

#[test]
fn a_forbidden_transition_is_refused_everywhere() {
    let repo = forced(HONEST);
    let log = "context/personalog/TASK-001.md";
    let entry = "## [PERSONA: DEV] - [TASK-001] - Code\n\n";
    let text = repo
        .read(log)
        .replacen("## [PERSONA", &format!("{entry}## [PERSONA"), 1);
    repo.stage(log, &text);
    let _ = repo.git(&["commit", "-q", "-n", "-m", HONEST]).ok();
    everywhere(
        &repo,
        &["PDD005: `TASK-001` goes from PM to DEV, which is forbidden"],
    );
}

/// The same of what a persona does to documents, tests and source, in a repository with a Tasklist.
fn forced_step(tasks: &str, personas: &[&str], steps: &[(&str, &str)]) -> Repo {
    let repo = Repo::tasked(tasks, personas);
    with_server(&repo);
    let _ = repo.git(&["switch", "-q", "-c", "topic"]).ok();
    for (path, text) in steps {
        repo.stage(path, text);
    }
    let message = "test: something [TASK-001]";
    let _ = repo.git(&["commit", "-q", "-n", "-m", message]).ok();
    repo
}

#[test]
fn tests_of_a_task_that_nobody_has_begun_are_refused_everywhere() {
    let pending = TASKS.replace("IN_PROGRESS", "PENDING");
    everywhere(
        &forced_step(&pending, &["PM", "QA"], &[("tests/app.txt", "more\n")]),
        &[
            "PDD003: `TASK-001` is PENDING: source and tests change under a task that is IN_PROGRESS or READY_FOR_VALIDATION",
        ],
    );
}

#[test]
fn a_path_beyond_the_boundary_is_refused_everywhere() {
    everywhere(
        &forced_step(TASKS, &["PM", "QA"], &[("src/app.txt", "more\n")]),
        &["PDD006: `src/app.txt` is source, which DEV changes; QA speaks for `TASK-001`"],
    );
}

#[test]
fn a_document_that_breaks_its_form_is_refused_everywhere() {
    let done = TASKS.replace("IN_PROGRESS", "DONE");
    everywhere(
        &forced_step(TASKS, &["PM"], &[(LIST, &done)]),
        &["PDD012: `TASK-001` has the status `DONE`, which is none"],
    );
}

#[test]
fn source_without_its_contract_is_refused_everywhere() {
    let named = TASKS.replacen(
        "- **Priority**",
        "- **Contract**: docs/search.md\n- **Priority**",
        1,
    );
    everywhere(
        &forced_step(&named, &["PM", "QA", "DEV"], &[("src/app.txt", "more\n")]),
        &["PDD013: the contract `docs/search.md` is not checked in"],
    );
}

#[test]
fn a_deep_chain_is_refused_everywhere_where_the_policy_asks() {
    let repo = deep_access::judged("");
    with_server(&repo);
    let _ = repo.git(&["switch", "-q", "-c", "topic"]).ok();
    repo.stage("order.py", "status = order.customer.account.status\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", HONEST]).ok();
    everywhere(
        &repo,
        &["PDD014: `order.customer.account.status` has 4 names, 3 are allowed"],
    );
}

#[test]
fn what_was_honest_passes_everywhere() {
    let repo = Repo::enrolled();
    with_server(&repo);
    repo.step("a.txt");
    assert_eq!(at_check(&repo, &["main..HEAD"]), [""; 0]);
    assert_eq!(at_audit(&repo, "HEAD"), [""; 0]);
    assert_eq!(at_push(&repo, &["origin", WORK]), [""; 0]);
    assert_eq!(
        repo.ask(&["rev-parse", WORK]),
        repo.ask(&["rev-parse", &format!("origin/{WORK}")])
    );
}

/// A push says on which branch a commit was made; history does not hold it, so `check` and the audit find nothing.
#[test]
fn a_commit_for_another_task_is_refused_where_its_branch_is_known() {
    let repo = Repo::enrolled();
    with_server(&repo);
    let standing = "docs: typo [MAINT-1]";
    let _ = repo
        .git(&["commit", "-q", "-n", "--allow-empty", "-m", standing])
        .ok();
    let expected = [format!(
        "PDD007: a commit for `MAINT-1` on `{WORK}`, the branch of `TASK-001`"
    )];
    let push = ["origin", WORK];
    assert_eq!(at_push(&repo, &push), expected);
    assert_eq!(at_receive(&repo, &push), expected);
    assert_eq!(at_check(&repo, &["main..HEAD"]), [""; 0]);
    assert_eq!(at_audit(&repo, "HEAD"), [""; 0]);
}

/// The chain of an integration branch stands in history: every moment can judge it.
#[test]
fn a_direct_commit_on_an_integration_branch_is_refused_everywhere() {
    let repo = Repo::enrolled();
    with_server(&repo);
    let _ = repo.git(&["switch", "-q", "-c", "dev"]).ok();
    repo.stage("a.txt", "a\n");
    let skipped = [
        "-c",
        "core.hooksPath=/dev/null",
        "commit",
        "-q",
        "-m",
        HONEST,
    ];
    let _ = repo.git(&skipped).ok();
    let id = &repo.ask(&["rev-parse", "HEAD"])[..12];
    let expected = [format!(
        "PDD007: `dev` takes merges and workflow documents alone, and commit {id} (`{HONEST}`) is neither"
    )];
    let push = ["origin", "dev"];
    assert_eq!(at_push(&repo, &push), expected);
    assert_eq!(at_receive(&repo, &push), expected);
    assert_eq!(at_check(&repo, &["main..HEAD"]), expected);
    assert_eq!(at_audit(&repo, "HEAD"), expected);
    assert_eq!(repo.class_of("HEAD"), "bypassed (hooks off)");
}

/// Moves of references are no commits: they are judged where they are asked for.
#[test]
fn moves_of_guarded_references_are_refused_by_push_and_server() {
    let repo = Repo::enrolled();
    with_server(&repo);
    let off = ["-c", "core.hooksPath=/dev/null", "tag", "v1"];
    let _ = repo.git(&off).ok();
    let short = |revision: &str| repo.ask(&["rev-parse", revision])[..12].to_owned();
    let elsewhere = format!(
        "PDD007: the release tag `v1` would name {}, which is no first-parent commit of a protected branch",
        short("v1")
    );
    let rewound = format!(
        "PDD007: `main` would move to {}, which does not descend from it",
        short("main~1")
    );
    let deleted = "PDD007: `main` would be deleted, which is protected".to_owned();
    for (push, expected) in [
        (&["origin", "v1"][..], elsewhere),
        (&["-f", "origin", "main~1:main"], rewound),
        (&["origin", ":main"], deleted),
    ] {
        assert_eq!(at_push(&repo, push), [expected.as_str()]);
        assert_eq!(at_receive(&repo, push), [expected.as_str()]);
    }
}

#[test]
fn a_release_on_the_server_neither_moves_nor_goes() {
    let repo = Repo::enrolled();
    with_server(&repo);
    let _ = repo.git(&["tag", "v1", "main~1"]).ok();
    assert_eq!(at_push(&repo, &["origin", "v1"]), [""; 0]);
    let short = |revision: &str| repo.ask(&["rev-parse", revision])[..12].to_owned();
    let moved = format!(
        "PDD007: the release tag `v1` would move from {} to {}",
        short("main~1"),
        short("main")
    );
    let deleted = "PDD007: the release tag `v1` would be deleted".to_owned();
    for (push, expected) in [
        (&["-f", "origin", "main:refs/tags/v1"][..], moved),
        (&["origin", ":refs/tags/v1"], deleted),
    ] {
        assert_eq!(at_push(&repo, push), [expected.as_str()]);
        assert_eq!(at_receive(&repo, push), [expected.as_str()]);
    }
}
