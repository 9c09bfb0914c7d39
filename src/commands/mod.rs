//! One file for each subcommand: its arguments and its run function.

pub mod doctor;
pub mod install;
pub mod uninstall;
