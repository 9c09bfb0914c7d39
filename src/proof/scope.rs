//! Which checks a change brings into scope, and whether it is one of tests alone.

use crate::git::{Error, Oid, Repository};
use crate::policy::{CheckBlock, Class, Policy};

/// What a change of one tree into another asks for.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The places in the policy's list of the checks in scope, rising.
    checks: Vec<usize>,
    /// Whether it changes tests and support, and beside them records and docs alone.
    pub is_tests_only: bool,
}

impl Scope {
    /// Looks at what differs between `base` (none: the empty tree) and `tree`.
    ///
    /// # Errors
    /// A tree is missing.
    pub fn of(
        repository: &Repository,
        policy: &Policy,
        base: Option<Oid>,
        tree: Oid,
    ) -> Result<Self, Error> {
        let deltas = repository.diff(base, Some(tree))?;
        let mut paths: Vec<(&[u8], Class)> = deltas
            .iter()
            .map(|delta| (delta.path.as_slice(), delta.class(policy)))
            .collect();
        linked(repository, policy, tree, &mut paths)?;
        let is_source = |class: Class| {
            matches!(
                class,
                Class::Source | Class::Harness | Class::Manifest | Class::Policy
            )
        };
        // What is source anyway need not be looked into.
        let others = paths.iter().filter(|&&(_, class)| class != Class::Source);
        if !others.clone().any(|&(_, class)| is_source(class)) {
            for (place, delta) in deltas.iter().enumerate() {
                if paths[place].1 == Class::Source {
                    if !repository.changes_tests_alone(delta)? {
                        break;
                    }
                    paths[place].1 = Class::Test;
                }
            }
        }
        let concerned = |check: &CheckBlock| {
            paths
                .iter()
                .any(|(path, class)| check.concerns(path, *class))
        };
        let is_test = |class: Class| matches!(class, Class::Test | Class::Support);
        let rides_along = |class: Class| matches!(class, Class::Record | Class::Docs);
        Ok(Self {
            checks: (0..policy.check.len())
                .filter(|&at| concerned(&policy.check[at]))
                .collect(),
            is_tests_only: paths.iter().any(|&(_, class)| is_test(class))
                && paths
                    .iter()
                    .all(|&(_, class)| is_test(class) || rides_along(class)),
        })
    }

    /// Says whether the check at this place of the policy's list is in scope.
    pub fn holds(&self, place: usize) -> bool {
        self.checks.contains(&place)
    }

    /// Says whether no check is in scope.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }

    /// Adds a check, by its place in the policy's list.
    pub fn add(&mut self, place: usize) {
        if let Err(at) = self.checks.binary_search(&place) {
            self.checks.insert(at, place);
        }
    }

    /// Lists the checks in scope, in the policy's order.
    pub fn checks<'p>(&self, policy: &'p Policy) -> impl Iterator<Item = &'p CheckBlock> {
        self.checks.iter().map(|&place| &policy.check[place])
    }
}

/// A document that a symbolic link names is loaded as what stands there: it counts as source (DESIGN.md, section 3). The
/// tree is walked only where no source has changed anyway.
fn linked(
    repository: &Repository,
    policy: &Policy,
    tree: Oid,
    paths: &mut [(&[u8], Class)],
) -> Result<(), Error> {
    let is_document = |class: Class| matches!(class, Class::Record | Class::Docs);
    let has_source = paths.iter().any(|&(_, class)| class == Class::Source);
    let has_documents = paths.iter().any(|&(_, class)| is_document(class));
    if has_source || !has_documents || policy.check.is_empty() {
        return Ok(());
    }
    let targets = repository.link_targets(tree)?;
    for (path, class) in paths {
        let names = |target: &Vec<u8>| {
            path.strip_prefix(target.as_slice())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/") || target.is_empty())
        };
        if is_document(*class) && targets.iter().any(names) {
            *class = Class::Source;
        }
    }
    Ok(())
}
