//! `pdd-hooks init`: writes the policy for the languages it finds, the workflow's documents, and how git merges the logs. It
//! overwrites nothing.

mod approver;
mod documents;
mod key;
mod plan;
mod report;

use std::io::Write;
use std::path::PathBuf;

use super::print;
use super::worktree;
use crate::error::Error;
use crate::exit::Exit;
use crate::policy::Policy;
use approver::Source;
use plan::{Plan, Step};

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// List who may approve: a public key, or a file in the form of allowed_signers
    #[arg(long, value_name = "FILE", conflicts_with = "new_approver_key")]
    approver: Option<PathBuf>,
    /// Make a key that approves, list it, and let this repository use it
    #[arg(long)]
    new_approver_key: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Writes what is missing, says what was kept, and names the next steps.
///
/// # Errors
/// No work tree, a policy that cannot be read, or a file that cannot be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let git = worktree::top()?;
    let source = match &args.approver {
        Some(file) => Some(Source::File(file)),
        None => args.new_approver_key.then_some(Source::NewKey),
    };
    if let (Some(source), Some(policy)) = (&source, worktree::policy(git.folder())?) {
        let text = approver::add(&git, &policy, source, args.dry_run)?;
        print(out, &text)?;
        return Ok(Exit::Passed);
    }
    let mut plan = Plan::make(&git)?;
    let listed = match &source {
        Some(source) => {
            let listed = source.lines(&git, args.dry_run)?;
            let signers = Policy::default().approval.signers;
            let text = approver::with_lines("", &listed.lines);
            plan.steps.insert(1, Step::create(&git, signers, text));
            listed.notes
        }
        None => String::new(),
    };
    if !args.dry_run {
        for step in &plan.steps {
            step.take(git.folder())?;
        }
    }
    print(out, &listed)?;
    print(out, &report::text(&git, &plan, args.dry_run)?)?;
    Ok(Exit::Passed)
}
