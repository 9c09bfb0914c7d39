//! `pdd-hooks withdraw`: takes back what the same person said of a landing.

use std::io::Write;
use std::path::PathBuf;

use super::approve::step::{Stand, Step};
use super::approve::voice::Voice;
use super::approve::{refusals, word};
use crate::audit::approval::{Vote, Votes};
use crate::error::{Error, LandingError};
use crate::evidence::ledger;
use crate::evidence::statement::{Approval, Decision};
use crate::exit::Exit;
use crate::git::Repository;

/// Approvals and rejections of one commit into one branch, all that the key's owner gave. Exits with 1 where there are none.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What was approved or rejected: a commit
    revision: String,
    /// The protected branch
    #[arg(long, value_name = "BRANCH")]
    into: String,
    /// The key that signs, private or public; else `pdd.approvalKey` names it
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// The branch is not protected or has diverged, the revision names nothing, or there is nothing to take back.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    let step = step(&repository, args)?;
    let voice = Voice::find(&repository, &step, args.key.as_deref())?;
    let principal = voice.signer.as_ref().and_then(|one| one.principal.clone());
    let (true, Some(principal)) = (voice.refused.is_empty(), principal) else {
        super::print(out, &refusals(&voice.refused))?;
        return Ok(Exit::Findings);
    };
    let votes = Votes::read(&repository, None)?;
    let open: Vec<&Vote> = votes
        .on(&step.reference)
        .filter(|vote| is_open(vote, &votes, &step, &voice, &principal))
        .collect();
    if open.is_empty() {
        return Err(LandingError::FindWord {
            who: principal,
            revision: args.revision.clone(),
            branch: step.branch,
        }
        .into());
    }
    let said = Approval {
        withdraws: open.iter().map(|vote| vote.record.clone()).collect(),
        ..word(&step, &voice, Decision::Withdraw)?
    };
    let record = match voice.say(&repository, said, None)? {
        Ok((record, _)) => record,
        Err(refusal) => {
            super::print(out, &refusals(&[refusal]))?;
            return Ok(Exit::Findings);
        }
    };
    super::print(out, &report(&principal, &record, &open))?;
    Ok(Exit::Passed)
}

/// The step as it stands now: what was said of it may have been about an older tip, and it may have landed since.
fn step(repository: &Repository, args: &Args) -> Result<Step, Error> {
    let ledger = ledger::read(&repository.pdd_folder())?;
    let stand = Stand::find(repository, &ledger, &args.into)?;
    let head = repository.resolve(&args.revision)?;
    Ok(Step {
        reference: format!("refs/heads/{}", stand.branch),
        branch: stand.branch,
        force: stand.force,
        from: stand.tip,
        head,
        to: repository.tree_of(head)?,
        is_fast_forward: repository.is_ancestor(stand.tip, head)?,
        is_local: stand.is_local,
        is_branch: false,
    })
}

fn is_open(vote: &Vote, votes: &Votes, step: &Step, voice: &Voice, principal: &str) -> bool {
    let said = &vote.approval;
    let (signers, now) = (&voice.signers, jiff::Timestamp::now());
    let Some(Ok(by)) = vote.signed(signers, now) else {
        return false;
    };
    said.head.as_str() == step.head.to_string()
        && said.decision != Decision::Withdraw
        && by.principal == principal
        && votes.withdrawn(vote, &by, signers, now).is_none()
}

fn report(principal: &str, record: &str, open: &[&Vote]) -> String {
    let mut text = format!("{principal} took back, by the record {record}:\n");
    for vote in open {
        let what = match vote.approval.decision {
            Decision::Reject => "rejection",
            _ => "approval",
        };
        text.push_str(&format!("  {what} {}\n", vote.record));
    }
    text + "next:\n  pdd-hooks evidence push, so that others know\n"
}
