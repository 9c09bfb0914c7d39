//! PDD008 from end to end: real git, the installed hooks, checks that really run.

mod cache;
mod cached;
mod candidates;
mod command;
mod exact;
mod false_passes;
mod forgiven;
mod induction;
mod known;
mod landing;
mod moments;
mod poison;
pub(crate) mod projects;
pub(crate) mod scene;
mod scope;
mod sealed;
mod shell;
mod stale;
mod stopped;
mod suite;
mod untouched;
