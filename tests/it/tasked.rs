//! A repository that keeps every rule about documents: a Tasklist with a task that is worked on, on a branch of its own.

use crate::enrolled::WORK;
use crate::support::{Output, Repo};

/// Where the Tasklist stands.
pub(crate) const LIST: &str = "context/Tasklist.md";
/// Where the log of the task stands.
pub(crate) const LOG: &str = "context/personalog/TASK-001.md";
/// The Tasklist of the adoption.
pub(crate) const TASKS: &str = "# Tasklist\n\n### TASK-001: Search\n\n- **Status**: IN_PROGRESS\n- **Priority**: HIGH\n- **Dependencies**: None\n- **Current Owner**: Ann\n- **Acceptance Criteria**:\n  - [ ] fast\n\n### TASK-002: Rank\n\n- **Status**: PENDING\n- **Priority**: LOW\n- **Dependencies**: TASK-001\n";

impl Repo {
    /// Adopts the workflow with this Tasklist, installs the hooks and declares these personas for TASK-001, in order, in a
    /// commit of its branch. Checks, which have tests of their own, are off.
    pub(crate) fn tasked(tasks: &str, personas: &[&str]) -> Self {
        let repo = Self::new();
        repo.write("src/app.txt", "base\n");
        repo.write("tests/app.txt", "base\n");
        repo.write(LIST, tasks);
        repo.write("context/Changelog.md", "# Changelog\n");
        repo.write("context/Devlog.md", "# Devlog\n");
        repo.commit_all("start");
        repo.write(".pdd.toml", "policy = 1\nrules.validation = \"off\"\n");
        repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        let _ = repo.pdd(&["install"]).ok();
        let _ = repo.git(&["switch", "-q", "-c", WORK]).ok();
        for persona in personas {
            repo.declare(persona);
        }
        if !personas.is_empty() {
            let _ = repo.commit("docs: hand over [TASK-001]").ok();
        }
        repo
    }

    /// Changes a file of the work tree in one place, and stages it.
    pub(crate) fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        let after = text.replacen(from, to, 1);
        assert_ne!(after, text, "{path} does not say `{from}`");
        self.stage(path, &after);
    }

    /// Commits what is staged, of type test, which asks for no red proof.
    pub(crate) fn try_commit(&self) -> Output {
        self.commit("test: one step [TASK-001]")
    }
}

/// What the hooks refused: the first line of each finding with the place of the second, `PDD006: … (src/app.txt)`.
pub(crate) fn refused(output: &Output) -> Vec<String> {
    let lines: Vec<&str> = output.stderr.lines().collect();
    let findings = lines.windows(2).filter_map(|pair| {
        let said = pair[0].strip_prefix("error[")?.replacen("]: ", ": ", 1);
        let place = pair[1].strip_prefix(" --> ")?;
        let place = place
            .split(" in ")
            .next()
            .filter(|place| *place != pair[1].trim_start_matches(" --> "));
        Some(place.map_or(said.clone(), |place| format!("{said} ({place})")))
    });
    findings.collect()
}
