//! The manifest: what an install found and what it wrote, so that each byte can be put back. It is written before
//! anything else, as a journal: a killed install can be undone, or run again.

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::server::Server;
use super::{Error, files};

/// How the hooks are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Ours stand in the repository's own hooks folder.
    Direct,
    /// Ours stand in our folder, `core.hooksPath` points there, and the folder in effect before is chained to.
    Chain,
    /// Ours stand in our folder, and `hook.pdd-*` of the configuration names them.
    Config,
}

impl Mode {
    /// Says how, for messages.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Direct => "as files in the hooks folder",
            Self::Chain => "as files behind `core.hooksPath`",
            Self::Config => "as configuration (`--config-hooks`)",
        }
    }
}

/// What stood there before and what was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of this file: 1.
    pub form: u32,
    /// The version of the tool that wrote it.
    pub tool: String,
    /// How the hooks are reached.
    pub mode: Mode,
    /// Whether the install came to its end.
    pub complete: bool,
    /// The folder of the hook programs.
    pub hooks: Place,
    /// The folder that is chained to, in chain mode.
    pub chain: Option<Place>,
    /// Hooks that stood in the place of ours.
    pub kept: Vec<Kept>,
    /// Hooks that were kept before another tool took their place; they do not run.
    pub earlier: Vec<Place>,
    /// Symlinks beside the kept hooks, for files that these may call.
    pub links: Vec<Link>,
    /// Programs written.
    pub written: Vec<Written>,
    /// Folders made for them.
    pub folders: Vec<Place>,
    /// What was changed in configuration files.
    pub config: Vec<ConfigChange>,
    /// What a server has besides; none in a clone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Server>,
}

/// A hook of someone else's, moved so that ours can stand there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// git's name of the hook.
    pub name: String,
    /// Where it stood.
    pub from: Place,
    /// Where it stands now.
    pub to: Place,
    /// What it is.
    pub thing: Thing,
    /// The target of the symlink now, where it had to become absolute.
    pub retargeted: Option<Place>,
}

/// What a kept hook is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// A regular file.
    File {
        /// Its content.
        sha256: String,
        /// Its permission bits.
        mode: u32,
    },
    /// A symlink.
    Symlink {
        /// Its target as it was.
        target: Place,
    },
}

/// A symlink of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The symlink.
    pub path: Place,
    /// Its target, as written.
    pub target: Place,
}

/// A file of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The file.
    pub path: Place,
    /// Its content.
    pub sha256: String,
    /// Its permission bits.
    pub mode: u32,
}

/// A change of one configuration file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigChange {
    /// The file.
    pub file: Place,
    /// Where its bytes before are saved.
    pub saved: Place,
    /// `local` or `worktree`.
    pub scope: String,
    /// Its SHA-256 before; none where there was no file.
    pub before: Option<String>,
    /// Its SHA-256 after.
    pub after: String,
    /// What was set, in this order.
    pub values: Vec<Value>,
}

/// One value in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The key: `core.hooksPath`.
    pub key: String,
    /// The value.
    pub value: String,
    /// The values that it replaced; a value that was added replaced none.
    pub replaced: Vec<String>,
}

/// A path as JSON can hold it: from the git common folder on where it is inside, bytes that are no UTF-8 as `%XX`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Place(String);

impl Place {
    /// Takes a path of the repository whose git common folder this is.
    pub fn of(common: &Path, path: &Path) -> Self {
        Self::raw(path.strip_prefix(common).unwrap_or(path))
    }

    /// Takes a path as it stands: a symlink's target.
    pub fn raw(path: &Path) -> Self {
        let mut text = String::new();
        for chunk in path.as_os_str().as_bytes().utf8_chunks() {
            text.push_str(&chunk.valid().replace('%', "%25"));
            for byte in chunk.invalid() {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
        Self(text)
    }

    /// Returns the path in the repository whose git common folder this is.
    pub fn path(&self, common: &Path) -> PathBuf {
        common.join(self.as_written())
    }

    /// Returns the path as it stands.
    pub fn as_written(&self) -> PathBuf {
        let mut bytes = Vec::with_capacity(self.0.len());
        let mut rest = self.0.as_bytes();
        while let Some((&first, after)) = rest.split_first() {
            let escaped = (first == b'%')
                .then(|| after.get(..2))
                .flatten()
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            match escaped {
                Some(byte) => {
                    bytes.push(byte);
                    rest = after.get(2..).unwrap_or_default();
                }
                None => {
                    bytes.push(first);
                    rest = after;
                }
            }
        }
        PathBuf::from(std::ffi::OsString::from_vec(bytes))
    }
}

impl Manifest {
    /// Reads the manifest of the repository whose git common folder this is; none where nothing is installed.
    ///
    /// # Errors
    /// It cannot be read or understood.
    pub fn read(common: &Path) -> Result<Option<Self>, Error> {
        let path = path_of(common);
        let Some(bytes) = files::read_if_there(&path)? else {
            return Ok(None);
        };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|source| Error::ParseManifest { path, source })
    }

    /// Writes the manifest, whole or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, common: &Path) -> Result<(), Error> {
        let path = path_of(common);
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|source| Error::ParseManifest {
            path: path.clone(),
            source,
        })?;
        bytes.push(b'\n');
        files::write_durably(&path, &bytes, 0o644)
    }

    /// Returns git's names of the hooks that it installed.
    pub(super) fn names(&self) -> &'static [&'static str] {
        super::names(self.server.is_some())
    }

    /// Says how the hooks are reached, and on which side.
    pub(super) fn words(&self) -> String {
        let side = self.server.as_ref().map_or("", |_| "for a server, ");
        format!("{side}{}", self.mode.words())
    }

    /// Says whether an install wrote this content at this path; after a killed upgrade there may be two.
    pub(super) fn wrote(&self, place: &Place, sha256: &str) -> bool {
        self.written
            .iter()
            .any(|written| &written.path == place && written.sha256 == sha256)
    }

    /// Returns the kept hook of this name.
    pub(super) fn kept_as(&self, name: &str) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.name == name)
    }

    /// Says whether a file with this hash is one that the install wrote, wherever it stands now.
    pub(super) fn know(&self, sha256: &str) -> bool {
        self.written.iter().any(|written| written.sha256 == sha256)
    }
}

/// Returns where the manifest stands.
pub(super) fn path_of(common: &Path) -> PathBuf {
    common.join("pdd").join(OsStr::new("manifest.json"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_path_comes_back_as_it_was(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let path = PathBuf::from(std::ffi::OsString::from_vec(bytes));
            prop_assert_eq!(Place::raw(&path).as_written(), path);
        }

        #[test]
        fn no_text_in_a_manifest_makes_a_place_panic(text in ".*") {
            let _ = Place(text).as_written();
        }

        #[test]
        fn no_bytes_make_the_manifest_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = serde_json::from_slice::<Manifest>(&bytes);
        }
    }

    #[test]
    fn a_path_inside_the_git_folder_moves_with_it() {
        let place = Place::of(
            Path::new("/old/.git"),
            Path::new("/old/.git/hooks/pre-commit"),
        );
        assert_eq!(
            place.path(Path::new("/new/.git")),
            Path::new("/new/.git/hooks/pre-commit")
        );
        let place = Place::of(Path::new("/old/.git"), Path::new("/srv/hooks"));
        assert_eq!(place.path(Path::new("/new/.git")), Path::new("/srv/hooks"));
    }
}
