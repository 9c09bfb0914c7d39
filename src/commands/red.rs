//! `pdd-hooks red`: what the staged tests say without their source; seals those that wait for it.

use std::io::Write;

use serde::Serialize;

use super::{Format, print, print_json, range};
use crate::change::Standing;
use crate::change::{Branch, RedFirst, RedProof, RedTest, Seen, TestVerdict};
use crate::error::{CommandError, Error};
use crate::evidence::statement::SealedTest;
use crate::exit::Exit;
use crate::finding::{Finding, Level};
use crate::git::{InForce, Repository};
use crate::id::TaskId;
use crate::progress::Progress;
use crate::proof::checked::Checked;
use crate::proof::red::{self, Shown};
use crate::proof::request::Request;
use crate::proof::validation::Validator;
use crate::rules;

/// Tests alone are run and, where they fail, sealed: the next source of the task must turn them green as they are. Tests
/// with their source are run without it too, and the proof is shown. Exits with 1 where nothing is red, or where a
/// message that asks for a red proof would be refused.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Show what a test said on each side, from the last proof of what is staged
    #[arg(long, value_name = "TEST")]
    show: Option<String>,
    /// The task that they are for; without it that of the branch
    #[arg(long, value_name = "TASK")]
    task: Option<String>,
    /// How to answer
    #[arg(long, value_enum, default_value_t, hide_default_value = true)]
    format: Format,
}

/// What the command says; as JSON `pdd-hooks/red/1`.
#[derive(Debug, Serialize)]
struct Answer {
    schema: &'static str,
    tree: String,
    task: Option<TaskId>,
    sealed: Vec<SealedTest>,
    taken_back: Vec<String>,
    proof: Option<RedProof>,
    findings: Vec<Finding>,
}

impl Answer {
    fn has_source(&self) -> bool {
        let mut proof = self.proof.iter();
        proof.any(|proof| !proof.sources.is_empty())
    }
}

/// Runs the command.
///
/// # Errors
/// There is no policy, the task cannot be told, or the slot cannot be used.
pub fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let repository = Repository::open()?;
    let force = range::policy(&repository, None)?;
    let request = staged(&repository, &force, args)?;
    if let Some(test) = &args.show {
        return show(&repository, &request, test, out);
    }
    if request.scope.is_tests_only {
        may_seal(&request)?;
    }
    let mut validator = Validator::new(&repository, &force);
    let checked = validator.run(&request, &mut Progress::new())?;
    for one in &checked {
        // Data goes to `out`; a reader that is gone is no reason to stop.
        let _ = anstream::stderr().write_all(one.failure().as_bytes());
    }
    if let Some(failed) = checked.iter().find(|one| !has_passed(one)) {
        return Err(CommandError::PassCheck {
            check: failed.check.clone(),
        }
        .into());
    }
    let mut answer = Answer {
        schema: "pdd-hooks/red/1",
        tree: request.tree.to_string(),
        task: request.task.clone(),
        sealed: Vec::new(),
        taken_back: Vec::new(),
        proof: None,
        findings: Vec::new(),
    };
    let red = red::prove(&mut validator, &request, &mut Progress::new())?;
    if let (RedFirst::Known(proof), Some(level)) = (red, force.policy.level("red-first")) {
        let findings = rules::judge_red(&proof, true, &force.policy).into_iter();
        answer.findings = findings
            .map(|finding| Finding { level, ..finding })
            .collect();
        answer.proof = Some(*proof);
    }
    if !answer.has_source() && may_seal(&request).is_ok() {
        answer.taken_back = red::take_back(&validator, &request)?;
    }
    if request.scope.is_tests_only {
        answer.sealed = red::seal(&validator, &request)?.tests;
    }
    match args.format {
        Format::Text => print(out, &text(&answer, &request))?,
        Format::Json => print_json(out, &answer)?,
    }
    let is_red = if answer.has_source() {
        let mut findings = answer.findings.iter();
        !findings.any(|finding| finding.level == Level::Error)
    } else {
        !answer.sealed.is_empty() || !answer.taken_back.is_empty()
    };
    Ok(if is_red { Exit::Passed } else { Exit::Findings })
}

fn has_passed(one: &Checked) -> bool {
    one.standing == Standing::Passed
}

/// What is staged, for its task.
fn staged(repository: &Repository, force: &InForce, args: &Args) -> Result<Request, Error> {
    let head = repository.head()?;
    let branch = match head.branch {
        Some(branch) => Some(branch),
        None => repository.rebase_branch()?,
    };
    let parents: Vec<_> = head.commit.into_iter().collect();
    let policy = &force.policy;
    let tree = repository.index_tree()?;
    let request = Request::of(repository, policy, tree, &parents)?;
    let place = branch
        .as_ref()
        .map_or_else(|| "a detached HEAD".into(), |name| format!("`{name}`"));
    let branch = branch.map_or(Branch::Detached, Branch::Named);
    let request = request.spoken_for(repository, policy, &branch)?;
    let request = match &args.task {
        Some(task) if policy.is_task(task) => {
            request.of_task(repository, policy, TaskId::new(task.clone()))?
        }
        Some(task) => {
            return Err(CommandError::ReadTask {
                word: task.clone(),
                pattern: policy.task.id.as_str().to_owned(),
            }
            .into());
        }
        None => request,
    };
    if request.task.is_none() {
        return Err(CommandError::FindTask {
            place,
            command: "pdd-hooks red --task TASK-007".into(),
        }
        .into());
    }
    Ok(request)
}

/// Tests are sealed by QA, as its log has it; where nobody has spoken yet, by whoever asks.
fn may_seal(request: &Request) -> Result<(), Error> {
    match (red::other_than_qa(request), &request.task) {
        (Some(persona), Some(task)) => Err(CommandError::Seal {
            persona: persona.to_owned(),
            task: task.to_string(),
        }
        .into()),
        _ => Ok(()),
    }
}

fn text(answer: &Answer, request: &Request) -> String {
    let mut text = String::new();
    for path in &answer.taken_back {
        text.push_str(&format!("taken back: `{path}` is sealed no more\n"));
    }
    if request.scope.is_tests_only {
        text.push_str(&sealed(answer));
    }
    let Some(proof) = answer
        .proof
        .as_ref()
        .filter(|proof| !proof.sources.is_empty())
    else {
        if text.is_empty() {
            text.push_str(
                "nothing to seal or to prove: stage the tests, alone or with the source that turns them green\n",
            );
        }
        return text;
    };
    for test in &proof.tests {
        text.push_str(&line(test));
    }
    for source in &proof.sources {
        for function in &source.functions {
            let state = if function.is_proven {
                "fails a test"
            } else {
                "fails no proven test"
            };
            text.push_str(&format!(
                "{}:{}: `{}` {state}\n",
                source.path, function.line, function.name
            ));
        }
        if source.beyond_stubs {
            text.push_str(&format!(
                "{}: what stands outside functions is beyond the reach of stubs\n",
                source.path
            ));
        }
    }
    text.push_str(&red::summary(proof, "feat", true));
    text.push('\n');
    for finding in &answer.findings {
        text.push_str(&finding.render("what is staged"));
    }
    text
}

fn sealed(answer: &Answer) -> String {
    if answer.sealed.is_empty() {
        return "nothing to seal: no new or changed test fails\n".to_owned();
    }
    let task = answer.task.as_ref().map_or("the task", TaskId::as_str);
    let mut text = format!("sealed until source of {task} turns them green:\n");
    for test in &answer.sealed {
        text.push_str(&format!("  {}\n", test.id));
    }
    text
}

/// One test: its verdict, its name, and its state on both sides.
fn line(test: &RedTest) -> String {
    let verdict = match test.verdict {
        TestVerdict::Proven => "proven",
        TestVerdict::Weak => "weak",
        TestVerdict::Unproven => "unproven",
        TestVerdict::Unstable => "unstable",
        TestVerdict::NoProof => "no proof",
        TestVerdict::EnvironmentError => "environment-error",
    };
    let sealed = if test.is_sealed { " (sealed)" } else { "" };
    let (without, with) = (word(&test.without), word(&test.with));
    format!(
        "{verdict:<9} {}{sealed}: {without} before, {with} after\n",
        test.id
    )
}

fn word(seen: &Seen) -> &'static str {
    match seen {
        Seen::Passed => "passes",
        Seen::Failed => "fails",
        Seen::DoesNotLoad(_) => "does not load",
        Seen::TimedOut => "hangs",
        Seen::Skipped => "is skipped",
        Seen::Absent => "is in no report",
        Seen::EnvironmentError(_) => "cannot be run",
        Seen::Unstable => "is unstable",
    }
}

/// The test of this name; where there is none, the only one whose program adds its own name before it.
fn named<'s>(shown: &'s [Shown], test: &str) -> Option<&'s Shown> {
    let same = shown.iter().find(|one| one.id == test);
    same.or_else(|| {
        let ends = |one: &&Shown| {
            let rest = one.id.strip_suffix(test);
            rest.is_some_and(|rest| rest.ends_with("::") || rest.ends_with(' '))
        };
        let mut found = shown.iter().filter(ends);
        found.next().filter(|_| found.next().is_none())
    })
}

/// Prints what a test said on each side.
fn show(
    repository: &Repository,
    request: &Request,
    test: &str,
    out: &mut dyn Write,
) -> Result<Exit, Error> {
    let shown = red::shown(repository, request)?;
    let Some(found) = named(&shown, test) else {
        let known: Vec<String> = shown.into_iter().map(|one| one.id).collect();
        return Err(CommandError::FindShown {
            test: test.to_owned(),
            known,
        }
        .into());
    };
    for said in &found.sides {
        let state = word(&said.seen);
        print(out, &format!("--- {}: {state}\n", said.side))?;
        let output = said.output.trim_end();
        if !output.is_empty() {
            print(out, &format!("{output}\n"))?;
        }
    }
    Ok(Exit::Passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(ids: &[&str]) -> Vec<Shown> {
        let one = |id: &&str| Shown {
            check: "tests".into(),
            id: (*id).to_owned(),
            sides: Vec::new(),
        };
        ids.iter().map(one).collect()
    }

    #[test]
    fn a_test_is_found_without_its_program_where_one_program_has_it() {
        let both = shown(&["sums::add::adds", "sums::sub::adds", "sums::sub::subtracts"]);
        let id = |test: &str| named(&both, test).map(|one| one.id.as_str());
        assert_eq!(id("sums::add::adds"), Some("sums::add::adds"));
        assert_eq!(id("subtracts"), Some("sums::sub::subtracts"));
        assert_eq!(id("adds"), None);
        assert_eq!(id("racts"), None);
    }
}
