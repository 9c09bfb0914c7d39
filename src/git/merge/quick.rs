//! The merges that need no merging: where at each path one side alone changed something, or both did in places that do not
//! touch. Nine of ten are; only the others are made anew, which costs a thousand times as much.

use git2::{MergeFileInput, MergeFileOptions, ObjectType, Oid, merge_file};

use crate::git::entries::RawEntry;
use crate::git::tree::Trees;
use crate::git::{Error, Repository};

/// A plain file's mode, and that of one that can be run.
const FILES: [i32; 2] = [0o100_644, 0o100_755];

/// One path, or one folder, on the four sides.
#[derive(Clone, Copy, Debug, Default)]
struct Sides<T> {
    base: T,
    ours: T,
    theirs: T,
    result: T,
}

struct Quick<'r> {
    repository: &'r Repository,
    trees: Trees<'r>,
    /// Whether attributes may say how to merge a file.
    has_drivers: bool,
}

impl Repository {
    /// Says whether the tree `result` is what merging the commits `ours` and `theirs` gives, as far as that can be told
    /// path by path; "no" may be a "perhaps".
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn is_plain_merge(
        &self,
        ours: Oid,
        theirs: Oid,
        result: Oid,
    ) -> Result<bool, Error> {
        let bases = self.merge_bases(ours, theirs)?;
        let tree = |commit| self.tree_of(commit);
        let (ours, theirs) = (Some(tree(ours)?), Some(tree(theirs)?));
        if bases.is_empty() {
            return self.is_plain(None, ours, theirs, result);
        }
        // Git merges several bases into one first: what all of them lead to, it leads to as well.
        for base in bases {
            if !self.is_plain(Some(tree(base)?), ours, theirs, result)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Says the same of trees; none is the empty one.
    ///
    /// # Errors
    /// An object is missing.
    pub(super) fn is_plain(
        &self,
        base: Option<Oid>,
        ours: Option<Oid>,
        theirs: Option<Oid>,
        result: Oid,
    ) -> Result<bool, Error> {
        let quick = Quick {
            repository: self,
            trees: self.trees()?,
            has_drivers: match ours {
                Some(tree) => self.has_merge_drivers(tree)?,
                None => false,
            },
        };
        quick.folder(Sides {
            base,
            ours,
            theirs,
            result: Some(result),
        })
    }

    /// Whether the attributes at the top of a tree say anything of how files are merged (gitattributes(5)): `binary`
    /// stands for `-merge`, too.
    fn has_merge_drivers(&self, tree: Oid) -> Result<bool, Error> {
        let Some(text) = self.text_at(tree, ".gitattributes")? else {
            return Ok(false);
        };
        Ok(names_merge(&text))
    }
}

/// Whether any line of attributes sets `merge`, or `binary`, which stands for `-merge` among others.
fn names_merge(attributes: &str) -> bool {
    let lines = attributes.lines().map(str::trim_start);
    let lines = lines.filter(|line| !line.starts_with('#'));
    // The first word is the pattern, which may be quoted: then what is in it counts as well.
    let mut words = lines.flat_map(|line| line.split_whitespace().skip(1));
    words.any(|word| {
        let name = word.trim_start_matches(['-', '!']);
        let name = name.split_once('=').map_or(name, |(name, _)| name);
        matches!(name, "merge" | "binary")
    })
}

impl Quick<'_> {
    fn folder(&self, sides: Sides<Option<Oid>>) -> Result<bool, Error> {
        if let Some(is_right) = settled(&sides) {
            return Ok(is_right);
        }
        let read = |tree| self.trees.read(tree);
        let objects = [
            read(sides.base)?,
            read(sides.ours)?,
            read(sides.theirs)?,
            read(sides.result)?,
        ];
        let mut entries = objects.each_ref().map(|object| object.entries());
        let mut heads = entries.each_mut().map(Iterator::next);
        loop {
            let first = heads.iter().flatten().copied();
            let Some(first) = first.min_by(|a, b| a.order(b)) else {
                break;
            };
            let mut found = [None; 4];
            for (at, head) in heads.iter_mut().enumerate() {
                if head.is_some_and(|entry| entry.order(&first).is_eq()) {
                    found[at] = std::mem::replace(head, entries[at].next());
                }
            }
            let [base, ours, theirs, result] = found;
            let sides = Sides {
                base,
                ours,
                theirs,
                result,
            };
            if !self.path(&sides)? {
                return Ok(false);
            }
        }
        for (object, entries) in objects.iter().zip(entries) {
            object.whole(entries)?;
        }
        Ok(true)
    }

    fn path(&self, sides: &Sides<Option<RawEntry<'_>>>) -> Result<bool, Error> {
        if let Some(is_right) = settled(sides) {
            return Ok(is_right);
        }
        let (Some(ours), Some(theirs)) = (sides.ours, sides.theirs) else {
            // Changed here and deleted there: it may have been renamed.
            return Ok(false);
        };
        if ours.is_folder() && theirs.is_folder() {
            let tree = |entry| self.trees.entry(entry).map(|it| it.map(|it| it.oid));
            return self.folder(Sides {
                base: tree(sides.base)?,
                ours: tree(sides.ours)?,
                theirs: tree(sides.theirs)?,
                result: tree(sides.result)?,
            });
        }
        match (sides.base, sides.result) {
            (Some(base), Some(result)) if !self.has_drivers => {
                self.file(base, ours, theirs, result)
            }
            _ => Ok(false),
        }
    }

    /// Whether what both sides did to a file gives the result.
    fn file(
        &self,
        base: RawEntry<'_>,
        ours: RawEntry<'_>,
        theirs: RawEntry<'_>,
        result: RawEntry<'_>,
    ) -> Result<bool, Error> {
        let modes = Sides {
            base: base.mode,
            ours: ours.mode,
            theirs: theirs.mode,
            result: result.mode,
        };
        let all = [base, ours, theirs, result];
        let is_file = |entry: &RawEntry<'_>| FILES.contains(&entry.mode);
        if !all.iter().all(is_file) || settled(&modes) != Some(true) {
            return Ok(false);
        }
        let ids = Sides {
            base: base.id,
            ours: ours.id,
            theirs: theirs.id,
            result: result.id,
        };
        if let Some(is_right) = settled(&ids) {
            return Ok(is_right);
        }
        let blob = |entry: RawEntry<'_>| {
            let found = self.trees.entry(Some(entry))?.map(|it| it.oid);
            found.map_or(Ok(Vec::new()), |oid| self.repository.blob(oid))
        };
        let texts = [blob(base)?, blob(ours)?, blob(theirs)?];
        // Git's own diff is another one than libgit2's; where these two agree with the result, so does it.
        for is_patience in [false, true] {
            let merged = merged(&texts, is_patience);
            let format = self.repository.inner.object_format();
            let id = merged.map(|text| Oid::hash_object_ext(ObjectType::Blob, &text, format));
            if let Some(Ok(id)) = id
                && id.as_bytes() == result.id
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether the result is right where at most one side changed something, or both did the same; none where both changed it.
fn settled<T: PartialEq>(sides: &Sides<T>) -> Option<bool> {
    if sides.base == sides.theirs || sides.ours == sides.theirs {
        Some(sides.result == sides.ours)
    } else if sides.base == sides.ours {
        Some(sides.result == sides.theirs)
    } else {
        None
    }
}

/// Merges three texts; none where they conflict, or where libgit2 will not say.
fn merged(texts: &[Vec<u8>; 3], is_patience: bool) -> Option<Vec<u8>> {
    let [mut base, mut ours, mut theirs] = [(); 3].map(|()| MergeFileInput::new());
    base.content(&texts[0]);
    ours.content(&texts[1]);
    theirs.content(&texts[2]);
    let mut options = MergeFileOptions::new();
    options.patience(is_patience);
    let result = merge_file(&base, &ours, &theirs, Some(&mut options)).ok()?;
    result.is_automergeable().then(|| result.content().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_side_decides_where_the_other_left_all_as_it_was() {
        let sides = |base, ours, theirs, result| Sides {
            base,
            ours,
            theirs,
            result,
        };
        assert_eq!(settled(&sides(1, 2, 1, 2)), Some(true));
        assert_eq!(settled(&sides(1, 1, 2, 2)), Some(true));
        assert_eq!(settled(&sides(1, 2, 2, 2)), Some(true));
        assert_eq!(settled(&sides(1, 1, 2, 1)), Some(false));
        assert_eq!(settled(&sides(1, 1, 1, 9)), Some(false));
        assert_eq!(settled(&sides(1, 2, 3, 2)), None);
    }

    #[test]
    fn attributes_that_say_how_to_merge_are_told_from_paths_of_that_name() {
        for text in [
            "*.lock merge=union",
            "*.po -merge",
            "a binary",
            "[attr]x !merge",
        ] {
            assert!(names_merge(text), "{text}");
        }
        for text in ["merge.c diff=cpp", "# *.c merge=x", "*.c diff", ""] {
            assert!(!names_merge(text), "{text}");
        }
    }

    #[test]
    fn texts_are_merged_where_they_do_not_touch() {
        // Merging texts is the one thing that git2 does not make libgit2 ready for.
        let _ = git2::Buf::new();
        let texts = |base: &str, ours: &str, theirs: &str| {
            [base, ours, theirs].map(|text| text.as_bytes().to_vec())
        };
        let apart = texts("a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n");
        let found = merged(&apart, false);
        assert_eq!(found.as_deref(), Some(&b"A\nb\nc\nd\nE\n"[..]));
        assert_eq!(merged(&texts("a\n", "b\n", "c\n"), false), None);
        // What both leave nothing of is no text at all.
        let nothing = texts("a\nb\nc\nd\ne\n", "a\n", "b\nc\nd\ne\n");
        assert!(merged(&nothing, false).is_none_or(|text| text.is_empty()));
    }
}
