//! Keys that are listed by the authority of their certificates.

use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::signers::Namespace;

use super::{NOW, signed, verdict};
use crate::keys::{EVIDENCE, Key};
use crate::support::Repo;

/// Has an authority sign a key; returns where the certificate stands.
fn certify(repo: &Repo, authority: &Key, key: &Key, options: &[&str]) -> std::path::PathBuf {
    let mut sign = repo.command("ssh-keygen", repo.folder());
    sign.args(["-q", "-I", "id", "-s"])
        .arg(&authority.path)
        .args(options);
    let _ = repo.run(sign.arg(key.path.with_extension("pub")), b"").ok();
    key.path.with_file_name(format!(
        "{}-cert.pub",
        key.path.file_name().unwrap().to_str().unwrap()
    ))
}

const ALWAYS: [&str; 4] = ["-n", "ann,ann@example.org", "-V", "20260101Z:20270101Z"];

fn judged(signers: &str, envelope: &Envelope, time: &str) -> Result<String, String> {
    verdict(signers, envelope, Namespace::Evidence, time).map(|signed| signed.principal)
}

#[test]
fn a_certificate_of_a_listed_authority_counts_under_its_principal() {
    let repo = Repo::new();
    for (kind, signer) in [("ed25519", "ed25519"), ("ecdsa", "rsa"), ("rsa", "ecdsa")] {
        let authority = repo.key_of_type(&format!("{kind}-ca"), signer);
        let key = repo.key_of_type(&format!("{kind}-key"), kind);
        let path = certify(&repo, &authority, &key, &ALWAYS);
        let envelope = signed(&path, "hello", Namespace::Evidence);
        let options = format!("cert-authority,namespaces=\"{EVIDENCE}\"");
        let signers = format!("*@example.org {options} {}\n", authority.public);
        let found = verdict(&signers, &envelope, Namespace::Evidence, NOW).unwrap();
        assert_eq!(
            (found.principal.as_str(), found.key.as_str()),
            ("ann@example.org", key.fingerprint.as_str())
        );
        let told = repo.plainly_verified(&signers, "ann@example.org", EVIDENCE, &envelope);
        let _ = told.ok();
    }
}

#[test]
fn a_certificate_counts_for_nothing_where_authority_name_time_or_purpose_do_not_fit() {
    let repo = Repo::new();
    let (authority, other, key) = (repo.key("ca"), repo.key("other-ca"), repo.key("ann"));
    let path = certify(&repo, &authority, &key, &ALWAYS);
    let envelope = signed(&path, "hello", Namespace::Evidence);
    let fingerprint = &key.fingerprint;
    let line = |options: &str, key: &Key| format!("ann {options} {}\n", key.public);
    let unlisted = Err(format!("nobody with the key {fingerprint} is listed"));
    let good = line("cert-authority", &authority);
    assert_eq!(judged(&good, &envelope, NOW), Ok("ann".into()));
    // Another authority; the authority's key as a plain one; the key itself, which signed by its certificate.
    for signers in [
        line("cert-authority", &other),
        line("", &authority),
        line("", &key),
        line("cert-authority", &key),
        good.replace("ann ", "bob "),
        good.replace("ann ", "!ann,*e "),
    ] {
        assert_eq!(judged(&signers, &envelope, NOW), unlisted, "{signers}");
    }
    assert_eq!(
        judged(
            &line("cert-authority,namespaces=\"git\"", &authority),
            &envelope,
            NOW
        ),
        Err(format!(
            "ann is listed with the key {fingerprint}, but not for `evidence@pdd-hooks`"
        ))
    );
    let late = line("cert-authority,valid-before=\"20260501Z\"", &authority);
    assert_eq!(
        judged(&late, &envelope, NOW),
        Err(format!(
            "the key {fingerprint} of ann was good until 2026-05-01T00:00:00Z"
        ))
    );
    for (time, when) in [
        ("2025-12-31T23:59:59Z", "is good from 2026-01-01T00:00:00Z"),
        (
            "2027-01-01T00:00:00Z",
            "was good until 2027-01-01T00:00:00Z",
        ),
    ] {
        let words = format!("the key {fingerprint} of ann has a certificate that {when}");
        assert_eq!(judged(&good, &envelope, time), Err(words));
    }
}

#[test]
fn the_key_of_an_authority_signs_nothing_itself() {
    let repo = Repo::new();
    let authority = repo.key("ca");
    let envelope = signed(&authority.path, "hello", Namespace::Evidence);
    let signers = format!("* cert-authority {}\n", authority.public);
    assert_eq!(
        judged(&signers, &envelope, NOW),
        Err(format!(
            "nobody with the key {} is listed",
            authority.fingerprint
        ))
    );
}

#[test]
fn a_certificate_that_asks_for_more_or_is_no_users_is_refused() {
    let repo = Repo::new();
    let authority = repo.key("ca");
    let signers = format!("* cert-authority {}\n", authority.public);
    for (name, options, words) in [
        (
            "forced",
            ["-n", "ann", "-O", "force-command=true"],
            "its signature cannot be read: its certificate has the critical option `force-command`, which is not supported",
        ),
        (
            "host",
            ["-h", "-n", "ann", "-q"],
            "its signature cannot be read: its certificate is a host's",
        ),
    ] {
        let path = certify(&repo, &authority, &repo.key(name), &options);
        let envelope = signed(&path, "hello", Namespace::Evidence);
        assert_eq!(judged(&signers, &envelope, NOW), Err(words.into()));
    }
    let nobodys = repo.key("nobody");
    let path = certify(&repo, &authority, &nobodys, &[]);
    let envelope = signed(&path, "hello", Namespace::Evidence);
    assert_eq!(
        judged(&signers, &envelope, NOW),
        Err(format!(
            "nobody with the key {} is listed",
            nobodys.fingerprint
        ))
    );
}

#[test]
fn a_certificate_that_its_authority_did_not_sign_is_refused() {
    use base64::Engine as _;
    let base64 = base64::engine::general_purpose::STANDARD;
    let repo = Repo::new();
    let (authority, key) = (repo.key("ca"), repo.key("ann"));
    let path = certify(&repo, &authority, &key, &ALWAYS);
    let mut envelope = signed(&path, "hello", Namespace::Evidence);
    let armor = String::from_utf8(envelope.signatures[0].sig.clone()).unwrap();
    let inner: String = armor
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect();
    let mut bare = base64.decode(inner).unwrap();
    // The certificate's own name for a principal: `ann` becomes `bnn`.
    let place = bare.windows(3).position(|three| three == b"ann").unwrap();
    bare[place] = b'b';
    envelope.signatures[0].sig = bare;
    let signers = format!("* cert-authority {}\n", authority.public);
    assert_eq!(
        judged(&signers, &envelope, NOW),
        Err(format!(
            "its signature cannot be read: its certificate is not signed by {}",
            authority.fingerprint
        ))
    );
}
