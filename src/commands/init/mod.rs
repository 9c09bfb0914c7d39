//! `pdd-hooks init`: writes the policy for the languages it finds, and the workflow's documents. It overwrites nothing.

mod approver;
mod key;

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::worktree::{self, POLICY};
use super::{print, random};
use crate::error::Error;
use crate::exit::Exit;
use crate::git::command::Git;
use crate::policy::Policy;
use crate::scaffold::documents::documents;
use crate::scaffold::languages::{self, Project};
use crate::scaffold::{self, Repository};
use approver::Source;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// List who may approve: a public key, or a file in the form of allowed_signers
    #[arg(long, value_name = "FILE", conflicts_with = "new_approver_key")]
    approver: Option<PathBuf>,
    /// Make a key that approves, list it, and let this repository use it
    #[arg(long)]
    new_approver_key: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// What happens to a file.
struct Step {
    path: String,
    text: String,
    exists: bool,
}

/// Writes what is missing, says what was kept, and names the next steps.
///
/// # Errors
/// No work tree, a policy that cannot be read, or a file that cannot be written.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let git = worktree::top()?;
    let source = match &args.approver {
        Some(file) => Some(Source::File(file)),
        None => args.new_approver_key.then_some(Source::NewKey),
    };
    if let (Some(source), Some(policy)) = (&source, worktree::policy(git.folder())?) {
        let text = approver::add(&git, &policy, source, args.dry_run)?;
        print(out, &text)?;
        return Ok(Exit::Passed);
    }
    let projects = projects(&git)?;
    let mut steps = plan(&git, &projects)?;
    let listed = match &source {
        Some(source) => {
            let listed = source.lines(&git, args.dry_run)?;
            let signers = Policy::default().approval.signers;
            let text = approver::with_lines("", &listed.lines);
            steps.insert(1, step(git.folder(), signers, text));
            listed.notes
        }
        None => String::new(),
    };
    if !args.dry_run {
        for step in steps.iter().filter(|step| !step.exists) {
            worktree::create(&git.folder().join(&step.path), &step.text)?;
        }
    }
    print(out, &listed)?;
    print(out, &report(args, &git, &projects, &steps))?;
    Ok(Exit::Passed)
}

/// Finds the projects among the files that git tracks or would track: build folders and dependencies are ignored ones.
fn projects(git: &Git) -> Result<Vec<Project>, Error> {
    let listed = git.read(&[
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        ":(glob)*",
        ":(glob)*/*",
    ])?;
    let files: Vec<String> = listed
        .split(|&byte| byte == 0)
        .filter_map(|path| std::str::from_utf8(path).ok())
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    Ok(languages::detect(
        &files,
        |path| fs::read_to_string(git.folder().join(path)).ok(),
        |folder| environment(&git.folder().join(folder)),
    ))
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

fn plan(git: &Git, projects: &[Project]) -> Result<Vec<Step>, Error> {
    let (text, policy) = match worktree::policy(git.folder())? {
        Some(policy) => (String::new(), policy),
        None => {
            let repository = Repository {
                name: random::digits()?,
                protected: protected(git)?,
            };
            let text = scaffold::policy(&repository, projects);
            let policy = Policy::parse(&text, POLICY)?;
            (text, policy)
        }
    };
    let mut steps = vec![step(git.folder(), POLICY.to_owned(), text)];
    for document in documents(&policy) {
        steps.push(step(git.folder(), document.path, document.text.to_owned()));
    }
    Ok(steps)
}

fn step(top: &Path, path: String, text: String) -> Step {
    let exists = top.join(&path).symlink_metadata().is_ok();
    Step { path, text, exists }
}

fn protected(git: &Git) -> Result<String, Error> {
    let remote = git.find(&["symbolic-ref", "-q", "refs/remotes/origin/HEAD"])?;
    let remote = remote
        .as_deref()
        .and_then(|name| name.strip_prefix("refs/remotes/origin/"));
    let current = worktree::branch(git)?;
    let branches = git.line(&["for-each-ref", "--format=%(refname)", "refs/heads/"])?;
    Ok(scaffold::protected_branch(
        remote,
        current.as_deref(),
        |name| {
            branches
                .lines()
                .any(|branch| branch.strip_prefix("refs/heads/") == Some(name))
        },
    ))
}

fn report(args: &Args, git: &Git, projects: &[Project], steps: &[Step]) -> String {
    let mut text = String::new();
    let found: Vec<String> = projects.iter().map(Project::describe).collect();
    let found = if found.is_empty() {
        "no language that init knows".to_owned()
    } else {
        found.join(", ")
    };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "found {found} in {}", git.folder().display());
    let verb = if args.dry_run { "would write" } else { "wrote" };
    for step in steps {
        let verb = if step.exists { "kept" } else { verb };
        let _ = writeln!(text, "{verb} {}", step.path);
    }
    if steps.iter().all(|step| step.exists) {
        text.push_str("nothing to do: every file is there already\n");
    } else if !args.dry_run {
        text.push_str(&next_steps(steps));
    }
    text
}

fn next_steps(steps: &[Step]) -> String {
    let mut rooms: Vec<&str> = steps
        .iter()
        .map(|step| step.path.split('/').next().unwrap_or(&step.path))
        .collect();
    rooms.dedup();
    format!(
        "\nnext:\n  \
         1. read .pdd.toml: what differs from the defaults, and the checks that each commit has to pass\n  \
         2. git add {} && git commit -m \"chore(pdd): adopt the workflow [MAINT-1]\"\n  \
         3. pdd-hooks install\n  \
         4. git switch -c feat/TASK-001-<description>\n",
        rooms.join(" ")
    )
}
