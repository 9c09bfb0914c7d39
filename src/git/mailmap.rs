//! The names that people go by: gitmailmap(5), read and looked up as git does it. libgit2's own compares names and addresses
//! by case, where git does not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Error, Repository};

/// The work tree's file, and the blob's name in a bare repository.
const FILE: &str = ".mailmap";

/// Who is known by which name and address; maps nobody where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mailmap {
    /// By the address in lower case.
    addresses: BTreeMap<String, Address>,
}

/// What becomes of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Address {
    /// Whatever the name.
    any: Proper,
    /// Under one name alone, by that name in lower case.
    named: BTreeMap<String, Proper>,
}

/// What stands in place of a name and an address; none leaves them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Proper {
    name: Option<String>,
    email: Option<String>,
}

impl Mailmap {
    /// Adds the lines of a file: a later one wins.
    pub fn add(&mut self, text: &str) {
        for line in text.split('\n').filter(|line| !line.starts_with('#')) {
            let Some(((name, email), rest)) = identity(line, false) else {
                continue;
            };
            match identity(rest, true) {
                Some(((old_name, old_email), _)) => {
                    self.put(old_name, old_email, name, Some(email));
                }
                None => self.put(None, email, name, None),
            }
        }
    }

    fn put(
        &mut self,
        old_name: Option<&str>,
        old_email: &str,
        name: Option<&str>,
        email: Option<&str>,
    ) {
        let entry = self.addresses.entry(old_email.to_ascii_lowercase());
        let entry = entry.or_default();
        let (name, email) = (name.map(str::to_owned), email.map(str::to_owned));
        match old_name {
            Some(old) => {
                let proper = Proper { name, email };
                entry.named.insert(old.to_ascii_lowercase(), proper);
            }
            // Two lines may give the name and the address of one.
            None => {
                entry.any.name = name.or(entry.any.name.take());
                entry.any.email = email.or(entry.any.email.take());
            }
        }
    }

    /// Returns the name and the address that somebody goes by.
    pub fn resolve(&self, name: String, email: String) -> (String, String) {
        if self.addresses.is_empty() {
            return (name, email);
        }
        let Some(known) = self.addresses.get(&email.to_ascii_lowercase()) else {
            return (name, email);
        };
        let proper = known.named.get(&name.to_ascii_lowercase());
        let Proper {
            name: proper_name,
            email: proper_email,
        } = proper.unwrap_or(&known.any).clone();
        (proper_name.unwrap_or(name), proper_email.unwrap_or(email))
    }
}

/// Reads `Name <address>`, and what stands after it; a line may name nobody, and an address may be empty where
/// `may_be_empty`.
fn identity(text: &str, may_be_empty: bool) -> Option<((Option<&str>, &str), &str)> {
    let (name, rest) = text.split_once('<')?;
    let (email, rest) = rest.split_once('>')?;
    if email.is_empty() && !may_be_empty {
        return None;
    }
    let name = name.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
    Some((((!name.is_empty()).then_some(name), email), rest))
}

impl Repository {
    /// Reads what git's log reads: `.mailmap` of the work tree, then `mailmap.blob` (in a bare repository
    /// `HEAD:.mailmap` by default), then `mailmap.file`. What cannot be read is left out, as git leaves it out.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn mailmap(&self) -> Result<Mailmap, Error> {
        let mut map = Mailmap::default();
        if let Some(top) = self.work_tree() {
            // git follows no link there: the file is somebody else's.
            let path = top.join(FILE);
            let is_file = fs::symlink_metadata(&path).is_ok_and(|facts| facts.is_file());
            if is_file {
                map.add_file(&path);
            }
        }
        let blob = match self.effective_config("mailmap.blob")? {
            None if self.is_bare() => Some(format!("HEAD:{FILE}")),
            blob => blob,
        };
        if let Some(blob) = blob {
            let (code, bytes, _) = self
                .git()
                .run(&["cat-file", "blob", "--end-of-options", &blob], &[])?;
            if code == Some(0) {
                map.add(&String::from_utf8_lossy(&bytes));
            }
        }
        if self.effective_config("mailmap.file")?.is_some() {
            // git alone knows where `~` and `%(prefix)` are.
            let path = self
                .git()
                .path(&["config", "--type=path", "--get", "mailmap.file"])?;
            map.add_file(&self.git().folder().join(path));
        }
        Ok(map)
    }
}

impl Mailmap {
    fn add_file(&mut self, path: &Path) {
        if let Ok(bytes) = fs::read(path) {
            self.add(&String::from_utf8_lossy(&bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn resolve(text: &str, name: &str, email: &str) -> String {
        let mut map = Mailmap::default();
        map.add(text);
        let (name, email) = map.resolve(name.into(), email.into());
        format!("{name} <{email}>")
    }

    #[test]
    fn names_and_addresses_are_compared_without_case() {
        let text = "Ann Proper <ann@example.org> ANN <Ann@Old.example>\n<ben@example.org> <BEN@old.example>\n";
        let found = [
            resolve(text, "ann", "ann@OLD.example"),
            resolve(text, "Anna", "ann@old.example"),
            resolve(text, "Ben", "ben@old.example"),
        ];
        assert_eq!(
            found,
            [
                "Ann Proper <ann@example.org>",
                "Anna <ann@old.example>",
                "Ben <ben@example.org>"
            ]
        );
    }

    #[test]
    fn lines_that_name_nobody_say_nothing() {
        let text = "# Ann <a@x>\nAnn\nAnn <>\nAnn <a@x\n";
        assert_eq!(resolve(text, "A", "a@x"), "A <a@x>");
        assert_eq!(resolve(text, "A", ""), "A <>");
    }

    proptest! {
        #[test]
        fn any_file_is_read(text in "([ A<>@#\r\n\u{e9}]|<a@x>){0,40}") {
            let _ = resolve(&text, "A", "a@x");
        }
    }
}
