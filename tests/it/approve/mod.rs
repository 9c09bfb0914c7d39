//! `approve`, `reject`, `withdraw` and the approvers of `init`: real repositories, real keys, real records.

mod approvers;
mod moves;
mod refused;
mod shown;
mod words;

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::enrolled::{HONEST, POLICY, WORK};
use crate::keys::{APPROVAL, EVIDENCE, Key, SIGNERS, WAIVER};
use crate::support::{Output, Repo};

/// What a person is listed for.
pub(super) const PERSON: [&str; 3] = [APPROVAL, WAIVER, EVIDENCE];

/// A repository whose `main` has a policy and lists Ann, with `HEAD` on a work branch that is one commit ahead.
pub(super) struct Scene {
    /// The repository.
    pub(super) repo: Repo,
    /// Ann's key, which the repository is configured with.
    pub(super) ann: Key,
}

impl Scene {
    /// Makes it.
    pub(super) fn new() -> Self {
        Self::init(&[])
    }

    /// Makes it with further arguments of `git init`.
    pub(super) fn init(args: &[&str]) -> Self {
        let repo = Repo::init(args);
        let ann = repo.key("ann");
        repo.write(SIGNERS, ann.line("ann@example.org", &PERSON));
        Self { repo, ann }.begun()
    }

    /// Makes one whose `main` lists nobody.
    pub(super) fn without_signers() -> Self {
        let repo = Repo::new();
        let ann = repo.key("ann");
        Self { repo, ann }.begun()
    }

    fn begun(self) -> Self {
        let repo = &self.repo;
        repo.write("app.txt", "base\n");
        repo.write(
            ".pdd.toml",
            format!("{POLICY}approval.repository = \"ours\"\n"),
        );
        repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        self.use_key(&self.ann);
        repo.begin(WORK);
        self
    }

    /// Configures the key that approves.
    pub(super) fn use_key(&self, key: &Key) {
        let path = key.path.to_str().unwrap();
        let _ = self.repo.git(&["config", "pdd.approvalKey", path]).ok();
    }

    /// Runs `approve HEAD --into main` of the work branch with further arguments.
    pub(super) fn approve(&self, args: &[&str]) -> Output {
        let mut all = vec!["approve", WORK, "--into", "main"];
        all.extend_from_slice(args);
        self.repo.pdd(&all)
    }

    /// Approves and returns the record's name.
    pub(super) fn approved(&self, args: &[&str]) -> String {
        let json = self.approve(&[args, &["--format", "json"]].concat()).ok();
        let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        json["record"].as_str().unwrap().to_owned()
    }

    /// Lets `main` go on with one commit of its own, without moving `HEAD`.
    pub(super) fn move_main(&self, path: &str, text: &str) {
        let repo = &self.repo;
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        repo.stage(path, text);
        let _ = repo.commit(HONEST).ok();
        let _ = repo.git(&["switch", "-q", WORK]).ok();
    }

    /// Counts the records of the store that state a word.
    pub(super) fn words(&self) -> usize {
        self.repo
            .git(&["ls-tree", "-r", "--name-only", "refs/pdd/evidence"])
            .stdout
            .lines()
            .count()
    }

    /// Returns a record as it stands in the store.
    pub(super) fn record(&self, name: &str) -> Record {
        let place = format!("refs/pdd/evidence:{}/{name}.json", &name[..2]);
        let envelope = self.repo.ask(&["show", &place]);
        let envelope: serde_json::Value = serde_json::from_str(&envelope).unwrap();
        let bytes = |text: &serde_json::Value| STANDARD.decode(text.as_str().unwrap()).unwrap();
        Record {
            kind: envelope["payloadType"].as_str().unwrap().to_owned(),
            payload: bytes(&envelope["payload"]),
            signature: bytes(&envelope["signatures"][0]["sig"]),
        }
    }
}

/// A record taken apart.
pub(super) struct Record {
    kind: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Record {
    /// Returns what it states.
    pub(super) fn predicate(&self) -> serde_json::Value {
        let statement: serde_json::Value = serde_json::from_slice(&self.payload).unwrap();
        statement["predicate"].clone()
    }

    /// Returns what it is about.
    pub(super) fn subject(&self) -> serde_json::Value {
        let statement: serde_json::Value = serde_json::from_slice(&self.payload).unwrap();
        statement["subject"].clone()
    }

    /// Has plain `ssh-keygen -Y verify` judge the signature over the envelope's pre-authentication encoding (DSSE v1).
    pub(super) fn verified(&self, repo: &Repo, signers: &Path, principal: &str) -> Output {
        let mut signed = format!("DSSEv1 {} {} ", self.kind.len(), self.kind).into_bytes();
        signed.extend(format!("{} ", self.payload.len()).into_bytes());
        signed.extend(&self.payload);
        let signature = repo.root().join("signature");
        std::fs::write(&signature, &self.signature).unwrap();
        let mut verify = repo.command("ssh-keygen", repo.folder());
        verify.args(["-Y", "verify", "-n", APPROVAL, "-I", principal, "-f"]);
        verify.arg(signers).arg("-s").arg(signature);
        repo.run(&mut verify, &signed)
    }
}
