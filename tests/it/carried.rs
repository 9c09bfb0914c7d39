//! Whole tasks with real git, real pytest and all hooks on: from the first word to an approved merge on `main`.

use crate::reports::real::runner;
use crate::support::{Output, Repo};

const LIST: &str = "context/Tasklist.md";

/// A Python project that has adopted the workflow with every rule at its default, on `dev`.
pub(crate) fn project() -> Repo {
    let mut repo = Repo::new();
    repo.prepend_path(runner("venv/bin/python").parent().unwrap());
    repo.write(
        "pyproject.toml",
        "[tool.pytest.ini_options]\npythonpath = ['.']\n",
    );
    repo.write("greet.py", "def greet(name): return 'Hello.'\n");
    let tests = "from greet import greet\n\n\ndef test_greets(): assert greet('').startswith('Hello')\n\n\n";
    repo.write("tests/test_greet.py", tests);
    let _ = repo.git(&["config", "user.email", "ann@example.org"]).ok();
    repo.commit_all("start");
    let _ = repo.pdd(&["init", "--new-approver-key"]).ok();
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let _ = repo.pdd(&["install"]).ok();
    let _ = repo.git(&["switch", "-q", "-c", "dev"]).ok();
    repo
}

impl Repo {
    /// Adds a line to a file of the work tree, and stages it.
    fn add_line(&self, path: &str, line: &str) {
        let text = self.read(path);
        self.stage(path, &format!("{text}{line}\n"));
    }

    fn task(&self, args: &[&str]) -> Output {
        self.pdd(&[&["task"], args].concat())
    }

    fn hand_to(&self, persona: &str) {
        let _ = self.pdd(&["handoff", persona]).ok();
    }

    /// What `status` says is next.
    fn next(&self) -> String {
        let said = self.pdd(&["status"]).ok().stdout;
        let line = said.lines().last().unwrap();
        line.strip_prefix("next     ").unwrap().to_owned()
    }
}

const TEST: &str = "def test_name(): assert greet('Ann') == 'Hello, Ann.'";
const SOURCE: &str = "def greet(name): return f'Hello, {name}.'\n";

/// Merges the branch into `dev`, and that into `main` as Ann approves; the audit finds nothing in all of it.
fn land(repo: &Repo, branch: &str) {
    let _ = repo.git(&["switch", "-q", "dev"]).ok();
    let _ = repo
        .git(&["merge", "-q", "--no-ff", "--no-edit", branch])
        .ok();
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let refused = repo.git(&["merge", "-q", "--ff-only", "dev"]);
    assert!(
        refused.stderr.starts_with("error[PDD010]"),
        "{}",
        refused.text()
    );
    let _ = repo.pdd(&["approve", "dev", "--into", "main"]).ok();
    let _ = repo.git(&["merge", "-q", "--ff-only", "dev"]).ok();
    assert_eq!(
        repo.ask(&["rev-parse", "main"]),
        repo.ask(&["rev-parse", "dev"])
    );
    let audit = repo.pdd(&["audit", "--fail-on", "error,bypassed"]).ok();
    assert!(
        audit.stdout.ends_with("; no findings\n"),
        "{}",
        audit.text()
    );
    assert_eq!(
        repo.ask(&["status", "--porcelain", "--untracked-files=no"]),
        ""
    );
}

#[test]
fn a_feature_goes_from_the_backlog_to_an_approved_merge_on_main() {
    let repo = project();
    let _ = repo
        .task(&["new", "Greet by name", "--criterion", "says the name"])
        .ok();
    let _ = repo.commit("docs(tasks): plan it [MAINT-1]").ok();
    assert_eq!(repo.next(), "pdd-hooks task start TASK-001");
    let _ = repo.task(&["start"]).ok();
    let branch = "feat/TASK-001-greet-by-name";
    assert_eq!(repo.ask(&["branch", "--show-current"]), branch);
    let _ = repo.commit("docs(tasks): start it [TASK-001]").ok();
    repo.hand_to("QA");
    repo.add_line("tests/test_greet.py", TEST);
    let _ = repo.commit("test: ask for the name [TASK-001]").ok();
    assert_eq!(repo.next(), "pdd-hooks handoff DEV");
    repo.hand_to("DEV");
    repo.stage("greet.py", SOURCE);
    repo.hand_to("QA");
    let done = repo.commit("feat: greet by name [TASK-001]").ok();
    assert!(
        done.stderr.contains("red: proven (1 test failed before)"),
        "{}",
        done.text()
    );
    assert_eq!(repo.next(), "pdd-hooks task ready TASK-001");
    // All that is missing is said at once.
    let early = repo.task(&["complete"]);
    assert_eq!(early.code(), 1);
    for missing in [
        "it is IN_PROGRESS, not READY_FOR_VALIDATION",
        "QA speaks for it, and PM completes a task",
        "the criterion is open: says the name",
    ] {
        assert!(early.stderr.contains(missing), "{}", early.text());
    }
    let _ = repo.task(&["ready"]).ok();
    let _ = repo.commit("docs(tasks): ready [TASK-001]").ok();
    repo.replace(LIST, "[ ] says", "[x] says");
    let _ = repo.commit("docs(tasks): it is met [TASK-001]").ok();
    assert_eq!(repo.next(), "pdd-hooks handoff PM");
    repo.hand_to("PM");
    let _ = repo.commit("docs(tasks): hand it to PM [TASK-001]").ok();
    assert_eq!(repo.next(), "pdd-hooks task complete TASK-001");
    let _ = repo.task(&["complete"]).ok();
    let _ = repo.commit("docs(tasks): complete it [TASK-001]").ok();
    assert_eq!(
        repo.next(),
        format!("git switch dev && git merge --no-ff {branch}")
    );
    land(&repo, branch);
    assert!(!repo.read(LIST).contains("TASK-001"));
    let entry = repo.read("context/Changelog.md");
    let entry = &entry[entry.find("### TASK-001: Greet by name\n").unwrap()..];
    for field in [
        "- **Type**: feat\n",
        "- **Task ID**: TASK-001\n",
        "- **Details**: says the name\n",
        "- **Commit**: ",
    ] {
        assert!(entry.contains(field), "{entry}");
    }
    let log = repo.read("context/personalog/TASK-001.md");
    let spoken: Vec<&str> = log
        .lines()
        .filter_map(|line| line.strip_prefix("## [PERSONA: ")?.split(']').next())
        .collect();
    assert_eq!(spoken, ["PM", "QA", "DEV", "QA", "PM"]);
}

#[test]
fn a_bug_begins_with_troubleshoot_and_a_validation_that_fails_sends_it_back() {
    let repo = project();
    let title = "Nobody is greeted by name";
    let _ = repo
        .task(&["start", "BUG-001", "--as", "TROUBLESHOOT", "--title", title])
        .ok();
    let branch = "fix/BUG-001-nobody-is-greeted-by-name";
    repo.add_line(
        "context/Devlog.md",
        "### [DEVLOG-0001] - The name is never read (BUG-001)\n- **Task**: BUG-001",
    );
    let _ = repo
        .commit("docs(devlog): the name is never read [BUG-001]")
        .ok();
    // Whoever looks for the cause mends nothing.
    repo.stage("greet.py", SOURCE);
    let refused = repo.commit("fix: greet by name [BUG-001]");
    assert!(refused.stderr.contains("error[PDD006]: `greet.py` is source, which DEV changes; TROUBLESHOOT speaks for `BUG-001`"), "{}", refused.text());
    repo.hand_to("DEV");
    let handed = repo.read("context/personalog/BUG-001.md");
    assert!(
        handed.contains("- **Decisions**: DEVLOG-0001 - The name is never read (BUG-001)\n"),
        "{handed}"
    );
    repo.hand_to("QA");
    repo.add_line("tests/test_greet.py", TEST);
    let done = repo.commit("fix: greet by name [BUG-001]").ok();
    assert!(done.stderr.contains("red: proven"), "{}", done.text());
    repo.replace(
        LIST,
        "- **Acceptance Criteria**:",
        "- **Acceptance Criteria**:\n  - [ ] it is a sentence",
    );
    let _ = repo.task(&["ready", "BUG-001"]).ok();
    let _ = repo.commit("docs(tasks): ready [BUG-001]").ok();
    repo.hand_to("DEV");
    assert!(repo.read(LIST).contains("- **Status**: IN_PROGRESS\n"));
    let _ = repo.commit("docs(tasks): send it back [BUG-001]").ok();
    repo.stage(
        "greet.py",
        "def greet(name): return f'Hello, dear {name}.'\n",
    );
    repo.hand_to("QA");
    repo.replace("tests/test_greet.py", "Hello, Ann.", "Hello, dear Ann.");
    let _ = repo.commit("fix: greet warmly [BUG-001]").ok();
    repo.replace(LIST, "[ ] it is", "[x] it is");
    let _ = repo.task(&["ready"]).ok();
    let _ = repo.commit("docs(tasks): ready [BUG-001]").ok();
    repo.hand_to("PM");
    let _ = repo.task(&["complete"]).ok();
    let _ = repo.commit("docs(tasks): complete it [BUG-001]").ok();
    land(&repo, branch);
    assert!(
        repo.read("context/Changelog.md")
            .contains("### BUG-001: Nobody is greeted by name\n- **Type**: fix\n")
    );
}

/// What PM and others do beside a task's way, each as a commit without a waiver.
#[test]
fn a_backlog_a_block_a_bump_and_a_typo_are_committed_without_a_waiver() {
    let repo = project();
    for title in ["Greet by name", "Say goodbye"] {
        let _ = repo.task(&["new", title, "--criterion", "says it"]).ok();
    }
    let _ = repo.commit("docs(tasks): plan the backlog [MAINT-1]").ok();
    let _ = repo.task(&["start", "TASK-001"]).ok();
    let _ = repo.commit("docs(tasks): start it [TASK-001]").ok();
    let _ = repo
        .task(&["block", "TASK-001", "the printer is away"])
        .ok();
    let _ = repo.commit("docs(tasks): block it [TASK-001]").ok();
    assert_eq!(repo.next(), "pdd-hooks task unblock TASK-001");
    let _ = repo.task(&["unblock", "TASK-001"]).ok();
    let _ = repo.commit("docs(tasks): take it up again [TASK-001]").ok();
    let _ = repo
        .git(&["switch", "-q", "-c", "build/MAINT-1-bump", "dev"])
        .ok();
    repo.stage("requirements.txt", "pytest\n");
    let _ = repo
        .commit("build: name what the tests need [MAINT-1]")
        .ok();
    let _ = repo
        .git(&["switch", "-q", "-c", "docs/MAINT-1-typo", "dev"])
        .ok();
    repo.stage("README.md", "# Greetings\n");
    let _ = repo.commit("docs: mend the title [MAINT-1]").ok();
    for branch in [
        "build/MAINT-1-bump",
        "docs/MAINT-1-typo",
        "feat/TASK-001-greet-by-name",
        "dev",
    ] {
        assert_eq!(repo.class_of(branch), "enforced", "{branch}");
        assert_eq!(repo.codes_of(branch), [""; 0], "{branch}");
    }
}
