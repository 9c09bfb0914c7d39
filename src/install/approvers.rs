//! Who may approve, whether the key here is listed and for what, and whether records will be signed.

use jiff::Timestamp;

use super::doctor::Report;
use super::target::Target;
use crate::evidence::signers::{Namespace, Signers};
use crate::git::{InForce, Repository};
use crate::signing::{self, Key};

impl Report {
    /// Looks at the signers of the policy in force; says nothing where there is none.
    pub(super) fn approvers(&mut self, target: &Target) {
        let folder = target.top.as_deref().unwrap_or(&target.common);
        let Ok(repository) = Repository::open_at(folder) else {
            return;
        };
        let Ok(Some(force)) = repository.policy_in_force() else {
            return;
        };
        if let Some(signers) = self.signers(&repository, &force) {
            self.approval_key(&repository, &signers);
        }
        match signing::why_unsigned(&repository) {
            None => self.well("records", "are signed"),
            Some(error) => self.hint(
                "records",
                format!("stay unsigned, and count at no landing: {error}"),
                &error.help().unwrap_or_default(),
            ),
        }
    }

    fn signers(&mut self, repository: &Repository, force: &InForce) -> Option<Signers> {
        let path = &force.policy.approval.signers;
        let branch = &force.branch;
        let tree = repository.commit(force.tip).ok()?.tree;
        let Some(text) = repository.text_at(tree, path).ok()? else {
            self.hint(
                "approvers",
                format!("nobody may approve: `{branch}` holds no `{path}`"),
                "on a work branch: `pdd-hooks init --approver FILE`, or `pdd-hooks init --new-approver-key`",
            );
            return None;
        };
        match Signers::parse(&text) {
            Ok(signers) => {
                let who = signers.principals(Namespace::Approval);
                let required = force.policy.approval.required;
                self.well(
                    "approvers",
                    format!("{} may approve, {required} must", who.join(", ")),
                );
                Some(signers)
            }
            Err(fault) => {
                self.problem(
                    "approvers",
                    format!("`{path}` of `{branch}` cannot be read: {fault}"),
                    "mend it on the protected branch, past the hooks, which the audit shows",
                );
                None
            }
        }
    }

    fn approval_key(&mut self, repository: &Repository, signers: &Signers) {
        let name = "approval key";
        let mend = "`git config pdd.approvalKey FILE` names the key of somebody who is listed";
        let key = match Key::find(repository, Namespace::Approval) {
            Ok(Some(key)) => key,
            Ok(None) => return self.hint(name, "none here".into(), mend),
            Err(error) => {
                let help = error.help().unwrap_or_default();
                return self.problem(name, error.to_string(), help);
            }
        };
        let fingerprint = key.fingerprint();
        let now = Timestamp::now();
        let all = [
            Namespace::Approval,
            Namespace::Waiver,
            Namespace::Evidence,
            Namespace::Runner,
        ];
        let listed = all.map(|namespace| signers.listed(&fingerprint, namespace, now));
        let kind = if key.is_hardware() {
            "hardware"
        } else {
            "software"
        };
        match &listed[0] {
            Ok(principal) => {
                let held = all.iter().zip(&listed).filter(|(_, one)| one.is_ok());
                let held: Vec<&str> = held.map(|(namespace, _)| namespace.as_str()).collect();
                let held = held.join(", ");
                self.well(
                    name,
                    format!("{fingerprint} of {principal}, {kind}, listed for {held}"),
                );
            }
            Err(_) if signers.takes_certificates(Namespace::Approval) => self.well(
                name,
                format!("{fingerprint}, {kind}; its certificate decides"),
            ),
            Err(why) => self.hint(name, why.to_string(), mend),
        }
    }
}
