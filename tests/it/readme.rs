//! The README and CONTRIBUTING say what is so: every console block is run and compared, every table is held equal to its
//! source.
//!
//! In a block fenced as `console`, a line that begins with `$ ` is a command for `sh`, and the lines up to the next one
//! are all that it prints. A comment before the block, `<!-- in: adopted -->`, names the repository that it starts in;
//! without one it is a new and empty repository.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::CommandFactory as _;
use pdd_hooks::commands::Cli;

use crate::reports::real::runner;
use crate::support::{Repo, pdd_hooks};

const README: &str = include_str!("../../README.md");
const COMMANDS: &str = include_str!("../../docs/commands.md");
const CONTRIBUTING: &str = include_str!("../../CONTRIBUTING.md");
const TASKS: &str = include_str!("../../docs/tasks.md");
const MANIFEST: &str = include_str!("../../Cargo.toml");

/// A console block: the repository it starts in, and its text.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    start: String,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut before = "";
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if let Some(fence) = line.strip_prefix("```") {
            let text: String = lines
                .by_ref()
                .take_while(|line| *line != "```")
                .map(|line| format!("{line}\n"))
                .collect();
            if fence == "console" {
                let start = before
                    .strip_prefix("<!-- in: ")
                    .and_then(|rest| rest.strip_suffix(" -->"))
                    .unwrap_or("empty")
                    .to_owned();
                found.push(Block { start, text });
            }
        }
        before = line;
    }
    found
}

/// Makes the repository that a block starts in.
fn start(name: &str) -> Repo {
    let mut repo = Repo::new();
    repo.prepend_path(pdd_hooks().parent().unwrap());
    match name {
        "empty" => {}
        "project" => {
            repo.prepend_path(runner("venv/bin/python").parent().unwrap());
            repo.write(
                "pyproject.toml",
                "[tool.pytest.ini_options]\npythonpath = ['.']\n",
            );
            repo.write("greet.py", "def greet(name): return 'Hello.'\n");
            let old = "from greet import greet\n\n\ndef test_greets(): assert greet('').startswith('Hello')\n\n\n";
            repo.write("tests/test_greet.py", old);
            let email = ["config", "user.email", "ann@example.org"];
            let _ = repo.git(&email).ok();
            let _ = repo.pdd(&["init", "--new-approver-key"]).ok();
            repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
            let _ = repo.pdd(&["install"]).ok();
            let _ = repo.git(&["switch", "-q", "-c", "dev"]).ok();
        }
        other => panic!("no repository is called `{other}`"),
    }
    repo
}

/// Runs the commands of a block and writes the block as it should read.
fn replayed(block: &Block) -> String {
    let repo = start(&block.start);
    let mut text = String::new();
    for command in block
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("$ "))
    {
        // A terminal shows both streams in the order in which they are written.
        let script = format!("{{ {command}\n}} 2>&1");
        let output = repo.run(repo.command("sh", repo.folder()).args(["-c", &script]), b"");
        let printed = steady(&output.stdout, &repo);
        writeln!(text, "$ {command}").unwrap();
        text.push_str(&printed);
    }
    text
}

/// Replaces what differs from run to run: temporary paths, object names and times.
fn steady(text: &str, repo: &Repo) -> String {
    let text = text
        .replace(repo.folder().to_str().unwrap(), "~/my-project")
        .replace(repo.root().join("home").to_str().unwrap(), "~")
        .replace(repo.root().to_str().unwrap(), "~");
    let object =
        regex::Regex::new(r"\b([0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{16}|[0-9a-f]{12}|[0-9a-f]{7})\b")
            .unwrap();
    let text = object.replace_all(&text, "1a2b3c4");
    let time = regex::Regex::new(r"\b\d+\.\d s\b").unwrap();
    time.replace_all(&text, "0.1 s").into_owned()
}

/// Returns what stands between `<!-- name -->` and `<!-- /name -->`, without those lines.
fn between<'a>(document: &'a str, name: &str) -> &'a str {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
    let from = document
        .find(&begin)
        .unwrap_or_else(|| panic!("no {begin}"))
        + begin.len();
    let to = document.find(&end).unwrap_or_else(|| panic!("no {end}"));
    &document[from..to]
}

#[test]
fn every_console_block_shows_what_really_happens() {
    let blocks = blocks(README);
    assert!(!blocks.is_empty());
    for block in blocks {
        assert_eq!(replayed(&block), block.text);
    }
}

#[test]
fn a_bug_is_carried_as_its_page_shows() {
    let blocks = blocks(TASKS);
    assert!(!blocks.is_empty());
    for block in blocks {
        assert_eq!(replayed(&block), block.text);
    }
}

#[test]
fn blocks_are_found_with_the_repository_they_start_in() {
    let document = "<!-- in: project -->\n```console\n$ true\n```\n\n```sh\n$ no\n```\ntext\n```console\n$ pwd\n/\n```\n";
    let expected = [("project", "$ true\n"), ("empty", "$ pwd\n/\n")].map(|(start, text)| Block {
        start: start.into(),
        text: text.into(),
    });
    assert_eq!(blocks(document), expected);
}

#[test]
fn a_block_that_shows_something_else_is_told_what_happens() {
    let block = Block {
        start: "empty".into(),
        text: "$ git rev-parse --show-toplevel\nnowhere\n$ ls no-such-file >&2 || echo none\n"
            .into(),
    };
    let replayed = replayed(&block);
    let lines: Vec<&str> = replayed.lines().collect();
    assert_eq!(
        lines[..2],
        ["$ git rev-parse --show-toplevel", "~/my-project"]
    );
    assert_eq!(lines.last(), Some(&"none"));
    assert_ne!(replayed, block.text);
}

#[test]
fn the_table_of_commands_is_the_command_line() {
    let mut expected = String::from("| command | does |\n| --- | --- |\n");
    for command in Cli::command()
        .get_subcommands()
        .filter(|it| !it.is_hide_set())
    {
        let about = command.get_about().unwrap();
        writeln!(expected, "| `pdd-hooks {}` | {about} |", command.get_name()).unwrap();
    }
    assert_eq!(between(COMMANDS, "commands"), expected);
}

#[test]
fn the_table_of_rules_is_the_registry() {
    assert_eq!(between(README, "rules"), pdd_hooks::rules::table());
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest: toml::Table = MANIFEST.parse().unwrap();
    let names: BTreeSet<&str> = ["dependencies", "dev-dependencies"]
        .iter()
        .flat_map(|key| manifest[*key].as_table().unwrap().keys())
        .map(String::as_str)
        .collect();
    let table: BTreeSet<&str> = between(CONTRIBUTING, "dependencies")
        .lines()
        .skip(2)
        .map(|row| row.split('|').nth(1).unwrap().trim())
        .collect();
    assert_eq!(table, names);
}

#[test]
fn the_readme_takes_two_minutes() {
    assert!(README.lines().count() <= 150);
}
