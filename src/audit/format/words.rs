//! What the forms for people share: how a commit, a person and a moved reference are named, and how long a text may be.

use crate::audit::report::{Actor, ActorKind, Part, Row};
use crate::finding::{Finding, Level, printable};
use crate::id::CommitId;
use crate::rules;

/// The longest subject that forms for people show, in characters.
pub(super) const SUBJECT: usize = 72;

/// Cuts a text to so many characters, the last of them `…` where something is gone, and makes it safe for a terminal.
pub(super) fn cut(text: &str, most: usize) -> String {
    // What is gone need not be looked at: a subject may have a million characters.
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    match end {
        None => printable(text),
        Some(end) => {
            let mut kept = printable(&text[..end]);
            kept.pop();
            kept.push('…');
            kept
        }
    }
}

/// Names a commit in twelve digits.
pub(super) fn id(row: &Row) -> &str {
    row.commit.as_ref().map_or("", CommitId::short)
}

/// Says what became of a commit: `bypassed (no-verify)`.
pub(super) fn class(row: &Row) -> String {
    let class = row.class.map_or("", |class| class.as_str());
    match &row.how {
        Some(how) => format!("{class} ({})", cut(how, 48)),
        None => class.to_owned(),
    }
}

/// Lists what is found, each code once a level: `PDD008,PDD002 waived`; `-` for nothing.
pub(super) fn codes(row: &Row) -> String {
    let code = |finding: &Finding| match finding.level {
        Level::Waived => format!("{} waived", finding.code),
        Level::Error | Level::Warn => finding.code.to_owned(),
    };
    let mut codes: Vec<String> = Vec::new();
    for finding in &row.findings {
        let code = code(finding);
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    match codes.is_empty() {
        true => "-".to_owned(),
        false => codes.join(","),
    }
}

/// Returns the name and the address of the author, and what they are.
pub(super) fn author(row: &Row) -> Option<(&str, &str, ActorKind)> {
    let author = row.actors.iter().find(|actor| actor.role == Part::Author);
    match (author, &row.author) {
        (Some(actor), _) => Some((&actor.name, &actor.email, actor.kind)),
        (None, Some(author)) => Some((&author.name, &author.email, ActorKind::Person)),
        (None, None) => None,
    }
}

/// Names who wrote a commit, and the programs that had a part in it: `Ann Example, with Helper (agent)`.
pub(super) fn writers(row: &Row) -> String {
    let mut text = String::new();
    if let Some((name, _, kind)) = author(row) {
        text = named(name, kind);
    }
    let is_program = |actor: &&Actor| actor.kind != ActorKind::Person && actor.role != Part::Author;
    if let Some(actor) = row.actors.iter().find(is_program) {
        text.push_str(", with ");
        text.push_str(&named(&actor.name, actor.kind));
    }
    text
}

/// Names somebody, and says so where it is no person: `renovate (bot)`.
pub(super) fn named(name: &str, kind: ActorKind) -> String {
    let name = match name.is_empty() {
        true => "-".to_owned(),
        false => cut(name, 32),
    };
    match kind {
        ActorKind::Person => name,
        ActorKind::Bot => format!("{name} (bot)"),
        ActorKind::Agent => format!("{name} (agent)"),
    }
}

/// Returns the author's day: `2026-11-22`.
pub(super) fn day(row: &Row) -> &str {
    let time = row.time.as_deref().unwrap_or_default();
    time.split_once('T').map_or(time, |(day, _)| day)
}

/// Names a rule by its code: `PDD008 validation`.
pub(super) fn rule(code: &str) -> String {
    match rules::find(code) {
        Some(rule) => format!("{code} {}", rule.name),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_says_so_and_nothing_in_it_moves_a_cursor() {
        assert_eq!(cut("four", 4), "four");
        assert_eq!(cut("fives", 4), "fiv…");
        assert_eq!(cut("\u{1b}[2J\u{202e}x", 10), "\u{fffd}[2J\u{fffd}x");
    }
}
