//! One test binary; a line a file.

mod doctor;
mod install;
mod install_config;
mod install_killed;
mod managers;
mod support;
