//! `ready` and `complete`: what the workflow demands, and the way to the Changelog.

use super::{CHANGELOG, DONE, TASKLIST};
use crate::support::Repo;
use crate::validation::scene::TESTS;

const OPEN: &str = "\
# Tasklist

## IN_PROGRESS

### TASK-001: Steps

- **Status**: IN_PROGRESS
- **Type**: feat
- **Started**: 2026-01-14 09:00
- **Estimated Time**: 2 days
- **Description**: Steps of one line
- **Acceptance Criteria**:
  - [ ] has a line
  - [ ] has a test

## READY_FOR_VALIDATION

## PENDING

### TASK-009: Later

- **Status**: PENDING
";

/// A repository on the branch of a task that is in work, whose log ends with QA.
fn begun(tasklist: &str) -> Repo {
    let repo = Repo::checked("");
    repo.write(TASKLIST, tasklist);
    repo.write(CHANGELOG, DONE);
    repo.commit_all("docs: plan [TASK-001]");
    repo
}

fn commit(repo: &Repo, said: &str) {
    let command = said
        .lines()
        .find_map(|line| line.strip_prefix("git commit -m \""));
    let _ = repo.commit(command.unwrap().trim_end_matches('"')).ok();
}

#[test]
fn a_validated_task_goes_to_the_top_of_the_changelog_with_dates_time_and_commits() {
    let items = OPEN
        .replace("### TASK-001: Steps\n\n", "- [ ] **[TASK-001]** - Steps\n")
        .replace("\n- **", "\n  - **")
        .replace("\n  - [ ]", "\n    - [ ]")
        .replace("### TASK-009: Later\n\n", "- [ ] **[TASK-009]** - Later\n")
        .replace('\n', "\r\n");
    for text in [OPEN, &items] {
        let repo = begun(text);
        repo.validated_step("one");
        let folder = repo.at("context");
        let ready = repo.pdd_in(&folder, &["task", "ready"]).ok().stdout;
        assert_eq!(
            ready,
            "TASK-001 is READY_FOR_VALIDATION, staged
git commit -m \"docs(tasks): hand Steps to validation [TASK-001]\"
then: tick each criterion that is met, declare PM, and pdd-hooks task complete
"
        );
        let feed = if text == OPEN { "\n" } else { "\r\n" };
        let (_, section) = repo
            .read(TASKLIST)
            .split_once(&format!("## READY_FOR_VALIDATION{feed}{feed}"))
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
            .unwrap();
        assert!(
            section.contains("**Status**: READY_FOR_VALIDATION"),
            "{section}"
        );
        commit(&repo, &ready);
        repo.write(
            TASKLIST,
            repo.read(TASKLIST).replace("- [ ] has", "- [x] has"),
        );
        let _ = repo.pdd(&["persona", "PM", "complete"]).ok();
        let early = repo.pdd(&["task", "complete"]);
        assert!(
            early
                .stderr
                .contains(" - its status or a tick is in no commit yet\n   = help: commit it before, as QA: git add context/Tasklist.md && git commit\n"),
            "{}",
            early.text()
        );
        repo.commit_all("docs(tasks): they are met [TASK-001]");
        let commits = repo.ask(&["log", "--reverse", "--abbrev=12", "--format=%h", "main.."]);
        let complete = repo.pdd_in(&folder, &["task", "complete"]).ok().stdout;
        assert!(complete.starts_with("completed TASK-001, from context/Tasklist.md to the top of context/Changelog.md, staged: Steps\n"));
        let left = text
            .split(&format!("## IN_PROGRESS{feed}{feed}"))
            .next()
            .unwrap();
        let later = text.split(&format!("## PENDING{feed}")).nth(1).unwrap();
        let expected = format!(
            "{left}## IN_PROGRESS{feed}{feed}## READY_FOR_VALIDATION{feed}{feed}## PENDING{feed}{later}"
        );
        assert_eq!(repo.read(TASKLIST), expected);
        let changelog = repo.read(CHANGELOG);
        let entry = changelog.strip_prefix("# Changelog\n\n").unwrap();
        let entry = entry
            .strip_suffix(DONE.strip_prefix("# Changelog\n").unwrap())
            .unwrap();
        let fields: Vec<&str> = entry.lines().collect();
        let done = fields[2].strip_prefix("- **Completed**: ").unwrap();
        let time = fields[6]
            .strip_prefix("- **Time**: started 2026-01-14 09:00, estimated 2 days, actual ")
            .unwrap();
        assert!(time.contains("day"), "{time}");
        assert_eq!(done.len(), "2026-01-14 09:00".len());
        // At the level of the entries that are there.
        assert_eq!(fields[..2], ["## TASK-001: Steps", "- **Type**: feat"]);
        assert_eq!(
            fields[3..6],
            [
                "- **Task ID**: TASK-001",
                "- **Summary**: Steps of one line",
                "- **Details**: has a line; has a test"
            ]
        );
        let commits = commits.lines().collect::<Vec<_>>().join(", ");
        assert_eq!(fields[7..], [format!("- **Commit**: {commits} [TASK-001]")]);
        assert_eq!(commits.matches(", ").count(), 4);
        commit(&repo, &complete);
        let gone = repo.pdd(&["task", "complete"]);
        assert_eq!(
            gone.stderr,
            "error: `TASK-001` is done: it stands in `context/Changelog.md`\n  = help: pdd-hooks task show TASK-001\n"
        );
    }
}

#[test]
fn all_that_a_task_lacks_before_validation_is_said_at_once() {
    let checkpoint = "\n#### QA Context Validation ❌\n";
    let text = OPEN
        .replace("  - [ ] has a line\n  - [ ] has a test\n", "")
        .replace("\n## READY", &format!("{checkpoint}\n## READY"));
    let repo = begun(&text);
    let _ = repo.pdd(&["persona", "DEV", "more"]).ok();
    repo.stage_step("one");
    let _ = repo
        .git(&["commit", "-q", "--no-verify", "-m", "feat: x [TASK-001]"])
        .ok();
    for name in ["a", "b", "c", "d", "e"] {
        repo.write(&format!("src/{name}.rs"), "");
    }
    repo.write("notes.md", "words\n");
    let head = repo.ask(&["rev-parse", "--short=12", "HEAD"]);
    let before = repo.read(TASKLIST);
    assert_eq!(
        repo.pdd(&["task", "ready"]).text(),
        format!(
            "exit: 1
--- stdout
--- stderr
error: `TASK-001` is not ready for validation: 5 things are missing
 - DEV speaks for it, not QA
   = help: pdd-hooks persona QA TASK-001 \"validate\"
 - not committed: `src/a.rs`, `src/b.rs`, `src/c.rs` and 2 more
   = help: commit it, or take it away: git stash --include-untracked
 - the check `tests` is not known to have passed on {head}
   = help: pdd-hooks validate {head}
 - it names no acceptance criterion
   = help: write `- [ ] …` under its Acceptance Criteria: context/Tasklist.md:12
 - `QA Context Validation` is open
   = help: tick what is done, and mark it ✅: context/Tasklist.md:14
"
        )
    );
    assert_eq!(repo.read(TASKLIST), before);
    // Each of them mended, as it says.
    std::fs::remove_dir_all(repo.at("src")).unwrap();
    let _ = repo.pdd(&["persona", "QA", "validate"]).ok();
    let _ = repo.pdd(&["validate", &head]).ok();
    let mended = before
        .replace("Criteria**:\n", "Criteria**:\n  - [ ] has a line\n")
        .replace("Validation ❌", "Validation ✅");
    repo.write(TASKLIST, mended);
    let _ = repo.pdd(&["task", "ready"]).ok();
}

#[test]
fn all_that_a_task_lacks_before_it_is_done_is_said_at_once() {
    let repo = begun(&OPEN.replace("- [ ] has a test", "- [x] has a test"));
    let _ = repo.pdd(&["persona", "DEV", "more"]).ok();
    assert_eq!(
        repo.pdd(&["task", "complete"]).text(),
        "exit: 1
--- stdout
--- stderr
error: `TASK-001` cannot be completed: 3 things are missing
 - it is IN_PROGRESS, not READY_FOR_VALIDATION
   = help: pdd-hooks task ready TASK-001
 - DEV speaks for it: QA validates, then PM completes
   = help: pdd-hooks persona QA TASK-001 \"validate\"
 - the criterion is open: has a line
   = help: tick it once it is met: context/Tasklist.md:13
"
    );
    let _ = repo.pdd(&["persona", "QA", "validate"]).ok();
    let qa = repo.pdd(&["task", "complete"]).stderr;
    assert!(qa.contains(" - QA speaks for it, and PM completes a task\n   = help: pdd-hooks persona PM TASK-001 \"complete\"\n"));
}

#[test]
fn source_that_no_test_was_seen_to_need_is_not_ready() {
    let repo = Repo::new();
    repo.write("app.txt", "base\n");
    repo.write("tests/run.sh", crate::validation::scene::RUNNER);
    repo.write("tests/base.case", "base\n");
    repo.commit_all("start");
    repo.write(".pdd.toml", format!("policy = 1\n{TESTS}"));
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let _ = repo.pdd(&["install"]).ok();
    let _ = repo.git(&["switch", "-q", "-c", "feat/TASK-001-x"]).ok();
    for persona in ["PM", "QA", "DEV", "QA"] {
        repo.declare(persona);
    }
    repo.write(TASKLIST, OPEN);
    repo.commit_all("docs: plan [TASK-001]");
    repo.stage("app.txt", "base\nmore\n");
    let _ = repo
        .git(&["commit", "-q", "--no-verify", "-m", "feat: x [TASK-001]"])
        .ok();
    let head = repo.ask(&["rev-parse", "--short=12", "HEAD"]);
    let _ = repo.pdd(&["validate", &head]);
    assert_eq!(
        repo.pdd(&["task", "ready"]).text(),
        format!(
            "exit: 1
--- stdout
--- stderr
error: `TASK-001` is not ready for validation: one thing is missing
 - no test was seen to fail before the source of it (first {head})
   = help: add one that fails without it, as `feat` or `fix`; pdd-hooks explain PDD009
"
        )
    );
}

#[test]
fn a_task_is_not_judged_by_what_lies_on_another_branch() {
    let repo = begun(OPEN);
    repo.validated_step("one");
    let _ = repo.git(&["switch", "-q", "-c", "other", "main"]).ok();
    repo.write(TASKLIST, OPEN);
    let output = repo.pdd(&["task", "ready", "TASK-001"]);
    assert_eq!(output.code(), 1);
    let expected = " - its work is on `feat/TASK-001-steps`, not on `other`\n   = help: git switch feat/TASK-001-steps\n";
    assert!(output.stderr.contains(expected), "{}", output.stderr);
    assert!(!output.stderr.contains("not known to have passed"));
}

#[test]
fn a_merged_task_can_be_completed_on_the_integration_branch() {
    let repo = begun(OPEN);
    let _ = repo.git(&["branch", "dev", "main"]).ok();
    repo.validated_step("one");
    let ready = repo.pdd(&["task", "ready"]).ok().stdout;
    commit(&repo, &ready);
    let _ = repo.pdd(&["persona", "PM", "complete"]).ok();
    repo.write(
        TASKLIST,
        repo.read(TASKLIST).replace("- [ ] has", "- [x] has"),
    );
    let _ = repo.git(&["add", "-A"]).ok();
    let _ = repo.commit("docs: tick [TASK-001]").ok();
    let _ = repo.git(&["switch", "-q", "dev"]).ok();
    let _ = repo
        .git(&[
            "merge",
            "-q",
            "--no-ff",
            "-m",
            "Merge steps [TASK-001]",
            "feat/TASK-001-steps",
        ])
        .ok();
    let complete = repo
        .pdd(&[
            "task",
            "complete",
            "TASK-001",
            "--summary",
            "It steps",
            "--detail",
            "a",
            "--detail",
            "b",
        ])
        .ok()
        .stdout;
    let changelog = repo.read(CHANGELOG);
    assert!(
        changelog.contains("- **Summary**: It steps\n- **Details**: a; b\n"),
        "{changelog}"
    );
    assert!(complete.ends_with("[MAINT-1]\"\n"), "{complete}");
    let feat = repo.ask(&["log", "--abbrev=12", "--format=%h", "--grep=^feat", "HEAD"]);
    assert!(changelog.contains(&feat), "{changelog}");
    commit(&repo, &complete);
}
