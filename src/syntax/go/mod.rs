//! Go: functions, tests and names.

use std::collections::BTreeSet;

use super::stub::Edit;
use super::{Function, Source, Test};

pub(super) fn functions(_: &Source<'_>) -> Vec<Function> {
    Vec::new()
}

pub(super) fn tests(_: &Source<'_>) -> Vec<Test> {
    Vec::new()
}

pub(super) fn definitions(_: &Source<'_>) -> BTreeSet<String> {
    BTreeSet::new()
}

pub(super) fn imports(_: &Source<'_>) -> Vec<String> {
    Vec::new()
}

pub(super) fn outside(source: &Source<'_>) -> String {
    source.text().to_owned()
}

pub(super) fn edits(_: &Source<'_>) -> Vec<Edit> {
    Vec::new()
}
