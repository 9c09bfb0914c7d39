//! What `init` would write, worked out before anything is written.

use std::fs;
use std::path::Path;

use super::documents::{self, Existing};
use crate::commands::random;
use crate::commands::worktree::{self, POLICY};
use crate::error::{CommandError, Error};
use crate::git::attributes;
use crate::git::command::Git;
use crate::policy::Policy;
use crate::scaffold::documents::documents;
use crate::scaffold::languages::{self, Project};
use crate::scaffold::{self, Repository};
use crate::workflow::attributes::{FILE, with_union};

/// All of it.
pub(super) struct Plan {
    /// The projects whose checks the policy names.
    pub(super) projects: Vec<Project>,
    /// The policy, as it is or will be.
    pub(super) policy: Policy,
    /// Documents that were there before.
    pub(super) existing: Vec<Existing>,
    /// The files, in the order in which they are written.
    pub(super) steps: Vec<Step>,
    /// The files that git tracks or would track: build folders and dependencies are ignored ones.
    pub(super) files: Vec<String>,
    /// The branches there are, here and on remotes.
    pub(super) branches: Branches,
}

/// What happens to a file.
pub(super) struct Step {
    /// From the top.
    pub(super) path: String,
    /// What.
    pub(super) what: What,
}

/// What happens to it.
pub(super) enum What {
    /// It is written.
    Create(String),
    /// Lines are added below: the old text and the new.
    Extend(String, String),
    /// It stays.
    Keep,
    /// It stays, and is not what it should be.
    Leave(&'static str),
}

/// Names of branches, without `refs/`, those of remotes without their remote.
pub(super) struct Branches {
    local: Vec<String>,
    remote: Vec<String>,
    head: Option<String>,
    /// The one that is checked out.
    pub(super) current: Option<String>,
}

impl Plan {
    /// Looks at the repository.
    ///
    /// # Errors
    /// git cannot be asked, or the policy cannot be read.
    pub(super) fn make(git: &Git) -> Result<Self, Error> {
        let files = files(git)?;
        let projects = projects(git, &files);
        let branches = Branches::read(git)?;
        let (mut steps, policy, existing) = match worktree::policy(git.folder())? {
            Some(policy) => {
                let existing = documents::look(git, &files, &policy, false);
                (vec![Step::keep(POLICY)], policy, existing)
            }
            None => {
                let existing = documents::look(git, &files, &Policy::default(), true);
                let protected = branches.protected();
                let repository = Repository {
                    name: random::digits()?,
                    integration: branches.integration(&protected),
                    protected,
                    documents: documents::elsewhere(&existing),
                };
                let text = scaffold::policy(&repository, &projects);
                let policy = Policy::parse(&text, POLICY)?;
                let step = Step::create(git, POLICY.to_owned(), text);
                (vec![step], policy, existing)
            }
        };
        steps.extend(attributes(git, &policy)?);
        for document in documents(&policy) {
            if !existing.iter().any(|it| it.is_instead_of(&document.path)) {
                let text = document.text.to_owned();
                steps.push(Step::create(git, document.path, text));
            }
        }
        Ok(Self {
            projects,
            policy,
            existing,
            steps,
            files,
            branches,
        })
    }
}

impl Step {
    /// Writes a file, unless something stands there.
    pub(super) fn create(git: &Git, path: String, text: String) -> Self {
        let what = match git.folder().join(&path).symlink_metadata() {
            Ok(_) => What::Keep,
            Err(_) => What::Create(text),
        };
        Self { path, what }
    }

    fn keep(path: &str) -> Self {
        let (path, what) = (path.to_owned(), What::Keep);
        Self { path, what }
    }

    /// Says whether something is written.
    pub(super) fn writes(&self) -> bool {
        matches!(self.what, What::Create(_) | What::Extend(..))
    }

    /// Writes it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn take(&self, top: &Path) -> Result<(), Error> {
        let path = top.join(&self.path);
        match &self.what {
            What::Create(text) => worktree::create(&path, text),
            What::Extend(_, text) => worktree::replace(&path, text),
            What::Keep | What::Leave(_) => Ok(()),
        }
    }
}

impl Branches {
    fn read(git: &Git) -> Result<Self, Error> {
        let format = "--format=%(refname)";
        let names = git.line(&["for-each-ref", format, "refs/heads/", "refs/remotes/"])?;
        let below = |room: &'static str| {
            names
                .lines()
                .filter_map(move |name| name.strip_prefix(room))
        };
        let of_remote = |name: &str| Some(name.split_once('/')?.1.to_owned());
        let head = git.find(&["symbolic-ref", "-q", "refs/remotes/origin/HEAD"])?;
        let head = head
            .as_deref()
            .and_then(|name| name.strip_prefix("refs/remotes/origin/"));
        Ok(Self {
            local: below("refs/heads/").map(str::to_owned).collect(),
            remote: below("refs/remotes/").filter_map(of_remote).collect(),
            head: head.map(str::to_owned),
            current: worktree::branch(git)?,
        })
    }

    /// Says whether a branch is here or on a remote.
    pub(super) fn has(&self, name: &str) -> bool {
        self.local
            .iter()
            .chain(&self.remote)
            .any(|branch| branch == name)
    }

    fn protected(&self) -> String {
        let (head, current) = (self.head.as_deref(), self.current.as_deref());
        let is_local = |name: &str| self.local.iter().any(|branch| branch == name);
        scaffold::protected_branch(head, current, is_local)
    }

    fn integration(&self, protected: &str) -> Option<String> {
        scaffold::integration_branch(protected, |name| self.has(name)).map(str::to_owned)
    }
}

fn files(git: &Git) -> Result<Vec<String>, Error> {
    let listed = git.read(&[
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ])?;
    let paths = listed
        .split(|&byte| byte == 0)
        .filter_map(|path| std::str::from_utf8(path).ok());
    let mut files: Vec<String> = paths
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    // A path in conflict is listed once a side.
    files.sort();
    files.dedup();
    Ok(files)
}

/// Finds the projects at the top and one folder below.
fn projects(git: &Git, files: &[String]) -> Vec<Project> {
    let near = files.iter().filter(|path| path.matches('/').count() < 2);
    let near: Vec<String> = near.cloned().collect();
    languages::detect(
        &near,
        |path| fs::read_to_string(git.folder().join(path)).ok(),
        |folder| environment(&git.folder().join(folder)),
    )
}

/// Returns the virtual environment of a folder that holds pytest, unless PATH has pytest: then one is active, or none is
/// wanted.
fn environment(folder: &Path) -> Option<&'static str> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&path).any(|place| place.join("pytest").is_file()) {
        return None;
    }
    let holds_pytest = |name: &&str| folder.join(name).join("bin/pytest").is_file();
    [".venv", "venv"].into_iter().find(holds_pytest)
}

/// Lets git merge the logs by union, but for those that have a merge driver already.
fn attributes(git: &Git, policy: &Policy) -> Result<Option<Step>, Error> {
    let path = git.folder().join(FILE);
    let old = match path.symlink_metadata() {
        // From a symbolic link git reads nothing (gitattributes(5)).
        Ok(metadata) if !metadata.is_file() => {
            return Ok(Some(Step {
                path: FILE.to_owned(),
                what: What::Leave("git reads it from a plain file only"),
            }));
        }
        Ok(_) => Some(
            fs::read_to_string(&path).map_err(|source| CommandError::ReadFile { path, source })?,
        ),
        Err(_) => None,
    };
    let logs = policy.shared_logs();
    let drivers = attributes::merge_drivers(git, &logs)?;
    let lacking = logs
        .into_iter()
        .zip(drivers)
        .filter(|(_, driver)| driver.is_none());
    let lacking: Vec<String> = lacking.map(|(path, _)| path).collect();
    let new = with_union(old.as_deref().unwrap_or_default(), &lacking);
    Ok(match old {
        None if lacking.is_empty() => None,
        None => Some(Step::create(git, FILE.to_owned(), new)),
        Some(old) if old == new => Some(Step::keep(FILE)),
        Some(old) => Some(Step {
            path: FILE.to_owned(),
            what: What::Extend(old, new),
        }),
    })
}
