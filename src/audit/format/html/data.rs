//! The rows as the page's script reads them: JSON arrays in data blocks, spooled to a temporary file.
//!
//! A row is an array, so that no key is repeated a hundred thousand times; `script.js` names the places at its top. A word
//! that comes often stands once in a dictionary, and its number in the rows.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};

use serde_json::{Value, json};

use super::{author, shown};
use crate::audit::class::Class;
use crate::audit::report::{Actor, ActorKind, Part, Row};
use crate::finding::{Finding, Level};
use crate::rules::RULES;

/// How many words are remembered: beyond it a word stands in its row.
const WORDS: usize = 20_000;
/// How long a remembered word is at most: longer ones hardly come twice.
const WORD: usize = 300;
/// How many rows a data block holds, so that no string of the page's becomes huge.
const BLOCK: usize = 5_000;
/// How many findings of one commit the page shows.
const FINDINGS: usize = 100;
/// How many people of one commit the page shows.
const PEOPLE: usize = 50;
/// How many characters of a text the page shows.
const TEXT: usize = 2_000;

/// The rows so far.
pub(super) struct Spool {
    file: BufWriter<File>,
    rows: usize,
    words: Words,
}

/// Words by their numbers.
#[derive(Default)]
struct Words {
    numbers: HashMap<String, usize>,
    list: Vec<String>,
}

impl Words {
    /// Puts a word into a row: its number, or itself.
    fn word(&mut self, text: &str) -> Value {
        let text = shown(text, TEXT);
        if let Some(&number) = self.numbers.get(&text) {
            return number.into();
        }
        if self.list.len() >= WORDS || text.len() > WORD {
            return text.into();
        }
        let number = self.list.len();
        self.list.push(text.clone());
        self.numbers.insert(text, number);
        number.into()
    }

    fn maybe(&mut self, text: Option<&str>) -> Value {
        text.map_or(Value::Null, |text| self.word(text))
    }

    fn row(&mut self, row: &Row) -> Value {
        let class = Class::ALL
            .iter()
            .position(|class| Some(*class) == row.class);
        let findings = row.findings.iter().take(FINDINGS);
        let findings: Vec<Value> = findings.map(|finding| self.finding(finding)).collect();
        let people: Vec<Value> = people(row).iter().map(|actor| self.actor(actor)).collect();
        let evidence = row.evidence.iter().take(FINDINGS);
        let evidence: Vec<Value> = evidence
            .map(|shows| {
                let by = self.maybe(shows.by.as_deref());
                json!([self.word(&shows.kind), shown(&shows.name, TEXT), by])
            })
            .collect();
        let notes: Vec<Value> = row.notes.iter().map(|note| self.word(note)).collect();
        let personas: Vec<Value> = row.personas.iter().map(|name| self.word(name)).collect();
        json!([
            row.commit,
            row.time,
            class,
            self.maybe(row.how.as_deref()),
            people,
            self.maybe(row.task.as_ref().map(|task| task.as_str())),
            shown(row.subject.as_deref().unwrap_or_default(), TEXT),
            findings,
            row.findings.len(),
            evidence,
            notes,
            row.noticed,
            row.of,
            personas,
        ])
    }

    fn finding(&mut self, finding: &Finding) -> Value {
        let waiver = finding.waiver.as_ref().map(|waiver| waiver.words());
        json!([
            finding.code,
            level(finding.level),
            self.word(&finding.message),
            self.maybe(finding.help.as_deref()),
            self.maybe(finding.path.as_deref()),
            finding.line,
            self.maybe(waiver.as_deref()),
        ])
    }

    fn actor(&mut self, actor: &Actor) -> Value {
        let kind = match actor.kind {
            ActorKind::Person => 0,
            ActorKind::Bot => 1,
            ActorKind::Agent => 2,
        };
        let role = match actor.role {
            Part::Author => 0,
            Part::Committer => 1,
            Part::CoAuthor => 2,
        };
        json!([self.word(&actor.name), self.word(&actor.email), kind, role])
    }
}

/// Numbers a level, the heaviest first.
pub(super) fn level(level: Level) -> usize {
    match level {
        Level::Error => 0,
        Level::Warn => 1,
        Level::Waived => 2,
    }
}

/// Returns whom a row names, its author first.
pub(super) fn people(row: &Row) -> Vec<Actor> {
    let mut people: Vec<Actor> = row.actors.iter().take(PEOPLE).cloned().collect();
    if !people.iter().any(|actor| actor.role == Part::Author) && row.author.is_some() {
        let (name, email) = author(row);
        let author = Actor {
            name: name.to_owned(),
            email: email.to_owned(),
            role: Part::Author,
            kind: ActorKind::Person,
        };
        people.insert(0, author);
    }
    people.sort_by_key(|actor| actor.role);
    people
}

impl Spool {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            file: BufWriter::new(tempfile::tempfile()?),
            rows: 0,
            words: Words::default(),
        })
    }

    pub(super) fn add(&mut self, row: &Row) -> io::Result<()> {
        let before: &[u8] = match self.rows {
            0 => OPEN,
            rows if rows.is_multiple_of(BLOCK) => {
                b"]</script>\n<script type=\"application/json\" class=\"rows\">[\n"
            }
            _ => b",\n",
        };
        self.rows += 1;
        self.file.write_all(before)?;
        let row = self.words.row(row);
        self.file.write_all(block(&row)?.as_bytes())
    }

    /// Writes all data blocks.
    pub(super) fn write(mut self, out: &mut dyn Write) -> io::Result<()> {
        let close: &[u8] = if self.rows == 0 { b"" } else { b"]</script>\n" };
        self.file.write_all(close)?;
        let mut file = self.file.into_inner()?;
        file.rewind()?;
        let rules: Vec<Value> = RULES
            .iter()
            .map(|rule| json!([rule.code, rule.name]))
            .collect();
        let facts = json!({
            "classes": Class::ALL.map(Class::as_str),
            "rules": rules,
            "words": self.words.list,
        });
        let facts = block(&facts)?;
        writeln!(
            out,
            "<script type=\"application/json\" id=\"facts\">{facts}</script>"
        )?;
        io::copy(&mut file, out)?;
        Ok(())
    }
}

const OPEN: &[u8] = b"<script type=\"application/json\" class=\"rows\">[\n";

/// Writes JSON that ends no element and begins none: these characters stand only within JSON's strings, where their
/// escapes mean the same (HTML Standard, "Restrictions for contents of script elements").
fn block(value: &Value) -> io::Result<String> {
    let mut text = String::new();
    for c in serde_json::to_string(value)?.chars() {
        match c {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            c => text.push(c),
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_block_holds_nothing_that_a_parser_of_html_knows() {
        let value = json!(["</script><!--&\u{2028}\u{2029}\"\\"]);
        let text = block(&value).unwrap();
        assert_eq!(
            text,
            r#"["\u003c/script\u003e\u003c!--\u0026\u2028\u2029\"\\"]"#
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_word_stands_once_and_a_long_one_stays_in_its_row() {
        let mut words = Words::default();
        let long = "x".repeat(WORD + 1);
        let rows = [
            words.word("ann"),
            words.word("bob"),
            words.word("ann"),
            words.word(&long),
        ];
        assert_eq!(rows, [json!(0), json!(1), json!(0), json!(long)]);
        assert_eq!(words.list, ["ann", "bob"]);
    }
}
