//! What the records of `refs/pdd/evidence` say of trees: which checks passed on which, and over which base.

mod anew;
mod index;
mod spoken;
mod vouched;

pub use spoken::{Spoken, Topic, spoken};
pub use vouched::{Bench, Court};

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Error, fingerprint, seals};
use crate::evidence::envelope::Envelope;
use crate::evidence::statement::{CheckResult, Predicate, RedGreen, Seal, Statement, Why};
use crate::git::{Oid, Repository};
use crate::id::{CommitId, TreeId};
use crate::policy::{CheckBlock, Policy};

/// How a check stands on a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Pass {
    /// It passed, with nothing forgiven.
    Plain,
    /// It passed but for failures that the base has too (`baseline`).
    OverBase,
    /// Tests that are sealed fail, or the check waits for them to turn green.
    Sealed,
}

/// What is recorded of one check on one tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Recorded {
    name: String,
    /// The digest of the check as it was written in the policy; none where it was put off.
    definition: Option<String>,
    pass: Pass,
    /// The tests that fail and are sealed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sealed: Vec<String>,
}

/// What one record says of the validation of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Claim {
    tree: TreeId,
    /// The tree that it builds on.
    base: Option<TreeId>,
    checks: Vec<Recorded>,
}

/// What one record says, as far as anything here asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Said {
    /// Checks passed on a tree.
    Validation(Claim),
    /// Tests fail without the source of a tree.
    RedGreen(TreeId, Box<RedGreen>),
    /// Tests fail before their source is written.
    Seal(TreeId, Box<Seal>),
    /// Somebody's word, which is nothing without its signature: it is read from the record itself. Its commit is what
    /// its subject names.
    Word(Word, Option<CommitId>),
}

/// What a record of somebody's word is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// An approval, a rejection or a withdrawal.
    Approval,
    /// A waiver.
    Waiver,
    /// A commit that the hooks saw through.
    CommitCheck,
    /// A commit that went round the hooks.
    Gap,
    /// A move that a server let through.
    Transition,
}

/// A seal as it is recorded.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The record's name in the store.
    pub record: String,
    /// The tree that holds the tests.
    pub tree: TreeId,
    /// What was sealed.
    pub seal: Box<Seal>,
}

/// All that is recorded, by tree.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Each with the name of its record.
    by_tree: HashMap<TreeId, Vec<(String, Claim)>>,
    proofs: HashMap<TreeId, Vec<(String, RedGreen)>>,
    seals: Vec<Sealed>,
    /// What the ledger knows to be replayed; it is read once.
    originals: OnceLock<HashMap<Oid, Oid>>,
    /// What was found where signatures were asked for.
    vouching: vouched::Vouching,
    /// How many statements were learned from runs of now.
    learned: usize,
    /// What ran just now and did not pass.
    failed: HashMap<TreeId, Vec<anew::Failed>>,
}

impl Known {
    /// Learns what the reference of the evidence holds; `tip` asks it at another commit: one that a push brings. What was
    /// read once is not read again.
    ///
    /// # Errors
    /// The reference cannot be read.
    pub fn read(repository: &Repository, tip: Option<Oid>) -> Result<Self, Error> {
        let mut known = Self::default();
        for (listed, said) in index::records(repository, tip)? {
            let record = listed.name;
            match said {
                Said::Validation(claim) => {
                    let tree = claim.tree.clone();
                    known.by_tree.entry(tree).or_default().push((record, claim));
                }
                Said::RedGreen(tree, proof) => {
                    known.proofs.entry(tree).or_default().push((record, *proof));
                }
                Said::Seal(tree, seal) => known.seals.push(Sealed { record, tree, seal }),
                Said::Word(..) => {}
            }
        }
        Ok(known)
    }

    /// Lists the red proofs of a tree on a base.
    pub(super) fn proofs(
        &self,
        tree: &TreeId,
        base: Option<&TreeId>,
    ) -> impl Iterator<Item = &RedGreen> {
        let proofs = self.proofs.get(tree).into_iter().flatten();
        let base = base.cloned();
        proofs
            .map(|(_, proof)| proof)
            .filter(move |proof| proof.base == base)
    }

    /// Returns the replayed commits of the ledger, each with its original.
    pub(super) fn originals(&self, repository: &Repository) -> &HashMap<Oid, Oid> {
        self.originals.get_or_init(|| seals::originals(repository))
    }

    /// Lists the seals, in no order that means anything.
    pub fn seals(&self) -> &[Sealed] {
        &self.seals
    }

    /// Reads what is recorded only where some policy asks: nothing is known where the rule is off.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_for(
        repository: &Repository,
        policy: &Policy,
        tip: Option<Oid>,
    ) -> Result<Self, Error> {
        let is_on = ["validation", "red-first"]
            .iter()
            .any(|rule| policy.level(rule).is_some());
        if is_on && !policy.check.is_empty() {
            Self::read(repository, tip)
        } else {
            Ok(Self::default())
        }
    }

    /// Says whether some red proof is recorded of a tree, on whatever base.
    pub fn tells_red(&self, tree: &TreeId) -> bool {
        self.proofs.contains_key(tree)
    }

    /// Says whether any check is recorded to have run on a tree.
    pub fn has_run(&self, tree: &TreeId) -> bool {
        self.by_tree.contains_key(tree)
    }

    /// Says whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.by_tree.is_empty() && self.proofs.is_empty()
    }

    /// Returns the best that is recorded of a check on a tree that builds on `base`; what was forgiven over another base
    /// is nothing here.
    pub(super) fn pass(
        &self,
        tree: &TreeId,
        check: &CheckBlock,
        base: Option<&TreeId>,
    ) -> Option<Pass> {
        self.best(tree, check, base).map(|one| one.pass)
    }

    /// Returns the tests that the best record of a check on a tree leaves sealed; none where there is no record.
    pub(super) fn sealed(
        &self,
        tree: &TreeId,
        check: &CheckBlock,
        base: Option<&TreeId>,
    ) -> Option<&[String]> {
        self.best(tree, check, base)
            .map(|one| one.sealed.as_slice())
    }

    fn best(&self, tree: &TreeId, check: &CheckBlock, base: Option<&TreeId>) -> Option<&Recorded> {
        let claims = self.by_tree.get(tree)?;
        best_of(claims.iter().map(|(_, claim)| claim), check, base)
    }

    /// Says why the record that a check passed on a tree does not count; none where there is no such record.
    pub(super) fn unvouched(
        &self,
        tree: &TreeId,
        check: &CheckBlock,
        base: Option<&TreeId>,
    ) -> Option<&str> {
        let dropped = self.vouching.dropped.get(tree)?;
        let says =
            |(_, claim): &&(String, Claim)| best_of(std::iter::once(claim), check, base).is_some();
        dropped.iter().find(says).map(|(why, _)| why.as_str())
    }
}

/// The best that claims about one tree say of a check.
fn best_of<'c>(
    claims: impl Iterator<Item = &'c Claim>,
    check: &CheckBlock,
    base: Option<&TreeId>,
) -> Option<&'c Recorded> {
    let definition = fingerprint::definition(check);
    let holds = |claim: &Claim, one: &Recorded| {
        one.name == check.name
            && match &one.definition {
                Some(known) => *known == definition,
                // It was put off; only what needs code that compiles can be.
                None => check.compiles,
            }
            && (one.pass == Pass::Plain || claim.base.as_ref() == base)
    };
    let rank = |one: &&Recorded| match one.pass {
        Pass::Plain => 0,
        Pass::OverBase => 1,
        Pass::Sealed => 2,
    };
    claims
        .flat_map(|claim| claim.checks.iter().map(move |one| (claim, one)))
        .filter(|(claim, one)| holds(claim, one))
        .map(|(_, one)| one)
        .min_by_key(rank)
}

/// Reads the records of one kind of word, each by its name and with its envelope, sorted by name; `tip` asks the store at
/// another commit. Whether anybody signed them is for the caller to ask.
///
/// # Errors
/// The reference cannot be read.
pub fn words(
    repository: &Repository,
    tip: Option<Oid>,
    word: Word,
) -> Result<Vec<(String, Envelope)>, Error> {
    envelopes(
        repository,
        tip,
        |said| matches!(said, Said::Word(other, _) if *other == word),
    )
}

/// Reads the records of the validation of one tree, each by its name and with its envelope, sorted by name. Whether
/// anybody signed them is for the caller to ask.
///
/// # Errors
/// The reference cannot be read.
pub fn validations(
    repository: &Repository,
    tree: &TreeId,
) -> Result<Vec<(String, Envelope)>, Error> {
    envelopes(
        repository,
        None,
        |said| matches!(said, Said::Validation(claim) if claim.tree == *tree),
    )
}

/// Reads the records that say what is wanted; the store is listed once for all of them.
fn envelopes(
    repository: &Repository,
    tip: Option<Oid>,
    is_wanted: impl Fn(&Said) -> bool,
) -> Result<Vec<(String, Envelope)>, Error> {
    let said = index::records(repository, tip)?.into_iter();
    let mut found = Vec::new();
    for (listed, _) in said.filter(|(_, said)| is_wanted(said)) {
        let line = repository.read_record(&listed);
        if let Some(Ok(envelope)) = line.map(|line| Envelope::parse(&line)) {
            found.push((listed.name, envelope));
        }
    }
    Ok(found)
}

/// Lists the commits of which some record says how they were made: a receipt or a gap. No record is read for it twice.
///
/// # Errors
/// The reference cannot be read.
pub fn receipted(repository: &Repository) -> Result<HashSet<CommitId>, Error> {
    let records = index::records(repository, None)?.into_iter();
    let commit = |(_, said)| match said {
        Said::Word(Word::CommitCheck | Word::Gap, commit) => commit,
        _ => None,
    };
    Ok(records.filter_map(commit).collect())
}

impl Said {
    /// Reads a record's bytes; what is no statement of a known type says nothing here.
    fn read(line: &[u8]) -> Option<Self> {
        let statement = Envelope::parse(line).and_then(|found| found.statement());
        Self::of(&statement.ok()?)
    }

    /// Takes from a statement what is asked for here.
    fn of(statement: &Statement) -> Option<Self> {
        let word = |word| Self::Word(word, statement.commit());
        Some(match &statement.predicate {
            Predicate::TestResult(_) => Self::Validation(Claim::made(statement)?),
            Predicate::RedGreen(proof) => Self::RedGreen(statement.tree()?, proof.clone()),
            Predicate::Seal(seal) => Self::Seal(statement.tree()?, seal.clone()),
            Predicate::Approval(_) => word(Word::Approval),
            Predicate::Waiver(_) => word(Word::Waiver),
            Predicate::CommitCheck(_) => word(Word::CommitCheck),
            Predicate::Gap(_) => word(Word::Gap),
            Predicate::Transition(_) => word(Word::Transition),
            Predicate::Other { .. } => return None,
        })
    }
}

impl Claim {
    fn made(statement: &Statement) -> Option<Self> {
        let (tree, validation) = statement.claim()?;
        let ran = validation.checks.iter().map(|check| Recorded {
            name: check.name.clone(),
            definition: Some(check.definition.clone()),
            pass: match check.result {
                CheckResult::Passed => Pass::Plain,
                CheckResult::PassedOverBase => Pass::OverBase,
                CheckResult::Sealed => Pass::Sealed,
            },
            sealed: check.sealed.clone(),
        });
        let deferred = validation
            .left_out
            .iter()
            .filter(|left| left.why == Why::Deferred)
            .map(|left| Recorded {
                name: left.name.clone(),
                definition: None,
                pass: Pass::Sealed,
                sealed: Vec::new(),
            });
        Some(Self {
            tree,
            base: validation.base.clone(),
            checks: ran.chain(deferred).collect(),
        })
    }
}
