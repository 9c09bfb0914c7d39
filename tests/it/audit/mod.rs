//! What the audit reports, in each of its forms.

mod browser;
mod chosen;
mod damaged;
mod document;
mod formats;
mod foxtrot;
mod hostile;
mod html;
mod html_shown;
mod html_used;
mod kept;
mod landings;
mod moved;
mod output;
mod people;
mod present;
mod real;
mod receipts;
mod repaired;
mod sample;
mod signed;
mod ways;
mod whole;
mod workflow;

use std::path::Path;

use crate::enrolled::HONEST;
use crate::reports::real::runner;
use crate::support::{Output, Repo};

/// The forms, as `--format` takes them.
const FORMS: [&str; 7] = ["text", "json", "jsonl", "csv", "markdown", "sarif", "html"];

/// The schema that OASIS publishes.
fn sarif_schema() -> String {
    format!(
        "{}/tests/it/fixtures/sarif-schema-2.1.0.json",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// Runs check-jsonschema on a file.
fn check_schema(repo: &Repo, args: &[&str], file: &Path) -> Output {
    let program = runner("venv/bin/check-jsonschema");
    let mut command = repo.command(program, repo.folder());
    // The schema's own expressions are none that engines for Unicode take.
    command.args(["--regex-variant", "python"]);
    repo.run(command.args(args).arg(file), b"")
}

/// Holds a text against the schema of SARIF.
#[track_caller]
fn assert_sarif(repo: &Repo, text: &str) -> serde_json::Value {
    let file = repo.root().join("audit.sarif");
    std::fs::write(&file, text).unwrap();
    let _ = check_schema(repo, &["--schemafile", &sarif_schema()], &file).ok();
    serde_json::from_str(text).unwrap()
}

/// Reads CSV as Python does; rows of cells.
#[track_caller]
fn read_csv(repo: &Repo, text: &str) -> Vec<Vec<String>> {
    const SCRIPT: &str = "import csv, io, json, sys\n\
        text = sys.stdin.buffer.read().decode()\n\
        print(json.dumps(list(csv.reader(io.StringIO(text, newline=''), strict=True))))";
    let mut command = repo.command(runner("venv/bin/python"), repo.folder());
    let output = repo.run(command.args(["-c", SCRIPT]), text.as_bytes()).ok();
    serde_json::from_str(&output.stdout).unwrap()
}

/// A repository with an honest commit, one by `--no-verify`, and one with the hooks off by somebody else.
fn scene() -> Repo {
    let repo = Repo::enrolled();
    repo.stage("a.txt", "a\n");
    let _ = repo
        .git(&["commit", "-q", "-n", "-m", "wip | <b>@you</b> #1"])
        .ok();
    repo.stage("b.txt", "b\n");
    let _ = repo
        .git_with(
            &[
                ("GIT_AUTHOR_NAME", "Bob, \"B\""),
                ("GIT_AUTHOR_EMAIL", "bob@example.org"),
            ],
            &[
                "-c",
                "core.hooksPath=/dev/null",
                "commit",
                "-q",
                "-m",
                HONEST,
            ],
        )
        .ok();
    repo
}

/// Replaces what differs from run to run: each commit of `HEAD` by its distance, what is made of its name, and times of now.
fn steady(repo: &Repo, text: &str) -> String {
    let mut text = text.to_owned();
    let commits = repo.ask(&["rev-list", "HEAD"]);
    for (place, id) in commits.lines().enumerate() {
        text = text.replace(id, &format!("<HEAD~{place}>"));
        text = text.replace(&id[..12], &format!("<HEAD~{place}..>"));
        let tree = repo.ask(&["rev-parse", &format!("{id}^{{tree}}")]);
        text = text.replace(&tree, &format!("<tree~{place}>"));
    }
    let blob = repo.ask(&["rev-parse", "HEAD:.pdd.toml"]);
    text = text.replace(&blob, "<policy>");
    let mark = regex::Regex::new(r"\b[0-9a-f]{64}\b").unwrap();
    text = mark.replace_all(&text, "<mark>").into_owned();
    let now = regex::Regex::new(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap();
    now.replace_all(&text, "<now>").into_owned()
}
