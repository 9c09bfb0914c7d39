//! `pdd-hooks task` in real repositories, with all hooks installed.

mod blocked;
mod finished;
mod planned;
mod spoken;
mod started;

use crate::support::{Output, Repo};

pub(super) const TASKLIST: &str = "context/Tasklist.md";
pub(super) const CHANGELOG: &str = "context/Changelog.md";

/// Tasks as headings, in sections.
pub(super) const HEADINGS: &str = "\
# Tasklist

## IN_PROGRESS

### TASK-005: Schema

- **Status**: IN_PROGRESS
- **Priority**: HIGH
- **Current Owner**: Bob
- **Dependencies**: None

## PENDING

### TASK-006: Speed

- **Status**: PENDING
- **Priority**: CRITICAL
- **Dependencies**: TASK-005 (Schema)

### TASK-007: Search by word

- **Status**: PENDING
- **Priority**: P2
- **Dependencies**: TASK-002
- **Current Owner**: None
- **Acceptance Criteria**:
  - [x] finds a word
  - [ ] ranks: by relevance
- **Notes**: see `src/index.rs`

#### PM Context Validation ❌

- [x] looked
- [ ] listed

## BLOCKED

Prose stays.
";

/// The same as items, with the line ends of Windows.
pub(super) const ITEMS: &str = "\
# Tasklist\r
\r
- [ ] **[TASK-006]** - Speed\r
\t- **Status**: PENDING\r
\t- **Priority**: P0 (Critical)\r
\t- **Dependencies**: TASK-009\r
- [ ] **[TASK-007]** - Search by word 🔍\r
\t- **Status**: PENDING\r
\t- **Priority**: P1 (High)\r
\t- **Dependencies**: [TASK-002]\r
\t- **Assigned**: None\r
\r
The end.\r
";

/// A task that is done.
pub(super) const DONE: &str = "\
# Changelog

## [CHANGELOG-0001] - Begin

**Task ID**: [TASK-002]
";

/// Makes an enrolled repository whose integration branch `dev` is checked out and holds these documents.
pub(super) fn planned(tasklist: &str) -> Repo {
    let repo = Repo::enrolled();
    let _ = repo.git(&["switch", "-q", "-c", "dev", "main"]).ok();
    repo.write(TASKLIST, tasklist);
    repo.write(CHANGELOG, DONE);
    // Some of these documents are as nobody could commit them.
    let _ = repo.git(&["add", "."]).ok();
    let off = ["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m"];
    let _ = repo
        .git(&[&off[..], &["docs(tasks): plan [MAINT-1]"]].concat())
        .ok();
    repo
}

/// Returns the lines in which two texts differ: `-old`, `+new`; what they begin and end with alike is left out.
pub(super) fn differs(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        old.split_inclusive('\n').collect(),
        new.split_inclusive('\n').collect(),
    );
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old[same..].iter().rev().zip(new[same..].iter().rev());
    let tail = rest.take_while(|(a, b)| a == b).count();
    let gone = old[same..old.len() - tail]
        .iter()
        .map(|it| format!("-{it}"));
    let came = new[same..new.len() - tail]
        .iter()
        .map(|it| format!("+{it}"));
    gone.chain(came).collect()
}

/// Runs the commit that a command suggests, as it stands there.
pub(crate) fn follow(repo: &Repo, output: &Output) -> Output {
    let mut lines = output.stdout.lines();
    let commit = lines.rfind(|line| line.starts_with("git commit "));
    let commit = commit.unwrap_or_else(|| panic!("no commit: {}", output.text()));
    let mut shell = repo.command("sh", repo.folder());
    let _ = shell.args(["-c", commit]);
    repo.run(&mut shell, b"")
}

/// Lists the ways out that a refusal names.
pub(super) fn ways(output: &Output) -> Vec<&str> {
    let lines = output.stderr.lines();
    lines
        .filter_map(|line| line.trim_start().strip_prefix("= help: "))
        .collect()
}
