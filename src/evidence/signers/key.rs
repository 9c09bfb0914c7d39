//! Public keys: which of OpenSSH's count here, and how they are named. What is weak or unknown is refused by name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ssh_key::encoding::{Decode as _, Encode as _};
use ssh_key::public::KeyData;
use ssh_key::{Certificate, HashAlg};

/// The key types that count.
const TYPES: [&str; 7] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

/// What the name of every certificate type ends with.
const CERTIFICATE: &str = "-cert-v01@openssh.com";

/// The sizes of RSA keys that count, in bits.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// A public key, or a certificate of one, as a `.pub` file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    data: KeyData,
}

impl PublicKey {
    /// Reads `<type> <base64> [comment]`.
    ///
    /// # Errors
    /// It is no key that counts here; says why.
    pub fn parse(line: &str) -> Result<Self, String> {
        let mut words = line.trim().splitn(3, [' ', '\t']);
        let (kind, text) = (words.next().unwrap_or_default(), words.next());
        let text = text.ok_or("no public key: `<type> <base64>` is expected")?;
        if !kind.ends_with(CERTIFICATE) {
            return Ok(Self {
                data: plain(kind, text)?,
            });
        }
        let blob = blob(text)?;
        let certificate = Certificate::from_bytes(&blob)
            .map_err(|error| format!("the certificate cannot be read: {error}"))?;
        judge(certificate.public_key())?;
        Ok(Self {
            data: KeyData::Certificate(Box::new(certificate)),
        })
    }

    /// Returns the key's fingerprint, `SHA256:…`; of a certificate that of the key that it is for.
    pub fn fingerprint(&self) -> String {
        fingerprint(bare(&self.data))
    }

    /// Says whether the key stands on a device.
    pub fn is_hardware(&self) -> bool {
        is_hardware(bare(&self.data))
    }

    /// Says whether it is a certificate.
    pub fn is_certificate(&self) -> bool {
        self.data.is_certificate()
    }
}

/// Reads a key by its type's name and its base64.
pub(super) fn plain(kind: &str, text: &str) -> Result<KeyData, String> {
    known(kind)?;
    let blob = blob(text)?;
    let unreadable = |what: &str| format!("the key cannot be read: {what}; copy the `.pub` file");
    let key =
        KeyData::decode(&mut blob.as_slice()).map_err(|error| unreadable(&error.to_string()))?;
    if key.algorithm().as_str() != kind {
        return Err(unreadable("it is of another type than it says"));
    }
    // The reader lets bytes be that follow the key.
    if key.encode_vec().ok().as_deref() != Some(blob.as_slice()) {
        return Err(unreadable("it is not written as OpenSSH writes it"));
    }
    judge(&key)?;
    Ok(key)
}

fn blob(text: &str) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(text)
        .map_err(|_| "the key is no base64: copy the `.pub` file".into())
}

/// Says whether a word is, or looks like, the name of a key type.
pub(super) fn is_type(word: &str) -> bool {
    let looks = ["ssh-", "ecdsa-", "sk-", "webauthn-", "rsa-"];
    TYPES.contains(&word) || looks.iter().any(|start| word.starts_with(start))
}

/// Refuses a key type that does not count.
fn known(kind: &str) -> Result<(), String> {
    if TYPES.contains(&kind) {
        return Ok(());
    }
    Err(if kind.ends_with(CERTIFICATE) {
        "a certificate cannot be listed: list its authority's key with `cert-authority`".into()
    } else if kind == "ssh-dss" {
        "DSA keys are broken and do not count: list an Ed25519 key".into()
    } else {
        format!("keys of the type `{kind}` do not count: list an Ed25519 key")
    })
}

/// Refuses a key that is too weak, or that nothing here can verify.
pub(super) fn judge(key: &KeyData) -> Result<(), String> {
    match key {
        KeyData::Ed25519(_)
        | KeyData::Ecdsa(_)
        | KeyData::SkEd25519(_)
        | KeyData::SkEcdsaSha2NistP256(_) => Ok(()),
        KeyData::Rsa(rsa) => {
            let modulus = rsa.n().as_positive_bytes().unwrap_or_default();
            let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros());
            let bits = modulus.len() * 8 - zeros as usize;
            if RSA_BITS.contains(&bits) {
                return Ok(());
            }
            Err(format!(
                "an RSA key of {bits} bits does not count: one of 2048 to 4096 does, an Ed25519 key is shorter"
            ))
        }
        other => known(other.algorithm().as_str()),
    }
}

/// Returns the key that signs: of a certificate the one that it is for.
pub(super) fn bare(key: &KeyData) -> &KeyData {
    key.certificate().map_or(key, Certificate::public_key)
}

/// Whether the key stands on a device.
pub(super) fn is_hardware(key: &KeyData) -> bool {
    key.is_sk_ed25519() || key.is_sk_ecdsa_p256()
}

/// Returns `SHA256:…`, as `ssh-keygen -l` prints it.
pub(super) fn fingerprint(key: &KeyData) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}
