//! The rules of the store at the server: no policy relaxes them, and they have no code.

use super::{guard, print};
use crate::error::Error;
use crate::finding::printable;
use crate::git::{RECORDS, Repository, StoreFault};

/// The most faults that are printed.
const SHOWN: usize = 10;

/// Judges the moves of the store's reference in the input of pre-receive, and says whether one is refused.
pub(super) fn refuses(repository: &Repository, input: &[u8]) -> Result<bool, Error> {
    let mut refused = false;
    for update in guard::updates(input).into_iter() {
        if update.name != RECORDS.as_bytes() {
            continue;
        }
        let id = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            let is_none = text.bytes().all(|byte| byte == b'0');
            (!is_none).then(|| repository.oid(&text)).transpose()
        };
        let (old, new) = (id(update.old)?, id(update.new)?);
        let is_commit = match new {
            // A tag of a commit is none: what stands there must be walked as it stands.
            Some(new) => repository.peel(new)? == Some(new),
            None => true,
        };
        let faults = if is_commit {
            repository.store_faults(old, new)?
        } else {
            vec![StoreFault::NoCommit]
        };
        for fault in faults.iter().take(SHOWN) {
            let what = printable(&fault.to_string());
            print(&format!(
                "error: {RECORDS} {what}\n  = help: {}\n",
                fault.help()
            ));
        }
        if faults.len() > SHOWN {
            print(&format!(
                "error: {RECORDS} has {} more faults\n",
                faults.len() - SHOWN
            ));
        }
        refused |= !faults.is_empty();
    }
    Ok(refused)
}
