//! One test binary; a line a file.

mod cleanup;
mod cli;
mod enrolled;
mod guard;
mod init;
mod matrix;
mod policy;
mod policy_refusals;
mod policy_values;
mod rules_table;
mod support;
