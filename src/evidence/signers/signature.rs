//! One SSHSIG (OpenSSH's PROTOCOL.sshsig), taken apart: who made it, for what, and whether it fits the bytes. Who may make
//! one is not known here.

use std::cell::OnceCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ssh_key::encoding::{Decode as _, Encode as _};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, Certificate, HashAlg, PublicKey, SshSig};

use super::key;

const BEGIN: &[u8] = b"-----BEGIN SSH SIGNATURE-----";
const END: &[u8] = b"-----END SSH SIGNATURE-----";

/// The longest signature that is read, in bytes: one by an RSA certificate takes some thousands.
const LONGEST: usize = 64 << 10;

/// The bit of an authenticator's flags that says that somebody was there (WebAuthn, section 6.1, UP).
const TOUCHED: u8 = 1;

/// A signature and what it says of itself.
pub(super) struct Made {
    /// The key that made it.
    pub(super) key: KeyData,
    /// The certificate that the key came with.
    pub(super) certificate: Option<Box<Certificate>>,
    /// The signature by the key alone.
    bare: SshSig,
}

/// The bytes that are signed, and their digests, made once for all signatures.
pub(super) struct Message {
    bytes: Vec<u8>,
    sha256: OnceCell<Vec<u8>>,
    sha512: OnceCell<Vec<u8>>,
}

impl Message {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            sha256: OnceCell::new(),
            sha512: OnceCell::new(),
        }
    }

    fn digest(&self, algorithm: HashAlg) -> Option<&[u8]> {
        let place = match algorithm {
            HashAlg::Sha256 => &self.sha256,
            HashAlg::Sha512 => &self.sha512,
            _ => return None,
        };
        Some(place.get_or_init(|| algorithm.digest(&self.bytes)))
    }
}

impl Made {
    /// Reads a signature, in armor or bare; says why it cannot be read.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > LONGEST {
            return Err(format!("it has more than {LONGEST} bytes"));
        }
        let blob = match bytes.starts_with(BEGIN) {
            true => &dearmored(bytes)?,
            false => bytes,
        };
        let whole = SshSig::decode(&mut &*blob)
            .map_err(|error| format!("it is no SSH signature that is known: {error}"))?;
        // The reader lets bytes be that follow a part; one signature must not have two spellings.
        if whole.version() != SshSig::VERSION || whole.encode_vec().ok().as_deref() != Some(blob) {
            return Err("it is not written as OpenSSH writes it".into());
        }
        let (key, certificate) = match whole.public_key().clone() {
            KeyData::Certificate(certificate) => {
                (certificate.public_key().clone(), Some(certificate))
            }
            key => (key, None),
        };
        key::judge(&key)?;
        let signature = whole.signature().clone();
        if !fits(&key, &signature.algorithm()) {
            let made = signature.algorithm();
            return Err(format!(
                "a key of its kind signs otherwise than by `{made}`"
            ));
        }
        // What is reserved is no part of what is signed (PROTOCOL.sshsig).
        let bare = SshSig::new(key.clone(), whole.namespace(), whole.hash_alg(), signature)
            .map_err(|error| error.to_string())?;
        Ok(Self {
            key,
            certificate,
            bare,
        })
    }

    /// Returns what it was made for.
    pub(super) fn namespace(&self) -> &str {
        self.bare.namespace()
    }

    /// Returns the fingerprint of the key that made it.
    pub(super) fn fingerprint(&self) -> String {
        key::fingerprint(&self.key)
    }

    /// Says whether it is of these bytes.
    pub(super) fn holds(&self, message: &Message) -> bool {
        let key = PublicKey::from(self.key.clone());
        message.digest(self.bare.hash_alg()).is_some_and(|digest| {
            key.verify_prehash(self.namespace(), digest, &self.bare)
                .is_ok()
        })
    }

    /// Says whether it was made on a device that somebody touched; the device signs that flag too.
    pub(super) fn is_touched(&self) -> bool {
        // The reader puts the flags and a counter of four bytes behind the signature proper.
        let flags = self.bare.signature_bytes().iter().rev().nth(4);
        key::is_hardware(&self.key) && flags.is_some_and(|flags| flags & TOUCHED != 0)
    }
}

/// Whether signatures by a key are of this kind; those of RSA keys by SHA-1 do not count.
fn fits(key: &KeyData, made: &Algorithm) -> bool {
    match key {
        KeyData::Rsa(_) => matches!(made, Algorithm::Rsa { hash: Some(_) }),
        key => key.algorithm() == *made,
    }
}

/// Takes the armor off.
fn dearmored(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let inner = bytes.trim_ascii_end();
    let inner = inner
        .strip_prefix(BEGIN)
        .and_then(|inner| inner.strip_suffix(END));
    let inner = inner.ok_or("its armor does not end")?;
    let text: Vec<u8> = inner
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    STANDARD
        .decode(text)
        .map_err(|_| "within its armor is no base64".into())
}
