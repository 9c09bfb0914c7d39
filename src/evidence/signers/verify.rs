//! What a signature is worth by the signers file: it is read, asked what it was made for, by whom, whether it fits the
//! bytes, and whether its key was good for that and then; in that order, so that the words say what is most wrong.

use jiff::Timestamp;
use ssh_key::certificate::CertType;
use ssh_key::{Certificate, HashAlg};

use super::key;
use super::line::Line;
use super::signature::{Made, Message};
use super::{Namespace, Signed, Signers, Unverified};
use crate::evidence::Envelope;

/// The most signatures of one envelope that are looked at: each costs time.
const MOST: usize = 64;

/// One question: is it good for this, then?
#[derive(Clone, Copy)]
struct Asked {
    namespace: Namespace,
    at: Timestamp,
}

/// Answers for each signature of an envelope, in its order.
pub(super) fn all(
    signers: &Signers,
    envelope: &Envelope,
    namespace: Namespace,
    at: Timestamp,
) -> Vec<Result<Signed, Unverified>> {
    let message = Message::new(envelope.pae());
    let asked = Asked { namespace, at };
    let signatures = envelope.signatures.iter().enumerate();
    signatures
        .map(|(place, signature)| match place < MOST {
            true => one(signers, &message, &signature.sig, asked),
            false => Err(unreadable(format!(
                "of an envelope's signatures {MOST} are read"
            ))),
        })
        .collect()
}

/// Returns the fingerprints of the keys whose signatures for a namespace fit the envelope, whoever they are.
pub(super) fn holders(envelope: &Envelope, namespace: Namespace) -> Vec<String> {
    let message = Message::new(envelope.pae());
    let signatures = envelope.signatures.iter().take(MOST);
    let made = signatures.filter_map(|signature| Made::parse(&signature.sig).ok());
    made.filter(|made| made.namespace() == namespace.as_str() && made.holds(&message))
        .map(|made| made.fingerprint())
        .collect()
}

fn one(
    signers: &Signers,
    message: &Message,
    signature: &[u8],
    asked: Asked,
) -> Result<Signed, Unverified> {
    let made = Made::parse(signature).map_err(unreadable)?;
    let wanted = asked.namespace.as_str();
    if made.namespace() != wanted {
        return Err(Unverified::OtherNamespace {
            found: made.namespace().to_owned(),
            wanted,
        });
    }
    let lines = lines(signers, &made);
    let key = made.fingerprint();
    if lines.is_empty() {
        return Err(Unverified::Unlisted { key });
    }
    if let Some(certificate) = &made.certificate {
        sound(certificate)?;
    }
    if !made.holds(message) {
        return Err(Unverified::Broken { key });
    }
    let mut why = Unverified::Unlisted { key: key.clone() };
    for line in lines {
        match by_line(line, &made, &key, asked) {
            Ok(signed) => return Ok(signed),
            // One that is listed and too late is told of its time, whatever other lines lack.
            Err(worse) if !matches!(why, Unverified::OutOfTime { .. }) => why = worse,
            Err(_) => {}
        }
    }
    Err(why)
}

/// Returns the lines of the key, or of the authority of its certificate; a certificate's key counts by no other line.
fn lines<'a>(signers: &'a Signers, made: &Made) -> Vec<&'a Line> {
    let is_it = |line: &&Line| match &made.certificate {
        Some(certificate) => line.options.is_authority && line.key == *certificate.signature_key(),
        None => !line.options.is_authority && line.key == made.key,
    };
    signers.lines.iter().filter(is_it).collect()
}

/// Asks one line of the key, or of its authority.
fn by_line(line: &Line, made: &Made, key: &str, asked: Asked) -> Result<Signed, Unverified> {
    let principal = match &made.certificate {
        None => line.principals.text(),
        Some(certificate) => {
            let mut names = certificate.valid_principals().iter();
            // A certificate without principals is one for everybody, which nobody is (sshkey_cert_check_authority).
            let found = names.find(|name| line.principals.matches(name));
            let key = || key.to_owned();
            found.ok_or_else(|| Unverified::Unlisted { key: key() })?
        }
    };
    let certificate = made.certificate.as_deref();
    admitted(line, principal, key, certificate, asked)?;
    Ok(Signed {
        principal: principal.to_owned(),
        key: key.to_owned(),
        namespace: asked.namespace,
        is_hardware: made.is_touched(),
    })
}

/// Refuses what a line does not list its key for, or not for now.
fn admitted(
    line: &Line,
    principal: &str,
    key: &str,
    certificate: Option<&Certificate>,
    asked: Asked,
) -> Result<(), Unverified> {
    let namespaces = line.options.namespaces.as_ref();
    let wanted = asked.namespace.as_str();
    if namespaces.is_some_and(|namespaces| !namespaces.matches(wanted)) {
        return Err(Unverified::NotFor {
            principal: principal.to_owned(),
            key: key.to_owned(),
            wanted,
        });
    }
    if let Some(when) = out_of_time(line, certificate, asked.at) {
        return Err(Unverified::OutOfTime {
            principal: principal.to_owned(),
            key: key.to_owned(),
            when,
        });
    }
    Ok(())
}

/// Says who may sign with a key that is listed itself, before anything is signed.
pub(super) fn listed(
    signers: &Signers,
    key: &str,
    namespace: Namespace,
    at: Timestamp,
) -> Result<String, Unverified> {
    let asked = Asked { namespace, at };
    let is_it = |line: &&Line| !line.options.is_authority && key::fingerprint(&line.key) == key;
    let mut why = Unverified::Unlisted {
        key: key.to_owned(),
    };
    for line in signers.lines.iter().filter(is_it) {
        let principal = line.principals.text();
        match admitted(line, principal, key, None, asked) {
            Ok(()) => return Ok(principal.to_owned()),
            Err(worse) if !matches!(why, Unverified::OutOfTime { .. }) => why = worse,
            Err(_) => {}
        }
    }
    Err(why)
}

/// Says when a key is good that is not good now; none where it is. A line's end is its last good second, a certificate's
/// the first that is not (sshsig.c, sshkey.c).
fn out_of_time(line: &Line, certificate: Option<&Certificate>, at: Timestamp) -> Option<String> {
    let second = at.as_second();
    if let Some(after) = line
        .options
        .after
        .filter(|after| second < after.as_second())
    {
        return Some(format!("is good from {after}"));
    }
    if let Some(before) = line.options.before.filter(|end| second > end.as_second()) {
        return Some(format!("was good until {before}"));
    }
    let certificate = certificate?;
    // Before 1970 nothing was good.
    let second = u64::try_from(second).unwrap_or_default();
    if second < certificate.valid_after() {
        let from = told(certificate.valid_after());
        return Some(format!("has a certificate that is good from {from}"));
    }
    let end = certificate.valid_before();
    (second >= end).then(|| format!("has a certificate that was good until {}", told(end)))
}

fn told(second: u64) -> String {
    let time = i64::try_from(second).map(Timestamp::from_second);
    match time {
        Ok(Ok(time)) => time.to_string(),
        _ => "the end of time".into(),
    }
}

/// Refuses a certificate that its authority did not sign, that is a host's, or that asks for more than is known here.
fn sound(certificate: &Certificate) -> Result<(), Unverified> {
    if certificate.cert_type() != CertType::User {
        return Err(unreadable("its certificate is a host's".into()));
    }
    if let Some(option) = certificate.critical_options().keys().next() {
        return Err(unreadable(format!(
            "its certificate has the critical option `{option}`, which is not supported"
        )));
    }
    if certificate.valid_after() >= certificate.valid_before() {
        return Err(unreadable("its certificate is never good".into()));
    }
    let authority = certificate.signature_key().fingerprint(HashAlg::Sha256);
    // Asked for a moment at which it is good, this says whether the authority signed it: the time is judged by line.
    certificate
        .validate_at(certificate.valid_after(), [&authority])
        .map_err(|_| {
            let authority = key::fingerprint(certificate.signature_key());
            unreadable(format!("its certificate is not signed by {authority}"))
        })
}

fn unreadable(reason: String) -> Unverified {
    Unverified::Unreadable { reason }
}
