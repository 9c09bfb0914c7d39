//! What is left behind: the attempt in progress and the ledger of what became of each. Files of the user's own; they
//! catch haste, not forgery (DESIGN.md, section 12).

pub mod attempt;
mod error;
pub mod ledger;

pub use error::Error;
