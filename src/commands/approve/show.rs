//! A landing as a person reads it before the word is given: what lands, what is proven of it, what rules it changes, what
//! was said before, and with which key the word is signed.

use std::fmt::Write as _;

use super::facts::Facts;
use super::proofs::{CheckLine, Reds, Witness};
use super::said::{Said, Waived, short};
use super::voice::Refusal;
use crate::audit::class::Class as Came;
use crate::audit::report::Row;
use crate::evidence::statement::Decision;
use crate::finding::printable;
use crate::id::CommitId;
use crate::policy::Class;

/// Writes what is known of a landing.
pub(super) fn text(facts: &Facts) -> String {
    let mut text = String::new();
    place(&mut text, facts);
    commits(&mut text, &facts.commits);
    files(&mut text, facts);
    findings(&mut text, facts);
    line(
        &mut text,
        "validation",
        &validation(facts.validation.as_deref()),
    );
    red(&mut text, facts.red.as_ref());
    waivers(&mut text, &facts.waivers);
    rules(&mut text, facts);
    said(&mut text, &facts.said);
    line(&mut text, "signer", &signer(facts));
    text
}

/// Writes why nothing is signed, as errors are written.
pub(in crate::commands) fn refusals(refused: &[Refusal]) -> String {
    let mut text = String::new();
    for refusal in refused {
        let message = printable(&refusal.message);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "error: {message}\n  = help: {}",
            printable(&refusal.help)
        );
    }
    text
}

/// Writes a label and what stands beside it.
fn line(text: &mut String, label: &str, value: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{label:<11} {}", printable(value));
}

/// Writes what belongs to the label above.
fn more(text: &mut String, value: &str) {
    let _ = writeln!(text, "  {}", printable(value));
}

fn place(text: &mut String, facts: &Facts) {
    let repository = match facts.repository.as_str() {
        "" => "without a name: what is signed fits every repository that has none",
        name => name,
    };
    line(text, "repository", repository);
    line(text, "branch", &facts.branch);
    line(text, "from", facts.from.as_str());
    line(text, "head", facts.head.as_str());
    let how = match facts.fast_forward {
        true => "fast-forward",
        false => "merge",
    };
    line(text, "lands as", &format!("{how}, tree {}", facts.to));
    if facts.required > 1 {
        line(text, "needs", &format!("{} people", facts.required));
    }
}

fn commits(text: &mut String, rows: &[Row]) {
    line(text, "commits", &rows.len().to_string());
    for row in rows {
        let id = row.commit.as_ref().map_or("", CommitId::short);
        let author = row
            .author
            .as_ref()
            .map_or("", |author| author.name.as_str());
        let subject = row.subject.as_deref().unwrap_or_default();
        let mut words = format!("{id}  {author}  {subject}");
        if row.class == Some(Came::Bypassed) {
            let how = row.how.as_deref().unwrap_or("how is not known");
            words.push_str(&format!("  (WENT ROUND THE HOOKS: {how})"));
        }
        more(text, &words);
    }
}

fn files(text: &mut String, facts: &Facts) {
    let count: usize = facts.files.iter().map(|line| line.files).sum();
    line(text, "files", &count.to_string());
    for one in &facts.files {
        let class = class(one.class);
        let (files, added, removed) = (one.files, one.added, one.removed);
        more(text, &format!("{class:<9} {files} (+{added} -{removed})"));
    }
    let (from, to) = (facts.from.short(), &facts.to.as_str()[..12]);
    more(text, &format!("see them: git diff {from} {to}"));
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Policy => "policy",
        Class::Harness => "harness",
        Class::Record => "record",
        Class::Test => "test",
        Class::Support => "support",
        Class::Manifest => "manifest",
        Class::Docs => "docs",
        Class::Source => "source",
    }
}

fn findings(text: &mut String, facts: &Facts) {
    let all: usize = facts.commits.iter().map(|row| row.findings.len()).sum();
    let all = all + facts.findings.len();
    if all == 0 {
        return line(text, "findings", "none");
    }
    let stop = match facts.errors() {
        0 => "none stops the landing",
        _ => {
            "WHILE THEY STAND PUSH, SERVER AND `check` REFUSE THE LANDING; a fast-forward here asks for the approval alone"
        }
    };
    line(text, "findings", &format!("{all}: {stop}"));
    for row in &facts.commits {
        for finding in &row.findings {
            text.push_str(&finding.render(&row.place));
        }
    }
    let place = format!("refs/heads/{}", facts.branch);
    for finding in &facts.findings {
        text.push_str(&finding.render(&place));
    }
}

fn validation(checks: Option<&[CheckLine]>) -> String {
    let Some(checks) = checks else {
        return "not asked for".into();
    };
    if checks.is_empty() {
        return "no check is in scope".into();
    }
    let all: Vec<String> = checks.iter().map(check).collect();
    all.join("; ")
}

fn check(one: &CheckLine) -> String {
    let state = format!("{} {}", one.check, one.state);
    let signed: Vec<String> = one.by.iter().filter_map(witness).collect();
    match (one.state, signed.is_empty()) {
        ("passed", true) => format!("{state}, by a record that nobody signed"),
        ("passed", false) => format!("{state}, says {}", signed.join(" and ")),
        _ => state,
    }
}

fn witness(one: &Witness) -> Option<String> {
    let principal = one.principal.as_deref()?;
    let role = if one.runner { "runner" } else { "self" };
    Some(format!("{principal} ({role})"))
}

fn red(text: &mut String, reds: Option<&Reds>) {
    let Some(reds) = reds else {
        return line(text, "red", "not asked for");
    };
    let mut words = match reds.functions {
        0 => "no changed function".to_owned(),
        1 => format!("proven {} of 1 changed function", reds.proven),
        all => format!("proven {} of {all} changed functions", reds.proven),
    };
    match reds.weak {
        0 => {}
        1 => words.push_str("; 1 weak proof"),
        weak => words.push_str(&format!("; {weak} weak proofs")),
    }
    line(text, "red", &words);
    for one in &reds.unproven {
        let id = one.commit.short();
        let why = match &one.free {
            Some(kind) => format!("`{kind}` asks for none"),
            None => "none was found".into(),
        };
        more(text, &format!("no proof ({why}): {id}  {}", one.subject));
    }
}

fn waivers(text: &mut String, waivers: &[Waived]) {
    if waivers.is_empty() {
        return line(text, "waivers", "none");
    }
    line(text, "waivers", &waivers.len().to_string());
    for one in waivers {
        let rules = one.rules.join(", ");
        let by = one.by.as_deref().unwrap_or("nobody");
        let record = short(&one.record);
        let mut words = format!("{record}  {rules}, by {by}: {}", one.reason);
        if let Some(expires) = &one.expires {
            words.push_str(&format!(", until {expires}"));
        }
        match (&one.void, one.listed) {
            (Some(why), _) => words.push_str(&format!("; DOES NOT COUNT: {why}")),
            (None, true) => words.push_str("; listed by this approval"),
            (None, false) => words.push_str(&format!("; LEFT OUT: `--waiver {record}` lists it")),
        }
        more(text, &words);
    }
}

fn rules(text: &mut String, facts: &Facts) {
    if facts.ruling.is_empty() {
        line(text, "policy", "unchanged, and so is the harness");
    } else {
        line(
            text,
            "policy",
            "CHANGED: what decides over later changes changes with this one",
        );
    }
    for file in &facts.ruling {
        let gone = match file.blob {
            Some(_) => "",
            None => ", deleted",
        };
        let class = class(file.class);
        more(text, &format!("{class:<9} {}{gone}", file.path));
    }
    if facts.bootstrap {
        line(
            text,
            "bootstrap",
            "THE SIGNERS ARE THOSE THAT THIS LANDING BRINGS: nobody was listed before",
        );
    }
}

fn said(text: &mut String, said: &[Said]) {
    for one in said {
        let verb = match one.decision {
            Decision::Reject => "REJECTED",
            _ => "approved",
        };
        let by = one.by.as_deref().unwrap_or("nobody");
        let mut words = format!("{verb} by {by}, record {}", short(&one.record));
        if let Some(reason) = &one.reason {
            words.push_str(&format!(": {reason}"));
        }
        if let Some(why) = &one.void {
            words.push_str(&format!("; does not count: {why}"));
        }
        line(text, "said before", &words);
    }
}

fn signer(facts: &Facts) -> String {
    let Some(signer) = &facts.signer else {
        return "no key".into();
    };
    let who = signer
        .principal
        .as_deref()
        .unwrap_or("nobody who is listed");
    let kind = match signer.hardware {
        true => "a hardware key",
        false => "a software key: any program that runs as you can sign with it",
    };
    format!("{who}, {}, {kind}", signer.key)
}

#[cfg(test)]
mod tests {
    use super::super::proofs::Unproven;
    use super::*;

    #[test]
    fn what_is_proven_is_counted_and_what_is_not_is_named() {
        let mut text = String::new();
        let unproven = |subject: &str, free: Option<&str>| Unproven {
            commit: CommitId::new("0123456789abcdef"),
            subject: subject.into(),
            free: free.map(str::to_owned),
        };
        let reds = Reds {
            proven: 1,
            functions: 37,
            weak: 1,
            unproven: vec![
                unproven("refactor: move it", Some("refactor")),
                unproven("fix: mend it", None),
            ],
        };
        red(&mut text, Some(&reds));
        assert_eq!(
            text,
            "red         proven 1 of 37 changed functions; 1 weak proof
  no proof (`refactor` asks for none): 0123456789ab  refactor: move it
  no proof (none was found): 0123456789ab  fix: mend it
"
        );
    }

    #[test]
    fn a_waiver_is_shown_with_what_becomes_of_it() {
        let waived = |void: Option<&str>, listed| Waived {
            record: "0123456789abcdef".into(),
            rules: vec!["task-id".into()],
            reason: "an old \u{1b}[2Jcommit".into(),
            expires: None,
            by: Some("ann@example.org".into()),
            void: void.map(str::to_owned),
            listed,
        };
        let mut text = String::new();
        let all = [
            waived(None, false),
            waived(None, true),
            waived(Some("it is for another repository"), true),
        ];
        waivers(&mut text, &all);
        assert_eq!(
            text,
            "waivers     3
  0123456789ab  task-id, by ann@example.org: an old \u{fffd}[2Jcommit; LEFT OUT: `--waiver 0123456789ab` lists it
  0123456789ab  task-id, by ann@example.org: an old \u{fffd}[2Jcommit; listed by this approval
  0123456789ab  task-id, by ann@example.org: an old \u{fffd}[2Jcommit; DOES NOT COUNT: it is for another repository
"
        );
    }
}
