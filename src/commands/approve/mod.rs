//! `pdd-hooks approve`: shows what a landing brings, then signs that it may be.

mod facts;
mod proofs;
pub(in crate::commands) mod said;
mod show;
pub(in crate::commands) mod step;
pub(in crate::commands) mod voice;
mod word;

use std::io::Write;
use std::path::PathBuf;

use facts::Facts;
pub(in crate::commands) use show::refusals;
use step::{Conflicts, Step};
use voice::{Refusal, Voice};
pub(in crate::commands) use word::{Until, word};

use super::Format;
use crate::error::Error;
use crate::evidence::ledger;
use crate::evidence::statement::{Approval, Decision};
use crate::exit::Exit;
use crate::git::Repository;
use crate::proof::known::{Word, words};

/// Prints repository, branch and tips, commits, files by class, findings, validation, red proofs, waivers, changed policy
/// and harness, and what was said before; then signs exactly that move. Exits with 1 where nothing is signed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What lands: a commit, usually the tip of a work branch
    revision: String,
    /// The protected branch that it lands on
    #[arg(long, value_name = "BRANCH")]
    into: String,
    /// Approve of the changed policy and harness files too
    #[arg(long)]
    policy: bool,
    /// Until when it counts: `2026-12-31`, or RFC 3339
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// A rejection in spite of which it is given; may be repeated
    #[arg(long, value_name = "RECORD")]
    over: Vec<String>,
    /// A waiver that it lets count; may be repeated
    #[arg(long, value_name = "RECORD")]
    waiver: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The key that signs, private or public; else `pdd.approvalKey` names it
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Show everything, and sign nothing
    #[arg(long)]
    dry_run: bool,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// The branch is not protected or has diverged, the revision has landed or conflicts, or an object is missing.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let until = args.until.as_deref().map(Until::parse).transpose()?;
    let repository = Repository::open()?;
    let ledger = ledger::read(&repository.pdd_folder())?;
    let step = Step::find(
        &repository,
        &ledger,
        &args.into,
        &args.revision,
        Conflicts::Refuse,
    )?;
    let voice = Voice::find(&repository, &step, args.key.as_deref())?;
    let waivers = waivers(&repository, args)?;
    let mut facts = Facts::gather(&repository, &ledger, &step, &voice, &waivers)?;
    let over = over(args, &facts)?;
    let refused = refused(args, &facts, &over);
    facts.refused.extend(refused);
    if args.format == Format::Text {
        super::print(out, &show::text(&facts))?;
        // The key may be asked for on the terminal: what is signed is to stand there before.
        out.flush().map_err(Error::Print)?;
    }
    if facts.refused.is_empty() && !args.dry_run {
        let said = Approval {
            policy_files: (args.policy && !facts.ruling.is_empty()).then(|| facts.policy_files()),
            waivers,
            over,
            expires: until.map(|until| until.to_string()),
            reason: args.reason.clone(),
            ..word(&step, &voice, Decision::Approve)?
        };
        let commit = step.is_fast_forward.then(|| facts.head.clone());
        match voice.say(&repository, said, commit.as_ref())? {
            Ok((record, _)) => facts.record = Some(record),
            Err(refusal) => facts.refused.push(refusal),
        }
    }
    match args.format {
        Format::Text => super::print(out, &outcome(args, &step, &facts))?,
        Format::Json => super::print_json(out, &facts)?,
    }
    Ok(match facts.refused.is_empty() {
        true => Exit::Passed,
        false => Exit::Findings,
    })
}

/// The waivers that were named, in full.
fn waivers(repository: &Repository, args: &Args) -> Result<Vec<String>, Error> {
    if args.waiver.is_empty() {
        return Ok(Vec::new());
    }
    let known = words(repository, None, Word::Waiver)?;
    let known: Vec<String> = known.into_iter().map(|(record, _)| record).collect();
    said::named(&args.waiver, &known, "waiver")
}

/// The rejections that were named, in full.
fn over(args: &Args, facts: &Facts) -> Result<Vec<String>, Error> {
    let rejections = facts.said.iter();
    let rejections: Vec<String> = rejections
        .filter(|said| said.decision == Decision::Reject)
        .map(|said| said.record.clone())
        .collect();
    said::named(&args.over, &rejections, "rejection of this")
}

/// What else keeps the word from being given.
fn refused(args: &Args, facts: &Facts, over: &[String]) -> Vec<Refusal> {
    let mut refused = Vec::new();
    if !facts.ruling.is_empty() && !args.policy {
        let paths = facts.ruling.iter();
        let paths: Vec<String> = paths.map(|file| format!("`{}`", file.path)).collect();
        refused.push(Refusal {
            message: format!("policy or harness change: {}", paths.join(", ")),
            help: format!(
                "look at them: `git diff {} {} -- {}`, then approve with `--policy`",
                facts.from.short(),
                &facts.to.as_str()[..12],
                paths.join(" ").replace('`', "'")
            ),
        });
    }
    refused.extend(facts.uncounted());
    for said in facts.said.iter().filter(|said| said.stands_against()) {
        if over.contains(&said.record) {
            continue;
        }
        let by = said.by.as_deref().unwrap_or("somebody");
        let record = said::short(&said.record);
        refused.push(Refusal {
            message: format!("{by} rejected this: record {record}"),
            help: format!("let them withdraw it, or approve in spite of it: `--over {record}`"),
        });
    }
    refused
}

/// What came of it, and the next step.
fn outcome(args: &Args, step: &Step, facts: &Facts) -> String {
    let mut text = String::new();
    if args.policy && facts.ruling.is_empty() {
        text.push_str("note: `--policy` says nothing here: neither policy nor harness change\n");
    }
    if !facts.refused.is_empty() {
        return text + &refusals(&facts.refused);
    }
    let Some(record) = &facts.record else {
        return text + "nothing was signed: this was a dry run\n";
    };
    let landing = step.landing(&args.revision);
    text + &format!(
        "approved: record {record}\nnext:\n  {landing}\n  git push, which publishes the approval too; without a push: pdd-hooks evidence push\n"
    )
}
