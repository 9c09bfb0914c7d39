//! `pdd-hooks evidence`: looks at the records, and brings them to and from remotes. It adds none.

mod exchange;
mod list;
mod record;
mod show;
mod verify;

use std::io::Write;

use crate::error::{CommandError, Error};
use crate::exit::Exit;
use crate::git::Repository;

/// Looks at what is recorded in `refs/pdd/evidence`, here and as it was fetched of remotes
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

/// The subcommands, in the order of the help.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the records, one a line
    List(list::Args),
    /// Print a record: what it says and who signed it
    Show(show::Args),
    /// Say of each record whether it is whole and whose signature holds
    Verify(verify::Args),
    /// Bring the records to a remote, united with what is there
    Push(exchange::Args),
    /// Bring the records of a remote here, beside those that are here
    Fetch(exchange::Args),
}

/// Runs the command.
///
/// # Errors
/// The repository cannot be read, or what is asked for is not there.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    match &args.action {
        Action::List(args) => list::run(&repository, args, out),
        Action::Show(args) => show::run(&repository, args, out),
        Action::Verify(args) => verify::run(&repository, args, out),
        Action::Push(args) => exchange::push(&repository, args, out),
        Action::Fetch(args) => exchange::fetch(&repository, args, out),
    }
}

/// Finds the remote that is meant where none is named: the branch's, else `origin`, else the only one.
fn default_remote(repository: &Repository) -> Result<String, Error> {
    if let Some(branch) = repository.head()?.branch {
        let own = repository.config_values(&format!("branch.{branch}.remote"))?;
        if let Some(remote) = own.into_iter().next_back().filter(|name| name != ".") {
            return Ok(remote);
        }
    }
    let text = repository.git().line(&["remote"])?;
    let names: Vec<&str> = text.lines().collect();
    match names.as_slice() {
        _ if names.contains(&"origin") => Ok("origin".into()),
        [only] => Ok((*only).to_owned()),
        _ => Err(CommandError::FindRemote {
            known: names.into_iter().map(str::to_owned).collect(),
        }
        .into()),
    }
}
