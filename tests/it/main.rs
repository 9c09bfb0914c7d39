//! One test binary; a line a file.

mod cleanup;
mod rules_table;
