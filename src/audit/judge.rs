//! One commit judged again from its objects: the same rules, the same words, at push, on a server and in the audit.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::waivers::Waivers;
use crate::change::{Branch, Change, Kind, Place, RedFirst, Standing, Validation};
use crate::evidence::ledger::{Class, Event, Ledger, Line};
use crate::finding::{Finding, Level};
use crate::git::{Commit, Error, Oid, Repository, Subject};
use crate::id::{CommitId, TaskId, TreeId};
use crate::message::Message;
use crate::policy::Policy;
use crate::rules;

/// Judges commits of one repository.
#[derive(Debug)]
pub struct Judge<'a> {
    repository: &'a Repository,
    known: Lines<'a>,
    eras: Eras<'a>,
    squashes: HashSet<Oid>,
}

/// The ledger's last line about each commit.
pub(super) type Lines<'a> = Arc<HashMap<CommitId, &'a Line>>;

/// What tells how a commit stands to the adoption.
#[derive(Debug)]
enum Eras<'a> {
    /// The adoption, and what does not stand below it.
    Listed(Option<Oid>, HashSet<Oid>),
    /// Somebody who knows all of history.
    Known(&'a dyn Ages),
}

/// Says of a commit how it stands to the adoption.
pub trait Ages: std::fmt::Debug + Sync {
    /// Says it.
    fn era(&self, oid: Oid) -> Era;
}

/// What the records say of a commit's tree.
#[derive(Clone, Debug, Default)]
pub struct Proofs {
    /// Of its validation.
    pub validation: Validation,
    /// Of its red proof.
    pub red: RedFirst,
}

/// What stands in history before, at and after the adoption of the workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Era {
    /// An ancestor of the adoption: never judged.
    Before,
    /// The adoption itself.
    Adoption,
    /// Everything else.
    After,
}

/// A commit and what the rules say of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The commit.
    pub commit: Commit,
    /// Its message.
    pub message: Message,
    /// Its kind; none where it was not judged.
    pub kind: Option<Kind>,
    /// Whether it is a merge that holds only what the automatic merge gives.
    pub is_automatic_merge: bool,
    /// Before, at or after the adoption.
    pub era: Era,
    /// The task that its message names.
    pub task: Option<TaskId>,
    /// What the rules say.
    pub findings: Vec<Finding>,
    /// The number of the policy that judged it.
    pub policy: u64,
    /// Whether a check is in scope that no record says was run on its tree, and no waiver was ever about that.
    pub lacks_run: bool,
}

impl Proofs {
    fn lacks_run(&self) -> bool {
        matches!(&self.validation, Validation::Known(states)
            if states.iter().any(|state| state.standing == Standing::Missing))
    }
}

impl Judged {
    /// Says whether a rule of this code finds what stops git.
    pub fn has_error(&self, code: &str) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|found| found.level == Level::Error && found.code == code)
    }

    /// Names the commit as findings about it do.
    pub fn place(&self) -> Place {
        Place::Commit(
            CommitId::new(self.commit.id.to_string()),
            self.message.subject.clone(),
        )
    }

    /// Lets waivers lift what they lift of the findings.
    pub fn lift(&mut self, waivers: &Waivers) {
        let tree = TreeId::new(self.commit.tree.to_string());
        let commit = CommitId::new(self.commit.id.to_string());
        waivers.lift(&tree, Some(&commit), &mut self.findings);
        self.lacks_run &= !waivers.speak_of(&tree, &commit, "validation");
    }

    /// Says whether a waiver lifts one of the findings.
    pub fn is_waived(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.level == Level::Waived)
    }
}

/// A commit with all that the rules look at, but for what records say of it.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) judged: Judged,
    /// None where nothing is asked of it.
    change: Option<Change>,
}

impl Loaded {
    /// Lets the rules look.
    pub(super) fn conclude(self, policy: &Policy, proofs: Proofs) -> Judged {
        let mut judged = self.judged;
        let Some(mut change) = self.change else {
            return judged;
        };
        judged.lacks_run = proofs.lacks_run();
        (change.validation, change.red) = (proofs.validation, proofs.red);
        judged.findings = rules::run(&change, Some(&judged.message), policy);
        judged.task = rules::task_of(&change, &judged.message, policy).or(judged.task);
        judged.is_automatic_merge = change.kind == Kind::Merge && change.paths.is_empty();
        judged.kind = Some(change.kind);
        judged
    }
}

/// Lists the ledger's last line about each commit.
pub(super) fn lines(ledger: &Ledger) -> Lines<'_> {
    let commits = ledger.lines.iter();
    let commits = commits.filter(|line| line.entry.event == Event::Commit);
    let pairs = commits.filter_map(|line| Some((line.entry.commit.clone()?, line)));
    Arc::new(pairs.collect())
}

impl<'a> Judge<'a> {
    /// Prepares to judge `commits`; `adoption` is none where every one of them is to be judged.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn new(
        repository: &'a Repository,
        ledger: &'a Ledger,
        adoption: Option<Oid>,
        commits: &[Oid],
    ) -> Result<Self, Error> {
        let after_adoption = match adoption {
            Some(adoption) => repository
                .commits_between(commits, &[adoption])?
                .into_iter()
                .collect(),
            None => commits.iter().copied().collect(),
        };
        Ok(Self {
            repository,
            known: lines(ledger),
            eras: Eras::Listed(adoption, after_adoption),
            squashes: HashSet::new(),
        })
    }

    /// Prepares to judge any commit of a history whose ages somebody knows.
    pub(super) fn over(repository: &'a Repository, known: Lines<'a>, ages: &'a dyn Ages) -> Self {
        Self {
            repository,
            known,
            eras: Eras::Known(ages),
            squashes: HashSet::new(),
        }
    }

    /// Names the commits that stand for others and were approved as they are.
    #[must_use]
    pub fn with_squashes(mut self, squashes: &HashSet<Oid>) -> Self {
        self.squashes.clone_from(squashes);
        self
    }

    /// Returns what the ledger says of a commit.
    pub fn line(&self, id: &CommitId) -> Option<&'a Line> {
        self.known.get(id).copied()
    }

    /// Says where a commit stands to the adoption.
    pub fn era(&self, oid: Oid) -> Era {
        match &self.eras {
            Eras::Known(ages) => ages.era(oid),
            Eras::Listed(adoption, _) if *adoption == Some(oid) => Era::Adoption,
            Eras::Listed(_, after) if after.contains(&oid) => Era::After,
            Eras::Listed(..) => Era::Before,
        }
    }

    /// Judges one commit under `policy`; `branch` is where it is known to have been made, `proofs` what the records say of
    /// its tree.
    ///
    /// # Errors
    /// An object is missing.
    pub fn judge(
        &self,
        oid: Oid,
        policy: &Policy,
        branch: Branch,
        proofs: Proofs,
    ) -> Result<Judged, Error> {
        let loaded = self.load(oid, policy, branch)?;
        Ok(loaded.conclude(policy, proofs))
    }

    /// Loads what the rules look at; `branch` is where it is known to have been made.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn load(&self, oid: Oid, policy: &Policy, branch: Branch) -> Result<Loaded, Error> {
        let commit = self.repository.commit(oid)?;
        let message = Message::parse(&commit.message);
        let era = self.era(oid);
        let judged = Judged {
            task: policy.tasks_in(&message.subject).into_iter().next(),
            commit,
            message,
            kind: None,
            is_automatic_merge: false,
            era,
            findings: Vec::new(),
            policy: policy.number,
            lacks_run: false,
        };
        if era == Era::Before {
            return Ok(Loaded {
                judged,
                change: None,
            });
        }
        let subject = Subject {
            tree: judged.commit.tree,
            parents: judged.commit.parents.clone(),
            place: judged.place(),
            branch,
            is_adoption: era == Era::Adoption,
            is_squash: self.squashes.contains(&oid),
            replays: self.vouched_original(oid),
        };
        let change = self
            .repository
            .load(&subject, Some(&judged.message), policy)?;
        Ok(Loaded {
            judged,
            change: Some(change),
        })
    }

    /// The commit that this one replays, where the ledger knows that one as sound: the replay of a commit that nobody
    /// judged proves nothing.
    pub(super) fn vouched_original(&self, oid: Oid) -> Option<Oid> {
        let line = self.line(&CommitId::new(oid.to_string()))?;
        if line.entry.class != Some(Class::Replayed) || line.entry.how.as_deref() == Some("revert")
        {
            return None;
        }
        let of = line.entry.of.as_ref()?;
        let original = self.line(of)?;
        let sound = matches!(
            original.entry.class,
            Some(Class::Enforced | Class::Replayed | Class::Merge)
        );
        if sound {
            self.repository.oid(of.as_str()).ok()
        } else {
            None
        }
    }
}
