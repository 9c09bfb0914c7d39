//! What a red proof comes to, in one line.

use crate::change::{Fate, ProofVerdict, RedProof, TestVerdict};

/// How many names the line lists.
const NAMED: usize = 3;

/// Writes what was proven of a change in a few words; `kind` is its message's type, `asks` whether that asks for a red
/// proof. Empty where nothing that a test looks at has changed.
pub fn summary(proof: &RedProof, kind: &str, asks: bool) -> String {
    let mut parts = Vec::new();
    if !proof.sources.is_empty() {
        parts.push(match (asks, &proof.base_unknown) {
            (true, _) => proven(proof),
            (false, None) => format!("{kind}: no red asked for, no test lost"),
            (false, Some(_)) => format!("{kind}: no red asked for"),
        });
    } else if !proof.existing.is_empty() || !proof.tests.is_empty() {
        parts.push("tests alone".to_owned());
    }
    if parts.is_empty() {
        return String::new();
    }
    let tests = |verdict| {
        let found = proof
            .tests
            .iter()
            .filter(move |test| test.verdict == verdict);
        found.map(|test| test.id.as_str()).collect::<Vec<_>>()
    };
    if !asks {
        parts.extend(named("unproven", &tests(TestVerdict::Unproven)));
        parts.extend(named("unstable", &tests(TestVerdict::Unstable)));
    }
    parts.extend(named("no proof", &tests(TestVerdict::NoProof)));
    parts.extend(named(
        "environment-error",
        &tests(TestVerdict::EnvironmentError),
    ));
    for (fate, words) in [
        (Fate::ExpectationChanged, "expectation changed"),
        (Fate::NameRemoved, "gone with what it used"),
        (Fate::Adapted, "changed"),
        (Fate::Deleted, "deleted"),
        (Fate::DeletedFailing, "deleted"),
        (Fate::Skipped, "skipped"),
        (Fate::SkippedFailing, "skipped"),
        (Fate::Emptied, "asserts nothing any more"),
        (Fate::Focused, "keeps others from running"),
    ] {
        let of_fate = proof.existing.iter().filter(|test| test.fate == fate);
        let ids: Vec<&str> = of_fate.map(|test| test.id.as_str()).collect();
        parts.extend(named(words, &ids));
    }
    if !proof.sources.is_empty() && asks {
        // What runs before the source too can do more than the source.
        let carried: Vec<&str> = proof.carried.iter().map(String::as_str).collect();
        parts.extend(named("there before as well", &carried));
    }
    if let Some(why) = &proof.base_unknown {
        parts.push(format!("what the tests said before is not known: {why}"));
    }
    let hidden = proof.sources.iter().filter(|source| source.is_hidden);
    let hidden: Vec<&str> = hidden.map(|source| source.path.as_str()).collect();
    parts.extend(named("source among tests", &hidden));
    parts.join("; ")
}

/// The verdict, and how many tests and functions stand behind it.
fn proven(proof: &RedProof) -> String {
    let counting = proof.tests.iter();
    let counting = counting
        .filter(|test| matches!(test.verdict, TestVerdict::Proven | TestVerdict::Weak))
        .count();
    let tests = match counting {
        1 => "1 test failed before".to_owned(),
        count => format!("{count} tests failed before"),
    };
    let (reached, all) = proof.functions();
    match proof.verdict() {
        ProofVerdict::Proven => format!("red: proven ({tests})"),
        ProofVerdict::Partial => {
            let functions = proof.sources.iter().flat_map(|source| &source.functions);
            let open = functions.filter(|function| !function.is_proven);
            let open: Vec<&str> = open.map(|function| function.name.as_str()).collect();
            let open = listed(&open);
            format!(
                "red: partial (proven {reached} of {all} changed functions, not {open}; {tests})"
            )
        }
        ProofVerdict::Weak => {
            format!("red: weak ({tests}; no result was shown to depend on the change)")
        }
        ProofVerdict::Unproven => "red: unproven".to_owned(),
    }
}

fn named(words: &str, names: &[&str]) -> Option<String> {
    (!names.is_empty()).then(|| format!("{words}: {}", listed(names)))
}

/// Writes names as literals, the first few, and how many more there are.
fn listed(names: &[&str]) -> String {
    let first = names.iter().take(NAMED).map(|name| format!("`{name}`"));
    let first = first.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::ChangedSource;

    #[test]
    fn a_base_whose_tests_nobody_knows_is_told() {
        let proof = RedProof {
            sources: vec![ChangedSource {
                path: "app.py".into(),
                functions: Vec::new(),
                beyond_stubs: false,
                is_hidden: false,
            }],
            base_unknown: Some("no test ran".into()),
            ..RedProof::default()
        };
        assert_eq!(
            summary(&proof, "refactor", false),
            "refactor: no red asked for; what the tests said before is not known: no test ran"
        );
    }
}
