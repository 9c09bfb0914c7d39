//! The `pdd-hooks` command: parse, dispatch, exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use pdd_hooks::commands::{doctor, install, uninstall};
use pdd_hooks::exit::Exit;

/// Makes git itself keep the rules of Persona-Driven Development.
#[derive(clap::Parser)]
#[command(version)]
enum Arguments {
    Install(install::Args),
    Uninstall(uninstall::Args),
    Doctor(doctor::Args),
}

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let done = match Arguments::parse() {
        Arguments::Install(args) => install::run(&args, &mut out),
        Arguments::Uninstall(args) => uninstall::run(&args, &mut out),
        Arguments::Doctor(args) => doctor::run(&args, &mut out),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            // Where stderr is closed there is nobody to tell.
            let _ = std::io::stderr().write_all(error.render().as_bytes());
            Exit::Undecided.into()
        }
    }
}
