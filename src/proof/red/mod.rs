//! The red proof (PROOF.md, section 7): the tests that a change brings, run on trees that hold them without its source or
//! with its bodies replaced, and what that says of each.

mod base;
mod below;
mod brought;
mod candidates;
mod existing;
mod functions;
mod goal;
mod gone;
mod hidden;
mod judge;
mod look;
mod pairs;
mod parts;
mod prove;
mod record;
mod renamed;
mod runs;
mod seal;
mod sealing;
mod shown;
mod summary;
mod trees;

use super::outcome::Outcome;
use super::request::Request;
use super::validation::{Validator, Watch};
use super::{Error, runner};
use crate::git::Oid;
use crate::policy::CheckBlock;

pub(super) use brought::Brought;
pub use prove::{known, prove};
pub use sealing::{Sealing, other_than_qa, seal, take_back};
pub use shown::{Shown, shown};
pub use summary::summary;

/// The least time that a run of some tests gets, in seconds, and how many times what the whole suite took.
const PATIENCE: (u64, u64) = (60, 10);

/// Where the runs of one proof take place.
pub(super) struct Bench<'b, 'v, 'w> {
    validator: &'b mut Validator<'v>,
    request: &'b Request,
    watch: &'w mut dyn Watch,
    /// How long the whole suite took, in milliseconds, where that is known.
    whole: Option<u64>,
}

impl Bench<'_, '_, '_> {
    /// Runs a check on a tree, with these arguments added. Some tests alone get less time than the whole suite: one of
    /// them may hang without its source.
    fn attempt(
        &mut self,
        tree: Oid,
        check: &CheckBlock,
        more: &[String],
    ) -> Result<Outcome, Error> {
        let mut check = check.clone();
        // A compiler may have to build everything once more.
        let builds = runner::programs(&check.run)
            .iter()
            .any(|program| matches!(*program, "cargo" | "cargo-nextest" | "go"));
        if let (false, Some(whole), Some(limit)) = (builds, self.whole, check.time_limit()) {
            let (least, times) = PATIENCE;
            let patience = least.max(whole.saturating_mul(times) / 1000);
            if patience < limit.as_secs() {
                check.timeout = format!("{patience}s");
            }
        }
        let parents = &self.request.parents;
        self.validator
            .attempt(tree, parents, &check, more, self.watch)
    }
}
