//! What to do first: a few steps from the counts, the heaviest first, each with its command and its commits.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::figures::{Figures, Open};
use super::{counted, shown};
use crate::audit::class::Class;
use crate::audit::report::Tail;
use crate::rules::RULES;

/// How many rules are named.
const RULES_SHOWN: usize = 4;

/// One step.
struct Step {
    what: String,
    why: String,
    command: Option<String>,
    link: Option<String>,
}

/// Writes the steps.
pub(super) fn steps(figures: &Figures, tail: &Tail) -> Markup {
    let mut steps = Vec::new();
    steps.extend(damage(tail));
    steps.extend(open(figures));
    steps.extend(bypassed(figures, tail));
    steps.extend(foreign(tail));
    html! {
        @if steps.is_empty() {
            p.calm { "Nothing is open: no bypass, no commit without a trace, no finding." }
        } @else {
            ol.steps {
                @for step in &steps {
                    li {
                        strong { (step.what) } " " (step.why)
                        @if let Some(command) = &step.command { " " code { (command) } }
                        @if let Some(link) = &step.link { " " a.show href=(link) { "Show them" } }
                    }
                }
            }
        }
    }
}

fn damage(tail: &Tail) -> Option<Step> {
    let count = tail.notes.len() + tail.moves.len();
    (count > 0).then(|| Step {
        what: format!("Read {}.", counted(count, "note")),
        why: "They tell of what no single commit shows: a damaged ledger, hooks out of place, references that were moved."
            .into(),
        command: Some("pdd-hooks doctor".into()),
        link: Some("#notes".into()),
    })
}

fn open(figures: &Figures) -> Vec<Step> {
    let mut open: Vec<(&&'static str, &Open)> = figures
        .open
        .iter()
        .filter(|(_, open)| open.errors > 0)
        .collect();
    open.sort_by_key(|(_, open)| Reverse(open.errors));
    let step = |(code, open): (&&'static str, &Open)| {
        let name = RULES.iter().find(|rule| rule.code == *code);
        let name = name.map_or("", |rule| rule.name);
        let why = match open.help {
            Some(_) => "The newest is mended by:",
            None => "The rule's page says how they are mended:",
        };
        let explain = || format!("pdd-hooks explain {code}");
        Step {
            what: format!(
                "Mend {} that {code} {name} refuses.",
                counted(open.errors, "commit")
            ),
            why: why.into(),
            command: Some(
                open.help
                    .as_ref()
                    .map_or_else(explain, |help| shown(help, 200)),
            ),
            link: Some(format!("#rule={code}")),
        }
    };
    open.into_iter().take(RULES_SHOWN).map(step).collect()
}

fn bypassed(figures: &Figures, tail: &Tail) -> Option<Step> {
    let count = *tail.summary.classes.get(Class::Bypassed.as_str())?;
    let people = figures.people.len();
    let noun = if people == 1 { "person" } else { "people" };
    let way = figures.ways.iter().max_by_key(|(_, count)| **count);
    let way = way.map_or_else(String::new, |(how, _)| {
        format!(", mostly by {}", shown(how, 60))
    });
    Some(Step {
        what: format!(
            "Ask about {} made round the hooks",
            counted(count, "commit")
        ),
        why: format!(
            "by {people} {noun}{way}; then see that the hooks are in place in their clones:"
        ),
        command: Some("pdd-hooks doctor".into()),
        link: Some("#class=bypassed".into()),
    })
}

fn foreign(tail: &Tail) -> Option<Step> {
    let count = *tail.summary.classes.get(Class::Foreign.as_str())?;
    Some(Step {
        what: format!("Find where {} came from.", counted(count, "commit")),
        why: "No hook of this clone saw them; enrol the clones they were made in, and let the server or CI judge:".into(),
        command: Some("pdd-hooks install".into()),
        link: Some("#class=foreign".into()),
    })
}
