//! Several people at once: two branches that each add to the logs, merged and rebased by real gits; and what `doctor` makes of
//! two entries with one number.

use pdd_hooks::id::TaskId;
use pdd_hooks::workflow::changelog::{self, Entry};
use pdd_hooks::workflow::devlog;
use pdd_hooks::workflow::edit::apply;
use pdd_hooks::workflow::tasklist::{self, Status, write};

use crate::enrolled::POLICY;
use crate::support::{Repo, gits, set_mode};

const CHANGELOG: &str = "context/Changelog.md";
const DEVLOG: &str = "context/Devlog.md";

fn is_id(name: &str) -> bool {
    name.starts_with("TASK-")
}

/// An entry that shares all it can with any other.
fn done(task: &str) -> String {
    let task = TaskId::new(task);
    changelog::entry(&Entry {
        task: &task,
        title: "Search",
        kind: "feat",
        summary: "the same words",
        details: vec!["tests pass".into(), "linters pass".into()],
        started: Some("2026-01-15 09:00"),
        completed: "2026-01-15 10:00",
        estimated: Some("1 hour"),
        actual: Some("1 hour"),
        commits: Vec::new(),
    })
}

/// A decision with the title of any other, whose body begins and ends as theirs do.
fn decided(number: u32, task: &str) -> String {
    let body = format!("It is so:\n```\nof {task}\n```");
    let task = TaskId::new(task);
    devlog::entry(number, "One index", "2026-01-15", "DEV", &task, &body)
}

impl Repo {
    /// Makes a repository that has what `init` writes, with logs of some entries, and no hooks.
    fn with_logs(git: &std::path::Path, entries: &[&str]) -> Self {
        let repo = Self::init_with(git, &[]);
        let _ = repo.pdd(&["init"]).ok();
        for (number, task) in (1..).zip(entries) {
            repo.log(number, task);
        }
        repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        repo
    }

    /// Puts an entry at the top of both logs.
    fn log(&self, number: u32, task: &str) {
        let text = self.read(CHANGELOG);
        let edit = changelog::at_top(&text, &done(task), &is_id);
        self.write(CHANGELOG, apply(&text, vec![edit]));
        let text = self.read(DEVLOG);
        let edit = devlog::at_top(&text, &decided(number, task));
        self.write(DEVLOG, apply(&text, vec![edit]));
    }

    /// Commits entries of some tasks, oldest first, on a new branch from `main`.
    fn branch_that_logs(&self, name: &str, tasks: &[(u32, &str)]) {
        let _ = self.git(&["switch", "-q", "-c", name, "main"]).ok();
        for (number, task) in tasks {
            self.log(*number, task);
            self.commit_all(&format!("chore: complete it [{task}]"));
        }
    }

    /// Returns the tasks of the Changelog's entries and the numbers of the Devlog's, from the top; each entry must be whole.
    fn logged(&self) -> (Vec<String>, Vec<u32>) {
        let (text, log) = (self.read(CHANGELOG), self.read(DEVLOG));
        let found = changelog::done(&text, &is_id);
        let tasks: Vec<String> = found
            .iter()
            .map(|it| it.task.clone().unwrap().to_string())
            .collect();
        for (task, it) in tasks.iter().zip(&found) {
            assert_eq!(
                text[it.entry.bytes.clone()].trim_end(),
                done(task).trim_end()
            );
        }
        let found = devlog::decisions(&log);
        for it in &found {
            let task = it.entry.value(&log, &["task"]).unwrap();
            let entry = &log[it.entry.bytes.clone()];
            assert_eq!(entry.trim_end(), decided(it.number, task).trim_end());
        }
        (tasks, found.iter().map(|it| it.number).collect())
    }
}

#[test]
fn two_branches_that_both_add_to_the_logs_merge_without_a_conflict_and_every_entry_is_whole() {
    for git in gits() {
        for old in [&[][..], &["TASK-001", "TASK-002"]] {
            let repo = Repo::with_logs(&git, old);
            let next = u32::try_from(old.len()).unwrap() + 1;
            repo.branch_that_logs("one", &[(next, "TASK-011"), (next + 1, "TASK-012")]);
            repo.branch_that_logs("two", &[(next, "TASK-021"), (next + 1, "TASK-022")]);
            let _ = repo.git(&["merge", "-q", "--no-edit", "one"]).ok();
            let (tasks, numbers) = repo.logged();
            let mut expected = vec!["TASK-022", "TASK-021", "TASK-012", "TASK-011"];
            expected.extend(old.iter().rev());
            assert_eq!(tasks, expected);
            assert_eq!(numbers.len(), 4 + old.len());
        }
    }
}

#[test]
fn one_branch_is_rebased_on_the_other_without_a_conflict_and_each_task_keeps_its_order() {
    for git in gits() {
        let repo = Repo::with_logs(&git, &["TASK-001"]);
        repo.branch_that_logs("one", &[(2, "TASK-011"), (3, "TASK-012")]);
        repo.branch_that_logs("two", &[(2, "TASK-021"), (3, "TASK-022")]);
        let _ = repo.git(&["rebase", "-q", "one"]).ok();
        let (mut tasks, numbers) = repo.logged();
        assert_eq!(numbers.len(), 5);
        let order = |tasks: &[String], id: &str| tasks.iter().position(|it| it == id).unwrap();
        assert!(
            order(&tasks, "TASK-022") < order(&tasks, "TASK-021"),
            "{tasks:?}"
        );
        assert!(
            order(&tasks, "TASK-012") < order(&tasks, "TASK-011"),
            "{tasks:?}"
        );
        assert_eq!(tasks.pop().unwrap(), "TASK-001");
    }
}

/// A union tears what shares its last line with the other side, or more than three lines in a row: that is why the entries
/// are written as they are.
#[test]
fn an_entry_of_another_form_may_lose_lines_to_the_other() {
    let repo = Repo::with_logs(&gits()[0], &[]);
    let base = repo.read(CHANGELOG);
    for (branch, task) in [("one", "TASK-011"), ("two", "TASK-021")] {
        let _ = repo.git(&["switch", "-q", "-c", branch, "main"]).ok();
        let entry = format!("### {task}: x\n- **Task ID**: {task}\n- **Type**: feat\n");
        let edit = changelog::at_top(&base, &entry, &is_id);
        repo.write(CHANGELOG, apply(&base, vec![edit]));
        repo.commit_all(branch);
    }
    let _ = repo.git(&["merge", "-q", "--no-edit", "one"]).ok();
    assert_eq!(
        repo.read(CHANGELOG).matches("**Type**: feat").count(),
        base.matches("**Type**: feat").count() + 1
    );
}

#[test]
fn declarations_in_one_log_for_all_tasks_are_merged_whole() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]);
        repo.write(".pdd.toml", "persona.log = \"context/Personas.md\"\n");
        let _ = repo.pdd(&["init"]).ok();
        repo.write("context/Personas.md", "# Personas\n");
        repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        let mut logs = Vec::new();
        for task in ["TASK-011", "TASK-021"] {
            let _ = repo.git(&["switch", "-q", "-c", task, "main"]).ok();
            let _ = repo.pdd(&["persona", "PM", task, "plan"]).ok();
            repo.commit_all(task);
            let log = repo.read("context/Personas.md");
            logs.push(
                log.trim_start_matches("# Personas\n\n")
                    .trim_end()
                    .to_owned(),
            );
        }
        let _ = repo.git(&["merge", "-q", "--no-edit", "TASK-011"]).ok();
        let merged = repo.read("context/Personas.md");
        for log in logs {
            assert!(merged.contains(&log), "{merged}");
        }
    }
}

#[test]
fn doctor_names_the_numbers_that_a_merge_made_twice_and_renumbers_the_newer() {
    let repo = Repo::with_logs(&gits()[0], &["TASK-001"]);
    let _ = repo.pdd(&["install"]).ok();
    for (number, task) in [(2, "TASK-011"), (2, "TASK-021")] {
        repo.log(number, task);
    }
    let text = repo.read(DEVLOG).replace('\n', "\r\n");
    repo.write(DEVLOG, &text);
    set_mode(&repo.at(DEVLOG), 0o640);
    let report = repo.pdd(&["doctor"]);
    assert_eq!(report.code(), 1);
    let lines: Vec<usize> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.contains("DEVLOG-0002"))
        .map(|(at, _)| at)
        .collect();
    let (newer, older) = (lines[0], lines[1]);
    let problem = format!(
        "problem devlog: DEVLOG-0002 stands more than once: {DEVLOG}:{newer}, {DEVLOG}:{older}\n  = help: pdd-hooks doctor --fix\n"
    );
    assert!(report.stdout.contains(&problem), "{}", report.text());
    let fixed = repo.pdd(&["doctor", "--fix"]).ok();
    let said =
        format!("DEVLOG-0002 -> DEVLOG-0003 ({DEVLOG}:{newer})\nstage it: git add {DEVLOG}\n");
    assert!(fixed.stdout.contains(&said), "{}", fixed.text());
    assert!(
        !fixed.stdout.contains("stands more than once"),
        "{}",
        fixed.text()
    );
    assert_eq!(
        repo.read(DEVLOG),
        text.replacen("DEVLOG-0002", "DEVLOG-0003", 1)
    );
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(
        repo.at(DEVLOG).metadata().unwrap().permissions().mode() & 0o777,
        0o640
    );
    let again = repo.pdd(&["doctor", "--fix"]).ok();
    assert!(!again.stdout.contains("stage it"), "{}", again.text());
}

#[test]
fn a_devlog_in_conflict_or_behind_a_link_is_not_renumbered() {
    let repo = Repo::with_logs(&gits()[0], &["TASK-001"]);
    let _ = repo.git(&["rm", "-q", ".gitattributes"]).ok();
    repo.commit_all("chore: no union [MAINT-1]");
    repo.branch_that_logs("one", &[(2, "TASK-011")]);
    repo.branch_that_logs("two", &[(2, "TASK-021")]);
    assert_eq!(repo.git(&["merge", "-q", "one"]).code(), 1);
    let _ = repo.pdd(&["install"]).ok();
    let before = repo.read(DEVLOG);
    let report = repo.pdd(&["doctor", "--fix"]);
    assert_eq!(report.code(), 1);
    assert!(
        report
            .stdout
            .contains("left context/Devlog.md alone: it has a merge conflict\n"),
        "{}",
        report.text()
    );
    assert!(
        report
            .stdout
            .contains("problem devlog: context/Devlog.md has a merge conflict\n")
    );
    assert_eq!(repo.read(DEVLOG), before);

    let repo = Repo::with_logs(&gits()[0], &["TASK-001"]);
    repo.log(1, "TASK-002");
    let before = repo.read(DEVLOG);
    std::fs::rename(repo.at("context"), repo.at("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", repo.at("context")).unwrap();
    let report = repo.pdd(&["doctor", "--fix"]);
    assert!(
        report
            .stdout
            .contains("left context/Devlog.md alone: it is beyond a symbolic link\n"),
        "{}",
        report.text()
    );
    assert_eq!(repo.read("elsewhere/Devlog.md"), before);
}

#[test]
fn doctor_says_where_the_logs_are_not_merged_by_union() {
    let repo = Repo::with_logs(&gits()[0], &[]);
    let _ = repo.pdd(&["install"]).ok();
    assert!(!repo.pdd(&["doctor"]).ok().stdout.contains("logs:"));
    repo.write(".gitattributes", "/context/Devlog.md merge=ours\n");
    let report = repo.pdd(&["doctor"]).ok();
    let said = "ok      logs: branches that both add to context/Changelog.md conflict: .gitattributes has no `merge=union` for it\n  = help: pdd-hooks init\n";
    assert!(report.stdout.contains(said), "{}", report.text());
}

#[test]
fn two_tasks_are_merged_and_rebased_with_all_hooks_on_and_no_rule_is_broken() {
    for git in gits() {
        let repo = Repo::with_logs(&git, &["TASK-001"]);
        repo.write(".pdd.toml", POLICY);
        let adopt = ["commit", "-q", "-a", "--amend", "--no-edit"];
        let _ = repo.git(&adopt).ok();
        let _ = repo.pdd(&["install"]).ok();
        let _ = repo.git(&["branch", "dev"]).ok();
        for task in ["TASK-011", "TASK-021"] {
            let branch = format!("docs/{task}-search");
            let _ = repo.git(&["switch", "-q", "-c", &branch, "dev"]).ok();
            let _ = repo.pdd(&["persona", "PM", task, "complete it"]).ok();
            repo.log(2, task);
            repo.commit_all(&format!("docs: complete it [{task}]"));
        }
        let merge = |branch: &str| {
            let _ = repo.git(&["switch", "-q", "dev"]).ok();
            let _ = repo
                .git(&["merge", "-q", "--no-ff", "--no-edit", branch])
                .ok();
        };
        merge("docs/TASK-011-search");
        let _ = repo.git(&["switch", "-q", "docs/TASK-021-search"]).ok();
        let _ = repo.git(&["rebase", "-q", "dev"]).ok();
        assert_eq!(repo.class_of("HEAD"), "replayed (rebase)");
        merge("docs/TASK-021-search");
        assert_eq!(repo.logged().1, [2, 2, 1]);
        let fixed = repo.pdd(&["doctor", "--fix"]).ok();
        assert!(
            fixed.stdout.contains("DEVLOG-0002 -> DEVLOG-0003"),
            "{}",
            fixed.text()
        );
        let _ = repo.git(&["add", DEVLOG]).ok();
        let _ = repo.commit("docs(devlog): number it anew [MAINT-1]").ok();
        // What `dev` had first keeps its number, though the rebase put it above.
        assert_eq!(repo.logged().1, [2, 3, 1]);
        let check = repo.pdd(&["check", "main..dev"]);
        assert_eq!(check.code(), 0, "{}", check.text());
        for (revision, class) in [
            ("HEAD", "enforced"),
            ("HEAD^", "merge"),
            ("HEAD^^", "merge"),
        ] {
            assert_eq!(repo.class_of(revision), class, "{revision}");
            assert!(repo.codes_of(revision).is_empty());
        }
    }
}

#[test]
fn two_tasks_of_a_flat_tasklist_are_moved_on_at_once_without_a_conflict() {
    for git in gits() {
        let repo = Repo::with_logs(&git, &[]);
        let path = "context/Tasklist.md";
        let task = |id: &str| {
            format!("\n### {id}: Search\n\n- **Status**: PENDING\n- **Priority**: HIGH\n")
        };
        let text = repo.read(path) + &task("TASK-011") + &task("TASK-021");
        repo.write(path, &text);
        repo.commit_all("docs: plan [MAINT-1]");
        for id in ["TASK-011", "TASK-021"] {
            let _ = repo.git(&["switch", "-q", "-c", id, "main"]).ok();
            let tasks = tasklist::tasks(&text, &is_id);
            let of = tasks.iter().find(|it| it.id.as_str() == id).unwrap();
            let mut edits = vec![write::set(&text, of, "Status", "IN_PROGRESS", &[])];
            edits.push(write::set(
                &text,
                of,
                "Started",
                "2026-01-15 10:00",
                &["priority"],
            ));
            repo.write(path, apply(&text, edits));
            repo.commit_all(id);
        }
        let _ = repo.git(&["merge", "-q", "--no-edit", "TASK-011"]).ok();
        let text = repo.read(path);
        let tasks = tasklist::tasks(&text, &is_id);
        let statuses = tasks.iter().map(|it| it.status(&text).unwrap().unwrap());
        assert_eq!(statuses.collect::<Vec<_>>(), [Status::InProgress; 2]);
    }
}
