//! One test binary; a line a file.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot go on stops its test, as the test itself would"
)]

mod attacks;
mod cleanup;
mod cli;
mod enrolled;
mod guard;
mod init;
mod kinds;
mod matrix;
mod moments;
mod policy;
mod policy_refusals;
mod policy_values;
mod readme;
mod rules_table;
mod support;
