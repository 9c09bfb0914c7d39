//! PDD008 from end to end: real git, the installed hooks, checks that really run.

mod cache;
mod cached;
mod exact;
mod forgiven;
mod induction;
mod known;
mod moments;
pub(crate) mod scene;
