//! Records that are signed and verified, beside real `ssh-keygen`, `ssh-agent` and terminals.

mod agree;
mod anew;
mod asks;
mod certificates;
mod find;
mod forged;
mod interop;
mod lists;

use std::path::Path;

use jiff::Timestamp;
use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::envelope::Signature;
use pdd_hooks::evidence::signers::{Namespace, Signed, Signers, holders};
use pdd_hooks::evidence::statement::{Gap, Predicate, Statement};
use pdd_hooks::git::Repository;
use pdd_hooks::id::TreeId;
use pdd_hooks::signing::{Asks, Key as SigningKey};

use crate::keys::Key;
use crate::support::{Output, Repo};

/// A moment at which keys without a time are good.
const NOW: &str = "2026-06-01T12:00:00Z";

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// A statement about nothing much.
fn statement(text: &str) -> Statement {
    let body = serde_json::json!({ "text": text });
    Statement::about(
        &TreeId::new("9ab2c1d0e3f4051627384950a1b2c3d4e5f60718"),
        None,
        Predicate::Other {
            kind: "https://example.org/text/v1".into(),
            body: body.as_object().unwrap().clone(),
        },
    )
}

/// Signs a statement as a command does.
fn signed(key: &Path, text: &str, namespace: Namespace) -> Envelope {
    let key = SigningKey::at(key).unwrap();
    let mut made = key
        .sign(&[statement(text)], namespace, Asks::Never)
        .unwrap();
    made.remove(0)
}

/// What the only signature of an envelope is worth.
fn verdict(
    signers: &str,
    envelope: &Envelope,
    namespace: Namespace,
    time: &str,
) -> Result<Signed, String> {
    let signers = Signers::parse(signers).unwrap();
    let mut all = signers.verify(envelope, namespace, at(time));
    assert_eq!(all.len(), 1);
    all.remove(0).map_err(|why| why.to_string())
}

impl Repo {
    /// Has plain `ssh-keygen` verify an envelope's only signature.
    fn plainly_verified(
        &self,
        signers: &str,
        principal: &str,
        namespace: &str,
        envelope: &Envelope,
    ) -> Output {
        let [signers_file, signature] = ["../signers", "../signature"].map(|name| self.at(name));
        std::fs::write(&signers_file, signers).unwrap();
        std::fs::write(&signature, &envelope.signatures[0].sig).unwrap();
        let mut verify = self.command("ssh-keygen", self.folder());
        // Noon of the day that is asked here too, wherever the machine is.
        verify.args(["-Y", "verify", "-O", "verify-time=20260601120000"]);
        verify.args(["-n", namespace, "-I", principal, "-f"]);
        verify.arg(signers_file).arg("-s").arg(signature);
        self.run(&mut verify, &envelope.pae())
    }

    /// Has plain `ssh-keygen` sign an envelope's bytes.
    fn plainly_signed(&self, key: &Key, namespace: &str, text: &str, more: &[&str]) -> Envelope {
        let bare = Envelope::unsigned(&statement(text)).unwrap();
        let mut sign = self.command("ssh-keygen", self.folder());
        sign.args(["-q", "-Y", "sign", "-n", namespace])
            .args(more)
            .arg("-f")
            .arg(&key.path);
        let sig = self.run(&mut sign, &bare.pae()).ok().stdout.into_bytes();
        let keyid = String::new();
        Envelope::signed(bare.payload, vec![Signature { keyid, sig }])
    }

    /// The fingerprints of the keys that signed each validation in the store, in no order that means anything.
    fn signers_of_validations(&self, namespace: Namespace) -> Vec<Vec<String>> {
        let repository = Repository::open_at(self.folder()).unwrap();
        let records = repository.records().unwrap().records;
        let envelopes = records
            .iter()
            .map(|(_, line)| Envelope::parse(line).unwrap());
        envelopes
            .filter(|envelope| envelope.statement().unwrap().claim().is_some())
            .map(|envelope| holders(&envelope, namespace))
            .collect()
    }

    /// Puts a `ssh-keygen` first on PATH that notes that it was started, and goes on as the real one.
    fn watch_ssh_keygen(&mut self) {
        let real = self.run(
            self.command("sh", self.folder())
                .args(["-c", "command -v ssh-keygen"]),
            b"",
        );
        let real = real.ok().stdout;
        self.write_program(
            "../watched/ssh-keygen",
            &format!(
                "#!/bin/sh\necho started >>\"$HOME/ssh-keygen\"\nexec {} \"$@\"\n",
                real.trim_end()
            ),
        );
        let folder = self.at("../watched");
        self.prepend_path(&folder);
    }

    /// How often `ssh-keygen` was started since it is watched.
    fn ssh_keygens(&self) -> usize {
        let file = self.root().join("home/ssh-keygen");
        std::fs::read_to_string(file)
            .unwrap_or_default()
            .lines()
            .count()
    }
}

/// A statement that the store takes for what it is: a commit that went round the hooks.
fn gap() -> Statement {
    Statement::about(
        &TreeId::new("9ab2c1d0e3f4051627384950a1b2c3d4e5f60718"),
        None,
        Predicate::Gap(Box::new(Gap {
            tool: "pdd-hooks 0.1.0".into(),
            time: NOW.into(),
            class: pdd_hooks::evidence::ledger::Class::Bypassed,
            how: None,
            hooks: Vec::new(),
            task: None,
            rules: Vec::new(),
        })),
    )
}
