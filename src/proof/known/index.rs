//! What the records say of validations, kept in `<git common dir>/pdd/known.json` so that no record is parsed twice. A
//! file of the user's own that saves time: it is asked only about what the reference lists under the same name and object,
//! and what it does not know is read from the record itself.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::Error;
use super::Claim;
use crate::git::{Oid, Repository};

/// The form of the file, and what is taken from a record: another one is read anew.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Index {
    version: u32,
    records: Vec<Indexed>,
}

/// One record.
#[derive(Serialize, Deserialize)]
struct Indexed {
    name: String,
    blob: String,
    /// None where it is no validation.
    claim: Option<Claim>,
}

/// Returns what the records of the store claim, in the order of their names.
pub(super) fn claims(repository: &Repository, tip: Option<Oid>) -> Result<Vec<Claim>, Error> {
    let listed = repository.list_records(tip)?;
    let pdd = repository.pdd_folder();
    let mut known: HashMap<String, Indexed> = find(&pdd)
        .into_iter()
        .map(|record| (record.name.clone(), record))
        .collect();
    let mut records = Vec::with_capacity(listed.len());
    let mut is_new = false;
    for one in listed {
        let blob = one.blob.to_string();
        let found = known.remove(&one.name).filter(|known| known.blob == blob);
        let record = match found {
            Some(record) => record,
            None => {
                // One at a time: a record may be megabytes long.
                let Some(line) = repository.read_record(&one) else {
                    continue;
                };
                is_new = true;
                Indexed {
                    claim: Claim::of(&line),
                    name: one.name,
                    blob,
                }
            }
        };
        records.push(record);
    }
    let index = Index {
        version: VERSION,
        records,
    };
    if is_new {
        // Where nothing can be kept, the next one reads the records again.
        let _ = keep(&pdd, &index);
    }
    let claims = index.records.into_iter();
    Ok(claims.filter_map(|record| record.claim).collect())
}

fn path(pdd: &Path) -> std::path::PathBuf {
    pdd.join("known.json")
}

/// Reads the file; nothing where it is missing, damaged or of another version.
fn find(pdd: &Path) -> Vec<Indexed> {
    let bytes = std::fs::read(path(pdd)).unwrap_or_default();
    serde_json::from_slice::<Index>(&bytes)
        .ok()
        .filter(|index| index.version == VERSION)
        .map_or_else(Vec::new, |index| index.records)
}

/// Writes the file beside the old one, then renames it over that. A folder of state that is not there is not made: the
/// hooks are not installed, and a clone that is only looked at stays as it is.
fn keep(pdd: &Path, index: &Index) -> io::Result<()> {
    let mut beside = tempfile::NamedTempFile::new_in(pdd)?;
    beside.write_all(&serde_json::to_vec(index)?)?;
    beside.persist(path(pdd))?;
    Ok(())
}
