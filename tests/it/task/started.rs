//! `start`: the work branch, the status and the declaration, or all that is missing.

use super::{CHANGELOG, HEADINGS, ITEMS, TASKLIST, follow, planned};
use crate::support::Repo;

const LOG: &str = "context/personalog/TASK-007.md";
const BRANCH: &str = "feat/TASK-007-search-by-word";

fn branch(repo: &Repo) -> String {
    repo.ask(&["branch", "--show-current"])
}

/// Nothing is as it should not be: still on `dev`, nothing staged, no branch of a task but the first.
fn untouched(repo: &Repo) {
    assert_eq!(branch(repo), "dev");
    assert_eq!(repo.ask(&["diff", "--cached", "--name-only"]), "");
    assert_eq!(repo.ask(&["branch", "--list", "*/TASK-007*"]), "");
    assert!(!repo.has(LOG));
}

#[test]
fn the_next_task_is_put_in_work_on_a_branch_of_its_own_and_can_be_committed() {
    for text in [HEADINGS, ITEMS] {
        let repo = planned(text);
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        let started = repo.pdd_in(&repo.at("."), &["task", "start"]);
        // On `main` there is no Tasklist: what counts is the branch that work begins at.
        let title = if text == ITEMS {
            "Search by word 🔍"
        } else {
            "Search by word"
        };
        assert_eq!(
            started.text(),
            format!(
                "exit: 0
--- stdout
started TASK-007 on {BRANCH}, cut from dev: {title}
declared PM; context/Tasklist.md and {LOG} are staged
git commit -m \"docs(tasks): start {title} [TASK-007]\"
--- stderr
"
            )
        );
        assert_eq!(branch(&repo), BRANCH);
        assert_eq!(
            repo.ask(&["diff", "--cached", "--name-only"]),
            format!("{TASKLIST}\n{LOG}")
        );
        assert_eq!(repo.ask(&["status", "--porcelain", "--", "app.txt"]), "");
        let tasklist = repo.read(TASKLIST);
        let feeds = if text == ITEMS { "\r\n" } else { "\n" };
        assert_eq!(
            tasklist.matches('\n').count(),
            tasklist.matches(feeds).count()
        );
        let show = repo.pdd(&["task", "show", "--format", "json"]).ok().stdout;
        let show: serde_json::Value = serde_json::from_str(&show).unwrap();
        assert_eq!(show["status"], "IN_PROGRESS");
        assert_eq!(show["owner"], "Ann Example");
        let fields = show["fields"].as_array().unwrap();
        let since = fields.iter().find(|it| it["name"] == "started").unwrap();
        assert_eq!(
            since["value"].as_str().unwrap().len(),
            "2026-01-15 10:00".len()
        );
        let log = repo.read(LOG);
        assert!(log.contains("## [PERSONA: PM] - [TASK-007] - plan Search by word"));
        let _ = repo
            .commit("docs(tasks): start Search by word [TASK-007]")
            .ok();
    }
}

#[test]
fn a_task_moves_to_the_section_of_what_is_in_work() {
    let repo = planned(HEADINGS);
    let _ = repo.pdd(&["task", "start", "TASK-007"]).ok();
    let text = repo.read(TASKLIST);
    let (work, pending) = text.split_once("## PENDING").unwrap();
    assert!(work.contains("### TASK-007: Search by word\n\n- **Status**: IN_PROGRESS\n"));
    assert!(work.contains("#### PM Context Validation ❌\n\n- [x] looked\n- [ ] listed\n"));
    assert!(pending.contains("### TASK-006") && pending.ends_with("Prose stays.\n"));
}

#[test]
fn all_that_keeps_a_task_from_being_started_is_said_at_once_and_nothing_is_changed() {
    let repo = planned(HEADINGS);
    let _ = repo.pdd(&["task", "block", "TASK-006", "no key"]).ok();
    let _ = repo.commit("docs(tasks): block TASK-006 [MAINT-1]").ok();
    repo.write(TASKLIST, repo.read(TASKLIST) + "\nMore.\n");
    let _ = repo.git(&["branch", "fix/TASK-006-x"]).ok();
    repo.write(
        "context/personalog/TASK-006.md",
        "## [PERSONA: DEV] - [TASK-006] - x\n",
    );
    let text = repo.read(TASKLIST);
    assert_eq!(
        repo.pdd(&["task", "start", "TASK-006", "--branch", "main2"]).text(),
        "exit: 1
--- stdout
--- stderr
error: `TASK-006` cannot be started: 7 things are missing
 - it is BLOCKED
   = help: pdd-hooks task unblock TASK-006
 - it waits for TASK-005, which is IN_PROGRESS
   = help: pdd-hooks task show TASK-005
 - its branch is there: `fix/TASK-006-x`
   = help: git switch fix/TASK-006-x
 - `main2` is no work branch of it by the policy: `(feat|fix|refactor|perf|test|docs|style|build|ci|chore|hotfix)/{task}(-[a-z0-9-]+)?`
   = help: leave out --branch, or name another
 - `context/Tasklist.md` has changes that are not staged
   = help: git add context/Tasklist.md
 - `context/personalog/TASK-006.md` has changes that are not staged
   = help: git add context/personalog/TASK-006.md
 - `TASK-006` goes from DEV to PM, which is forbidden
   = help: pass through QA: after DEV the log allows DEV, QA, TROUBLESHOOT: `pdd-hooks persona QA TASK-006 \"<action>\"`
"
    );
    assert_eq!(repo.read(TASKLIST), text);
    untouched(&repo);
}

#[test]
fn where_no_task_comes_next_none_is_started() {
    let repo = planned(HEADINGS);
    repo.write(CHANGELOG, "# Changelog\n");
    let output = repo.pdd(&["task", "start"]);
    assert_eq!(output.code(), 1);
    assert!(
        output
            .stdout
            .starts_with("no task comes next: each PENDING one waits")
    );
    untouched(&repo);
}

#[test]
fn what_is_staged_goes_along_and_what_git_cannot_carry_stops_it() {
    let repo = planned(HEADINGS);
    repo.write(TASKLIST, HEADINGS.replace("Speed", "Haste"));
    let _ = repo.git(&["add", TASKLIST]).ok();
    repo.write("app.txt", "edited\n");
    let _ = repo.pdd(&["task", "start", "TASK-007"]).ok();
    assert_eq!(repo.read("app.txt"), "edited\n");
    assert!(repo.read(TASKLIST).contains("Haste"));

    let repo = planned(HEADINGS);
    for text in ["one\n", "two\n"] {
        repo.write("context/notes.md", text);
        repo.commit_all("docs(tasks): note [MAINT-1]");
    }
    let _ = repo.git(&["switch", "-q", "-c", "other", "HEAD^"]).ok();
    repo.write("context/notes.md", "edited\n");
    let output = repo.pdd(&["task", "start", "TASK-007"]);
    assert_eq!(output.code(), 2);
    let first = "error: git did not cut `feat/TASK-007-search-by-word` from `dev`, and nothing was changed; it said: error: Your local changes";
    assert!(output.stderr.starts_with(first), "{}", output.stderr);
    assert_eq!(branch(&repo), "other");
    assert_eq!(repo.read(TASKLIST), HEADINGS);
    assert_eq!(repo.ask(&["branch", "--list", "*/TASK-007*"]), "");
}

#[test]
fn a_document_that_cannot_be_staged_takes_the_branch_back() {
    let repo = planned(HEADINGS);
    repo.write(".git/info/exclude", "context/personalog/\n");
    let output = repo.pdd(&["task", "start", "TASK-007"]);
    assert_eq!(output.code(), 2);
    assert_eq!(repo.read(TASKLIST), HEADINGS);
    untouched(&repo);
}

#[test]
fn a_bug_is_brought_along_by_who_investigates_it() {
    let repo = planned(ITEMS);
    let start = ["task", "start", "BUG-1", "--as", "troubleshoot"];
    let nameless = repo.pdd(&start);
    assert_eq!(nameless.code(), 2);
    assert_eq!(
        nameless.stderr,
        "error: no title of the bug was given\n  = help: pdd-hooks task start BUG-1 --as TROUBLESHOOT --title \"<title>\"\n"
    );
    let title = ["--title", "search  crashes", "--criterion", "it  stays up"];
    let started = repo.pdd(&[&start[..], &title].concat()).ok().stdout;
    let expected = "started BUG-1 on fix/BUG-1-search-crashes, cut from dev: search crashes\ndeclared TROUBLESHOOT; ";
    assert!(started.starts_with(expected), "{started}");
    let task = "\r\n- [ ] **[BUG-1]** - search crashes\r\n\t- **Status**: IN_PROGRESS\r\n\t- **Priority**: HIGH\r\n\t- **Type**: fix\r\n";
    assert!(repo.read(TASKLIST).contains("- [ ] it stays up\r\n"));
    assert!(
        repo.read(TASKLIST).contains(task),
        "{}",
        repo.read(TASKLIST)
    );
    let log = repo.read("context/personalog/BUG-1.md");
    assert!(log.contains("## [PERSONA: TROUBLESHOOT] - [BUG-1] - investigate search crashes\n"));
    let _ = repo
        .commit("docs(tasks): start search crashes [BUG-1]")
        .ok();
    // PM plans with `task new`.
    let planned = repo.pdd(&["task", "start", "BUG-2", "--title", "x"]);
    assert!(
        planned
            .stderr
            .starts_with("error: `BUG-2` does not stand in")
    );
}

#[test]
fn a_bug_without_an_id_gets_the_next_one() {
    let repo = planned(HEADINGS);
    let args = [
        "task",
        "start",
        "--as",
        "TROUBLESHOOT",
        "--title",
        "It crashes",
    ];
    let _ = repo.pdd(&args).ok();
    assert_eq!(branch(&repo), "fix/TASK-008-it-crashes");
}

#[test]
fn work_that_has_no_branch_begins_again_and_says_so() {
    let repo = planned(HEADINGS);
    let output = repo.pdd(&["task", "start", "TASK-005"]).ok().stdout;
    assert!(
        output.contains("\nTASK-005 was IN_PROGRESS before\n"),
        "{output}"
    );
    assert_eq!(branch(&repo), "feat/TASK-005-schema");
    let again = repo.pdd(&["task", "start"]).text();
    assert!(
        again.contains("no task") || again.contains("TASK-007"),
        "{again}"
    );
}

#[test]
fn who_stands_on_the_branch_already_begins_there() {
    let repo = planned(HEADINGS);
    let _ = repo.git(&["switch", "-q", "-c", "feat/TASK-007"]).ok();
    let output = repo.pdd(&["task", "start", "TASK-007"]).ok().stdout;
    assert!(output.starts_with("started TASK-007 on feat/TASK-007: Search by word\n"));
    let again = repo.pdd(&["task", "start", "TASK-007"]);
    assert!(
        again
            .stderr
            .contains(" - it is IN_PROGRESS, and you are on its branch\n")
    );
}

#[test]
fn without_an_integration_branch_work_begins_at_the_protected_one_or_at_a_remotes() {
    let repo = Repo::new();
    repo.adopt();
    repo.write(TASKLIST, HEADINGS);
    repo.write(CHANGELOG, super::DONE);
    repo.commit_all("docs(tasks): plan [MAINT-1]");
    let _ = repo.pdd(&["install"]).ok();
    let output = repo.pdd(&["task", "start"]).ok().stdout;
    assert!(output.starts_with("started TASK-007 on feat/TASK-007-search-by-word, cut from main:"));
    let _ = repo.git(&["switch", "-q", "-f", "main"]).ok();
    let _ = repo.git(&["branch", "-q", "-D", BRANCH]).ok();
    let _ = repo
        .git(&["update-ref", "refs/remotes/origin/dev", "main"])
        .ok();
    let output = repo.pdd(&["task", "start"]).ok().stdout;
    assert!(output.contains(", cut from origin/dev:"), "{output}");
}

#[test]
fn who_investigates_a_pending_task_changes_its_status_owner_and_beginning_alone() {
    for (owner, after) in [
        ("- **Owner**: None\n", "- **Owner**: Ann Example\n"),
        (
            "- **Assigned To**: None\n",
            "- **Assigned To**: Ann Example\n",
        ),
        (
            "- **Current Owner**: None\n",
            "- **Current Owner**: Ann Example\n",
        ),
        ("", "- **Current Owner**: Ann Example\n"),
    ] {
        let text = format!(
            "# Tasklist\n\n## PENDING\n\n### TASK-007: It leaks\n\n- **Status**: PENDING\n- **Priority**: HIGH\n\
             - **Type**: fix\n{owner}- **Acceptance Criteria**:\n  - [ ] it does not\n\n## IN_PROGRESS\n"
        );
        let repo = Repo::tasked(&text, &[]);
        let args = ["task", "start", "TASK-007", "--as", "TROUBLESHOOT"];
        let _ = repo.pdd(&args).ok();
        let said = repo.read(TASKLIST);
        let begin = said.find("- **Started**: ").unwrap();
        let since = &said[begin..begin + "- **Started**: 2026-01-15 10:00\n".len()];
        assert_eq!(
            said,
            format!(
                "# Tasklist\n\n## PENDING\n\n## IN_PROGRESS\n\n### TASK-007: It leaks\n\n- **Status**: IN_PROGRESS\n\
                 - **Priority**: HIGH\n- **Type**: fix\n{after}{since}- **Acceptance Criteria**:\n  - [ ] it does not\n"
            )
        );
    }
}

#[test]
fn a_bug_brings_no_section_along() {
    let text = "# Tasklist\n\n## PENDING\n\n### TASK-007: It leaks\n\n- **Status**: PENDING\n";
    let repo = Repo::tasked(text, &[]);
    let args = [
        "task",
        "start",
        "BUG-1",
        "--as",
        "TROUBLESHOOT",
        "--title",
        "It smells",
    ];
    let started = repo.pdd(&args).ok();
    let _ = follow(&repo, &started).ok();
}

#[test]
fn who_investigates_what_is_in_work_leaves_the_tasklist_alone_and_can_commit() {
    let repo = Repo::tasked(crate::tasked::TASKS, &[]);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo
        .git(&["branch", "-q", "-D", crate::enrolled::WORK])
        .ok();
    let args = ["task", "start", "TASK-001", "--as", "TROUBLESHOOT"];
    let started = repo.pdd(&args).ok();
    let staged = "\ndeclared TROUBLESHOOT; context/personalog/TASK-001.md is staged\ngit commit";
    assert!(started.stdout.contains(staged), "{}", started.text());
    assert_eq!(repo.read(TASKLIST), crate::tasked::TASKS);
    let _ = follow(&repo, &started).ok();
}

#[test]
fn a_pending_task_that_is_taken_up_by_who_investigates_it_can_be_committed() {
    let text = "# Tasklist\n\n## PENDING\n\n### TASK-007: It leaks\n\n- **Status**: PENDING\n- **Priority**: HIGH\n\n## IN_PROGRESS\n";
    let item = "# Tasklist\n\n- [ ] **[TASK-007]** - It leaks\n  - **Status**: PENDING\n  - **Assigned**: None\n";
    for text in [text, item] {
        let repo = Repo::tasked(text, &[]);
        let args = ["task", "start", "TASK-007", "--as", "TROUBLESHOOT"];
        let _ = follow(&repo, &repo.pdd(&args).ok()).ok();
        assert_eq!(repo.ask(&["status", "--porcelain"]), "");
    }
}
