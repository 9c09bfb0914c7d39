//! How a missing approval reads.

use super::RULE;
use crate::change::{
    ApprovalState, ApprovedStep, Approver, Landing, OpenStep, SetAside, SignersState, Voucher,
    WhyNot, Witness,
};
use crate::finding::Finding;
use crate::id::CommitId;

/// The step that nobody, or too few, approved.
pub(super) fn open(branch: &str, signers: &SignersState, open: &OpenStep) -> Finding {
    let what = match open.to.as_ref().or(open.head.as_ref()) {
        Some(tip) => tip.short().to_owned(),
        None => "this commit".to_owned(),
    };
    // Whoever approves of what a merge takes in approves of the merge, also of one that has to be made anew.
    let merges = match (&open.to, &open.head) {
        (Some(to), Some(head)) if to != head => ", which it merges",
        _ => "",
    };
    let rev = match &open.head {
        Some(head) => head.short(),
        None => "<branch>",
    };
    match signers {
        SignersState::Missing => {
            return RULE
                .finding(format!(
                    "`{branch}` may not take {what}: nobody is listed who could approve it"
                ))
                .help(
                    "on a work branch: `pdd-hooks init --approver <public key>` or `--new-approver-key`; its landing is approved by that key",
                );
        }
        SignersState::Unreadable(why) => return unreadable(branch, why),
        SignersState::Beginning(_) | SignersState::Listed(_) => {}
    }
    let approve = format!("pdd-hooks approve {rev} --into {branch}");
    let who = match signers {
        SignersState::Listed(who) | SignersState::Beginning(who) => who.join(", "),
        _ => String::new(),
    };
    let message = match (open.by.as_slice(), open.set_aside.as_slice()) {
        ([], []) => format!("`{branch}` may not take {what}: nobody has approved it"),
        ([], [first, ..]) => format!("`{branch}` may not take {what}: {}", aside(first)),
        (by, rest) => {
            let aside = rest.first().map(|first| format!("; {}", aside(first)));
            format!(
                "`{branch}` may not take {what}: {} of {} approvals, by {}{}",
                by.len(),
                open.required,
                listed(by),
                aside.unwrap_or_default()
            )
        }
    };
    let help = match (who.as_str(), merges) {
        ("", "") => approve,
        ("", merges) => format!("`{approve}`{merges}"),
        (who, merges) => format!("`{approve}`{merges}, by {who}"),
    };
    RULE.finding(message).help(help)
}

/// The signers file cannot be read.
pub(super) fn unreadable(branch: &str, why: &str) -> Finding {
    RULE.finding(format!(
        "`{branch}` takes nothing: its signers file cannot be read: {why}"
    ))
    .help("mend it on a work branch: `approve` judges its landing by the file that it brings")
}

/// The first signers on a server are not those that it was told of.
pub(super) fn unknown_root(branch: &str, key: &str) -> Finding {
    RULE.finding(format!(
        "`{branch}` may not begin here with the approver's key {key}, which this server was not told of"
    ))
    .help(format!(
        "on the server, where the key is a person's that you know: `git config --add pdd.root {key}`"
    ))
}

/// Says by whose word a landing passes: `main: approved by ann@example.org (software key); validation by …`; none where
/// nobody's word was asked for.
pub fn landing_words(landing: &Landing) -> Option<String> {
    let branch = landing.reference.strip_prefix("refs/heads/")?;
    let mut parts: Vec<String> = match &landing.approval {
        ApprovalState::Known(approvals) => approvals.steps.iter().map(step).collect(),
        _ => Vec::new(),
    };
    let vouched: Vec<String> = landing.vouched.iter().map(voucher).collect();
    if !vouched.is_empty() {
        parts.push(format!("validation {}", vouched.join(", ")));
    }
    (!parts.is_empty()).then(|| format!("{branch}: {}", parts.join("; ")))
}

fn step(step: &ApprovedStep) -> String {
    let how = match (step.is_bootstrap, step.is_replayed) {
        (true, _) => " (bootstrap: the first signers)",
        (false, true) => " from an older tip, merged anew",
        (false, false) => "",
    };
    format!("approved by {}{how}", named(&step.by))
}

fn voucher(voucher: &Voucher) -> String {
    let who = &voucher.principal;
    match voucher.witness {
        Witness::SelfAttested => format!("self-attested by {who}"),
        Witness::Runner => format!("by the runner {who}"),
        Witness::Recomputed => "recomputed".to_owned(),
    }
}

/// Names the approvers of a landing, each with what their key is: `ann@example.org (software key)`.
fn named(by: &[Approver]) -> String {
    let one = |approver: &Approver| {
        let key = match approver.is_hardware {
            true => "hardware key",
            false => "software key",
        };
        let own = match approver.signed_evidence {
            true => ", which also signed evidence of it",
            false => "",
        };
        format!("{} ({key}{own})", approver.principal)
    };
    by.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn listed(by: &[Approver]) -> String {
    let names = by.iter().map(|one| one.principal.as_str());
    names.collect::<Vec<_>>().join(", ")
}

fn aside(one: &SetAside) -> String {
    let record = one.record.get(..12).unwrap_or(&one.record);
    if let WhyNot::IsRejection(reason) = &one.why {
        let who = one.principal.as_deref().unwrap_or("somebody");
        let why = reason.as_ref().map(|why| format!(": {why}"));
        return format!("{who} rejected it ({record}){}", why.unwrap_or_default());
    }
    let whose = match &one.principal {
        Some(who) => format!("the approval {record} of {who}"),
        None => format!("the approval {record}"),
    };
    format!("{whose} does not count: {}", why_not(&one.why))
}

/// Says why an approval does not count: `it was made from another tip, 5f1e0d2c3b4a`.
pub fn why_not(why: &WhyNot) -> String {
    let short = |id: &CommitId| id.short().to_owned();
    match why {
        WhyNot::Signature(why) => why.clone(),
        WhyNot::Unsigned => "nobody signed it".into(),
        WhyNot::OtherRepository => "it is for another repository".into(),
        WhyNot::OtherReference(name) => format!("it is for `{name}`"),
        WhyNot::OtherBase(from, None) => format!("it was made from another tip, {}", short(from)),
        WhyNot::OtherBase(from, Some(why)) => {
            format!("it was made from another tip, {}, and {why}", short(from))
        }
        WhyNot::OtherResult => "it is for another outcome".into(),
        WhyNot::OtherHistory => "its tree is right, but other commits come along".into(),
        WhyNot::OtherPolicy => "it was made under another policy".into(),
        WhyNot::Expired(why) => why.clone(),
        WhyNot::Withdrawn(by) => format!("it was withdrawn ({})", by.get(..12).unwrap_or(by)),
        WhyNot::Rejected(by) => format!(
            "it does not name the rejection {}, which wins",
            by.get(..12).unwrap_or(by)
        ),
        WhyNot::IsRejection(_) => "it is a rejection".into(),
        WhyNot::Author => "authors may not approve here, and it is an author's".into(),
        WhyNot::Software => "its key stands on no device, and only such count here".into(),
        WhyNot::NotPinned(key) => format!(
            "it begins here, and this server was not told of its key {key} (`git config --add pdd.root`)"
        ),
    }
}
