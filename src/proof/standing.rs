//! Validation is inductive (PROOF.md, section 6): a check that did not run on a commit's tree counts as passed only if
//! the change leaves it alone and the commit below has passed it, down to what landed or was adopted.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use super::Error;
use super::known::{Known, Pass};
use super::scope::Scope;
use crate::change::{CheckState, Standing, Validation};
use crate::git::{Commit, Oid, Repository};
use crate::id::{CommitId, TreeId};
use crate::policy::{CheckBlock, Policy};

/// What is above one floor: the old tip of the landing whose policy judges. All that the floor reaches has been judged
/// before, by what was in force then.
#[derive(Debug)]
pub struct Ground<'a> {
    repository: &'a Repository,
    known: &'a Known,
    policy: &'a Policy,
    below: Below<'a>,
    scopes: RefCell<HashMap<Oid, Scope>>,
}

/// What tells whether what a commit builds on has passed a check.
#[derive(Debug)]
enum Below<'a> {
    /// The floor, none where nothing counts as judged before, and the commits above it: history is walked.
    Walk(Option<Oid>, RefCell<HashSet<Oid>>),
    /// Somebody who went through history from its beginning.
    Known(&'a dyn Founded),
}

/// Says what the commits below have passed.
pub trait Founded: std::fmt::Debug {
    /// Returns the newest commit below `commit` that should have passed the check at this place of the policy's list and has
    /// not; none where all is well.
    fn broken_below(&self, check: usize, commit: &Commit) -> Option<Oid>;
}

/// What a commit says of the standing of a check on it and on what builds on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footing {
    /// It passed.
    Sound,
    /// It should have passed and has not.
    Broken,
    /// It leaves the check alone: what stands below it decides.
    AsBelow,
}

impl<'a> Ground<'a> {
    /// Stands on `floor` and looks at `commits` and what is below them.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn new(
        repository: &'a Repository,
        known: &'a Known,
        policy: &'a Policy,
        floor: Option<Oid>,
        commits: &[Oid],
    ) -> Result<Self, Error> {
        let ground = Self {
            repository,
            known,
            policy,
            below: Below::Walk(floor, RefCell::default()),
            scopes: RefCell::default(),
        };
        ground.reach(commits)?;
        Ok(ground)
    }

    /// Stands on what somebody knows of the commits below.
    pub fn over(
        repository: &'a Repository,
        known: &'a Known,
        policy: &'a Policy,
        founded: &'a dyn Founded,
    ) -> Self {
        Self {
            repository,
            known,
            policy,
            below: Below::Known(founded),
            scopes: RefCell::default(),
        }
    }

    /// Takes over the scopes of commits' changes, and forgets those of others.
    pub fn take_scopes(&self, scopes: impl IntoIterator<Item = (Oid, Scope)>) {
        *self.scopes.borrow_mut() = scopes.into_iter().collect();
    }

    /// Looks at further commits: those that a rebase left behind.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn reach(&self, commits: &[Oid]) -> Result<(), Error> {
        if let Below::Walk(floor, open) = &self.below {
            let found = self.repository.commits_between(commits, floor.as_slice())?;
            open.borrow_mut().extend(found);
        }
        Ok(())
    }

    /// Says how each check stands on a commit: those in scope, and of the others those that what it builds on lacks.
    ///
    /// # Errors
    /// An object is missing.
    pub fn of(&self, commit: &Commit) -> Result<Vec<CheckState>, Error> {
        let base = self.base(commit)?;
        let mut states = Vec::new();
        for (place, check) in self.policy.check.iter().enumerate() {
            let standing = match self.pass(commit, check, base.as_ref())? {
                Some(Pass::Plain) => Standing::Passed,
                Some(Pass::OverBase | Pass::Sealed) => self.founded(place, check, commit)?,
                None if self.in_scope(commit, base.as_ref(), place)? => {
                    self.missing(commit, check, base.as_ref())
                }
                None => match self.founded(place, check, commit)? {
                    Standing::Passed => continue,
                    other => other,
                },
            };
            states.push(CheckState {
                check: check.name.clone(),
                standing,
            });
        }
        Ok(states)
    }

    /// Lists the places of the checks that a change of tree `base` commit into another must pass beside those in scope,
    /// because what it builds on has not.
    ///
    /// # Errors
    /// An object is missing.
    pub fn lacking(&self, base: Option<Oid>) -> Result<Vec<usize>, Error> {
        let Some(base) = base else {
            return Ok(Vec::new());
        };
        let mut lacking = Vec::new();
        for (place, check) in self.policy.check.iter().enumerate() {
            if self.broken_at(place, check, base)?.is_some() {
                lacking.push(place);
            }
        }
        Ok(lacking)
    }

    /// What the tip of a landing stands for: each check in scope for the whole of it, on exactly its tree.
    ///
    /// # Errors
    /// An object is missing.
    pub fn landing(&self, from: Option<Oid>, to: Oid) -> Result<Vec<CheckState>, Error> {
        self.landing_of(from, &self.repository.commit(to)?)
    }

    /// What a commit that is still to be made would stand for as the tip of a landing: a merge, before it is one.
    ///
    /// # Errors
    /// An object is missing.
    pub fn landing_of(&self, from: Option<Oid>, to: &Commit) -> Result<Vec<CheckState>, Error> {
        let from = match from {
            Some(from) => Some(self.repository.tree_of(from)?),
            None => None,
        };
        let scope = Scope::of(self.repository, self.policy, from, to.tree)?;
        let base = self.base(to)?;
        let mut states = Vec::new();
        for (place, check) in self.policy.check.iter().enumerate() {
            if !scope.holds(place) {
                continue;
            }
            let standing = match self.pass(to, check, base.as_ref())? {
                Some(Pass::Plain) => Standing::Passed,
                Some(Pass::OverBase) => self.founded(place, check, to)?,
                Some(Pass::Sealed) => Standing::Sealed,
                None => self.missing(to, check, base.as_ref()),
            };
            states.push(CheckState {
                check: check.name.clone(),
                standing,
            });
        }
        Ok(states)
    }

    /// Missing, run just now in vain, or recorded by somebody who is not believed.
    fn missing(&self, commit: &Commit, check: &CheckBlock, base: Option<&TreeId>) -> Standing {
        let tree = TreeId::new(commit.tree.to_string());
        if let Some(standing) = self.known.failed(&tree, check, base) {
            return standing;
        }
        match self.known.unvouched(&tree, check, base) {
            Some(why) => Standing::Unvouched(why.to_owned()),
            None => Standing::Missing,
        }
    }

    /// What is recorded for a commit. Sealed tests may stay red in a change of tests alone and in a merge, whatever was
    /// allowed to others with the same tree.
    fn pass(
        &self,
        commit: &Commit,
        check: &CheckBlock,
        base: Option<&TreeId>,
    ) -> Result<Option<Pass>, Error> {
        let tree = TreeId::new(commit.tree.to_string());
        let pass = self.known.pass(&tree, check, base);
        let may_seal = pass != Some(Pass::Sealed)
            || commit.parents.len() > 1
            || self.scope(commit, base, |scope| scope.is_tests_only)?;
        Ok(pass.filter(|_| may_seal))
    }

    fn base(&self, commit: &Commit) -> Result<Option<TreeId>, Error> {
        Ok(match commit.parents.first() {
            Some(&parent) => {
                let tree = self.repository.tree_of(parent)?;
                Some(TreeId::new(tree.to_string()))
            }
            None => None,
        })
    }

    fn in_scope(
        &self,
        commit: &Commit,
        base: Option<&TreeId>,
        place: usize,
    ) -> Result<bool, Error> {
        self.scope(commit, base, |scope| scope.holds(place))
    }

    /// Asks the scope of a commit's own change.
    fn scope<T>(
        &self,
        commit: &Commit,
        base: Option<&TreeId>,
        ask: impl Fn(&Scope) -> T,
    ) -> Result<T, Error> {
        if let Some(scope) = self.scopes.borrow().get(&commit.id) {
            return Ok(ask(scope));
        }
        let base = match base {
            Some(base) => Some(self.repository.oid(base.as_str())?),
            None => None,
        };
        let scope = Scope::of(self.repository, self.policy, base, commit.tree)?;
        let answer = ask(&scope);
        self.scopes.borrow_mut().insert(commit.id, scope);
        Ok(answer)
    }

    /// Passed where what the commit builds on has passed the check.
    fn founded(
        &self,
        place: usize,
        check: &CheckBlock,
        commit: &Commit,
    ) -> Result<Standing, Error> {
        let broken = match (&self.below, commit.parents.first()) {
            (_, None) => None,
            (Below::Known(founded), _) => founded.broken_below(place, commit),
            (Below::Walk(..), Some(&parent)) => self.broken_at(place, check, parent)?,
        };
        Ok(match broken {
            None => Standing::Passed,
            Some(broken) => Standing::Unfounded(CommitId::new(broken.to_string())),
        })
    }

    /// The newest commit at or below `start` that should have passed the check and has not; none where all is well.
    fn broken_at(
        &self,
        place: usize,
        check: &CheckBlock,
        start: Oid,
    ) -> Result<Option<Oid>, Error> {
        let mut next = Some(start);
        while let Some(oid) = next {
            if !self.is_open(oid) {
                return Ok(None);
            }
            let commit = self.repository.commit(oid)?;
            match self.footing(place, check, &commit)? {
                Footing::Sound => return Ok(None),
                Footing::Broken => return Ok(Some(oid)),
                Footing::AsBelow => next = commit.parents.first().copied(),
            }
        }
        Ok(None)
    }

    fn is_open(&self, oid: Oid) -> bool {
        match &self.below {
            Below::Walk(_, open) => open.borrow().contains(&oid),
            Below::Known(_) => false,
        }
    }

    /// Says what a commit means for the standing of a check, given by its place and itself, on what builds on it.
    ///
    /// # Errors
    /// An object is missing.
    pub fn footing(
        &self,
        place: usize,
        check: &CheckBlock,
        commit: &Commit,
    ) -> Result<Footing, Error> {
        let base = self.base(commit)?;
        Ok(match self.pass(commit, check, base.as_ref())? {
            Some(Pass::Plain) => Footing::Sound,
            Some(Pass::OverBase | Pass::Sealed) => Footing::AsBelow,
            None if self.in_scope(commit, base.as_ref(), place)? => Footing::Broken,
            None => Footing::AsBelow,
        })
    }
}

/// Says whether every check stands.
pub fn all_passed(states: &[CheckState]) -> bool {
    states
        .iter()
        .all(|state| state.standing == Standing::Passed)
}

/// What a landing on a protected branch stands for; undecided where the rule is off.
///
/// # Errors
/// An object is missing.
pub fn of_landing(
    repository: &Repository,
    known: &Known,
    policy: &Policy,
    from: Option<Oid>,
    to: Option<Oid>,
) -> Result<Validation, Error> {
    let known_here = |oid: &Oid| repository.has_object(*oid);
    let Some(to) = to.filter(|_| policy.level("validation").is_some()) else {
        return Ok(Validation::Undecided);
    };
    let from = from.filter(known_here);
    let ground = Ground::new(repository, known, policy, from, &[to])?;
    Ok(Validation::Known(ground.landing(from, to)?))
}
