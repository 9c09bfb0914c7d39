//! The record of a red proof: found where one speaks for this change, written where none does.

use jiff::Timestamp;

use super::prove::{Made, base_tree};
use super::seal::Open;
use crate::change::{RedFirst, RedProof, RedTest, TestVerdict};
use crate::evidence::statement::{Asked, RedGreen, Statement};
use crate::git::{Oid, Repository};
use crate::id::TreeId;
use crate::policy::{CheckKind, Policy};
use crate::proof::known::Known;
use crate::proof::request::Request;
use crate::proof::validation::Validator;
use crate::proof::{Error, fingerprint};

/// Finds the record of a change: on this tree, over this base, by these checks, with regard to the seals that bind it.
/// `keys` are those of the checks here and now, where what other tools found out is not to count.
///
/// # Errors
/// The repository cannot be asked.
pub(super) fn find(
    repository: &Repository,
    policy: &Policy,
    known: &Known,
    request: &Request,
    open: &Open,
    keys: Option<&[Asked]>,
) -> Result<RedFirst, Error> {
    let tests = policy.check.iter();
    let concerned: Vec<_> = tests
        .enumerate()
        .filter(|(place, check)| check.kind == CheckKind::Test && request.scope.holds(*place))
        .map(|(_, check)| check)
        .collect();
    // Nothing that a test looks at has changed; what is sealed can say nothing of that, and the hooks ask nothing either.
    if concerned.is_empty() && (open.is_empty() || request.scope.is_empty()) {
        return Ok(RedFirst::Known(Box::default()));
    }
    let tree = TreeId::new(request.tree.to_string());
    let base = base_tree(repository, request)?.map(|base| TreeId::new(base.to_string()));
    let speaks = |record: &&RedGreen| {
        let is_asked = concerned.iter().all(|check| {
            let definition = fingerprint::definition(check);
            let mut asked = record.checks.iter();
            asked.any(|asked| asked.name == check.name && asked.definition == definition)
        });
        let is_here = keys.is_none_or(|keys| keys.iter().all(|key| record.checks.contains(key)));
        // What was sealed later did not bind what was committed before; here and now it does.
        let bound = open
            .records
            .iter()
            .filter(|seal| keys.is_some() || seal.is_before(record));
        let binds = bound
            .into_iter()
            .all(|seal| record.seals.contains(&seal.name));
        // What may come out otherwise the next time is asked again by who can.
        let is_final = keys.is_none() || is_steady(&record.proof);
        is_asked && is_here && is_final && binds && record.samples >= policy.red.samples
    };
    let found = known.proofs(&tree, base.as_ref()).filter(speaks);
    let newest = found.max_by_key(|record| record.time.parse::<Timestamp>().ok());
    Ok(newest.map_or(RedFirst::Missing, |record| {
        RedFirst::Known(Box::new(record.proof.clone()))
    }))
}

/// Leaves a test unstable that an earlier proof of the same trees by the same checks called so: who asks again until it
/// comes out well has asked once too little. More samples ask anew.
pub(super) fn remember(
    known: &Known,
    policy: &Policy,
    request: &Request,
    base: Option<Oid>,
    keys: &[Asked],
    proof: &mut RedProof,
) {
    let tree = TreeId::new(request.tree.to_string());
    let base = base.map(|base| TreeId::new(base.to_string()));
    let earlier = known.proofs(&tree, base.as_ref());
    let earlier =
        earlier.filter(|record| record.checks == keys && record.samples >= policy.red.samples);
    let unsteady: Vec<&RedTest> = earlier
        .flat_map(|record| &record.proof.tests)
        .filter(|test| test.verdict == TestVerdict::Unstable)
        .collect();
    for test in &mut proof.tests {
        let same = |old: &&&RedTest| old.check == test.check && old.id == test.id;
        if let Some(old) = unsteady.iter().find(same) {
            *test = (*old).clone();
        }
    }
}

/// Keeps what was found, whatever it is: it is true of these trees.
///
/// # Errors
/// The record cannot be written; then nothing is.
pub(super) fn keep(
    validator: &Validator<'_>,
    request: &Request,
    open: &Open,
    keys: &[Asked],
    made: &Made,
) -> Result<(), Error> {
    if is_about_nothing(&made.proof, open) && keys.is_empty() {
        return Ok(());
    }
    let (repository, force) = (validator.repository(), validator.force());
    let base = base_tree(repository, request)?;
    let record = RedGreen {
        tool: concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")).to_owned(),
        time: Timestamp::now().to_string(),
        task: request.task.clone(),
        base: base.map(|base| TreeId::new(base.to_string())),
        trees: made.trees.clone(),
        policy: force.policy.number,
        blob: force.blob.clone(),
        checks: keys.to_vec(),
        samples: force.policy.red.samples,
        seals: open.records.iter().map(|seal| seal.name.clone()).collect(),
        proof: made.proof.clone(),
    };
    let tree = TreeId::new(request.tree.to_string());
    let statement = Statement::red_green(&tree, record);
    validator.record(statement)?;
    Ok(())
}

/// Says whether nothing in it hangs on chance, or on what was not installed.
fn is_steady(proof: &RedProof) -> bool {
    let unsteady = [TestVerdict::Unstable, TestVerdict::EnvironmentError];
    let mut tests = proof.tests.iter();
    !tests.any(|test| unsteady.contains(&test.verdict))
        && !proof.existing.iter().any(|test| test.fate.refuses())
        && proof.base_unknown.is_none()
}

fn is_about_nothing(proof: &RedProof, open: &Open) -> bool {
    open.is_empty() && *proof == RedProof::default()
}
