//! Who may speak of a landing, the key with which it is done here, and the word itself: signed, tried against the signers,
//! and only then kept.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;

use super::step::Step;
use crate::error::{Error, NO_KEY};
use crate::evidence::Statement;
use crate::evidence::signers::{Namespace, Signed, Signers, Unverified};
use crate::evidence::statement::{Approval, Predicate};
use crate::git::{Oid, Repository};
use crate::id::CommitId;
use crate::policy::Policy;
use crate::signing::{Asks, Key};

/// Why nothing is signed, and what mends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Refusal {
    /// What is in the way.
    pub(in crate::commands) message: String,
    /// The next step.
    pub(in crate::commands) help: String,
}

/// The key that would sign, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Signer {
    /// `SHA256:…`.
    pub(in crate::commands) key: String,
    /// Who, as the signers file names them; none where it lists the key for no approval.
    pub(in crate::commands) principal: Option<String>,
    /// Whether the key stands on a device that wants to be touched.
    pub(in crate::commands) hardware: bool,
}

/// Who may speak, and who does.
#[derive(Debug)]
pub(in crate::commands) struct Voice {
    /// The signers that count; empty where there are none.
    pub(in crate::commands) signers: Signers,
    /// Whether `from` has no signers, so that those of `to` count.
    pub(in crate::commands) is_bootstrap: bool,
    /// The key that was found.
    pub(in crate::commands) signer: Option<Signer>,
    /// Why nothing can be signed.
    pub(in crate::commands) refused: Vec<Refusal>,
    key: Option<Key>,
}

/// The signers file of a tree.
enum File {
    Absent,
    Unreadable(String),
    Read(Signers),
}

impl Voice {
    /// Looks for the signers of a step and for the key: the one in `key`, else the one that git is configured with.
    ///
    /// # Errors
    /// An object is missing, or the configured key cannot be used.
    pub(in crate::commands) fn find(
        repository: &Repository,
        step: &Step,
        key: Option<&Path>,
    ) -> Result<Self, Error> {
        let policy = &step.force.policy;
        let old = repository.tree_of(step.from)?;
        let mut found = file(repository, old, &policy.approval.signers)?;
        let mut is_bootstrap = false;
        if !matches!(found, File::Read(_)) {
            let brought = file(repository, step.to, &signers_path(repository, step)?)?;
            is_bootstrap = !matches!(brought, File::Absent);
            if is_bootstrap {
                found = brought;
            }
        }
        let mut refused = Vec::new();
        let signers = match found {
            File::Read(signers) => signers,
            File::Absent => {
                refused.push(nobody(policy, &step.branch));
                Signers::default()
            }
            File::Unreadable(why) => {
                refused.push(unreadable(policy, is_bootstrap, &why));
                Signers::default()
            }
        };
        let mut voice = Self {
            signers,
            is_bootstrap,
            signer: None,
            refused,
            key: match key {
                Some(path) => Some(Key::at(path)?),
                None => Key::find(repository, Namespace::Approval)?,
            },
        };
        voice.introduce();
        Ok(voice)
    }

    /// Says whose the key is, and refuses one that nobody listed.
    fn introduce(&mut self) {
        let Some(key) = &self.key else {
            self.refused.push(Refusal {
                message: "there is no key to sign with".into(),
                help: NO_KEY.into(),
            });
            return;
        };
        let fingerprint = key.fingerprint();
        let approval = Namespace::Approval;
        let listed = self
            .signers
            .listed(&fingerprint, approval, Timestamp::now());
        let principal = match listed {
            Ok(principal) => Some(principal),
            // Its certificate may speak for it, which only the signature tells.
            Err(_) if self.signers.takes_certificates(approval) => None,
            Err(why) if self.refused.is_empty() => {
                self.refused.push(unlisted(&self.signers, &why));
                None
            }
            Err(_) => None,
        };
        self.signer = Some(Signer {
            principal,
            hardware: key.is_hardware(),
            key: fingerprint,
        });
    }

    /// Signs a word and keeps it; returns the record's name and who signed. A signature that the signers file does not
    /// bear out is not kept.
    ///
    /// # Errors
    /// The key does not sign, or the store cannot be written.
    pub(in crate::commands) fn say(
        &self,
        repository: &Repository,
        said: Approval,
        commit: Option<&CommitId>,
    ) -> Result<Result<(String, Signed), Refusal>, Error> {
        let Some(key) = &self.key else {
            return Err(crate::error::LandingError::FindKey.into());
        };
        let to = said.to.clone();
        let statement = Statement::about(&to, commit, Predicate::Approval(Box::new(said)));
        let envelopes = key.sign(&[statement], Namespace::Approval, Asks::May)?;
        let mut lines = Vec::new();
        let mut signed = None;
        for envelope in &envelopes {
            lines.push(envelope.to_line()?);
            let found = self
                .signers
                .verify(envelope, Namespace::Approval, Timestamp::now());
            signed = found.into_iter().next();
        }
        let help = || "`ssh-add -l` lists the agent's keys; `--key <file>` names another".into();
        let signed = match signed {
            Some(Ok(signed)) => signed,
            Some(Err(why)) => {
                return Ok(Err(Refusal {
                    message: format!("what was signed counts for nothing: {why}"),
                    help: help(),
                }));
            }
            None => {
                return Ok(Err(Refusal {
                    message: "nothing was signed".into(),
                    help: help(),
                }));
            }
        };
        let names = repository.add_records(&lines)?;
        let name = names.into_iter().next().unwrap_or_default();
        Ok(Ok((name, signed)))
    }
}

/// Where the tree that lands keeps its signers: its own policy says so, where it can be read.
fn signers_path(repository: &Repository, step: &Step) -> Result<String, Error> {
    let text = repository.text_at(step.to, crate::git::POLICY_FILE)?;
    let policy = text.and_then(|text| Policy::parse(&text, crate::git::POLICY_FILE).ok());
    Ok(policy.map_or_else(
        || step.force.policy.approval.signers.clone(),
        |policy| policy.approval.signers,
    ))
}

fn file(repository: &Repository, tree: Oid, path: &str) -> Result<File, Error> {
    let Some(text) = repository.text_at(tree, path)? else {
        return Ok(File::Absent);
    };
    Ok(match Signers::parse(&text) {
        Ok(signers) => File::Read(signers),
        Err(fault) => File::Unreadable(fault.to_string()),
    })
}

fn nobody(policy: &Policy, branch: &str) -> Refusal {
    let path = &policy.approval.signers;
    Refusal {
        message: format!(
            "nobody may approve yet: neither `{branch}` nor what lands holds `{path}`"
        ),
        help: "on the work branch: `pdd-hooks init --approver FILE` with a public key, or `pdd-hooks init --new-approver-key`; commit that, and approve it with this key".into(),
    }
}

fn unreadable(policy: &Policy, is_bootstrap: bool, why: &str) -> Refusal {
    let path = &policy.approval.signers;
    Refusal {
        message: format!("`{path}` cannot be read: {why}"),
        help: if is_bootstrap {
            "mend it on the work branch, and commit that".into()
        } else {
            "nobody can approve by it: mend it on the protected branch, past the hooks, which the audit shows".into()
        },
    }
}

fn unlisted(signers: &Signers, why: &Unverified) -> Refusal {
    let may = signers.principals(Namespace::Approval);
    let help = match may.is_empty() {
        true => "nobody may approve; whoever rules the repository has to list somebody".into(),
        false => format!(
            "approvals are signed by {}; `--key FILE` or `git config pdd.approvalKey FILE` names another key",
            may.join(", ")
        ),
    };
    Refusal {
        message: why.to_string(),
        help,
    }
}
