//! Names of references that come, go and change.
