//! docs/evidence.md says what is so: its examples are read and written, its commands are run.

use std::fmt::Write as _;

use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::evidence::statement::{Predicate, Statement};
use pdd_hooks::evidence::{Envelope, envelope};
use pdd_hooks::id::TreeId;
use pdd_hooks::signing::{Asks, Key};

use super::open;
use crate::keys::{EVIDENCE, SIGNERS};
use crate::support::Repo;

const DOCUMENT: &str = include_str!("../../../docs/evidence.md");

/// Returns the text of the first block that is fenced as `language`.
fn block(language: &str) -> &'static str {
    blocks(language).next().unwrap()
}

/// Returns the text of each block that is fenced as `language`.
fn blocks(language: &str) -> impl Iterator<Item = &'static str> {
    let fence = format!("```{language}\n");
    let blocks: Vec<_> = DOCUMENT.split(&fence).skip(1).collect();
    let text = |block: &'static str| block.split("```").next().unwrap();
    blocks.into_iter().map(text)
}

/// Takes the blanks out of JSON that stand outside its texts.
fn compact(json: &str) -> String {
    let mut is_text = false;
    json.chars()
        .filter(|&c| {
            is_text ^= c == '"';
            is_text || !c.is_whitespace()
        })
        .collect()
}

#[test]
fn each_example_is_a_whole_statement_and_comes_back_byte_for_byte() {
    let mut kinds = Vec::new();
    for block in blocks("json") {
        let example = compact(block);
        let statement = Statement::parse(example.as_bytes()).unwrap();
        assert_eq!(
            String::from_utf8(statement.to_json().unwrap()).unwrap(),
            example
        );
        kinds.push(match statement.predicate {
            Predicate::TestResult(_) => "validation",
            Predicate::RedGreen(_) => "red-green",
            Predicate::Seal(_) => "seal",
            Predicate::Approval(_) => "approval",
            Predicate::CommitCheck(_) => "commit-check",
            Predicate::Gap(_) => "gap",
            Predicate::Transition(_) => "transition",
            Predicate::Waiver(_) => "waiver",
            Predicate::Other { .. } => "other",
        });
    }
    let expected = [
        "validation",
        "red-green",
        "seal",
        "approval",
        "commit-check",
        "gap",
        "transition",
        "waiver",
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn the_example_is_what_its_validation_gives() {
    let statement = Statement::parse(block("json").as_bytes()).unwrap();
    let (tree, validation) = statement.claim().unwrap();
    assert_eq!(
        tree,
        TreeId::new("9ab2c1d0e3f4051627384950a1b2c3d4e5f60718")
    );
    let Predicate::TestResult(result) = &statement.predicate else {
        panic!("{statement:?}");
    };
    let passed: Vec<_> = result
        .passed_tests
        .iter()
        .map(|name| name.split_once('/').unwrap())
        .map(|(check, id)| (check.to_owned(), id.to_owned()))
        .collect();
    let commit = statement.commit();
    let made = Statement::validation(&tree, commit.as_ref(), validation.clone(), &passed);
    assert_eq!(made, statement);
}

#[test]
fn the_commands_show_what_the_document_says() {
    let repo = Repo::new();
    let statement = Statement::parse(block("json").as_bytes()).unwrap();
    let line = Envelope::unsigned(&statement).unwrap().to_line().unwrap();
    let names = open(&repo)
        .add_records(std::slice::from_ref(&line))
        .unwrap();
    assert_eq!(names, [envelope::name(&line)]);
    let mut shown = String::new();
    for line in block("console").lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            let mut shell = repo.command("sh", repo.folder());
            let output = repo.run(shell.args(["-c", command]), b"").ok();
            assert_eq!(output.stderr, "");
            writeln!(shown, "{line}\n{}", output.stdout.trim_end()).unwrap();
        }
    }
    assert_eq!(shown, block("console"));
}

#[test]
fn plain_ssh_keygen_verifies_a_record_by_the_commands_of_the_document() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    repo.write(SIGNERS, ann.line("ann@example.org", &[EVIDENCE]));
    let statement = Statement::parse(block("json").as_bytes()).unwrap();
    let key = Key::at(&ann.path).unwrap();
    let signed = key.sign(&[statement], Namespace::Evidence, Asks::Never);
    let line = signed.unwrap()[0].to_line().unwrap();
    let _ = open(&repo).add_records(&[line]).unwrap();
    let block = blocks("console").nth(1).unwrap();
    let mut shown = String::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            let mut shell = repo.command("sh", repo.folder());
            let output = repo.run(shell.args(["-c", command]), b"").ok();
            assert_eq!(output.stderr, "");
            write!(shown, "{line}\n{}", output.stdout).unwrap();
        }
    }
    // The document's key is another one.
    let (_, theirs) = block.trim_end().rsplit_once(' ').unwrap();
    assert_eq!(shown.replace(&ann.fingerprint, theirs), block);
}
