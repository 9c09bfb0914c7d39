//! Which records count at a landing: those that somebody listed has signed for what they are. What does not count is kept
//! apart, to say why.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;

use super::{Claim, Known};
use crate::change::{Voucher, Witness};
use crate::evidence::Envelope;
use crate::evidence::signers::{Namespace, Signed, Signers};
use crate::git::{Listed, Oid, Repository};
use crate::id::TreeId;
use crate::policy::Witness as Accepted;
use crate::proof::Error;

/// Who is believed, and when.
#[derive(Debug)]
pub struct Court<'a> {
    /// The repository that holds the records.
    pub repository: &'a Repository,
    /// Where a push brings them to; none: as they stand.
    pub tip: Option<Oid>,
    /// Who may sign.
    pub signers: &'a Signers,
    /// Whose word counts.
    pub accept: &'a [Accepted],
    /// When it is judged.
    pub at: Timestamp,
}

/// What vouching found, beside the records that count.
#[derive(Clone, Debug, Default)]
pub(super) struct Vouching {
    /// Claims that do not count, by tree, each with why.
    pub(super) dropped: HashMap<TreeId, Vec<(String, Claim)>>,
    /// Who vouches for the validation of each tree.
    pub(super) vouchers: HashMap<TreeId, BTreeSet<Voucher>>,
    /// The keys that signed any of it.
    pub(super) keys: HashSet<String>,
}

impl Known {
    /// Keeps what somebody vouches for, and of that only what is about these trees; seals are kept wherever they are about.
    ///
    /// # Errors
    /// The reference cannot be read.
    pub fn vouched(mut self, court: &Court<'_>, trees: &HashSet<TreeId>) -> Result<Self, Error> {
        let hearing = court.open()?;
        let mut vouching = Vouching::default();
        self.by_tree.retain(|tree, _| trees.contains(tree));
        for (tree, claims) in &mut self.by_tree {
            let mut kept = Vec::new();
            for (record, claim) in claims.drain(..) {
                match hearing.ask(&record) {
                    Ok((witness, signed)) => {
                        let voucher = Voucher {
                            witness,
                            principal: signed.principal,
                        };
                        vouching.keys.insert(signed.key);
                        let vouchers = vouching.vouchers.entry(tree.clone()).or_default();
                        vouchers.insert(voucher);
                        kept.push((record, claim));
                    }
                    Err(why) => {
                        let dropped = vouching.dropped.entry(tree.clone()).or_default();
                        dropped.push((why, claim));
                    }
                }
            }
            *claims = kept;
        }
        self.proofs.retain(|tree, _| trees.contains(tree));
        for proofs in self.proofs.values_mut() {
            let mut kept = Vec::new();
            for (record, proof) in proofs.drain(..) {
                if let Ok((_, signed)) = hearing.ask(&record) {
                    vouching.keys.insert(signed.key);
                    kept.push((record, proof));
                }
            }
            *proofs = kept;
        }
        let mut seals = Vec::new();
        for seal in self.seals.drain(..) {
            if hearing.ask(&seal.record).is_ok() {
                seals.push(seal);
            }
        }
        self.seals = seals;
        self.vouching = vouching;
        Ok(self)
    }

    /// Lists who vouches for the validation of a tree, where that was asked.
    pub fn vouchers(&self, tree: &TreeId) -> Vec<Voucher> {
        let found = self.vouching.vouchers.get(tree);
        found.into_iter().flatten().cloned().collect()
    }

    /// Returns the keys that signed what counts.
    pub fn keys(&self) -> &HashSet<String> {
        &self.vouching.keys
    }
}

/// What is asked for each record, found once.
struct Hearing<'a> {
    court: &'a Court<'a>,
    listed: HashMap<String, Listed>,
    bench: Bench<'a>,
}

impl Court<'_> {
    fn open(&self) -> Result<Hearing<'_>, Error> {
        let listed = self.repository.list_records(self.tip)?.into_iter();
        Ok(Hearing {
            court: self,
            listed: listed.map(|one| (one.name.clone(), one)).collect(),
            bench: Bench::new(self.signers, self.accept, self.at),
        })
    }
}

impl Hearing<'_> {
    /// Says who signed a record and as what, or why it does not count.
    fn ask(&self, record: &str) -> Result<(Witness, Signed), String> {
        let listed = self.listed.get(record);
        let line = listed.and_then(|listed| self.court.repository.read_record(listed));
        let Some(envelope) = line.and_then(|line| Envelope::parse(&line).ok()) else {
            return Err("it cannot be read".into());
        };
        self.bench.weigh(&envelope)
    }
}

/// Who is believed, and when.
#[derive(Debug)]
pub struct Bench<'a> {
    signers: &'a Signers,
    /// Who is listed as a machine by name: whoever may sign anything is none for that.
    runners: Signers,
    accept: &'a [Accepted],
    at: Timestamp,
}

impl<'a> Bench<'a> {
    /// Believes these, of what they are listed for what is accepted, at this time.
    pub fn new(signers: &'a Signers, accept: &'a [Accepted], at: Timestamp) -> Self {
        Self {
            signers,
            runners: signers.naming(Namespace::Runner),
            accept,
            at,
        }
    }

    /// Says who signed an envelope and as what.
    ///
    /// # Errors
    /// Why it does not count, as words that follow the name of the record.
    pub fn weigh(&self, envelope: &Envelope) -> Result<(Witness, Signed), String> {
        if envelope.signatures.is_empty() {
            return Err("nobody signed it".into());
        }
        let both = [
            (Accepted::Runner, Namespace::Runner, Witness::Runner),
            (
                Accepted::SelfSigned,
                Namespace::Evidence,
                Witness::SelfAttested,
            ),
        ];
        let mut why = None;
        for (accepted, namespace, witness) in both {
            let signers = match witness {
                Witness::Runner => &self.runners,
                _ => self.signers,
            };
            for found in signers.verify(envelope, namespace, self.at) {
                match found {
                    Ok(signed) if self.accept.contains(&accepted) => {
                        return Ok((witness, signed));
                    }
                    Ok(signed) => {
                        why = Some(format!(
                            "it is the word of {}, and only a runner's counts here (`[evidence] accept`)",
                            signed.principal
                        ));
                    }
                    // A signature for the other namespace is none for this one; that says nothing.
                    Err(crate::evidence::signers::Unverified::OtherNamespace { .. }) => {}
                    Err(error) => {
                        why.get_or_insert(error.to_string());
                    }
                }
            }
        }
        Err(why.unwrap_or_else(|| "it is signed for something else".into()))
    }
}
