//! `task start`: from a PENDING task to a work branch with a declaration, all of it or nothing.

use std::io::Write;

use super::branch;
use super::lack::{Lack, refuse};
use super::texts::Texts;
use super::{Desk, new, next};
use crate::change::{Place, Role};
use crate::commands::persona::{self, Intent};
use crate::commands::worktree::{self, Written};
use crate::commands::{print, suggest};
use crate::error::{Error, TaskError};
use crate::exit::Exit;
use crate::finding::{Level, printable};
use crate::id::TaskId;
use crate::workflow::board::{Board, Row, State};
use crate::workflow::tasklist::draft::Draft;
use crate::workflow::tasklist::{Priority, Status};

/// Who may bring a task along: the bug that it investigates.
const TROUBLESHOOT: &str = "TROUBLESHOOT";

/// The work branch begins at the integration branch; what you have changed meanwhile goes along as far as git can carry it
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The task; without it the next one
    task: Option<String>,
    /// Who begins: `PM`, or `TROUBLESHOOT` for a bug, in any case
    #[arg(long = "as", value_name = "ROLE", default_value = "PM")]
    role: String,
    /// The name of the work branch; without it one of type, task and title
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// With `--as TROUBLESHOOT`: the title of a bug that is in no document yet
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// With `--title`: how one knows that the bug is mended; give it again for each
    #[arg(long, value_name = "TEXT", requires = "title")]
    criterion: Vec<String>,
}

/// What is to be begun.
struct Plan<'a> {
    desk: &'a Desk,
    task: TaskId,
    role: String,
    /// The title of a bug that is to be added.
    bug: Option<String>,
    /// How one knows that the bug is mended.
    criteria: Vec<String>,
    since: String,
    author: String,
}

/// Runs the command.
///
/// # Errors
/// There is no such task, persona or branch to begin at, git does not cut the branch, or a document cannot be written.
pub(super) fn run(desk: &Desk, args: &Args, out: &mut dyn Write) -> Result<Exit, Error> {
    let role = persona::role(&desk.policy, &args.role)?;
    let base = branch::base(desk)?;
    let here = Texts::carried(desk, &base, None)?;
    let board = here.board(desk);
    let Some((task, bug)) = chosen(desk, args, &role, &board)? else {
        if let Some(error) = Texts::here_alone(desk, &base, &board, None) {
            return Err(error.into());
        }
        print(out, &next::none(desk, &board))?;
        return Ok(Exit::Findings);
    };
    let plan = Plan {
        desk,
        since: worktree::now(),
        author: worktree::author(&desk.git)?,
        task,
        role,
        bug,
        criteria: new::criteria(&args.criterion),
    };
    // Who stands on the task's branch already begins there.
    let stands = desk.branchs().as_ref() == Some(&plan.task);
    let texts = match stands {
        true => Texts::here(desk, &plan.task)?,
        false => Texts::carried(desk, &base, Some(&plan.task))?,
    };
    let board = texts.board(desk);
    let row = match plan.bug {
        Some(_) => None,
        None => match desk.row(&board, &plan.task) {
            Err(Error::Task(TaskError::FindEntry { task, path })) => {
                let alone = Texts::here_alone(desk, &base, &board, Some(&task));
                let alone = alone.filter(|_| !stands);
                return Err(alone.unwrap_or(TaskError::FindEntry { task, path }).into());
            }
            row => Some(row?),
        },
    };
    let title = match (&plan.bug, row) {
        (Some(title), _) => title.clone(),
        (None, row) => row.map(|row| row.task.title.clone()).unwrap_or_default(),
    };
    let written = plan.written(&texts, &title);
    let mut lacks = row.map_or_else(Vec::new, |row| plan.lacks(&board, row));
    let name = plan.branch(args, row, &title, board.text, &mut lacks)?;
    lacks.extend(plan.unstaged()?);
    lacks.extend(plan.transition(&texts, &title));
    if !lacks.is_empty() {
        return Ok(refuse(&plan.task, "cannot be started", &lacks));
    }
    // What cannot be written is found before a branch is cut.
    written?;
    if !stands {
        branch::cut(desk, &name, &base)?;
    }
    let begun = Texts::here(desk, &plan.task).and_then(|texts| {
        let written = plan.written(&texts, &title)?;
        worktree::stage(&desk.git, &written)?;
        Ok(written)
    });
    if begun.is_err() && !stands {
        branch::back(desk, &name);
    }
    let staged = match begun?.len() {
        1 => format!("{} is staged", desk.policy.log_of(&plan.task)),
        _ => {
            let (tasklist, log) = (&desk.policy.task.tasklist, desk.policy.log_of(&plan.task));
            format!("{tasklist} and {log} are staged")
        }
    };
    let is_again = row.is_some_and(|row| row.status == Some(Status::InProgress));
    let from = (!stands).then_some(base.name.as_str());
    print(out, &plan.told(&name, from, is_again, &title, &staged))?;
    Ok(Exit::Passed)
}

/// The task that was given, or comes next, with the title of a bug that is new; none where no task comes next.
fn chosen(
    desk: &Desk,
    args: &Args,
    role: &str,
    board: &Board<'_>,
) -> Result<Option<(TaskId, Option<String>)>, Error> {
    let given = args.task.as_deref().map(|word| desk.read(word));
    let given = given.transpose()?;
    let is_known = |task: &TaskId| !board.find(task).is_empty() || board.entry(task).is_some();
    let title = args.title.as_ref().filter(|_| role == TROUBLESHOOT);
    let title = title.map(|title| new::titled(std::slice::from_ref(title)));
    let title = title.transpose()?;
    Ok(match (given, title) {
        (Some(task), Some(title)) if !is_known(&task) && !desk.policy.is_standing(&task) => {
            Some((task, Some(title)))
        }
        (Some(task), None) if !is_known(&task) && role == TROUBLESHOOT => {
            return Err(TaskError::FindWords {
                what: "title of the bug",
                command: format!("pdd-hooks task start {task} --as {role} --title \"<title>\""),
            }
            .into());
        }
        (Some(task), _) => Some((task, None)),
        (None, Some(title)) => Some((new::free(desk, board)?, Some(title))),
        (None, None) => board.next().map(|row| (row.task.id.clone(), None)),
    })
}

impl Plan<'_> {
    fn intent(&self, title: &str) -> Intent {
        let verb = match self.role == TROUBLESHOOT {
            true => "investigate",
            false => "plan",
        };
        Intent {
            role: self.role.clone(),
            task: self.task.clone(),
            action: format!("{verb} {title}"),
        }
    }

    fn log(&self, texts: &Texts, title: &str) -> String {
        let log = texts.log.as_deref();
        let intent = self.intent(title);
        persona::declare(&self.desk.policy, log, &intent, &self.since, &self.author)
    }

    /// The Tasklist and the log as they are to be.
    fn written(&self, texts: &Texts, title: &str) -> Result<Vec<Written>, Error> {
        let log = Written {
            path: self.desk.policy.log_of(&self.task),
            before: texts.log.clone(),
            after: self.log(texts, title),
        };
        if self.is_in_work(texts) {
            return Ok(vec![log]);
        }
        let mut tasklist = Written {
            path: self.desk.policy.task.tasklist.clone(),
            before: texts.tasklist.clone(),
            after: texts.tasklist.clone().unwrap_or_default(),
        };
        if self.bug.is_some() {
            let draft = Draft {
                id: &self.task,
                title,
                status: Status::InProgress,
                priority: Priority::High,
                kind: "fix",
                dependencies: &[],
                criteria: &self.criteria,
                // Who investigates adds the bug and nothing else (PDD006).
                may_make_section: false,
            };
            tasklist = new::added(self.desk, texts.tasklist.as_deref(), &draft)?;
        }
        let owner = self.author.split(" <").next().unwrap_or_default();
        tasklist.after = self.desk.step(&tasklist.after, &self.task, |step| {
            step.start(&self.since, owner)
        })?;
        Ok(vec![log, tasklist])
    }

    /// Whether who investigates finds the task in work: it is somebody's, who keeps it (PDD006).
    fn is_in_work(&self, texts: &Texts) -> bool {
        let board = texts.board(self.desk);
        let mut rows = board.find(&self.task).into_iter();
        self.role == TROUBLESHOOT && rows.any(|row| row.status == Some(Status::InProgress))
    }

    fn lacks(&self, board: &Board<'_>, row: &Row) -> Vec<Lack> {
        let task = &self.task;
        let mut lacks = Vec::new();
        match row.status {
            Some(Status::InProgress) if self.desk.branchs().as_ref() == Some(task) => {
                let what = "it is IN_PROGRESS, and you are on its branch";
                lacks.push(Lack::new(what, "pdd-hooks status"));
            }
            Some(Status::Pending | Status::InProgress) => {}
            Some(Status::Blocked) => {
                let mend = format!("pdd-hooks task unblock {task}");
                lacks.push(Lack::new("it is BLOCKED", mend));
            }
            Some(status) => lacks.push(Lack::new(
                format!("it is {status}"),
                "pdd-hooks task next names one that can be",
            )),
            None => lacks.push(self.desk.no_status(row)),
        }
        for (other, state) in board.waits_for(row) {
            let mend = match state {
                State::Open(Some(Status::Pending)) => format!("pdd-hooks task start {other}"),
                State::Unknown => format!(
                    "correct the Dependencies of {task}, or add it: pdd-hooks task new --id {other} \"<title>\""
                ),
                _ => format!("pdd-hooks task show {other}"),
            };
            let what = format!("it waits for {other}, which is {}", state.name());
            lacks.push(Lack::new(what, mend));
        }
        lacks
    }

    /// The work branch, with what keeps it from being cut.
    fn branch(
        &self,
        args: &Args,
        row: Option<&Row>,
        title: &str,
        text: &str,
        lacks: &mut Vec<Lack>,
    ) -> Result<String, Error> {
        let (desk, task) = (self.desk, &self.task);
        let kind = match row {
            Some(row) => row.task.kind(text).unwrap_or_else(|| "feat".to_owned()),
            None => "fix".to_owned(),
        };
        if desk.branchs().as_ref() == Some(task) {
            return Ok(desk.branch.clone().unwrap_or_default());
        }
        for (name, of) in desk.work_branches()? {
            if of == *task {
                let remote = name.strip_prefix("refs/remotes/");
                let local = remote.and_then(|name| name.split_once('/'));
                let mend = format!("git switch {}", local.map_or(name.as_str(), |it| it.1));
                let name = remote.unwrap_or(&name);
                lacks.push(Lack::new(format!("its branch is there: `{name}`"), mend));
            }
        }
        let pattern = desk.policy.branch.work.as_str();
        let name = match &args.branch {
            Some(name) => Some(name.clone()),
            None => branch::name(&desk.policy, task, &kind, title),
        };
        match name {
            Some(name) if desk.policy.role(&name, &[]) == Role::Work(task.clone()) => Ok(name),
            Some(name) => {
                let what = format!("`{name}` is no work branch of it by the policy: `{pattern}`");
                lacks.push(Lack::new(what, "leave out --branch, or name another"));
                Ok(name)
            }
            None => {
                let what = format!("no branch name can be made up by the policy: `{pattern}`");
                lacks.push(Lack::new(what, "name one: --branch <name>"));
                Ok(String::new())
            }
        }
    }

    /// Changes of the documents that are not staged: the commit would hold them.
    fn unstaged(&self) -> Result<Vec<Lack>, Error> {
        let policy = &self.desk.policy;
        let mut lacks = Vec::new();
        for path in [policy.task.tasklist.clone(), policy.log_of(&self.task)] {
            let args = [
                "--literal-pathspecs",
                "status",
                "--porcelain=v1",
                "-z",
                "--untracked-files=all",
                "--",
                &path,
            ];
            let state = self.desk.git.read(&args)?;
            if state.get(1).is_some_and(|&letter| letter != b' ') {
                let what = format!("`{path}` has changes that are not staged");
                lacks.push(Lack::new(what, format!("git add {path}")));
            }
        }
        Ok(lacks)
    }

    /// What the log does not allow.
    fn transition(&self, texts: &Texts, title: &str) -> Vec<Lack> {
        let findings = persona::judge(
            &self.desk.policy,
            Place::Staged(None),
            &self.intent(title),
            texts.log.clone(),
            self.log(texts, title),
        );
        let errors = findings.into_iter().filter(|it| it.level == Level::Error);
        errors
            .map(|it| Lack::new(it.message, it.help.unwrap_or_default()))
            .collect()
    }

    fn told(
        &self,
        name: &str,
        from: Option<&str>,
        is_again: bool,
        title: &str,
        staged: &str,
    ) -> String {
        let Self { task, role, .. } = self;
        let policy = &self.desk.policy;
        let cut = from.map_or_else(String::new, |from| format!(", cut from {from}"));
        let again = match is_again {
            true => format!("{task} was IN_PROGRESS before\n"),
            false => String::new(),
        };
        let title = printable(title);
        let commit = suggest::commit(policy, &format!("start {title}"), task);
        format!(
            "started {task} on {name}{cut}: {title}\n{again}declared {role}; {staged}\n{commit}\n"
        )
    }
}
