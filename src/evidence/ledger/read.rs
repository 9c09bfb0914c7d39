//! The ledger as it is read: what cannot be read, is not there or is not what was written, stops nobody and is named.

use std::ops::RangeInclusive;
use std::path::Path;

use super::top::{self, Top};
use super::{BY_HAND, Event, FIRST, Line, digest, path};
use crate::evidence::Error;
use crate::id::CommitId;

/// A place where the ledger is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

/// What a ledger holds, read and checked.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The lines that can be read, in order.
    pub lines: Vec<Line>,
    /// The lines that cannot, and breaks of the chain.
    pub faults: Vec<Fault>,
    /// The sequence numbers of lines that were written and are not there.
    pub lost: Vec<RangeInclusive<u64>>,
    /// The sequence numbers of lines that are not what the next one, or the note of the last one, says was written.
    pub rewritten: Vec<u64>,
    last_digest: String,
}

/// Reads the whole ledger; one that does not exist is empty.
///
/// # Errors
/// The file exists and cannot be read.
pub fn read(pdd: &Path) -> Result<Ledger, Error> {
    let path = path(pdd);
    // The note is read first: a line that is added meanwhile is no line that is lost.
    let top = top::read(pdd);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(parse(&bytes).under(top)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut ledger = Ledger::default().under(top);
            if ledger.lost.is_empty() && pdd.join("attempts").exists() {
                // The hooks have run here, and each commit that they saw through has its line.
                ledger.lost.push(1..=u64::MAX);
            }
            Ok(ledger)
        }
        Err(source) => Err(Error::ReadLedger { path, source }),
    }
}

/// Finds the last line about the making of a commit without reading the others: a rebase asks once a commit.
///
/// # Errors
/// The file exists and cannot be read.
pub fn find_commit(pdd: &Path, id: &CommitId) -> Result<Option<Line>, Error> {
    let path = path(pdd);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(Error::ReadLedger { path, source }),
    };
    let text = String::from_utf8_lossy(&bytes);
    let needle = format!("\"commit\":\"{id}\"");
    let found = text.rmatch_indices(&needle).find_map(|(at, _)| {
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line: Line = serde_json::from_str(&text[start..end]).ok()?;
        let is_it = line.entry.event == Event::Commit && line.entry.commit.as_ref() == Some(id);
        is_it.then_some(line)
    });
    Ok(found)
}

/// Reads a ledger's bytes; what cannot be read is a fault and never stops the reading.
pub fn parse(bytes: &[u8]) -> Ledger {
    let mut ledger = Ledger::default();
    let mut prev = FIRST.to_owned();
    let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if text.is_empty() {
        return ledger;
    }
    for (index, raw) in text.split(|&b| b == b'\n').enumerate() {
        match serde_json::from_slice::<Line>(raw) {
            Ok(line) => {
                let before = ledger.lines.last().map_or(0, |line| line.seq);
                let is_next = line.seq == before.saturating_add(1);
                if line.prev != prev {
                    ledger.faults.push(Fault {
                        line: index + 1,
                        what: "does not continue the line before it",
                    });
                    // Where a number is missing, the line before this one is another one than it continues.
                    ledger.rewritten.extend(is_next.then_some(before));
                }
                if line.seq > before && !is_next {
                    ledger.lost.push(before + 1..=line.seq - 1);
                }
                ledger.last_digest = digest(raw);
                ledger.lines.push(line);
            }
            Err(_) => ledger.faults.push(Fault {
                line: index + 1,
                what: "cannot be read: cut short or edited",
            }),
        }
        prev = digest(raw);
    }
    ledger
}

impl Ledger {
    /// Compares the end with the note of the last line.
    fn under(mut self, top: Option<Top>) -> Self {
        let last = self.lines.last().map_or(0, |line| line.seq);
        match top {
            Some(top) if top.seq > last => self.lost.push(last + 1..=top.seq),
            Some(top) if top.seq == last && top.digest != self.last_digest => {
                self.rewritten.push(last);
            }
            _ => {}
        }
        self
    }

    /// Says in sentences what is wrong with it.
    pub fn complaints(&self) -> Vec<String> {
        let mut found: Vec<String> = self
            .faults
            .iter()
            .map(|fault| format!("line {} of the ledger {}", fault.line, fault.what))
            .collect();
        if let Some(last) = self.lines.last()
            && self.rewritten.contains(&last.seq)
        {
            let seq = last.seq;
            found.push(format!(
                "the last line of the ledger (seq {seq}) is not the one that was written"
            ));
        }
        let first = self.lines.first().map_or(u64::MAX, |line| line.seq);
        let last = self.lines.last().map_or(0, |line| line.seq);
        for range in &self.lost {
            let (from, to) = (range.start(), range.end());
            if self.lines.is_empty() {
                found.push("the ledger is gone, and the hooks have written one".into());
            } else if *to < first {
                found.push(format!(
                    "the ledger begins with seq {first}: what stood before it is gone"
                ));
            } else if *from > last {
                found.push(format!(
                    "the ledger ends with seq {last}, and seq {to} was written"
                ));
            }
        }
        found
    }

    /// Says whether lines are lost between two sequence numbers.
    pub fn has_lost_between(&self, before: u64, after: u64) -> bool {
        let mut lost = self.lost.iter();
        lost.any(|range| *range.end() > before && *range.start() < after)
    }

    /// Returns the last line about the making of a commit.
    pub fn commit(&self, id: &CommitId) -> Option<&Line> {
        self.lines.iter().rev().find(|line| {
            line.entry.event == Event::Commit && line.entry.commit.as_ref() == Some(id)
        })
    }

    /// Returns the last line about a move of a reference.
    pub fn reference(&self, name: &str) -> Option<&Line> {
        self.lines.iter().rev().find(|line| {
            line.entry.event == Event::Move && line.entry.reference.as_deref() == Some(name)
        })
    }

    /// Says whether a remote-tracking branch stands where something else than a transfer put it.
    pub fn moved_by_hand(&self, name: &str, tip: &str) -> bool {
        self.reference(name).is_some_and(|line| {
            line.entry.how.as_deref() == Some(BY_HAND)
                && line.entry.commit.as_ref().map(CommitId::as_str) == Some(tip)
        })
    }

    /// Returns where a reference was last seen: its new place, or where it stood when it was deleted.
    pub fn last_recorded(&self, name: &str) -> Option<&CommitId> {
        let line = self.reference(name)?;
        line.entry.commit.as_ref().or(line.entry.parents.first())
    }
}
