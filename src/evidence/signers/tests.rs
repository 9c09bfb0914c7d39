//! The reader of signers files on text alone, and signatures by devices, which no test can own, made by hand.

use proptest::prelude::*;

use super::*;

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

fn fault(line: &str) -> String {
    Signers::parse(line).unwrap_err().to_string()
}

#[test]
fn every_form_of_a_line_is_read() {
    let text = format!(
        "# who may sign\r\n\n  \t\n\
         ann@example.org {KEY} Ann's key\n\
         bob,!eve,*@example.org\t namespaces=\"approval@pdd-hooks,waiver@*\" {KEY}\r\n\
         \"carl \u{e9}. smith,x\" cert-authority,valid-after=\"20260101Z\" \t {KEY}\n   dora {KEY}"
    );
    let signers = Signers::parse(&text).unwrap();
    assert_eq!(
        signers.principals(Namespace::Approval),
        [
            "ann@example.org",
            "bob,!eve,*@example.org",
            "carl \u{e9}. smith,x",
            "dora"
        ]
    );
    assert_eq!(
        signers.principals(Namespace::Evidence),
        ["ann@example.org", "carl \u{e9}. smith,x", "dora"]
    );
    assert_eq!(
        signers.keys(Namespace::Waiver),
        ["SHA256:UCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ"]
    );
}

#[test]
fn the_times_that_have_gone_by_are_counted_and_certificates_have_their_own() {
    let text = format!(
        "ann@example.org valid-after=\"20260101Z\",valid-before=\"20260301Z\" {KEY}\n\
         bob@example.org valid-before=\"20260201Z\" {KEY}\n"
    );
    let phase = |text: &str, now: &str| Signers::parse(text).unwrap().phase(now.parse().unwrap());
    for (now, count) in [
        ("2025-12-31T23:59:59Z", 0),
        ("2026-01-01T00:00:00Z", 1),
        ("2026-02-01T00:00:00Z", 1),
        ("2026-02-01T00:00:01Z", 2),
        ("2026-03-02T00:00:00Z", 3),
    ] {
        assert_eq!(phase(&text, now), Some(count), "{now}");
    }
    let authority = format!("*@example.org cert-authority {KEY}\n");
    assert_eq!(phase(&(text + &authority), "2026-01-01T00:00:00Z"), None);
}

#[test]
fn a_runner_is_listed_only_by_name() {
    let lists = |options: &str| Signers::parse(&format!("ci {options} {KEY}")).unwrap();
    assert!(lists("namespaces=\"git,runner@pdd-hooks\"").lists_runner());
    for other in ["", "namespaces=\"*\"", "namespaces=\"*@pdd-hooks\""] {
        assert!(!lists(other).lists_runner(), "{other}");
    }
}

#[test]
fn nobody_is_in_an_empty_file() {
    let signers = Signers::parse("").unwrap();
    assert_eq!(signers, Signers::default());
    assert!(signers.principals(Namespace::Approval).is_empty());
}

#[test]
fn a_line_that_is_not_understood_spoils_the_file() {
    let blob = KEY.split(' ').nth(1).unwrap();
    for (line, words) in [
        ("ann", "line 1: no key after the principals"),
        ("ann ssh-ed25519", "no key after the options"),
        ("ann namespaces=\"git\"", "no key after the options"),
        (
            "\"ann ssh-ed25519 AAAA",
            "without their closing quotation mark",
        ),
        (
            "\"ann\"x ssh-ed25519 AAAA",
            "no blank after the quoted principals",
        ),
        (
            "an\"n\" ssh-ed25519 AAAA",
            "a quotation mark within the principals",
        ),
        ("\"\" ssh-ed25519 AAAA", "an empty name"),
        (
            "ann namespaces=\"git ssh-ed25519 AAAA",
            "a quotation mark that is not closed",
        ),
        (
            "ann touch-required ssh-ed25519 AAAA",
            "nor an option that is known",
        ),
        ("ann ssh-ed25519 AAAA*", "the key is no base64"),
        ("ann ssh-ed25519 AAAA", "the key cannot be read"),
        (
            &format!("ann ssh-rsa {blob}"),
            "it is of another type than it says",
        ),
        (
            &format!("ann ssh-ed25519 {blob}AAAA"),
            "not written as OpenSSH writes it",
        ),
        ("ann ssh-dss AAAA", "DSA keys are broken"),
        (
            "ann ssh-ed25519-cert-v01@openssh.com AAAA",
            "list its authority's key",
        ),
        (
            "ann ssh-xmss@openssh.com AAAA",
            "keys of the type `ssh-xmss@openssh.com` do not count",
        ),
        (
            "ann webauthn-sk-ecdsa-sha2-nistp256@openssh.com AAAA",
            "do not count",
        ),
        (
            &format!("ann\u{202e} {KEY}"),
            "the invisible character U+202E",
        ),
        (
            &format!("\u{feff}ann {KEY}"),
            "the invisible character U+FEFF",
        ),
        (&format!("ann {KEY} a\rb"), "the invisible character U+000D"),
        (&format!("ann {KEY} \0"), "the invisible character U+0000"),
        (
            &format!("ann {KEY} {}", "a".repeat(16 << 10)),
            "more than 16384 bytes",
        ),
    ] {
        let fault = fault(line);
        assert!(fault.contains(words), "{line}: {fault}");
    }
}

#[test]
fn a_fault_is_told_with_its_line() {
    let text = format!("# one\n\nann {KEY}\nbob valid-before=\"2027\" {KEY}\n");
    assert_eq!(
        fault(&text),
        "line 4: `valid-before`: `2027` is no time: write `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`"
    );
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC*", near in 0usize..200, put in "[\\x00-\\x7f\u{e9}]") {
        let _ = Signers::parse(&text);
        let mut line = format!("ann,!bob namespaces=\"git,a\\\"b\",valid-after=\"20260101Z\" {KEY} me");
        let place = near % line.len();
        line.replace_range(place..=place, &put);
        let _ = Signers::parse(&line);
    }
}

mod devices {
    use ed25519_dalek::{Signer as _, SigningKey};
    use ssh_key::encoding::Encode as _;
    use ssh_key::public::{Ed25519PublicKey, KeyData, SkEd25519};
    use ssh_key::sha2::{Digest as _, Sha256};
    use ssh_key::{Algorithm, HashAlg, Signature, SshSig};

    use super::*;
    use crate::evidence::envelope;

    /// Signs as an authenticator does (PROTOCOL.u2f): application, flags and counter are signed with the message.
    fn signed(flags: u8, claimed: u8) -> (Signers, Envelope) {
        let secret = SigningKey::from_bytes(&[7; 32]);
        let public = Ed25519PublicKey(secret.verifying_key().to_bytes());
        let key = KeyData::from(SkEd25519::new(public, "ssh:"));
        let statement = b"{}".to_vec();
        let pae = envelope::pae(envelope::PAYLOAD_TYPE, &statement);
        let namespace = Namespace::Approval.as_str();
        let data = SshSig::signed_data(namespace, HashAlg::Sha512, &pae).unwrap();
        let mut message = Sha256::digest("ssh:").to_vec();
        message.extend([flags, 0, 0, 0, 9]);
        message.extend(Sha256::digest(&data));
        let mut bytes = secret.sign(&message).to_bytes().to_vec();
        bytes.extend([claimed, 0, 0, 0, 9]);
        let signature = Signature::new(Algorithm::SkEd25519, bytes).unwrap();
        let whole = SshSig::new(key.clone(), namespace, HashAlg::Sha512, signature).unwrap();
        let line = ssh_key::PublicKey::from(key).to_openssh().unwrap();
        let sig = whole.encode_vec().unwrap();
        let keyid = String::new();
        let envelope = Envelope::signed(statement, vec![envelope::Signature { keyid, sig }]);
        (Signers::parse(&format!("ann {line}")).unwrap(), envelope)
    }

    fn verdict(flags: u8, claimed: u8) -> Result<Signed, Unverified> {
        let (signers, envelope) = signed(flags, claimed);
        let mut all = signers.verify(&envelope, Namespace::Approval, Timestamp::UNIX_EPOCH);
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    #[test]
    fn a_device_that_was_touched_counts_as_hardware() {
        let signed = verdict(1, 1).unwrap();
        assert_eq!(
            (signed.principal.as_str(), signed.is_hardware),
            ("ann", true)
        );
        assert!(verdict(5, 5).unwrap().is_hardware);
    }

    #[test]
    fn a_device_that_nobody_touched_signs_as_software_does() {
        assert!(!verdict(0, 0).unwrap().is_hardware);
        assert!(!verdict(4, 4).unwrap().is_hardware);
    }

    #[test]
    fn a_touch_that_the_device_did_not_see_breaks_the_signature() {
        let why = verdict(0, 1).unwrap_err();
        assert!(matches!(why, Unverified::Broken { .. }), "{why}");
    }
}
