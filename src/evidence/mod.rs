//! What is left behind: the attempt in progress and the ledger of what became of each, files of the user's own that
//! catch haste, not forgery (DESIGN.md, section 12); and the form of the records that others can be shown.

pub mod attempt;
pub mod envelope;
mod error;
pub mod expiry;
mod json;
pub mod ledger;
pub mod signers;
pub mod statement;

pub use envelope::Envelope;
pub use error::Error;
pub use statement::Statement;
