//! PDD009 red-first: source comes with tests that fail without it.

mod landing;
#[cfg(test)]
mod tests;
mod words;

use super::{Check, Rule, is_automatic};
use crate::change::{
    Change, Kind, Place, ProofVerdict, RedFirst, RedProof, RedTest, Seen, TestVerdict,
};
use crate::finding::Finding;
use crate::message::Message;
use crate::policy::{Acceptance, Class, Policy};

/// PDD009.
pub(super) const RULE: Rule = Rule {
    code: "PDD009",
    name: "red-first",
    summary: "source without a test that fails without it; a test of the base that is lost on the way",
    explain: "\
## Requires
A change of source whose message has one of the types of `red.types` brings at least one test that fails without that
source and with the bodies of the changed functions replaced, and passes with it; or it turns tests green that QA has
sealed. Whatever the type, each test that passed before still passes, unless its new text is proven or the change removed
what it used.

## Why
A test that was never seen to fail may ask for nothing. Each new or changed test is therefore run on trees that are put
together from git's objects: R is the parent with the new tests, S0 and S1 are the new tree with functions that throw and
that do nothing. Nobody's word is needed that the test came first.

## Passes
- proven: it fails in R, in S0 and in S1, and passes on the tree, twice
- weak: it shows a call and no result, or the changed lines lie outside functions, where `red.weak` is `accept`
- partial: some changed function fails no proven test, where `red.partial` is `accept`; the functions are counted
- tests alone, which are sealed where they fail; then the source, which leaves them as they are and turns them green
- documents, formatting, a test that was moved or renamed; `refactor` and the like under tests that stay green
- merges, exact reverts, replayed commits, the adopting commit

## Refused
- a new test that passes without the change, or although the changed functions throw
- a test that passes once and fails once on the same tree
- no test that failed before: skipped ones, missing packages and errors of syntax count for nothing
- a sealed file that was changed, a sealed test that does not pass, or only with what the change did to the tests around it
- a test deleted, skipped or emptied together with source, or that no run reports any more
- at a landing, a task whose source changed without any red proof, unless its Type was another one before it began

## Settings
`red.types`, `red.weak`, `red.partial`; `red.samples` runs each test more often on either side. A check's `only` says how
its runner is told to run some tests alone. `rules.red-first` is `error`, `warn` or `off`.

## How to fix
`pdd-hooks red` shows each test with its state on all sides, `pdd-hooks red --show <TEST>` what it said there. Write the
test that fails, or take the type that fits: a change that no test here can show (another system, a faster way) is no
`fix`; as `perf`, `refactor` or `chore` it says what it is.
",
    checks: &[
        Check::Message(check_change),
        Check::Landing(landing::check),
    ],
};

fn check_change(change: &Change, message: &Message, policy: &Policy) -> Vec<Finding> {
    let is_exempt = match change.kind {
        // The adoption brings no source; the others were judged as what they take up again.
        Kind::Adoption
        | Kind::Squash
        | Kind::Revert { .. }
        | Kind::Replayed { .. }
        | Kind::Merge => true,
        Kind::Ordinary => is_automatic(change),
    };
    if is_exempt {
        return Vec::new();
    }
    match &change.red {
        RedFirst::Undecided => Vec::new(),
        RedFirst::Missing => vec![missing(change)],
        RedFirst::Known(proof) => judge(proof, asks(message, policy), policy),
    }
}

/// Says whether a message's type asks for a red proof; one that is no type of the policy's does.
pub fn asks(message: &Message, policy: &Policy) -> bool {
    let subject = message.autosquash().unwrap_or(&message.subject);
    let end = subject
        .find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
        .unwrap_or(subject.len());
    let kind = &subject[..end];
    let is = |list: &[String]| list.iter().any(|known| known == kind);
    is(&policy.red.types) || !is(&policy.message.types)
}

fn has_source(change: &Change) -> bool {
    change.paths.iter().any(|path| path.class == Class::Source)
}

fn missing(change: &Change) -> Finding {
    let target = match &change.place {
        Place::Commit(id, _) => format!(" {}", id.short()),
        Place::Staged(_) | Place::Reference(_) => String::new(),
    };
    let what = if has_source(change) {
        "source changes, and nothing is recorded of what its tests say without it"
    } else {
        "nothing is recorded of what became of the tests that were there"
    };
    RULE.finding(what)
        .help(format!("pdd-hooks validate{target}"))
}

/// Says what a proof lacks, for a message whose type asks for one or does not.
pub fn judge(proof: &RedProof, asks: bool, policy: &Policy) -> Vec<Finding> {
    let has_source = !proof.sources.is_empty();
    let mut findings = Vec::new();
    if has_source {
        findings.extend(proof.broken.iter().map(words::broken));
        let sealed = proof.tests.iter().filter(|test| test.is_sealed);
        findings.extend(
            sealed
                .filter(|test| test.with != Seen::Passed && test.with != Seen::Unstable)
                .map(words::not_green),
        );
    }
    let keeps_seals = findings.is_empty();
    let lost = || {
        let existing = proof.existing.iter();
        existing.filter(|test| refuses(test.fate, has_source))
    };
    findings.extend(lost().map(words::lost));
    if has_source && asks {
        let before = findings.len();
        // Of a test that was emptied, that is all that there is to say.
        let is_told = |test: &&RedTest| lost().any(|old| old.id == test.id);
        let rest = proof.tests.iter().filter(|test| !is_told(test));
        findings.extend(rest.filter_map(words::refused));
        // What turns the sealed tests green again is the proof; no other is missing.
        if keeps_seals && findings.len() == before {
            findings.extend(no_proof(proof, policy));
        }
    }
    findings
}

/// Says whether what became of an old test refuses; in a change of tests alone it is named at most.
fn refuses(fate: crate::change::Fate, has_source: bool) -> bool {
    fate.refuses() && (has_source || fate == crate::change::Fate::Gone)
}

/// What refuses where no single test does.
fn no_proof(proof: &RedProof, policy: &Policy) -> Option<Finding> {
    let verdict = proof.verdict();
    let (proven, all) = proof.functions();
    match verdict {
        ProofVerdict::Unproven => Some(words::nothing_red(proof)),
        ProofVerdict::Weak if policy.red.weak == Acceptance::Refuse => Some(words::weak(proof)),
        // A weak proof may be a partial one besides.
        _ if proven < all && policy.red.partial == Acceptance::Refuse => {
            Some(words::partial(proof))
        }
        ProofVerdict::Proven | ProofVerdict::Weak | ProofVerdict::Partial => None,
    }
}

/// Says whether a test counts for the proof.
fn counts(verdict: TestVerdict) -> bool {
    matches!(verdict, TestVerdict::Proven | TestVerdict::Weak)
}
