//! Which people's words count for one step of a protected branch, and why the others do not. Signatures are looked at here;
//! what the step is was found before.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;

use super::votes::{Vote, Votes};
use crate::change::{Approver, SetAside, WhyNot};
use crate::evidence::expiry::ended;
use crate::evidence::signers::{Signed, Signers};
use crate::evidence::statement::Decision;
use crate::id::BlobId;
use crate::policy::Policy;

/// What decides for one step, beside the words themselves.
pub(super) struct Ground<'a> {
    /// The full name of the branch.
    pub(super) reference: &'a str,
    /// The policy at its beginning.
    pub(super) policy: &'a Policy,
    /// Those who may approve it.
    pub(super) signers: &'a Signers,
    /// Whether these are the signers that it brings itself.
    pub(super) is_bootstrap: bool,
    /// The keys that may begin; none where nobody pinned any.
    pub(super) pins: Option<&'a [String]>,
    /// When it is judged.
    pub(super) at: Timestamp,
    /// The addresses of those who wrote what lands, in lower case.
    pub(super) authors: &'a BTreeSet<String>,
    /// The keys that signed evidence of what lands.
    pub(super) makers: &'a HashSet<String>,
}

/// What the words give.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Those who approved and count, each once.
    pub(super) by: Vec<Approver>,
    /// What does not count.
    pub(super) set_aside: Vec<SetAside>,
    /// The changed files that enough of them name.
    pub(super) named: BTreeMap<String, Option<BlobId>>,
    /// The waivers that enough of them list.
    pub(super) waivers: Vec<String>,
}

/// Counts the words of `votes`; `fits` says why one is about something else, none where it is about this step. What is
/// about something else altogether is left out by the caller.
pub(super) fn tally(ground: &Ground<'_>, all: &Votes, votes: &[(&Vote, Option<WhyNot>)]) -> Tally {
    let mut tally = Tally::default();
    let mut counted: Vec<(&Vote, Signed)> = Vec::new();
    let rejections = rejections(ground, all);
    for (vote, unfit) in votes {
        match worth(ground, all, vote, unfit.as_ref(), &rejections) {
            Ok(signed) => counted.push((vote, signed)),
            Err((principal, why)) => tally.set_aside.push(SetAside {
                record: vote.record.clone(),
                principal,
                why,
            }),
        }
    }
    tally.by = distinct(ground, &counted);
    tally.named = named_files(ground, &counted);
    tally.waivers = listed_waivers(ground, &counted);
    tally
}

type Unworthy = (Option<String>, WhyNot);

fn worth(
    ground: &Ground<'_>,
    all: &Votes,
    vote: &Vote,
    unfit: Option<&WhyNot>,
    rejections: &[(&Vote, Signed)],
) -> Result<Signed, Unworthy> {
    let said = &vote.approval;
    let signed = match vote.signed(ground.signers, ground.at) {
        None => return Err((None, WhyNot::Unsigned)),
        Some(Err(error)) => return Err((None, WhyNot::Signature(error.to_string()))),
        Some(Ok(signed)) => signed,
    };
    let who = Some(signed.principal.clone());
    let unworthy = |why| Err((who.clone(), why));
    if said.repository != ground.policy.approval.repository {
        return unworthy(WhyNot::OtherRepository);
    }
    if let Some(by) = all.withdrawn(vote, &signed, ground.signers, ground.at) {
        return unworthy(WhyNot::Withdrawn(by));
    }
    if let Some(why) = ended(said.expires.as_deref(), ground.at) {
        return unworthy(WhyNot::Expired(why));
    }
    if said.decision == Decision::Reject {
        return unworthy(WhyNot::IsRejection(said.reason.clone()));
    }
    if let Some(why) = unfit {
        return unworthy(why.clone());
    }
    let rejected = rejections
        .iter()
        .find(|(other, _)| is_about_the_same(other, vote) && !said.over.contains(&other.record));
    if let Some((rejection, _)) = rejected {
        return unworthy(WhyNot::Rejected(rejection.record.clone()));
    }
    if ground.is_bootstrap
        && let Some(pins) = ground.pins
        && !pins.contains(&signed.key)
    {
        return unworthy(WhyNot::NotPinned(signed.key.clone()));
    }
    if ground.policy.approval.require_hardware && !signed.is_hardware {
        return unworthy(WhyNot::Software);
    }
    let mut authors = ground.authors.iter();
    let wrote = authors.any(|author| speaks_for(&signed.principal, author));
    if !ground.policy.approval.authors_may_approve && wrote {
        return unworthy(WhyNot::Author);
    }
    Ok(signed)
}

/// A rejection is about whatever lands the same commit, from wherever, and about the very same move.
fn is_about_the_same(rejection: &Vote, vote: &Vote) -> bool {
    let (no, yes) = (&rejection.approval, &vote.approval);
    no.head == yes.head || (no.from == yes.from && no.to == yes.to)
}

/// The rejections on the branch that stand, whichever tip they were made at.
fn rejections<'v>(ground: &Ground<'v>, all: &'v Votes) -> Vec<(&'v Vote, Signed)> {
    let mut found = Vec::new();
    for vote in all.on(ground.reference) {
        let said = &vote.approval;
        let is_here = said.decision == Decision::Reject
            && said.repository == ground.policy.approval.repository
            && ended(said.expires.as_deref(), ground.at).is_none();
        if let (true, Some(Ok(signed))) = (is_here, vote.signed(ground.signers, ground.at))
            && all
                .withdrawn(vote, &signed, ground.signers, ground.at)
                .is_none()
        {
            found.push((vote, signed));
        }
    }
    found
}

/// Says whether a principal, a list of names as the signers file has it, has this address among them.
pub fn speaks_for(principal: &str, address: &str) -> bool {
    let mut names = principal.split(',');
    names.any(|name| name.eq_ignore_ascii_case(address))
}

/// One approver for each person: a key that is listed under two names is one, and so is a name with two keys.
fn distinct(ground: &Ground<'_>, counted: &[(&Vote, Signed)]) -> Vec<Approver> {
    let mut people: Vec<(BTreeSet<&str>, BTreeSet<&str>, Approver)> = Vec::new();
    for (vote, signed) in counted {
        let approver = Approver {
            principal: signed.principal.clone(),
            key: signed.key.clone(),
            is_hardware: signed.is_hardware,
            signed_evidence: ground.makers.contains(&signed.key),
            record: vote.record.clone(),
        };
        let mut names = BTreeSet::from([signed.principal.as_str()]);
        let mut keys = BTreeSet::from([signed.key.as_str()]);
        let mut best = approver;
        let is_same = |(others, their, _): &(BTreeSet<&str>, BTreeSet<&str>, Approver)| {
            !others.is_disjoint(&names) || !their.is_disjoint(&keys)
        };
        let (same, rest): (Vec<_>, Vec<_>) = people.into_iter().partition(is_same);
        people = rest;
        for (others, their, approver) in same {
            names.extend(others);
            keys.extend(their);
            if approver.is_hardware >= best.is_hardware {
                best = approver;
            }
        }
        people.push((names, keys, best));
    }
    let mut by: Vec<Approver> = people.into_iter().map(|(_, _, one)| one).collect();
    by.sort_by(|a, b| a.principal.cmp(&b.principal));
    by
}

/// The files that enough people name, with what they hold.
fn named_files(
    ground: &Ground<'_>,
    counted: &[(&Vote, Signed)],
) -> BTreeMap<String, Option<BlobId>> {
    let files = counted.iter().flat_map(|(vote, _)| {
        let files = vote.approval.policy_files.iter().flatten();
        files.map(|(path, blob)| (path.clone(), blob.clone()))
    });
    let names = |vote: &Vote, (path, blob): &(String, Option<BlobId>)| {
        let files = vote.approval.policy_files.as_ref();
        files.is_some_and(|files| files.get(path) == Some(blob))
    };
    files
        .filter(|file| is_enough(ground, counted, |vote| names(vote, file)))
        .collect()
}

/// The waivers that enough people list.
fn listed_waivers(ground: &Ground<'_>, counted: &[(&Vote, Signed)]) -> Vec<String> {
    let listed: BTreeSet<&String> = counted
        .iter()
        .flat_map(|(vote, _)| &vote.approval.waivers)
        .collect();
    let lists = |vote: &Vote, record: &String| vote.approval.waivers.contains(record);
    listed
        .into_iter()
        .filter(|record| is_enough(ground, counted, |vote| lists(vote, record)))
        .cloned()
        .collect()
}

fn is_enough(
    ground: &Ground<'_>,
    counted: &[(&Vote, Signed)],
    says: impl Fn(&Vote) -> bool,
) -> bool {
    let those: Vec<(&Vote, Signed)> = counted
        .iter()
        .filter(|(vote, _)| says(vote))
        .cloned()
        .collect();
    distinct(ground, &those).len() >= ground.policy.approval.required as usize
}
