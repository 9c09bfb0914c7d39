//! Classes of commits and traces that are put together by hand.

use super::*;
use crate::evidence::ledger::{Entry, Event};
use crate::finding::Finding;
use crate::git::{Commit, ObjectFormat, Oid, Person};
use crate::id::TreeId;
use crate::message::Message;
use crate::rules::RULES;

fn oid(digit: char) -> Oid {
    let text = digit.to_string().repeat(40);
    Oid::from_str_ext(&text, ObjectFormat::Sha1).unwrap()
}

/// A commit on one parent, judged by the policy of number 1.
fn judged(codes: &[&str]) -> Judged {
    let finding = |code: &&str| {
        let rule = RULES.iter().find(|rule| rule.code == *code).unwrap();
        Finding {
            code: rule.code,
            rule: rule.name,
            level: Level::Error,
            message: "something".into(),
            help: None,
            path: None,
            line: None,
            waiver: None,
        }
    };
    Judged {
        commit: Commit {
            id: oid('c'),
            tree: oid('a'),
            parents: vec![oid('b')],
            author: Person::default(),
            committer: Person::default(),
            flaws: Vec::new(),
            message: Vec::new(),
        },
        message: Message::parse(b""),
        kind: None,
        is_automatic_merge: false,
        era: Era::After,
        task: None,
        findings: codes.iter().map(finding).collect(),
        policy: 1,
        lacks_run: codes.contains(&VALIDATION),
    }
}

/// The ledger's line about it.
fn line(class: ledger::Class) -> Line {
    Line {
        seq: 7,
        prev: String::new(),
        time: "2026-01-15T09:00:00Z".into(),
        entry: Entry {
            commit: Some(CommitId::new(oid('c').to_string())),
            tree: Some(TreeId::new(oid('a').to_string())),
            parents: vec![CommitId::new(oid('b').to_string())],
            class: Some(class),
            policy: Some(1),
            ..Entry::new(Event::Commit)
        },
        tool: String::new(),
    }
}

/// Class and how.
fn told(judged: &Judged, trace: &Trace<'_>) -> String {
    let verdict = of(judged, trace);
    let class = verdict.class.as_str();
    verdict
        .how
        .map_or(class.to_owned(), |how| format!("{class} ({how})"))
}

#[test]
fn only_a_receipt_whose_own_policy_asked_for_a_run_is_forged() {
    let line = line(ledger::Class::Enforced);
    let trace = Trace {
        line: Some(&line),
        is_after_runs: true,
        ..Trace::default()
    };
    let lacking = judged(&[VALIDATION]);
    assert_eq!(told(&lacking, &trace), "bypassed (forged receipt)");
    // The store is gone, or began anew: nothing says that there was no run.
    let no_store = Trace {
        is_after_runs: false,
        ..trace
    };
    assert_eq!(told(&lacking, &no_store), "enforced");
    // The policy has changed since.
    let later = Judged {
        policy: 2,
        ..judged(&[VALIDATION])
    };
    assert_eq!(told(&later, &trace), "enforced");
    // Nothing was to be run, or a waiver was about it: something else is found.
    let ran = Judged {
        lacks_run: false,
        ..judged(&[VALIDATION])
    };
    assert_eq!(told(&ran, &trace), "enforced");
    assert_eq!(told(&judged(&[]), &trace), "enforced");
}

#[test]
fn a_line_is_worth_nothing_that_is_not_about_the_commit_or_was_edited() {
    let honest = line(ledger::Class::Enforced);
    let judged = judged(&[]);
    let of_line = |line: &Line, is_rewritten| {
        let trace = Trace {
            line: Some(line),
            is_rewritten,
            ..Trace::default()
        };
        told(&judged, &trace)
    };
    assert_eq!(of_line(&honest, false), "enforced");
    assert_eq!(of_line(&honest, true), "bypassed (ledger rewritten)");
    let mut other = honest.clone();
    other.entry.tree = Some(TreeId::new(oid('d').to_string()));
    assert_eq!(of_line(&other, false), "bypassed (ledger rewritten)");
    let mut other = honest;
    other.entry.parents.clear();
    assert_eq!(of_line(&other, false), "bypassed (ledger rewritten)");
}

#[test]
fn what_the_ledger_lost_accuses_only_where_something_is_found() {
    let made = Trace {
        action: Some("commit: x"),
        ..Trace::default()
    };
    assert_eq!(told(&judged(&[]), &made), "bypassed (hooks off)");
    let lost = Trace {
        is_lost: true,
        ..made
    };
    assert_eq!(told(&judged(&[]), &lost), "foreign (ledger deleted)");
    assert_eq!(
        told(&judged(&["PDD001"]), &lost),
        "bypassed (ledger deleted)"
    );
    assert_eq!(told(&judged(&["PDD001"]), &Trace::default()), "foreign");
}

#[test]
fn what_shows_a_class_is_named_with_when_it_was_noticed() {
    let line = line(ledger::Class::Replayed);
    let trace = Trace {
        line: Some(&line),
        action: Some("rebase (pick): x"),
        ..Trace::default()
    };
    let verdict = of(&judged(&[]), &trace);
    let names = |verdict: &Verdict| -> Vec<String> {
        let evidence = verdict.evidence.iter();
        evidence
            .map(|one| format!("{} {}", one.kind, one.name))
            .collect()
    };
    assert_eq!(names(&verdict), ["ledger 7"]);
    assert_eq!(verdict.noticed.as_deref(), Some("2026-01-15T09:00:00Z"));
    let trace = Trace {
        line: None,
        ..trace
    };
    let verdict = of(&judged(&[]), &trace);
    assert_eq!(names(&verdict), ["reflog rebase (pick): x"]);
    assert_eq!(verdict.noticed, None);
}
