//! `pdd-hooks task`: the Tasklist and the Changelog, read and moved on. What is written is staged, and never committed.

mod block;
mod branch;
mod complete;
mod demands;
mod desk;
mod lack;
mod list;
mod new;
mod next;
mod ready;
mod show;
mod spoken;
mod start;
mod texts;
mod work;

use std::io::Write;

use desk::Desk;

use crate::error::Error;
use crate::exit::Exit;

/// Plans tasks and takes them from PENDING to the Changelog. Each step checks first what the workflow demands, says all
/// that is missing at once, and stages what it writes; the commit is yours
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

/// The subcommands, in the order of a task's way.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the open tasks, and what each waits for
    List(list::Args),
    /// Show which task comes next: the most urgent one that waits for nothing
    Next(next::Args),
    /// Show all that the documents say of a task
    Show(show::Args),
    /// Write a new task into the Tasklist
    New(new::Args),
    /// Cut the work branch, put the task in work, and declare who begins it
    Start(start::Args),
    /// Say that a task has to wait, and what for
    Block(block::Args),
    /// Let a blocked task go on as what it was
    Unblock(block::Unblock),
    /// Hand a task to validation, once all is there that QA looks at
    Ready(ready::Args),
    /// Move a validated task to the top of the Changelog
    Complete(complete::Args),
}

/// Runs the command.
///
/// # Errors
/// There is no policy or no such task, or a document cannot be read or written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let desk = Desk::open()?;
    match &args.action {
        Action::List(args) => list::run(&desk, args, out),
        Action::Next(args) => next::run(&desk, args, out),
        Action::Show(args) => show::run(&desk, args, out),
        Action::New(args) => new::run(&desk, args, out),
        Action::Start(args) => start::run(&desk, args, out),
        Action::Block(args) => block::run(&desk, args, out),
        Action::Unblock(args) => block::unblock(&desk, args, out),
        Action::Ready(args) => ready::run(&desk, args, out),
        Action::Complete(args) => complete::run(&desk, args, out),
    }
}
