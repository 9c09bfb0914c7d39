//! `pdd-hooks install`: puts the hooks where git runs them.

use std::io::Write;

use crate::error::Error;
use crate::exit::Exit;
use crate::git::command::Git;
use crate::install::{self, server::Serve};
use crate::policy::Policy;

/// Install the hooks in this repository; hooks that are there already are kept and run first
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print what would be done and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Install the hooks of a server: in the bare repository that is pushed to
    #[arg(long, conflicts_with = "config_hooks")]
    server: bool,
    /// Pin the keys that may approve of the first landing: a fingerprint (`SHA256:…`), a file of public keys, or a signers
    /// file; without it those that a protected branch lists
    #[arg(long, requires = "server", value_name = "FILE|FINGERPRINT")]
    root: Vec<String>,
    /// Protect a branch that no policy names: kept in git's configuration as `pdd.protected`
    #[arg(long, requires = "server", value_name = "NAME")]
    protected: Vec<String>,
    /// Install by configuration instead of files: survives `core.hooksPath=/dev/null` (git 2.54 or later)
    #[arg(long)]
    config_hooks: bool,
}

/// Runs the command.
///
/// # Errors
/// As [`install::install`]; the policy of the work tree cannot be read.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let mut protected = protected()?;
    protected.extend(args.protected.iter().cloned());
    let text = install::install(
        std::path::Path::new("."),
        install::Request {
            dry_run: args.dry_run,
            config_hooks: args.config_hooks,
            protected: &protected,
            server: args.server.then_some(Serve { roots: &args.root }),
        },
    )?;
    // A server keeps no ledger and guards no moves of its own.
    if !args.dry_run && !args.server {
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
