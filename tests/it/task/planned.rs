//! `list`, `next`, `show` and `new`.

use super::{CHANGELOG, HEADINGS, ITEMS, TASKLIST, planned};
use crate::support::Repo;

#[test]
fn the_list_says_what_each_task_waits_for() {
    let repo = planned(HEADINGS);
    assert_eq!(
        repo.pdd(&["task", "list"]).text(),
        "exit: 0
--- stdout
TASK-005  IN_PROGRESS  HIGH      Bob  Schema
TASK-006  PENDING      CRITICAL  -    Speed (waits for TASK-005, IN_PROGRESS)
TASK-007  PENDING      MEDIUM    -    Search by word
--- stderr
"
    );
    let some = repo.pdd(&["task", "list", "--status", "in-progress"]).ok();
    assert_eq!(some.stdout, "TASK-005  IN_PROGRESS  HIGH  Bob  Schema\n");
    let none = repo.pdd(&["task", "list", "--status", "BLOCKED"]).ok();
    assert_eq!(none.stdout, format!("no task in `{TASKLIST}` is BLOCKED\n"));
    let bad = repo.pdd(&["task", "list", "--status", "DONE"]);
    assert_eq!(bad.code(), 2);
    assert!(
        bad.stderr
            .contains("a status is one of PENDING, IN_PROGRESS")
    );
}

#[test]
fn the_list_is_data_too() {
    let repo = planned(ITEMS);
    let list = repo.pdd(&["task", "list", "--format", "json"]).ok().stdout;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["schema"], "pdd-hooks/tasks/1");
    assert_eq!(
        list["tasks"][0],
        serde_json::json!({
            "id": "TASK-006",
            "title": "Speed",
            "status": "PENDING",
            "priority": "CRITICAL",
            "owner": null,
            "waits_for": [{"task": "TASK-009", "state": "unknown"}],
            "line": 3,
        })
    );
    assert_eq!(list["tasks"].as_array().unwrap().len(), 2);
}

#[test]
fn the_next_task_is_named_or_why_there_is_none() {
    for text in [HEADINGS, ITEMS] {
        let repo = planned(text);
        let next = repo.pdd(&["task", "next"]).ok().stdout;
        assert!(next.starts_with("TASK-007: Search by word"), "{next}");
        assert!(
            next.ends_with("\npdd-hooks task start TASK-007\n"),
            "{next}"
        );
        repo.write(CHANGELOG, "# Changelog\n");
        let none = repo.pdd(&["task", "next"]);
        assert_eq!(none.code(), 1);
        let expected = "TASK-007 waits for TASK-002, unknown\n";
        assert!(none.stdout.ends_with(expected), "{}", none.stdout);
        let json = repo.pdd(&["task", "next", "--format", "json"]);
        assert_eq!(json.code(), 1);
        let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        assert!(json["next"].is_null());
        assert_eq!(json["pending"][1]["waits_for"][0]["task"], "TASK-002");
    }
}

#[test]
fn a_task_is_shown_with_all_that_belongs_to_it_and_that_of_the_branch_by_default() {
    let repo = planned(HEADINGS);
    let _ = repo.git(&["switch", "-q", "-c", "feat/TASK-007-x"]).ok();
    let folder = repo.at("context");
    assert_eq!(
        repo.pdd_in(&folder, &["task", "show"]).text(),
        "exit: 0
--- stdout
TASK-007: Search by word
context/Tasklist.md:20
branch              feat/TASK-007-x
status              PENDING
priority            P2
current owner       None
notes               see `src/index.rs`
dependencies        TASK-002, COMPLETED
acceptance criteria (1 of 2)
  [x] finds a word
  [ ] ranks: by relevance
PM Context Validation (open, 1 of 2)
  [x] looked
  [ ] listed
--- stderr
"
    );
    let json = repo.pdd(&["task", "show", "[TASK-007]", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.ok().stdout).unwrap();
    assert_eq!(json["schema"], "pdd-hooks/task/1");
    assert_eq!(json["criteria"][0]["done"], true);
    assert_eq!(json["checkpoints"][0]["open"], true);
    assert_eq!(json["dependencies"][0]["state"], "COMPLETED");
    assert_eq!(json["branches"][0], "feat/TASK-007-x");
    let past = repo.pdd(&["task", "show", "TASK-002", "--format", "json"]);
    let past: serde_json::Value = serde_json::from_str(&past.ok().stdout).unwrap();
    assert_eq!(past["status"], "COMPLETED");
    assert_eq!(past["path"], CHANGELOG);
}

#[test]
fn a_task_that_is_not_there_or_there_twice_is_not_guessed() {
    let repo = planned(&format!("{HEADINGS}\n### TASK-006: Again\n"));
    let help = "`pdd-hooks task list` lists those that do; `pdd-hooks task new` adds one";
    for (task, error, help) in [
        (
            "TASK-099",
            "`TASK-099` does not stand in `context/Tasklist.md`",
            help,
        ),
        (
            "TASK-006",
            "`TASK-006` stands 2 times in `context/Tasklist.md`, at lines 14, 40",
            "give one of them another id",
        ),
    ] {
        assert_eq!(
            repo.pdd(&["task", "show", task]).text(),
            format!("exit: 2\n--- stdout\n--- stderr\nerror: {error}\n  = help: {help}\n")
        );
    }
    let standing = repo.pdd(&["task", "show", "MAINT-1"]);
    assert!(standing.stderr.contains("is a standing task"));
    let word = repo.pdd(&["task", "show", "search"]);
    assert!(
        word.stderr
            .starts_with("error: `search` is no task: the policy's")
    );
    let nobody = repo.pdd(&["task", "show"]);
    assert_eq!(
        nobody.stderr,
        "error: no task was given, and `dev` is named after none\n  = help: name it: `pdd-hooks task show TASK-007`\n"
    );
}

#[test]
fn a_new_task_stands_in_the_form_of_the_document_is_staged_alone_and_can_be_committed() {
    let criterion = ["--criterion", "finds words", "--criterion", "is fast"];
    let new = [
        &[
            "task",
            "new",
            "Find",
            "a  word",
            "--depends-on",
            "TASK-007,TASK-002",
        ],
        &criterion[..],
    ]
    .concat();
    for (text, at, expected) in [
        (
            HEADINGS,
            "- [ ] listed\n",
            "
### TASK-008: Find a word

- **Status**: PENDING
- **Priority**: MEDIUM
- **Type**: feat
- **Dependencies**: TASK-007, TASK-002
- **Current Owner**: None
- **Acceptance Criteria**:
  - [ ] finds words
  - [ ] is fast
",
        ),
        (
            ITEMS,
            "\t- **Assigned**: None\r\n",
            "\r
- [ ] **[TASK-008]** - Find a word\r
\t- **Status**: PENDING\r
\t- **Priority**: MEDIUM\r
\t- **Type**: feat\r
\t- **Dependencies**: TASK-007, TASK-002\r
\t- **Current Owner**: None\r
\t- **Acceptance Criteria**:\r
\t  - [ ] finds words\r
\t  - [ ] is fast\r
",
        ),
    ] {
        let repo = planned(text);
        repo.stage("src/app.txt", "staged\n");
        repo.write("src/app.txt", "not staged\n");
        let added = repo.pdd_in(&repo.at("context"), &new);
        assert_eq!(
            added.text(),
            "exit: 0
--- stdout
added TASK-008 to context/Tasklist.md, staged: Find a word
git commit -m \"docs(tasks): add TASK-008 Find a word [MAINT-1]\"
--- stderr
"
        );
        let (before, after) = text.split_once(at).unwrap();
        assert_eq!(
            repo.read(TASKLIST),
            format!("{before}{at}{expected}{after}")
        );
        assert_eq!(repo.ask(&["diff", "--name-only"]), "src/app.txt");
        let _ = repo.git(&["rm", "-q", "-f", "src/app.txt"]).ok();
        let _ = repo
            .commit("docs(tasks): add TASK-008 Find a word [MAINT-1]")
            .ok();
    }
}

#[test]
fn a_new_id_is_behind_those_of_documents_logs_and_branches() {
    let repo = planned(HEADINGS);
    let add = |title: &str| {
        let text = repo.pdd(&["task", "new", title]).ok().stdout;
        text.split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(add("one"), "TASK-008");
    repo.write("context/personalog/TASK-010.md", "# Personas\n");
    assert_eq!(add("two"), "TASK-011");
    let _ = repo.git(&["branch", "fix/TASK-041-x", "dev"]).ok();
    assert_eq!(add("three"), "TASK-042");
    let _ = repo.pdd(&["task", "new", "--id", "BUG-7", "four"]).ok();
    assert_eq!(add("five"), "TASK-043");
}

#[test]
fn the_first_task_of_all_begins_the_document() {
    let repo = Repo::new();
    repo.adopt();
    let _ = repo.git(&["switch", "-q", "-c", "dev"]).ok();
    let list = repo.pdd(&["task", "list"]).ok().stdout;
    assert!(list.starts_with("no task: there is no `context/Tasklist.md`; "));
    let new = ["task", "new", "Begin", "--priority", "p0", "--type", "docs"];
    let _ = repo.pdd(&new).ok();
    let text = repo.read(TASKLIST);
    assert!(text.starts_with("# Tasklist\n"), "{text}");
    let task = "## Tasks\n\n### TASK-001: Begin\n\n- **Status**: PENDING\n- **Priority**: CRITICAL\n- **Type**: docs\n";
    assert!(text.contains(task), "{text}");
    assert_eq!(repo.ask(&["diff", "--cached", "--name-only"]), TASKLIST);
}

#[test]
fn a_new_task_that_cannot_be_is_refused_for_all_its_faults_and_nothing_is_written() {
    let repo = planned(HEADINGS);
    let args = [
        "task",
        "new",
        "--id",
        "TASK-005",
        "--depends-on",
        "TASK-099",
        "--depends-on",
        "TASK-005",
        "x",
    ];
    assert_eq!(
        repo.pdd(&args).text(),
        "exit: 1
--- stdout
--- stderr
error: `TASK-005` cannot be added: 3 things are missing
 - the id is taken: context/Tasklist.md:5
   = help: leave out --id: the next free one is taken
 - it would wait for TASK-099, which stands nowhere
   = help: add that one first: pdd-hooks task new --id TASK-099 \"<title>\"
 - it would wait for itself
   = help: leave out --depends-on TASK-005
"
    );
    for (args, error) in [
        (
            &["--type", "nice", "x"][..],
            "error: the policy knows no type `nice`",
        ),
        (&["--id", "seven", "x"], "error: `seven` is no task"),
        (&[" "], "error: no title was given"),
        (&["--priority", "soon", "x"], "error: invalid value 'soon'"),
    ] {
        let output = repo.pdd(&[&["task", "new"], args].concat());
        assert_eq!(output.code(), 2);
        assert!(output.stderr.starts_with(error), "{}", output.stderr);
    }
}

#[test]
fn a_task_that_no_reader_would_find_is_not_written() {
    let text = format!("{HEADINGS}\n```\n").replace("## PENDING", "## Later");
    let repo = planned(&text);
    assert_eq!(
        repo.pdd(&["task", "new", "x"]).text(),
        "exit: 2
--- stdout
--- stderr
error: could not write `TASK-008` into `context/Tasklist.md`: a reader would not find it there as it is meant
  = help: look for a code block or a comment in `context/Tasklist.md` that is never closed
"
    );
    assert_eq!(repo.read(TASKLIST), text);
}

#[test]
fn a_document_that_cannot_be_used_is_left_alone() {
    let repo = planned(HEADINGS);
    std::fs::remove_file(repo.at(TASKLIST)).unwrap();
    std::os::unix::fs::symlink("Changelog.md", repo.at(TASKLIST)).unwrap();
    assert_eq!(
        repo.pdd(&["task", "new", "x"]).text(),
        "exit: 2
--- stdout
--- stderr
error: the document `context/Tasklist.md` is not a plain file
  = help: a document is a plain file; move away what stands there
"
    );
}

#[test]
fn a_document_that_cannot_be_staged_says_what_it_said() {
    let repo = planned(HEADINGS);
    repo.write(".git/index.lock", "");
    let output = repo.pdd(&["task", "new", "x"]);
    assert_eq!(output.code(), 2);
    assert_eq!(repo.read(TASKLIST), HEADINGS);
}
