//! The envelope of a record: a DSSE envelope (<https://github.com/secure-systems-lab/dsse>, v1) as one line of JSON. It
//! holds the exact bytes of a statement, so that a signature needs no canonical form; it signs and verifies nothing.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Error, Statement, json, ledger};

/// What the payload of a record is: an in-toto statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// The longest envelope that is read or kept, in bytes: 16 MiB.
pub const LARGEST: usize = 16 << 20;

/// A statement's bytes, what they are, and who vouches for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// What the payload is.
    #[serde(default)]
    pub payload_type: String,
    /// The bytes that are signed.
    #[serde(default, with = "base64_text")]
    pub payload: Vec<u8>,
    /// The signatures over type and payload; none in a record that nobody signed.
    #[serde(default)]
    pub signatures: Vec<Signature>,
}

/// One signature, as it stands in an envelope; that it is there says nothing of its worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Names the key, as a hint alone: the specification lets nothing depend on it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub keyid: String,
    /// The signature's bytes.
    #[serde(default, with = "base64_text")]
    pub sig: Vec<u8>,
}

impl Envelope {
    /// Puts a statement into an envelope without a signature.
    ///
    /// # Errors
    /// The statement cannot be written as JSON.
    pub fn unsigned(statement: &Statement) -> Result<Self, Error> {
        Ok(Self {
            payload_type: PAYLOAD_TYPE.into(),
            payload: statement.to_json()?,
            signatures: Vec::new(),
        })
    }

    /// Puts a statement's bytes into an envelope with what vouches for them.
    pub fn signed(statement: Vec<u8>, signatures: Vec<Signature>) -> Self {
        Self {
            payload_type: PAYLOAD_TYPE.into(),
            payload: statement,
            signatures,
        }
    }

    /// Returns the bytes that its signatures are over.
    pub fn pae(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// Reads an envelope. Unknown keys are ignored, a key that stands twice is refused.
    ///
    /// # Errors
    /// The bytes are too many, or no envelope.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > LARGEST {
            return Err(Error::ReadLargeEnvelope { size: bytes.len() });
        }
        json::read(bytes).map_err(|source| Error::ReadEnvelope { source })
    }

    /// Writes the envelope as one line, line feed included: the bytes of a record's file.
    ///
    /// # Errors
    /// The envelope cannot be written as JSON.
    pub fn to_line(&self) -> Result<Vec<u8>, Error> {
        json::line(self).map_err(|source| Error::WriteRecord { source })
    }

    /// Reads the statement in it.
    ///
    /// # Errors
    /// The payload is said to be something else, or is no statement.
    pub fn statement(&self) -> Result<Statement, Error> {
        if self.payload_type != PAYLOAD_TYPE {
            return Err(Error::KnowPayload {
                found: self.payload_type.clone(),
            });
        }
        Statement::parse(&self.payload)
    }
}

/// Joins type and payload to the bytes that are signed, so that neither can be read as part of the other (DSSE v1,
/// protocol.md, "pre-authentication encoding").
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    );
    [head.as_bytes(), payload].concat()
}

/// Names a record: the SHA-256 of its line, in hexadecimal.
pub fn name(line: &[u8]) -> String {
    ledger::digest(line)
}

/// Bytes as base64: written in the standard alphabet, read in either of RFC 4648, with padding, never in a mixture.
mod base64_text {
    use super::*;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD
            .decode(&text)
            .or_else(|_| URL_SAFE.decode(&text))
            .map_err(|error| D::Error::custom(format!("no base64: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            payload_type: PAYLOAD_TYPE.into(),
            payload: b"{}\xfb\xff".to_vec(),
            signatures: vec![Signature {
                keyid: "SHA256:abc".into(),
                sig: vec![0, 1, 2],
            }],
        }
    }

    const LINE: &str = concat!(
        r#"{"payloadType":"application/vnd.in-toto+json","payload":"e337/w==","#,
        r#""signatures":[{"keyid":"SHA256:abc","sig":"AAEC"}]}"#,
        "\n"
    );

    fn fault(text: &str) -> String {
        use std::error::Error as _;
        let error = Envelope::parse(text.as_bytes()).unwrap_err();
        error.source().map_or(String::new(), |it| it.to_string())
    }

    #[test]
    fn an_envelope_is_one_compact_line_and_is_read_as_it_was_written() {
        let line = envelope().to_line().unwrap();
        assert_eq!(String::from_utf8(line.clone()).unwrap(), LINE);
        assert_eq!(Envelope::parse(&line).unwrap(), envelope());
    }

    #[test]
    fn an_envelope_without_signatures_lists_none() {
        let bare = Envelope {
            signatures: Vec::new(),
            ..envelope()
        };
        let line = String::from_utf8(bare.to_line().unwrap()).unwrap();
        assert!(line.ends_with("\"signatures\":[]}\n"), "{line}");
    }

    #[test]
    fn empty_fields_may_be_left_out_and_unknown_ones_are_ignored() {
        let text = r#"{"payloadType":"text/plain","signatures":[{"sig":"AAEC","cert":1}],"x":{}}"#;
        let expected = Envelope {
            payload_type: "text/plain".into(),
            payload: Vec::new(),
            signatures: vec![Signature {
                keyid: String::new(),
                sig: vec![0, 1, 2],
            }],
        };
        assert_eq!(Envelope::parse(text.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn both_alphabets_are_read_and_a_mixture_is_refused() {
        let url_safe = LINE.replace("e337/w==", "e337_w==");
        assert_eq!(Envelope::parse(url_safe.as_bytes()).unwrap(), envelope());
        for wrong in [
            "+_==",
            "-/==",
            "e337/w",
            "e337/x==",
            "e 337/w=",
            "e337/w==\\n",
        ] {
            let text = LINE.replace("e337/w==", wrong);
            let fault = fault(&text);
            assert!(fault.starts_with("no base64: "), "{wrong}: {fault}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_known_or_not() {
        for key in ["payload", "x"] {
            let text = format!(r#"{{"{key}":"","{key}":""}}"#);
            let expected = format!("the key `{key}` stands twice");
            assert!(fault(&text).starts_with(&expected), "{}", fault(&text));
        }
    }

    #[test]
    fn an_envelope_beyond_the_limit_is_not_read() {
        let mut line = LINE.as_bytes().to_vec();
        line.resize(LARGEST, b' ');
        assert_eq!(Envelope::parse(&line).unwrap(), envelope());
        line.push(b' ');
        assert_eq!(
            Envelope::parse(&line).unwrap_err().to_string(),
            "a record's envelope has 16777217 bytes; 16777216 are read"
        );
    }

    #[test]
    fn a_payload_that_is_said_to_be_something_else_is_no_statement() {
        let other = Envelope {
            payload_type: "text/plain".into(),
            ..envelope()
        };
        assert_eq!(
            other.statement().unwrap_err().to_string(),
            "a record holds `text/plain` and no in-toto statement"
        );
    }

    #[test]
    fn what_is_signed_is_what_the_specification_says() {
        // DSSE v1, protocol.md, "test vectors".
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        // Lengths are of bytes, and both parts may be empty.
        assert_eq!(pae("", b""), b"DSSEv1 0  0 ");
        assert_eq!(pae("\u{e4}", b"\xff"), b"DSSEv1 2 \xc3\xa4 1 \xff");
    }

    #[test]
    fn a_signature_is_over_type_and_payload() {
        let statement = Envelope::signed(b"{}".to_vec(), Vec::new());
        assert_eq!(
            statement.pae(),
            b"DSSEv1 28 application/vnd.in-toto+json 2 {}"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, cut in 0usize..200, flip in 0usize..200) {
            let _ = Envelope::parse(&bytes);
            let mut near = LINE.as_bytes().to_vec();
            let at = flip % near.len();
            near[at] ^= 0x11;
            near.truncate(cut);
            if let Ok(envelope) = Envelope::parse(&near) {
                let _ = envelope.statement();
            }
        }

        #[test]
        fn every_payload_comes_back_as_it_was(payload: Vec<u8>, sig: Vec<u8>, keyid: String) {
            let envelope = Envelope {
                payload_type: PAYLOAD_TYPE.into(),
                payload,
                signatures: vec![Signature { keyid, sig }],
            };
            prop_assert_eq!(Envelope::parse(&envelope.to_line().unwrap()).unwrap(), envelope);
        }
    }
}
