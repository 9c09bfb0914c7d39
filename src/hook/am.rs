//! `git am`: applypatch-msg sees the tree before the patch and judges the message alone; pre-applypatch has the patched
//! tree and `rebase-apply/final-commit`, and judges everything (git-am(1); DESIGN.md, section 5).

use std::ffi::OsString;

use super::judge_staged::Validate;
use super::session::Session;
use super::{Hook, close, judge_staged, print, report};
use crate::change::{Change, Documents, Kind, Place, RedFirst, Validation};
use crate::error::Error;
use crate::evidence::attempt::{Attempt, Judged, Receipt};
use crate::evidence::ledger;
use crate::exit::Exit;
use crate::id::TreeId;
use crate::message::Message;
use crate::rules;

/// The rules that need nothing but the message.
const MESSAGE_ALONE: [&str; 2] = ["PDD001", "PDD002"];

/// applypatch-msg.
pub(super) fn check_message(session: &Session, args: &[OsString]) -> Result<Exit, Error> {
    let Some(file) = args.first() else {
        return Ok(Exit::Passed);
    };
    // `rebase --apply` runs this hook on commits that exist: they are replayed, not judged anew.
    if session.repository.is_rebasing()? {
        return Ok(Exit::Passed);
    }
    let text = std::fs::read(file).map_err(|source| Error::ReadMessage {
        path: file.into(),
        source,
    })?;
    let message = Message::parse(&text);
    let place = Place::Staged(None);
    let tree = session.repository.empty_tree()?;
    let change = Change {
        place: place.clone(),
        kind: Kind::Ordinary,
        branch: judge_staged::branch(session)?,
        tree: TreeId::new(tree.to_string()),
        parents: Vec::new(),
        paths: Vec::new(),
        logs: Vec::new(),
        documents: Documents::default(),
        chains: Vec::new(),
        validation: Validation::Undecided,
        red: RedFirst::Undecided,
        policy: None,
    };
    let mut findings = rules::run(&change, Some(&message), &session.force.policy);
    findings.retain(|finding| MESSAGE_ALONE.contains(&finding.code));
    if report(&findings, &place) {
        return Ok(refuse(
            "then `git am --show-current-patch=diff | git apply --index && git am --continue`",
        ));
    }
    Ok(Exit::Passed)
}

/// pre-applypatch.
pub(super) fn check(session: &Session) -> Result<Exit, Error> {
    if session.repository.is_rebasing()? {
        return Ok(Exit::Passed);
    }
    close::finish_earlier(session)?;
    let tree = session.repository.index_tree()?;
    let text = session.repository.am_message()?.unwrap_or_default();
    let message = Message::parse(&text);
    let verdict = judge_staged::judge(session, tree, Some(&message), Validate::Here)?;
    if verdict.passed.is_empty() {
        return Ok(refuse("or stage what is lacking, then `git am --continue`"));
    }
    let tree = TreeId::new(tree.to_string());
    let attempt = Attempt {
        caller: session.caller.process,
        hooks: vec![Hook::PreApplypatch.name().into()],
        receipt: Some(Receipt {
            tree: tree.clone(),
            index: None,
            parents: verdict.passed.clone(),
        }),
        opened: None,
        judged: Some(Judged {
            message: ledger::digest(&text),
            trees: vec![tree],
            parents: verdict.passed,
            task: verdict.task,
            personas: verdict.personas,
            is_automatic_merge: false,
        }),
    };
    attempt.keep(&session.attempt_path())?;
    Ok(Exit::Passed)
}

/// Says how to go on once the message is mended: git has applied the patch only where pre-applypatch refuses it.
fn refuse(then: &str) -> Exit {
    print(&format!(
        "  = the patch is kept: mend its message in \"$(git rev-parse --git-path rebase-apply/final-commit)\", {then}; \
         `git am --abort` leaves\n"
    ));
    Exit::Findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_need_the_message_alone_exist() {
        for code in MESSAGE_ALONE {
            assert!(rules::RULES.iter().any(|rule| rule.code == code), "{code}");
        }
    }
}
