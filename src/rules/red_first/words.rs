//! How the findings of PDD009 read: each test with its state on both sides.

use super::{RULE, counts};
use crate::change::{BrokenSeal, Fate, OldTest, RedProof, RedTest, Seen, TestVerdict};
use crate::finding::Finding;

/// How many names a finding lists.
const NAMED: usize = 3;

/// What to do about a test that asks for nothing.
const ASK: &str = "let it ask for what the change does, or commit it apart, as `test`";

pub(super) fn broken(seal: &BrokenSeal) -> Finding {
    let path = &seal.path;
    if let Some(test) = &seal.test {
        return RULE
            .finding(format!("the sealed test `{test}` does not say what it said"))
            .help("leave it as it was, or have QA seal it anew, by `pdd-hooks red` or a commit of tests alone")
            .at(path, None);
    }
    let message = match (&seal.sealed, &seal.found) {
        (Some(_), None) => format!("`{path}` is sealed, and is not in this change"),
        (None, Some(_)) => format!("`{path}` was taken away by QA, and is back"),
        _ => format!("`{path}` is not as QA sealed it"),
    };
    let help = match &seal.sealed {
        Some(blob) if seal.found.is_none() => format!(
            "leave it as it was: git cat-file blob {} > {path}; or have QA take it back: pdd-hooks red",
            blob.as_str()
        ),
        Some(blob) => format!(
            "leave it as it was: git cat-file blob {} > {path}; or have QA seal it anew, by `pdd-hooks red` or a commit of tests alone",
            blob.as_str()
        ),
        None => "take it away, or have QA seal it anew".to_owned(),
    };
    RULE.finding(message).help(help).at(path, None)
}

pub(super) fn not_green(test: &RedTest) -> Finding {
    let id = &test.id;
    let state = state(&test.with);
    on(
        test,
        RULE.finding(format!("the sealed test `{id}` must pass, and {state}")),
    )
    .help("commit the source that turns it green; a sealed test that is wrong, QA seals anew")
}

/// Says what a new, changed or sealed test does that refuses, if anything.
pub(super) fn refused(test: &RedTest) -> Option<Finding> {
    let id = &test.id;
    let show = show(id);
    let (message, help) = match test.verdict {
        TestVerdict::Unproven if test.without == Seen::Passed => (
            format!("`{id}` passes without this change as well as with it"),
            format!("{ASK}; its output: {show}"),
        ),
        TestVerdict::Unproven => (
            format!(
                "`{id}` passes although every changed function throws: {} before, passes after",
                state(&test.without)
            ),
            format!(
                "have it call what the change adds, and look at what comes of it; its output: {show}"
            ),
        ),
        TestVerdict::Unstable => {
            let side = match test.with {
                Seen::Unstable => "on this very tree",
                _ => "without the change",
            };
            (
                format!("`{id}` is unstable: it passed and failed {side}"),
                format!(
                    "take out what differs from run to run: time, order, network, what another run left; its output: {show}"
                ),
            )
        }
        _ => return None,
    };
    Some(on(test, RULE.finding(message)).help(help))
}

/// The command that shows what a test said on each side.
fn show(id: &str) -> String {
    // As sh takes it (POSIX, "Quoting").
    format!("pdd-hooks red --show '{}'", id.replace('\'', r"'\''"))
}

/// Says that no test counts, and what became of those that there are.
pub(super) fn nothing_red(proof: &RedProof) -> Finding {
    let told: Vec<String> = proof.tests.iter().take(NAMED).map(told).collect();
    let more = proof.tests.len().saturating_sub(NAMED);
    let told = match (told.as_slice(), more) {
        ([], _) => "the change brings no test".to_owned(),
        (_, 0) => told.join("; "),
        (_, more) => format!("{}; and {more} more", told.join("; ")),
    };
    let output = match proof.tests.first() {
        Some(test) => format!("; the output: {}", show(&test.id)),
        None => String::new(),
    };
    let finding = RULE.finding(format!("no test failed before this change: {told}"));
    finding.help(format!(
        "write the test that fails without it; a change that no test here can show (another system, a faster way) is no `feat` or `fix`: take the type that fits, as `perf`, `refactor` or `chore`{output}"
    ))
}

pub(super) fn weak(proof: &RedProof) -> Finding {
    let weak = proof.tests.iter().filter(|test| counts(test.verdict));
    let ids: Vec<String> = weak
        .take(NAMED)
        .map(|test| format!("`{}`", test.id))
        .collect();
    RULE.finding(format!(
        "the proof is weak, and `red.weak` is `refuse`: {} would pass with functions that do nothing, or no stub reaches the change",
        ids.join(", ")
    ))
    .help("look at what the function returns or changes, not only that it is called")
}

pub(super) fn partial(proof: &RedProof) -> Finding {
    let sources = proof.sources.iter();
    let mut functions = sources.flat_map(|source| {
        let open = source
            .functions
            .iter()
            .filter(|function| !function.is_proven);
        open.map(move |function| (source, function))
    });
    let first = functions.next();
    let more = functions.count();
    let (proven, all) = proof.functions();
    let finding = RULE.finding(format!(
        "the proof is partial, and `red.partial` is `refuse`: {proven} of {all} changed functions fail a test{}",
        first.map_or(String::new(), |(_, function)| {
            let more = if more == 0 { String::new() } else { format!(" and {more} more do not") };
            let does = if more.is_empty() { " does not" } else { "" };
            format!(", `{}`{does}{more}", function.name)
        })
    ));
    let finding = match first {
        Some((source, function)) => finding.at(&source.path, u32::try_from(function.line).ok()),
        None => finding,
    };
    finding.help("write a test that fails without each of them")
}

/// Says what a change did to a test that was there.
pub(super) fn lost(test: &OldTest) -> Finding {
    let id = &test.id;
    let said = test.said.as_ref();
    let because = said.map_or(String::new(), |said| format!(": {said}"));
    let (message, help) = match test.fate {
        Fate::GoalMoved => return goal_moved(test),
        Fate::Deleted => (
            format!("`{id}` is deleted, and still passes on the new source"),
            "leave it; a test that is not wanted any more goes in a commit of tests alone",
        ),
        Fate::DeletedFailing => (
            format!("`{id}` is deleted, and fails on the new source{because}"),
            "keep what it asks for, or change what it expects so that the new text fails without this change",
        ),
        Fate::Skipped => (
            format!("`{id}` is skipped now, and still passes on the new source"),
            "let it run",
        ),
        Fate::SkippedFailing => (
            format!("`{id}` is skipped now, and fails on the new source{because}"),
            "keep what it asks for, or change what it expects so that the new text fails without this change",
        ),
        Fate::Emptied => (
            format!("`{id}` asserts nothing any more"),
            "leave its assertions, or change what they expect",
        ),
        Fate::Focused => (
            format!("`{id}` keeps the other tests of its file from running"),
            "take `only` out of it",
        ),
        Fate::Gone => (
            format!("`{id}` passed before, and no run reports it any more"),
            "look for what leaves it out: the runner's options, a name, a file that is not collected",
        ),
        Fate::Adapted | Fate::ExpectationChanged | Fate::NameRemoved => (
            format!(
                "`{id}` was changed; as it was it fails on the new source{because}, and its new text proves nothing"
            ),
            "keep what it asked for, or have its new text fail without this change",
        ),
    };
    let finding = RULE.finding(message).help(help);
    match &test.file {
        Some(file) => finding.at(file, None),
        None => finding,
    }
}

/// Says that a sealed test asks for something else than it did, though it says what it said.
fn goal_moved(test: &OldTest) -> Finding {
    let because = test
        .said
        .as_ref()
        .map_or(String::new(), |said| format!("; without it: {said}"));
    let finding = RULE.finding(format!(
        "the sealed test `{}` passes only with what the change did to the tests around it{because}",
        test.id
    ));
    match &test.file {
        Some(file) => finding
            .help(format!("leave `{file}` as it was, or have QA seal anew"))
            .at(file, None),
        None => finding.help("leave them as they were, or have QA seal anew"),
    }
}

/// A test and its state on both sides: `` `x` passes before, passes after ``.
fn told(test: &RedTest) -> String {
    format!(
        "`{}` {} before, {} after",
        test.id,
        state(&test.without),
        state(&test.with)
    )
}

fn state(seen: &Seen) -> String {
    match seen {
        Seen::Passed => "passes".to_owned(),
        Seen::Failed => "fails".to_owned(),
        Seen::DoesNotLoad(names) => match names.first() {
            Some(name) => format!("does not load for want of `{name}`"),
            None => "does not load".to_owned(),
        },
        Seen::TimedOut => "hangs".to_owned(),
        Seen::Skipped => "is skipped".to_owned(),
        Seen::Absent => "is in no report".to_owned(),
        Seen::EnvironmentError(what) => format!("cannot be run (environment-error: {what})"),
        Seen::Unstable => "is unstable".to_owned(),
    }
}

fn on(test: &RedTest, finding: Finding) -> Finding {
    match &test.file {
        Some(file) => finding.at(file, test.line.and_then(|line| u32::try_from(line).ok())),
        None => finding,
    }
}
