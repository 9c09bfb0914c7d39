//! A note of the ledger's last line beside it: a ledger that lost its end does not show that itself.

use std::path::{Path, PathBuf};

/// The number and the digest of the line that was written last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Top {
    pub(super) seq: u64,
    pub(super) digest: String,
}

/// It stands with the attempts, which an uninstall takes away: the ledger alone stays.
fn path(pdd: &Path) -> PathBuf {
    pdd.join("attempts").join("ledger.top")
}

/// Reads the note; one that is not there or was cut short tells nothing.
pub(super) fn read(pdd: &Path) -> Option<Top> {
    let text = std::fs::read_to_string(path(pdd)).ok()?;
    let (seq, digest) = text.strip_suffix('\n')?.split_once(' ')?;
    let seq = seq.parse().ok()?;
    (digest.len() == 64).then(|| Top {
        seq,
        digest: digest.to_owned(),
    })
}

/// Writes the note. What it tells is a bonus: where it cannot be written, the ledger is what counts.
pub(super) fn write(pdd: &Path, top: &Top) {
    let path = path(pdd);
    let text = format!("{} {}\n", top.seq, top.digest);
    if std::fs::write(&path, &text).is_err() {
        let _ = std::fs::create_dir_all(pdd.join("attempts"));
        let _ = std::fs::write(&path, &text);
    }
}
