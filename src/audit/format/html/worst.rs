//! The worst commits as a table that needs no script: what a printer and a browser without scripts show.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use maud::{Markup, html};

use super::data::people;
use super::plot::{of_class, swatch};
use super::shown;
use crate::audit::class::Class;
use crate::audit::report::{Actor, ActorKind, Evidence, Part, Row};
use crate::finding::{Finding, Level};
use crate::id::CommitId;

/// How many are shown.
pub(super) const MOST: usize = 200;
/// How many findings of one commit are shown.
const FINDINGS: usize = 10;

/// How bad a commit is, the worst first: who went round the hooks, then what has an open error, then the order of the
/// classes, then how many errors and warnings, then the newest. `rows.js` puts its rows in the same order.
type Badness = (
    bool,
    bool,
    usize,
    Reverse<usize>,
    Reverse<usize>,
    Reverse<usize>,
);

/// The worst so far.
#[derive(Default)]
pub(super) struct Worst {
    rows: BinaryHeap<Ranked>,
    seen: usize,
}

struct Ranked {
    badness: Badness,
    row: Row,
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.badness == other.badness
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.badness.cmp(&other.badness)
    }
}

impl Worst {
    /// Takes a row, and lets go of the least bad one that is too many.
    pub(super) fn add(&mut self, row: &Row) {
        let count = |level| {
            let findings = row.findings.iter();
            findings.filter(|finding| finding.level == level).count()
        };
        let errors = count(Level::Error);
        let class = Class::ALL
            .iter()
            .position(|class| Some(*class) == row.class);
        let badness = (
            row.class != Some(Class::Bypassed),
            errors == 0,
            class.unwrap_or(Class::ALL.len()),
            Reverse(errors),
            Reverse(count(Level::Warn)),
            Reverse(self.seen),
        );
        self.seen += 1;
        let is_full = self.rows.len() == MOST;
        if is_full
            && self
                .rows
                .peek()
                .is_some_and(|least| least.badness < badness)
        {
            return;
        }
        if is_full {
            self.rows.pop();
        }
        let row = row.clone();
        self.rows.push(Ranked { badness, row });
    }

    /// Returns the rows, worst first.
    pub(super) fn sorted(self) -> Vec<Row> {
        let ranked = self.rows.into_sorted_vec();
        ranked.into_iter().map(|ranked| ranked.row).collect()
    }
}

/// Writes the table.
pub(super) fn table(rows: &[Row]) -> Markup {
    html! {
        table.commits role="table" aria-label="The worst commits" {
            thead role="rowgroup" {
                tr role="row" {
                    @for name in ["Commit", "Date", "Class", "Findings", "Author", "Task", "Subject", "Evidence"] {
                        th role="columnheader" scope="col" { (name) }
                    }
                }
            }
            tbody role="rowgroup" { @for one in rows { (line(one)) } }
        }
    }
}

fn line(row: &Row) -> Markup {
    let id = row.commit.as_ref().map_or("staged", CommitId::short);
    let time = row.time.as_deref().unwrap_or_default();
    let task = row.task.as_ref().map_or("", |task| task.as_str());
    let subject = row.subject.as_deref().unwrap_or_default();
    html! {
        tr role="row" {
            (cell("Commit", "commit", html! { code { (id) } }))
            (cell("Date", "date", date(time)))
            (cell("Class", "", class(row)))
            (cell("Findings", "findings", findings(&row.findings)))
            (cell("Author", "author", authors(row)))
            (cell("Task", "task", html! { (shown(task, 24)) }))
            (cell("Subject", "subject", html! { bdi { (shown(subject, 160)) } }))
            (cell("Evidence", "", evidence(&row.evidence)))
        }
    }
}

/// Wraps a cell, which a narrow screen shows behind its label.
pub(super) fn cell(label: &str, name: &str, inside: Markup) -> Markup {
    let empty = if inside.0.is_empty() { " empty" } else { "" };
    html! {
        td class={ (name) (empty) } role="cell" data-label=(label) { div.cell { (inside) } }
    }
}

/// Writes when, without the seconds: `2026-11-22 10:15 +01:00`.
fn date(time: &str) -> Markup {
    let (day, zone) = (time.get(..16), time.get(19..));
    html! {
        time datetime=(time) {
            (day.unwrap_or(time).replacen('T', " ", 1))
            @if let Some(zone) = zone { " " span.zone { (zone) } }
        }
    }
}

fn class(row: &Row) -> Markup {
    html! {
        @if let Some(class) = row.class {
            span.class { (swatch(of_class(class))) (class.as_str()) }
        }
        @if let Some(how) = &row.how { " " span.how { (shown(how, 80)) } }
    }
}

fn findings(findings: &[Finding]) -> Markup {
    html! {
        @if findings.is_empty() { span.none { "none" } }
        @for finding in findings.iter().take(FINDINGS) {
            p.finding {
                (chip(finding)) " "
                (shown(&finding.message, 300))
                @if let Some(path) = &finding.path {
                    " " code { (shown(path, 120)) @if let Some(line) = finding.line { ":" (line) } }
                }
            }
        }
        @if findings.len() > FINDINGS { p { "and " (findings.len() - FINDINGS) " more" } }
    }
}

/// A rule's code that leads to its page.
fn chip(finding: &Finding) -> Markup {
    let level = finding.level.as_str();
    html! {
        a class={ "chip " (level) } href={ "#rule-" (finding.code) } {
            (finding.code) @if finding.level != Level::Error { " " (level) }
        }
    }
}

fn authors(row: &Row) -> Markup {
    let people = people(row);
    let (authors, others): (Vec<&Actor>, Vec<&Actor>) =
        people.iter().partition(|actor| actor.role == Part::Author);
    html! {
        @for actor in authors { (person(actor)) }
        @for actor in others { " " span.with { "with " (person(actor)) } }
    }
}

fn person(actor: &Actor) -> Markup {
    html! {
        bdi title=(shown(&actor.email, 120)) { (shown(&actor.name, 80)) }
        @match actor.kind {
            ActorKind::Person => {}
            ActorKind::Bot => { " " span.badge { "bot" } }
            ActorKind::Agent => { " " span.badge { "agent" } }
        }
    }
}

fn evidence(evidence: &[Evidence]) -> Markup {
    html! {
        @for shows in evidence.iter().take(FINDINGS) {
            span.evidence {
                (shown(&shows.kind, 40)) " " (shown(&shows.name, 16))
                @if let Some(by) = &shows.by { " by " (shown(by, 60)) }
            }
            " "
        }
    }
}
