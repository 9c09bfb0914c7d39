//! Lines of signers files that are read here are read by `ssh-keygen` too, and name the same principals.

use std::fmt::Write as _;

use pdd_hooks::evidence::signers::Namespace;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{NOW, signed, verdict};
use crate::keys::EVIDENCE;
use crate::support::Repo;

/// A pattern list with at least one name that is meant.
fn principals() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["ann", "bob", "a*", "?ob", "*", "ann@example.org"]);
    let not = prop::sample::select(vec!["!ann", "!b*", "!eve"]);
    (name, prop::collection::vec(not, 0..2)).prop_map(|(name, nots)| {
        let mut list = nots.join(",");
        if !list.is_empty() {
            list.push(',');
        }
        list + name
    })
}

fn line() -> impl Strategy<Value = String> {
    let namespaces = prop::sample::select(vec![
        "",
        "namespaces=\"evidence@pdd-hooks\"",
        "Namespaces=\"git,*@pdd-hooks\"",
        "namespaces=\"git\"",
        "namespaces=\"*,!evidence@*\"",
    ]);
    let time = prop::sample::select(vec![
        "",
        "valid-after=\"20250101Z\"",
        "valid-after=\"20270101Z\"",
        "valid-before=\"202701010000Z\"",
        "valid-before=\"20250101000000Z\"",
    ]);
    let blank = prop::sample::select(vec![" ", "\t", "  "]);
    let quoted = any::<bool>();
    (principals(), namespaces, time, blank, quoted).prop_map(
        |(principals, namespaces, time, blank, is_quoted)| {
            let principals = match is_quoted {
                true => format!("\"{principals}\""),
                false => principals,
            };
            let options: Vec<&str> = [namespaces, time]
                .into_iter()
                .filter(|option| !option.is_empty())
                .collect();
            let mut line = principals + blank;
            if !options.is_empty() {
                let _ = write!(line, "{}{blank}", options.join(","));
            }
            line
        },
    )
}

#[test]
fn good_lines_say_here_what_they_say_to_ssh_keygen() {
    let repo = Repo::new();
    let key = repo.key("ann");
    let envelope = signed(&key.path, "hello", Namespace::Evidence);
    // A process for each: a sample, whose seeds are the same each time.
    let config = Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let sample = (line(), prop::sample::select(vec!["ann", "bob", "eve"]));
    runner
        .run(&sample, |(line, who)| {
            let signers = format!("{line}{}\n", key.public);
            let ours = verdict(&signers, &envelope, Namespace::Evidence, NOW);
            let theirs = repo.plainly_verified(&signers, who, EVIDENCE, &envelope);
            // Ours names the list as it stands; whom it holds is asked of `ssh-keygen` by name.
            let names = listed(&line, who);
            prop_assert_eq!(
                ours.is_ok() && names,
                theirs.code() == 0,
                "{} {}",
                signers,
                who
            );
            Ok(())
        })
        .unwrap();
}

/// Whether a list of these few patterns holds a name, told apart by hand.
fn listed(line: &str, who: &str) -> bool {
    let list = line.trim_start_matches('"');
    let list = list.split(['"', ' ', '\t']).next().unwrap();
    let fits = |pattern: &str| match pattern {
        "*" => true,
        "a*" => who.starts_with('a'),
        "b*" | "?ob" => who == "bob",
        name => name == who,
    };
    let names: Vec<&str> = list.split(',').collect();
    let is_out = names
        .iter()
        .any(|name| name.strip_prefix('!').is_some_and(fits));
    !is_out
        && names
            .iter()
            .any(|name| !name.starts_with('!') && fits(name))
}
