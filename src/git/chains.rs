//! The chains of attributes that a change adds to source: on lines that none of its parents has in that file, and that the
//! change does not take away from another place. There are no renames in git's trees; a moved line is told by its text.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use git2::{DiffOptions, Oid, Patch};

use super::{Delta, Entry, Error, Repository};
use crate::change::{AddedChain, PathChange};
use crate::policy::{Class, Policy};
use crate::syntax::{Chain, Language, Source};

/// The largest file that is looked into, in bytes. Nobody writes larger ones by hand, and every moment has to come to the
/// same findings, however fast its machine is.
const LARGEST: usize = 1 << 20;

/// A changed file with long chains on added lines.
struct Touched<'a> {
    path: &'a str,
    text: String,
    /// From 1.
    added: BTreeSet<u32>,
    chains: Vec<Chain>,
}

impl Repository {
    /// Lists the chains that are longer than the policy allows, in the order of paths and lines; `bases` are the trees of the
    /// parents, `paths` the classes of `deltas`.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn added_chains(
        &self,
        bases: &[Oid],
        deltas: &[Delta],
        paths: &[PathChange],
        policy: &Policy,
    ) -> Result<Vec<AddedChain>, Error> {
        let allowed = policy.deep_access.paths();
        let is_source = |path: &PathChange| path.class == Class::Source;
        let sources = || paths.iter().zip(deltas).filter(|(path, _)| is_source(path));
        let mut touched = Vec::new();
        for (path, delta) in sources() {
            if !allowed.matches(&delta.path) {
                touched.extend(self.touched(bases, delta, &path.path, policy)?);
            }
        }
        if touched.is_empty() {
            return Ok(Vec::new());
        }
        let mut moved = Moved::wanted(&touched);
        for (_, delta) in sources() {
            self.take_away(delta, &mut moved)?;
        }
        Ok(touched
            .into_iter()
            .flat_map(|file| file.conclude(&mut moved))
            .collect())
    }

    fn touched<'a>(
        &self,
        bases: &[Oid],
        delta: &Delta,
        path: &'a str,
        policy: &Policy,
    ) -> Result<Option<Touched<'a>>, Error> {
        let (Some(language), Some(new)) = (Language::of(path), self.text_of(delta.new)?) else {
            return Ok(None);
        };
        let mut added: BTreeSet<u32> = (1..=count_lines(&new)).collect();
        for &base in bases {
            let Some(old) = self.text_of(self.entry(base, &delta.path)?)? else {
                continue;
            };
            let hunks = hunks(&old, &new).map_err(|source| unread(delta.new, source))?;
            let lines = hunks.into_iter().flat_map(|hunk| hunk.new);
            let own: BTreeSet<u32> = lines.collect();
            added.retain(|line| own.contains(line));
        }
        if added.is_empty() {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&new).into_owned();
        let mut chains = Source::parse(language, &text).map_or_else(Vec::new, |it| it.chains());
        let most = policy.deep_access.max as usize;
        chains.retain(|chain| {
            chain.names.len() > most && added.range(chain.lines.clone()).next().is_some()
        });
        let is_touched = !chains.is_empty();
        Ok(is_touched.then_some(Touched {
            path,
            text,
            added,
            chains,
        }))
    }

    /// Counts the lines that a change takes away from a file.
    fn take_away(&self, delta: &Delta, moved: &mut Moved) -> Result<(), Error> {
        let Some(old) = self.text_of(delta.old)? else {
            return Ok(());
        };
        let new = self.text_of(delta.new)?.unwrap_or_default();
        let hunks = hunks(&old, &new).map_err(|source| unread(delta.old, source))?;
        let text = String::from_utf8_lossy(&old);
        let lines: Vec<&str> = text.split('\n').collect();
        for line in hunks.into_iter().flat_map(|hunk| hunk.old) {
            moved.give(said(&lines, line));
        }
        Ok(())
    }

    /// Reads a file; none where there is none, or no text that somebody wrote.
    fn text_of(&self, entry: Option<Entry>) -> Result<Option<Vec<u8>>, Error> {
        let is_file = |entry: &Entry| matches!(entry.mode, 0o100_644 | 0o100_755);
        let Some(entry) = entry.filter(is_file) else {
            return Ok(None);
        };
        let text = self.blob(entry.oid)?;
        Ok((text.len() <= LARGEST).then_some(text))
    }
}

/// Lines that went out of source, by what they say, and how often.
struct Moved(HashMap<String, usize>);

impl Moved {
    /// Asks for the lines that hold the chains.
    fn wanted(touched: &[Touched<'_>]) -> Self {
        let mut wanted = HashMap::new();
        for file in touched {
            let lines: Vec<&str> = file.text.split('\n').collect();
            for line in file.lines() {
                wanted.insert(said(&lines, line).to_owned(), 0);
            }
        }
        Self(wanted)
    }

    fn give(&mut self, line: &str) {
        if let Some(count) = self.0.get_mut(line) {
            *count += 1;
        }
    }

    fn take(&mut self, line: &str) -> bool {
        let count = self.0.get_mut(line).filter(|count| **count > 0);
        count.map(|count| *count -= 1).is_some()
    }
}

impl Touched<'_> {
    /// The added lines on which the chains stand.
    fn lines(&self) -> BTreeSet<u32> {
        let chains = self.chains.iter();
        chains
            .flat_map(|chain| self.added.range(chain.lines.clone()))
            .copied()
            .collect()
    }

    fn conclude(mut self, moved: &mut Moved) -> Vec<AddedChain> {
        let text = std::mem::take(&mut self.text);
        let lines: Vec<&str> = text.split('\n').collect();
        for line in self.lines() {
            if moved.take(said(&lines, line)) {
                self.added.remove(&line);
            }
        }
        let Self {
            path,
            added,
            chains,
            ..
        } = self;
        let mut found: Vec<AddedChain> = chains
            .into_iter()
            .filter_map(|chain| {
                Some(AddedChain {
                    path: path.to_owned(),
                    line: *added.range(chain.lines).next()?,
                    text: chain.text,
                    names: chain.names,
                })
            })
            .collect();
        found.sort_by_key(|chain| chain.line);
        found
    }
}

/// The lines, from 1, in which two texts differ.
struct Hunk {
    old: Range<u32>,
    new: Range<u32>,
}

fn hunks(old: &[u8], new: &[u8]) -> Result<Vec<Hunk>, git2::Error> {
    let mut options = DiffOptions::new();
    options.context_lines(0).force_text(true);
    let patch = Patch::from_buffers(old, None, new, None, Some(&mut options))?;
    (0..patch.num_hunks())
        .map(|number| {
            let (hunk, _) = patch.hunk(number)?;
            let (old, new) = (hunk.old_start(), hunk.new_start());
            Ok(Hunk {
                old: old..old.saturating_add(hunk.old_lines()),
                new: new..new.saturating_add(hunk.new_lines()),
            })
        })
        .collect()
}

fn count_lines(text: &[u8]) -> u32 {
    let ends = text.iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(ends + 1).unwrap_or(u32::MAX)
}

/// What a line says, however far it is indented.
fn said<'t>(lines: &[&'t str], line: u32) -> &'t str {
    let at = (line as usize).saturating_sub(1);
    lines.get(at).map_or("", |line| line.trim())
}

fn unread(entry: Option<Entry>, source: git2::Error) -> Error {
    Error::ReadObject {
        oid: entry.map_or_else(String::new, |entry| entry.oid.to_string()),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_they_stand_in_each_text() {
        let lines = |old: &str, new: &str| -> Vec<_> {
            let hunks = hunks(old.as_bytes(), new.as_bytes()).unwrap();
            hunks.into_iter().map(|hunk| (hunk.old, hunk.new)).collect()
        };
        assert_eq!(lines("a\nb\n", "a\nb\n"), []);
        assert_eq!(lines("a\nb\nc", "a\nx\ny\nc"), [(2..3, 2..4)]);
        assert_eq!(lines("", "a\nb"), [(0..0, 1..3)]);
        assert_eq!(lines("\0a\n", "\0b\n"), [(1..2, 1..2)]);
        let removed: Vec<_> = lines("a\nb\nc\n", "b\n")
            .into_iter()
            .map(|(old, _)| old)
            .collect();
        assert_eq!(removed, [1..2, 3..4]);
    }
}
