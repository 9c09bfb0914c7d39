//! The counts of a report, gathered row by row.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::row::Row;
use crate::audit::class::Class;
use crate::finding::Level;

/// The counts.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// All commits.
    pub commits: usize,
    /// Those without findings.
    pub clean: usize,
    /// By class.
    pub classes: BTreeMap<&'static str, usize>,
    /// By rule code.
    pub findings: BTreeMap<&'static str, usize>,
    /// The findings that a waiver lifts; not part of the JSON.
    #[serde(skip)]
    pub waived: usize,
}

impl Summary {
    /// Counts a commit of this class, none where it is not made yet, with these findings, each by its code and level.
    pub fn add(&mut self, class: Option<Class>, findings: &[(&'static str, Level)]) {
        self.commits += 1;
        self.clean += usize::from(findings.is_empty());
        if let Some(class) = class {
            *self.classes.entry(class.as_str()).or_default() += 1;
        }
        for &(code, level) in findings {
            *self.findings.entry(code).or_default() += 1;
            self.waived += usize::from(level == Level::Waived);
        }
    }

    /// Counts a row.
    pub fn add_row(&mut self, row: &Row) {
        let findings = row.findings.iter().map(|one| (one.code, one.level));
        self.add(row.class, &findings.collect::<Vec<_>>());
    }

    /// Says it in a line: `12 commits: 2 bypassed, 10 enforced; 2 with findings`.
    pub fn words(&self) -> String {
        let Self { commits, clean, .. } = *self;
        let noun = if commits == 1 { "commit" } else { "commits" };
        let mut text = format!("{commits} {noun}");
        let classes: Vec<String> = Class::ALL
            .iter()
            .filter_map(|class| {
                let count = self.classes.get(class.as_str())?;
                Some(format!("{count} {}", class.as_str()))
            })
            .collect();
        if !classes.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(text, ": {}", classes.join(", "));
        }
        match commits - clean {
            0 => text.push_str("; no findings"),
            found => {
                let _ = write!(text, "; {found} with findings");
            }
        }
        match self.waived {
            0 => {}
            waived => {
                let noun = if waived == 1 { "finding" } else { "findings" };
                let _ = write!(text, "; {waived} {noun} waived");
            }
        }
        text
    }
}
