//! docs/examples/audit.yml: it is a workflow, and its commands do what they say, in a clone such as a job has.

use std::path::Path;

use clap::CommandFactory as _;
use pdd_hooks::commands::Cli;

use super::{assert_sarif, check_schema, scene};
use crate::enrolled::WORK;
use crate::reports::real::runner;
use crate::support::{Output, Repo, pdd_hooks};

const WORKFLOW: &str = include_str!("../../../docs/examples/audit.yml");

/// A `gh` that keeps one comment in `$STORE` and says in `$STORE.log` what it was asked for.
const GH: &str = r#"#!/bin/sh
set -e
printf '%s\n' "$1 $2" >>"$STORE.log"
for last; do :; done
case "$*" in
  "pr comment "*) cp "$last" "$STORE" ;;
  *"--method PATCH repos/team/app/issues/comments/7"*) cp "${last#body=@}" "$STORE" ;;
  *"--paginate repos/team/app/issues/12/comments"*) test ! -f "$STORE" || printf '7\n8\n' ;;
  *) exit 1 ;;
esac
"#;

/// Reads the workflow as YAML.
fn workflow(repo: &Repo) -> serde_json::Value {
    const SCRIPT: &str = "import json, sys; from ruamel.yaml import YAML; \
        json.dump(YAML(typ='safe', pure=True).load(sys.stdin.buffer.read().decode()), sys.stdout)";
    let mut command = repo.command(runner("venv/bin/python"), repo.folder());
    let output = repo.run(command.args(["-c", SCRIPT]), WORKFLOW.as_bytes());
    serde_json::from_str(&output.ok().stdout).unwrap()
}

/// Returns the script of a step.
fn script(repo: &Repo, name: &str) -> String {
    let workflow = workflow(repo);
    let steps = workflow["jobs"]["audit"]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == name);
    let script = step.and_then(|step| step["run"].as_str());
    script
        .unwrap_or_else(|| panic!("no step {name}"))
        .to_owned()
}

#[test]
fn the_workflow_is_one_by_the_schema_of_workflows() {
    let repo = Repo::bare_folder();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/audit.yml");
    let _ = check_schema(
        &repo,
        &["--builtin-schema", "vendor.github-workflows"],
        &file,
    )
    .ok();
}

#[test]
fn the_commands_of_the_workflow_exist_with_their_flags() {
    let repo = Repo::bare_folder();
    let mut count = 0;
    for name in ["audit", "gate"] {
        for line in script(&repo, name).lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.first() == Some(&"pdd-hooks") {
                count += 1;
                let read = Cli::command().try_get_matches_from(&words);
                assert!(read.is_ok(), "{line}: {}", read.unwrap_err());
            }
        }
    }
    assert_eq!(count, 4);
}

#[test]
fn a_pull_request_gets_one_comment_that_later_runs_bring_up_to_date() {
    let mut repo = scene();
    let _ = repo.git(&["init", "-q", "--bare", "../origin.git"]).ok();
    let _ = repo.git(&["remote", "add", "origin", "../origin.git"]).ok();
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "main", WORK])
        .ok();
    let _ = repo.git(&["clone", "-q", "../origin.git", "../ci"]).ok();
    let clone = repo.root().join("ci");
    let tip = format!("origin/{WORK}");
    let _ = repo
        .git_in(&clone, &["switch", "-q", "--detach", &tip])
        .ok();
    repo.write_program("../bin/gh", GH);
    repo.prepend_path(&repo.root().join("bin"));
    repo.prepend_path(pdd_hooks().parent().unwrap());
    let run = |name: &str| -> Output {
        let mut shell = repo.command("sh", &clone);
        // As a job does: the first failure ends the step.
        shell.args(["-ec", &script(&repo, name)]);
        shell
            .env("BASE", "main")
            .env("RANGE", "origin/main..HEAD")
            .env("RUNNER_TEMP", repo.root())
            .env("GITHUB_STEP_SUMMARY", repo.root().join("summary"))
            .env("GITHUB_REPOSITORY", "team/app")
            .env("NUMBER", "12")
            .env("STORE", repo.root().join("comment"));
        repo.run(&mut shell, b"")
    };
    let _ = run("audit").ok();
    let comment = repo.read("../audit.md");
    assert!(
        comment.starts_with("<!-- pdd-hooks audit -->\n### Audit of `origin/main..HEAD`"),
        "{comment}"
    );
    assert_eq!(repo.read("../summary"), comment);
    assert_sarif(&repo, &repo.read("../audit.sarif"));

    let _ = run("comment").ok();
    assert_eq!(repo.read("../comment"), comment);
    repo.write("../audit.md", "later\n");
    let _ = run("comment").ok();
    assert_eq!(repo.read("../comment"), "later\n");
    assert_eq!(
        repo.read("../comment.log"),
        "api --paginate\npr comment\napi --paginate\napi --silent\n"
    );
    assert_eq!(run("gate").code(), 1);
}
