//! Where the program of a check stands: on the PATH that the check gets, not on this process's own.

use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::io::Errno;

/// Finds a program as execvp(3) would: a name with a slash from `folder`, any other in the folders of `path`.
///
/// # Errors
/// `NOENT`: it is not there; `ACCESS`: it is there, and no file that can be run.
pub(super) fn find(program: &str, folder: &Path, path: Option<&OsStr>) -> Result<PathBuf, Errno> {
    if program.is_empty() {
        return Err(Errno::NOENT);
    }
    if program.contains('/') {
        let file = folder.join(program);
        return match runnable(&file) {
            Some(true) => Ok(file),
            Some(false) => Err(Errno::ACCESS),
            None => Err(Errno::NOENT),
        };
    }
    let mut error = Errno::NOENT;
    for place in path.map(std::env::split_paths).into_iter().flatten() {
        // An empty entry is the current folder.
        let file = folder.join(place).join(program);
        match runnable(&file) {
            Some(true) => return Ok(file),
            Some(false) => error = Errno::ACCESS,
            None => {}
        }
    }
    Err(error)
}

/// Says whether the file can be run; none where there is none.
fn runnable(file: &Path) -> Option<bool> {
    let facts = std::fs::metadata(file).ok()?;
    Some(facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_looked_for_as_execvp_does() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (name, mode) in [
            ("bin/tool", 0o755),
            ("lib/tool", 0o644),
            ("lib/text", 0o644),
        ] {
            std::fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            std::fs::write(at(name), "").unwrap();
            std::fs::set_permissions(at(name), std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let path = std::env::join_paths([at("none"), at("lib"), "bin".into()]).unwrap();
        let find = |program| find(program, folder.path(), Some(&path));
        assert_eq!(find("tool"), Ok(at("bin/tool")));
        assert_eq!(find("bin/tool"), Ok(at("bin/tool")));
        assert_eq!(find("text"), Err(Errno::ACCESS));
        assert_eq!(find("./lib/text"), Err(Errno::ACCESS));
        assert_eq!(find("other"), Err(Errno::NOENT));
        assert_eq!(find("./other"), Err(Errno::NOENT));
        assert_eq!(find(""), Err(Errno::NOENT));
    }
}
