//! A clone that has nothing but what was signed: landings, receipts, repairs.

use std::path::{Path, PathBuf};

use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::evidence::statement::{
    Approval, Decision, Predicate, Statement, Transition, Waiver,
};
use pdd_hooks::git::Repository;
use pdd_hooks::id::{BlobId, CommitId, TreeId};
use pdd_hooks::signing::{Asks, Key as SigningKey};

use crate::keys::{APPROVAL, EVIDENCE, Key, RUNNER, SIGNERS, WAIVER};
use crate::support::Repo;

/// A policy under which a landing needs approval, and a commit a well-formed message.
pub(super) const POLICY: &str = "policy = 1\napproval.repository = \"ours\"\n\
    waiver.rules = [\"message-format\"]\n[rules]\nvalidation = \"off\"\ntask-state = \"off\"\nboundary = \"off\"\nred-first = \"off\"\n\
    persona = \"off\"\ntransition = \"off\"\n";
/// The message of an honest commit.
pub(super) const HONEST: &str = "feat(app): one step [TASK-001]";
/// A message that PDD002 refuses.
pub(super) const BAD: &str = "one step [TASK-001]";
/// What PDD010 says where nobody said anything.
pub(super) const NOBODY: &str = "PDD010: `main` may not take <id>: nobody has approved it";

/// A repository without hooks whose `main` has a policy and lists people; what is said of it is written by the test.
pub(super) struct Scene {
    pub(super) repo: Repo,
    /// Approves, waives, and signs evidence.
    pub(super) ann: Key,
    /// Approved until the end of 2025.
    pub(super) old: Key,
    /// Signs evidence alone.
    pub(super) agent: Key,
    /// Writes down what a server let through.
    pub(super) server: Key,
    /// A machine.
    pub(super) ci: Key,
    /// Listed by nobody.
    pub(super) eve: Key,
}

impl Scene {
    pub(super) fn new() -> Self {
        Self::with(POLICY)
    }

    pub(super) fn with(policy: &str) -> Self {
        let scene = Self::people();
        scene.adopt(policy, Some(&scene.signers()));
        scene
    }

    pub(super) fn people() -> Self {
        let repo = Repo::new();
        let names = ["ann", "old", "agent", "server", "ci", "eve"];
        let [ann, old, agent, server, ci, eve] = names.map(|name| repo.key(name));
        Self {
            repo,
            ann,
            old,
            agent,
            server,
            ci,
            eve,
        }
    }

    pub(super) fn signers(&self) -> String {
        let old = format!(
            "old namespaces=\"{APPROVAL}\",valid-before=\"20260101Z\" {}\n",
            self.old.public
        );
        self.ann.line("ann", &[APPROVAL, WAIVER, EVIDENCE])
            + &self.agent.line("agent", &[EVIDENCE])
            + &self.server.line("server", &[EVIDENCE])
            + &old
    }

    pub(super) fn adopt(&self, policy: &str, signers: Option<&str>) {
        self.repo.write("app.txt", "base\n");
        self.repo.write(".pdd.toml", policy);
        if let Some(signers) = signers {
            self.repo.write(SIGNERS, signers);
        }
        self.repo
            .commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    }

    /// Commits a file on the branch of `HEAD`.
    pub(super) fn commit(&self, path: &str) -> String {
        self.commit_as(path, HONEST)
    }

    pub(super) fn commit_as(&self, path: &str, message: &str) -> String {
        self.repo.write(path, format!("{path}\n"));
        self.repo.commit_all(message);
        self.id("HEAD")
    }

    /// Commits a file on a new branch, and returns to `main`.
    pub(super) fn beside(&self, branch: &str, path: &str) -> String {
        let _ = self.repo.git(&["switch", "-q", "-c", branch, "main"]).ok();
        let id = self.commit(path);
        let _ = self.repo.git(&["switch", "-q", "main"]).ok();
        id
    }

    /// Merges into `main`, always by a commit.
    pub(super) fn merge(&self, branch: &str) -> String {
        let args = [
            "merge",
            "-q",
            "--no-ff",
            "-m",
            "Merge it [TASK-001]",
            branch,
        ];
        let _ = self.repo.git(&args).ok();
        self.id("HEAD")
    }

    pub(super) fn id(&self, revision: &str) -> String {
        self.repo.ask(&["rev-parse", revision])
    }

    fn tree(&self, revision: &str) -> TreeId {
        TreeId::new(self.id(&format!("{revision}^{{tree}}")))
    }

    /// Signs a statement, adds it to the evidence, and returns the record's name.
    pub(super) fn add(&self, statement: Statement, signer: Option<(&Key, Namespace)>) -> String {
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

    /// Says something of moving `main` from one commit to the tree of another by landing `head`.
    pub(super) fn say(
        &self,
        key: &Key,
        [from, head, to]: [&str; 3],
        change: impl Fn(&mut Approval),
    ) -> String {
        let policy = self.id(&format!("{from}:.pdd.toml"));
        let to = self.tree(to);
        let head = CommitId::new(self.id(head));
        let mut approval = Approval {
            tool: "by hand".into(),
            time: "2025-11-01T09:00:00Z".into(),
            decision: Decision::Approve,
            repository: "ours".into(),
            reference: "refs/heads/main".into(),
            from: CommitId::new(self.id(from)),
            head: head.clone(),
            to: to.clone(),
            policy: Some(BlobId::new(policy)),
            bootstrap: false,
            policy_files: None,
            waivers: Vec::new(),
            over: Vec::new(),
            withdraws: Vec::new(),
            expires: None,
            reason: None,
            nonce: "0".repeat(32),
        };
        change(&mut approval);
        let predicate = Predicate::Approval(Box::new(approval));
        let statement = Statement::about(&to, Some(&head), predicate);
        self.add(statement, Some((key, Namespace::Approval)))
    }

    /// Approves the fast-forward from one commit to another.
    pub(super) fn approve(&self, key: &Key, from: &str, to: &str) -> String {
        self.say(key, [from, to, to], |_| {})
    }

    /// Writes down a move of `main` as a server does.
    pub(super) fn moved(&self, key: Option<&Key>, from: &str, to: &str, time: &str) -> String {
        let id = |revision| CommitId::new(self.id(revision));
        let transition = Transition {
            tool: "by hand".into(),
            time: time.into(),
            repository: "ours".into(),
            reference: "refs/heads/main".into(),
            from: Some(id(from)),
            to: id(to),
            pusher: None,
            sequence: 1,
            previous: None,
            approvals: Vec::new(),
            recovered: false,
        };
        let predicate = Predicate::Transition(Box::new(transition));
        let statement = Statement::about(&self.tree(to), Some(&id(to)), predicate);
        self.add(statement, key.map(|key| (key, Namespace::Evidence)))
    }

    /// Waives PDD002 for a commit.
    pub(super) fn waive(&self, key: &Key, revision: &str, expires: Option<&str>) -> String {
        let waiver = Waiver {
            tool: "by hand".into(),
            time: "2025-11-01T09:00:00Z".into(),
            repository: "ours".into(),
            rules: vec!["message-format".into()],
            reason: "as the customer words it".into(),
            expires: expires.map(str::to_owned),
            nonce: "0".repeat(32),
        };
        let id = CommitId::new(self.id(revision));
        let predicate = Predicate::Waiver(Box::new(waiver));
        let statement = Statement::about(&self.tree(revision), Some(&id), predicate);
        self.add(statement, Some((key, Namespace::Waiver)))
    }

    /// Returns what the audit of `main` says in a fresh clone, but for the adoption.
    pub(super) fn audited(&self) -> Vec<String> {
        audited(&self.repo, &fresh(&self.repo, self.repo.folder()), "main")
    }
}

/// Clones a repository and its evidence.
pub(super) fn fresh(repo: &Repo, from: &Path) -> PathBuf {
    let folder = tempfile::tempdir_in(repo.root())
        .unwrap()
        .keep()
        .join("clone");
    let (from, to) = (from.to_str().unwrap(), folder.to_str().unwrap());
    let _ = repo.git(&["clone", "-q", from, to]).ok();
    let all = "+refs/pdd/*:refs/pdd/*";
    let _ = repo.git_in(&folder, &["fetch", "-q", "origin", all]).ok();
    folder
}

/// Returns the rows of an audit: class, `how`, findings, notes; oldest first, the adoption left out.
pub(super) fn audited(repo: &Repo, folder: &Path, revision: &str) -> Vec<String> {
    rows(&report(repo, folder, &[revision]))
}

pub(super) fn report(repo: &Repo, folder: &Path, args: &[&str]) -> serde_json::Value {
    let audit = repo.pdd_in(folder, &[&["audit", "--format", "json"], args].concat());
    serde_json::from_str(&audit.ok().stdout).unwrap()
}

pub(super) fn rows(report: &serde_json::Value) -> Vec<String> {
    let rows = report["commits"].as_array().unwrap().iter();
    let rows = rows.filter(|row| row["class"] != "adoption" && row["class"] != "pre-adoption");
    rows.map(row).collect()
}

fn row(row: &serde_json::Value) -> String {
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut parts = vec![text(&row["class"])];
    // Each of these commits came by a clone, where it says so at all.
    let how = row["how"].as_str().filter(|&how| how != "another clone");
    parts.extend(how.map(|how| format!("({how})")));
    for finding in row["findings"].as_array().unwrap() {
        let level = match finding["level"].as_str() {
            Some("error") => String::new(),
            other => format!("{} ", other.unwrap()),
        };
        let (code, message) = (text(&finding["code"]), text(&finding["message"]));
        parts.push(format!("{level}{code}: {}", nameless(&message)));
    }
    for note in row["notes"].as_array().unwrap() {
        parts.push(format!("[{}]", nameless(&text(note))));
    }
    parts.join(" ")
}

/// Writes `<id>` for every run of 12 or more hexadecimal digits.
fn nameless(text: &str) -> String {
    let word = |word: &str| {
        let bare = word.trim_end_matches([',', ':', ')']);
        let bare = bare.trim_start_matches('(');
        match bare.len() >= 12 && bare.bytes().all(|b| b.is_ascii_hexdigit()) {
            true => word.replace(bare, "<id>"),
            false => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A line of a signers file that lists a machine.
pub(super) fn machine(key: &Key) -> String {
    key.line("ci", &[RUNNER])
}
