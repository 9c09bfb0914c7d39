//! Waivers: which rules signed records lift, for which tree or commit, by whose word and how long (EVIDENCE.md, section 8).
//! What does not count says why; it lifts nothing.

use std::collections::HashMap;

use jiff::Timestamp;

use super::approval::SignersAt;
use super::arrival::Seat;
use crate::change::{ApprovalState, Approvals, Landing, Role};
use crate::error::Error;
use crate::evidence::Envelope;
use crate::evidence::expiry::ended;
use crate::evidence::signers::{Namespace, Signed};
use crate::evidence::statement::{Predicate, Waiver};
use crate::finding::{Finding, Waived};
use crate::git::{InForce, Oid, Repository};
use crate::id::{CommitId, TreeId};
use crate::policy::Policy;
use crate::proof::known::{Word, words};

/// By what waivers are judged.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The policy: it says which rules may be lifted, and names the repository.
    pub policy: &'a Policy,
    /// Those who may sign.
    pub signers: &'a SignersAt,
    /// When it is asked: the time of receipt, never a commit's.
    pub at: Timestamp,
}

/// The waivers that are recorded, and which of them an approval has to list.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    said: Vec<Said>,
    listed: Option<Listed>,
}

/// What approvals of a landing list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The branch, for words.
    branch: String,
    /// The records, by the commit that lands; the key of one that is about to be made is none.
    by_commit: HashMap<Option<CommitId>, Vec<String>>,
}

/// One waiver, and whether it counts.
#[derive(Clone, Debug)]
struct Said {
    record: String,
    rules: Vec<String>,
    tree: TreeId,
    /// Where a commit is named it alone is meant, else whatever has the tree.
    commit: Option<CommitId>,
    /// Who waives; else why nobody does.
    worth: Result<Waived, String>,
}

impl Waivers {
    /// Reads what is recorded, where the policy lets anything be waived; `tip` asks the store at another commit: one that a
    /// push brings.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read(
        repository: &Repository,
        tip: Option<Oid>,
        ground: Ground<'_>,
    ) -> Result<Self, Error> {
        if ground.policy.waiver.rules.is_empty() {
            return Ok(Self::default());
        }
        let found = words(repository, tip, Word::Waiver)?;
        Ok(Self::weighed(&found, ground))
    }

    /// Asks what records, each by its name, are worth.
    pub fn weighed(records: &[(String, Envelope)], ground: Ground<'_>) -> Self {
        let said = records.iter();
        let said = said.filter_map(|(name, record)| Said::of(name.clone(), record, ground));
        Self {
            said: said.collect(),
            listed: None,
        }
    }

    /// Reads them by a policy in force and the signers beside it, now.
    ///
    /// # Errors
    /// An object is missing, or the store cannot be read.
    pub fn in_force(
        repository: &Repository,
        tip: Option<Oid>,
        force: &InForce,
    ) -> Result<Self, Error> {
        if force.policy.waiver.rules.is_empty() {
            return Ok(Self::default());
        }
        let ground = Ground {
            policy: &force.policy,
            signers: &SignersAt::commit(repository, &force.policy, force.tip)?,
            at: Timestamp::now(),
        };
        Self::read(repository, tip, ground)
    }

    /// Reads them for a landing that begins at `from`, where `force` is in force: signed by whom `from` lists, and listed by
    /// its approvals.
    ///
    /// # Errors
    /// An object is missing, or the store cannot be read.
    pub fn of_landing(
        seat: &Seat<'_>,
        force: &InForce,
        from: Oid,
        to: Oid,
        landing: &Landing,
    ) -> Result<Self, Error> {
        let (repository, policy) = (seat.repository, &force.policy);
        if policy.waiver.rules.is_empty() {
            return Ok(Self::default());
        }
        let branch = landing.reference.strip_prefix("refs/heads/");
        let branch = branch.unwrap_or(&landing.reference);
        let listed = Listed::of(repository, policy, branch, &landing.approval)?;
        let mut signers = SignersAt::commit(repository, policy, from)?;
        // Those that the landing itself brings are believed as far as somebody approves of it.
        if matches!(signers, SignersAt::Missing) && listed.is_some() {
            signers = SignersAt::commit(repository, policy, to)?;
        }
        let ground = Ground {
            policy,
            signers: &signers,
            at: seat.at,
        };
        Ok(Self::read(repository, seat.evidence, ground)?.listed(listed))
    }

    /// Lets those alone count, where the branch is protected, that its approvals list.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn on(
        self,
        repository: &Repository,
        force: &InForce,
        branch: &str,
        approval: &ApprovalState,
    ) -> Result<Self, Error> {
        let policy = &force.policy;
        if policy.role(branch, &[]) != Role::Protected {
            return Ok(self);
        }
        let listed = Listed::of(repository, policy, branch, approval)?;
        Ok(self.listed(listed))
    }

    /// Lets those alone count that approvals list.
    #[must_use]
    pub fn listed(mut self, listed: Option<Listed>) -> Self {
        self.listed = listed;
        self
    }

    /// Marks the findings against a tree, and its commit where it is made, whose rules are lifted; those that a waiver does
    /// not lift although it says so are told why.
    pub fn lift(&self, tree: &TreeId, commit: Option<&CommitId>, findings: &mut [Finding]) {
        for finding in findings {
            let about = self.said.iter().filter(|said| {
                said.is_about(tree, commit) && said.rules.iter().any(|rule| rule == finding.rule)
            });
            let mut void = None;
            for said in about {
                match self.worth(said, commit) {
                    Ok(waived) => {
                        finding.waive(waived);
                        void = None;
                        break;
                    }
                    Err(why) => {
                        void.get_or_insert(why);
                    }
                }
            }
            if let Some(why) = void {
                finding.help = Some(match finding.help.take() {
                    Some(help) => format!("{help}; {why}"),
                    None => why,
                });
            }
        }
    }

    /// Says whether a waiver of a rule is about a tree, whatever it is worth now: it may have counted when the commit was
    /// made.
    pub fn speak_of(&self, tree: &TreeId, commit: &CommitId, rule: &str) -> bool {
        let mut about = self.said.iter();
        about.any(|said| {
            said.is_about(tree, Some(commit)) && said.rules.iter().any(|named| named == rule)
        })
    }

    fn worth(&self, said: &Said, commit: Option<&CommitId>) -> Result<Waived, String> {
        let record = said.record.get(..12).unwrap_or(&said.record);
        let waived = said
            .worth
            .clone()
            .map_err(|why| format!("the waiver {record} lifts nothing: {why}"))?;
        match &self.listed {
            Some(listed) if !listed.holds(&said.record, commit) => Err(format!(
                "the approval does not list the waiver {record}: `pdd-hooks approve <commit> --into {} --waiver {record}`",
                listed.branch
            )),
            _ => Ok(waived),
        }
    }
}

impl Listed {
    /// Says what the approvals of a move of a protected branch list; none where the policy asks for no approval, so that
    /// the signature decides.
    ///
    /// # Errors
    /// History cannot be walked.
    pub fn of(
        repository: &Repository,
        policy: &Policy,
        branch: &str,
        approval: &ApprovalState,
    ) -> Result<Option<Self>, Error> {
        if policy.level("approval").is_none() {
            return Ok(None);
        }
        let by_commit = match approval {
            ApprovalState::Known(approvals) => by_commit(repository, approvals)?,
            // What is no landing that could be approved is not one that could list anything.
            _ => HashMap::new(),
        };
        Ok(Some(Self {
            branch: branch.into(),
            by_commit,
        }))
    }

    /// Lists the same for each of these commits.
    pub fn all(branch: &str, commits: &[Oid], records: &[String]) -> Self {
        let id = |oid: &Oid| Some(CommitId::new(oid.to_string()));
        let pairs = commits.iter().map(|oid| (id(oid), records.to_vec()));
        Self {
            branch: branch.into(),
            by_commit: pairs.collect(),
        }
    }

    fn holds(&self, record: &String, commit: Option<&CommitId>) -> bool {
        let listed = self.by_commit.get(&commit.cloned());
        listed.is_some_and(|records| records.contains(record))
    }
}

/// Each step's approvals speak for the commits that it brings, and for no others of the same tree.
fn by_commit(
    repository: &Repository,
    approvals: &Approvals,
) -> Result<HashMap<Option<CommitId>, Vec<String>>, Error> {
    let mut found = HashMap::new();
    for step in approvals.steps.iter().filter(|it| !it.waivers.is_empty()) {
        if step.to.as_str().is_empty() {
            found.insert(None, step.waivers.clone());
            continue;
        }
        let [from, to] = [&step.from, &step.to].map(|id| repository.oid(id.as_str()));
        for oid in repository.commits_between(&[to?], &[from?])? {
            let id = CommitId::new(oid.to_string());
            found.insert(Some(id), step.waivers.clone());
        }
    }
    Ok(found)
}

impl Said {
    fn of(record: String, envelope: &Envelope, ground: Ground<'_>) -> Option<Self> {
        let statement = envelope.statement().ok()?;
        let (tree, commit) = (statement.tree()?, statement.commit());
        let Predicate::Waiver(waiver) = statement.predicate else {
            return None;
        };
        let worth = worth(envelope, &waiver, ground).map(|by| Waived {
            record: record.clone(),
            by,
            reason: waiver.reason.clone(),
            expires: waiver.expires.clone(),
        });
        Some(Self {
            record,
            rules: waiver.rules,
            tree,
            commit,
            worth,
        })
    }

    fn is_about(&self, tree: &TreeId, commit: Option<&CommitId>) -> bool {
        let is_commit = match &self.commit {
            Some(own) => Some(own) == commit,
            None => true,
        };
        self.tree == *tree && is_commit
    }
}

/// Says who lifts rules by a waiver, as the signers file names them, or why it lifts nothing here and now.
///
/// # Errors
/// Why, as words that follow the name of the record.
pub fn worth(envelope: &Envelope, waiver: &Waiver, ground: Ground<'_>) -> Result<String, String> {
    let signed = signed(envelope, ground)?;
    fit(waiver, ground)?;
    Ok(signed.principal)
}

fn signed(envelope: &Envelope, ground: Ground<'_>) -> Result<Signed, String> {
    let signers = match ground.signers {
        SignersAt::Listed(signers) => signers,
        SignersAt::Missing => return Err("nobody is listed who could sign one".into()),
        SignersAt::Unreadable(why) => return Err(format!("nobody can sign one: {why}")),
    };
    match signers.signed(envelope, Namespace::Waiver, ground.at) {
        Some(signed) => signed.map_err(|why| why.to_string()),
        None => Err("nobody signed it".into()),
    }
}

/// Says why a waiver, whoever signed it, lifts nothing here and now.
fn fit(waiver: &Waiver, ground: Ground<'_>) -> Result<(), String> {
    let policy = ground.policy;
    if waiver.repository != policy.approval.repository {
        return Err("it is for another repository".into());
    }
    if let Some(why) = ended(waiver.expires.as_deref(), ground.at) {
        return Err(why);
    }
    let forbidden = |rule: &&String| !policy.waiver.rules.contains(rule);
    match waiver.rules.iter().find(forbidden) {
        Some(rule) => Err(format!("the policy lets nobody waive `{rule}`")),
        None => Ok(()),
    }
}
