//! History re-judged by the rules, with what ledger, reflog and records know of each commit.

pub mod approval;
pub mod arrival;
mod astray;
pub mod basis;
mod begin;
pub mod class;
pub mod format;
pub mod history;
pub mod how;
pub mod identity;
pub mod judge;
pub mod landing;
pub mod landings;
pub mod made;
pub mod moves;
mod origins;
pub mod pool;
pub mod receipts;
pub mod recompute;
pub mod reds;
pub mod repairs;
pub mod report;
pub mod scan;
pub mod signed;
pub mod timeline;
pub mod trace;
pub mod validations;
pub mod verdicts;
pub mod waivers;
pub mod witnesses;

pub use judge::Judge;
