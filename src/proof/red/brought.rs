//! What a change of tests alone brings, and so may leave red: its new and changed tests, in any check.

use super::parts::{Item, Parts};
use crate::git::{Error, Oid, Repository};
use crate::policy::{CheckBlock, Policy};
use crate::proof::cause::{self, Cause};
use crate::proof::forgiven::Share;
use crate::proof::report::{FailureKind, TestCase};
use crate::proof::selection;

/// The tests of a change.
#[derive(Debug)]
pub(in crate::proof) struct Brought {
    parts: Parts,
}

impl Brought {
    /// Takes the change apart.
    ///
    /// # Errors
    /// An object is missing.
    pub(in crate::proof) fn of(
        repository: &Repository,
        policy: &Policy,
        base: Option<Oid>,
        tree: Oid,
    ) -> Result<Self, Error> {
        let parts = Parts::of(repository, policy, base, tree)?;
        Ok(Self { parts })
    }

    /// Says what the change has to do with a test that fails. What cannot be loaded for another reason than a name that
    /// source has yet to add is no red.
    pub(in crate::proof) fn share(&self, check: &CheckBlock, case: &TestCase) -> Share {
        let one = std::slice::from_ref(case);
        if case.kind == Some(FailureKind::Load) {
            let loads = |item: &&Item| selection::loading(check, &item.target, one, None).is_some();
            // A file that was renamed holds nothing but tests that say what they said.
            let mut items = self.changed().chain(&self.parts.unchanged);
            let is_for_names = matches!(
                cause::read(case.message.as_deref().unwrap_or_default()),
                Cause::Names(names) if !names.is_empty()
            );
            return match items.any(|item| loads(&item)) {
                true if is_for_names => Share::Brought,
                _ => Share::Untouched,
            };
        }
        let is_it = |item: &Item| !selection::find(check, &item.target, one, None).is_empty();
        if self.changed().any(is_it) {
            return Share::Brought;
        }
        let shares = |file: &str| {
            let mut parts = self.parts.files.iter();
            parts.any(|part| part.path == file && part.changes_what_tests_share())
        };
        if let Some(item) = self.parts.unchanged.iter().find(|item| is_it(item)) {
            // What its file shares may be what it asks for: a table of cases.
            return if shares(&item.target.file) {
                Share::Brought
            } else {
                Share::Untouched
            };
        }
        match case.file.as_deref() {
            Some(file) if self.parts.files.iter().any(|part| part.path == file) => Share::Brought,
            Some(_) => Share::Untouched,
            None => Share::Unknown,
        }
    }

    /// Plans the run that says why a file of the change cannot be loaded, where its case does not.
    pub(in crate::proof) fn asks_again(
        &self,
        check: &CheckBlock,
        case: &TestCase,
    ) -> Option<Vec<String>> {
        let is_load = case.kind == Some(FailureKind::Load);
        let says = cause::read(case.message.as_deref().unwrap_or_default());
        if !is_load || says != Cause::Other {
            return None;
        }
        let one = std::slice::from_ref(case);
        let mut items = self.changed();
        let item =
            items.find(|item| selection::loading(check, &item.target, one, None).is_some())?;
        let plan = selection::plan(check, std::slice::from_ref(&item.target));
        match plan.as_slice() {
            [run] if run.file.is_some() => Some(run.more.clone()),
            _ => None,
        }
    }

    /// Names the new and changed tests of a run that could not even begin, where a compiler said that it is for want of
    /// names; none where it is for anything else.
    pub(in crate::proof) fn unbuilt(&self, said: &str) -> Vec<String> {
        match cause::read(said) {
            Cause::Names(names) if !names.is_empty() => {
                self.changed().map(|item| item.target.name()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn changed(&self) -> impl Iterator<Item = &Item> {
        let edited = self.parts.edited.iter().map(|(_, new)| new);
        self.parts.brought.iter().chain(edited)
    }
}
