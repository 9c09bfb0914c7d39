//! `init` and `persona` in real repositories: what they write, keep, stage and say.

use crate::support::{Repo, set_mode};

/// Replaces what differs from run to run: the random name and the clock.
fn steady(text: &str) -> String {
    let hex = regex::Regex::new("[0-9a-f]{32}").unwrap();
    let clock = regex::Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d").unwrap();
    let text = hex.replace_all(text, "<name>");
    clock.replace_all(&text, "<date>").into_owned()
}

#[test]
fn init_writes_policy_and_documents_and_says_what_to_do_next() {
    let repo = Repo::new();
    repo.write("Cargo.toml", "[package]\nname = \"a\"\n");
    assert_eq!(
        repo.pdd(&["init"]).text(),
        "exit: 0
--- stdout
found Rust in $REPO
branches: work is cut from `main`, which takes it back as people approve
wrote .pdd.toml
wrote .gitattributes
wrote context/Tasklist.md
wrote context/Changelog.md
wrote context/Devlog.md
wrote context/Persona.md
wrote context/Style_Guide.md
wrote context/Setup_Checklist.md
wrote context/personalog/README.md

next:
  1. read .pdd.toml: what differs from the defaults, and the checks that each commit has to pass
  2. git add .pdd.toml .gitattributes context && git commit -m \"chore(pdd): adopt the workflow [MAINT-1]\"
  3. pdd-hooks install
  4. git switch -c dev: where work meets before it lands, if you want such a branch
  5. pdd-hooks task new \"<title>\" && pdd-hooks task start
--- stderr
"
    );
    assert_eq!(
        steady(&repo.read(".pdd.toml")),
        "# How Persona-Driven Development is kept in this repository. A key that is absent has its default:
# `pdd-hooks schema` lists every key, `pdd-hooks rules` the rules.

# Raise this number with every change of this file.
policy = 1

[approval]
# Names this repository in what is signed; an approval for another repository does not count here.
repository = \"<name>\"

# Every test is run, whatever fails first; the outcome is read from the runner's own text.
[[check]]
name = \"tests\"
kind = \"test\"
run = [\"cargo\", \"test\", \"--workspace\", \"--no-fail-fast\"]
only = [\"--\", \"--exact\", \"{tests}\"]
report = \"libtest\"

[[check]]
name = \"clippy\"
kind = \"quality\"
run = [\"cargo\", \"clippy\", \"--workspace\", \"--all-targets\", \"--\", \"-D\", \"warnings\"]
compiles = true

[[check]]
name = \"format\"
kind = \"quality\"
run = [\"cargo\", \"fmt\", \"--all\", \"--check\"]
"
    );
    assert_eq!(repo.ask(&["status", "--short", "context"]), "?? context/");
}

#[test]
fn init_names_each_repository_anew() {
    let (one, two) = (Repo::new(), Repo::new());
    let _ = one.pdd(&["init"]).ok();
    let _ = two.pdd(&["init"]).ok();
    assert_ne!(one.read(".pdd.toml"), two.read(".pdd.toml"));
    assert_eq!(
        steady(&one.read(".pdd.toml")),
        steady(&two.read(".pdd.toml"))
    );
}

#[test]
fn a_dry_run_says_the_same_files_and_writes_none() {
    let repo = Repo::new();
    let output = repo.pdd(&["init", "--dry-run"]).ok();
    assert_eq!(
        output.text(),
        "exit: 0
--- stdout
found no language that init knows in $REPO
branches: work is cut from `main`, which takes it back as people approve
would write .pdd.toml
would write .gitattributes
would write context/Tasklist.md
would write context/Changelog.md
would write context/Devlog.md
would write context/Persona.md
would write context/Style_Guide.md
would write context/Setup_Checklist.md
would write context/personalog/README.md
--- stderr
"
    );
    assert_eq!(repo.ask(&["status", "--short"]), "");
}

#[test]
fn what_is_there_is_kept_and_a_second_init_does_nothing() {
    let repo = Repo::new();
    repo.write("context/Tasklist.md", "ours\n");
    let first = repo.pdd(&["init"]).ok();
    assert!(first.stdout.contains("kept context/Tasklist.md\n"));
    let note = "\nnote: context/Tasklist.md:1: nothing in it reads as a task\n";
    assert!(first.stdout.contains(note), "{}", first.text());
    assert_eq!(repo.read("context/Tasklist.md"), "ours\n");
    let policy = repo.read(".pdd.toml");
    let second = repo.pdd(&["init"]).ok();
    assert!(
        second
            .stdout
            .ends_with("nothing to do: every file is there already\n")
    );
    assert_eq!(second.stdout.matches("kept ").count(), 9);
    assert_eq!(repo.read(".pdd.toml"), policy);
}

#[test]
fn an_existing_policy_says_where_the_documents_go() {
    let repo = Repo::new();
    repo.write(".pdd.toml", "task.tasklist = \"plan/Tasks.md\"\n");
    let _ = repo.pdd(&["init"]).ok();
    assert!(repo.has("plan/Tasks.md") && repo.has("plan/Persona.md"));
    assert!(!repo.has("context/Tasklist.md"));
}

#[test]
fn init_in_a_subfolder_writes_at_the_top_and_protects_the_branch_that_is_there() {
    let repo = Repo::new();
    let _ = repo.git(&["symbolic-ref", "HEAD", "refs/heads/trunk"]).ok();
    repo.write("sub/a.txt", "a\n");
    let _ = repo.pdd_in(&repo.at("sub"), &["init"]).ok();
    assert!(
        repo.read(".pdd.toml")
            .contains("\nprotected = [\"trunk\"]\n")
    );
    assert!(!repo.has("sub/.pdd.toml"));
}

#[test]
fn ignored_folders_hold_no_projects() {
    let repo = Repo::new();
    repo.write(".gitignore", "/vendor/\n");
    repo.write("vendor/package.json", "{}");
    repo.write("api/go.mod", "module a\n");
    let output = repo.pdd(&["init"]).ok();
    assert!(
        output.text().contains("found Go in api/ in $REPO\n"),
        "{}",
        output.text()
    );
}

#[test]
fn outside_a_work_tree_init_says_what_to_do() {
    let repo = Repo::bare_folder();
    assert_eq!(
        repo.pdd(&["init"]).text(),
        "exit: 2
--- stdout
--- stderr
error: this folder is not inside a git work tree
  = help: change into a repository, or begin one: `git init`
"
    );
}

fn adopted() -> Repo {
    let repo = Repo::new();
    let _ = repo.pdd(&["init"]).ok();
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-search"])
        .ok();
    repo
}

#[test]
fn persona_writes_and_stages_the_declaration_and_nothing_else() {
    let repo = adopted();
    repo.write("other.txt", "not staged\n");
    assert_eq!(
        repo.pdd(&["persona", "pm", "plan the search"]).text(),
        "exit: 0
--- stdout
declared PM for TASK-001 in context/personalog/TASK-001.md, staged: plan the search
--- stderr
"
    );
    let log = repo.read("context/personalog/TASK-001.md");
    assert!(
        steady(&log).contains("## [PERSONA: PM] - [TASK-001] - plan the search\n")
            && steady(&log).contains("**Date**: <date>")
            && log.contains("**By**: Ann Example <ann@example.org>"),
        "{log}"
    );
    assert_eq!(
        repo.ask(&["status", "--short"]),
        "A  context/personalog/TASK-001.md\n?? other.txt"
    );
}

#[test]
fn persona_from_a_subfolder_puts_the_newest_first_and_keeps_the_rest() {
    let repo = adopted();
    let _ = repo.pdd(&["persona", "PM", "plan"]).ok();
    let before = repo.read("context/personalog/TASK-001.md");
    let _ = repo
        .pdd_in(&repo.at("context"), &["persona", "QA", "tests"])
        .ok();
    let after = repo.read("context/personalog/TASK-001.md");
    let (pm, qa) = (
        after.find("PERSONA: PM").unwrap(),
        after.find("PERSONA: QA").unwrap(),
    );
    assert!(qa < pm, "{after}");
    assert!(
        after.ends_with(&before[before.find("## ").unwrap()..]),
        "{after}"
    );
}

#[test]
fn a_forbidden_step_is_refused_and_nothing_is_written() {
    let repo = adopted();
    let _ = repo.pdd(&["persona", "PM", "plan"]).ok();
    let before = repo.read("context/personalog/TASK-001.md");
    assert_eq!(
        repo.pdd(&["persona", "DEV", "code at once"]).text(),
        "exit: 1
--- stdout
--- stderr
error[PDD005]: `TASK-001` goes from PM to DEV, which is forbidden
 --> context/personalog/TASK-001.md in staged change on feat/TASK-001-search
  = help: pass through QA: after PM the log allows PM, QA, TROUBLESHOOT: `pdd-hooks persona QA TASK-001 \"<action>\"`
  = note: pdd-hooks explain PDD005
"
    );
    assert_eq!(repo.read("context/personalog/TASK-001.md"), before);
}

#[test]
fn a_log_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = adopted();
    let _ = repo.pdd(&["persona", "PM", "plan"]).ok();
    let log = repo.at("context/personalog/TASK-001.md");
    set_mode(&log, 0o640);
    let _ = repo.pdd(&["persona", "QA", "tests"]).ok();
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_log_that_is_a_link_or_in_conflict_is_left_alone() {
    let repo = adopted();
    let log = repo.at("context/personalog/TASK-001.md");
    std::os::unix::fs::symlink("README.md", &log).unwrap();
    let link = repo.pdd(&["persona", "PM", "plan"]);
    assert_eq!(
        link.text(),
        "exit: 2
--- stdout
--- stderr
error: the document `context/personalog/TASK-001.md` is not a plain file
  = help: a document is a plain file; move away what stands there
"
    );
    std::fs::remove_file(&log).unwrap();
    for (branch, text) in [("one", "1\n"), ("two", "2\n")] {
        let _ = repo.git(&["switch", "-q", "-c", branch, "main"]).ok();
        repo.write("context/personalog/TASK-001.md", text);
        repo.commit_all(branch);
    }
    assert_eq!(repo.git(&["merge", "one"]).code(), 1);
    let conflict = repo.pdd(&["persona", "PM", "TASK-001", "plan"]);
    assert_eq!(
        conflict.text(),
        "exit: 2
--- stdout
--- stderr
error: the document `context/personalog/TASK-001.md` has a merge conflict
  = help: resolve it and `git add context/personalog/TASK-001.md` first: both sides' entries stay
"
    );
}

#[test]
fn without_a_policy_persona_names_init() {
    let repo = Repo::new();
    assert_eq!(
        repo.pdd(&["persona", "PM", "TASK-001", "plan"]).text(),
        "exit: 2
--- stdout
--- stderr
error: this repository has no policy: `$REPO/.pdd.toml` does not exist
  = help: pdd-hooks init
"
    );
}

/// Runs the first check of the repository's policy as it is written, with a path for `{report}`; returns the report.
fn first_check(repo: &Repo) -> String {
    let policy = pdd_hooks::policy::Policy::parse(&repo.read(".pdd.toml"), ".pdd.toml").unwrap();
    let report = repo.root().join("report.xml");
    let run: Vec<String> = policy.check[0]
        .run
        .iter()
        .map(|word| word.replace("{report}", report.to_str().unwrap()))
        .collect();
    let mut command = repo.command(&run[0], repo.folder());
    command.args(&run[1..]).envs(&policy.check[0].env);
    for name in ["CARGO_HOME", "RUSTUP_HOME"] {
        // Both are found by the home folder, which is another one here.
        if let Some(value) = std::env::var_os(name).or_else(|| {
            let folder = format!(".{}", name.trim_end_matches("_HOME").to_lowercase());
            Some(
                std::path::PathBuf::from(std::env::var_os("HOME")?)
                    .join(folder)
                    .into(),
            )
        }) {
            command.env(name, value);
        }
    }
    let output = repo.run(&mut command, b"").ok();
    std::fs::read_to_string(report).unwrap_or(output.stdout)
}

#[test]
fn the_test_check_written_for_a_crate_runs_its_tests() {
    let repo = Repo::new();
    let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    repo.write("core/Cargo.toml", manifest);
    repo.write("core/src/lib.rs", "#[test]\nfn adds() {}\n");
    let _ = repo.pdd(&["init"]).ok();
    assert!(first_check(&repo).contains("test adds ... ok\n"));
}

#[test]
fn the_test_check_written_for_a_package_runs_its_tests() {
    let repo = Repo::new();
    repo.write("web/package.json", "{}");
    repo.write(
        "web/src/a.test.js",
        "require('node:test')('adds', () => {});\n",
    );
    let _ = repo.pdd(&["init"]).ok();
    let report = first_check(&repo);
    assert!(report.contains("<testcase name=\"adds\""), "{report}");
}
