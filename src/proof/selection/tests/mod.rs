//! What is selected and found, on data; the runners themselves stand in tests/it/selection.

mod finding;
mod planning;

use crate::policy::CheckBlock;
use crate::proof::target::Target;

/// Makes a check of its `run` and `only`, and of more keys.
fn check(run: &str, only: &str, more: &str) -> CheckBlock {
    let list = |line: &str| {
        let words = line.split_whitespace().map(|word| format!("'{word}'"));
        words.collect::<Vec<_>>().join(", ")
    };
    let text = format!(
        "name = 'tests'\nkind = 'test'\nrun = [{}]\nonly = [{}]\n{more}",
        list(run),
        list(only)
    );
    toml::from_str(&text).unwrap()
}

fn target(file: &str, path: &[&str]) -> Target {
    Target {
        file: file.to_owned(),
        path: path.iter().map(|&part| part.to_owned()).collect(),
        is_exact: true,
        ids: Vec::new(),
    }
}

fn with_ids(target: Target, ids: &[&str]) -> Target {
    let ids = ids.iter().map(|&id| id.to_owned()).collect();
    Target { ids, ..target }
}

fn inexact(target: Target) -> Target {
    Target {
        is_exact: false,
        ..target
    }
}
