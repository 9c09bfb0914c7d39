//! `evidence push` and `evidence fetch`: the same exchange as pre-push makes, by hand.

use std::io::Write;

use serde::Serialize;

use super::super::{Format, print, print_json};
use crate::error::{CommandError, Error};
use crate::exit::Exit;
use crate::git::{Pushed, Repository};

/// Names the remote.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A remote or its address; not given, it is the branch's, else `origin`, else the only one
    remote: Option<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

#[derive(Serialize)]
struct Brought<'a> {
    remote: &'a str,
    records: usize,
}

/// Brings the records to a remote.
pub(super) fn push(
    repository: &Repository,
    args: &Args,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let remote = remote(repository, args)?;
    let to = repository.destination(&remote, None)?;
    let records = match repository.push_records(&to)? {
        Pushed::Nothing => 0,
        Pushed::Done(count) => count,
        Pushed::Refused(reason) => {
            return Err(CommandError::PushRecords { remote, reason }.into());
        }
    };
    told(args, out, &remote, records, "pushed", "to")
}

/// Brings the records of a remote here.
pub(super) fn fetch(
    repository: &Repository,
    args: &Args,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let remote = remote(repository, args)?;
    let from = repository.source(&remote)?;
    let records = repository.fetch_records(&from)?;
    told(args, out, &remote, records, "fetched", "from")
}

fn remote(repository: &Repository, args: &Args) -> Result<String, Error> {
    match &args.remote {
        Some(remote) => Ok(remote.clone()),
        None => super::default_remote(repository),
    }
}

fn told(
    args: &Args,
    out: &mut dyn Write,
    remote: &str,
    records: usize,
    done: &str,
    way: &str,
) -> Result<Exit, Error> {
    match args.format {
        Format::Json => print_json(out, &Brought { remote, records })?,
        Format::Text => {
            let what = match records {
                0 => "nothing new".to_owned(),
                1 => "1 record".to_owned(),
                count => format!("{count} records"),
            };
            print(out, &format!("{done} {what} {way} {remote}\n"))?;
        }
    }
    Ok(Exit::Passed)
}
