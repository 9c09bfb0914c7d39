//! The programs that an install copies: where they are, and what they are.

use std::path::PathBuf;

use super::{Error, files};

/// The programs of this version, read whole.
#[derive(Debug)]
pub struct Programs {
    hooks: Vec<Program>,
    command: Program,
}

/// One program.
#[derive(Debug)]
pub(super) struct Program {
    /// The name it gets in its new place: `commit-msg`, `pdd-hooks`.
    pub(super) name: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) sha256: String,
}

impl Programs {
    /// Reads the running executable, and the programs of these hooks, which stand beside it or in `../libexec/pdd-hooks` of it.
    ///
    /// # Errors
    /// A program is missing or cannot be read.
    pub fn find(names: &[&'static str]) -> Result<Self, Error> {
        let unknown = std::path::Path::new("the running program");
        let running = std::env::current_exe().map_err(Error::read(unknown))?;
        let running = files::resolved(&running);
        let beside = running.parent().map(PathBuf::from).unwrap_or_default();
        let folders = vec![beside.clone(), beside.join("../libexec/pdd-hooks")];
        let mut hooks = Vec::with_capacity(names.len());
        for &name in names {
            let file = format!("pdd-{name}");
            let path = folders
                .iter()
                .map(|folder| folder.join(&file))
                .find(|path| files::is_runnable(path))
                .ok_or_else(|| Error::FindProgram {
                    name: file.clone(),
                    folders: folders.clone(),
                })?;
            hooks.push(Program::new(name, files::read(&path)?));
        }
        let command = Program::new("pdd-hooks", files::read(&running)?);
        Ok(Self { hooks, command })
    }

    pub(super) fn hooks(&self) -> &[Program] {
        &self.hooks
    }

    pub(super) fn command(&self) -> &Program {
        &self.command
    }

    /// Returns the hook program of this name.
    pub(super) fn hook(&self, name: &str) -> Option<&Program> {
        self.hooks.iter().find(|program| program.name == name)
    }

    /// Says whether a file with this hash is a hook program of this version.
    pub(super) fn know(&self, sha256: &str) -> bool {
        self.hooks.iter().any(|program| program.sha256 == sha256)
    }
}

impl Program {
    fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        let sha256 = files::sha256(&bytes);
        Self {
            name,
            bytes,
            sha256,
        }
    }
}
