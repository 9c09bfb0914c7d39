//! `evidence list`: one line a record.

use std::collections::HashSet;
use std::io::Write;

use serde::Serialize;

use super::super::{Format, print, print_json};
use super::record::Record;
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::printable;
use crate::git::Repository;

/// Which records.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this kind: validation, red-green, seal, commit-check, gap, approval, transition, waiver
    #[arg(long)]
    kind: Option<String>,
    /// Only what names this commit, or its tree
    #[arg(long, value_name = "REV", conflicts_with = "tree")]
    commit: Option<String>,
    /// Only what names this tree
    #[arg(long, value_name = "TREE")]
    tree: Option<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

#[derive(Serialize)]
struct Row {
    name: String,
    kind: String,
    subject: Option<String>,
    time: Option<String>,
    keys: Vec<String>,
    /// Whether the default remote has it, as far as is known here; none without such a remote.
    published: Option<bool>,
}

/// Lists the records.
pub(super) fn run(
    repository: &Repository,
    args: &Args,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let (commit, tree) = match (&args.commit, &args.tree) {
        (Some(revision), _) => {
            let oid = repository.resolve(revision)?;
            let tree = repository.tree_of(oid)?;
            (Some(oid.to_string()), Some(tree.to_string()))
        }
        (None, Some(tree)) => {
            let peeled = format!("{tree}^{{tree}}");
            let args = [
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &peeled,
            ];
            // A tree that is not here may be recorded all the same.
            let found = repository.git().find(&args).ok().flatten();
            (None, Some(found.unwrap_or_else(|| tree.clone())))
        }
        (None, None) => (None, None),
    };
    let is_narrow = commit.is_some() || tree.is_some();
    let published = published(repository)?;
    let mut rows = Vec::new();
    for listed in repository.list_records(None)? {
        let record = Record::read(repository, &listed);
        let is_kind = args.kind.as_ref().is_none_or(|kind| *kind == record.kind());
        if is_kind && (!is_narrow || record.is_about(commit.as_deref(), tree.as_deref())) {
            let is_there = published.as_ref().map(|names| names.contains(&record.name));
            rows.push((record.short().to_owned(), row(&record, is_there)));
        }
    }
    rows.sort_by(|(_, a), (_, b)| (&a.time, &a.name).cmp(&(&b.time, &b.name)));
    match args.format {
        Format::Text => {
            for (short, row) in &rows {
                print(out, &text(short, row))?;
            }
        }
        Format::Json => {
            let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
            print_json(out, &rows)?;
        }
    }
    Ok(Exit::Passed)
}

fn row(record: &Record, published: Option<bool>) -> Row {
    Row {
        name: record.name.clone(),
        kind: record.kind(),
        subject: record.subject(),
        time: record.time(),
        keys: record.keys(),
        published,
    }
}

fn text(short: &str, row: &Row) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
    let keys = match row.keys.as_slice() {
        [] => "unsigned".to_owned(),
        keys => keys.join(","),
    };
    let published = match row.published {
        Some(true) => "published",
        Some(false) => "not published",
        None => "no remote",
    };
    let line = format!(
        "{short}  {:<12}  {:<19}  {}  {keys}  {published}",
        row.kind,
        or_none(&row.subject),
        or_none(&row.time),
    );
    printable(&line) + "\n"
}

/// Lists what the default remote is known to have; none where there is no such remote.
fn published(repository: &Repository) -> Result<Option<HashSet<String>>, Error> {
    let Ok(remote) = super::default_remote(repository) else {
        return Ok(None);
    };
    let tracking = repository.records_tracking(&remote)?;
    let listed = match repository.find_commit_at(&tracking)? {
        Some(tip) => repository.list_records(Some(tip))?,
        None => Vec::new(),
    };
    Ok(Some(listed.into_iter().map(|one| one.name).collect()))
}
