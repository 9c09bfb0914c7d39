//! The slot's index as gitformat-index(5) describes it: which paths it holds, and whether it can be trusted. What git
//! did not write there by itself (flags that hide changes, foreign extensions) makes it worth nothing.

/// One path of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tracked {
    /// From the top, in bytes.
    pub(super) path: Vec<u8>,
    /// What stands there.
    pub(super) kind: Kind,
    /// The id of its content, in bytes.
    pub(super) id: Vec<u8>,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Symlink,
    /// A commit of another repository; in a slot, an empty folder.
    Submodule,
}

/// Extensions that only speed git up: none of them hides a path or a change.
const HARMLESS: &[&[u8]] = &[b"TREE", b"EOIE", b"IEOT"];
const ASSUME_VALID: u16 = 0x8000;
const STAGE: u16 = 0x3000;
const NAME: u16 = 0x0fff;

/// Reads an index with object ids of `id` bytes; none where it is damaged or not to be trusted.
pub(super) fn read(bytes: &[u8], id: usize) -> Option<Vec<Tracked>> {
    let body = bytes.len().checked_sub(id)?;
    // Only version 2: flags such as skip-worktree stand in later ones alone, and git writes 2 where it can.
    if bytes.get(..8)? != b"DIRC\0\0\0\x02" {
        return None;
    }
    let count = number(bytes, 8)?;
    let mut entries = Vec::new();
    let mut at = 12;
    for _ in 0..count {
        let (entry, length) = one(bytes.get(at..body)?, id)?;
        entries.push(entry);
        at += length;
    }
    while at < body {
        if !HARMLESS.contains(&bytes.get(at..at + 4)?) {
            return None;
        }
        at = at.checked_add(8)?.checked_add(number(bytes, at + 4)?)?;
    }
    (at == body).then_some(entries)
}

fn one(bytes: &[u8], id: usize) -> Option<(Tracked, usize)> {
    let mode = number(bytes, 24)?;
    let kind = match mode & 0o170_000 {
        0o100_000 => Kind::File,
        0o120_000 => Kind::Symlink,
        0o160_000 => Kind::Submodule,
        _ => return None,
    };
    let at = 40 + id;
    let flags = u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?);
    if flags & (ASSUME_VALID | STAGE) != 0 {
        return None;
    }
    let name = bytes.get(at + 2..)?;
    let length = name.iter().position(|&byte| byte == 0)?;
    let stated = usize::from(flags & NAME);
    if stated != length.min(usize::from(NAME)) {
        return None;
    }
    let tracked = Tracked {
        path: name[..length].to_vec(),
        kind,
        id: bytes.get(40..at)?.to_vec(),
    };
    // One to eight NULs up to a multiple of eight.
    Some((tracked, (at + 2 + length + 8) & !7))
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn git(folder: &Path, args: &[&str]) {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }
        let status = command.current_dir(folder).args(args).status().unwrap();
        assert!(status.success(), "git {args:?}");
    }

    /// An index of three paths, as the git on PATH writes it.
    fn index(format: &str, more: &[&str]) -> Option<Vec<Tracked>> {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path();
        git(top, &["init", "-q", &format!("--object-format={format}")]);
        std::fs::create_dir(top.join("d")).unwrap();
        std::fs::write(top.join("d/file"), "1").unwrap();
        std::os::unix::fs::symlink("d", top.join("link")).unwrap();
        git(top, &["add", "."]);
        if !more.is_empty() {
            git(top, more);
        }
        let id = if format == "sha1" { 20 } else { 32 };
        let bytes = std::fs::read(top.join(".git/index")).unwrap();
        assert_eq!(read(&bytes[..bytes.len() - 1], id), None);
        assert_eq!(read(&bytes, 52 - id), None);
        read(&bytes, id)
    }

    #[test]
    fn the_paths_that_git_wrote_are_read() {
        let told = |entries: Option<Vec<Tracked>>| {
            let entries = entries.unwrap().into_iter();
            let all = entries.map(|entry| {
                let id: String = entry.id.iter().map(|byte| format!("{byte:02x}")).collect();
                (String::from_utf8(entry.path).unwrap(), entry.kind, id)
            });
            all.collect::<Vec<_>>()
        };
        // What `git hash-object` says of `1` and of `d`.
        for (format, one, link) in [
            (
                "sha1",
                "56a6051ca2b02b04ef92d5150c9ef600403cb1de",
                "c59d9b6344f1af00e504ba698129f07a34bbed8d",
            ),
            (
                "sha256",
                "36456d9b87f21fc54ed5babf1222a9ab0fbbd0c4ad239a7933522d5e4447049c",
                "55cc6f7da5760d996efe0cc07be001b84b632aca9650ce46c8a86392debfa415",
            ),
        ] {
            let expected = [
                ("d/file".to_owned(), Kind::File, one.to_owned()),
                ("link".to_owned(), Kind::Symlink, link.to_owned()),
            ];
            assert_eq!(told(index(format, &[])), expected);
            assert_eq!(told(index(format, &["write-tree"])), expected);
        }
    }

    #[test]
    fn an_index_that_hides_changes_is_not_trusted() {
        for args in [
            &["update-index", "--assume-unchanged", "d/file"][..],
            &["update-index", "--skip-worktree", "d/file"],
            &["update-index", "--split-index"],
            &["update-index", "--force-untracked-cache"],
            &["update-index", "--index-version", "4"],
            &["rm", "-q", "--cached", "d/file", "-f"],
        ] {
            let read = index("sha1", args);
            assert_eq!(read.is_some(), args[0] == "rm", "{args:?}: {read:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_stop(bytes in proptest::collection::vec(any::<u8>(), 0..300), count in 0u8..4) {
            let _ = read(&bytes, 20);
            let mut index = b"DIRC\0\0\0\x02\0\0\0".to_vec();
            index.push(count);
            index.extend(bytes);
            let _ = read(&index, 20);
        }
    }
}
