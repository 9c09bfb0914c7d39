//! What was changed after it was signed, or was never a signature.

use pdd_hooks::evidence::signers::{Namespace, Signers};
use pdd_hooks::evidence::{Envelope, envelope};
use proptest::prelude::*;

use super::{NOW, at, signed, verdict};
use crate::keys::EVIDENCE;
use crate::support::Repo;

#[test]
fn a_payload_or_type_that_was_changed_breaks_the_signature() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let signers = ann.line("ann", &[EVIDENCE]);
    let good = signed(&ann.path, "as it was", Namespace::Evidence);
    let broken = Err(format!(
        "its signature by {} is not of these bytes",
        ann.fingerprint
    ));
    let mut payload = good.clone();
    *payload.payload.last_mut().unwrap() = b' ';
    let kind = Envelope {
        payload_type: "text/plain".into(),
        ..good.clone()
    };
    let other = signed(&ann.path, "something else", Namespace::Evidence);
    let swapped = Envelope {
        signatures: other.signatures,
        ..good
    };
    for forged in [payload, kind, swapped] {
        assert_eq!(verdict(&signers, &forged, Namespace::Evidence, NOW), broken);
    }
}

#[test]
fn a_hint_of_another_key_changes_nothing() {
    let repo = Repo::new();
    let (ann, eve) = (repo.key("ann"), repo.key("eve"));
    let signers = ann.line("ann", &[EVIDENCE]);
    let mut forged = signed(&eve.path, "hello", Namespace::Evidence);
    forged.signatures[0].keyid = ann.fingerprint.clone();
    let words = format!("nobody with the key {} is listed", eve.fingerprint);
    assert_eq!(
        verdict(&signers, &forged, Namespace::Evidence, NOW),
        Err(words)
    );
}

#[test]
fn bytes_that_are_no_signature_say_so() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let good = signed(&ann.path, "hello", Namespace::Evidence);
    let armor = good.signatures[0].sig.clone();
    let text = String::from_utf8(armor.clone()).unwrap();
    let twice = format!("{text}{text}").into_bytes();
    let cut = armor[..armor.len() - 40].to_vec();
    let odd = text.replacen("AAAA", "A*AA", 1).into_bytes();
    for (sig, words) in [
        (Vec::new(), "it is no SSH signature that is known"),
        (b"SSHSIG".to_vec(), "it is no SSH signature that is known"),
        (
            b"-----BEGIN PGP SIGNATURE-----".to_vec(),
            "it is no SSH signature that is known",
        ),
        (cut, "its armor does not end"),
        (twice, "within its armor is no base64"),
        (odd, "within its armor is no base64"),
        (vec![0; (64 << 10) + 1], "it has more than 65536 bytes"),
    ] {
        let mut forged = good.clone();
        forged.signatures[0].sig = sig;
        let why = verdict("", &forged, Namespace::Evidence, NOW).unwrap_err();
        let words = format!("its signature cannot be read: {words}");
        assert!(why.starts_with(&words), "{why}");
    }
}

#[test]
fn a_signature_has_one_spelling() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let mut forged = signed(&ann.path, "hello", Namespace::Evidence);
    let armor = String::from_utf8(forged.signatures[0].sig.clone()).unwrap();
    let inner: String = armor
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect();
    use base64::Engine as _;
    let mut bare = base64::engine::general_purpose::STANDARD
        .decode(inner)
        .unwrap();
    bare.push(0);
    forged.signatures[0].sig = bare;
    assert_eq!(
        verdict(&ann.line("ann", &["*"]), &forged, Namespace::Evidence, NOW).unwrap_err(),
        "its signature cannot be read: it is not written as OpenSSH writes it"
    );
}

#[test]
fn an_envelope_is_asked_for_sixty_four_signatures_and_no_more() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let mut crowd = signed(&ann.path, "hello", Namespace::Evidence);
    let one = crowd.signatures[0].clone();
    crowd.signatures = vec![one; 65];
    let signers = Signers::parse(&ann.line("ann", &["*"])).unwrap();
    let verdicts = signers.verify(&crowd, Namespace::Evidence, at(NOW));
    assert!(verdicts[..64].iter().all(Result::is_ok));
    assert_eq!(
        verdicts[64].clone().unwrap_err().to_string(),
        "its signature cannot be read: of an envelope's signatures 64 are read"
    );
}

#[test]
fn a_signed_line_that_names_a_key_twice_is_no_envelope() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let line = signed(&ann.path, "hello", Namespace::Evidence)
        .to_line()
        .unwrap();
    let line = String::from_utf8(line).unwrap();
    let twice = line.replacen('{', "{\"payload\":\"e30=\",", 1);
    let error = Envelope::parse(twice.as_bytes()).unwrap_err();
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert!(why.starts_with("the key `payload` stands twice"), "{why}");
}

#[test]
fn a_signed_line_of_fifty_mebibytes_is_not_read() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let mut line = signed(&ann.path, "hello", Namespace::Evidence)
        .to_line()
        .unwrap();
    line.resize(50 << 20, b' ');
    assert_eq!(
        Envelope::parse(&line).unwrap_err().to_string(),
        "a record's envelope has 52428800 bytes; 16777216 are read"
    );
    let store = pdd_hooks::git::Repository::open_at(repo.folder()).unwrap();
    assert!(store.add_records(&[line]).is_err());
}

/// A signature by a key that is gone, of the type and payload that [`near`] gives it.
const SIGNATURE: &str = include_str!("fixtures/signature");

fn near(sig: Vec<u8>) -> Envelope {
    let keyid = String::new();
    Envelope::signed(b"{}".to_vec(), vec![envelope::Signature { keyid, sig }])
}

#[test]
fn the_kept_signature_is_good() {
    let signers = include_str!("fixtures/signers");
    let signed = verdict(signers, &near(SIGNATURE.into()), Namespace::Evidence, NOW);
    assert_eq!(signed.unwrap().principal, "ann@example.org");
}

proptest! {
    #[test]
    fn no_bytes_near_a_signature_panic_or_pass(at_byte in 0usize..300, bit in 0u8..8, cut in 0usize..300) {
        use base64::Engine as _;
        let inner: String = SIGNATURE.lines().filter(|line| !line.starts_with("--")).collect();
        let good = base64::engine::general_purpose::STANDARD.decode(inner).unwrap();
        let signers = Signers::parse(include_str!("fixtures/signers")).unwrap();
        let passes = |sig| {
            let verdicts = signers.verify(&near(sig), Namespace::Evidence, at(NOW));
            verdicts[0].is_ok()
        };
        let mut flipped = good.clone();
        let place = at_byte % flipped.len();
        flipped[place] ^= 1 << bit;
        prop_assert!(!passes(flipped));
        let mut short = good.clone();
        short.truncate(cut.min(good.len() - 1));
        prop_assert!(!passes(short));
    }

    #[test]
    fn any_bytes_are_judged_without_a_panic(sig: Vec<u8>) {
        let signers = Signers::parse(include_str!("fixtures/signers")).unwrap();
        let magic = [b"SSHSIG\0\0\0\x01".as_slice(), &sig].concat();
        for sig in [sig, magic] {
            prop_assert!(signers.verify(&near(sig), Namespace::Evidence, at(NOW))[0].is_err());
        }
    }
}
