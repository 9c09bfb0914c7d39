//! `pdd-hooks validate`: runs the checks on exact trees and records what passes, so that hooks need only look it up.

mod commits;
mod red;
mod report;

use std::io::Write;

use super::{Format, range};
use crate::change::{Branch, Place, Standing};
use crate::error::Error;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::git::{InForce, Oid, Repository, Subject};
use crate::id::{CommitId, TreeId};
use crate::message::Message;
use crate::policy::{OnCommit, Policy};
use crate::progress::Progress;
use crate::proof::checked::{Checked, facts};
use crate::proof::request::Request;
use crate::proof::validation::Validator;
use crate::rules;
use crate::signing;

use red::Proven;
use report::{Report, Tree};

/// Without a range: what the index would commit. What has passed already is not run again, so a range that was stopped
/// goes on where it was. Exits with 1 where a check fails or proves nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The commits: a range as `git log` takes it, or one commit
    range: Option<String>,
    /// Run every check of the policy, in scope or not: to try them, or to have no doubt
    #[arg(long)]
    all: bool,
    /// Run once more what has passed already, and record it: what was recorded before a commit went round the hooks does not
    /// speak for it
    #[arg(long)]
    again: bool,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// There is no policy, the range names nothing, or the slot cannot be used.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    let force = range::policy(&repository, None)?;
    let mut bench = Bench {
        repository: &repository,
        force: &force,
        validator: Validator::new(&repository, &force).again(args.again),
        all: args.all,
        trees: Vec::new(),
        report: Report::new(args.range.clone(), args.format),
    };
    match &args.range {
        None => bench.staged(out)?,
        Some(range) => bench.commits(range, out)?,
    }
    // What passed before there was a key, or under another one, is signed now; no check runs for that.
    signing::sign_anew(&repository, &bench.trees)?;
    bench.report.finish(out)
}

/// What is needed to validate one tree after another.
struct Bench<'a> {
    repository: &'a Repository,
    force: &'a InForce,
    validator: Validator<'a>,
    /// Whether every check is asked for.
    all: bool,
    /// The trees that were validated, one way or the other.
    trees: Vec<TreeId>,
    report: Report,
}

impl Bench<'_> {
    fn policy(&self) -> &Policy {
        &self.force.policy
    }

    fn staged(&mut self, out: &mut dyn Write) -> Result<(), Error> {
        let head = self.repository.head()?;
        let branch = match head.branch {
            Some(branch) => Some(branch),
            None => self.repository.rebase_branch()?,
        };
        let merged = self.repository.merge_heads()?;
        let subject = Subject {
            tree: self.repository.index_tree()?,
            parents: head.commit.into_iter().chain(merged).collect(),
            place: Place::Staged(branch.clone()),
            branch: branch.map_or(Branch::Detached, Branch::Named),
            is_adoption: false,
            is_squash: false,
            replays: None,
        };
        let mut request = self.request(&subject)?;
        if self.policy().validation.on_commit == OnCommit::Require
            && let [head] = subject.parents[..]
        {
            // The hook will run nothing, also where what is staged amends the last commit.
            let parents = self.repository.commit(head)?.parents;
            let amend = Request::of(self.repository, self.policy(), subject.tree, &parents)?;
            let places = 0..self.policy().check.len();
            places
                .filter(|&place| amend.scope.holds(place))
                .for_each(|place| request.scope.add(place));
        }
        let ran = self.validate(&subject, request, None, String::new())?;
        let tree = Tree::staged(&subject, ran);
        self.report.add(tree, out)
    }

    /// What the change to a tree asks for by itself.
    fn request(&self, subject: &Subject) -> Result<Request, Error> {
        let (tree, parents) = (subject.tree, &subject.parents);
        let mut request = Request::of(self.repository, self.policy(), tree, parents)?;
        if self.all {
            (0..self.policy().check.len()).for_each(|place| request.scope.add(place));
        }
        Ok(request)
    }

    fn validate(
        &mut self,
        subject: &Subject,
        request: Request,
        message: Option<&Message>,
        prefix: String,
    ) -> Result<Ran, Error> {
        let request = request.spoken_for(self.repository, self.policy(), &subject.branch)?;
        let mut progress = Progress::at(prefix.clone());
        let checked = self.validator.run(&request, &mut progress)?;
        drop(progress);
        let mut change = self.repository.load(subject, message, self.policy())?;
        change.validation = facts(&checked);
        self.trees.push(TreeId::new(subject.tree.to_string()));
        let has_passed = checked.iter().all(|one| one.standing == Standing::Passed);
        let proven = match has_passed {
            true => self.prove(&change, request, message, prefix)?,
            false => Proven::default(),
        };
        change.red = proven.red;
        let mut findings = rules::run(&change, None, self.policy());
        findings.extend(proven.findings);
        if let Some(message) = message {
            findings.extend(self.red_findings(&change, message));
        }
        Ok(Ran {
            checked,
            red: proven.line,
            findings,
        })
    }
}

/// What validating one tree came to.
#[derive(Default)]
struct Ran {
    checked: Vec<Checked>,
    /// What was proven, in one line.
    red: String,
    findings: Vec<Finding>,
}

fn id(oid: Oid) -> CommitId {
    CommitId::new(oid.to_string())
}
