//! History re-judged by the rules, with what ledger, reflog and records know of each commit.

pub mod approval;
pub mod arrival;
mod astray;
pub mod basis;
mod begin;
pub mod class;
pub mod format;
pub mod history;
pub mod identity;
pub mod judge;
pub mod landing;
pub mod moves;
pub mod recompute;
pub mod reds;
pub mod report;
pub mod scan;
pub mod trace;
pub mod validations;
pub mod waivers;

pub use judge::Judge;
