//! History re-judged by the rules, with what ledger, reflog and records know of each commit.

pub mod approval;
pub mod arrival;
pub mod basis;
mod begin;
pub mod class;
pub mod format;
pub mod history;
pub mod how;
pub mod judge;
pub mod landing;
pub mod made;
pub mod moves;
mod origins;
pub mod recompute;
pub mod reds;
pub mod report;
pub mod trace;
pub mod validations;
pub mod waivers;

pub use judge::Judge;
