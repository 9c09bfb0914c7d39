//! The runs of a proof: without the source, with each stub, and on the tree again.

use std::collections::BTreeSet;

use super::candidates::Candidate;
use super::functions;
use super::judge::{self, Runs};
use super::look::{Expected, Sight, look};
use super::prove::{Proving, id};
use super::shown::{Shown, Side};
use super::trees::{self, StubbedTree};
use crate::change::{RedProof, RedTest, Seen, TestVerdict};
use crate::policy::CheckBlock;
use crate::proof::Error;
use crate::proof::target::Target;
use crate::syntax::Stub;

/// How often a stub is tried with fewer functions, where they keep something from being loaded.
const ROUNDS: usize = 4;

impl Proving<'_, '_, '_, '_> {
    /// Runs the candidates without the source, with each stub, and on the tree again.
    pub(super) fn red(
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
            if sight.seen != Seen::Absent || !one.is_inline {
                continue;
            }
            let mut parts = self.parts.files.iter();
            let part = parts.find(|part| part.path == one.target.file);
            // A test within what the base does not have goes with its source.
            if let Some(name) = part.and_then(|part| trees::wanting_before(part, &one.target.path))
            {
                sight.seen = Seen::DoesNotLoad(vec![name]);
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
        for _ in 0..ROUNDS {
            let StubbedTree { tree, replaced } = trees::stubbed(
                self.repository,
                self.bench.request.tree,
                &self.parts,
                stub,
                &|part, name| !spared.contains(&functions::mark(&part.path, name)),
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
                .filter(|name| {
                    let mut marks = replaced
                        .iter()
                        .map(|(path, one)| functions::mark(path, one));
                    marks.any(|mark| mark == **name)
                })
                .collect();
            if named.is_empty() {
                return Ok(Some(sights));
            }
            spared.extend(named);
        }
        // What goes on keeping it from being loaded says nothing.
        Ok(None)
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
    pub(super) fn names(&self) -> BTreeSet<String> {
        let mut names = self.parts.added_names.clone();
        for part in self.parts.files.iter().filter(|part| part.is_source()) {
            for function in &part.functions {
                // One whose parameters changed is called in another way now.
                let name = function.name.rsplit(['.', ':']).next();
                names.extend(name.map(str::to_owned));
            }
            let is_program = part.path.ends_with("main.rs") || part.path.contains("/bin/");
            if part.delta.old.is_none() && is_program {
                // Cargo names the programs of a package to its tests.
                names.insert("CARGO_BIN_EXE".to_owned());
            }
            if let (true, Some(text)) = (part.beyond_stubs, &part.new) {
                // A type that was there may have a trait, a field, a variant more.
                names.extend(part.parsed(text, |source| source.definitions()));
            }
        }
        names
    }
}

/// Brings another look at the same tree to the first.
fn merge(first: &mut [Sight], again: Vec<Sight>) {
    for (first, again) in first.iter_mut().zip(again) {
        first.seen = judge::both(first.seen.clone(), &again.seen);
    }
}
