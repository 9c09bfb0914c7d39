//! Validating one tree: what is cached, what has to run, what is forgiven, and the record of what passed.

use std::cell::OnceCell;
use std::path::Path;

use super::cache::{Cache, Pass};
use super::checked::{Checked, Source, facts};
use super::forgiven::Split;
use super::known::Known;
use super::notebook::{Notebook, Records};
use super::outcome::{Outcome, Verdict};
use super::request::Request;
use super::slot::{Attempted, Content, Slot, carry};
use super::{Environment, Error, fingerprint, record, report, runner, verdict};
use crate::change::{Standing, Validation};
use crate::evidence::statement::Statement;
use crate::git::{InForce, Oid, Repository};
use crate::id::TreeId;
use crate::policy::{CheckBlock, CheckKind, Policy};

/// Who is told what happens meanwhile.
pub trait Watch {
    /// Another validation holds the slot.
    fn waiting(&mut self);
    /// A check begins.
    fn begin(&mut self, check: &CheckBlock);
    /// It wrote something.
    fn output(&mut self, bytes: &[u8]);
    /// It ended.
    fn end(&mut self);
}

/// Validates trees of one repository, one after another, in one slot.
pub struct Validator<'a> {
    repository: &'a Repository,
    force: &'a InForce,
    pub(super) cache: Cache,
    environment: Environment,
    carry: OnceCell<String>,
    slot: Option<Slot>,
    records: Records<'a>,
    /// Whether what has passed runs once more.
    again: bool,
}

impl<'a> Validator<'a> {
    /// Prepares; nothing is made or locked before a check has to run.
    pub fn new(repository: &'a Repository, force: &'a InForce) -> Self {
        Self {
            repository,
            force,
            cache: Cache::new(&repository.pdd_folder()),
            environment: Environment::base(),
            carry: OnceCell::new(),
            slot: None,
            records: Records::Store,
            again: false,
        }
    }

    /// Prepares one that takes a record for whole where the store lists it: a hook must not take the longer the more tests
    /// a record names. One that is damaged is found when it is read: by a push, and by [`Self::new`], which replaces it.
    pub fn quick(repository: &'a Repository, force: &'a InForce) -> Self {
        Self {
            records: Records::StoreAsListed,
            ..Self::new(repository, force)
        }
    }

    /// Prepares one that believes neither records nor passes but those of its own notebook, and writes to that alone.
    pub fn anew(repository: &'a Repository, force: &'a InForce, notebook: &'a Notebook) -> Self {
        Self {
            cache: Cache::new(notebook.folder()),
            records: Records::Notebook(notebook),
            ..Self::new(repository, force)
        }
    }

    /// Runs what has passed already once more, and records that it did.
    #[must_use]
    pub fn again(self, again: bool) -> Self {
        Self { again, ..self }
    }

    /// Says what is known without running anything.
    ///
    /// # Errors
    /// The repository cannot be asked.
    pub fn look_up(&self, request: &Request) -> Result<Vec<Checked>, Error> {
        let base = self.base_tree(request)?;
        let mut found = Vec::new();
        for check in request.scope.checks(self.policy()) {
            let pass = self.find(request.tree, base, check)?;
            found.push(match pass.filter(|pass| fits(pass, request)) {
                Some(pass) => Checked::cached(check, pass),
                None => Checked::bare(check, Standing::Missing),
            });
        }
        if request.may_hold_sealed() {
            self.put_off(request, &mut found);
        }
        Ok(found)
    }

    /// Runs what is not known yet and records what passes; in the policy's order, but test checks first where a change
    /// of tests alone may seal some of them.
    ///
    /// # Errors
    /// The slot cannot be made or filled, or the record not be kept; what a check does wrong is no error.
    pub fn run(&mut self, request: &Request, watch: &mut dyn Watch) -> Result<Vec<Checked>, Error> {
        let force = self.force;
        let base = self.base_tree(request)?;
        let mut checks: Vec<(usize, &CheckBlock)> =
            request.scope.checks(&force.policy).enumerate().collect();
        if request.may_hold_sealed() {
            checks.sort_by_key(|(_, check)| check.kind != CheckKind::Test);
        }
        let mut done: Vec<(usize, Checked)> = Vec::new();
        for (place, check) in checks {
            let has_sealed = done.iter().any(|(_, checked)| !checked.sealed.is_empty());
            let pass = match self.again {
                true => None,
                false => self.find(request.tree, base, check)?,
            };
            let checked = match pass.filter(|pass| fits(pass, request)) {
                Some(pass) => Checked::cached(check, pass),
                None if check.compiles && has_sealed && request.may_hold_sealed() => Checked {
                    is_deferred: true,
                    ..Checked::bare(check, Standing::Passed)
                },
                None => match self.records.failed(request.tree, check, base) {
                    Some(standing) => Checked::bare(check, standing),
                    None => self.run_one(request, base, check, watch)?,
                },
            };
            self.records.note(request, check, base, &checked);
            done.push((place, checked));
        }
        done.sort_by_key(|(place, _)| *place);
        let done: Vec<Checked> = done.into_iter().map(|(_, checked)| checked).collect();
        self.keep(request, base, &done)?;
        Ok(done)
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.force.policy
    }

    /// The repository whose trees are validated.
    pub(super) fn repository(&self) -> &'a Repository {
        self.repository
    }

    /// The policy that decides how.
    pub(super) fn force(&self) -> &'a InForce {
        self.force
    }

    /// Puts off what a run of a change of tests alone would put off, for which no pass is ever kept.
    fn put_off(&self, request: &Request, found: &mut [Checked]) {
        let Some(sealed) = found.iter().position(|one| !one.sealed.is_empty()) else {
            return;
        };
        let checks = request.scope.checks(self.policy());
        for (place, (check, one)) in checks.zip(found).enumerate() {
            let comes_later = check.kind != CheckKind::Test || place > sealed;
            if check.compiles && comes_later && one.standing == Standing::Missing {
                one.standing = Standing::Passed;
                one.is_deferred = true;
            }
        }
    }

    pub(super) fn base_tree(&self, request: &Request) -> Result<Option<Oid>, Error> {
        Ok(match request.parents.first() {
            Some(&parent) => Some(self.repository.tree_of(parent)?),
            None => None,
        })
    }

    fn run_one(
        &mut self,
        request: &Request,
        base: Option<Oid>,
        check: &CheckBlock,
        watch: &mut dyn Watch,
    ) -> Result<Checked, Error> {
        let outcome = self.attempt(request.tree, &request.parents, check, &[], watch)?;
        let (standing, split) = match &outcome.verdict {
            Verdict::Passed => (Standing::Passed, Split::default()),
            Verdict::EnvironmentError(fault) => {
                let sealed = self.unbuilt(request, base, check, &outcome)?;
                let standing = match sealed.as_slice() {
                    [] => Standing::EnvironmentError {
                        what: fault.to_string(),
                        help: fault.help(),
                    },
                    _ => Standing::Passed,
                };
                let split = Split {
                    sealed,
                    ..Split::default()
                };
                (standing, split)
            }
            Verdict::Failed => self.forgive(request, base, check, &outcome, watch)?,
        };
        Ok(Checked {
            source: Some(Source::Ran(outcome)),
            forgiven: split.forgiven(),
            sealed: split.sealed,
            ..Checked::bare(check, standing)
        })
    }

    /// Runs a check on a tree, with `more` arguments, whatever is known of it.
    pub(super) fn attempt(
        &mut self,
        tree: Oid,
        parents: &[Oid],
        check: &CheckBlock,
        more: &[String],
        watch: &mut dyn Watch,
    ) -> Result<Outcome, Error> {
        let content = Content {
            tree,
            parents,
            carry: &self.force.policy.validation.carry,
        };
        let slot = match &mut self.slot {
            Some(slot) => slot,
            none => none.insert(Slot::take(self.repository, &mut || watch.waiting())?),
        };
        watch.begin(check);
        let attempted = slot.run(self.repository, &content, check, more, &mut |bytes| {
            watch.output(bytes);
        });
        watch.end();
        let top = slot.tree();
        Ok(judged(check, attempted?, &top))
    }

    /// Finds an earlier pass on exactly this tree; one that forgave something counts over the same base alone. A pass
    /// whose record is gone is none.
    pub(super) fn find(
        &self,
        tree: Oid,
        base: Option<Oid>,
        check: &CheckBlock,
    ) -> Result<Option<Pass>, Error> {
        Ok(self.find_keyed(tree, base, check)?.map(|(_, pass)| pass))
    }

    /// Finds it with its key.
    pub(super) fn find_keyed(
        &self,
        tree: Oid,
        base: Option<Oid>,
        check: &CheckBlock,
    ) -> Result<Option<(String, Pass)>, Error> {
        for base in [None, base] {
            let key = self.key(tree, check, base)?;
            if let Some(pass) = self.cache.find(&key)
                && self.is_recorded(&pass)?
            {
                return Ok(Some((key, pass)));
            }
        }
        Ok(None)
    }

    fn is_recorded(&self, pass: &Pass) -> Result<bool, Error> {
        self.records.holds(self.repository, &pass.record)
    }

    /// What is recorded, as far as it is to be believed.
    pub(super) fn known(&self) -> Result<Known, Error> {
        self.records.known(self.repository)
    }

    /// Records a statement where this validator does.
    pub(super) fn record(&self, statement: Statement) -> Result<String, Error> {
        self.records.record(self.repository, statement)
    }

    pub(super) fn key(
        &self,
        tree: Oid,
        check: &CheckBlock,
        base: Option<Oid>,
    ) -> Result<String, Error> {
        let carry = &self.policy().validation.carry;
        let carried = match self.carry.get() {
            Some(known) => known.as_str(),
            None => {
                let found = match self.repository.work_tree() {
                    Some(work_tree) if !carry.is_empty() => carry::fingerprint(work_tree, carry),
                    _ => String::new(),
                };
                self.carry.get_or_init(|| found)
            }
        };
        let id = |oid: Oid| TreeId::new(oid.to_string());
        let base = base.map(id);
        let tree = id(tree);
        Ok(fingerprint::key(
            &tree,
            check,
            &self.environment,
            carried,
            base.as_ref(),
        ))
    }

    /// Records what passed now, then caches it: never the other way round.
    fn keep(&self, request: &Request, base: Option<Oid>, done: &[Checked]) -> Result<(), Error> {
        let passed = done.iter().filter(|checked| checked.passed_now());
        if passed.count() == 0 {
            return Ok(());
        }
        let key = |check: &CheckBlock, forgives: bool| {
            self.key(request.tree, check, base.filter(|_| forgives))
        };
        let record = record::write(self, request, base, done, &key)?;
        for (key, pass) in record {
            self.cache.keep(&key, &pass)?;
            let ran = done.iter().find(|checked| checked.check == pass.check);
            if let Some(Source::Ran(outcome)) = ran.and_then(|checked| checked.source.as_ref()) {
                self.keep_tests(&key, outcome)?;
            }
        }
        Ok(())
    }
}

/// What is known of the validation of a tree that is to be committed; nothing is run to learn it.
///
/// # Errors
/// The repository cannot be asked.
pub fn known(
    repository: &Repository,
    force: &InForce,
    tree: Oid,
    parents: &[Oid],
) -> Result<Validation, Error> {
    if force.policy.level("validation").is_none() {
        return Ok(Validation::Undecided);
    }
    let request = Request::of(repository, &force.policy, tree, parents)?;
    Ok(facts(&Validator::new(repository, force).look_up(&request)?))
}

/// Whether a pass is one for this change: on the same tree another may have been allowed to leave tests red.
fn fits(pass: &Pass, request: &Request) -> bool {
    pass.sealed.is_empty() || request.may_hold_sealed()
}

fn judged(check: &CheckBlock, attempted: Attempted, top: &Path) -> Outcome {
    let Attempted {
        ended,
        report,
        fault,
    } = attempted;
    let (verdict, mut tests) = verdict::judge(check, &ended, &report);
    report::from_top(&mut tests, &top.to_string_lossy());
    let folder = runner::folder(&check.run);
    report::files_from_top(&mut tests, folder.as_deref(), |file| {
        top.join(file).exists()
    });
    Outcome {
        check: check.name.clone(),
        verdict: fault.map_or(verdict, Verdict::EnvironmentError),
        tests,
        elapsed: ended.elapsed,
        tail: ended.tail,
        log: ended.log,
    }
}
