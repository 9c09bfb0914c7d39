//! PDD013 contract: source that joins components has a checked-in contract of their interface.

use super::{Check, Rule, is_standing, task_of};
use crate::change::{Change, Contract, Kind, PathChange};
use crate::finding::Finding;
use crate::message::Message;
use crate::policy::{Class, Policy};
use crate::workflow::outline::{Block, blocks};

/// PDD013.
pub(super) const RULE: Rule = Rule {
    code: "PDD013",
    name: "contract",
    summary: "source under a task whose `**Contract**` is not checked in, or lacks EXPECTS, PROVIDES or GOTCHAS",
    explain: "\
## Requires
Where source changes under a task that has a field `- **Contract**: docs/search-contract.md` in the Tasklist, that document
is in the tree and has a heading EXPECTS, a heading PROVIDES and a heading GOTCHAS, of any level, each followed by any words
(`### EXPECTS (inputs):`). More than one contract is written with commas between.

## Why
Where two components meet, each of them is tested against what somebody believes of the other. The contract writes it down
before either is changed.

## Passes
- a task without the field, or with `None`
- a contract that is committed together with the source
- changes of tests and documents alone, and merges that change nothing by hand

## Refused
- a path at which nothing is, or that leads to a folder
- source whose commit takes the field out
- a document without one of the three headings

## Settings
`rules.contract` is `error`, `warn` or `off`.

## How to fix
PM or DEV writes the document: both components, and for each what it EXPECTS, what it PROVIDES, and the GOTCHAS. Stage it.
",
    checks: &[Check::Message(check)],
};

/// What a contract says of each component.
const HEADINGS: [&str; 3] = ["EXPECTS", "PROVIDES", "GOTCHAS"];

fn check(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let is_exempt = matches!(
        change.kind,
        Kind::Adoption | Kind::Squash | Kind::Revert { .. }
    );
    let is_source = |path: &PathChange| path.class == Class::Source && !path.is_test_within;
    if is_exempt || !change.paths.iter().any(is_source) || is_standing(change, message, policy) {
        return Vec::new();
    }
    // Without exactly one task PDD001 says so.
    let Some(task) = task_of(change, message, policy) else {
        return Vec::new();
    };
    let contracts = change.documents.contracts.iter();
    contracts
        .filter(|contract| contract.task == task)
        .filter_map(|contract| judge(contract, &policy.task.tasklist))
        .collect()
}

fn judge(contract: &Contract, list: &str) -> Option<Finding> {
    let path = &contract.path;
    let Some(text) = &contract.text else {
        return Some(
            RULE.finding(format!("the contract `{path}` is not checked in"))
                .at(list, contract.line)
                .help(format!(
                    "PM or DEV writes it, with the headings {}: `git add {path}`; or, in a commit before this one, PM mends the field Contract of `{}`",
                    HEADINGS.join(", "),
                    contract.task
                )),
        );
    };
    let said: Vec<String> = headings(text);
    let is_missing = |word: &&&str| !said.iter().any(|heading| heading == *word);
    let missing: Vec<&str> = HEADINGS.iter().filter(is_missing).copied().collect();
    if missing.is_empty() {
        return None;
    }
    let noun = if missing.len() == 1 {
        "heading"
    } else {
        "headings"
    };
    Some(
        RULE.finding(format!(
            "the contract lacks the {noun} {}",
            missing.join(", ")
        ))
        .at(path.as_str(), Some(1))
        .help(format!("add `### {}` with what is known of it", missing[0])),
    )
}

/// The first word of each heading, in upper case.
fn headings(text: &str) -> Vec<String> {
    let blocks = blocks(text).into_iter();
    let headings = blocks.filter_map(|block| match block {
        Block::Heading(heading) => Some(heading),
        _ => None,
    });
    headings
        .filter_map(|heading| {
            let said = &text[heading.text];
            let mut words = said.split(|letter: char| !letter.is_alphanumeric());
            words.find(|word| !word.is_empty()).map(str::to_uppercase)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{change, message, path, said};
    use super::*;
    use crate::change::Status;

    const WHOLE: &str =
        "# Search and index\n\n### EXPECTS (inputs):\n\n### Provides\n\n## **GOTCHAS**\n";

    fn judged(text: Option<&str>, class: Class) -> Vec<String> {
        judged_of("TASK-007", text, class)
    }

    fn judged_of(task: &str, text: Option<&str>, class: Class) -> Vec<String> {
        let mut change = change();
        change.paths = vec![path("a", class, Status::Modified)];
        change.documents.contracts = vec![Contract {
            path: "docs/search.md".into(),
            task: crate::id::TaskId::new(task),
            line: Some(7),
            text: text.map(str::to_owned),
        }];
        let message = message("feat: rank [TASK-007]");
        said(&check(&change, &message, &Policy::default()))
    }

    #[test]
    fn a_contract_with_the_three_headings_passes() {
        assert_eq!(judged(Some(WHOLE), Class::Source), [""; 0]);
    }

    #[test]
    fn a_contract_that_is_absent_or_lacks_a_heading_is_refused() {
        assert_eq!(
            judged(None, Class::Source),
            [
                "the contract `docs/search.md` is not checked in (context/Tasklist.md:7); PM or DEV writes it, with the headings EXPECTS, PROVIDES, GOTCHAS: `git add docs/search.md`; or, in a commit before this one, PM mends the field Contract of `TASK-007`"
            ]
        );
        assert_eq!(
            judged(Some("# EXPECTS\n\n```\n# PROVIDES\n```\n"), Class::Source),
            [
                "the contract lacks the headings PROVIDES, GOTCHAS (docs/search.md:1); add `### PROVIDES` with what is known of it"
            ]
        );
    }

    #[test]
    fn it_is_asked_for_where_source_changes() {
        assert_eq!(judged(None, Class::Test), [""; 0]);
        assert_eq!(judged(None, Class::Record), [""; 0]);
        assert_eq!(judged_of("TASK-008", None, Class::Source), [""; 0]);
    }
}
