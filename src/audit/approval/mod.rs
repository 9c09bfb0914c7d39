//! Whether a landing is approved: the records of people's words, the signatures that hold, and the moves that they lead to.

mod votes;

pub use votes::{Vote, Votes};
