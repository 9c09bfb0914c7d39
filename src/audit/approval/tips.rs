//! What stood at the tips of protected branches: policies and signers, each blob read once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::signers::SignersAt;
use super::tops::Tops;
use crate::error::Error;
use crate::git::{Error as GitError, InForce, Oid, POLICY_FILE, Repository};
use crate::id::BlobId;
use crate::policy::Policy;

/// Reads the tips of one repository.
#[derive(Debug)]
pub struct Tips<'a> {
    repository: &'a Repository,
    force: &'a InForce,
    tops: &'a Tops,
    now: Arc<Policy>,
    /// By blob; none where it cannot be read.
    policies: RefCell<HashMap<Oid, Option<Arc<Policy>>>>,
    /// By blob and path: the path stands in what is said of one that cannot be read.
    signers: RefCell<HashMap<(Oid, String), Arc<SignersAt>>>,
    missing: Arc<SignersAt>,
}

/// What stood at one tip.
#[derive(Clone, Debug)]
pub struct Tip {
    /// The policy: the one in force now where it held none that can be read.
    pub policy: Arc<Policy>,
    /// Its blob; none where that is the one in force now.
    pub blob: Option<Oid>,
    /// Those whom it listed.
    pub signers: Arc<SignersAt>,
}

impl<'a> Tips<'a> {
    /// Begins with what was found in trees already; `force` stands in for what cannot be read.
    pub fn new(repository: &'a Repository, force: &'a InForce, tops: &'a Tops) -> Self {
        Self {
            repository,
            force,
            tops,
            now: Arc::new(force.policy.clone()),
            policies: RefCell::default(),
            signers: RefCell::default(),
            missing: Arc::new(SignersAt::Missing),
        }
    }

    /// Reads what stands at a commit, whose tree is known.
    ///
    /// # Errors
    /// An object is missing.
    pub fn at(&self, commit: Oid, tree: Oid) -> Result<Tip, Error> {
        let (policy, blob) = match self.policy(commit, tree)? {
            Some((policy, blob)) => (policy, Some(blob)),
            None => (Arc::clone(&self.now), None),
        };
        let signers = self.signers(&policy, commit, tree)?;
        Ok(Tip {
            policy,
            blob,
            signers,
        })
    }

    /// Returns the same as a policy in force; where none can be read, nothing is.
    ///
    /// # Errors
    /// An object is missing.
    pub fn force(&self, commit: Oid, branch: &str) -> Result<(Option<InForce>, SignersAt), Error> {
        let tip = self.at(commit, self.repository.tree_of(commit)?)?;
        let force = tip.blob.map(|blob| InForce {
            policy: Policy::clone(&tip.policy),
            blob: BlobId::new(blob.to_string()),
            branch: branch.into(),
            tip: commit,
        });
        Ok((force, SignersAt::clone(&tip.signers)))
    }

    fn policy(&self, commit: Oid, tree: Oid) -> Result<Option<(Arc<Policy>, Oid)>, Error> {
        let oid = match self.tops.of(commit) {
            Some(top) => top.policy,
            None => self.blob(tree, POLICY_FILE)?,
        };
        let Some(oid) = oid else {
            return Ok(None);
        };
        if let Some(known) = self.policies.borrow().get(&oid) {
            return Ok(known.clone().map(|policy| (policy, oid)));
        }
        let found = match self.repository.policy_at(commit, &self.force.branch) {
            // It has been mended since; until then nothing could be judged by it.
            Err(GitError::Policy(_)) => None,
            found => found?.map(|found| Arc::new(found.policy)),
        };
        self.policies.borrow_mut().insert(oid, found.clone());
        Ok(found.map(|policy| (policy, oid)))
    }

    fn blob(&self, tree: Oid, path: &str) -> Result<Option<Oid>, Error> {
        let entry = self.repository.entry(tree, path.as_bytes())?;
        Ok(entry.map(|entry| entry.oid))
    }

    fn signers(&self, policy: &Policy, commit: Oid, tree: Oid) -> Result<Arc<SignersAt>, Error> {
        let path = &policy.approval.signers;
        let oid = match self.tops.signers(commit, path) {
            Some(oid) => oid,
            None => self.blob(tree, path)?,
        };
        let Some(oid) = oid else {
            return Ok(Arc::clone(&self.missing));
        };
        let key = (oid, path.clone());
        if let Some(known) = self.signers.borrow().get(&key) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(SignersAt::tree(self.repository, policy, tree)?);
        self.signers.borrow_mut().insert(key, Arc::clone(&found));
        Ok(found)
    }
}
