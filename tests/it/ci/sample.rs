//! The commands of docs/ci.md, run as a job would: those of the workflow in a clone of their own.

use clap::CommandFactory as _;
use pdd_hooks::commands::Cli;

use super::Scene;
use crate::keys::{RUNNER, SIGNERS};
use crate::support::pdd_hooks;

const DOCUMENT: &str = include_str!("../../../docs/ci.md");

/// The shell commands of the workflow, in order.
fn steps() -> Vec<String> {
    let (_, rest) = DOCUMENT.split_once("<!-- workflow -->\n```yaml\n").unwrap();
    let (text, _) = rest.split_once("```\n<!-- /workflow -->").unwrap();
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(step) = line.strip_prefix("      - run: ") else {
            continue;
        };
        if step != "|" {
            found.push(step.to_owned());
            continue;
        }
        let indent = " ".repeat(10);
        while let Some(line) = lines.next_if(|line| line.starts_with(&indent)) {
            found.push(line.trim().to_owned());
        }
    }
    found
}

/// What a command of the document is where this program does not bring records from place to place itself.
fn by_git(command: &str) -> String {
    if Cli::command().find_subcommand("evidence").is_some() {
        return command.to_owned();
    }
    command
        .replace(
            "pdd-hooks evidence fetch",
            "git fetch -q origin '+refs/pdd/evidence:refs/pdd/evidence'",
        )
        .replace(
            "pdd-hooks evidence push",
            "git push -q origin refs/pdd/evidence:refs/pdd/evidence",
        )
}

#[test]
fn the_workflow_signs_as_a_runner_and_lets_an_approved_landing_through() {
    let mut scene = Scene::listing(|repo| {
        let ci = repo.key("ci");
        ci.line("ci@example.org", &[RUNNER])
    });
    scene.repo.prepend_path(pdd_hooks().parent().unwrap());
    scene.repo.validated_step("one");
    scene.approve();
    scene.publish();
    let clone = scene.clone("ci", &[]);
    clone.git(&["switch", "-q", "--detach", "origin/feat/TASK-001-steps"]);
    assert!(scene.repo.has(SIGNERS));
    let key = std::fs::read_to_string(scene.repo.root().join("keys/ci")).unwrap();
    let run = |script: &str| {
        let mut shell = scene.repo.command("sh", &clone.folder);
        shell.args(["-ec", script]);
        shell.env("RUNNER_TEMP", scene.repo.root());
        shell.env("RUNNER_KEY", key.trim_end());
        scene.repo.run(&mut shell, b"")
    };
    let (gate, before) = steps()
        .split_last()
        .map(|(last, rest)| (last.clone(), rest.to_vec()))
        .unwrap();
    // Dev's word counts for nothing where a runner is listed.
    let _ = run(&by_git(&before[0])).ok();
    assert_eq!(run(&gate).code(), 1);
    let _ = run(&by_git(&before.join("\n"))).ok();
    let said = run(&gate).ok();
    assert_eq!(
        said.stdout,
        "note: main: approved by ann@example.org (software key); validation by the runner ci@example.org\n\
         2 commits: 2 foreign; no findings\n"
    );
    let again = run(&format!("{gate} --recompute")).ok();
    assert!(
        again.stdout.contains("; validation recomputed\n"),
        "{}",
        again.text()
    );
}

#[test]
fn every_command_of_the_document_is_one_that_the_workflow_runs() {
    let all = steps().join("\n");
    let named = DOCUMENT
        .lines()
        .filter(|line| line.starts_with("pdd-hooks "));
    for line in named {
        assert!(
            all.contains(line.trim_end_matches(" --recompute")),
            "{line}"
        );
    }
}
