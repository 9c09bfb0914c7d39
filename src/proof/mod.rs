//! Validation: the slot in which an exact tree is tested, the processes that run there, their reports, and what they
//! prove (PROOF.md, section 6). The only room that starts the user's programs; it prints nothing.

pub mod cache;
pub mod cause;
pub mod checked;
mod environment;
mod error;
pub mod fingerprint;
mod forgiven;
mod forgiving;
pub mod known;
pub mod notebook;
pub mod outcome;
pub mod process;
mod record;
pub mod red;
pub mod report;
pub mod request;
mod results;
pub mod runner;
pub mod scope;
mod seals;
pub mod selection;
pub mod slot;
pub mod standing;
pub mod target;
pub mod validation;
pub mod verdict;

pub use environment::Environment;
pub use error::Error;
pub use seals::waiting;
pub use slot::{Attempted, Content, Found, Slot};
