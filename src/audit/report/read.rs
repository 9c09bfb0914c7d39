//! Findings read back from a report's JSON.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::finding::{Finding, Level, Waived};
use crate::rules;

/// A finding as JSON has it.
#[derive(Deserialize)]
struct Said {
    code: String,
    level: Level,
    message: String,
    help: Option<String>,
    path: Option<String>,
    line: Option<u32>,
    waiver: Option<Box<Waived>>,
}

/// Reads the findings of a row.
///
/// # Errors
/// One is not of the form, or of a rule that is not known.
pub(super) fn findings<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Finding>, D::Error> {
    let said: Vec<Said> = Deserialize::deserialize(from)?;
    let findings = said.into_iter().map(|said| {
        let rule = rules::find(&said.code);
        let rule = rule.ok_or_else(|| D::Error::custom(format!("no rule `{}`", said.code)))?;
        Ok(Finding {
            code: rule.code,
            rule: rule.name,
            level: said.level,
            message: said.message,
            help: said.help,
            path: said.path,
            line: said.line,
            waiver: said.waiver,
        })
    });
    findings.collect()
}
