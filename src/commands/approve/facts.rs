//! All that a person is shown of a landing before the word is given, gathered once, for text and JSON alike.

use std::collections::BTreeMap;

use serde::Serialize;

use super::proofs::{self, CheckLine, Reds};
use super::said::{self, Said, Waived};
use super::step::Step;
use super::voice::{Refusal, Signer, Voice};
use crate::audit::approval::{SignersAt, Votes, speaks_for};
use crate::audit::history::{self, Request};
use crate::audit::judge::Judge;
use crate::audit::reds;
use crate::audit::report::Row;
use crate::audit::waivers::{Ground, Listed, Waivers};
use crate::change::{Landing, Moment};
use crate::error::Error;
use crate::evidence::ledger::Ledger;
use crate::finding::{Finding, Level};
use crate::git::{Delta, Oid, Repository};
use crate::id::{BlobId, CommitId, TreeId};
use crate::message::Message;
use crate::policy::{Approval, Class};
use crate::proof::known::Known;
use crate::rules;

/// What is known of a landing; its JSON is what `approve --format json` prints.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct Facts {
    /// `pdd-hooks/approval/1`.
    pub(in crate::commands) schema: &'static str,
    /// `approval.repository`.
    pub(in crate::commands) repository: String,
    /// The branch.
    pub(in crate::commands) branch: String,
    /// The tip that it moves from.
    pub(in crate::commands) from: CommitId,
    /// The commit that lands.
    pub(in crate::commands) head: CommitId,
    /// The tree that the branch will have.
    pub(in crate::commands) to: TreeId,
    /// Whether the branch simply moves on; else a merge is made.
    pub(in crate::commands) fast_forward: bool,
    /// Whether the signers are those that the landing brings.
    pub(in crate::commands) bootstrap: bool,
    /// The number of the policy at `from`.
    pub(in crate::commands) policy: u64,
    /// How many people must approve.
    pub(in crate::commands) required: u32,
    /// The commits that arrive, as `check` prints them.
    pub(in crate::commands) commits: Vec<Row>,
    /// What the rules say of the landing as a whole, beside its validation, which stands apart, and its approval.
    pub(in crate::commands) findings: Vec<Finding>,
    /// What changes, by class.
    pub(in crate::commands) files: Vec<ClassLine>,
    /// The changed policy and harness files.
    pub(in crate::commands) ruling: Vec<Ruling>,
    /// How each check stands on `to`; null where the policy asks for none.
    pub(in crate::commands) validation: Option<Vec<CheckLine>>,
    /// The red proofs; null where the policy asks for none.
    pub(in crate::commands) red: Option<Reds>,
    /// The waivers of what lands.
    pub(in crate::commands) waivers: Vec<Waived>,
    /// What was said before.
    pub(in crate::commands) said: Vec<Said>,
    /// The key that signs.
    pub(in crate::commands) signer: Option<Signer>,
    /// Why nothing is signed.
    pub(in crate::commands) refused: Vec<Refusal>,
    /// The record of the approval; null where nothing was signed.
    pub(in crate::commands) record: Option<String>,
    /// Whose approvals count.
    #[serde(skip)]
    wants: Approval,
}

/// What changes in the files of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct ClassLine {
    /// The class.
    pub(in crate::commands) class: Class,
    /// How many files.
    pub(in crate::commands) files: usize,
    /// Lines added.
    pub(in crate::commands) added: u64,
    /// Lines removed.
    pub(in crate::commands) removed: u64,
}

/// A changed file that decides what passes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Ruling {
    /// Its path.
    pub(in crate::commands) path: String,
    /// Policy or harness.
    pub(in crate::commands) class: Class,
    /// What it will hold; none where it is deleted.
    pub(in crate::commands) blob: Option<BlobId>,
}

impl Facts {
    /// Gathers what is known of a step; `waivers` are the records that the approval is to list.
    ///
    /// # Errors
    /// An object is missing, or the store cannot be read.
    pub(in crate::commands) fn gather(
        repository: &Repository,
        ledger: &Ledger,
        step: &Step,
        voice: &Voice,
        waivers: &[String],
    ) -> Result<Self, Error> {
        let commits = repository.commits_between(&[step.head], &[step.from])?;
        let policy = &step.force.policy;
        let known = Known::read_for(repository, policy, None)?;
        let adoption = repository.adoption(step.from)?;
        let judge = Judge::new(repository, ledger, adoption, &commits)?;
        let ground = Ground {
            policy,
            signers: &SignersAt::Listed(voice.signers.clone()),
            at: jiff::Timestamp::now(),
        };
        let listed = Listed::all(&step.branch, &commits, waivers);
        let lifted = Waivers::read(repository, None, ground)?.listed(Some(listed));
        let request = Request {
            commits: commits.clone(),
            range: None,
            force: &step.force,
            basis: None,
            recompute: None,
            waivers: Some(&lifted),
        };
        let report = history::judge(repository, request)?;
        let old = repository.tree_of(step.from)?;
        let deltas = repository.diff(Some(old), Some(step.to))?;
        let votes = Votes::read(repository, None)?;
        let signers = &voice.signers;
        Ok(Self {
            schema: "pdd-hooks/approval/1",
            repository: policy.approval.repository.clone(),
            branch: step.branch.clone(),
            from: CommitId::new(step.from.to_string()),
            head: CommitId::new(step.head.to_string()),
            to: TreeId::new(step.to.to_string()),
            fast_forward: step.is_fast_forward,
            bootstrap: voice.is_bootstrap,
            policy: policy.number,
            required: policy.approval.required,
            wants: policy.approval.clone(),
            commits: report.commits,
            findings: whole(repository, step, &judge, &known, &lifted, &commits)?,
            files: classes(repository, step, old, &deltas)?,
            ruling: ruling(repository, step, old, &deltas)?,
            validation: proofs::checks(repository, step, &known, signers)?,
            red: proofs::reds(repository, step, &judge, &known, &commits)?,
            waivers: said::waivers(repository, step, &commits, signers, waivers)?,
            said: said::before(&votes, step, signers),
            signer: voice.signer.clone(),
            refused: voice.refused.clone(),
            record: None,
        })
    }

    /// Counts the findings that stop a landing.
    pub(in crate::commands) fn errors(&self) -> usize {
        let findings = self.commits.iter().flat_map(|row| &row.findings);
        let findings = findings.chain(&self.findings);
        findings
            .filter(|finding| finding.level == Level::Error)
            .count()
    }

    /// Says why the policy would not count the approval, whoever gives it.
    pub(in crate::commands) fn uncounted(&self) -> Vec<Refusal> {
        let Some(signer) = &self.signer else {
            return Vec::new();
        };
        let mut found = Vec::new();
        if self.wants.require_hardware && !signer.hardware {
            found.push(Refusal {
                message: format!(
                    "the key {} is a file, and only keys on devices count",
                    signer.key
                ),
                help: "make one on your device: `ssh-keygen -t ed25519-sk`, and have it listed"
                    .into(),
            });
        }
        let who = signer.principal.as_deref().unwrap_or_default();
        let wrote = |row: &Row| {
            let mut author = row.author.iter();
            author.any(|author| speaks_for(who, &author.email))
        };
        if !self.wants.authors_may_approve && self.commits.iter().any(wrote) {
            found.push(Refusal {
                message: format!("{who} wrote some of this, and authors may not approve"),
                help: "ask somebody else who is listed".into(),
            });
        }
        found
    }

    /// Returns the changed policy and harness files with their blobs, as an approval names them.
    pub(in crate::commands) fn policy_files(&self) -> BTreeMap<String, Option<BlobId>> {
        let files = self.ruling.iter();
        files
            .map(|file| (file.path.clone(), file.blob.clone()))
            .collect()
    }
}

/// Says what no commit by itself shows: a task whose source was never seen red.
fn whole(
    repository: &Repository,
    step: &Step,
    judge: &Judge<'_>,
    known: &Known,
    waivers: &Waivers,
    commits: &[Oid],
) -> Result<Vec<Finding>, Error> {
    let policy = &step.force.policy;
    let head = CommitId::new(step.head.to_string());
    let arriving = commits.iter().map(|&oid| {
        let subject = Message::parse(&repository.commit(oid)?.message).subject;
        Ok((CommitId::new(oid.to_string()), subject))
    });
    let arriving = arriving.collect::<Result<Vec<_>, Error>>()?;
    let mut landing = Landing::bare(&step.reference, Moment::Push);
    landing.from = Some(CommitId::new(step.from.to_string()));
    landing.to = Some(head.clone());
    landing.tasks = reds::tasks(repository, judge, known, policy, Some(step.from), &arriving)?;
    let mut findings = rules::run_landing(&landing, policy);
    let tree = TreeId::new(step.to.to_string());
    waivers.lift(&tree, Some(&head), &mut findings);
    Ok(findings)
}

fn ruling(
    repository: &Repository,
    step: &Step,
    old: Oid,
    deltas: &[Delta],
) -> Result<Vec<Ruling>, Error> {
    let found = repository.policy_move(&[old], step.to, deltas, &step.force.policy)?;
    let files = found.map_or_else(Vec::new, |found| found.files).into_iter();
    let ruling = files.map(|(path, class, blob)| Ruling { path, class, blob });
    Ok(ruling.collect())
}

fn classes(
    repository: &Repository,
    step: &Step,
    old: Oid,
    deltas: &[Delta],
) -> Result<Vec<ClassLine>, Error> {
    let lines = lines(repository, old, step.to)?;
    let mut found: BTreeMap<Class, ClassLine> = BTreeMap::new();
    for delta in deltas {
        let class = delta.class(&step.force.policy);
        let line = found.entry(class).or_insert(ClassLine {
            class,
            files: 0,
            added: 0,
            removed: 0,
        });
        let (added, removed) = lines.get(&delta.path).copied().unwrap_or_default();
        line.files += 1;
        line.added += added;
        line.removed += removed;
    }
    Ok(found.into_values().collect())
}

/// The lines that each path gains and loses; of what is no text git counts none.
fn lines(
    repository: &Repository,
    old: Oid,
    new: Oid,
) -> Result<BTreeMap<Vec<u8>, (u64, u64)>, Error> {
    let (old, new) = (old.to_string(), new.to_string());
    let counted = repository.git().read(&[
        "diff-tree",
        "-r",
        "-z",
        "--numstat",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        &old,
        &new,
    ])?;
    let mut found = BTreeMap::new();
    for record in counted.split(|&byte| byte == 0) {
        let mut fields = record.splitn(3, |&byte| byte == b'\t');
        let (Some(added), Some(removed), Some(path)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let number = |text: &[u8]| {
            std::str::from_utf8(text)
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(0)
        };
        found.insert(path.to_vec(), (number(added), number(removed)));
    }
    Ok(found)
}
