//! What the store holds, by what each record is about: enough to read only those that matter for what is asked.

use super::{Said, Word, index};
use crate::evidence::Envelope;
use crate::git::{Listed, Oid, Repository};
use crate::id::{CommitId, TreeId};
use crate::proof::Error;

/// A record of the store, not read.
#[derive(Clone, Debug)]
pub struct Spoken {
    /// Where it stands.
    pub listed: Listed,
    /// What it is about.
    pub topic: Topic,
}

/// What a record is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The validation of a tree.
    Validation(TreeId),
    /// The red proof of a tree.
    RedGreen(TreeId),
    /// Somebody's word, with the commit that its subject names.
    Word(Word, Option<CommitId>),
}

impl Spoken {
    /// Reads the record; none where it is damaged.
    pub fn read(&self, repository: &Repository) -> Option<Envelope> {
        let line = repository.read_record(&self.listed)?;
        Envelope::parse(&line).ok()
    }
}

/// Lists what the store holds, sorted by name; `tip` asks it at another commit. No record is read for it twice.
///
/// # Errors
/// The reference cannot be read.
pub fn spoken(repository: &Repository, tip: Option<Oid>) -> Result<Vec<Spoken>, Error> {
    let records = index::records(repository, tip)?.into_iter();
    let found = records.filter_map(|(listed, said)| {
        let topic = match said {
            Said::Validation(claim) => Topic::Validation(claim.tree),
            Said::RedGreen(tree, _) => Topic::RedGreen(tree),
            Said::Word(word, commit) => Topic::Word(word, commit),
            Said::Seal(..) => return None,
        };
        Some(Spoken { listed, topic })
    });
    Ok(found.collect())
}
