//! History re-judged by the rules, with what ledger and reflog know of each commit.

pub mod class;
pub mod history;
pub mod judge;
pub mod landing;
pub mod moves;
pub mod report;

pub use judge::Judge;
