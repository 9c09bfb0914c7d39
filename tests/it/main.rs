//! One test binary; a line a file.

mod guard;
mod support;
mod cleanup;
mod rules_table;
