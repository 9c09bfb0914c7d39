//! Ways round what records prove: receipts without a run, validation that came late, source without red proof.

use super::git;
use crate::support::Repo;
use crate::validation::scene::{MESSAGE, RUNNER, TESTS};

/// A repository whose check ran on one step.
fn checked() -> Repo {
    let repo = Repo::checked("");
    repo.validated_step("one");
    repo
}

/// Makes a commit past every hook.
fn off(repo: &Repo, name: &str) -> String {
    repo.stage_step(name);
    git(
        repo,
        &[
            "-c",
            "core.hooksPath=/dev/null",
            "commit",
            "-q",
            "-m",
            MESSAGE,
        ],
    );
    repo.ask(&["rev-parse", "HEAD"])
}

/// Adds a line, well chained, that says that the hooks saw `HEAD` through.
fn forge(repo: &Repo) {
    let lines = repo.read(".git/pdd/ledger.jsonl");
    let last = lines.lines().last().unwrap();
    let mut line: serde_json::Value = serde_json::from_str(last).unwrap();
    line["seq"] = (line["seq"].as_u64().unwrap() + 1).into();
    line["prev"] = pdd_hooks::evidence::ledger::digest(last.as_bytes()).into();
    for (key, revision) in [("commit", "HEAD"), ("tree", "HEAD^{tree}")] {
        line[key] = repo.ask(&["rev-parse", revision]).into();
    }
    line["parents"] = vec![repo.ask(&["rev-parse", "HEAD~1"])].into();
    repo.write(".git/pdd/ledger.jsonl", format!("{lines}{line}\n"));
}

#[test]
fn a_receipt_without_a_run_is_forged() {
    let repo = checked();
    let made = off(&repo, "two");
    forge(&repo);
    assert_eq!(repo.class_of(&made), "bypassed (forged receipt)");
    assert!(repo.codes_of(&made).contains(&"PDD008".to_owned()));
    // With the next honest line behind it, it stays forged.
    repo.stage("docs/a.md", "words\n");
    git(
        &repo,
        &["commit", "-q", "-n", "-m", "docs: words [TASK-001]"],
    );
    assert_eq!(repo.class_of(&made), "bypassed (forged receipt)");
}

#[test]
fn what_was_validated_late_stays_what_it_was() {
    let repo = checked();
    let made = off(&repo, "two");
    assert_eq!(repo.codes_of(&made), ["PDD008"]);
    let _ = repo.pdd(&["validate", &made]).ok();
    assert_eq!(repo.codes_of(&made), [""; 0]);
    assert_eq!(repo.class_of(&made), "bypassed (hooks off)");
}

/// Replays, merges, reverts and words ask for no run of their own, or have had theirs elsewhere.
#[test]
fn no_honest_receipt_is_called_forged() {
    let repo = checked();
    repo.stage("docs/a.md", "words\n");
    let _ = repo.commit("docs: words [TASK-001]").ok();
    repo.validated_step("two");
    git(
        &repo,
        &["switch", "-q", "-c", "feat/TASK-001-side", "HEAD~1"],
    );
    repo.stage("docs/b.md", "words\n");
    let _ = repo.commit("docs: more words [TASK-001]").ok();
    let side = "feat/TASK-001-steps";
    git(
        &repo,
        &[
            "merge",
            "-q",
            "--no-ff",
            "-m",
            "merge: steps [TASK-001]",
            side,
        ],
    );
    let _ = repo.git(&["revert", "--no-edit", "feat/TASK-001-steps"]);
    classes(&repo, &["enforced", "merge", "replayed"]);
    // The store is lost, whole, and begins anew.
    git(&repo, &["update-ref", "-d", "refs/pdd/evidence"]);
    classes(&repo, &["enforced", "merge", "replayed"]);
    git(&repo, &["switch", "-q", "feat/TASK-001-steps"]);
    repo.stage_step("three");
    let said = repo.commit(MESSAGE);
    let _ = (said.code() != 0).then(|| repo.pdd(&["validate"]).ok());
    classes(&repo, &["enforced", "merge", "replayed"]);
    // Another policy asks for another run.
    let text = repo.read(".pdd.toml").replace("policy = 1", "policy = 2");
    git(&repo, &["switch", "-q", "main"]);
    repo.write(
        ".pdd.toml",
        text.replace("name = \"tests\"", "name = \"others\""),
    );
    git(
        &repo,
        &[
            "-c",
            "core.hooksPath=/dev/null",
            "commit",
            "-qam",
            "chore: ask anew [MAINT-1]",
        ],
    );
    let report = super::audit(&repo, repo.folder());
    let forged = report.to_string().matches("forged").count();
    assert_eq!(forged, 0);
}

/// The classes of all commits of the branches after the adoption.
#[track_caller]
fn classes(repo: &Repo, allowed: &[&str]) {
    let told = super::told(&super::audit(repo, repo.folder()));
    for (id, (class, how)) in told {
        let is_after = !matches!(class.as_str(), "adoption" | "pre-adoption");
        assert!(
            !is_after || allowed.contains(&class.as_str()),
            "{id}: {class} {how:?}"
        );
    }
}

/// Whatever its type, source needs a record of what became of its tests; a type that asks for no red test is content
/// with that they still pass.
#[test]
fn source_without_red_proof_is_listed_by_type() {
    let repo = Repo::new();
    repo.write("app.txt", "base\n");
    repo.write("tests/run.sh", RUNNER);
    repo.write("tests/base.case", "base\n");
    repo.commit_all("start");
    repo.write(
        ".pdd.toml",
        format!("policy = 1\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n{TESTS}"),
    );
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let _ = repo.pdd(&["install"]).ok();
    repo.begin(crate::enrolled::WORK);
    let is_listed = || repo.codes_of("HEAD").contains(&"PDD009".to_owned());
    for (kind, path, before, after) in [
        ("feat", "app.txt", true, true),
        ("fix", "app.txt", true, true),
        ("refactor", "app.txt", true, false),
        ("docs", "docs/a.md", false, false),
    ] {
        repo.stage(path, &format!("base\n{kind}\n"));
        let message = format!("{kind}: change it [TASK-001]");
        git(&repo, &["commit", "-q", "-n", "-m", &message]);
        assert_eq!(is_listed(), before, "{kind}");
        let _ = repo.pdd(&["validate", "HEAD"]);
        assert_eq!(is_listed(), after, "{kind}, validated late");
        assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
    }
}
