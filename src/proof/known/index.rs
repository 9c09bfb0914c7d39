//! What the records say, kept in `<git common dir>/pdd/known.json` so that no record is parsed twice. A
//! file of the user's own that saves time: it is asked only about what the reference lists under the same name and object,
//! and what it does not know is read from the record itself.

use std::borrow::Cow;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::Error;
use super::Said;
use crate::git::{Listed, Oid, Repository};

/// The form of the file, and what is taken from a record: another one is read anew.
const VERSION: u32 = 5;

#[derive(Serialize, Deserialize)]
struct Index<'a> {
    version: u32,
    /// Sorted by name, as the store lists them.
    #[serde(borrow)]
    records: Vec<Indexed<'a>>,
}

/// One record.
#[derive(Serialize, Deserialize)]
struct Indexed<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    blob: Cow<'a, str>,
    /// None where it says nothing that is asked for.
    said: Option<Said>,
}

/// Returns the store's records and what they say, in the order of their names.
pub(super) fn records(
    repository: &Repository,
    tip: Option<Oid>,
) -> Result<Vec<(Listed, Said)>, Error> {
    let listed = repository.list_records(tip)?;
    let pdd = repository.pdd_folder();
    let bytes = std::fs::read(path(&pdd)).unwrap_or_default();
    let mut known = parse(&bytes).into_iter().peekable();
    let mut places = Vec::with_capacity(listed.len());
    let mut records = Vec::with_capacity(listed.len());
    let mut is_new = false;
    for one in listed {
        let blob = one.blob.to_string();
        while known.next_if(|record| *record.name < *one.name).is_some() {}
        let found = known.next_if(|record| *record.name == *one.name && *record.blob == *blob);
        let record = match found {
            Some(record) => record,
            None => {
                // One at a time: a record may be megabytes long.
                let Some(line) = repository.read_record(&one) else {
                    continue;
                };
                is_new = true;
                Indexed {
                    said: Said::read(&line),
                    name: one.name.clone().into(),
                    blob: blob.into(),
                }
            }
        };
        records.push(record);
        places.push(one);
    }
    let index = Index {
        version: VERSION,
        records,
    };
    if is_new {
        // Where nothing can be kept, the next one reads the records again.
        let _ = keep(&pdd, &index);
    }
    let said = places.into_iter().zip(index.records);
    let said = said.filter_map(|(place, record)| Some((place, record.said?)));
    Ok(said.collect())
}

fn path(pdd: &Path) -> PathBuf {
    pdd.join("known.json")
}

/// Reads the file's bytes; nothing where they are none, damaged or of another version.
fn parse(bytes: &[u8]) -> Vec<Indexed<'_>> {
    serde_json::from_slice::<Index<'_>>(bytes)
        .ok()
        .filter(|index| index.version == VERSION)
        .map_or_else(Vec::new, |index| index.records)
}

/// Writes the file beside the old one, then renames it over that. A folder of state that is not there is not made: the
/// hooks are not installed, and a clone that is only looked at stays as it is.
fn keep(pdd: &Path, index: &Index<'_>) -> io::Result<()> {
    let mut beside = tempfile::NamedTempFile::new_in(pdd)?;
    beside.write_all(&serde_json::to_vec(index)?)?;
    beside.persist(path(pdd))?;
    Ok(())
}
