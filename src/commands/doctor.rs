//! `pdd-hooks doctor`: proves that the hooks are there, ours, and reached.

use std::io::Write;
use std::path::Path;

use super::{Format, worktree};
use crate::error::Error;
use crate::exit::Exit;
use crate::install::documents::{self, Renumbering};
use crate::install::server::Serve;
use crate::install::{self, Request, doctor, slots};

/// Check that every hook is present, executable, ours, of this version and reached, with a live self-test
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Before the check, install again what is missing, give the newer of two devlog entries with one number the next
    /// one, remove the slots of worktrees that are gone, and the passes of checks that are older than 90 days
    #[arg(long)]
    fix: bool,
    /// How to print the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the command: 0 where all is well, 1 where there is a problem.
///
/// # Errors
/// The repository cannot be asked; with `--fix` also as [`install::install`] and
/// [`slots::tidy`].
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let folder = Path::new(".");
    if args.fix {
        let request = Request {
            config_hooks: install::is_by_configuration(folder)?,
            server: install::is_server(folder)?.then(Serve::default),
            ..Request::default()
        };
        let text = install::install(folder, request)? + &renumbered()? + &slots::tidy(folder)?;
        if args.format == Format::Text {
            super::print(out, &text)?;
        }
    }
    let report = doctor::examine(folder)?;
    match args.format {
        Format::Text => super::print(out, &report.text())?,
        Format::Json => super::print_json(out, &report)?,
    }
    Ok(if report.is_well() {
        Exit::Passed
    } else {
        Exit::Findings
    })
}

/// Gives the newer of two devlog entries with one number the next one; returns the lines to print.
fn renumbered() -> Result<String, Error> {
    // A bare repository has no work tree whose devlog could be mended.
    let Ok(git) = worktree::top() else {
        return Ok(String::new());
    };
    let Some(policy) = worktree::policy(git.folder())? else {
        return Ok(String::new());
    };
    let path = &policy.task.devlog;
    let (text, moved) = match documents::renumbering(&git, &policy)? {
        Renumbering::Needless => return Ok(String::new()),
        Renumbering::Refused(state) => return Ok(format!("left {path} alone: it {state}\n")),
        Renumbering::Text { text, moved } => (text, moved),
    };
    worktree::replace(&git.folder().join(path), &text)?;
    let lines = moved.iter();
    let lines = lines.map(|(old, new, line)| format!("{old} -> {new} ({path}:{line})\n"));
    Ok(lines.collect::<String>() + &format!("stage it: git add {path}\n"))
}
