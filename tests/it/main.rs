//! One test binary; a line a file.

mod support;

mod cli;
mod init;
mod readme;
