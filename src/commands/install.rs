//! `pdd-hooks install`: puts the hooks where git runs them.

use std::io::Write;

use crate::error::Error;
use crate::exit::Exit;
use crate::git::command::Git;
use crate::install;
use crate::policy::Policy;

/// Install the hooks in this repository; hooks that are there already are kept and run first
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Install the hooks of a server (not in this version)
    #[arg(long, conflicts_with = "config_hooks")]
    server: bool,
    /// Install by configuration instead of files: survives `core.hooksPath=/dev/null` (git 2.54 or later)
    #[arg(long)]
    config_hooks: bool,
}

/// Runs the command.
///
/// # Errors
/// As [`install::install`]; the policy of the work tree cannot be read.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    if args.server {
        return Err(install::Error::UseServer.into());
    }
    let protected = protected()?;
    let text = install::install(
        std::path::Path::new("."),
        install::Request {
            dry_run: args.dry_run,
            config_hooks: args.config_hooks,
            protected: &protected,
        },
    )?;
    if !args.dry_run {
        crate::hook::enrol()?;
    }
    super::print(out, &text)?;
    Ok(Exit::Passed)
}

/// Returns the protected names that are not known before a policy is read.
fn protected() -> Result<Vec<String>, Error> {
    let git = Git::new(".");
    // A bare repository has no work tree to read a policy in.
    let Ok(top) = git.line(&["rev-parse", "--show-toplevel"]) else {
        return Ok(Vec::new());
    };
    let Ok(text) = std::fs::read_to_string(std::path::Path::new(&top).join(".pdd.toml")) else {
        return Ok(Vec::new());
    };
    let policy = Policy::parse(&text, ".pdd.toml")?;
    let names = policy.branch.protected.into_iter();
    Ok(names
        .filter(|name| name != "main" && name != "master")
        .collect())
}
