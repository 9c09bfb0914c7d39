//! A commit object, read as git reads it (git-cat-file(1), `commit`): leniently, since history holds every form.

use git2::Oid;

use super::{Error, Repository};

/// A commit as its object says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: Oid,
    /// Its tree.
    pub tree: Oid,
    /// Its parents, first parent first.
    pub parents: Vec<Oid>,
    /// The author.
    pub author: Person,
    /// The committer.
    pub committer: Person,
    /// The message, in the bytes it was committed with.
    pub message: Vec<u8>,
    /// How its object breaks git's form.
    pub flaws: Vec<Flaw>,
}

/// How a commit object that can be read all the same breaks git's form: old histories hold such commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Nobody is its author.
    NoAuthor,
    /// When it was written is no number that git could have meant.
    AuthorDate,
    /// Nobody is its committer.
    NoCommitter,
    /// When it was committed is no number that git could have meant.
    CommitterDate,
    /// The first of its trees counts.
    Trees,
    /// Parents stand right behind the tree; what stands elsewhere git passes over.
    Parent,
}

impl Flaw {
    /// Says it as a note on the commit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAuthor => "it names no author",
            Self::AuthorDate => "the author's date cannot be read",
            Self::NoCommitter => "it names no committer",
            Self::CommitterDate => "the committer's date cannot be read",
            Self::Trees => "it names more than one tree",
            Self::Parent => "a parent stands where git does not look for one",
        }
    }
}

/// Who, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name, lossily decoded.
    pub name: String,
    /// The address, without its angle brackets.
    pub email: String,
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// The offset from UTC in minutes.
    pub offset: i32,
}

/// What stands before the message, as far as it has been read.
#[derive(Default)]
struct Head {
    tree: Option<Oid>,
    parents: Vec<Oid>,
    /// Whether a parent may stand here: right behind the tree.
    takes_parents: bool,
    author: Option<(Person, bool)>,
    committer: Option<(Person, bool)>,
    flaws: Vec<Flaw>,
}

impl Commit {
    /// Reads a commit's object.
    ///
    /// # Errors
    /// It names no tree, or something that is no id.
    pub(super) fn parse(repository: &Repository, id: Oid, data: &[u8]) -> Result<Self, Error> {
        let mut head = Head::default();
        let mut rest = data;
        while let Some(end) = rest.iter().position(|&b| b == b'\n') {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            rest = after;
            if line.is_empty() {
                break;
            }
            head.take(repository, &String::from_utf8_lossy(line))?;
        }
        let author = head.author.take();
        let author = head.known(author, Flaw::NoAuthor, Flaw::AuthorDate);
        let committer = head.committer.take();
        let committer = head.known(committer, Flaw::NoCommitter, Flaw::CommitterDate);
        head.flaws.sort_unstable();
        head.flaws.dedup();
        let tree = head.tree.ok_or_else(|| Error::DamagedCommit {
            oid: id.to_string(),
            fault: "it names no tree",
        })?;
        Ok(Self {
            id,
            tree,
            parents: head.parents,
            author,
            committer,
            message: rest.to_vec(),
            flaws: head.flaws,
        })
    }
}

impl Head {
    /// Reads the next line. Of what stands twice the first counts.
    fn take(&mut self, repository: &Repository, line: &str) -> Result<(), Error> {
        let takes_parents = std::mem::take(&mut self.takes_parents);
        match line.split_once(' ') {
            Some(("tree", oid)) if self.tree.is_none() => {
                self.tree = Some(repository.oid(oid)?);
                self.takes_parents = true;
            }
            Some(("tree", _)) => self.flaws.push(Flaw::Trees),
            Some(("parent", oid)) if takes_parents => {
                self.parents.push(repository.oid(oid)?);
                self.takes_parents = true;
            }
            Some(("parent", _)) => self.flaws.push(Flaw::Parent),
            Some(("author", text)) if self.author.is_none() => {
                self.author = Some(Person::parse(text));
            }
            Some(("committer", text)) if self.committer.is_none() => {
                self.committer = Some(Person::parse(text));
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes what is missing of a person, or of the date.
    fn known(&mut self, found: Option<(Person, bool)>, nobody: Flaw, undated: Flaw) -> Person {
        let Some((person, is_dated)) = found else {
            self.flaws.push(nobody);
            return Person::default();
        };
        if !is_dated {
            self.flaws.push(undated);
        }
        person
    }
}

impl Person {
    /// Reads `Ann <ann@example.org> 1768467600 +0100`, leniently: history holds every form. Says with it whether the date
    /// could be read.
    fn parse(text: &str) -> (Self, bool) {
        let (name, rest) = text.split_once('<').unwrap_or((text, ""));
        // As git does: the address ends at the first bracket, the date stands after the last.
        let email = rest.split('>').next().unwrap_or_default();
        let stamp = rest.rsplit_once('>').map_or("", |(_, stamp)| stamp);
        let mut stamp = stamp.split_whitespace();
        let seconds: Option<i64> = stamp.next().and_then(|text| text.parse().ok());
        let zone: i32 = stamp.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        let person = Self {
            name: name.trim().to_owned(),
            email: email.trim().to_owned(),
            seconds: seconds.unwrap_or(0),
            offset: zone / 100 * 60 + zone % 100,
        };
        (person, seconds.is_some())
    }
}
