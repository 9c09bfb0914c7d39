//! `pdd-hooks reject`: signs that a landing may not be.

use std::io::Write;
use std::path::PathBuf;

use super::approve::said::short;
use super::approve::step::{Conflicts, Step};
use super::approve::voice::Voice;
use super::approve::{refusals, word};
use crate::error::Error;
use crate::evidence::ledger;
use crate::evidence::statement::{Approval, Decision};
use crate::exit::Exit;
use crate::git::Repository;

/// A rejection wins over every approval that does not name it. Exits with 1 where nothing is signed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What may not land: a commit
    revision: String,
    /// The protected branch that it may not land on
    #[arg(long, value_name = "BRANCH")]
    into: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The key that signs, private or public; else `pdd.approvalKey` names it
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// The branch is not protected or has diverged, the revision has landed, or an object is missing.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    let ledger = ledger::read(&repository.pdd_folder())?;
    let (into, revision) = (&args.into, &args.revision);
    let step = Step::find(&repository, &ledger, into, revision, Conflicts::TakeHead)?;
    let voice = Voice::find(&repository, &step, args.key.as_deref())?;
    if !voice.refused.is_empty() {
        super::print(out, &refusals(&voice.refused))?;
        return Ok(Exit::Findings);
    }
    let said = Approval {
        reason: args.reason.clone(),
        ..word(&step, &voice, Decision::Reject)?
    };
    let (record, signed) = match voice.say(&repository, said, None)? {
        Ok(said) => said,
        Err(refusal) => {
            super::print(out, &refusals(&[refusal]))?;
            return Ok(Exit::Findings);
        }
    };
    let (who, branch, known) = (signed.principal, &step.branch, short(&record));
    super::print(
        out,
        &format!(
            "{who} rejected {revision} into {branch}: record {record}\nnext:\n  pdd-hooks evidence push, so that others know\n  approvals count again once they name it: `--over {known}`; `pdd-hooks withdraw {revision} --into {branch}` takes it back\n"
        ),
    )?;
    Ok(Exit::Passed)
}
