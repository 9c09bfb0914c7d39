//! What a change does to the files that rule it: policy, signers, harness.

use git2::Oid;

use super::tree::FOLDER;
use super::{Delta, Error, POLICY_FILE, Repository};
use crate::change::{PolicyMove, PolicyNumber};
use crate::evidence::signers::{Namespace, Signers};
use crate::id::BlobId;
use crate::policy::{Class, Policy};

impl Repository {
    /// Says what `deltas`, from the trees `before` to the tree `after`, do to policy and harness under `policy`; none where
    /// they leave every such file alone.
    ///
    /// # Errors
    /// An object is missing.
    pub fn policy_move(
        &self,
        before: &[Oid],
        after: Oid,
        deltas: &[Delta],
        policy: &Policy,
    ) -> Result<Option<PolicyMove>, Error> {
        let ruled = deltas.iter().filter_map(|delta| {
            let class = delta.class(policy);
            let path = String::from_utf8_lossy(&delta.path).into_owned();
            let blob = delta.new.map(|entry| BlobId::new(entry.oid.to_string()));
            matches!(class, Class::Policy | Class::Harness).then_some((path, class, blob))
        });
        let files: Vec<_> = ruled.collect();
        if files.is_empty() {
            return Ok(None);
        }
        let numbers = before.iter().map(|&tree| self.policy_number(tree));
        Ok(Some(PolicyMove {
            files,
            before: numbers.collect::<Result<_, Error>>()?,
            after: self.policy_number(after)?,
            signers: self.signers_fault(before, after)?,
            is_adoption: false,
            beside: Vec::new(),
        }))
    }

    /// Says what the adoption brings; `parent` is the tree below it.
    ///
    /// # Errors
    /// An object is missing.
    pub fn adoption_move(
        &self,
        parent: Option<Oid>,
        after: Oid,
        deltas: &[Delta],
    ) -> Result<PolicyMove, Error> {
        Ok(PolicyMove {
            files: Vec::new(),
            before: Vec::new(),
            after: self.policy_number(after)?,
            signers: self.signers_fault(&[], after)?,
            is_adoption: true,
            beside: parent.map_or_else(Vec::new, |_| self.beside_adoption(after, deltas)),
        })
    }

    /// Lists the paths that an adoption may not change, of those that lead to the tree `after`.
    pub(super) fn beside_adoption(&self, after: Oid, deltas: &[Delta]) -> Vec<String> {
        // It is judged by what it brings: nothing else is there.
        let policy = self.policy_in(after).unwrap_or_default();
        let is_beside = |delta: &&Delta| {
            let class = delta.class(&policy);
            !matches!(
                class,
                Class::Policy | Class::Harness | Class::Record | Class::Docs
            )
        };
        let beside = deltas.iter().filter(is_beside);
        let beside = beside.map(|delta| String::from_utf8_lossy(&delta.path).into_owned());
        beside.collect()
    }

    /// Says what would keep those who must approve from it: without them a branch would be locked, or anybody could begin
    /// anew.
    fn signers_fault(&self, before: &[Oid], after: Oid) -> Result<Option<String>, Error> {
        let Some(policy) = self.policy_in(after) else {
            return Ok(None);
        };
        let path = &policy.approval.signers;
        let Some(text) = self.text_at(after, path)? else {
            for &tree in before {
                let earlier = self.policy_in(tree).unwrap_or_default();
                if self.text_at(tree, &earlier.approval.signers)?.is_some() {
                    return Ok(Some(format!("the signers file `{path}` would be missing")));
                }
            }
            return Ok(None);
        };
        let signers = match Signers::parse(&text) {
            Ok(signers) => signers,
            Err(error) => return Ok(Some(format!("`{path}` cannot be read: {error}"))),
        };
        let (count, required) = (
            signers.principals(Namespace::Approval).len(),
            policy.approval.required,
        );
        let is_enough = count >= required as usize;
        Ok((!is_enough).then(|| {
            format!("`{path}` lists {count} who may approve, and `approval.required` is {required}")
        }))
    }

    /// Reads the policy that a tree holds; none where there is none, or none that can be read.
    pub fn policy_in(&self, tree: Oid) -> Option<Policy> {
        let text = self.text_at(tree, POLICY_FILE).ok()??;
        Policy::parse(&text, POLICY_FILE).ok()
    }

    fn policy_number(&self, tree: Oid) -> Result<PolicyNumber, Error> {
        let entry = self.entry(tree, POLICY_FILE.as_bytes())?;
        let Some(entry) = entry.filter(|entry| entry.mode != FOLDER) else {
            return Ok(PolicyNumber::Absent);
        };
        let bytes = self.blob(entry.oid)?;
        Ok(match Policy::parse_bytes(&bytes, POLICY_FILE) {
            Ok(policy) => PolicyNumber::Number(policy.number),
            Err(error) => PolicyNumber::Unreadable(one_line(&error)),
        })
    }
}

fn one_line(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text.lines().next().unwrap_or_default().to_owned()
}
