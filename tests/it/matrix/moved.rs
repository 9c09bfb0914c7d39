//! Moves of references that make no commit.
