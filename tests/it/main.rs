//! One test binary; a line a file.

mod cleanup;
mod cli;
mod guard;
mod init;
mod rules_table;
mod support;
