//! The table of a run: how many probes of each kind and language were accepted, refused, and how many went wrong.

use std::collections::BTreeMap;
use std::fmt;

use crate::play::Played;
use crate::probe::{Probe, Verdict};

/// The rows, by kind and language.
#[derive(Default)]
pub(crate) struct Table(BTreeMap<String, Row>);

#[derive(Default)]
struct Row {
    accepted: usize,
    refused: usize,
    undecided: usize,
    wrong: usize,
}

impl Table {
    /// Counts a probe in its row and in the sum of its kind.
    pub(crate) fn add(&mut self, probe: &Probe, played: &Played) {
        let kind = probe.kind.folder();
        for name in [
            format!("{kind}, all"),
            format!("{kind}, {}", probe.language),
        ] {
            let row = self.0.entry(name).or_default();
            match played.last() {
                Verdict::Accepted => row.accepted += 1,
                Verdict::Refused => row.refused += 1,
                Verdict::Undecided => row.undecided += 1,
            }
            row.wrong += usize::from(played.judge(probe).is_err());
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "| probes | count | accepted | refused | undecided | wrong |"
        )?;
        writeln!(out, "| --- | --- | --- | --- | --- | --- |")?;
        for (name, row) in &self.0 {
            writeln!(
                out,
                "| {name} | {} | {} | {} | {} | {} |",
                row.accepted + row.refused + row.undecided,
                row.accepted,
                row.refused,
                row.undecided,
                row.wrong
            )?;
        }
        Ok(())
    }
}
