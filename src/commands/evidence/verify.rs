//! `evidence verify`: whether records are whole, and whose signatures hold by the signers file that is in force now.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::super::{Format, print, print_json, range};
use super::record::{Record, find};
use crate::error::Error;
use crate::evidence::Envelope;
use crate::evidence::signers::{Namespace, Signed, Signers, Unverified};
use crate::exit::Exit;
use crate::finding::printable;
use crate::git::{Listed, RECORDS, Repository};

/// Which records.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A commit, or the beginning of a record's name; not given, all are verified
    #[arg(value_name = "REV|NAME")]
    what: Vec<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// What is said of one record.
#[derive(Serialize)]
struct Verdict {
    name: String,
    kind: String,
    subject: Option<String>,
    /// Whether bytes, name and signatures fit each other.
    whole: bool,
    says: Vec<String>,
}

#[derive(Serialize)]
struct Report {
    faults: Vec<String>,
    records: Vec<Verdict>,
}

/// Verifies records.
pub(super) fn run(
    repository: &Repository,
    args: &Args,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let signers = signers(repository)?;
    let now = Timestamp::now();
    let mut report = Report {
        faults: faults(repository, args)?,
        records: Vec::new(),
    };
    for listed in chosen(repository, args)? {
        let record = Record::read(repository, &listed);
        report.records.push(verdict(&record, &signers, now));
    }
    match args.format {
        Format::Json => print_json(out, &report)?,
        Format::Text => print(out, &text(&report))?,
    }
    let is_whole = report.faults.is_empty() && report.records.iter().all(|record| record.whole);
    Ok(if is_whole {
        Exit::Passed
    } else {
        Exit::Findings
    })
}

fn text(report: &Report) -> String {
    let mut text = String::new();
    for fault in &report.faults {
        text.push_str(&format!("error: {RECORDS} {}\n", printable(fault)));
    }
    for record in &report.records {
        let word = if record.whole { "" } else { "error: " };
        let subject = record.subject.as_deref().unwrap_or("-");
        let short = record.name.get(..12).unwrap_or(&record.name);
        let says = record.says.join("; ");
        let line = format!("{word}{short}  {}  {subject}  {says}", record.kind);
        text.push_str(&(printable(&line) + "\n"));
    }
    text
}

/// Reads the signers file of the policy in force; why there is none is said of each signature.
fn signers(repository: &Repository) -> Result<Result<Signers, String>, Error> {
    let force = match range::policy(repository, None) {
        Ok(force) => force,
        Err(Error::NoPolicy) => return Ok(Err("no policy is in force".into())),
        Err(error) => return Err(error),
    };
    let path = &force.policy.approval.signers;
    let tree = repository.tree_of(force.tip)?;
    let Some(text) = repository.text_at(tree, path)? else {
        return Ok(Err(format!("`{}` holds no `{path}`", force.branch)));
    };
    Ok(Signers::parse(&text).map_err(|error| format!("`{path}` cannot be read: {error}")))
}

/// Says what stands in the stores and is no record, where all are asked for.
fn faults(repository: &Repository, args: &Args) -> Result<Vec<String>, Error> {
    if !args.what.is_empty() {
        return Ok(Vec::new());
    }
    let found = repository.records()?.faults.into_iter();
    Ok(found
        .map(|fault| format!("holds `{}`, which {}", fault.path, fault.what))
        .collect())
}

/// Lists the records that are asked for, each once.
fn chosen(repository: &Repository, args: &Args) -> Result<Vec<Listed>, Error> {
    let all = repository.list_records(None)?;
    if args.what.is_empty() {
        return Ok(all);
    }
    let mut chosen: Vec<Listed> = Vec::new();
    for word in &args.what {
        if let Ok(found) = find(&all, word) {
            chosen.push(found);
            continue;
        }
        let Ok(oid) = repository.resolve(word) else {
            // It is neither: the record's error says what was looked for.
            find(&all, word)?;
            continue;
        };
        let tree = repository.tree_of(oid)?.to_string();
        let commit = oid.to_string();
        let about = all
            .iter()
            .filter(|listed| Record::read(repository, listed).is_about(Some(&commit), Some(&tree)));
        chosen.extend(about.cloned());
    }
    chosen.sort_by(|a, b| a.name.cmp(&b.name));
    chosen.dedup();
    Ok(chosen)
}

fn verdict(record: &Record, signers: &Result<Signers, String>, now: Timestamp) -> Verdict {
    let (whole, says) = match (&record.envelope, &record.statement) {
        (Some(envelope), Some(_)) => signatures(envelope, record, signers, now),
        _ => (false, vec!["cannot be read: damaged, or no record".into()]),
    };
    Verdict {
        name: record.name.clone(),
        kind: record.kind(),
        subject: record.subject(),
        whole,
        says,
    }
}

fn signatures(
    envelope: &Envelope,
    record: &Record,
    signers: &Result<Signers, String>,
    now: Timestamp,
) -> (bool, Vec<String>) {
    if envelope.signatures.is_empty() {
        return (true, vec!["unsigned".into()]);
    }
    // Without a list the signatures are still held against the bytes.
    let nobody = Signers::default();
    let list = signers.as_ref().unwrap_or(&nobody);
    let mut whole = true;
    let mut says = Vec::new();
    for place in 0..envelope.signatures.len() {
        match worth(list, envelope, record.namespaces(), place, now) {
            None => says.push("not verified".into()),
            Some(Ok(signed)) => {
                let hardware = if signed.is_hardware { ", touched" } else { "" };
                says.push(format!(
                    "signed by {} for {} ({}{hardware})",
                    signed.principal,
                    signed.namespace.as_str(),
                    signed.key
                ));
            }
            Some(Err(error)) => {
                whole &= !matches!(
                    error,
                    Unverified::Unreadable { .. } | Unverified::Broken { .. }
                );
                says.push(error.to_string());
            }
        }
    }
    if let Err(reason) = signers {
        says.push(format!("{reason}, so nobody is listed"));
    }
    (whole, says)
}

/// Says what one signature is worth for whatever a record of its kind may be signed for.
fn worth(
    signers: &Signers,
    envelope: &Envelope,
    namespaces: &[Namespace],
    place: usize,
    now: Timestamp,
) -> Option<Result<Signed, Unverified>> {
    let mut found = None;
    for &namespace in namespaces {
        let verified = signers.verify(envelope, namespace, now);
        let Some(one) = verified.into_iter().nth(place) else {
            continue;
        };
        let is_other = matches!(one, Err(Unverified::OtherNamespace { .. }));
        if one.is_ok() {
            return Some(one);
        }
        if found.is_none() || !is_other {
            found = Some(one);
        }
    }
    found
}
