//! The store between repositories: fetched beside this one's own, united with it, pushed. git itself speaks to the remote;
//! nothing here asks for a password.

use std::time::{Duration, Instant};

use git2::Oid;

use super::tips::REMOTES;
use super::{RECORDS, Repository, pause};
use crate::git::Error;

/// Set for each git that is started here, so that a hook which it runs starts no other.
pub const GUARD: &str = "PDD_HOOKS_PUBLISHING";

/// How long a clone goes on against others that push their records at the same time.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest wait before another try.
const PAUSE: Duration = Duration::from_millis(800);

/// Where records go to, and where they are fetched from before that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The remote's name, or its address where it has none.
    pub name: String,
    /// What git is told to push to: the name, or one of several addresses.
    to: String,
    /// What git is told to fetch from: where it pushes to, which `pushurl` may put elsewhere than where it fetches from.
    from: String,
    /// The reference that keeps what the remote has; none for a remote without a name.
    tracking: Option<String>,
    /// Whether that reference speaks of this address alone.
    is_sole: bool,
}

/// What came of a push of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// The remote has all that is here.
    Nothing,
    /// The remote has them now; how many it lacked, as far as is known here.
    Done(usize),
    /// The remote does not take them, or cannot be reached; what it said, one line.
    Refused(String),
}

/// How one try ended.
enum Try {
    Done,
    Same,
    /// Somebody else was faster.
    Behind,
    Refused(String),
}

impl Repository {
    /// Finds where records go for a remote; `address` is the one of several that git is pushing to.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn destination(&self, remote: &str, address: Option<&str>) -> Result<Destination, Error> {
        let value = |key: &str| self.config_values(&format!("remote.{remote}.{key}"));
        // An address is no name, and some are no key either.
        let urls = value("url").unwrap_or_default();
        let push_urls = value("pushurl").unwrap_or_default();
        let name = remote.to_owned();
        if urls.is_empty() && push_urls.is_empty() {
            return Ok(Destination {
                to: name.clone(),
                from: name.clone(),
                tracking: None,
                is_sole: false,
                name,
            });
        }
        let tracking = Some(self.records_tracking(remote)?);
        if urls.len() == 1 && push_urls.is_empty() {
            return Ok(Destination {
                to: name.clone(),
                from: name.clone(),
                tracking,
                is_sole: true,
                name,
            });
        }
        let first = match address {
            Some(address) => address.to_owned(),
            None => self.git.line(&["remote", "get-url", "--push", remote])?,
        };
        Ok(Destination {
            to: address.map_or_else(|| name.clone(), str::to_owned),
            from: first,
            tracking,
            is_sole: push_urls.len() == 1,
            name,
        })
    }

    /// Finds where the records of a remote are fetched from.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn source(&self, remote: &str) -> Result<Destination, Error> {
        let destination = self.destination(remote, None)?;
        Ok(Destination {
            from: destination.name.clone(),
            ..destination
        })
    }

    /// Names the reference that keeps what a remote has, as its refspec says: one that was renamed keeps its old place.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn records_tracking(&self, remote: &str) -> Result<String, Error> {
        let specs = self.config_values(&format!("remote.{remote}.fetch"))?;
        let ours = specs.iter().find_map(|spec| {
            let to = spec.strip_prefix(&format!("+{RECORDS}*:"))?;
            to.strip_suffix('*').filter(|to| to.starts_with(REMOTES))
        });
        Ok(ours.map_or_else(|| format!("{REMOTES}{remote}/evidence"), str::to_owned))
    }

    /// Fetches the records of a remote beside those that are here, and takes them in; returns how many were lacking.
    ///
    /// # Errors
    /// The remote cannot be reached, what it has is no store, or something cannot be written.
    pub fn fetch_records(&self, from: &Destination) -> Result<usize, Error> {
        let scratch = format!("refs/pdd/incoming/{}/evidence", std::process::id());
        let to = from.tracking.as_ref().unwrap_or(&scratch);
        // A glob: that a remote has no records yet is no error.
        let spec = format!("+{RECORDS}*:{to}*");
        let args = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--no-filter",
            "--refmap=",
            &from.from,
            &spec,
        ];
        let (code, _, stderr) = self.git.run_under(&args, &quiet())?;
        if code != Some(0) {
            return Err(Error::FetchRecords {
                remote: from.name.clone(),
                reason: last_word(&stderr),
            });
        }
        let found = self.find_commit_at(to)?;
        let united = found.map_or(Ok(0), |tip| self.union_records(tip));
        if from.tracking.is_none() && found.is_some() {
            let hooks = ["-c", "core.hooksPath=/dev/null"];
            self.git
                .read(&[&hooks[..], &["update-ref", "-d", to]].concat())?;
        }
        united
    }

    /// Pushes the records that a remote lacks, united with what others pushed meanwhile.
    ///
    /// # Errors
    /// Something here cannot be read or written; what the remote does not take is no error.
    pub fn push_records(&self, to: &Destination) -> Result<Pushed, Error> {
        let begun = Instant::now();
        loop {
            let Some(tip) = self.find_commit_at(RECORDS)? else {
                return Ok(Pushed::Nothing);
            };
            let known = match &to.tracking {
                Some(tracking) => self.find_commit_at(tracking)?,
                None => None,
            };
            if let Some(known) = known.filter(|_| to.is_sole)
                && !self.lacks_records(known)?
            {
                return Ok(Pushed::Nothing);
            }
            match self.try_push(to, tip)? {
                Try::Done => {
                    let count = self.brought(known, tip)?;
                    self.keep_known(to, tip)?;
                    return Ok(Pushed::Done(count));
                }
                Try::Same => {
                    self.keep_known(to, tip)?;
                    return Ok(Pushed::Nothing);
                }
                Try::Refused(reason) => return Ok(Pushed::Refused(reason)),
                Try::Behind if begun.elapsed() > PATIENCE => {
                    return Ok(Pushed::Refused("others push all the time".into()));
                }
                Try::Behind => {
                    pause(PAUSE);
                    match self.fetch_records(to) {
                        Ok(_) => {}
                        Err(Error::FetchRecords { reason, .. }) => {
                            return Ok(Pushed::Refused(reason));
                        }
                        Err(error @ Error::UniteRecords { .. }) => {
                            return Ok(Pushed::Refused(error.to_string()));
                        }
                        Err(error) => return Err(error),
                    }
                }
            }
        }
    }

    fn try_push(&self, to: &Destination, tip: Oid) -> Result<Try, Error> {
        // A remote that is a mirror takes no refspec (git-push(1)).
        let mirror = format!("remote.{}.mirror=false", to.name);
        let spec = format!("{tip}:{RECORDS}");
        let mut args = Vec::new();
        if to.tracking.is_some() {
            args.extend(["-c", &mirror]);
        }
        args.extend([
            "push",
            "--porcelain",
            "--no-verify",
            "--no-follow-tags",
            "--no-signed",
            "--recurse-submodules=no",
            &to.to,
            &spec,
        ]);
        let (code, stdout, stderr) = self.git.run_under(&args, &quiet())?;
        Ok(ended(code, &String::from_utf8_lossy(&stdout), &stderr))
    }

    /// Counts the records that a store lacked.
    fn brought(&self, known: Option<Oid>, tip: Oid) -> Result<usize, Error> {
        let known = match known {
            Some(known) => self.list_records(Some(known))?,
            None => Vec::new(),
        };
        let is_new = |name: &str| {
            let found = known.binary_search_by(|one| one.name.as_str().cmp(name));
            found.is_err()
        };
        let now = self.list_records(Some(tip))?;
        Ok(now.iter().filter(|one| is_new(&one.name)).count())
    }

    /// Writes down what the remote has now; git does so itself where a refspec says where.
    fn keep_known(&self, to: &Destination, tip: Oid) -> Result<(), Error> {
        let Some(tracking) = &to.tracking else {
            return Ok(());
        };
        let known = self.find_commit_at(tracking)?;
        if let Some(known) = known
            && self.is_ancestor(tip, known)?
        {
            return Ok(());
        }
        let tip = tip.to_string();
        let hooks = ["-c", "core.hooksPath=/dev/null"];
        let update = ["update-ref", "--no-deref", tracking, &tip];
        self.git.read(&[&hooks[..], &update].concat())?;
        Ok(())
    }
}

fn quiet() -> [(&'static str, &'static str); 4] {
    [
        (GUARD, "1"),
        ("GIT_TERMINAL_PROMPT", "0"),
        // What is read of git's words is read in its own language.
        ("LC_ALL", "C"),
        ("LANGUAGE", "C"),
    ]
}

/// Reads what `git push --porcelain` says (git-push(1), OUTPUT).
fn ended(code: Option<i32>, stdout: &str, stderr: &[u8]) -> Try {
    let line = stdout.lines().find(|line| line.contains(RECORDS));
    let (flag, said) = line.map_or(("", ""), |line| {
        let flag = line.get(..1).unwrap_or("");
        (flag, line.rsplit('\t').next().unwrap_or(""))
    });
    if code == Some(0) {
        return if flag == "=" { Try::Same } else { Try::Done };
    }
    let reason = said
        .split_once('(')
        .and_then(|(_, rest)| rest.rsplit_once(')'))
        .map(|(reason, _)| reason);
    // Of two pushes at once the server refuses the second for the lock, or for the value that it no longer finds.
    let is_passing = [
        "lock",
        "failed to update ref",
        "incorrect old value",
        "reference already exists",
    ];
    match reason {
        Some(_) if said.starts_with("[rejected]") => Try::Behind,
        Some(reason) if is_passing.iter().any(|part| reason.contains(part)) => Try::Behind,
        Some(reason) => Try::Refused(reason.to_owned()),
        None => Try::Refused(last_word(stderr)),
    }
}

/// Returns the line of git's that says most: the first error, or the last line.
fn last_word(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let fatal = lines().find_map(|line| line.strip_prefix("fatal: "));
    let word = fatal
        .or_else(|| lines().last())
        .unwrap_or("git gave no reason");
    crate::finding::printable(word)
}
