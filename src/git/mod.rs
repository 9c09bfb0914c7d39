//! The only room that names git2: opening, trees, index, references, history, sequencer state; and the `git` command,
//! where git itself must answer. It knows no rule's verdict and prints nothing.

pub mod command;
mod error;

pub use error::Error;
