//! One test binary; a line a file.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot go on stops its test, as the test itself would"
)]

mod approval;
mod approve;
mod attacks;
mod audit;
mod boundary;
mod carried;
mod check;
mod ci;
mod cleanup;
mod cli;
mod contract;
mod deep_access;
mod doctor;
mod doctor_slots;
mod documents;
mod enrolled;
mod evidence;
mod fixture;
mod formats;
mod guard;
mod handoff;
mod init;
mod init_existing;
mod install;
mod install_again;
mod install_config;
mod install_killed;
mod install_places;
mod keys;
mod kinds;
mod languages;
mod managers;
mod matrix;
mod messages;
mod moments;
mod parallel;
mod policy;
mod policy_refusals;
mod policy_values;
mod readme;
mod records;
mod red;
mod reports;
mod robust;
mod rules_table;
mod selection;
mod server;
mod signing;
mod slot;
mod status;
mod support;
mod syntax;
mod syntax_rust;
mod task;
mod task_state;
mod tasked;
mod together;
mod trees;
mod validation;
mod waiver;
mod whole;
