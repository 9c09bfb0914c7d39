//! All that stands below some folders, to be compared byte for byte and with time stamps: who only looks moves none.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::support::{Snapshot, assert_same, snapshot};

/// What stood there at one time.
pub(crate) struct Whole {
    content: Snapshot,
    /// Seconds and nanoseconds of the last change, and the inode.
    stamps: BTreeMap<PathBuf, (i64, i64, u64)>,
}

impl Whole {
    /// Looks at everything below the folders. Git, wherever it would write an object that an alternate has, moves that
    /// one's time stamp so that it is not pruned (`freshen` in git's object-file.c): of objects only the content counts.
    pub(crate) fn of(folders: &[PathBuf]) -> Self {
        Self::of_all_but(
            folders,
            |_| false,
            |path| path.to_string_lossy().contains("/.git/objects/"),
        )
    }

    /// Leaves out the paths that `left_out` names, and the time stamps of those that `unstamped` names.
    pub(crate) fn of_all_but(
        folders: &[PathBuf],
        left_out: impl Fn(&Path) -> bool,
        unstamped: impl Fn(&Path) -> bool,
    ) -> Self {
        let mut content = snapshot(folders);
        content.retain(|path, _| !left_out(path));
        let stamps = content
            .keys()
            .filter(|path| !unstamped(path))
            .map(|path| {
                let facts = std::fs::symlink_metadata(path).unwrap();
                let stamp = (facts.mtime(), facts.mtime_nsec(), facts.ino());
                (path.clone(), stamp)
            })
            .collect();
        Self { content, stamps }
    }

    /// Compares, and names each path that differs.
    #[track_caller]
    pub(crate) fn assert_same(&self, after: &Self) {
        assert_same(&self.content, &after.content);
        let moved: Vec<_> = self
            .stamps
            .iter()
            .filter(|(path, stamp)| after.stamps.get(*path) != Some(stamp))
            .map(|(path, _)| path)
            .collect();
        assert!(moved.is_empty(), "other time stamps: {moved:#?}");
    }
}
