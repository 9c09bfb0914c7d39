//! `pdd-hooks waive`: signs that one tree or one commit need not keep a rule, why, and how long.

mod signer;

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;
use signer::Signer;

use super::approve::Until;
use super::{Format, random, range};
use crate::error::{CommandError, Error, WaiverError};
use crate::evidence::Statement;
use crate::evidence::statement::{Predicate, Waiver};
use crate::exit::Exit;
use crate::finding::{Waived, printable};
use crate::git::{InForce, Repository};
use crate::id::{CommitId, TreeId};
use crate::rules::{self, Rule};

/// Without `--commit` the waiver is for exactly the tree that is staged now. It counts where the policy in force lets the
/// rule be waived, until its date, and on a protected branch only if the approval of the landing lists it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The rule's code or name: `PDD009`, `red-first`
    rule: String,
    /// The commit that need not keep it, in place of what is staged
    #[arg(long, value_name = "OID")]
    commit: Option<String>,
    /// Until when it counts: `2026-12-31`, or RFC 3339
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Why: others are shown it wherever the rule would have refused
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The key that signs, private or public; else `pdd.approvalKey` names it
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// What was waived; its JSON is what `--format json` prints.
#[derive(Debug, Serialize)]
struct Told {
    schema: &'static str,
    code: &'static str,
    rule: &'static str,
    tree: TreeId,
    commit: Option<CommitId>,
    waiver: Waived,
    /// The key that signed, `SHA256:…`.
    key: String,
    #[serde(skip)]
    branch: String,
}

/// Runs the command.
///
/// # Errors
/// The rule cannot be waived, the date is past, nobody who may has signed, or an object is missing.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let rule = rules::find(&args.rule.to_lowercase()).ok_or_else(|| CommandError::FindRule {
        word: args.rule.clone(),
        nearest: rules::suggest(&args.rule),
    })?;
    // A line feed in it would pass for something else that a hook says.
    let reason = args.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() {
        return Err(WaiverError::FindReason.into());
    }
    let until = args.until.as_deref().map(Until::parse).transpose()?;
    let repository = Repository::open()?;
    let force = range::policy(&repository, None)?;
    allowed(rule, &force)?;
    let (tree, commit) = subject(&repository, args.commit.as_deref())?;
    let signer = Signer::find(&repository, &force, args.key.as_deref())?;
    let waiver = Waiver {
        tool: concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")).into(),
        time: Timestamp::now().to_string(),
        repository: force.policy.approval.repository.clone(),
        rules: vec![rule.name.into()],
        reason: reason.clone(),
        expires: until.map(|until| until.to_string()),
        nonce: random::digits()?,
    };
    let expires = waiver.expires.clone();
    let statement = Statement::about(&tree, commit.as_ref(), Predicate::Waiver(Box::new(waiver)));
    let (record, signed) = signer.record(&repository, statement)?;
    let told = Told {
        schema: "pdd-hooks/waiver/1",
        code: rule.code,
        rule: rule.name,
        tree,
        commit,
        waiver: Waived {
            record,
            by: signed.principal,
            reason,
            expires,
        },
        key: signed.key,
        branch: force.branch,
    };
    match args.format {
        Format::Text => super::print(out, &text(&told))?,
        Format::Json => super::print_json(out, &told)?,
    }
    Ok(Exit::Passed)
}

/// Refuses a rule that nobody, or nobody here, may waive.
fn allowed(rule: &'static Rule, force: &InForce) -> Result<(), WaiverError> {
    if matches!(rule.name, "approval" | "policy") {
        return Err(WaiverError::Never { rule: rule.name });
    }
    let allowed = &force.policy.waiver.rules;
    if allowed.iter().any(|name| name == rule.name) {
        return Ok(());
    }
    Err(WaiverError::Allow {
        rule: rule.name,
        branch: force.branch.clone(),
        allowed: allowed.clone(),
    })
}

/// What need not keep the rule: a commit and its tree, or the tree that is staged.
fn subject(
    repository: &Repository,
    commit: Option<&str>,
) -> Result<(TreeId, Option<CommitId>), Error> {
    let (tree, commit) = match commit {
        Some(revision) => {
            let commit = repository.commit(repository.resolve(revision)?)?;
            (commit.tree, Some(CommitId::new(commit.id.to_string())))
        }
        None => (repository.index_tree()?, None),
    };
    Ok((TreeId::new(tree.to_string()), commit))
}

fn text(told: &Told) -> String {
    let Told { code, rule, .. } = told;
    let what = match &told.commit {
        Some(commit) => format!("commit {}", commit.short()),
        None => format!("the staged tree {}", &told.tree.as_str()[..12]),
    };
    let words = printable(&told.waiver.words());
    let branch = &told.branch;
    let record = &told.waiver.record[..12];
    let (now, lands) = match &told.commit {
        Some(commit) => (
            "git push, which publishes the waiver too; without a push: pdd-hooks evidence push",
            commit.short().to_owned(),
        ),
        None => (
            "git commit: this very tree passes without the rule, no other does",
            "<commit>".into(),
        ),
    };
    format!(
        "waived {code} {rule} for {what}\n  {words}\nnext:\n  {now}\n  on {branch} it counts once the approval lists it: pdd-hooks approve {lands} --into {branch} --waiver {record}\n"
    )
}
