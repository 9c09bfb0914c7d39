//! Regular expressions and globs as policy values: kept as they were written, compiled on first use.

use std::sync::OnceLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::TaskId;

/// A regular expression, checked when it is read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Regexp {
    text: String,
    #[serde(skip)]
    #[schemars(skip)]
    bracketed: OnceLock<Regex>,
    #[serde(skip)]
    #[schemars(skip)]
    whole: OnceLock<Regex>,
}

impl PartialEq for Regexp {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Regexp {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            bracketed: OnceLock::new(),
            whole: OnceLock::new(),
        }
    }

    /// Returns the expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn bracketed(&self, text: &str) -> Vec<TaskId> {
        let regex = self
            .bracketed
            .get_or_init(|| compile(&format!(r"\[({})\]", self.text)));
        regex
            .captures_iter(text)
            .filter_map(|found| found.get(1).map(|id| TaskId::new(id.as_str())))
            .collect()
    }

    pub(crate) fn matches_whole(&self, text: &str) -> bool {
        let regex = self
            .whole
            .get_or_init(|| compile(&format!("^(?:{})$", self.text)));
        regex.is_match(text)
    }

    pub(crate) fn task_of_branch(&self, branch: &str, id: &Self) -> Option<TaskId> {
        let regex = self.whole.get_or_init(|| {
            compile(&format!(
                "^(?:{})$",
                self.text
                    .replace("{task}", &format!("(?P<task>{})", id.text))
            ))
        });
        let found = regex.captures(branch)?;
        found.name("task").map(|task| TaskId::new(task.as_str()))
    }
}

fn compile(text: &str) -> Regex {
    Regex::new(text).expect("the policy was checked when it was read")
}

/// A list of globs; `**` crosses folders, `*` does not.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Globs {
    list: Vec<String>,
    #[serde(skip)]
    #[schemars(skip)]
    set: OnceLock<GlobSet>,
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Globs {
    /// Takes globs that are known to be good.
    pub fn new<const N: usize>(list: [&str; N]) -> Self {
        Self {
            list: list.map(String::from).to_vec(),
            set: OnceLock::new(),
        }
    }

    /// Returns the globs as they were written.
    pub fn as_slice(&self) -> &[String] {
        &self.list
    }

    /// Says whether a path (bytes, from the top of the repository) matches any of them.
    pub fn matches(&self, path: &[u8]) -> bool {
        let set = self.set.get_or_init(|| {
            let mut builder = GlobSetBuilder::new();
            for glob in &self.list {
                builder.add(
                    GlobBuilder::new(glob)
                        .literal_separator(true)
                        .build()
                        .expect("the policy was checked when it was read"),
                );
            }
            builder
                .build()
                .expect("the policy was checked when it was read")
        });
        set.is_match(path_of(path))
    }
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> &std::path::Path {
    use std::os::unix::ffi::OsStrExt as _;
    std::path::Path::new(std::ffi::OsStr::from_bytes(bytes))
}
