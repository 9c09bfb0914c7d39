//! What a command could not do, with the next step.

use std::io;
use std::path::PathBuf;

use crate::id::CommitId;

/// Says why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder lies in no work tree.
    #[error("this folder is not inside a git work tree")]
    FindTop,
    /// There is no `.pdd.toml`.
    #[error("this repository has no policy: `{}` does not exist", path.display())]
    FindPolicy {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file of the work tree cannot be read.
    #[error("could not read `{}`", path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of the work tree cannot be written.
    #[error("could not write `{}`", path.display())]
    WriteFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A report was to be written where a folder stands.
    #[error("could not write `{}`: it is a folder", path.display())]
    WriteFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A document of the workflow is a symbolic link, a folder, or in conflict.
    #[error("the document `{path}` {state}")]
    UseDocument {
        /// From the top of the work tree.
        path: String,
        /// What is wrong with it.
        state: &'static str,
        /// The next step.
        help: String,
    },
    /// No rule has this code or name.
    #[error("no rule is called `{word}`")]
    FindRule {
        /// What was asked for.
        word: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The policy names no such persona.
    #[error("the policy knows no persona `{word}`")]
    FindPersona {
        /// What was asked for.
        word: String,
        /// The one that was probably meant.
        nearest: Option<String>,
        /// Those that the policy names.
        known: Vec<String>,
    },
    /// No task was given, and the branch is named after none.
    #[error("no task was given, and {place} is named after none")]
    FindTask {
        /// The branch, or "a detached HEAD".
        place: String,
        /// The command that names one.
        command: String,
    },
    /// Nobody speaks for a task that is to be handed over.
    #[error("nobody speaks for `{task}` who could hand it over")]
    FindSpeaker {
        /// The task.
        task: String,
        /// Who may begin it.
        starts: String,
    },
    /// Only a task was given.
    #[error("no action was given: a declaration says what {role} is about to do")]
    FindAction {
        /// The persona.
        role: String,
        /// The task.
        task: String,
    },
    /// The word is no task by the policy.
    #[error("`{word}` is no task: the policy's pattern is `{pattern}`")]
    ReadTask {
        /// What was given.
        word: String,
        /// `task.id`.
        pattern: String,
    },
    /// A check does not pass on what is staged, so that nothing can be said of its tests.
    #[error("the check `{check}` does not pass on what is staged")]
    PassCheck {
        /// Its name.
        check: String,
    },
    /// Tests are sealed by QA, and another persona speaks for the task.
    #[error("QA seals tests, and {persona} speaks for {task}")]
    Seal {
        /// Who spoke last.
        persona: String,
        /// The task.
        task: String,
    },
    /// The last proof of what is staged holds no such test.
    #[error("no proof of what is staged knows the test `{test}`")]
    FindShown {
        /// What was asked for.
        test: String,
        /// Those that it knows.
        known: Vec<String>,
    },
    /// A range of two sides was to land.
    #[error("`{range}` has two sides, and a landing goes from one commit to another")]
    ReadLanding {
        /// As it was given.
        range: String,
    },
    /// A landing was asked about that never was one.
    #[error("{} was never the tip of `{branch}`: it landed within something else", commit.short())]
    FindTip {
        /// The commit.
        commit: CommitId,
        /// The branch.
        branch: String,
    },
    /// No remote was named, and none goes without saying.
    #[error("no remote was named, and {}", if known.is_empty() { "there is none" } else { "there are several" })]
    FindRemote {
        /// Those that there are.
        known: Vec<String>,
    },
    /// A remote does not take records.
    #[error("could not push the records to `{remote}`: {reason}")]
    PushRecords {
        /// The remote.
        remote: String,
        /// What it said, one line.
        reason: String,
    },
    /// No record has this name, or several begin so.
    #[error("{} begins with `{word}`", if *count == 0 { "no record's name".to_owned() } else { format!("the name of {count} records") })]
    FindRecord {
        /// What was asked for.
        word: String,
        /// How many there are.
        count: usize,
    },
    /// A record's bytes are not what its name says, or no envelope.
    #[error("could not read the record {name}: damaged, or no record")]
    ReadRecord {
        /// Its name.
        name: String,
    },
    /// An author is looked for by something that is no regular expression.
    #[error("could not read the regular expression `{pattern}`: {fault}")]
    ReadAuthor {
        /// As it was given.
        pattern: String,
        /// What is wrong with it, on one line.
        fault: String,
    },
    /// A text names no time.
    #[error("`{date}` is no date that git knows")]
    ReadDate {
        /// As it was given.
        date: String,
    },
    /// No random text for `[approval] repository`.
    #[error("could not draw random bytes from the system: {reason}")]
    DrawRandom {
        /// Why, in the system's words.
        reason: String,
    },
}

impl Error {
    /// Returns the next step, where there is one.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::FindTop => Some("change into a repository, or begin one: `git init`".into()),
            Self::FindPolicy { .. } => Some("pdd-hooks init".into()),
            Self::UseDocument { help, .. } => Some(help.clone()),
            Self::FindRule { nearest, .. } => Some(match nearest {
                Some(name) => format!("did you mean `{name}`? `pdd-hooks rules` lists them all"),
                None => "`pdd-hooks rules` lists them all".into(),
            }),
            Self::FindPersona { nearest, known, .. } => Some(match nearest {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("it names {}", known.join(", ")),
            }),
            Self::FindTask { command, .. } => Some(format!("name it: `{command}`")),
            Self::FindAction { role, task } => {
                Some(format!("pdd-hooks persona {role} {task} \"<action>\""))
            }
            Self::FindSpeaker { task, starts } => Some(format!(
                "a task begins with {starts}: `pdd-hooks persona <ROLE> {task} \"<action>\"`"
            )),
            Self::ReadTask { .. } => None,
            Self::ReadLanding { range } => {
                Some(format!("pdd-hooks check --into <branch> {}", range.replacen("...", "..", 1)))
            }
            Self::FindTip { branch, .. } => Some(format!(
                "`git log --first-parent {branch}` lists what its tip was: give a range between two of those, or leave out `--into`"
            )),
            Self::PassCheck { .. } => Some(
                "pdd-hooks validate shows what fails; a test that fails on purpose belongs in a change of tests alone".into(),
            ),
            Self::Seal { task, .. } => {
                Some(format!("pdd-hooks persona QA {task} \"<what the tests ask for>\""))
            }
            Self::FindShown { known, .. } if known.is_empty() => {
                Some("run `pdd-hooks red` first".into())
            }
            Self::FindShown { known, .. } => Some(format!("it knows {}", known.join(", "))),
            Self::FindRemote { known } if known.is_empty() => {
                Some("git remote add origin <address>".into())
            }
            Self::FindRemote { known } => Some(format!("name one: {}", known.join(", "))),
            Self::PushRecords { remote, .. } => Some(format!(
                "the records stay here; `git push {remote} refs/pdd/evidence` says more"
            )),
            Self::FindRecord { .. } => Some("pdd-hooks evidence list".into()),
            Self::ReadAuthor { pattern, .. } => Some(format!(
                "to find it as it stands: `--author '{}'`",
                regex::escape(pattern)
            )),
            Self::ReadDate { .. } => {
                Some("as `git log --since` takes it: `2026-01-15`, `2 weeks ago`, `yesterday`".into())
            }
            Self::ReadRecord { .. } => Some("pdd-hooks evidence verify".into()),
            Self::WriteFolder { path } => Some(format!(
                "name a file in it: `{}`",
                path.join("audit").display()
            )),
            Self::WriteFile { path, source } if source.kind() == io::ErrorKind::NotFound => {
                let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
                folder.map(|folder| format!("mkdir -p {}", folder.display()))
            }
            Self::ReadFile { .. } | Self::WriteFile { .. } | Self::DrawRandom { .. } => None,
        }
    }
}
