//! Which key is the user's, and that nothing in the configuration of git decides more than that.

use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::git::Repository;
use pdd_hooks::signing::Key as SigningKey;

use super::{NOW, signed, verdict};
use crate::keys::{EVIDENCE, Key};
use crate::support::Repo;

fn found(repo: &Repo, purpose: Namespace) -> String {
    let repository = Repository::open_at(repo.folder()).unwrap();
    let key = SigningKey::find(&repository, purpose).unwrap();
    key.unwrap().fingerprint()
}

fn configure(repo: &Repo, name: &str, value: &str) {
    let _ = repo.git(&["config", name, value]).ok();
}

fn path(key: &Key) -> &str {
    key.path.to_str().unwrap()
}

/// Who signed the one validation of a commit that is made now.
fn by(repo: &Repo) -> Vec<String> {
    repo.validated_step("one");
    let mut all = repo.signers_of_validations(Namespace::Evidence);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn what_is_configured_for_a_purpose_comes_before_what_git_signs_with() {
    let repo = Repo::new();
    let [git, own, approval] = ["git", "own", "approval"].map(|name| repo.key(name));
    configure(&repo, "gpg.format", "ssh");
    configure(&repo, "user.signingKey", path(&git));
    assert_eq!(found(&repo, Namespace::Evidence), git.fingerprint);
    assert_eq!(found(&repo, Namespace::Approval), git.fingerprint);
    configure(&repo, "pdd.signingKey", path(&own));
    assert_eq!(found(&repo, Namespace::Evidence), own.fingerprint);
    assert_eq!(found(&repo, Namespace::Approval), own.fingerprint);
    configure(
        &repo,
        "pdd.approvalKey",
        &format!("{}.pub", path(&approval)),
    );
    for purpose in [Namespace::Approval, Namespace::Waiver] {
        assert_eq!(found(&repo, purpose), approval.fingerprint);
    }
    for purpose in [Namespace::Evidence, Namespace::Runner] {
        assert_eq!(found(&repo, purpose), own.fingerprint);
    }
}

#[test]
fn a_path_begins_at_the_top_of_the_work_tree() {
    let repo = Repo::new();
    let key = repo.key("ann");
    configure(&repo, "pdd.signingKey", "../keys/ann.pub");
    assert_eq!(found(&repo, Namespace::Evidence), key.fingerprint);
}

#[test]
fn a_key_that_git_names_by_its_text_is_one_that_an_agent_holds() {
    let repo = Repo::new();
    let key = repo.key("ann");
    configure(&repo, "gpg.format", "ssh");
    for text in [format!("key::{}", key.public), format!("{} me", key.public)] {
        configure(&repo, "user.signingKey", &text);
        assert_eq!(found(&repo, Namespace::Evidence), key.fingerprint);
    }
}

#[test]
fn a_private_key_is_known_without_its_pub_beside_it() {
    let repo = Repo::new();
    let key = repo.key("ann");
    std::fs::remove_file(key.path.with_extension("pub")).unwrap();
    let read = SigningKey::at(&key.path).unwrap();
    assert_eq!(
        (read.fingerprint(), read.public()),
        (key.fingerprint.clone(), &*key.public)
    );
    let signed = signed(&key.path, "hello", Namespace::Evidence);
    let line = key.line("ann", &[EVIDENCE]);
    assert!(verdict(&line, &signed, Namespace::Evidence, NOW).is_ok());
}

#[test]
fn what_cannot_be_a_key_is_an_error_that_names_who_named_it() {
    let repo = Repo::new();
    let told = |file: &str| SigningKey::at(&repo.at(file)).unwrap_err().to_string();
    repo.write("text", "hello\n");
    repo.write("dsa.pub", "ssh-dss AAAA me\n");
    repo.write(
        "odd",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    );
    for (file, what) in [
        ("none", "there is no such file"),
        ("text", "no public key: `<type> <base64>` is expected"),
        (
            "dsa.pub",
            "DSA keys are broken and do not count: list an Ed25519 key",
        ),
        ("odd", "it has no `.pub` beside it"),
    ] {
        let path = repo.at(file);
        let words = format!(
            "the key `{}`, which `--key` names, cannot be used: {what}",
            path.display()
        );
        assert_eq!(told(file), words);
    }
}

#[test]
fn without_configuration_the_key_that_ssh_keygen_makes_by_default_signs() {
    let repo = Repo::checked("");
    let home = repo.root().join("home/.ssh");
    std::fs::create_dir(&home).unwrap();
    for kind in ["rsa", "ed25519"] {
        let key = repo.key_of_type(kind, kind);
        for end in ["", ".pub"] {
            let from = format!("{}{end}", path(&key));
            std::fs::rename(from, home.join(format!("id_{kind}{end}"))).unwrap();
        }
    }
    let mut ask = repo.command("ssh-keygen", repo.folder());
    let told = repo
        .run(ask.arg("-lf").arg(home.join("id_ed25519")), b"")
        .ok();
    assert_eq!(by(&repo), [told.stdout.split(' ').nth(1).unwrap()]);
}

#[test]
fn without_any_key_records_stay_unsigned() {
    assert!(by(&Repo::checked("")).is_empty());
}

#[test]
fn a_key_of_gpg_is_none_of_ssh() {
    let repo = Repo::checked("");
    configure(&repo, "user.signingKey", "0123456789ABCDEF");
    assert!(by(&repo).is_empty());
}

#[test]
fn programs_and_signers_of_gits_configuration_change_nothing() {
    let repo = Repo::checked("");
    let (ann, eve) = (repo.key("ann"), repo.key("eve"));
    repo.sign_with(&ann);
    repo.write_program("../fake", "#!/bin/sh\necho fake >>\"$HOME/fake\"\nexit 0\n");
    let all = format!("* {}\n", eve.public);
    repo.write("../everybody", all);
    configure(&repo, "gpg.format", "ssh");
    let fake = repo.at("../fake");
    for name in [
        "gpg.ssh.program",
        "gpg.program",
        "gpg.ssh.defaultKeyCommand",
    ] {
        configure(&repo, name, fake.to_str().unwrap());
    }
    let everybody = repo.at("../everybody");
    configure(
        &repo,
        "gpg.ssh.allowedSignersFile",
        everybody.to_str().unwrap(),
    );
    assert_eq!(by(&repo), std::slice::from_ref(&ann.fingerprint));
    assert!(!repo.has("../home/fake"));
    // Eve is in that file, and in no other.
    let forged = signed(&eve.path, "hello", Namespace::Evidence);
    let why = verdict(&ann.line("ann", &["*"]), &forged, Namespace::Evidence, NOW);
    assert_eq!(
        why,
        Err(format!("nobody with the key {} is listed", eve.fingerprint))
    );
}
