//! PDD009 from end to end: real git, the installed hooks, tests that real runners run on each tree of the proof.

mod follows;
mod scene;
mod seals;
