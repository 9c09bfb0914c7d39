//! Whether a landing is approved: the records of people's words, the signatures that hold, and the moves that they lead to.

mod fit;
mod signers;
mod steps;
mod tally;
mod tips;
mod tops;
mod votes;

pub use signers::SignersAt;
pub use steps::{Asked, Goal, approvals};
pub use tally::speaks_for;
pub use tips::{Tip, Tips};
pub use tops::{Top, Tops};
pub use votes::{Vote, Votes};
