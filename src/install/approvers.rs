//! Who may approve, whether the key here is listed and for what, and whether records will be signed.

use jiff::Timestamp;

use super::doctor::Report;
use super::target::Target;
use crate::evidence::signers::{Namespace, Signers};
use crate::git::{InForce, Repository};
use crate::policy::Witness;
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
        let signers = self.signers(&repository, &force);
        if let Some(signers) = &signers {
            self.approval_key(&repository, signers);
        }
        self.records(&repository, &force, signers.as_ref());
    }

    /// Says whether the records that are made here will count at a landing; where nobody is listed, or a runner's alone
    /// count, they need not.
    fn records(&mut self, repository: &Repository, force: &InForce, signers: Option<&Signers>) {
        let name = "records";
        let (namespace, witness) = match repository.effective_config("pdd.signer") {
            Ok(Some(signer)) if signer == "runner" => (Namespace::Runner, Witness::Runner),
            _ => (Namespace::Evidence, Witness::SelfSigned),
        };
        let asked = signers.filter(|signers| {
            let accepted = force.policy.evidence.accepted(signers.lists_runner());
            accepted.contains(&witness)
        });
        if let Some(error) = signing::why_unsigned(repository) {
            let message = format!("stay unsigned, and count at no landing: {error}");
            let help = match asked.and_then(|signers| listed_file(repository, signers, namespace)) {
                Some(file) => sign_with(&file),
                None => error.help().unwrap_or_default(),
            };
            return match asked {
                Some(_) => self.problem(name, message, help),
                None => self.hint(name, message, &help),
            };
        }
        let key = Key::find(repository, namespace).ok().flatten();
        let (Some(signers), Some(key)) = (asked, key) else {
            return self.well(name, "are signed");
        };
        match signers.listed(&key.fingerprint(), namespace, Timestamp::now()) {
            Ok(_) => self.well(name, "are signed"),
            Err(_) if signers.takes_certificates(namespace) => self.well(name, "are signed"),
            Err(why) => {
                let help = match listed_file(repository, signers, namespace) {
                    Some(file) => sign_with(&file),
                    None => "`git config pdd.signingKey FILE` names a key that is listed; `pdd-hooks init --approver FILE` lists one".into(),
                };
                self.problem(
                    name,
                    format!("are signed, and count at no landing: {why}"),
                    help,
                );
            }
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

/// The file of the key that approves here, where the signers list it for records as well.
fn listed_file(repository: &Repository, signers: &Signers, namespace: Namespace) -> Option<String> {
    let file = repository.effective_config("pdd.approvalKey").ok()??;
    let key = Key::find(repository, Namespace::Approval).ok()??;
    let listed = signers.listed(&key.fingerprint(), namespace, Timestamp::now());
    listed.is_ok().then_some(file)
}

fn sign_with(file: &str) -> String {
    format!(
        "`git config pdd.signingKey {file}`; what was made before is signed by `pdd-hooks validate <range>`"
    )
}
