//! What earlier audits made of commits, so that an audit costs only what is new. A verdict is kept under a digest of all that it
//! was made of: commit, policy, landing and evidence (EVIDENCE.md, section 9); where any of that is another, the commit is
//! judged again. The files are the user's own, in `<git common dir>/pdd/audit/`: they save time and prove nothing.

mod cache;
mod digest;
mod facts;
mod keys;
mod records;
mod rows;
mod store;

use std::path::PathBuf;

use crate::git::Repository;

pub use cache::{Cache, Ruled};
pub use facts::Facts;
pub use keys::Keys;

/// Returns the folder of what audits keep. It is made where that of the program's state is there; where it is not, the hooks
/// are not installed, and a clone that is only looked at stays as it is.
pub fn folder(repository: &Repository) -> Option<PathBuf> {
    let folder = repository.pdd_folder();
    let audits = folder.join("audit");
    let is_there = folder.is_dir() && std::fs::create_dir_all(&audits).is_ok();
    is_there.then_some(audits)
}
