//! Hooks never ask and never wait: what cannot be signed without that stays unsigned, and says why.

use std::process::{Child, Stdio};

use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::git::Repository;
use pdd_hooks::signing::{Asks, Key as SigningKey, record, why_unsigned};

use super::{gap, statement};
use crate::keys::Key;
use crate::support::Repo;

const PASSPHRASE: &str = "correct horse";

/// Makes a key with a passphrase.
fn locked(repo: &Repo, name: &str) -> Key {
    let key = repo.key(name);
    let mut lock = repo.command("ssh-keygen", repo.folder());
    lock.args(["-q", "-p", "-P", "", "-N", PASSPHRASE, "-f"])
        .arg(&key.path);
    let _ = repo.run(&mut lock, b"").ok();
    key
}

/// A real agent, which ends with the test.
struct Agent {
    child: Child,
    socket: String,
}

impl Agent {
    fn start(repo: &Repo) -> Self {
        let socket = repo.root().join("agent").to_str().unwrap().to_owned();
        let mut start = repo.command("ssh-agent", repo.folder());
        let mut child = start
            .args(["-D", "-a", &socket])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // It says where it listens as soon as it does.
        let mut said = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut said, &mut String::new()).unwrap();
        Self { child, socket }
    }

    /// Hands it a key.
    fn hold(&self, repo: &Repo, key: &Key) {
        repo.write_program("../pass", &format!("#!/bin/sh\necho '{PASSPHRASE}'\n"));
        let mut add = repo.command("ssh-add", repo.folder());
        add.env("SSH_AUTH_SOCK", &self.socket)
            .env("SSH_ASKPASS", repo.at("../pass"))
            .env("SSH_ASKPASS_REQUIRE", "force")
            .arg("-q")
            .arg(&key.path);
        let _ = repo.run(&mut add, b"").ok();
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unsigned(repo: &Repo) -> bool {
    let signed = repo.signers_of_validations(Namespace::Evidence);
    assert!(!signed.is_empty());
    signed.iter().all(Vec::is_empty)
}

#[test]
fn a_hook_does_not_ask_for_a_passphrase_even_on_a_terminal() {
    let repo = Repo::checked("");
    repo.sign_with(&locked(&repo, "ann"));
    repo.stage_step("one");
    let commit = "git commit -q -m 'feat(app): one step [TASK-001]'";
    let mut terminal = repo.command("script", repo.folder());
    let shown = repo
        .run(terminal.args(["-qec", commit, "/dev/null"]), b"")
        .ok();
    assert!(
        !shown.stdout.to_lowercase().contains("passphrase"),
        "{}",
        shown.stdout
    );
    assert!(unsigned(&repo));
}

#[test]
fn an_agent_signs_for_a_hook_what_a_passphrase_hides() {
    let repo = Repo::checked("");
    let key = locked(&repo, "ann");
    repo.sign_with(&key);
    let agent = Agent::start(&repo);
    agent.hold(&repo, &key);
    repo.stage_step("one");
    let commit = ["commit", "-q", "-m", "feat(app): one step [TASK-001]"];
    let _ = repo
        .git_with(&[("SSH_AUTH_SOCK", &agent.socket)], &commit)
        .ok();
    let signed = repo.signers_of_validations(Namespace::Evidence);
    assert_eq!(signed, [[key.fingerprint]]);
}

#[test]
fn an_agent_that_does_not_hold_the_key_leaves_a_record_unsigned() {
    let repo = Repo::checked("");
    repo.sign_with(&locked(&repo, "ann"));
    let agent = Agent::start(&repo);
    repo.stage_step("one");
    let commit = ["commit", "-q", "-m", "feat(app): one step [TASK-001]"];
    let _ = repo
        .git_with(&[("SSH_AUTH_SOCK", &agent.socket)], &commit)
        .ok();
    assert!(unsigned(&repo));
}

#[test]
fn a_hook_signs_by_a_file_without_asking_the_agent() {
    let repo = Repo::checked("");
    let key = repo.key("ann");
    repo.sign_with(&key);
    // Nobody ever answers on this socket.
    let socket = repo.root().join("silent");
    let _silent = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    repo.stage_step("one");
    let commit = ["commit", "-q", "-m", "feat(app): one step [TASK-001]"];
    let socket = socket.to_str().unwrap();
    let _ = repo.git_with(&[("SSH_AUTH_SOCK", socket)], &commit).ok();
    let signed = repo.signers_of_validations(Namespace::Evidence);
    assert_eq!(signed, [[key.fingerprint]]);
}

#[test]
fn without_ssh_keygen_records_stay_unsigned() {
    let mut repo = Repo::checked("");
    repo.sign_with(&repo.key("ann"));
    // A folder of its own for what the hooks need, so that only this program is gone.
    repo.write("../bin/.keep", "");
    for program in ["git", "sh", "grep", "basename"] {
        let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join(program))
            .find(|path| path.is_file())
            .unwrap();
        std::os::unix::fs::symlink(found, repo.at("../bin").join(program)).unwrap();
    }
    let folder = repo.at("../bin");
    repo.hide("ssh-keygen");
    repo.prepend_path(&folder);
    repo.stage_step("one");
    let _ = repo.commit("feat(app): one step [TASK-001]").ok();
    assert!(unsigned(&repo));
}

#[test]
fn a_commit_whose_proof_is_there_starts_no_ssh_keygen() {
    let mut repo = Repo::checked("");
    let key = repo.key("ann");
    repo.watch_ssh_keygen();
    repo.sign_with(&key);
    repo.stage_step("one");
    let _ = repo.pdd(&["validate"]).ok();
    assert_eq!(repo.ssh_keygens(), 1);
    let _ = repo.commit("feat(app): one step [TASK-001]").ok();
    assert_eq!(repo.ssh_keygens(), 1);
}

#[test]
fn a_key_on_a_device_is_never_waited_for() {
    let repo = Repo::new();
    // The public half alone, as a device's file has it beside a handle that only the device can use.
    let blob = "AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIFBfpjOgNIidoPpAqPXQSvSWfYX9Y1tKDAyM8u7DXLzVAAAABHNzaDo=";
    let path = repo.at("../device.pub");
    std::fs::write(&path, format!("sk-ssh-ed25519@openssh.com {blob} me\n")).unwrap();
    let key = SigningKey::at(&path).unwrap();
    assert!(key.is_hardware());
    let error = key
        .sign(&[statement("hello")], Namespace::Evidence, Asks::Never)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the key {} stands on a device that waits for a touch, and a hook waits for nobody",
            key.fingerprint()
        )
    );
}

#[test]
fn why_records_stay_unsigned_is_told_with_the_next_step() {
    let repo = Repo::new();
    let open = || Repository::open_at(repo.folder()).unwrap();
    let told = || {
        let error = why_unsigned(&open()).unwrap();
        format!("{error}\n{}", error.help().unwrap())
    };
    let good = repo.key("good");
    repo.sign_with(&good);
    assert!(why_unsigned(&open()).is_none());
    let missing = repo.at("../keys/none");
    let _ = repo
        .git(&["config", "pdd.signingKey", missing.to_str().unwrap()])
        .ok();
    assert_eq!(
        told(),
        format!(
            "the key `{}`, which `pdd.signingKey` names, cannot be used: there is no such file\n\
             name the file of a private key, or its `.pub`, of a type that OpenSSH makes today",
            missing.display()
        )
    );
    repo.sign_with(&good);
    let _ = repo.git(&["config", "pdd.signer", "robot"]).ok();
    assert_eq!(
        told(),
        "`pdd.signer` is `robot`, which is neither `self` nor `runner`\n`git config pdd.signer self`"
    );
    let names = record(&open(), &[gap()]).unwrap();
    assert_eq!(names.len(), 1);
}
