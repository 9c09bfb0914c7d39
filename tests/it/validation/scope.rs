//! What a change asks for: the checks that look at its paths, and no other.

use super::scene::{MESSAGE, TESTS, findings};
use crate::support::Repo;

/// A check of documents that leaves a mark beside the tests' own.
const LINKS: &str = r#"
[[check]]
name = "links"
kind = "quality"
run = ["sh", "-c", 'echo ran >>"$HOME/links"']
paths = ["docs/**"]
"#;

fn links(repo: &Repo) -> usize {
    let text = std::fs::read_to_string(repo.at("../home/links")).unwrap_or_default();
    text.lines().count()
}

#[test]
fn documents_and_records_start_nothing_and_need_no_slot() {
    let repo = Repo::checked("");
    repo.stage("README.md", "docs\n");
    repo.stage("docs/deep/a.md", "docs\n");
    repo.stage("context/Tasklist.md", "# Tasks\n");
    repo.declare("DEV");
    let _ = repo.commit("docs: explain [TASK-001]").ok();
    assert_eq!(repo.runs(), 0);
    assert!(!repo.has("../home/.cache"), "there is no slot");
    let told = repo.pdd(&["validate"]).ok();
    assert_eq!(
        told.text(),
        "exit: 0\n--- stdout\nstaged change on feat/TASK-001-steps: validated\n  no check is in scope (`--all` runs every one)\n--- stderr\n"
    );
    assert!(!repo.has("../home/.cache"), "there is no slot");
}

#[test]
fn a_check_of_documents_runs_for_them_alone() {
    let repo = Repo::checked(LINKS);
    repo.stage("docs/a.md", "docs\n");
    let _ = repo.commit("docs: explain [TASK-001]").ok();
    assert_eq!((repo.runs(), links(&repo)), (0, 1));
    // Prose elsewhere is not its concern, nor is source.
    repo.stage("README.md", "docs\n");
    let _ = repo.commit("docs: explain more [TASK-001]").ok();
    assert_eq!((repo.runs(), links(&repo)), (0, 1));
    let _ = repo.commit_source("base\nmore\n").ok();
    assert_eq!((repo.runs(), links(&repo)), (1, 1));
}

#[test]
fn code_among_documents_is_source() {
    let repo = Repo::checked(LINKS);
    repo.stage("docs/tool.py", "print()\n");
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!((repo.runs(), links(&repo)), (1, 1));
}

#[test]
fn what_decides_how_checks_run_brings_them_all_into_scope() {
    let repo = Repo::new().check_with(&format!("{TESTS}{LINKS}"));
    for (run, path) in [
        ".cargo/config.toml",
        "pytest.ini",
        ".gitattributes",
        "Cargo.lock",
    ]
    .iter()
    .enumerate()
    {
        repo.stage(path, "# changed\n");
        let _ = repo.commit("build: change it [TASK-001]").ok();
        assert_eq!((repo.runs(), links(&repo)), (run + 1, 0), "{path}");
    }
}

#[test]
fn a_change_of_the_policy_alone_runs_nothing() {
    let repo = Repo::checked("");
    // What the branch itself says is not in force before it has landed.
    let mark = "\n[[check]]\nname = 'mark'\nkind = 'quality'\nrun = ['sh', '-c', 'echo ran >>\"$HOME/links\"']\npaths = ['.pdd.toml']\n";
    let text = repo.read(".pdd.toml").replace("policy = 1", "policy = 2");
    repo.stage(".pdd.toml", &(text + mark));
    let _ = repo.commit("chore: ask for more [TASK-001]").ok();
    assert_eq!((repo.runs(), links(&repo)), (0, 0));
    let _ = repo.commit_source("base\nmore\n").ok();
    assert_eq!((repo.runs(), links(&repo)), (1, 0));
}

#[test]
fn a_document_that_a_link_names_is_tested_as_the_source_that_it_is() {
    let repo = Repo::checked("");
    repo.write("docs/app.md", "base\n");
    std::fs::remove_file(repo.at("app.txt")).unwrap();
    std::os::unix::fs::symlink("docs/app.md", repo.at("app.txt")).unwrap();
    let _ = repo.git(&["add", "-A"]).ok();
    let _ = repo.commit(MESSAGE).ok();
    repo.stage("docs/app.md", "broken\n");
    assert_eq!(
        findings(&repo.commit("docs: explain [TASK-001]")),
        ["PDD008: the check `tests` fails: `base`"]
    );
    let runs = repo.runs();
    let _ = repo
        .git(&["restore", "--staged", "--worktree", "docs"])
        .ok();
    repo.stage("docs/other.md", "prose\n");
    let _ = repo.commit("docs: explain [TASK-001]").ok();
    assert_eq!(repo.runs(), runs);
}

#[test]
fn code_beside_the_policy_file_is_tested() {
    let repo = Repo::checked("");
    let text = repo.read(".pdd.toml").replace("policy = 1", "policy = 2");
    repo.stage(".pdd.toml", &text);
    repo.stage(".pdd/app.py", "print()\n");
    let runs = repo.runs();
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.runs(), runs + 1);
}
