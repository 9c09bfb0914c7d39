//! The report as a comment on a pull request: the counts, the worst commits, their findings. Whatever others wrote stands
//! in code, where no forge sees a mention, a reference, a link or an element.

use std::io::{self, Write};

use super::words::{self, cut};
use super::worst::{People, Worst};
use super::{Options, warnings};
use crate::audit::class::Class;
use crate::audit::report::{Entry, Head, Row, Sink, Tail};
use crate::finding::Finding;
use crate::rules;

/// By which a job finds the comment that it wrote before.
const MARK: &str = "<!-- pdd-hooks audit -->";

/// GitHub takes 65,536 characters in a comment; counted as UTF-16 has them, so that none is counted for less.
const ROOM: usize = 65_000;
/// Of these, what the commits' table may take; the rest is for their findings.
const ROOM_OF_TABLE: usize = 30_000;
/// No more commits than this find room.
const MOST: usize = 400;
/// How many findings of one commit are shown.
const FINDINGS: usize = 20;
/// How many warnings and people are shown.
const NAMES: usize = 10;

/// A commit as it is shown.
struct Shown {
    line: String,
    findings: Vec<String>,
}

/// A comment.
pub(super) struct Markdown<'w> {
    out: &'w mut dyn Write,
    range: Option<String>,
    policy: u64,
    worst: Worst<Shown>,
    people: People,
}

impl<'w> Markdown<'w> {
    pub(super) fn new(out: &'w mut dyn Write, options: &Options) -> Self {
        Self {
            out,
            range: None,
            policy: 0,
            worst: Worst::new(options.most(MOST), shown),
            people: People::default(),
        }
    }

    /// Writes what stands before the commits; all of it is bounded.
    fn summary(&self, tail: &Tail) -> String {
        let range = self.range.as_deref().unwrap_or("HEAD");
        let mut text = format!(
            "{MARK}\n### Audit of {} by policy {}\n\n{}\n",
            code(range, 80),
            self.policy,
            tail.summary.words()
        );
        let mut all = warnings(tail);
        let first: Vec<String> = all.by_ref().take(NAMES).collect();
        if !first.is_empty() {
            text.push('\n');
        }
        for warning in first {
            text.push_str(&format!("- :warning: {}\n", code(&warning, 300)));
        }
        match all.count() {
            0 => {}
            more => text.push_str(&format!("- :warning: and {more} more\n")),
        }
        let classes = Class::ALL.iter().filter_map(|class| {
            let count = tail.summary.classes.get(class.as_str())?;
            Some((class.as_str().to_owned(), *count))
        });
        table(&mut text, "class", classes);
        let found = tail.summary.findings.iter();
        table(
            &mut text,
            "finding",
            found.map(|(code, &count)| (words::rule(code), count)),
        );
        let (people, others) = self.people.most(NAMES);
        let people = people.into_iter();
        let people = people.map(|(who, count)| (cell(who, 100), count));
        let others = (others > 0).then(|| ("others".to_owned(), others));
        table(&mut text, "bypassed by", people.chain(others));
        text
    }
}

fn shown(row: &Row) -> Shown {
    Shown {
        line: line(row),
        findings: findings(row),
    }
}

impl Sink for Markdown<'_> {
    fn begin(&mut self, head: &Head) -> io::Result<()> {
        self.range.clone_from(&head.range);
        self.policy = head.policy.number;
        Ok(())
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        self.people.add(entry)?;
        self.worst.offer(entry)
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        let mut text = self.summary(tail);
        let rows = self.worst.take()?;
        let mut shown = 0;
        let mut size = 0;
        let mut lines = String::new();
        for row in &rows {
            size += units(&row.line);
            if size > ROOM_OF_TABLE {
                break;
            }
            lines.push_str(&row.line);
            shown += 1;
        }
        if shown > 0 {
            text.push_str("\n| commit | day | class | findings | author | subject |\n");
            text.push_str("| --- | --- | --- | --- | --- | --- |\n");
            text.push_str(&lines);
        }
        let more = tail.summary.commits.saturating_sub(shown);
        if more > 0 {
            text.push_str(&format!(
                "\nThe worst come first; {more} more are in the forms `csv`, `jsonl` and `json`.\n"
            ));
        }
        details(&mut text, &rows[..shown]);
        self.out.write_all(text.as_bytes())
    }
}

/// Adds the findings of the commits, as far as there is room.
fn details(text: &mut String, rows: &[Shown]) {
    const OPEN: &str = "\n<details>\n<summary>Findings, and what mends them</summary>\n\n";
    const MORE: &str = "\nThere was no room for all.\n";
    const CLOSE: &str = "\n</details>\n";
    if rows.iter().all(|row| row.findings.is_empty()) {
        return;
    }
    text.push_str(OPEN);
    let mut room = ROOM.saturating_sub(units(text) + MORE.len() + CLOSE.len());
    for item in rows.iter().flat_map(|row| &row.findings) {
        let Some(rest) = room.checked_sub(units(item)) else {
            text.push_str(MORE);
            break;
        };
        room = rest;
        text.push_str(item);
    }
    text.push_str(CLOSE);
}

/// Adds a table of counts, and nothing for none.
fn table(text: &mut String, heading: &str, lines: impl Iterator<Item = (String, usize)>) {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return;
    }
    text.push_str(&format!("\n| {heading} | count |\n| --- | ---: |\n"));
    for (name, count) in lines {
        text.push_str(&format!("| {name} | {count} |\n"));
    }
}

fn line(row: &Row) -> String {
    let subject = row.subject.as_deref().unwrap_or_default();
    format!(
        "| {} | {} | {} | {} | {} | {} |\n",
        cell(words::id(row), 12),
        cell(words::day(row), 10),
        class(row),
        cut(&words::codes(row), 60),
        cell(&words::writers(row), 80),
        cell(subject, words::SUBJECT),
    )
}

fn class(row: &Row) -> String {
    let class = row.class.map_or("", |class| class.as_str());
    match &row.how {
        Some(how) => format!("{class} {}", cell(how, 48)),
        None => class.to_owned(),
    }
}

/// Lists the findings of a commit, and the next step of each.
fn findings(row: &Row) -> Vec<String> {
    let found = row.findings.iter().take(FINDINGS);
    let mut items: Vec<String> = found.map(|finding| item(row, finding)).collect();
    match row.findings.len().saturating_sub(FINDINGS) {
        0 => {}
        more => items.push(format!("- {}: and {more} more\n", code(words::id(row), 12))),
    }
    items
}

fn item(row: &Row, finding: &Finding) -> String {
    let place = match (&finding.path, finding.line) {
        (Some(path), Some(line)) => format!(" in {}", code(&format!("{path}:{line}"), 120)),
        (Some(path), None) => format!(" in {}", code(path, 120)),
        (None, _) => String::new(),
    };
    let name = rules::find(finding.code).map_or(finding.rule, |rule| rule.name);
    let mut text = format!(
        "- {} **{}** {name}, {}{place}: {}\n",
        code(words::id(row), 12),
        finding.code,
        finding.level.as_str(),
        code(&finding.message, 400)
    );
    if let Some(waiver) = &finding.waiver {
        text.push_str(&format!("  - waived {}\n", code(&waiver.words(), 400)));
    } else if let Some(help) = &finding.help {
        text.push_str(&format!("  - help: {}\n", code(help, 400)));
    }
    text
}

/// Writes a text as a code span that holds in a table (GFM, "Tables"): a pipe is escaped in code too.
fn cell(text: &str, most: usize) -> String {
    // A backslash before a pipe would be taken for the one that escapes it.
    let text = code(text, most);
    text.replace("\\|", "\\ |").replace('|', "\\|")
}

/// Writes a text as a code span.
fn code(text: &str, most: usize) -> String {
    let text = cut(text, most);
    let text = text.trim();
    if text.is_empty() {
        return "-".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default() + 1);
    match text.starts_with('`') || text.ends_with('`') {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_holds_whatever_stands_in_it() {
        for (text, expected) in [
            ("plain", "`plain`"),
            ("", "-"),
            ("  ", "-"),
            ("`", "`` ` ``"),
            ("a `b` c", "``a `b` c``"),
            ("x``", "``` x`` ```"),
            ("a | b", "`a | b`"),
            ("<img>\n@you #1", "`<img>\u{fffd}@you #1`"),
        ] {
            assert_eq!(code(text, 40), expected);
        }
        assert_eq!(cell("a | b", 40), "`a \\| b`");
        assert_eq!(cell("a \\| b", 40), "`a \\ \\| b`");
    }
}
