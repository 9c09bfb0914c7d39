//! What `init` writes for real projects, from `init` to the commit: real tools, run by the installed hooks.
//! `tests/setup-runners.sh` makes the tools of Python and Node available.

mod go;
mod node;
mod python;
mod python_found;
mod rust;
mod several;

use crate::enrolled::WORK;
use crate::support::{Output, Repo};

impl Repo {
    /// Commits what stands here, adopts what `init` writes for it, installs the hooks, and begins a task with PM's plan.
    fn adopted_as_found(self) -> Self {
        self.commit_all("start");
        let _ = self.pdd(&["init"]).ok();
        let tasks = self.read("context/Tasklist.md");
        let task = "### TASK-001: Steps\n\n- **Status**: IN_PROGRESS\n";
        self.write("context/Tasklist.md", format!("{tasks}\n{task}"));
        self.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        let _ = self.pdd(&["install"]).ok();
        let _ = self.git(&["switch", "-q", "-c", WORK]).ok();
        self.declare("PM");
        let _ = self.commit("docs: plan [TASK-001]").ok();
        self
    }

    /// Commits tests under QA.
    fn commit_tests(&self, path: &str, text: &str) -> Output {
        self.declare("QA");
        self.stage(path, text);
        self.commit("test: ask for it [TASK-001]")
    }

    /// Commits source for which DEV and QA speak in the same commit; before DEV comes QA.
    fn commit_code(&self, path: &str, text: &str) -> Output {
        self.commit_code_as("feat", path, text)
    }

    /// Commits source with a message of this type in the same way.
    fn commit_code_as(&self, kind: &str, path: &str, text: &str) -> Output {
        // What was refused before leaves its declarations staged.
        let is_declared = !self
            .ask(&["diff", "--cached", "--name-only", "--", "context"])
            .is_empty();
        if !is_declared {
            for persona in ["QA", "DEV", "QA"] {
                self.declare(persona);
            }
        }
        self.stage(path, text);
        self.commit(&format!("{kind}: do it [TASK-001]"))
    }

    /// The checks of the policy that `init` wrote: from the first `[[check]]`, or the comment on it, to the end.
    fn written_checks(&self) -> String {
        let text = self.read(".pdd.toml");
        let (_, rest) = text.split_once("repository = ").unwrap();
        let (_, checks) = rest.split_once("\n\n").unwrap();
        checks.to_owned()
    }
}

/// What a hook printed of the checks that passed, without times: `tests passed (2 tests)`.
fn told(output: &Output) -> String {
    let times = regex::Regex::new(r"(, )?\d+\.\d s").unwrap();
    let line = |text: &str| {
        let lines = text.lines();
        let mut found = lines.filter_map(|line| line.strip_prefix("pdd-hooks: "));
        found.next().unwrap_or("nothing").to_owned()
    };
    times
        .replace_all(&line(&output.stderr), "")
        .replace(" ()", "")
}

/// The findings of a refused commit, each with its help.
#[track_caller]
fn refused(output: &Output) -> Vec<String> {
    assert_eq!(output.code(), 1, "{}", output.text());
    // Rust names the thread's number.
    let threads = regex::Regex::new(r"thread '(\w+)' \(\d+\)").unwrap();
    let text = output.text();
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(finding) = line.strip_prefix("error[PDD008]: ") {
            found.push(threads.replace_all(finding, "thread '$1'").into_owned());
        } else if line.starts_with("error[PDD") {
            panic!("{text}");
        } else if let (Some(help), Some(last)) = (line.strip_prefix("  = help: "), found.last_mut())
        {
            *last += &format!("; {help}");
        }
    }
    found
}

/// Asserts that nothing but this check is found to fail, in words that begin like this, and that its output is shown. How
/// a tool without a report sums up differs from version to version.
#[track_caller]
fn assert_fails(output: &Output, check: &str, how: &str, shown: &str) {
    let findings = refused(output);
    let begins = format!("the check `{check}` fails: {how}");
    assert!(
        findings.len() == 1 && findings[0].starts_with(&begins) && output.stderr.contains(shown),
        "{}",
        output.text()
    );
}

/// The finding against a check that fails, with its help.
fn fails(check: &str, how: &str) -> String {
    format!(
        "the check `{check}` fails{how}; mend it and stage the mend: what is staged was tested, not what lies in the work tree"
    )
}
