//! The workflow's documents: text to data and back. Pure.

pub mod attributes;
pub mod board;
pub mod changelog;
pub mod devlog;
pub mod edit;
pub mod entries;
pub mod fields;
pub mod handoff;
mod ids;
pub mod numbering;
pub mod outline;
pub mod personalog;
pub mod tasklist;
