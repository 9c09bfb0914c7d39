//! The repository that the checks see: one of its own with the tree under test as its newest commit on the real history,
//! without remotes and hooks. Whatever a check does to it is gone with the next run.

use std::fs;

use super::super::Error;
use super::Content;
use super::control::{Control, copy_index};
use super::files::{ensure_folder, failed, remove, write};
use crate::git;

const CONFIG: &str = "\
[core]
	bare = false
	hooksPath = /dev/null
	logAllRefUpdates = true
[gc]
	auto = 0
[maintenance]
	auto = false
";

/// Writes the repository anew into the slot's work tree.
pub(super) fn write_anew(control: &Control<'_>, content: &Content<'_>) -> Result<(), Error> {
    let folder = control.tree().join(".git");
    remove(&folder)?;
    for part in ["objects/info", "refs/heads", "refs/tags", "info"] {
        ensure_folder(&folder.join(part))?;
    }
    let repository = control.repository;
    write(&folder.join("HEAD"), "ref: refs/heads/pdd\n")?;
    write(&folder.join("config"), repository.format_config() + CONFIG)?;
    let objects = repository.object_folders();
    let objects = objects.map_err(failed("find", repository.common_folder()))?;
    write(
        &folder.join("objects/info/alternates"),
        git::alternates(&objects),
    )?;
    // Without it git would miss what lies beyond the edge of a shallow clone.
    let shallow = repository.common_folder().join("shallow");
    if let Ok(text) = fs::read(shallow) {
        write(&folder.join("shallow"), text)?;
    }
    let commit = repository.write_commit_into(&folder, content.tree, content.parents)?;
    write(&folder.join("refs/heads/pdd"), format!("{commit}\n"))?;
    copy_index(&control.index_file(), &folder.join("index"))
}
