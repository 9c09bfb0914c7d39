//! A record as the subcommands show it.

use crate::error::{CommandError, Error};
use crate::evidence::Envelope;
use crate::evidence::signers::Namespace;
use crate::evidence::statement::{Predicate, Statement};
use crate::git::{Listed, Repository};

/// A record that was read.
pub(super) struct Record {
    /// Its name, the SHA-256 of its bytes.
    pub(super) name: String,
    /// Its envelope; none where it is damaged or no record.
    pub(super) envelope: Option<Envelope>,
    /// What it says; none where that cannot be read.
    pub(super) statement: Option<Statement>,
}

impl Record {
    /// Reads a record that is listed.
    pub(super) fn read(repository: &Repository, listed: &Listed) -> Self {
        let line = repository.read_record(listed);
        let envelope = line.and_then(|line| Envelope::parse(&line).ok());
        let statement = envelope.as_ref().and_then(|found| found.statement().ok());
        Self {
            name: listed.name.clone(),
            envelope,
            statement,
        }
    }

    /// Returns what lists show of its name.
    pub(super) fn short(&self) -> &str {
        self.name.get(..12).unwrap_or(&self.name)
    }

    /// Names its kind: `validation`, or the last part but the version of its predicate's type.
    pub(super) fn kind(&self) -> String {
        let Some(statement) = &self.statement else {
            return "damaged".into();
        };
        match &statement.predicate {
            Predicate::TestResult(_) => "validation".into(),
            Predicate::RedGreen(_) => "red-green".into(),
            Predicate::Seal(_) => "seal".into(),
            Predicate::Approval(_) => "approval".into(),
            Predicate::CommitCheck(_) => "commit-check".into(),
            Predicate::Gap(_) => "gap".into(),
            Predicate::Transition(_) => "transition".into(),
            Predicate::Waiver(_) => "waiver".into(),
            Predicate::Other { kind, .. } => kind.clone(),
        }
    }

    /// Returns the commit that it names, else the tree.
    pub(super) fn subject(&self) -> Option<String> {
        let statement = self.statement.as_ref()?;
        let commit = statement
            .commit()
            .map(|id| format!("commit {}", id.short()));
        commit.or_else(|| {
            let tree = statement.tree()?;
            Some(format!("tree {}", tree.as_str().get(..12)?))
        })
    }

    /// Says whether it names this commit or this tree, by the whole id.
    pub(super) fn is_about(&self, commit: Option<&str>, tree: Option<&str>) -> bool {
        let Some(statement) = &self.statement else {
            return false;
        };
        let digests = || statement.subject.iter().map(|subject| &subject.digest);
        let has = |key: &str, id: &str| {
            digests().any(|digest| digest.get(key).is_some_and(|found| found == id))
        };
        commit.is_some_and(|id| has("gitCommit", id)) || tree.is_some_and(|id| has("gitTree", id))
    }

    /// Returns the time that it gives, as it stands there.
    pub(super) fn time(&self) -> Option<String> {
        let statement = self.statement.as_ref()?;
        let bytes = statement.to_json().ok()?;
        let value: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
        let predicate = &value["predicate"];
        let places = [
            &predicate["time"],
            &predicate["pdd"]["time"],
            &predicate["validation"]["time"],
        ];
        let found = places.into_iter().find_map(|place| place.as_str());
        found.map(str::to_owned)
    }

    /// Returns the keys that its signatures name; what they are worth is another question.
    pub(super) fn keys(&self) -> Vec<String> {
        let signatures = self.envelope.iter().flat_map(|found| &found.signatures);
        let key = |keyid: &str| match keyid {
            "" => "a key that is not named".to_owned(),
            keyid => keyid.to_owned(),
        };
        signatures.map(|signature| key(&signature.keyid)).collect()
    }

    /// Returns what a signature on it may be for.
    pub(super) fn namespaces(&self) -> &'static [Namespace] {
        match self.statement.as_ref().map(|found| &found.predicate) {
            Some(Predicate::Approval(_)) => &[Namespace::Approval],
            Some(Predicate::Waiver(_)) => &[Namespace::Waiver],
            _ => &[Namespace::Evidence, Namespace::Runner],
        }
    }
}

/// Finds the one record whose name begins so.
pub(super) fn find(listed: &[Listed], prefix: &str) -> Result<Listed, Error> {
    let mut found = listed.iter().filter(|one| one.name.starts_with(prefix));
    let failed = |count| CommandError::FindRecord {
        word: prefix.into(),
        count,
    };
    match (found.next(), found.count()) {
        (Some(one), 0) => Ok(one.clone()),
        (None, _) => Err(failed(0).into()),
        (Some(_), more) => Err(failed(more + 1).into()),
    }
}
