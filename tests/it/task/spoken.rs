//! Who writes what: a step that the hooks would refuse to commit writes nothing and names the way.

use super::{TASKLIST, follow, ways};
use crate::support::Repo;
use crate::tasked::{LOG, TASKS};

/// The steps that are PM's.
const STEPS: [&[&str]; 4] = [
    &["task", "block", "TASK-001", "no key"],
    &["task", "block", "TASK-002", "no key"],
    &["task", "unblock", "TASK-003"],
    &["task", "new", "One more"],
];

fn tasks() -> String {
    format!(
        "{TASKS}\n### TASK-003: Wait\n\n- **Status**: BLOCKED\n- **Priority**: LOW\n- **Notes**: BLOCKED - no key (was PENDING)\n"
    )
}

#[test]
fn what_is_pms_is_refused_while_others_speak_and_can_be_committed_once_pm_does() {
    for (speakers, way) in [
        (&["PM", "QA"][..], "pdd-hooks handoff PM"),
        (
            &["PM", "QA", "DEV"],
            "pdd-hooks handoff QA && pdd-hooks handoff PM",
        ),
        (&["TROUBLESHOOT"], "pdd-hooks handoff PM"),
    ] {
        let repo = Repo::tasked(&tasks(), speakers);
        let last = speakers[speakers.len() - 1];
        let is_refused = |step: &[&str]| last != "TROUBLESHOOT" || step[1] != "new";
        for step in STEPS.into_iter().filter(|step| is_refused(step)) {
            let refused = repo.pdd(step);
            assert_eq!(refused.code(), 1, "{step:?} {}", refused.text());
            assert_eq!(ways(&refused), [way], "{}", refused.text());
            let what = format!("\n - {last} speaks for `TASK-001`, and this is PM's to write\n");
            assert!(refused.stderr.contains(&what), "{}", refused.stderr);
            assert_eq!(repo.ask(&["status", "--porcelain"]), "", "{step:?}");
        }
        for command in way.split(" && ") {
            let words: Vec<&str> = command.split(' ').skip(1).collect();
            let _ = repo.pdd(&words).ok();
        }
        for step in STEPS {
            let _ = follow(&repo, &repo.pdd(step).ok()).ok();
        }
    }
}

#[test]
fn who_finds_a_bug_adds_one_task_and_no_second() {
    let repo = Repo::tasked(TASKS, &["TROUBLESHOOT"]);
    let added = repo.pdd(&["task", "new", "It leaks"]).ok();
    let text = repo.read(TASKLIST);
    let second = repo.pdd(&["task", "new", "And more"]);
    assert_eq!(ways(&second), ["pdd-hooks handoff PM"]);
    assert_eq!(repo.read(TASKLIST), text);
    let _ = follow(&repo, &added).ok();
}

#[test]
fn where_nobody_speaks_or_no_work_branch_is_checked_out_all_goes_on() {
    let repo = Repo::tasked(&tasks(), &["PM", "QA"]);
    let _ = repo.git(&["switch", "-q", "-c", "dev"]).ok();
    for step in STEPS {
        let _ = follow(&repo, &repo.pdd(step).ok()).ok();
    }
    let _ = repo.git(&["switch", "-q", "-c", "docs/MAINT-1"]).ok();
    let _ = follow(&repo, &repo.pdd(&["task", "new", "Again"]).ok()).ok();
    let repo = Repo::tasked(&tasks(), &[]);
    assert!(!repo.has(LOG));
    let _ = repo.pdd(STEPS[0]).ok();
}

#[test]
fn on_a_protected_branch_nothing_is_written_and_another_is_named() {
    let repo = Repo::tasked(&tasks(), &[]);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    for branch in ["docs/MAINT-1", "dev"] {
        // A new task waits, staged, for the branch that is cut for it, where there is no other.
        let are_refused = [STEPS[1], STEPS[2], STEPS[3]].into_iter();
        for step in are_refused.filter(|step| branch == "dev" || step[1] != "new") {
            let refused = repo.pdd(step);
            assert_eq!(refused.code(), 1);
            let create = if branch == "dev" { "" } else { "-c " };
            assert_eq!(
                ways(&refused),
                [format!("git switch {create}{branch}")],
                "{}",
                refused.text()
            );
            assert!(
                refused
                    .stderr
                    .contains("\n - `main` takes no commit of it\n"),
                "{}",
                refused.stderr
            );
            assert_eq!(repo.ask(&["status", "--porcelain"]), "");
        }
        let create = if branch == "dev" { "-q" } else { "-qc" };
        let _ = repo.git(&["switch", create, branch]).ok();
        for step in [STEPS[1], STEPS[2], STEPS[3]] {
            let _ = follow(&repo, &repo.pdd(step).ok()).ok();
        }
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        let _ = repo.git(&["branch", "dev"]);
    }
}

#[test]
fn on_the_only_branch_a_new_task_is_begun_or_planned_alone() {
    for is_begun in [true, false] {
        let repo = Repo::tasked("# Tasklist\n", &[]);
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        let said = repo.pdd(&["task", "new", "One more"]).ok().stdout;
        let ways = "pdd-hooks task start TASK-002\nor plan it alone: git switch -c docs/MAINT-1 && git commit -m \"docs(tasks): add TASK-002 One more [MAINT-1]\"\n";
        assert!(said.ends_with(ways), "{said}");
        if is_begun {
            let started = repo.pdd(&["task", "start", "TASK-002"]).ok();
            let _ = follow(&repo, &started).ok();
        } else {
            let _ = repo.git(&["switch", "-q", "-c", "docs/MAINT-1"]).ok();
            let _ = repo
                .commit("docs(tasks): add TASK-002 One more [MAINT-1]")
                .ok();
            let refused = repo.pdd(&["task", "start", "TASK-002"]);
            assert_eq!(
                refused.stderr,
                "error: `TASK-002` stands here alone: `main`, from which its branch is cut, has not got it yet\n  = help: it lands first: pdd-hooks approve docs/MAINT-1 --into main\n"
            );
            assert_eq!(repo.pdd(&["task", "start"]).stderr, refused.stderr);
            let _ = repo.git(&["switch", "-q", "main"]).ok();
            let again = repo.pdd(&["task", "new", "Another"]).ok().stdout;
            assert!(
                again.contains("git switch -c docs/MAINT-1-2 && "),
                "{again}"
            );
            let _ = repo.git(&["reset", "-q", "--hard", "docs/MAINT-1"]);
            let _ = repo.git(&["switch", "-q", "docs/MAINT-1"]);
        }
        assert!(repo.read(TASKLIST).contains("TASK-002: One more"));
        assert_eq!(repo.ask(&["status", "--porcelain"]), "");
    }
}

#[test]
fn a_task_is_completed_where_that_can_be_committed() {
    let ready = TASKS.replacen("IN_PROGRESS", "READY_FOR_VALIDATION", 1);
    let ready = ready.replacen("[ ] fast", "[x] fast", 1);
    let repo = Repo::tasked(&ready, &["PM", "QA", "DEV", "QA", "PM"]);
    let _ = repo.git(&["switch", "-q", "-c", "dev"]).ok();
    // The work has landed, round the hooks.
    let landed = [
        "-c",
        "core.hooksPath=/dev/null",
        "branch",
        "-q",
        "-f",
        "main",
        "dev",
    ];
    let _ = repo.git(&landed).ok();
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let refused = repo.pdd(&["task", "complete", "TASK-001"]);
    assert_eq!(ways(&refused), ["git switch dev"], "{}", refused.text());
    assert_eq!(repo.ask(&["status", "--porcelain"]), "");
    let _ = repo.git(&["switch", "-q", "dev"]).ok();
    let completed = repo.pdd(&["task", "complete", "TASK-001"]).ok();
    let _ = follow(&repo, &completed).ok();
}

#[test]
fn a_task_that_has_gone_on_elsewhere_does_not_stand_here_alone() {
    let tasks = "# Tasklist\n\n### TASK-002: Rank\n\n- **Status**: PENDING\n";
    let repo = Repo::tasked(tasks, &[]);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    repo.replace(TASKLIST, "PENDING", "IN_PROGRESS");
    let round = [
        "-c",
        "core.hooksPath=/dev/null",
        "commit",
        "-qm",
        "docs: start it [TASK-002]",
    ];
    let _ = repo.git(&round).ok();
    let _ = repo.git(&["switch", "-q", "-"]).ok();
    let said = repo.pdd(&["task", "start"]);
    assert_eq!(said.code(), 1, "{}", said.text());
    assert!(
        said.stdout.starts_with("no task comes next"),
        "{}",
        said.text()
    );
}
