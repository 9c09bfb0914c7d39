//! A key that signs: its public half, and where its private one is.

use std::path::{Path, PathBuf};

use super::Error;
use crate::evidence::signers::PublicKey;

/// A key that signs.
#[derive(Clone, Debug)]
pub struct Key {
    public: PublicKey,
    /// `<type> <base64>`.
    text: String,
    /// The file of the private half; none where only an agent can hold it.
    pub(super) private: Option<PathBuf>,
    /// The file that was named, where it holds a certificate.
    pub(super) certificate: Option<PathBuf>,
}

impl Key {
    /// Reads the key in a file, private or public, which an option names.
    ///
    /// # Errors
    /// There is no key in the file that can sign and count.
    pub fn at(path: &Path) -> Result<Self, Error> {
        Self::named(path, "--key")
    }

    /// Reads the key in a file; `by` is who names it, for words.
    pub(super) fn named(path: &Path, by: &'static str) -> Result<Self, Error> {
        Self::in_file(path).map_err(|what| Error::ReadKey {
            key: path.display().to_string(),
            by,
            what,
        })
    }

    /// Takes a public key as it is written in a `.pub` file; an agent holds the private one.
    ///
    /// # Errors
    /// It is no key that counts.
    pub(super) fn literal(text: &str, by: &'static str) -> Result<Self, Error> {
        Self::of(text, None, None).map_err(|what| Error::ReadKey {
            key: text.into(),
            by,
            what,
        })
    }

    pub(super) fn in_file(path: &Path) -> Result<Self, String> {
        // `ssh-keygen` is started in another folder.
        let path = std::path::absolute(path).map_err(|error| error.to_string())?;
        let text = read(&path)?;
        if !text.starts_with("-----BEGIN ") {
            let private = private_of(&path).filter(|private| private.is_file());
            let certificate = path.to_string_lossy().ends_with("-cert.pub");
            let certificate = certificate.then_some(path);
            return Self::of(&text, private, certificate);
        }
        let mut public = path.clone().into_os_string();
        public.push(".pub");
        let public = match read(Path::new(&public)) {
            Ok(text) => text,
            Err(_) => public_in(&text).ok_or("it has no `.pub` beside it")?,
        };
        Self::of(&public, Some(path), None)
    }

    fn of(
        text: &str,
        private: Option<PathBuf>,
        certificate: Option<PathBuf>,
    ) -> Result<Self, String> {
        let line = text.lines().next().unwrap_or_default().trim();
        let words: Vec<&str> = line.split_ascii_whitespace().take(2).collect();
        Ok(Self {
            public: PublicKey::parse(line)?,
            text: words.join(" "),
            private,
            certificate,
        })
    }

    /// Returns the fingerprint, `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.public.fingerprint()
    }

    /// Returns the public key as a line of the signers file has it, `<type> <base64>`; of a certificate that.
    pub fn public(&self) -> &str {
        &self.text
    }

    /// Says whether it stands on a device.
    pub fn is_hardware(&self) -> bool {
        self.public.is_hardware()
    }

    /// Says whether the private half lies in a file that needs no passphrase.
    pub(super) fn is_open(&self) -> bool {
        let text = self.private.as_deref().and_then(|path| read(path).ok());
        text.is_some_and(|text| match ssh_key::PrivateKey::from_openssh(&text) {
            Ok(key) => !key.is_encrypted(),
            // The forms before OpenSSH's own (ssh-keygen(1), -m) say it in their heads.
            Err(_) => text.contains(" PRIVATE KEY-----") && !text.contains("ENCRYPTED"),
        })
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        _ => error.to_string(),
    })
}

/// Returns the path of the private key of a public one, as `ssh-keygen` finds it.
fn private_of(public: &Path) -> Option<PathBuf> {
    let name = public.file_name()?.to_str()?;
    let name = ["-cert.pub", ".pub"]
        .iter()
        .find_map(|end| name.strip_suffix(end))?;
    Some(public.with_file_name(name))
}

/// Returns the public key that the file of a private one holds, which no passphrase hides.
fn public_in(private: &str) -> Option<String> {
    let key = ssh_key::PrivateKey::from_openssh(private).ok()?;
    key.public_key().to_openssh().ok()
}
