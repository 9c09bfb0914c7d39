//! What the automatic merge would have given: recomputed in a scratch repository that borrows the objects, under the
//! first parent's attributes and no user's configuration, so that only what people changed beyond it is judged.

mod octopus;
mod quick;

use std::collections::BTreeMap;
use std::fs;

use git2::Oid;
use tempfile::TempDir;

use super::borrow::alternates;
use super::tree::Delta;
use super::{Error, Repository};

/// What to merge, in commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// A merge commit of these parents.
    Parents(Vec<Oid>),
    /// What `picked` did to `base`, done to `onto`; none stands for the empty tree. A revert has the two changed over.
    Replay {
        /// The parent of the commit that is replayed.
        base: Option<Oid>,
        /// Where it is replayed.
        onto: Option<Oid>,
        /// The commit that is replayed.
        picked: Option<Oid>,
    },
}

/// Borrows bytes as a path.
fn path_of(bytes: &[u8]) -> std::path::PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

/// What a merge gives by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The tree; paths in conflict are left out of it.
    pub tree: Oid,
    /// The paths that a person has to settle, in bytes, sorted.
    pub conflicts: Vec<Vec<u8>>,
}

struct Scratch {
    _folder: TempDir,
    repository: Repository,
}

impl Repository {
    /// Returns the paths at which `tree` differs from what `plan` gives by itself; a path in conflict counts as
    /// differing however it was settled. Sorted by path; `old` is what the first parent (or `onto`) has there.
    ///
    /// # Errors
    /// An object is missing, or the scratch repository cannot be made.
    pub fn beyond_merge(&self, plan: &Plan, tree: Oid) -> Result<Vec<Delta>, Error> {
        let ours = match plan {
            Plan::Parents(parents) if parents.len() > 2 => {
                return self.beyond_octopus(parents, tree);
            }
            Plan::Parents(parents) => parents.first().copied(),
            Plan::Replay { onto, .. } => *onto,
        };
        if self.is_plain_outcome(plan, tree)? {
            return Ok(Vec::new());
        }
        let ours = ours
            .map(|oid| self.commit(oid))
            .transpose()?
            .map(|commit| commit.tree);
        if self.is_partial() {
            self.fetch_for(plan, tree)?;
        }
        let scratch = self.scratch(ours)?;
        // libgit2 and git agree on nearly every merge, not on all (other diff algorithm, renamed folders): git, where it
        // knows how, has the last word before anything is called a person's change.
        let merged = match scratch.merge_by_git(plan)? {
            Some(merged) => merged,
            None => scratch.merge(plan)?,
        };
        let mut deltas = scratch.repository.diff(Some(merged.tree), Some(tree))?;
        self.add_conflicts(&mut deltas, &merged, ours, tree)?;
        for delta in &mut deltas {
            delta.old = ours
                .map(|ours| self.entry(ours, &delta.path))
                .transpose()?
                .flatten();
        }
        deltas.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(deltas)
    }

    /// Says whether a plan's outcome is plain to see; "no" may be a "perhaps".
    fn is_plain_outcome(&self, plan: &Plan, tree: Oid) -> Result<bool, Error> {
        match plan {
            Plan::Parents(parents) => match parents[..] {
                [ours, theirs] => self.is_plain_merge(ours, theirs, tree),
                _ => Ok(false),
            },
            Plan::Replay { base, onto, picked } => {
                let of = |oid: &Option<Oid>| {
                    let commit = oid.map(|oid| self.commit(oid)).transpose()?;
                    Ok::<_, Error>(commit.map(|commit| commit.tree))
                };
                self.is_plain(of(base)?, of(onto)?, of(picked)?, tree)
            }
        }
    }

    /// Returns the tree that merging two commits gives by itself, and writes nothing; none where they conflict.
    ///
    /// # Errors
    /// An object is missing, or the scratch repository cannot be made.
    pub fn merged_tree(&self, ours: Oid, theirs: Oid) -> Result<Option<Oid>, Error> {
        let (_, merged) = self.merge_apart(ours, theirs)?;
        Ok(merged.conflicts.is_empty().then_some(merged.tree))
    }

    /// Returns what merging two commits gives by itself at paths, each with its text, empty where nothing stands. It merges anew.
    ///
    /// # Errors
    /// An object is missing, or the scratch repository cannot be made.
    pub(super) fn merged_texts(
        &self,
        ours: Oid,
        theirs: Oid,
        paths: impl Iterator<Item = String>,
    ) -> Result<BTreeMap<String, String>, Error> {
        let (scratch, merged) = self.merge_apart(ours, theirs)?;
        let texts = paths.map(|path| {
            let text = scratch.repository.text_at(merged.tree, &path)?;
            Ok((path, text.unwrap_or_default()))
        });
        texts.collect()
    }

    fn merge_apart(&self, ours: Oid, theirs: Oid) -> Result<(Scratch, Merged), Error> {
        let plan = Plan::Parents(vec![ours, theirs]);
        let (base, tree) = (self.tree_of(ours)?, self.tree_of(theirs)?);
        if self.is_partial() {
            self.fetch_for(&plan, tree)?;
        }
        let scratch = self.scratch(Some(base))?;
        let mut merged = match scratch.merge_by_git(&plan)? {
            Some(merged) => merged,
            None => scratch.merge(&plan)?,
        };
        merged.conflicts.sort();
        merged.conflicts.dedup();
        Ok((scratch, merged))
    }

    /// Merges the commit `theirs` into `ours` as `git merge` will, and brings the objects of a clean outcome into this
    /// repository: they are those that the merge itself will write.
    ///
    /// # Errors
    /// An object is missing, or the scratch repository cannot be made.
    pub fn merged(&self, ours: Oid, theirs: Oid) -> Result<Merged, Error> {
        let (scratch, merged) = self.merge_apart(ours, theirs)?;
        if merged.conflicts.is_empty() {
            self.take_objects(&scratch)?;
        }
        Ok(merged)
    }

    /// Copies the objects that were written into a scratch repository.
    fn take_objects(&self, scratch: &Scratch) -> Result<(), Error> {
        let failed = |source| Error::MergeTrees { source };
        let unread = |source| Error::MakeScratch { source };
        let (from, to) = (
            scratch.repository.inner.odb().map_err(failed)?,
            self.inner.odb().map_err(failed)?,
        );
        let objects = scratch.repository.common_folder().join("objects");
        for folder in fs::read_dir(objects).map_err(unread)? {
            let folder = folder.map_err(unread)?;
            let start = folder.file_name().to_string_lossy().into_owned();
            if start.len() != 2 {
                continue;
            }
            for file in fs::read_dir(folder.path()).map_err(unread)? {
                let rest = file.map_err(unread)?.file_name();
                let id = format!("{start}{}", rest.to_string_lossy());
                // A file that git left half written is named otherwise.
                let Ok(oid) = self.oid(&id) else { continue };
                let object = from.read(oid).map_err(failed)?;
                to.write(object.kind(), object.data()).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Has git fetch what a merge reads: the scratch repository knows no remote that has promised objects.
    fn fetch_for(&self, plan: &Plan, tree: Oid) -> Result<(), Error> {
        let id = |oid: &Option<Oid>| oid.map(|oid| oid.to_string());
        let (commits, pairs) = match plan {
            Plan::Parents(parents) => {
                let ids: Vec<String> = parents.iter().map(Oid::to_string).collect();
                let pairs = match &ids[..] {
                    [ours, theirs] => {
                        vec![format!("{ours}...{theirs}"), format!("{theirs}...{ours}")]
                    }
                    _ => Vec::new(),
                };
                (ids, pairs)
            }
            Plan::Replay { base, onto, picked } => {
                let sides = [id(onto), id(picked)].into_iter().flatten();
                let pairs = id(base).map_or_else(Vec::new, |base| {
                    sides.map(|side| format!("{base}..{side}")).collect()
                });
                let ids = [id(base), id(onto), id(picked)].into_iter().flatten();
                (ids.collect(), pairs)
            }
        };
        for id in commits.into_iter().chain([tree.to_string()]) {
            self.git
                .read(&["ls-tree", "-r", "-t", "--full-tree", &id])?;
        }
        for pair in pairs {
            // Counting lines reads every blob that differs; parents without a common ancestor have no such pair.
            self.git.run(
                &[
                    "diff",
                    "--numstat",
                    "--no-renames",
                    "--no-ext-diff",
                    "--no-textconv",
                    &pair,
                ],
                &[],
            )?;
        }
        Ok(())
    }

    fn add_conflicts(
        &self,
        deltas: &mut Vec<Delta>,
        merged: &Merged,
        ours: Option<Oid>,
        tree: Oid,
    ) -> Result<(), Error> {
        for path in &merged.conflicts {
            let known = deltas.iter_mut().find(|delta| &delta.path == path);
            if let Some(known) = known {
                known.is_conflicted = true;
            } else {
                let old = ours
                    .map(|ours| self.entry(ours, path))
                    .transpose()?
                    .flatten();
                deltas.push(Delta {
                    path: path.clone(),
                    old,
                    new: self.entry(tree, path)?,
                    is_conflicted: true,
                });
            }
        }
        Ok(())
    }

    fn scratch(&self, attributes_of: Option<Oid>) -> Result<Scratch, Error> {
        let failed = |source| Error::MakeScratch { source };
        let folder = tempfile::Builder::new()
            .prefix("pdd-merge-")
            .tempdir()
            .map_err(failed)?;
        let git = folder.path().join(".git");
        fs::create_dir_all(git.join("objects/info")).map_err(failed)?;
        fs::create_dir_all(git.join("refs")).map_err(failed)?;
        fs::write(git.join("HEAD"), "ref: refs/heads/scratch\n").map_err(failed)?;
        fs::write(git.join("config"), self.format_config()).map_err(failed)?;
        let sources = self.object_folders().map_err(failed)?;
        fs::write(git.join("objects/info/alternates"), alternates(&sources)).map_err(failed)?;
        if let Some(tree) = attributes_of
            && let Some(text) = self.text_at(tree, ".gitattributes")?
        {
            fs::write(folder.path().join(".gitattributes"), text).map_err(failed)?;
        }
        let repository = Self::open_at(folder.path())?;
        Ok(Scratch {
            _folder: folder,
            repository,
        })
    }
}

impl Scratch {
    fn merge(&self, plan: &Plan) -> Result<Merged, Error> {
        let repository = &self.repository.inner;
        let failed = |source| Error::MergeTrees { source };
        let mut index = match plan {
            Plan::Parents(parents) => {
                let [ours, theirs] = parents[..] else {
                    return Err(failed(git2::Error::from_str(
                        "a merge has two parents or more",
                    )));
                };
                let ours = repository.find_commit(ours).map_err(failed)?;
                let theirs = repository.find_commit(theirs).map_err(failed)?;
                repository
                    .merge_commits(&ours, &theirs, None)
                    .map_err(failed)?
            }
            Plan::Replay { base, onto, picked } => {
                let tree = |commit: &Option<Oid>| match commit {
                    Some(oid) => repository
                        .find_commit(*oid)
                        .and_then(|commit| commit.tree()),
                    None => {
                        let empty = repository.treebuilder(None)?.write()?;
                        repository.find_tree(empty)
                    }
                };
                let (base, onto, picked) = (
                    tree(base).map_err(failed)?,
                    tree(onto).map_err(failed)?,
                    tree(picked).map_err(failed)?,
                );
                repository
                    .merge_trees(&base, &onto, &picked, None)
                    .map_err(failed)?
            }
        };
        let mut conflicts = Vec::new();
        for conflict in index.conflicts().map_err(failed)? {
            let conflict = conflict.map_err(failed)?;
            let sides = [conflict.ancestor, conflict.our, conflict.their];
            conflicts.extend(sides.into_iter().flatten().map(|entry| entry.path));
        }
        conflicts.sort();
        conflicts.dedup();
        for path in &conflicts {
            index.conflict_remove(&path_of(path)).map_err(failed)?;
        }
        let tree = index.write_tree_to(repository).map_err(failed)?;
        Ok(Merged { tree, conflicts })
    }

    /// Asks `git merge-tree --write-tree` (2.38; a given base, 2.40); none where this git cannot say.
    fn merge_by_git(&self, plan: &Plan) -> Result<Option<Merged>, Error> {
        let mut args: Vec<String> = [
            "-c",
            "merge.renames=true",
            "merge-tree",
            "--write-tree",
            "-z",
            "--name-only",
        ]
        .map(String::from)
        .to_vec();
        match plan {
            Plan::Parents(parents) => {
                args.push("--allow-unrelated-histories".into());
                args.extend(parents.iter().map(Oid::to_string));
            }
            Plan::Replay {
                base: Some(base),
                onto: Some(onto),
                picked: Some(picked),
            } => {
                args.push(format!("--merge-base={base}"));
                args.extend([onto.to_string(), picked.to_string()]);
            }
            Plan::Replay { .. } => return Ok(None),
        }
        let (code, stdout, _) = self.repository.git.run_isolated(&args)?;
        if !matches!(code, Some(0 | 1)) {
            return Ok(None);
        }
        let mut fields = stdout.split(|&b| b == 0);
        let Some(tree) = fields
            .next()
            .and_then(|text| std::str::from_utf8(text).ok())
        else {
            return Ok(None);
        };
        let conflicts = match code {
            Some(1) => fields
                .take_while(|path| !path.is_empty())
                .map(<[u8]>::to_vec)
                .collect(),
            _ => Vec::new(),
        };
        // Git writes the result into the scratch repository behind libgit2's back.
        if let Ok(odb) = self.repository.inner.odb() {
            let _ = odb.refresh();
        }
        Ok(Some(Merged {
            tree: self.repository.oid(tree.trim())?,
            conflicts,
        }))
    }
}
