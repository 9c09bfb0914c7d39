//! PDD008 from end to end: real git, the installed hooks, checks that really run.

mod cache;
mod command;
mod exact;
mod forgiven;
mod induction;
mod moments;
pub(crate) mod scene;
mod scope;
mod stopped;
mod suite;
mod untouched;
