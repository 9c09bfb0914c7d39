//! One commit as reports show it.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use super::read;
use crate::audit::class::{Class, Verdict};
use crate::audit::identity;
use crate::audit::judge::Judged;
use crate::change::Place;
use crate::finding::Finding;
use crate::git::{Flaw, Mailmap, Person};
use crate::id::{CommitId, TaskId, TreeId};

/// The longest subject that a report holds, in bytes: some subjects are made to fill the memory of whoever reads them.
const SUBJECT: usize = 4096;

/// One commit; the staged change has neither id nor time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Its id.
    pub commit: Option<CommitId>,
    /// Its tree.
    pub tree: TreeId,
    /// Its parents.
    pub parents: Vec<CommitId>,
    /// Its author, as the mailmap names them (gitmailmap(5)).
    pub author: Option<Author>,
    /// The author's date, RFC 3339 in the author's own offset.
    pub time: Option<String>,
    /// The subject of its message.
    pub subject: Option<String>,
    /// The task that it names.
    pub task: Option<TaskId>,
    /// The personas that the ledger, or a record, saw declared.
    pub personas: Vec<String>,
    /// What became of it; none for a staged change.
    pub class: Option<Class>,
    /// How.
    pub how: Option<String>,
    /// What the rules say.
    #[serde(deserialize_with = "read::findings")]
    pub findings: Vec<Finding>,
    /// Everybody whom it names: author, committer where another, then `Co-authored-by`, each once.
    pub actors: Vec<Actor>,
    /// The commit that it replays or takes back, as far as ledger or records say.
    pub of: Option<CommitId>,
    /// What shows its class.
    pub evidence: Vec<Evidence>,
    /// When it was first noticed what became of it, RFC 3339 in UTC: by a hook, a record or an earlier audit; none where
    /// this audit is the first.
    pub noticed: Option<String>,
    /// What could not be known of it: `policy assumed`, `branch unknown`.
    pub notes: Vec<String>,
    /// How findings name it; not part of the JSON, and empty where the row was read from that.
    #[serde(skip)]
    pub place: String,
}

/// Who wrote a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

/// Somebody whom a commit names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The name, by the mailmap.
    pub name: String,
    /// The address, by the mailmap.
    pub email: String,
    /// As what it is named.
    pub role: Part,
    /// What the name and the address say it is.
    pub kind: ActorKind,
}

/// As what a commit names somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Its author.
    Author,
    /// Its committer, where that is another.
    Committer,
    /// One of a `Co-authored-by` trailer.
    CoAuthor,
}

/// What an identity is, as far as its name and address tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// Nothing says that it is none.
    Person,
    /// A program that acts by itself: a forge's or an update service's account.
    Bot,
    /// An AI coding agent.
    Agent,
}

/// Something that shows what became of a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// `ledger`, `reflog`, `commit-check`, `gap`, `validation`, `red-green`, `approval`, `waiver`, `transition`.
    pub kind: String,
    /// Which: the sequence number of a ledger's line, the action of a reflog's entry, the name of a record in the store.
    pub name: String,
    /// Who signed it, as the signers file names them; none where nobody did or nothing is signed.
    pub by: Option<String>,
}

impl Row {
    /// Makes the row of a judged commit, with people as `people` names them.
    pub fn of(judged: Judged, verdict: Verdict, people: &Mailmap) -> Self {
        let place = judged.place().to_string();
        let id = |oid: &crate::git::Oid| CommitId::new(oid.to_string());
        let Judged {
            commit,
            message,
            task,
            findings,
            ..
        } = judged;
        let actors = identity::actors(&commit, &message, people);
        let has = |flaw| commit.flaws.contains(&flaw);
        let is_authored = !has(Flaw::NoAuthor);
        let is_dated = is_authored && !has(Flaw::AuthorDate);
        let time = time(&commit.author).filter(|_| is_dated);
        let flaws: Vec<_> = commit.flaws.iter().map(|flaw| flaw.as_str()).collect();
        let (name, email) = people.resolve(commit.author.name, commit.author.email);
        let (subject, cut) = bounded(message.subject);
        Self {
            commit: Some(id(&commit.id)),
            tree: TreeId::new(commit.tree.to_string()),
            parents: commit.parents.iter().map(id).collect(),
            time,
            author: is_authored.then_some(Author { name, email }),
            subject: Some(subject),
            task,
            personas: verdict.personas,
            class: Some(verdict.class),
            how: verdict.how,
            findings,
            actors,
            of: verdict.of,
            evidence: verdict.evidence,
            noticed: verdict.noticed,
            notes: (verdict.notes.into_iter())
                .chain(cut)
                .chain(flaws.into_iter().map(str::to_owned))
                .collect(),
            place,
        }
    }

    /// Makes the row of a change that is not committed yet.
    pub fn staged(
        tree: TreeId,
        parents: Vec<CommitId>,
        subject: Option<String>,
        task: Option<TaskId>,
        place: &Place,
        findings: Vec<Finding>,
    ) -> Self {
        Self {
            commit: None,
            tree,
            parents,
            author: None,
            time: None,
            subject,
            task,
            personas: Vec::new(),
            class: None,
            how: None,
            findings,
            actors: Vec::new(),
            of: None,
            evidence: Vec::new(),
            noticed: None,
            notes: Vec::new(),
            place: place.to_string(),
        }
    }
}

/// Cuts a subject that is longer than reports hold, and says so.
fn bounded(mut subject: String) -> (String, Option<String>) {
    let bytes = subject.len();
    if bytes <= SUBJECT {
        return (subject, None);
    }
    let end = (0..=SUBJECT)
        .rev()
        .find(|&end| subject.is_char_boundary(end));
    subject.truncate(end.unwrap_or_default());
    (subject, Some(format!("subject cut: it has {bytes} bytes")))
}

/// Writes when in the person's own offset: `2026-11-22T10:15:00+01:00`; in UTC where RFC 3339 has no way to write that one,
/// and none where no calendar has that time.
fn time(person: &Person) -> Option<String> {
    let stamp = Timestamp::from_second(person.seconds).ok()?;
    let minutes = Some(person.offset).filter(|minutes| minutes.abs() < 24 * 60);
    let offset = minutes.and_then(|minutes| Offset::from_seconds(minutes * 60).ok());
    let offset = offset.unwrap_or(Offset::UTC);
    let zoned = stamp.to_zoned(TimeZone::fixed(offset));
    Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}
