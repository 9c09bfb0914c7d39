//! PDD009 from end to end: real git, the installed hooks, tests that real runners run on each tree of the proof.

mod follows;
mod inline;
mod scene;
mod sealable;
mod seals;
