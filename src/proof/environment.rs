//! The environment that the user's checks get: this process's own without what git, a surrounding build or a surrounding
//! test run put there, so that a hook and a shell give the same outcome.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// Variables, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

/// The variables of git's own that stay: how it reaches a remote. All others name a repository, an index, a person, a
/// configuration or an editor of the command that started the hook (git(1), `git rev-parse --local-env-vars`).
const GIT_KEPT: &[&str] = &["GIT_SSL_", "GIT_SSH", "GIT_ALLOW_PROTOCOL", "GIT_EXEC_PATH"];

/// The variables that go, beside git's: they decide from outside what is built, selected or accepted, or put code of
/// somebody's into the runner. A check that needs one names it in its `env`.
const DROPPED: &[&str] = &[
    "BASH_ENV",
    "CARGO_BUILD_BUILD_DIR",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_CRATE_NAME",
    "CARGO_MAKEFLAGS",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_MANIFEST_PATH",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TARGET_DIR",
    "CARGO_TARGET_TMPDIR",
    "COVERAGE_PROCESS_START",
    "ENV",
    "LD_AUDIT",
    "LD_PRELOAD",
    "MAKEFLAGS",
    "MAKELEVEL",
    "MFLAGS",
    "NEXTEST",
    "NODE_OPTIONS",
    "NODE_TEST_CONTEXT",
    "OLDPWD",
    "OUT_DIR",
    "PWD",
    "PYTEST_ADDOPTS",
    "PYTEST_CURRENT_TEST",
    "PYTEST_PLUGINS",
    "PYTHONBREAKPOINT",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONPLATLIBDIR",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "SNAPSHOT_UPDATE",
    "TRYBUILD",
    "UPDATE_EXPECT",
];

/// The same by how their names begin.
const DROPPED_PREFIXES: &[&str] = &[
    "BASH_FUNC_",
    "CARGO_BIN_",
    "CARGO_BUILD_RUST",
    "CARGO_PKG_",
    "DYLD_INSERT_",
    "INSTA_",
    "JEST_",
    "NEXTEST_",
    "PDD_HOOKS_",
    "RUST_TEST_",
    "VITEST",
];

/// What every check gets.
const GIVEN: &[(&str, &str)] = &[
    ("CI", "1"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("INSTA_UPDATE", "no"),
    ("PYTHONDONTWRITEBYTECODE", "1"),
];

impl Environment {
    /// Takes what is fit for a check from this process's environment.
    pub fn base() -> Self {
        Self::scrubbed(std::env::vars_os())
    }

    /// Takes what is fit for a check from these variables.
    pub fn scrubbed(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self {
            variables: variables
                .into_iter()
                .filter(|(name, _)| stays(name.as_bytes()))
                .collect(),
        };
        if let Some(path) = environment.variables.get_mut(OsStr::new("PATH")) {
            *path = without_exec_path(path);
        }
        for (name, value) in GIVEN {
            environment.set(*name, *value);
        }
        environment
    }

    /// Returns a variable's value.
    pub fn value(&self, name: &str) -> Option<&OsStr> {
        self.variables
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
    }

    /// Sets a variable.
    pub fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.variables.insert(name.into(), value.into());
    }

    /// Replaces each path of a list such as `PATH`, where there is one.
    pub fn map_paths(&mut self, name: &str, map: impl Fn(&Path) -> OsString) {
        if let Some(value) = self.variables.get_mut(OsStr::new(name)) {
            // Joined by hand: an empty entry stands for the current folder and stays.
            let entries: Vec<_> = std::env::split_paths(value)
                .map(|path| map(&path))
                .collect();
            *value = entries.join(OsStr::new(":"));
        }
    }

    /// Keeps those paths of a list for which `holds` is true; an empty list goes altogether.
    pub fn keep_paths(&mut self, name: &str, holds: impl Fn(&Path) -> bool) {
        let Some(value) = self.variables.get_mut(OsStr::new(name)) else {
            return;
        };
        let kept: Vec<OsString> = std::env::split_paths(value)
            .filter(|path| holds(path))
            .map(OsString::from)
            .collect();
        if kept.is_empty() {
            self.variables.remove(OsStr::new(name));
        } else {
            *value = kept.join(OsStr::new(":"));
        }
    }

    /// Lists the variables, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

fn stays(name: &[u8]) -> bool {
    if name.starts_with(b"GIT_") {
        return begins_with_any(name, GIT_KEPT);
    }
    // What cargo starts in place of a test program: CARGO_TARGET_<triple>_RUNNER.
    let is_runner = name.starts_with(b"CARGO_TARGET_") && name.ends_with(b"_RUNNER");
    !is_runner
        && !DROPPED.iter().any(|dropped| dropped.as_bytes() == name)
        && !begins_with_any(name, DROPPED_PREFIXES)
}

fn begins_with_any(name: &[u8], prefixes: &[&str]) -> bool {
    prefixes
        .iter()
        .any(|prefix| name.starts_with(prefix.as_bytes()))
}

/// Leaves out the folder of git's own programs, which git puts before all others for its hooks and aliases, and what is
/// not absolute: from the slot it would name the tree under test, whose files are no runner.
fn without_exec_path(path: &OsStr) -> OsString {
    let is_exec_path =
        |folder: &Path| folder.ends_with("git-core") || folder.join("git-sh-setup").is_file();
    let folders: Vec<_> = std::env::split_paths(path)
        .skip_while(|folder| is_exec_path(folder))
        .filter(|folder| folder.is_absolute())
        .map(OsString::from)
        .collect();
    folders.join(OsStr::new(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubbed(variables: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |text: &OsStr| text.to_str().unwrap().to_owned();
        Environment::scrubbed(
            variables
                .iter()
                .map(|(name, value)| (name.into(), value.into())),
        )
        .iter()
        .map(|(name, value)| (own(name), own(value)))
        .filter(|(name, value)| !GIVEN.contains(&(name, value)))
        .collect()
    }

    fn kept(names: &[&str]) -> Vec<String> {
        let variables: Vec<_> = names.iter().map(|&name| (name, "x")).collect();
        let kept = scrubbed(&variables).into_iter().map(|(name, _)| name);
        kept.collect()
    }

    #[test]
    fn what_decides_from_outside_goes_and_the_rest_stays() {
        assert_eq!(
            kept(&[
                "HOME",
                "LD_PRELOAD",
                "NODE_OPTIONS",
                "RUSTC_WRAPPER",
                "CARGO_BUILD_RUSTC_WRAPPER",
                "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER",
                "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER",
                "BASH_ENV",
                "CARGO_HOME",
                "RUSTFLAGS",
                "GIT_SSH_COMMAND",
                "GIT_SSL_CAINFO",
                "GIT_ALLOW_PROTOCOL",
                "GIT_AUTHOR_DATE",
                "GIT_CONFIG_KEY_0",
                "GIT_TRACE2_EVENT",
                "GIT_EDITOR",
                "CARGO_TARGET_DIR",
                "CARGO_PKG_NAME",
                "NEXTEST",
                "NEXTEST_PROFILE",
                "JEST_WORKER_ID",
                "VITEST",
                "RUST_TEST_THREADS",
                "INSTA_FORCE_PASS",
                "PYTEST_ADDOPTS",
                "PDD_HOOKS_SLOT",
                "PWD",
            ]),
            [
                "CARGO_HOME",
                "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER",
                "GIT_ALLOW_PROTOCOL",
                "GIT_SSH_COMMAND",
                "GIT_SSL_CAINFO",
                "HOME",
                "RUSTFLAGS"
            ]
        );
    }

    #[test]
    fn what_is_given_wins_over_what_was_there() {
        let set = [("CI", "0"), ("INSTA_UPDATE", "always")];
        let variables = set.map(|(name, value)| (name.into(), value.into()));
        let environment = Environment::scrubbed(variables);
        let expected: Vec<_> = GIVEN
            .iter()
            .map(|(name, value)| (OsStr::new(name), OsStr::new(value)))
            .collect();
        assert_eq!(environment.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_hook_sees_the_path_of_the_shell_but_for_what_the_tree_could_fill() {
        let path = |value| scrubbed(&[("PATH", value)]);
        let shell = [("PATH".to_owned(), "/a/bin:/usr/bin".to_owned())];
        assert_eq!(path("/a/bin:/usr/bin"), shell);
        assert_eq!(
            path("/usr/lib/git-core:./bin:/a/bin::bin:/usr/bin:."),
            shell
        );
    }

    #[test]
    fn a_list_of_paths_is_mapped_entry_by_entry() {
        let mut environment = Environment::default();
        environment.set("PATH", "/w/bin::/usr/bin");
        environment.map_paths("PATH", |path| {
            if path.starts_with("/w") {
                "/slot/bin".into()
            } else {
                path.into()
            }
        });
        assert_eq!(
            environment.value("PATH"),
            Some(OsStr::new("/slot/bin::/usr/bin"))
        );
    }
}
