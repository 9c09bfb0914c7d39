//! A repository that has adopted the workflow and installed the hooks, and the steps that tests take in it.

use std::path::Path;

use crate::support::{Output, Repo};

/// The policy of the adoption: every key at its default, but for the validation, which has tests of its own.
pub(crate) const POLICY: &str = "policy = 1\nrules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n";
/// The message of an honest commit of the work branch.
pub(crate) const HONEST: &str = "feat(app): one step [TASK-001]";
/// The work branch.
pub(crate) const WORK: &str = "feat/TASK-001-steps";

impl Repo {
    /// Makes an enrolled repository with `HEAD` on [`WORK`], whose first commit declares PM.
    pub(crate) fn enrolled() -> Self {
        Self::new().enroll()
    }

    /// Adopts the workflow on `main`, installs the hooks, and makes the first commit of [`WORK`].
    pub(crate) fn enroll(self) -> Self {
        self.adopt();
        let _ = self.pdd(&["install"]).ok();
        self.begin(WORK);
        self
    }

    /// Commits the policy on `main`.
    pub(crate) fn adopt(&self) {
        self.write("app.txt", "base\n");
        self.adopt_with(POLICY);
    }

    /// Commits what is there, and then a policy on `main`.
    pub(crate) fn adopt_with(&self, policy: &str) {
        self.commit_all("start");
        self.write(".pdd.toml", policy);
        self.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    }

    /// Cuts a work branch from `HEAD` and declares PM for its task in an honest commit.
    pub(crate) fn begin(&self, branch: &str) {
        let _ = self.git(&["switch", "-q", "-c", branch]).ok();
        self.declare("PM");
        let _ = self.commit(HONEST).ok();
    }

    /// Declares a persona for TASK-001 in its log and stages the log.
    pub(crate) fn declare(&self, persona: &str) {
        let _ = self
            .pdd(&["persona", persona, "TASK-001", "next step"])
            .ok();
    }

    /// Writes and stages a file.
    pub(crate) fn stage(&self, path: &str, text: &str) {
        self.write(path, text);
        let _ = self.git(&["add", path]).ok();
    }

    /// Commits what is staged.
    pub(crate) fn commit(&self, message: &str) -> Output {
        self.git(&["commit", "-q", "-m", message])
    }

    /// Makes an honest commit of one file.
    pub(crate) fn step(&self, path: &str) {
        self.stage(path, &format!("{path}\n"));
        let _ = self.commit(HONEST).ok();
    }

    /// Returns the ledger's last line about a commit; `null` where there is none.
    pub(crate) fn ledger_of(&self, commit: &str) -> serde_json::Value {
        let common = self.ask(&["rev-parse", "--path-format=absolute", "--git-common-dir"]);
        let path = std::path::Path::new(&common).join("pdd/ledger.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines()
            .rev()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find(|line| line["event"] == "commit" && line["commit"] == commit)
            .unwrap_or_default()
    }

    /// Returns class and `how` that the audit gives a revision: `bypassed (no-verify)`.
    pub(crate) fn class_of(&self, revision: &str) -> String {
        self.class_in(self.folder(), revision)
    }

    /// Returns the same as the audit in another repository gives it.
    pub(crate) fn class_in(&self, folder: &Path, revision: &str) -> String {
        let row = self.audited(folder, revision);
        let class = row["class"].as_str().unwrap();
        match row["how"].as_str() {
            Some(how) => format!("{class} ({how})"),
            None => class.to_owned(),
        }
    }

    /// Returns the codes that the audit finds against a revision.
    pub(crate) fn codes_of(&self, revision: &str) -> Vec<String> {
        self.audited(self.folder(), revision)["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Returns the element of the audit's report for a revision.
    pub(crate) fn audited(&self, folder: &Path, revision: &str) -> serde_json::Value {
        let peeled = format!("{revision}^{{commit}}");
        let id = self.git_in(folder, &["rev-parse", &peeled]).ok().stdout;
        let id = id.trim_end();
        let audit = self.pdd_in(folder, &["audit", "--format", "json", id]);
        let report: serde_json::Value = serde_json::from_str(&audit.ok().stdout).unwrap();
        let rows = report["commits"].as_array().unwrap();
        rows.iter()
            .find(|row| row["commit"] == id)
            .unwrap_or_else(|| panic!("{revision} is not in the report"))
            .clone()
    }
}
