//! The probes as data: what `tamper/`, `honest/` and `base/` hold. It starts nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Which way a probe must go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Work that looks proven and is not: the last step must be refused.
    Tamper,
    /// Work of people who mean it: every step must be accepted.
    Honest,
}

impl Kind {
    /// The folder of its probes.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Kind::Tamper => "tamper",
            Kind::Honest => "honest",
        }
    }

    fn last_verdict(self) -> Verdict {
        match self {
            Kind::Tamper => Verdict::Refused,
            Kind::Honest => Verdict::Accepted,
        }
    }
}

/// What the hooks said to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    /// Git did it.
    Accepted,
    /// A rule found something.
    Refused,
    /// Git did not do it, and no rule says why.
    #[serde(skip)]
    Undecided,
}

/// A file of `tamper/<language>/` or `honest/<language>/`.
pub(crate) struct Probe {
    /// Which way it must go.
    pub(crate) kind: Kind,
    /// The folder that it lies in.
    pub(crate) language: String,
    /// The trick, or the work, in one sentence.
    pub(crate) about: String,
    /// The project that it begins with.
    pub(crate) base: Base,
    /// Text that follows the policy of the base; before its first table it belongs to the last check.
    pub(crate) policy: String,
    /// Files that the project has besides, or has otherwise.
    pub(crate) files: BTreeMap<String, String>,
    /// What is done, in order.
    pub(crate) steps: Vec<Step>,
    file: String,
}

impl Probe {
    /// Names it by its path: `tamper/python/tautology`.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}/{}", self.kind.folder(), self.language, self.file)
    }

    /// What the hooks must say to a step, counted from 0.
    pub(crate) fn expected(&self, step: usize) -> Verdict {
        let is_last = step + 1 == self.steps.len();
        self.steps[step].expect.unwrap_or(match is_last {
            true => self.kind.last_verdict(),
            false => Verdict::Accepted,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    about: String,
    base: String,
    #[serde(default)]
    policy: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    step: Vec<Step>,
}

/// One commit, or what `commit` says instead.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// The message that it is committed with.
    #[serde(default)]
    pub(crate) message: String,
    /// Files that are written, whole.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// Paths that are deleted.
    #[serde(default)]
    pub(crate) delete: Vec<String>,
    /// Shell commands, run once the files stand there; then everything is staged.
    #[serde(default)]
    pub(crate) run: String,
    /// A shell command in place of `git commit -q -m <message>`; it has the message as `$1`.
    pub(crate) commit: Option<String>,
    /// What the hooks must say, where it is not what the kind of probe asks for.
    pub(crate) expect: Option<Verdict>,
    /// Words that the output must hold.
    #[serde(default)]
    pub(crate) says: Vec<String>,
}

/// A file of `base/`: a project that adopts the workflow.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Base {
    /// Its checks, as `init` writes them.
    pub(crate) policy: String,
    /// Its files.
    pub(crate) files: BTreeMap<String, String>,
    /// Folders of the runners that come first on PATH.
    #[serde(default)]
    pub(crate) programs: Vec<String>,
    /// Packages that stand in its `node_modules`.
    #[serde(default)]
    pub(crate) packages: Vec<String>,
}

/// Reads every probe, in the order of their names.
pub(crate) fn all() -> Vec<Probe> {
    let mut probes = Vec::new();
    for kind in [Kind::Honest, Kind::Tamper] {
        for language in entries(&here().join(kind.folder())) {
            for path in entries(&language) {
                let written: Written = read(&path);
                probes.push(Probe {
                    kind,
                    language: stem(&language),
                    about: written.about,
                    base: base(&written.base),
                    policy: written.policy,
                    files: written.files,
                    steps: written.step,
                    file: stem(&path),
                });
            }
        }
    }
    probes
}

fn base(name: &str) -> Base {
    read(&here().join("base").join(format!("{name}.toml")))
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
