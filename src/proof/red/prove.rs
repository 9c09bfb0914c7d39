//! Proving one change: what it brings is looked at on each tree, judged, and recorded.

use super::judge::{self, Runs};
use super::look::{Expected, Sight, look};
use super::parts::{Item, Parts};
use super::seal::Open;
use super::shown::{self, Shown, Side};
use super::trees::{self, StubbedTree};
use super::{Bench, existing, functions, record, seal};
use crate::change::{
    BrokenSeal, ChangedFunction, ChangedSource, RedFirst, RedProof, RedTest, Seen, TestVerdict,
};
use crate::evidence::statement::{Red, Trees};
use crate::git::{Error as GitError, InForce, Oid, Repository};
use crate::id::TreeId;
use crate::policy::{CheckBlock, CheckKind, Class, Policy};
use crate::proof::Error;
use crate::proof::known::Known;
use crate::proof::outcome::Verdict;
use crate::proof::report::{FailureKind, State, TestCase};
use crate::proof::request::Request;
use crate::proof::selection;
use crate::proof::target::Target;
use crate::proof::validation::{Validator, Watch};
use crate::syntax::Stub;
use std::collections::{BTreeSet, HashMap};

/// A test to prove, with all that is known of it before the first run.
pub(super) struct Candidate {
    pub(super) target: Target,
    pub(super) line: Option<usize>,
    pub(super) is_sealed: bool,
    pub(super) expects_throw: bool,
    /// Whether it shares its file with source.
    pub(super) is_inline: bool,
    /// Whether its own text is old, and it counts only where it is red.
    pub(super) is_old: bool,
    /// Whether it only waits for what keeps its file from being loaded: it must pass, and proves nothing.
    pub(super) is_pending: bool,
    /// What the run on the whole tree said.
    pub(super) with: Seen,
}

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
    let known = Known::read(repository, None)?;
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
    let made = Proving {
        repository,
        force,
        base,
        parts,
        bench,
        trees: Trees::default(),
        shown: Vec::new(),
    }
    .whole(&open)?;
    shown::keep(repository, request, &made.shown)?;
    record::keep(repository, force, request, &open, &keys, &made)?;
    Ok(RedFirst::Known(Box::new(made.proof)))
}

pub(super) fn base_tree(
    repository: &Repository,
    request: &Request,
) -> Result<Option<Oid>, GitError> {
    Ok(match request.parents.first() {
        Some(&parent) => Some(repository.commit(parent)?.tree),
        None => None,
    })
}

/// A proof and the trees that it ran on.
pub(super) struct Made {
    pub(super) proof: RedProof,
    pub(super) trees: Trees,
    pub(super) shown: Vec<Shown>,
}

struct Proving<'p, 'b, 'v, 'w> {
    repository: &'p Repository,
    force: &'p InForce,
    base: Option<Oid>,
    parts: Parts,
    bench: Bench<'b, 'v, 'w>,
    trees: Trees,
    shown: Vec<Shown>,
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
            let Some(now) = self.bench.validator.results(request, check)? else {
                continue;
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
        let mut candidates = self.candidates(check, now, open);
        let before = existing::before(&mut self.bench, check)?;
        if self.parts.has_source() {
            candidates.extend(self.sharing(check, now));
            if candidates.is_empty() && self.changes_support() {
                candidates = self.in_support(check, now)?;
            }
        }
        let tests = if self.parts.has_source() && !candidates.is_empty() {
            self.red(check, &candidates, proof)?
        } else {
            Vec::new()
        };
        let old = existing::look_at(&mut self.bench, &self.parts, check, now, &before, &tests)?;
        if old.tree.is_some() {
            self.trees.old_tests = old.tree.map(id);
        }
        proof.base_unknown = proof.base_unknown.take().or(before.unknown);
        proof.existing.extend(old.tests);
        proof.tests.extend(tests);
        Ok(())
    }

    /// The tests of one check that are to be proven: brought, edited in place, or sealed.
    fn candidates(&self, check: &CheckBlock, now: &[TestCase], open: &Open) -> Vec<Candidate> {
        let edited = self.parts.edited.iter().map(|(_, item)| item);
        let items = self.parts.brought.iter().chain(edited);
        let mut found: Vec<Candidate> = items
            .filter_map(|item| self.candidate(check, item, now))
            .collect();
        for sealed in open.tests.iter().filter(|test| test.check == check.name) {
            let target = seal::target(sealed);
            let same = |one: &&mut Candidate| {
                one.target.file == target.file
                    && one.target.path == target.path
                    && !target.path.is_empty()
            };
            if let Some(known) = found.iter_mut().find(same) {
                known.is_sealed = true;
                continue;
            }
            let cases = selection::find(check, &target, now, None);
            found.push(Candidate {
                line: None,
                is_sealed: true,
                expects_throw: false,
                is_inline: sealed.digest.is_some(),
                is_old: false,
                is_pending: sealed.state == Red::Pending,
                with: seen_in(&cases),
                target: with_ids(target, &cases),
            });
        }
        found
    }

    /// The tests that say what they said, in files whose shared parts changed: a table of cases, a constant.
    fn sharing(&self, check: &CheckBlock, now: &[TestCase]) -> Vec<Candidate> {
        let files: BTreeSet<&str> = self
            .parts
            .files
            .iter()
            .filter(|part| part.changes_what_tests_share())
            .map(|part| part.path.as_str())
            .collect();
        let items = self.parts.unchanged.iter();
        items
            .filter(|item| files.contains(item.target.file.as_str()))
            .filter_map(|item| self.candidate(check, item, now))
            .map(|one| Candidate {
                is_old: true,
                ..one
            })
            .collect()
    }

    fn changes_support(&self) -> bool {
        let mut files = self.parts.files.iter();
        files.any(|part| matches!(part.class, Class::Support | Class::Test))
    }

    /// The tests that go red without the source where nothing but what they read changed: fixtures, snapshots. No test
    /// is new then, so the whole suite is asked.
    fn in_support(
        &mut self,
        check: &CheckBlock,
        now: &[TestCase],
    ) -> Result<Vec<Candidate>, Error> {
        let tree = trees::without_source(self.repository, self.base, &self.parts, &|_| true)?;
        self.trees.without = Some(id(tree));
        let outcome = self.bench.attempt(tree, check, &[])?;
        if !matches!(outcome.verdict, Verdict::Failed) {
            return Ok(Vec::new());
        }
        let passed: HashMap<&str, &TestCase> = now
            .iter()
            .filter(|case| case.state == State::Passed)
            .map(|case| (case.id.as_str(), case))
            .collect();
        let red = outcome
            .tests
            .iter()
            .filter(|case| case.state == State::Failed && case.kind != Some(FailureKind::Load));
        let found = red.filter_map(|case| passed.get(case.id.as_str()).map(|now| (case, now)));
        Ok(found
            .map(|(case, now)| Candidate {
                target: Target {
                    file: case
                        .file
                        .clone()
                        .or_else(|| now.file.clone())
                        .unwrap_or_default(),
                    path: Vec::new(),
                    is_exact: true,
                    ids: vec![case.id.clone()],
                },
                line: None,
                is_sealed: false,
                expects_throw: false,
                is_inline: false,
                is_old: true,
                is_pending: false,
                with: Seen::Passed,
            })
            .collect())
    }

    /// A test of the change, where this check runs it.
    fn candidate(&self, check: &CheckBlock, item: &Item, now: &[TestCase]) -> Option<Candidate> {
        let cases = selection::find(check, &item.target, now, None);
        if cases.is_empty() {
            return None;
        }
        let test = item.test.as_ref();
        let part = self
            .parts
            .files
            .iter()
            .find(|part| part.path == item.target.file);
        Some(Candidate {
            line: test.map(|test| test.line),
            is_sealed: false,
            expects_throw: test.is_some_and(|test| test.expects_throw),
            is_inline: part.is_some_and(|part| part.is_source()),
            is_old: false,
            is_pending: false,
            with: seen_in(&cases),
            target: with_ids(item.target.clone(), &cases),
        })
    }

    /// Runs the candidates without the source, with each stub, and on the tree again.
    fn red(
        &mut self,
        check: &CheckBlock,
        candidates: &[Candidate],
        proof: &mut RedProof,
    ) -> Result<Vec<RedTest>, Error> {
        let targets: Vec<Target> = candidates.iter().map(|one| one.target.clone()).collect();
        let names = self.names();
        let expected = Expected(&names);
        let mut without = self.without(check, candidates, &targets, expected)?;
        for _ in 1..self.force.policy.red.samples {
            let again = self.without(check, candidates, &targets, expected)?;
            merge(&mut without, again);
        }
        let throwing_sights = self.stubbed(check, &targets, Stub::Throw)?;
        let empty_sights = self.stubbed(check, &targets, Stub::Empty)?;
        let mut with: Vec<Seen> = candidates.iter().map(|one| one.with.clone()).collect();
        let tree = self.bench.request.tree;
        let mut last = Vec::new();
        for _ in 0..self.force.policy.red.samples {
            last = look(&mut self.bench, tree, check, &targets, expected)?;
            for (first, again) in with.iter_mut().zip(&last) {
                *first = judge::both(first.clone(), &again.seen);
            }
        }
        let (mut tests, mut kept) = (Vec::new(), Vec::new());
        for (at, one) in candidates.iter().enumerate() {
            let heard = |sights: &Option<Vec<Sight>>| {
                let sight = sights.as_ref()?.get(at)?;
                judge::heard(sight.seen.clone())
            };
            let (throwing, empty) = (heard(&throwing_sights), heard(&empty_sights));
            let sight = &without[at];
            let verdict = judge::verdict(Runs {
                without: &sight.seen,
                throwing: throwing.as_ref(),
                empty: empty.as_ref(),
                with: &with[at],
                expects_throw: one.expects_throw,
            });
            if one.is_old && !matches!(verdict, TestVerdict::Proven | TestVerdict::Weak) {
                // What it asks for was there before: it says nothing of this change.
                continue;
            }
            if one.is_pending && with[at] == Seen::Passed {
                continue;
            }
            kept.push(at);
            let sides = [
                (Side::Without, without.get(at)),
                (
                    Side::Throwing,
                    throwing_sights.as_ref().and_then(|sights| sights.get(at)),
                ),
                (
                    Side::Empty,
                    empty_sights.as_ref().and_then(|sights| sights.get(at)),
                ),
                (Side::With, last.get(at)),
            ];
            self.shown
                .push(Shown::of(&check.name, one.target.name(), &sides));
            tests.push(RedTest {
                check: check.name.clone(),
                id: one.target.name(),
                file: Some(one.target.file.clone()).filter(|file| !file.is_empty()),
                line: one.line,
                is_sealed: one.is_sealed,
                without: sight.seen.clone(),
                throwing,
                empty,
                with: with[at].clone(),
                verdict,
                said: sight.said.clone(),
            });
        }
        let proven: Vec<usize> = (0..tests.len())
            .filter(|&at| tests[at].verdict == TestVerdict::Proven)
            .map(|at| kept[at])
            .collect();
        if let Some(throwing) = throwing_sights {
            let reached = self.reached(check, &targets, &proven, &throwing)?;
            for source in &mut proof.sources {
                for function in &mut source.functions {
                    function.is_proven |=
                        reached.contains(&(source.path.clone(), function.name.clone()));
                }
            }
        }
        Ok(tests)
    }

    /// R: all tests of the change at once; where one file keeps the others from being built, each file by itself.
    fn without(
        &mut self,
        check: &CheckBlock,
        candidates: &[Candidate],
        targets: &[Target],
        expected: Expected<'_>,
    ) -> Result<Vec<Sight>, Error> {
        let tree = trees::without_source(self.repository, self.base, &self.parts, &|_| true)?;
        self.trees.without = Some(id(tree));
        let mut sights = look(&mut self.bench, tree, check, targets, expected)?;
        let files: BTreeSet<&str> = targets.iter().map(|target| target.file.as_str()).collect();
        let is_hidden = sights.iter().any(|sight| sight.is_hidden);
        if is_hidden && files.len() > 1 {
            for file in files {
                let alone =
                    trees::without_source(self.repository, self.base, &self.parts, &|path| {
                        path == file
                    })?;
                let places: Vec<usize> = (0..targets.len())
                    .filter(|&at| targets[at].file == file)
                    .collect();
                let own: Vec<Target> = places.iter().map(|&at| targets[at].clone()).collect();
                let found = look(&mut self.bench, alone, check, &own, expected)?;
                for (at, sight) in places.into_iter().zip(found) {
                    sights[at] = sight;
                }
            }
        }
        for (sight, one) in sights.iter_mut().zip(candidates) {
            // A test inside a file that the base does not have goes with its source.
            if sight.seen == Seen::Absent && one.is_inline {
                let module = one.target.file.clone();
                sight.seen = Seen::DoesNotLoad(vec![module]);
            }
        }
        Ok(sights)
    }

    /// S0 or S1, less the functions that keep something from being loaded; none where nothing can be replaced.
    fn stubbed(
        &mut self,
        check: &CheckBlock,
        targets: &[Target],
        stub: Stub,
    ) -> Result<Option<Vec<Sight>>, Error> {
        let none = BTreeSet::new();
        let mut spared: BTreeSet<String> = BTreeSet::new();
        loop {
            let StubbedTree { tree, replaced } = trees::stubbed(
                self.repository,
                self.bench.request.tree,
                &self.parts,
                stub,
                &|_, name| !spared.contains(name),
            )?;
            let Some(tree) = tree else {
                return Ok(None);
            };
            match stub {
                Stub::Throw => self.trees.throwing = Some(id(tree)),
                Stub::Empty => self.trees.empty = Some(id(tree)),
            }
            let sights = look(&mut self.bench, tree, check, targets, Expected(&none))?;
            // What is called when a module is loaded keeps it from being loaded, and says so.
            let unloaded = sights
                .iter()
                .filter(|sight| matches!(sight.seen, Seen::EnvironmentError(_)));
            let named: BTreeSet<String> = unloaded
                .flat_map(|sight| sight.reached.iter().cloned())
                .filter(|name| replaced.iter().any(|(_, one)| one == name))
                .collect();
            if named.is_empty() {
                return Ok(Some(sights));
            }
            spared.extend(named);
        }
    }

    /// The functions without whose bodies a proven test fails. One that throws hides those behind it, so what was not
    /// named is replaced alone, as long as something is found.
    fn reached(
        &mut self,
        check: &CheckBlock,
        targets: &[Target],
        proven: &[usize],
        first: &[Sight],
    ) -> Result<BTreeSet<(String, String)>, Error> {
        let all = functions::all(&self.parts);
        let mut reached = functions::named(&all, proven.iter().map(|&at| &first[at]));
        let own: Vec<Target> = proven.iter().map(|&at| targets[at].clone()).collect();
        let none = BTreeSet::new();
        for _ in 0..functions::ROUNDS {
            if own.is_empty() || reached.is_empty() || reached.len() == all.len() {
                break;
            }
            let is_left =
                |path: &str, name: &str| !reached.contains(&(path.to_owned(), name.to_owned()));
            let stubbed = trees::stubbed(
                self.repository,
                self.bench.request.tree,
                &self.parts,
                Stub::Throw,
                &|part, name| is_left(&part.path, name),
            )?;
            let Some(tree) = stubbed.tree else { break };
            let sights = look(&mut self.bench, tree, check, &own, Expected(&none))?;
            let more = functions::named(&stubbed.replaced, sights.iter());
            if more.is_empty() {
                break;
            }
            reached.extend(more);
        }
        Ok(reached)
    }

    /// The names for want of which something may fail to load without the source.
    fn names(&self) -> BTreeSet<String> {
        let mut names = self.parts.added_names.clone();
        for part in self.parts.files.iter().filter(|part| part.is_source()) {
            for function in &part.functions {
                // One whose parameters changed is called in another way now.
                let name = function.name.rsplit(['.', ':']).next();
                names.extend(name.map(str::to_owned));
            }
            if let (true, Some(text)) = (part.beyond_stubs, &part.new) {
                // A type that was there may have a trait, a field, a variant more.
                names.extend(part.parsed(text, |source| source.definitions()));
            }
        }
        names
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
        let parts = &self.parts;
        let items = parts.brought.iter().chain(&parts.unchanged);
        let items = items.chain(parts.edited.iter().map(|(_, new)| new));
        let says: BTreeSet<&str> = items
            .filter_map(|item| Some(item.test.as_ref()?.digest.as_str()))
            .collect();
        let files: BTreeSet<&str> = parts.files.iter().map(|part| part.path.as_str()).collect();
        for test in &open.tests {
            // A file that is left alone holds what it held.
            let file = test.file.as_deref().filter(|file| files.contains(file));
            if let (Some(file), Some(digest)) = (file, &test.digest)
                && !says.contains(digest.as_str())
            {
                broken.push(BrokenSeal {
                    path: file.to_owned(),
                    sealed: None,
                    found: None,
                    test: Some(test.id.clone()),
                });
            }
        }
        Ok(broken)
    }
}

fn id(tree: Oid) -> TreeId {
    TreeId::new(tree.to_string())
}

/// Brings another look at the same tree to the first.
fn merge(first: &mut [Sight], again: Vec<Sight>) {
    for (first, again) in first.iter_mut().zip(again) {
        first.seen = judge::both(first.seen.clone(), &again.seen);
    }
}

/// What the whole run said of a test.
pub(super) fn seen_in(cases: &[&TestCase]) -> Seen {
    let has = |state| cases.iter().any(|case| case.state == state);
    if has(State::Failed) {
        Seen::Failed
    } else if has(State::Passed) {
        Seen::Passed
    } else if has(State::Skipped) {
        Seen::Skipped
    } else {
        Seen::Absent
    }
}

fn with_ids(target: Target, cases: &[&TestCase]) -> Target {
    let ids = cases.iter().map(|case| case.id.clone());
    Target {
        ids: target
            .ids
            .iter()
            .cloned()
            .chain(ids)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        ..target
    }
}
