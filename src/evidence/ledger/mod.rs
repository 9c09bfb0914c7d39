//! The ledger: `<git common dir>/pdd/ledger.jsonl`, one JSON object a line, each holding the SHA-256 of the line before
//! it; append-only, under a lock (DESIGN.md, section 5).

mod read;
mod top;

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Error;
use crate::id::{CommitId, TaskId, TreeId};
use top::Top;

pub use read::{Fault, Ledger, find_commit, parse, read};

/// The audit's classes that a ledger line can state (EVIDENCE.md, section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Attempt, receipt and commit agree.
    Enforced,
    /// Made here, round the hooks.
    Bypassed,
    /// A replay of a commit that is known.
    Replayed,
    /// Two or more parents, automatic.
    Merge,
}

/// What a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", from = "String")]
pub enum Event {
    /// A commit was made.
    Commit,
    /// A guarded reference moved; `parents` holds where it stood.
    Move,
    /// pre-push let a branch through to the remote that `how` names; `parents` holds where it stood there.
    Push,
    /// Something that a later version writes down.
    Other,
}

impl From<String> for Event {
    fn from(word: String) -> Self {
        match word.as_str() {
            "commit" => Self::Commit,
            "move" => Self::Move,
            "push" => Self::Push,
            _ => Self::Other,
        }
    }
}

/// How a remote-tracking branch that no fetch, pull or push moved is named.
pub const BY_HAND: &str = "moved by hand";
/// How a protected branch is named that stood there when the hooks were installed.
pub const INSTALLED: &str = "installed";

/// One line, but for its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// What it tells of.
    pub event: Event,
    /// The commit; none where a reference was deleted.
    pub commit: Option<CommitId>,
    /// Its tree.
    pub tree: Option<TreeId>,
    /// Its parents; of a move, where the reference stood.
    pub parents: Vec<CommitId>,
    /// The task that its message names.
    pub task: Option<TaskId>,
    /// The personas that it declares for the task.
    pub personas: Vec<String>,
    /// What became of it.
    pub class: Option<Class>,
    /// How it went round the hooks, or how the reference moved.
    pub how: Option<String>,
    /// The hooks that ran, in order.
    pub hooks: Vec<String>,
    /// The number of the policy in force.
    pub policy: Option<u64>,
    /// The commit that this one replays.
    #[serde(default)]
    pub of: Option<CommitId>,
    /// The full name of the reference that moved.
    #[serde(default, rename = "ref")]
    pub reference: Option<String>,
}

impl Entry {
    /// Begins an entry of one event, everything else unknown.
    pub fn new(event: Event) -> Self {
        Self {
            event,
            commit: None,
            tree: None,
            parents: Vec::new(),
            task: None,
            personas: Vec::new(),
            class: None,
            how: None,
            hooks: Vec::new(),
            policy: None,
            of: None,
            reference: None,
        }
    }
}

/// A whole line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Line {
    /// Counts from 1.
    pub seq: u64,
    /// SHA-256 of the line before, in hexadecimal, without its line feed; 64 zeros in the first.
    pub prev: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// What.
    #[serde(flatten)]
    pub entry: Entry,
    /// The program and version that wrote it.
    pub tool: String,
}

const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// How far from its end the ledger is read for the last line: lines are some hundred bytes long.
const TAIL: u64 = 64 * 1024;

/// Returns the ledger's path in the folder of local state.
pub fn path(pdd: &Path) -> PathBuf {
    pdd.join("ledger.jsonl")
}

/// Adds one line. A line that was cut short before is ended first and stays as it is.
///
/// # Errors
/// The file cannot be written; then it is as it was.
pub fn append(pdd: &Path, entry: Entry) -> Result<(), Error> {
    let path = path(pdd);
    let failed = |source| Error::AppendLedger {
        path: path.clone(),
        source,
    };
    std::fs::create_dir_all(pdd).map_err(failed)?;
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(&path)
        .map_err(failed)?;
    file.lock().map_err(failed)?;
    let end = file.metadata().map_err(failed)?.len();
    let last = last_line(&mut file, end).map_err(failed)?;
    let last = last.or_top(top::read(pdd));
    let line = Line {
        seq: last.seq + 1,
        prev: last.digest,
        time: jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string(),
        entry,
        tool: format!("pdd-hooks {}", env!("CARGO_PKG_VERSION")),
    };
    let mut bytes = if last.is_cut {
        b"\n".to_vec()
    } else {
        Vec::new()
    };
    serde_json::to_writer(&mut bytes, &line).map_err(|error| failed(error.into()))?;
    bytes.push(b'\n');
    if let Err(source) = file.write_all(&bytes) {
        // A full disk takes part of a line: take it back, so that nothing half-written stays.
        let _ = file.set_len(end);
        return Err(failed(source));
    }
    let written = bytes.strip_prefix(b"\n").unwrap_or(&bytes);
    let written = written.strip_suffix(b"\n").unwrap_or(written);
    top::write(
        pdd,
        &Top {
            seq: line.seq,
            digest: digest(written),
        },
    );
    Ok(())
}

struct Last {
    seq: u64,
    digest: String,
    is_cut: bool,
    /// Whether what stands there is a line, or nothing at all.
    is_whole: bool,
}

impl Last {
    /// Goes on from the note of the last line where that one was taken off or edited: then the chain shows it for good.
    fn or_top(self, top: Option<Top>) -> Self {
        match top {
            Some(top) if top.seq >= self.seq && self.is_whole => Self {
                seq: top.seq,
                digest: top.digest,
                ..self
            },
            Some(top) => Self {
                seq: self.seq.max(top.seq),
                ..self
            },
            None => self,
        }
    }
}

fn last_line(file: &mut File, end: u64) -> std::io::Result<Last> {
    if end == 0 {
        return Ok(Last {
            seq: 0,
            digest: FIRST.into(),
            is_cut: false,
            is_whole: true,
        });
    }
    let mut from = end.saturating_sub(TAIL);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut tail)?;
    if from > 0 && !tail[..tail.len() - 1].contains(&b'\n') {
        from = 0;
        tail.clear();
        file.seek(SeekFrom::Start(from))?;
        file.read_to_end(&mut tail)?;
    }
    let is_cut = tail.last() != Some(&b'\n');
    let text = tail.strip_suffix(b"\n").unwrap_or(&tail);
    let last = text.rsplit(|&b| b == b'\n').next().unwrap_or(text);
    let seq = text
        .rsplit(|&b| b == b'\n')
        .find_map(|line| serde_json::from_slice::<Line>(line).ok())
        .map_or(0, |line| line.seq);
    Ok(Last {
        seq,
        digest: digest(last),
        is_cut,
        is_whole: serde_json::from_slice::<Line>(last).is_ok(),
    })
}

/// Returns the SHA-256 of bytes in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests;
