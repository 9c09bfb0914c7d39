//! Moves of references that make no commit, and plumbing that does.
