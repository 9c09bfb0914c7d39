//! A server, a clone with hooks, and people with keys. Approvals are signed by `ssh-keygen` and stored by git alone, so that
//! nothing of what is judged has made them.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::install::{bare, bare_in, on_server};
use crate::enrolled::{HONEST, WORK};
use crate::keys::{APPROVAL, EVIDENCE, Key, RUNNER, SIGNERS, WAIVER};
use crate::support::{Output, Repo};

/// The reference of the evidence.
pub(crate) const RECORDS: &str = "refs/pdd/evidence";
/// What names the repository in what is signed.
pub(crate) const NAME: &str = "7f0c2b1d9a3e4f58";
/// A policy under which a landing needs approval alone.
pub(crate) const POLICY: &str = "policy = 1\napproval.repository = \"7f0c2b1d9a3e4f58\"\n\
     [rules]\nvalidation = \"off\"\ntask-state = \"off\"\nboundary = \"off\"\nred-first = \"off\"\n";
/// A commit without any of our hooks.
const NO_HOOKS: [&str; 2] = ["-c", "core.hooksPath=/dev/null"];

/// A server `$TMP/server.git`, which is `origin` of `$TMP/repo`; `HEAD` of that is on a work branch.
pub(crate) struct Scene {
    pub(crate) repo: Repo,
    /// Approves, waives, and is pinned.
    pub(crate) ann: Key,
    /// Approves.
    pub(crate) bob: Key,
    /// Signs evidence alone.
    pub(crate) agent: Key,
    /// Approved until the end of 2025.
    pub(crate) old: Key,
    /// A machine.
    pub(crate) ci: Key,
    form: Vec<String>,
}

impl Scene {
    /// Makes the scene; `main` with policy and signers is on the server when that is installed.
    pub(crate) fn new() -> Self {
        Self::in_form(&[])
    }

    /// Makes the scene with further arguments of `git init` for clone and server: `--object-format=sha256`.
    pub(crate) fn in_form(form: &[&str]) -> Self {
        let mut scene = Self::people_in(form);
        scene.form = form.iter().map(|&word| word.to_owned()).collect();
        scene.adopt(Some(&scene.signers()));
        scene.serve();
        scene.enrol();
        scene
    }

    /// Makes the scene with a policy that lists nobody.
    pub(crate) fn without_signers() -> Self {
        let scene = Self::people();
        scene.adopt(None);
        scene.serve();
        scene.enrol();
        scene
    }

    /// Makes the scene with a server that has nothing yet.
    pub(crate) fn empty() -> Self {
        let scene = Self::people();
        bare(&scene.repo);
        scene.install();
        let _ = scene
            .repo
            .git(&["remote", "add", "origin", "../server.git"])
            .ok();
        scene
    }

    fn people() -> Self {
        Self::people_in(&[])
    }

    fn people_in(form: &[&str]) -> Self {
        let repo = Repo::init(form);
        let [ann, bob, agent, old, ci] =
            ["ann", "bob", "agent", "old", "ci"].map(|name| repo.key(name));
        Self {
            repo,
            ann,
            bob,
            agent,
            old,
            ci,
            form: Vec::new(),
        }
    }

    /// Writes the signers file's text.
    pub(crate) fn signers(&self) -> String {
        let old = format!(
            "old namespaces=\"{APPROVAL}\",valid-before=\"20260101\" {}\n",
            self.old.public
        );
        self.ann.line("ann", &[APPROVAL, WAIVER, EVIDENCE])
            + &self.bob.line("bob", &[APPROVAL])
            + &self.agent.line("agent", &[EVIDENCE])
            + &self.ci.line("ci", &[RUNNER])
            + &old
    }

    /// Commits the policy, and the signers file where there is to be one, as the first commit of `main`.
    pub(crate) fn adopt(&self, signers: Option<&str>) {
        self.repo.write("app.txt", "base\n");
        self.repo.write(".pdd.toml", POLICY);
        if let Some(text) = signers {
            self.repo.write(SIGNERS, text);
        }
        let _ = self.repo.git(&["add", "-A"]).ok();
        let message = "chore(pdd): adopt the workflow [MAINT-1]";
        let _ = self.repo.git(&["commit", "-q", "-m", message]).ok();
    }

    /// Makes the server with what `main` is now, then installs it.
    fn serve(&self) {
        let form: Vec<&str> = self.form.iter().map(String::as_str).collect();
        bare_in(&self.repo, &form);
        let repo = &self.repo;
        let _ = repo.git(&["remote", "add", "origin", "../server.git"]).ok();
        let _ = repo.git(&["push", "-q", "origin", "main"]).ok();
        self.install();
    }

    fn install(&self) {
        let args = ["install", "--server", "--root", &self.ann.fingerprint];
        let _ = on_server(&self.repo, &args).ok();
    }

    /// Installs the hooks in the clone and begins the work branch.
    pub(crate) fn enrol(&self) {
        let _ = self.repo.pdd(&["install"]).ok();
        self.repo.begin(WORK);
    }

    /// Returns a revision's full id in the clone.
    pub(crate) fn id(&self, revision: &str) -> String {
        self.repo.ask(&["rev-parse", revision])
    }

    /// Returns where a reference of the server stands; nothing where it does not exist.
    pub(crate) fn at_server(&self, reference: &str) -> String {
        let args = ["rev-parse", "-q", "--verify", reference];
        let output = self.repo.git_in(&self.server(), &args);
        output.stdout.trim_end().to_owned()
    }

    /// Returns the server's folder.
    pub(crate) fn server(&self) -> PathBuf {
        self.repo.at("../server.git")
    }

    /// Makes an honest commit of one file on the branch of `HEAD`, and returns it.
    pub(crate) fn step(&self, path: &str) -> String {
        self.repo.step(path);
        self.id("HEAD")
    }

    /// Cuts a further work branch of the same task from a revision.
    pub(crate) fn branch(&self, name: &str, from: &str) {
        let branch = format!("{WORK}-{name}");
        let _ = self.repo.git(&["switch", "-q", "-c", &branch, from]).ok();
    }

    /// Makes a commit of a tree by plumbing.
    pub(crate) fn commit_tree(&self, tree: &str, parents: &[&str]) -> String {
        let tree = format!("{tree}^{{tree}}");
        let mut args = vec!["commit-tree", &tree, "-m", HONEST];
        args.extend(parents.iter().flat_map(|parent| ["-p", parent]));
        self.repo.ask(&args)
    }

    /// Makes the merge of `other` into `into` as a commit that no branch names.
    pub(crate) fn merge(&self, into: &str, other: &str) -> String {
        let tree = self.repo.ask(&["merge-tree", "--write-tree", into, other]);
        let args = [
            "commit-tree",
            &tree,
            "-m",
            "Merge a branch [TASK-001]",
            "-p",
            into,
            "-p",
            other,
        ];
        self.repo.ask(&args)
    }

    /// Commits what is staged without any hook of ours, and returns the commit.
    pub(crate) fn forced(&self, message: &str) -> String {
        let _ = self.repo.git(&["add", "-A"]).ok();
        let args = [&NO_HOOKS[..], &["commit", "-q", "-m", message]].concat();
        let _ = self.repo.git(&args).ok();
        self.id("HEAD")
    }

    /// Returns what is to be said of moving `main` from one commit to the tree of another by landing `head`.
    pub(crate) fn approval(&self, from: &str, head: &str, to: &str) -> Value {
        let policy = format!("{from}:.pdd.toml");
        let policy = self
            .repo
            .git(&["rev-parse", "-q", "--verify", &policy])
            .stdout;
        json!({
            "tool": "by hand",
            "time": "2026-11-22T10:15:00Z",
            "decision": "approve",
            "repository": NAME,
            "ref": "refs/heads/main",
            "from": from,
            "head": head,
            "to": self.id(&format!("{to}^{{tree}}")),
            "policy": policy.trim_end(),
            "bootstrap": false,
            "policyFiles": null,
            "waivers": [],
            "over": [],
            "withdraws": [],
            "expires": null,
            "reason": null,
            "nonce": "00112233445566778899aabbccddeeff",
        })
    }

    /// Puts what is said into a statement.
    pub(crate) fn statement(&self, predicate: &Value) -> Vec<u8> {
        let statement = json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{ "digest": { "gitTree": predicate["to"], "gitCommit": predicate["head"] } }],
            "predicateType": "https://pdd-hooks.dev/approval/v1",
            "predicate": predicate,
        });
        serde_json::to_vec(&statement).unwrap()
    }

    /// Signs a payload and returns the record: one line.
    pub(crate) fn sign(&self, key: &Key, namespace: &str, payload: &[u8]) -> Vec<u8> {
        let kind = "application/vnd.in-toto+json";
        let mut bytes = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
        bytes.extend_from_slice(payload);
        let file = self.repo.root().join("signed");
        let signature = self.repo.root().join("signed.sig");
        std::fs::write(&file, bytes).unwrap();
        let _ = std::fs::remove_file(&signature);
        let mut sign = self.repo.command("ssh-keygen", self.repo.root());
        sign.args(["-q", "-Y", "sign", "-n", namespace, "-f"]);
        let _ = self.repo.run(sign.arg(&key.path).arg(&file), b"").ok();
        let signature = STANDARD.encode(std::fs::read(signature).unwrap());
        let envelope = json!({
            "payloadType": kind,
            "payload": STANDARD.encode(payload),
            "signatures": [{ "keyid": key.fingerprint, "sig": signature }],
        });
        format!("{envelope}\n").into_bytes()
    }

    /// Signs what is said, adds it to the evidence of the clone, and returns the record's name.
    pub(crate) fn say(&self, key: &Key, predicate: &Value) -> String {
        let line = self.sign(key, APPROVAL, &self.statement(predicate));
        self.add(&line)
    }

    /// Approves of the fast-forward of the server's `main` to a commit.
    pub(crate) fn approve(&self, key: &Key, to: &str) -> String {
        let from = self.at_server("refs/heads/main");
        self.say(key, &self.approval(&from, to, to))
    }

    /// Adds a record to the evidence of the clone, on top of what the server has, and returns its name.
    pub(crate) fn add(&self, line: &[u8]) -> String {
        let name = sha256(line);
        self.add_as(&format!("{}/{name}.json", &name[..2]), line);
        name
    }

    /// Adds a file to the evidence of the clone under any path.
    pub(crate) fn add_as(&self, path: &str, line: &[u8]) {
        let mut write = self.repo.command("git", self.repo.folder());
        write.args(["hash-object", "-w", "--stdin"]);
        let blob = self.repo.run(&mut write, line).ok().stdout;
        self.unite(&format!("100644 {}\t{path}\n", blob.trim_end()));
    }

    /// Makes the evidence of the clone the union of its own, the server's, and further entries.
    fn unite(&self, entries: &str) {
        let repo = &self.repo;
        let server = self.at_server(RECORDS);
        if !server.is_empty() {
            let _ = repo.git(&["fetch", "-q", "origin", RECORDS]).ok();
        }
        let own = repo.git(&["rev-parse", "-q", "--verify", RECORDS]).stdout;
        let tips: Vec<&str> = [own.trim_end(), &server]
            .into_iter()
            .filter(|tip| !tip.is_empty())
            .collect();
        let mut entries = entries.to_owned();
        for tip in &tips {
            entries += &repo.git(&["ls-tree", "-r", tip]).ok().stdout;
        }
        let index = repo.root().join("evidence-index");
        let env = [("GIT_INDEX_FILE", index.to_str().unwrap())];
        let _ = repo.git_with(&env, &["read-tree", "--empty"]).ok();
        let mut update = repo.command("git", repo.folder());
        update.args(["update-index", "--index-info"]).envs(env);
        let _ = repo.run(&mut update, entries.as_bytes()).ok();
        let tree = repo.git_with(&env, &["write-tree"]).ok().stdout;
        let mut args = vec!["commit-tree", tree.trim_end(), "-m", "evidence"];
        args.extend(tips.iter().flat_map(|tip| ["-p", tip]));
        let commit = repo.ask(&args);
        let _ = repo.git(&["update-ref", RECORDS, &commit]).ok();
    }

    /// Pushes past the clone's own hooks.
    pub(crate) fn push(&self, args: &[&str]) -> Output {
        let start = ["push", "--no-verify", "origin"];
        self.repo.git(&[&start[..], args].concat())
    }

    /// Pushes a commit to `main` and the evidence with it, as one.
    pub(crate) fn push_both(&self, commit: &str) -> Output {
        // The server writes records too.
        self.unite("");
        let main = format!("{commit}:refs/heads/main");
        self.push(&["--atomic", &main, RECORDS])
    }

    /// Lands a commit with Ann's approval.
    pub(crate) fn land(&self, commit: &str) {
        self.approve(&self.ann, commit);
        let _ = self.push_both(commit).ok();
    }

    /// Fails unless the server refused, left `main` alone and said all these words.
    #[track_caller]
    pub(crate) fn refused(&self, before: &str, output: &Output, words: &[&str]) {
        let text = output.text();
        assert_ne!(output.code(), 0, "let through:\n{text}");
        for word in words {
            assert!(output.stderr.contains(word), "no `{word}` in\n{text}");
        }
        assert_eq!(self.at_server("refs/heads/main"), before, "{text}");
    }
}

/// Returns the SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
