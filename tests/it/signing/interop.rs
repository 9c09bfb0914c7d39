//! What is signed here verifies with plain `ssh-keygen`, and the other way round, by every kind of key.

use pdd_hooks::evidence::signers::{Namespace, Signed};

use super::{NOW, signed, verdict};
use crate::keys::{APPROVAL, EVIDENCE, Key};
use crate::support::Repo;

/// Each kind of key that needs no device.
fn kinds(repo: &Repo) -> Vec<Key> {
    let mut keys = vec![repo.key("ed25519")];
    for (name, kind, bits) in [
        ("p256", "ecdsa", "256"),
        ("p384", "ecdsa", "384"),
        ("p521", "ecdsa", "521"),
        ("rsa2048", "rsa", "2048"),
        ("rsa3072", "rsa", "3072"),
        ("rsa4096", "rsa", "4096"),
    ] {
        keys.push(sized(repo, name, kind, bits));
    }
    keys
}

/// Makes a key of a size.
pub(super) fn sized(repo: &Repo, name: &str, kind: &str, bits: &str) -> Key {
    let mut make = repo.command("ssh-keygen", repo.folder());
    let path = repo.root().join("keys").join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    make.args(["-q", "-t", kind, "-b", bits, "-N", "", "-f"])
        .arg(&path);
    let _ = repo.run(&mut make, b"").ok();
    let public = std::fs::read_to_string(path.with_extension("pub")).unwrap();
    let public = public.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let mut ask = repo.command("ssh-keygen", repo.folder());
    let told = repo.run(ask.arg("-lf").arg(&path), b"").ok().stdout;
    let fingerprint = told.split(' ').nth(1).unwrap().to_owned();
    Key {
        path,
        public,
        fingerprint,
    }
}

#[test]
fn a_line_signed_here_verifies_with_plain_ssh_keygen_by_every_kind_of_key() {
    let repo = Repo::new();
    for key in kinds(&repo) {
        let envelope = signed(&key.path, "ours", Namespace::Evidence);
        let line = key.line("ann@example.org", &[EVIDENCE]);
        let told = repo.plainly_verified(&line, "ann@example.org", EVIDENCE, &envelope);
        assert!(
            told.ok()
                .stdout
                .starts_with("Good \"evidence@pdd-hooks\" signature for ann@example.org"),
            "{}",
            key.public
        );
        assert_eq!(envelope.signatures[0].keyid, key.fingerprint);
    }
}

#[test]
fn a_line_signed_by_plain_ssh_keygen_verifies_here_by_every_kind_of_key_and_digest() {
    let repo = Repo::new();
    for key in kinds(&repo) {
        for digest in ["hashalg=sha256", "hashalg=sha512"] {
            let envelope = repo.plainly_signed(&key, APPROVAL, "theirs", &["-O", digest]);
            let expected = Signed {
                principal: "ann@example.org".into(),
                key: key.fingerprint.clone(),
                namespace: Namespace::Approval,
                is_hardware: false,
            };
            let line = key.line("ann@example.org", &[APPROVAL]);
            assert_eq!(
                verdict(&line, &envelope, Namespace::Approval, NOW),
                Ok(expected)
            );
        }
    }
}

#[test]
fn the_bare_bytes_of_a_signature_are_read_as_its_armor_is() {
    let repo = Repo::new();
    let key = repo.key("ann");
    let mut envelope = signed(&key.path, "bare", Namespace::Evidence);
    let armor = String::from_utf8(envelope.signatures[0].sig.clone()).unwrap();
    let inner: String = armor
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect();
    let bare = {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD
            .decode(inner)
            .unwrap()
    };
    assert!(bare.starts_with(b"SSHSIG"));
    envelope.signatures[0].sig = bare;
    let line = key.line("ann", &[]).replace("namespaces=\"\" ", "");
    let verdict = verdict(&line, &envelope, Namespace::Evidence, NOW);
    assert_eq!(verdict.unwrap().principal, "ann");
}

#[test]
fn each_signature_of_an_envelope_is_judged_by_itself() {
    let repo = Repo::new();
    let [ann, bob, eve] = ["ann", "bob", "eve"].map(|name| repo.key(name));
    let mut envelope = signed(&ann.path, "both", Namespace::Approval);
    for key in [&bob, &eve] {
        let more = signed(&key.path, "both", Namespace::Approval);
        envelope.signatures.extend(more.signatures);
    }
    let signers = format!("{}{}", ann.line("ann", &["*"]), bob.line("bob", &["*"]));
    let signers = pdd_hooks::evidence::signers::Signers::parse(&signers).unwrap();
    let verdicts: Vec<String> = signers
        .verify(&envelope, Namespace::Approval, super::at(NOW))
        .into_iter()
        .map(|one| one.map_or_else(|why| why.to_string(), |signed| signed.principal))
        .collect();
    let unlisted = format!("nobody with the key {} is listed", eve.fingerprint);
    assert_eq!(verdicts, ["ann", "bob", &unlisted]);
}

#[test]
fn more_statements_than_one_process_is_given_are_signed_each_for_itself() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let statements: Vec<_> = (0..1001)
        .map(|n| super::statement(&n.to_string()))
        .collect();
    let key = pdd_hooks::signing::Key::at(&ann.path).unwrap();
    let asks = pdd_hooks::signing::Asks::Never;
    let made = key.sign(&statements, Namespace::Evidence, asks).unwrap();
    let signers = ann.line("ann", &[EVIDENCE]);
    assert_eq!(made.len(), statements.len());
    for (envelope, statement) in made.iter().zip(&statements) {
        assert_eq!(envelope.statement().unwrap(), *statement);
        assert!(verdict(&signers, envelope, Namespace::Evidence, NOW).is_ok());
    }
}
