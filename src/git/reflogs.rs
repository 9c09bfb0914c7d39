//! Reflogs (git-reflog(1)): where `HEAD`s and references stood, one after another, and what put them there. They are
//! files, read as such; where references are tables, git itself reads them. Their times are the committer's to choose.

use std::path::{Path, PathBuf};

use git2::Oid;

use super::{Error, Repository};

/// The reflog of one reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Its full name; of the `HEAD` of a linked worktree, `worktrees/<name>/HEAD`.
    pub name: String,
    /// Oldest first.
    pub entries: Vec<Moved>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Where it stood; none where it was made, or where that is not known.
    pub from: Option<Oid>,
    /// Where it was put; none where it was deleted.
    pub to: Option<Oid>,
    /// Seconds since 1970, UTC.
    pub time: i64,
    /// What did it: `commit: one step`; empty where nobody said.
    pub action: String,
}

impl Log {
    /// Says whether it is the log of a `HEAD`, of whichever worktree.
    pub fn is_head(&self) -> bool {
        self.name == "HEAD" || (self.name.ends_with("/HEAD") && !self.name.starts_with("refs/"))
    }

    /// Says whether it is of a branch or a `HEAD` here, and not of what a remote has.
    pub fn is_local(&self) -> bool {
        self.is_head() || self.name.starts_with("refs/heads/")
    }
}

impl Repository {
    /// Reads all reflogs of `HEAD`s, branches, remote-tracking branches and tags; none where none are kept.
    ///
    /// # Errors
    /// A log is there and cannot be read, or git cannot be asked.
    pub fn reflogs(&self) -> Result<Vec<Log>, Error> {
        if self.is_reftable {
            return self.logs_of_tables();
        }
        let common = self.common_folder();
        let mut logs = Vec::new();
        self.log_of_file(&common.join("logs/HEAD"), "HEAD", &mut logs)?;
        let worktrees = common.join("worktrees");
        for name in names(&worktrees)? {
            let file = worktrees.join(&name).join("logs/HEAD");
            self.log_of_file(&file, &format!("worktrees/{name}/HEAD"), &mut logs)?;
        }
        for kind in ["heads", "remotes", "tags"] {
            self.logs_below(&format!("refs/{kind}"), &mut logs)?;
        }
        Ok(logs)
    }

    fn logs_below(&self, name: &str, logs: &mut Vec<Log>) -> Result<(), Error> {
        let path = self.common_folder().join("logs").join(name);
        if !path.is_dir() {
            return self.log_of_file(&path, name, logs);
        }
        for below in names(&path)? {
            self.logs_below(&format!("{name}/{below}"), logs)?;
        }
        Ok(())
    }

    fn log_of_file(&self, path: &Path, name: &str, logs: &mut Vec<Log>) -> Result<(), Error> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if is_absent(&error) => return Ok(()),
            Err(source) => return Err(failed(path.to_owned(), source)),
        };
        let text = String::from_utf8_lossy(&bytes);
        let entries: Vec<Moved> = text.lines().filter_map(|line| self.moved(line)).collect();
        if !entries.is_empty() {
            logs.push(Log {
                name: name.to_owned(),
                entries,
            });
        }
        Ok(())
    }

    /// Reads `<old> <new> <name> <address> <seconds> <offset>\t<action>`.
    fn moved(&self, line: &str) -> Option<Moved> {
        let (facts, action) = line.split_once('\t').unwrap_or((line, ""));
        let (from, rest) = facts.split_once(' ')?;
        let (to, person) = rest.split_once(' ')?;
        let seconds = person.rsplit(' ').nth(1)?;
        Some(Moved {
            from: self.oid_or_none(from)?,
            to: self.oid_or_none(to)?,
            time: seconds.parse().ok()?,
            action: action.to_owned(),
        })
    }

    /// None where it is no id; none inside where it is the one that stands for nothing.
    fn oid_or_none(&self, text: &str) -> Option<Option<Oid>> {
        let oid = self.oid(text).ok()?;
        Some((!oid.is_zero()).then_some(oid))
    }

    /// `log` shows newest first and leaves out where a reference stood: that is what the entry before it says.
    fn logs_of_tables(&self) -> Result<Vec<Log>, Error> {
        let format = "--format=%H%x00%gD%x00%gs";
        let args = ["log", "--walk-reflogs", "--all", "--date=unix", format];
        let (code, stdout, _) = self.git.run(&args, &[])?;
        if code != Some(0) {
            // A repository without a commit has no reflog to walk.
            return Ok(Vec::new());
        }
        let mut logs: Vec<Log> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for line in String::from_utf8_lossy(&stdout).lines() {
            let mut fields = line.splitn(3, '\0');
            let (Some(id), Some(place), Some(action)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let Some((name, time)) = place.strip_suffix('}').and_then(|it| it.split_once("@{"))
            else {
                continue;
            };
            let at = *places.entry(name.to_owned()).or_insert_with(|| {
                logs.push(Log {
                    name: name.to_owned(),
                    entries: Vec::new(),
                });
                logs.len() - 1
            });
            if let Some(log) = logs.get_mut(at) {
                log.entries.push(Moved {
                    from: None,
                    to: Some(self.oid(id)?),
                    time: time.parse().unwrap_or_default(),
                    action: action.to_owned(),
                });
            }
        }
        for log in &mut logs {
            log.entries.reverse();
            let mut before = None;
            for entry in &mut log.entries {
                entry.from = before;
                before = entry.to;
            }
        }
        Ok(logs)
    }
}

/// The names in a folder, sorted; none where there is no folder.
fn names(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(source) => return Err(failed(folder.to_owned(), source)),
    };
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// A name that is no UTF-8 is not found again by what is read of it: such a log tells nothing.
fn is_absent(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | IsADirectory)
}

fn failed(path: PathBuf, source: std::io::Error) -> Error {
    Error::ReadState { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn repository() -> (assert_fs::TempDir, Repository) {
        let temp = assert_fs::TempDir::new().unwrap();
        git2::Repository::init(temp.path()).unwrap();
        let repository = Repository::open_at(temp.path()).unwrap();
        (temp, repository)
    }

    #[test]
    fn an_entry_is_read_however_its_person_is_called() {
        let (_temp, repository) = repository();
        let (zero, one) = ("0".repeat(40), "1".repeat(40));
        let line = format!("{zero} {one} A > 12 <a@b> c <x> 1795402352 +0100\tcommit: a\tb");
        let found = repository.moved(&line).unwrap();
        let facts = (
            found.from,
            found.to.unwrap().to_string(),
            found.time,
            found.action.as_str(),
        );
        assert_eq!(facts, (None, one, 1_795_402_352, "commit: a\tb"));
    }

    proptest! {
        #[test]
        fn any_line_is_read_without_a_panic(line: String, near in "[0-9a-f]{38,41} [0-9a-f]{38,41} [^\n]{0,20} ?[0-9]{0,20} [+-]?[0-9]{0,4}\t?.{0,9}") {
            let (_temp, repository) = repository();
            let _ = repository.moved(&line);
            let _ = repository.moved(&near);
        }
    }
}
