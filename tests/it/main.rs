//! One test binary; a line a file.

mod doctor;
mod install;
mod install_again;
mod install_config;
mod install_killed;
mod install_places;
mod managers;
mod support;
