//! Proving one change: what it brings is looked at on each tree, judged, and recorded.

use super::parts::Parts;
use super::seal::Open;
use super::shown::{self, Shown};
use super::{Bench, base, existing, record, seal};
use crate::change::{BrokenSeal, ChangedFunction, ChangedSource, RedFirst, RedProof};
use crate::evidence::statement::Trees;
use crate::git::{Error as GitError, InForce, Oid, Repository};
use crate::id::TreeId;
use crate::policy::{CheckBlock, CheckKind, Class, Policy};
use crate::proof::Error;
use crate::proof::known::Known;
use crate::proof::report::TestCase;
use crate::proof::request::Request;
use crate::proof::results::Results;
use crate::proof::validation::{Validator, Watch};

/// Says what is recorded of the red proof of a change; nothing is run to learn it. `floor` is what has landed.
///
/// # Errors
/// The repository cannot be asked.
pub fn known(
    repository: &Repository,
    policy: &Policy,
    floor: Option<Oid>,
    known: &Known,
    request: &Request,
) -> Result<RedFirst, Error> {
    if policy.level("red-first").is_none() {
        return Ok(RedFirst::Undecided);
    }
    let open = seal::open(repository, known, floor, request)?;
    record::find(repository, policy, known, request, &open, None)
}

/// Proves a change, or finds that it has been proven. The tree has passed its checks.
///
/// # Errors
/// The slot cannot be used, or the record not be kept.
pub fn prove(
    validator: &mut Validator<'_>,
    request: &Request,
    watch: &mut dyn Watch,
) -> Result<RedFirst, Error> {
    let (repository, force) = (validator.repository(), validator.force());
    if force.policy.level("red-first").is_none() {
        return Ok(RedFirst::Undecided);
    }
    let known = validator.known()?;
    let open = seal::open(repository, &known, Some(force.tip), request)?;
    let keys = validator.keys(request)?;
    let found = record::find(
        repository,
        &force.policy,
        &known,
        request,
        &open,
        Some(&keys),
    )?;
    if found != RedFirst::Missing {
        return Ok(found);
    }
    let base = base_tree(repository, request)?;
    let parts = Parts::of(repository, &force.policy, base, request.tree)?;
    let bench = Bench {
        validator,
        request,
        watch,
        whole: None,
    };
    let mut made = Proving {
        repository,
        force,
        base,
        parts,
        bench,
        trees: Trees::default(),
        shown: Vec::new(),
    }
    .whole(&open)?;
    record::remember(&known, &force.policy, request, base, &keys, &mut made.proof);
    shown::keep(&validator.cache, repository, request, &made.shown)?;
    record::keep(validator, request, &open, &keys, &made)?;
    Ok(RedFirst::Known(Box::new(made.proof)))
}

pub(super) fn base_tree(
    repository: &Repository,
    request: &Request,
) -> Result<Option<Oid>, GitError> {
    Ok(match request.parents.first() {
        Some(&parent) => Some(repository.tree_of(parent)?),
        None => None,
    })
}

/// A proof and the trees that it ran on.
pub(super) struct Made {
    pub(super) proof: RedProof,
    pub(super) trees: Trees,
    pub(super) shown: Vec<Shown>,
}

/// A proof in the making.
pub(super) struct Proving<'p, 'b, 'v, 'w> {
    pub(super) repository: &'p Repository,
    pub(super) force: &'p InForce,
    pub(super) base: Option<Oid>,
    pub(super) parts: Parts,
    pub(super) bench: Bench<'b, 'v, 'w>,
    pub(super) trees: Trees,
    pub(super) shown: Vec<Shown>,
}

impl Proving<'_, '_, '_, '_> {
    fn whole(mut self, open: &Open) -> Result<Made, Error> {
        let mut proof = RedProof {
            sources: self.sources(),
            broken: self.broken(open)?,
            carried: self.carried(),
            ..RedProof::default()
        };
        let force = self.force;
        for check in force
            .policy
            .check
            .iter()
            .filter(|check| check.kind == CheckKind::Test)
        {
            let request = self.bench.request;
            let in_scope = request
                .scope
                .checks(&force.policy)
                .any(|one| one.name == check.name);
            if !in_scope {
                continue;
            }
            let now = match self.bench.validator.results(request, check)? {
                Some(now) => now,
                // Where validation is off, nothing has run yet.
                None => Results {
                    tests: self.bench.attempt(request.tree, check, &[])?.tests,
                    ms: None,
                },
            };
            self.bench.whole = now.ms;
            self.check(check, &now.tests, open, &mut proof)?;
        }
        Ok(Made {
            proof,
            trees: self.trees,
            shown: self.shown,
        })
    }

    /// Proves what one check tests.
    fn check(
        &mut self,
        check: &CheckBlock,
        now: &[TestCase],
        open: &Open,
        proof: &mut RedProof,
    ) -> Result<(), Error> {
        let mut candidates = self.candidates(check, now, open)?;
        let before = base::before(&mut self.bench, check)?;
        if self.parts.has_source() {
            candidates.extend(self.sharing(check, now));
            if candidates.is_empty() && self.changes_support() {
                match self.in_support(check, now)? {
                    Some(found) => candidates = found,
                    None => proof.tests.extend(self.all_green(check, now)),
                }
            }
        }
        let tests = if self.parts.has_source() && !candidates.is_empty() {
            self.red(check, &candidates, proof)?
        } else {
            Vec::new()
        };
        let moved = self.moved_goals(check, &candidates, &tests, open)?;
        let old = existing::look_at(&mut self.bench, &self.parts, check, now, &before, &tests)?;
        if old.tree.is_some() {
            self.trees.old_tests = old.tree.map(id);
        }
        proof.base_unknown = proof.base_unknown.take().or(before.unknown);
        proof.existing.extend(moved);
        proof.existing.extend(old.tests);
        proof.tests.extend(tests);
        Ok(())
    }

    fn sources(&self) -> Vec<ChangedSource> {
        let sources = self.parts.files.iter().filter(|part| part.is_source());
        let one = |part: &super::parts::Part| ChangedSource {
            path: part.path.clone(),
            functions: part
                .functions
                .iter()
                .map(|function| ChangedFunction {
                    name: function.name.clone(),
                    line: function.line,
                    is_proven: false,
                })
                .collect(),
            beyond_stubs: part.beyond_stubs,
            is_hidden: part.is_hidden,
        };
        sources.map(one).collect()
    }

    fn carried(&self) -> Vec<String> {
        let carried = self.parts.files.iter();
        carried
            .filter(|part| matches!(part.class, Class::Manifest | Class::Harness))
            .map(|part| part.path.clone())
            .collect()
    }

    /// The sealed files that hold something else now.
    fn broken(&self, open: &Open) -> Result<Vec<BrokenSeal>, Error> {
        let mut broken = seal::broken(self.repository, self.bench.request.tree, open)?;
        let reworded = seal::reworded(&self.parts, open);
        broken.extend(reworded.map(|test| BrokenSeal {
            path: test.file.clone().unwrap_or_default(),
            sealed: None,
            found: None,
            test: Some(test.id.clone()),
        }));
        Ok(broken)
    }
}

pub(super) fn id(tree: Oid) -> TreeId {
    TreeId::new(tree.to_string())
}
