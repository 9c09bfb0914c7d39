//! The workflow's documents: text to data and back. Pure.

pub mod personalog;
pub mod tasklist;
