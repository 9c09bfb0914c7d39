//! pre-receive: every new commit of every pushed branch and tag is judged from quarantine, by the policy at the old tip.

use super::push::{report_commits, report_landing};
use super::session::State;
use super::{guard, print, store};
use crate::audit::arrival::Seat;
use crate::audit::basis::Basis;
use crate::audit::judge::Era;
use crate::audit::landing::Move;
use crate::change::{Moment, Role};
use crate::error::Error;
use crate::evidence::ledger;
use crate::exit::Exit;
use crate::finding::{Level, printable};
use crate::git::{InForce, Oid, RECORDS, Repository};

/// One line of the hook's input, tags peeled (githooks(5)).
struct Update {
    name: String,
    from: Option<Oid>,
    to: Option<Oid>,
}

/// A push, as the server sees it.
struct Receipt<'a> {
    seat: Seat<'a>,
    force: InForce,
    /// Whether a policy was in force before this push.
    was_in_force: bool,
    updates: &'a [Update],
    /// What branches hold: another namespace is no way in.
    known: Vec<Oid>,
}

/// pre-receive; `<old> <new> <ref>` a line (githooks(5)).
pub(super) fn run(state: &State, input: &[u8]) -> Result<Exit, Error> {
    let repository = &state.repository;
    if store::refuses(repository, input)? {
        return Ok(Exit::Findings);
    }
    let updates = updates(repository, input)?;
    if !stand(repository, input, &updates)? {
        return Ok(Exit::Findings);
    }
    let in_force = repository.policy_in_force()?;
    let was_in_force = in_force.is_some();
    let force = match in_force {
        Some(force) => Some(force),
        // Nothing is in force yet: what this push brings will be.
        None => first_policy(repository, &updates)?,
    };
    let Some(mut force) = force else {
        return Ok(Exit::Passed);
    };
    force.policy = repository.guarding(&force)?;
    let ledger = ledger::read(&state.pdd)?;
    let mut seat = Seat::new(repository, &ledger, Moment::Receive);
    // Records may come in one push with what they prove.
    let evidence = updates.iter().find(|update| update.name == RECORDS);
    seat.evidence = evidence.and_then(|update| update.to);
    seat.was_in_force = was_in_force;
    if !was_in_force && is_unasked(repository, &force)? {
        return Ok(Exit::Findings);
    }
    seat.pins = Some(repository.pinned_roots()?);
    let known = repository.commits_below("refs/heads/")?;
    let receipt = Receipt {
        seat,
        force,
        was_in_force,
        updates: &updates,
        known: known.into_iter().map(|(_, tip)| tip).collect(),
    };
    receipt.judge(&ledger)
}

impl Receipt<'_> {
    fn judge(&self, ledger: &ledger::Ledger) -> Result<Exit, Error> {
        let evidence = self.seat.evidence;
        let basis = Basis::in_force(self.seat.repository, &self.force, ledger, evidence)?;
        let mut refused = false;
        for update in self.updates {
            refused |= self.judge_one(&basis, update)?;
        }
        let policy = &self.force.policy;
        if refused && basis.records.is_empty() && policy.level("validation").is_some() {
            print(&format!(
                "  = what a clone has recorded comes with `git push <remote> {RECORDS}`\n"
            ));
        }
        Ok(if refused {
            Exit::Findings
        } else {
            Exit::Passed
        })
    }

    fn judge_one(&self, basis: &Basis<'_>, update: &Update) -> Result<bool, Error> {
        let name = &update.name;
        let branch = name.strip_prefix("refs/heads/");
        let tag = name.strip_prefix("refs/tags/");
        if branch.is_none() && tag.is_none() {
            return Ok(false);
        }
        let policy = &self.force.policy;
        let role = branch.map(|branch| policy.role(branch, &[]));
        let is_guarded = matches!(role, Some(Role::Protected | Role::Integration))
            || tag.is_some_and(|tag| policy.is_release_tag(tag));
        let tips = self.landing_tips();
        let arrival = match is_guarded {
            true => {
                let movement = Move {
                    reference: name,
                    from: update.from,
                    to: update.to,
                    // A release may come in one push with the landing that it names.
                    also_known: if tag.is_some() { &tips } else { &[] },
                    replaced_by: None,
                };
                Some(self.seat.arrival(&self.force, &movement)?)
            }
            false => None,
        };
        let mut refused = false;
        if let Some(to) = update.to {
            let basis = arrival.as_ref().map_or(basis, |arrival| &arrival.basis);
            // A landing is judged whole, whatever other branch holds its commits already.
            let without: Vec<Oid> = match role {
                Some(Role::Protected) => update.from.into_iter().collect(),
                _ => self.known.clone(),
            };
            let commits = self.seat.repository.commits_between(&[to], &without)?;
            let mut judged = basis.commits(name, to, &commits)?;
            if !self.was_in_force {
                // What comes with the first policy was made before this server could ask for anything.
                judged.retain(|one| one.era == Era::Adoption);
            }
            refused |= report_commits(&judged);
        }
        if let Some(arrival) = arrival {
            refused |= report_landing(&arrival);
        }
        Ok(refused)
    }

    /// Where this push would put the protected branches.
    fn landing_tips(&self) -> Vec<Oid> {
        let policy = &self.force.policy;
        let is_protected = |update: &&Update| {
            let branch = update.name.strip_prefix("refs/heads/");
            branch.is_some_and(|branch| policy.role(branch, &[]) == Role::Protected)
        };
        let landing = self.updates.iter().filter(is_protected);
        landing.filter_map(|update| update.to).collect()
    }
}

/// Whether a first policy would have nobody asked for approval on a server that was told who may begin: the roots that it
/// pins would mean nothing.
fn is_unasked(repository: &Repository, force: &InForce) -> Result<bool, Error> {
    let is_asked = force.policy.level("approval") == Some(Level::Error);
    if is_asked || repository.pinned_roots()?.is_empty() {
        return Ok(false);
    }
    let branch = printable(&force.branch);
    print(&format!(
        "error: `{branch}` would begin with `rules.approval` switched off, and this server was told who may begin\n  \
         = help: begin with `approval = \"error\"`; a landing that these approve may switch it off\n"
    ));
    Ok(true)
}

/// Whether each reference stands where the push says that it does, under its own name: git asks only afterwards, for each by
/// itself, and would let through what another, which fails, has vouched for.
fn stand(repository: &Repository, input: &[u8], updates: &[Update]) -> Result<bool, Error> {
    let mut all = true;
    for (line, update) in guard::updates(input).iter().zip(updates) {
        let name = &update.name;
        let old = String::from_utf8_lossy(line.old);
        let old = (!guard::is_zero(line.old))
            .then(|| repository.oid(&old))
            .transpose()?;
        if let Some(target) = repository.symbolic_target(name)? {
            let (name, target) = (printable(name), printable(&target));
            print(&format!(
                "error: `{name}` is another name of `{target}` here\n  = help: push to `{target}`\n"
            ));
            all = false;
        } else if repository.object_at(name)? != old {
            let name = printable(name);
            print(&format!(
                "error: `{name}` does not stand where this push says\n  = help: it moved meanwhile: fetch and push again\n"
            ));
            all = false;
        } else if name.starts_with(&format!("{RECORDS}/")) {
            let name = printable(name);
            print(&format!(
                "error: `{name}` would take the place of `{RECORDS}`\n  = help: give it another name\n"
            ));
            all = false;
        }
    }
    Ok(all)
}

/// The policy that a push brings to a branch where one is looked for.
fn first_policy(repository: &Repository, updates: &[Update]) -> Result<Option<InForce>, Error> {
    for name in repository.protected_candidates()? {
        let reference = format!("refs/heads/{name}");
        let mut brought = updates.iter().filter(|update| update.name == reference);
        if let Some(to) = brought.find_map(|update| update.to)
            && let Some(force) = repository.policy_at(to, &name)?
        {
            return Ok(Some(force));
        }
    }
    Ok(None)
}

fn updates(repository: &Repository, input: &[u8]) -> Result<Vec<Update>, Error> {
    guard::updates(input)
        .into_iter()
        .map(|update| {
            Ok(Update {
                name: String::from_utf8_lossy(update.name).into_owned(),
                from: commit(repository, update.old)?,
                to: commit(repository, update.new)?,
            })
        })
        .collect()
}

fn commit(repository: &Repository, id: &[u8]) -> Result<Option<Oid>, Error> {
    let text = String::from_utf8_lossy(id);
    if text.bytes().all(|b| b == b'0') {
        return Ok(None);
    }
    // A tag may name what is no commit: that is no deletion.
    let oid = repository.oid(&text)?;
    Ok(Some(repository.peel(oid)?.unwrap_or(oid)))
}
