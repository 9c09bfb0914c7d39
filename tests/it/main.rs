//! One test binary; a line a file.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot go on stops its test, as the test itself would"
)]

mod cleanup;
mod cli;
mod enrolled;
mod formats;
mod guard;
mod init;
mod matrix;
mod messages;
mod policy;
mod policy_refusals;
mod policy_values;
mod readme;
mod robust;
mod rules_table;
mod support;
mod trees;
