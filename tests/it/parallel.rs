//! Two clones that carry two tasks at once: merged, and rebased, with all hooks on and every rule at its default.

use std::path::PathBuf;

use crate::carried::project;
use crate::support::{Output, Repo};

/// One of the clones.
struct Clone<'r> {
    repo: &'r Repo,
    folder: PathBuf,
}

impl Clone<'_> {
    fn git(&self, args: &[&str]) -> Output {
        self.repo.git_in(&self.folder, args).ok()
    }

    fn pdd(&self, args: &[&str]) -> Output {
        self.repo.pdd_in(&self.folder, args).ok()
    }

    fn ask(&self, args: &[&str]) -> String {
        self.git(args).stdout.trim_end().to_owned()
    }

    fn commit(&self, message: &str) {
        let _ = self.git(&["commit", "-q", "-m", message]);
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.join(path)).unwrap()
    }

    fn stage(&self, path: &str, text: &str) {
        std::fs::write(self.folder.join(path), text).unwrap();
        let _ = self.git(&["add", path]);
    }

    /// Carries a task that asks for one function, from its beginning to the Changelog, on a branch of its own.
    fn carry(&self, task: &str, name: &str) {
        let say = |kind: &str, words: &str| format!("{kind}: {words} [{task}]");
        let _ = self.pdd(&["task", "start", task]);
        self.commit(&say("docs(tasks)", "start it"));
        let _ = self.pdd(&["handoff", "QA"]);
        let test = format!(
            "from {name} import {name}\n\n\ndef test_{name}(): assert {name}() == '{name}'\n"
        );
        self.stage(&format!("tests/test_{name}.py"), &test);
        self.commit(&say("test", "ask for it"));
        let _ = self.pdd(&["handoff", "DEV"]);
        self.stage(
            &format!("{name}.py"),
            &format!("def {name}(): return '{name}'\n"),
        );
        let devlog = self.read("context/Devlog.md");
        // Both write a first entry, below the prose.
        let entry = format!(
            "### [DEVLOG-0001] - A word alone ({task})\n- **Task**: {task}\n\nDEV, [{task}]\n"
        );
        let prose = "sides begin or end with.\n";
        let (above, below) = devlog.split_at(devlog.find(prose).unwrap() + prose.len());
        self.stage("context/Devlog.md", &format!("{above}\n{entry}{below}"));
        let _ = self.pdd(&["handoff", "QA"]);
        self.commit(&say("feat", "do it"));
        let list = self.read("context/Tasklist.md");
        let place = list.find(&format!("### {task}")).unwrap();
        let (before, own) = list.split_at(place);
        self.stage(
            "context/Tasklist.md",
            &format!("{before}{}", own.replacen("- [ ]", "- [x]", 1)),
        );
        let _ = self.pdd(&["task", "ready"]);
        self.commit(&say("docs(tasks)", "ready"));
        let _ = self.pdd(&["handoff", "PM"]);
        let _ = self.pdd(&["task", "complete"]);
        self.commit(&say("docs(tasks)", "complete it"));
    }

    /// Merges a branch into `dev`, which is where the remote has it, and pushes that.
    fn meet(&self, branch: &str) {
        let _ = self.git(&["switch", "-q", "dev"]);
        let _ = self.git(&["pull", "-q", "--ff-only"]);
        let _ = self.git(&["merge", "-q", "--no-ff", "--no-edit", branch]);
        let _ = self.git(&["push", "-q", "origin", "dev"]);
    }

    /// Also where nobody knows what was rebased: of the rules about tasks, personas and documents none is broken.
    fn keeps_its_documents(&self) {
        let audit = self
            .repo
            .pdd_in(&self.folder, &["audit", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&audit.stdout).unwrap();
        let rows = report["commits"].as_array().unwrap();
        let found = rows
            .iter()
            .flat_map(|row| row["findings"].as_array().unwrap());
        let codes: Vec<&str> = found
            .map(|finding| finding["code"].as_str().unwrap())
            .collect();
        // The proofs of rebased commits lie with whoever rebased them.
        let is_of_proof = |code: &&&str| ["PDD008", "PDD009"].contains(*code);
        let others: Vec<&&str> = codes.iter().filter(|code| !is_of_proof(code)).collect();
        assert!(others.is_empty(), "{}", audit.text());
    }

    fn is_clean(&self) {
        let audit = self.pdd(&["audit", "--fail-on", "error,bypassed"]);
        assert!(
            audit.stdout.ends_with("; no findings\n"),
            "{}",
            audit.text()
        );
    }
}

#[test]
fn two_clones_carry_two_tasks_at_once_without_a_conflict_and_every_rule_holds() {
    let repo = project();
    for title in ["One word", "Another", "What is between"] {
        let _ = repo
            .pdd(&["task", "new", title, "--criterion", "says it"])
            .ok();
    }
    let _ = repo.commit("docs(tasks): plan the words [MAINT-1]").ok();
    let server = repo.root().join("server.git");
    let server = server.to_str().unwrap();
    let _ = repo
        .git(&["init", "-q", "--bare", "-b", "main", server])
        .ok();
    let _ = repo.git(&["remote", "add", "origin", server]).ok();
    // A server that knows nothing of the workflow has begun somewhere.
    let _ = repo
        .git(&["push", "-q", "--no-verify", "-u", "origin", "main", "dev"])
        .ok();
    let folder = repo.root().join("other");
    let _ = repo
        .git(&["clone", "-q", "-b", "dev", server, folder.to_str().unwrap()])
        .ok();
    let here = Clone {
        repo: &repo,
        folder: repo.folder().to_owned(),
    };
    let there = Clone {
        repo: &repo,
        folder,
    };
    let _ = there.git(&["branch", "-q", "main", "origin/main"]);
    let _ = there.pdd(&["install"]);
    here.carry("TASK-001", "one");
    there.carry("TASK-003", "between");
    here.meet("feat/TASK-001-one-word");
    // The other comes later: rebased on what has met already.
    let _ = there.git(&["fetch", "-q"]);
    let _ = there.git(&["rebase", "-q", "origin/dev"]);
    assert_eq!(there.ask(&["status", "--porcelain"]), "");
    there.meet("feat/TASK-003-what-is-between");
    let _ = here.git(&["pull", "-q", "--ff-only"]);
    let _ = here.git(&["switch", "-q", "dev"]);
    there.is_clean();
    for clone in [&here, &there] {
        clone.keeps_its_documents();
        let done = clone.read("context/Changelog.md");
        for task in ["TASK-001: One word", "TASK-003: What is between"] {
            assert_eq!(
                done.matches(&format!("\n### {task}\n")).count(),
                1,
                "{done}"
            );
        }
        let list = clone.read("context/Tasklist.md");
        assert!(
            list.contains("### TASK-002: Another")
                && !list.contains("### TASK-001")
                && !list.contains("### TASK-003"),
            "{list}"
        );
    }
    let doctor = here.pdd(&["doctor", "--fix"]);
    assert!(
        doctor.stdout.contains("DEVLOG-0001 -> DEVLOG-0002"),
        "{}",
        doctor.text()
    );
}
