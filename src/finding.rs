//! A finding: what one rule says against one change, and how it reads. It knows no rule and no repository.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// How much a finding weighs; a rule that is off makes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Stops git (exit code 1).
    Error,
    /// Is printed and stops nothing.
    Warn,
    /// Is printed and stops nothing: a signed waiver lifts it.
    Waived,
}

impl Level {
    /// Returns the word printed before the code: `error`, `warn` or `waived`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Waived => "waived",
        }
    }
}

/// What a rule says against a change; field names and order are those of the report (EVIDENCE.md, section 9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's code, `PDD001`.
    pub code: &'static str,
    /// The rule's name, `task-id`.
    pub rule: &'static str,
    /// What the policy makes of the rule; set by [`crate::rules::run`].
    pub level: Level,
    /// What is wrong: lower case, no full stop, literals in backticks.
    pub message: String,
    /// The next step, usually a command.
    pub help: Option<String>,
    /// The path it is about, lossily decoded, where there is one.
    pub path: Option<String>,
    /// The line in that path, counted from 1.
    pub line: Option<u32>,
    /// What lifts it, at level waived; none at every other.
    pub waiver: Option<Box<Waived>>,
}

/// By whose word a finding stops nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    /// The waiver's name in the store.
    pub record: String,
    /// Who signed it, as the signers file names them.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// When it ends, RFC 3339 in UTC; none where it does not.
    pub expires: Option<String>,
}

impl Waived {
    /// Says it in a line: `by ann@example.org until 2026-12-01: reason (record 1a2b3c4d5e6f)`; a day that counts to its end
    /// is named without the time.
    pub fn words(&self) -> String {
        let until = self.expires.as_deref().map(|end| {
            let day = end.strip_suffix("T23:59:59Z").unwrap_or(end);
            format!(" until {day}")
        });
        let record = self.record.get(..12).unwrap_or(&self.record);
        format!(
            "by {}{}: {} (record {record})",
            self.by,
            until.unwrap_or_default(),
            self.reason
        )
    }
}

impl Finding {
    /// Says `message` in the name of the rule with this code and name, at level error until the policy is asked.
    pub fn new(code: &'static str, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            rule,
            level: Level::Error,
            message: message.into(),
            help: None,
            path: None,
            line: None,
            waiver: None,
        }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the path, and the line where it is known.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, line: Option<u32>) -> Self {
        self.path = Some(path.into());
        self.line = line;
        self
    }

    /// Lets a waiver lift it.
    pub fn waive(&mut self, waiver: Waived) {
        self.level = Level::Waived;
        self.waiver = Some(Box::new(waiver));
    }

    /// Writes the finding as the terminal shows it, without colour: four lines at most, each ended by a line feed. Who
    /// waived it stands in place of the help.
    /// `place` says which change it is about: `staged change on feat/TASK-007-search`.
    pub fn render(&self, place: &str) -> String {
        let message = printable(&self.message);
        let mut text = format!("{}[{}]: {message}\n", self.level.as_str(), self.code);
        let path = match (&self.path, self.line) {
            (Some(path), Some(line)) => format!("{path}:{line} in "),
            (Some(path), None) => format!("{path} in "),
            (None, _) => String::new(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, " --> {}", printable(&format!("{path}{place}")));
        if let Some(waiver) = &self.waiver {
            let _ = writeln!(text, "  = waived {}", printable(&waiver.words()));
        } else if let Some(help) = &self.help {
            let _ = writeln!(text, "  = help: {}", printable(help));
        }
        let _ = writeln!(text, "  = note: pdd-hooks explain {}", self.code);
        text
    }
}

/// Replaces what would move the cursor or turn the line about on a terminal: paths and messages hold what others wrote.
pub(crate) fn printable(text: &str) -> String {
    let shown = |c| if is_printable(c) { c } else { '\u{fffd}' };
    text.chars().map(shown).collect()
}

/// Says whether a character is shown where it stands: no control, no break of a line, no mark of direction.
pub(crate) fn is_printable(c: char) -> bool {
    let turns = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    !c.is_control() && !turns
}
