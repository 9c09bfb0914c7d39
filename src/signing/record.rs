//! Records of one's own work: signed where a key signs without asking, and signed later where none did.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use super::{Asks, Error, Key};
use crate::evidence::Envelope;
use crate::evidence::signers::{self, Namespace};
use crate::evidence::statement::Statement;
use crate::git::Repository;
use crate::id::TreeId;

/// What is signed to see whether a key signs; it is worth nothing as anything else.
const PROBE: &str = "probe@pdd-hooks";

/// Adds records of one's own work to the store: signed where there is a key that signs without asking, else unsigned.
/// `pdd.signer` says for what: `runner` on a machine that the signers file lists as one, else `self`. Returns their names,
/// in order.
///
/// # Errors
/// The store cannot be written.
pub fn record(repository: &Repository, statements: &[Statement]) -> Result<Vec<String>, Error> {
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let signed = signer(repository)
        .and_then(|(key, namespace)| key.sign(statements, namespace, Asks::Never));
    let envelopes = match signed {
        Ok(signed) => signed,
        // Such a record says itself that nobody signed it; `why_unsigned` says why.
        Err(_) => statements
            .iter()
            .map(Envelope::unsigned)
            .collect::<Result<_, _>>()?,
    };
    let names = add(repository, &envelopes)?;
    let trees = statements.iter().map(Statement::tree);
    note(repository, trees.zip(&names));
    Ok(names)
}

/// Says why records of one's own work stay unsigned; none where they are signed. It tries, without asking anybody.
pub fn why_unsigned(repository: &Repository) -> Option<Error> {
    let tried =
        signer(repository).and_then(|(key, _)| key.sign_bytes(&[Vec::new()], PROBE, Asks::Never));
    tried.err()
}

/// Signs the records of these trees that were made here and that the key of today did not sign, and adds them to the store
/// once more; what they say stays as it is, and no check runs. Without a key that signs without asking nothing is done.
/// Returns how many were added.
///
/// # Errors
/// The store cannot be read or written.
pub fn sign_anew(repository: &Repository, trees: &[TreeId]) -> Result<usize, Error> {
    let Ok((key, namespace)) = signer(repository) else {
        return Ok(0);
    };
    let fingerprint = key.fingerprint();
    // The same words may stand in several records: unsigned, by an old key, by this one.
    let mut made: BTreeMap<Vec<u8>, (TreeId, bool)> = BTreeMap::new();
    for (name, tree) in noted(repository) {
        if !trees.contains(&tree) {
            continue;
        }
        let Some(line) = repository.find_record(None, &name)? else {
            continue;
        };
        let Ok(envelope) = Envelope::parse(&line) else {
            continue;
        };
        if !is_about(&envelope, &tree) {
            continue;
        }
        let is_signed = signers::holders(&envelope, namespace).contains(&fingerprint);
        made.entry(envelope.payload).or_insert((tree, false)).1 |= is_signed;
    }
    made.retain(|_, (_, is_signed)| !*is_signed);
    if made.is_empty() {
        return Ok(0);
    }
    let (payloads, about): (Vec<_>, Vec<_>) = made.into_iter().unzip();
    let Ok(envelopes) = key.sign_payloads(payloads, namespace, Asks::Never) else {
        return Ok(0);
    };
    let names = add(repository, &envelopes)?;
    let trees = about.into_iter().map(|(tree, _)| Some(tree));
    note(repository, trees.zip(&names));
    Ok(names.len())
}

/// Whether a record is what it was noted as: a statement about that tree.
fn is_about(envelope: &Envelope, tree: &TreeId) -> bool {
    let statement = envelope.statement().ok();
    statement.and_then(|statement| statement.tree()).as_ref() == Some(tree)
}

/// Returns the key that signs records, and what for.
fn signer(repository: &Repository) -> Result<(Key, Namespace), Error> {
    let namespace = match repository.effective_config("pdd.signer")?.as_deref() {
        None | Some("self") => Namespace::Evidence,
        Some("runner") => Namespace::Runner,
        Some(found) => {
            return Err(Error::KnowSigner {
                found: found.to_owned(),
            });
        }
    };
    let key = Key::find(repository, namespace)?.ok_or(Error::FindKey)?;
    Ok((key, namespace))
}

fn add(repository: &Repository, envelopes: &[Envelope]) -> Result<Vec<String>, Error> {
    let lines = envelopes
        .iter()
        .map(Envelope::to_line)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(repository.add_records(&lines)?)
}

/// The file that lists which records were made here, a line each: name and tree. Only those are signed later: what others
/// wrote is theirs to sign.
fn made_here(repository: &Repository) -> PathBuf {
    repository.pdd_folder().join("made")
}

/// Notes which records were made here. What cannot be noted is made anew by who needs it signed.
fn note<'a>(repository: &Repository, made: impl Iterator<Item = (Option<TreeId>, &'a String)>) {
    let lines: String = made
        .filter_map(|(tree, name)| Some(format!("{name} {}\n", tree?)))
        .collect();
    // The first record of a clone without hooks comes before anything else is kept there.
    let _ = std::fs::create_dir_all(repository.pdd_folder());
    let path = made_here(repository);
    // One write of whole lines: writers at the same time do not cut each other's.
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path);
    let _ = file.and_then(|mut file| file.write_all(lines.as_bytes()));
}

fn noted(repository: &Repository) -> Vec<(String, TreeId)> {
    let text = std::fs::read_to_string(made_here(repository)).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, tree)| (name.to_owned(), TreeId::new(tree)))
        .collect()
}
