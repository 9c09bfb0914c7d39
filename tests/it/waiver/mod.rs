//! `waive` and what it does to a commit, a push, a landing and the reports: real repositories, keys and records.

mod command;
mod commits;
mod landings;
mod shown;

use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::evidence::statement::{Predicate, Statement, Waiver};
use pdd_hooks::git::Repository;
use pdd_hooks::id::TreeId;
use pdd_hooks::signing::{Asks, Key as SigningKey};

use crate::enrolled::{POLICY, WORK};
use crate::keys::{APPROVAL, EVIDENCE, Key, SIGNERS, WAIVER};
use crate::support::{Output, Repo};

/// A message that PDD002 refuses.
pub(super) const BAD: &str = "one step [TASK-001]";
/// Why it is waived.
pub(super) const REASON: &str = "as the customer words it";
/// What PDD002 says of it.
pub(super) const FOUND: &str = "PDD002: the subject does not begin with a type and a colon";

/// A repository with hooks whose policy lets PDD002 be waived, and lists Ann and, for evidence alone, an agent; `HEAD` is
/// on a work branch that is one commit ahead.
pub(super) struct Scene {
    pub(super) repo: Repo,
    pub(super) ann: Key,
    pub(super) agent: Key,
}

impl Scene {
    pub(super) fn new() -> Self {
        Self::with("waiver.rules = [\"message-format\"]\n")
    }

    /// Makes it with more lines of the policy.
    pub(super) fn with(policy: &str) -> Self {
        Self::under(&format!("{POLICY}{policy}"))
    }

    /// Makes it under this policy.
    pub(super) fn under(policy: &str) -> Self {
        let repo = Repo::new();
        let (ann, agent) = (repo.key("ann"), repo.key("agent"));
        let lines = [
            ann.line("ann@example.org", &[APPROVAL, WAIVER, EVIDENCE]),
            agent.line("agent@example.org", &[EVIDENCE]),
        ];
        repo.write("app.txt", "base\n");
        let text = format!("{policy}approval.repository = \"ours\"\n");
        repo.write(".pdd.toml", text);
        repo.write(SIGNERS, lines.concat());
        repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        repo.sign_with(&agent);
        let path = ann.path.to_str().unwrap();
        let _ = repo.git(&["config", "pdd.approvalKey", path]).ok();
        let _ = repo.pdd(&["install"]).ok();
        repo.begin(WORK);
        Self { repo, ann, agent }
    }

    /// Waives PDD002.
    pub(super) fn waive(&self, args: &[&str]) -> Output {
        let all = ["waive", "PDD002", "--reason", REASON];
        self.repo.pdd(&[&all, args].concat())
    }

    /// Waives PDD002 and returns the record's name.
    pub(super) fn waived(&self, args: &[&str]) -> String {
        let said = self.waive(&[args, &["--format", "json"]].concat()).ok();
        let said: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        said["waiver"]["record"].as_str().unwrap().to_owned()
    }

    /// Puts a waiver of the tree of a revision into the store, past the command; returns its name.
    pub(super) fn put(
        &self,
        tree: &str,
        signer: Option<(&Key, Namespace)>,
        change: impl Fn(&mut Waiver),
    ) -> String {
        let mut waiver = Waiver {
            tool: "pdd-hooks".into(),
            time: "2026-01-15T09:00:00Z".into(),
            repository: "ours".into(),
            rules: vec!["message-format".into()],
            reason: REASON.into(),
            expires: None,
            nonce: "0".repeat(32),
        };
        change(&mut waiver);
        let predicate = Predicate::Waiver(Box::new(waiver));
        let statement = Statement::about(&TreeId::new(tree), None, predicate);
        let envelope = match signer {
            Some((key, namespace)) => {
                let key = SigningKey::at(&key.path).unwrap();
                key.sign(&[statement], namespace, Asks::Never)
                    .unwrap()
                    .remove(0)
            }
            None => Envelope::unsigned(&statement).unwrap(),
        };
        let repository = Repository::open_at(self.repo.folder()).unwrap();
        let names = repository.add_records(&[envelope.to_line().unwrap()]);
        names.unwrap().remove(0)
    }

    /// Stages a file and returns the tree that would be committed.
    pub(super) fn staged(&self, path: &str) -> String {
        self.repo.stage(path, &format!("{path}\n"));
        self.repo.ask(&["write-tree"])
    }

    /// Commits a file with the bad message, its tree waived; returns the waiver's name.
    pub(super) fn step(&self, path: &str) -> String {
        self.staged(path);
        let record = self.waived(&[]);
        let _ = self.repo.commit(BAD).ok();
        record
    }
}

/// The lines of a text that begin findings or say who waived one, without what depends on the record.
pub(super) fn told(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| {
        let line = line.strip_prefix("remote: ").unwrap_or(line);
        line.trim_end()
    });
    lines
        .filter(|line| {
            ["error[", "waived[", "  = waived", "  = help"]
                .iter()
                .any(|start| line.starts_with(start))
        })
        .map(str::to_owned)
        .collect()
}

/// What a finding reads like that a waiver of Ann's lifts.
pub(super) fn lifted(record: &str) -> [String; 2] {
    [
        format!("waived[{}", FOUND.replacen(": ", "]: ", 1)),
        format!(
            "  = waived by ann@example.org: {REASON} (record {})",
            &record[..12]
        ),
    ]
}

/// What it reads like where a waiver does not count.
pub(super) fn kept(why: &str) -> [String; 2] {
    [
        format!("error[{}", FOUND.replacen(": ", "]: ", 1)),
        format!("  = help: the form is `type(scope): description [TASK-ID]`; {why}"),
    ]
}
