//! `.pdd.toml`: the example against the defaults and the schema, and what may be read without fear.

use std::collections::BTreeSet;
use std::time::Duration;

use pdd_hooks::policy::{
    CheckKind, Globs, Policy, RULE_NAMES, ReportForm, RuleLevel, Witness, schema,
};
use pdd_hooks::rules::RULES;
use proptest::prelude::*;
use serde_json::Value;

const EXAMPLE: &str = include_str!("../../.pdd.toml.example");

/// Switches the example's sleeping settings on: the lines that begin with `#` and no blank.
fn awake() -> String {
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => setting,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> Policy {
    Policy::parse(text, ".pdd.toml").expect("a policy without faults")
}

#[test]
fn an_empty_file_is_the_default() {
    assert_eq!(read(""), Policy::default());
}

#[test]
fn the_example_is_the_default() {
    assert_eq!(read(EXAMPLE), Policy::default());
}

#[test]
fn the_example_with_all_settings_on_differs_in_its_checks_alone() {
    let mut policy = read(&awake());
    let checks = std::mem::take(&mut policy.check);
    assert_eq!(
        policy.evidence.accept.take(),
        Some(vec![Witness::SelfSigned, Witness::Runner])
    );
    assert_eq!(policy, Policy::default());

    let [tests, lint] = &checks[..] else {
        panic!("two sample checks: {checks:?}");
    };
    assert_eq!(
        (tests.name.as_str(), tests.kind),
        ("tests", CheckKind::Test)
    );
    assert_eq!(tests.run, ["pytest", "-q", "--junitxml={report}"]);
    assert_eq!(
        (&tests.only[..], tests.report),
        (&["{tests}".to_owned()][..], ReportForm::Junit)
    );
    assert_eq!(tests.time_limit(), Some(Duration::from_secs(600)));
    assert_eq!(
        (lint.kind, lint.report),
        (CheckKind::Quality, ReportForm::ExitCode)
    );
    assert_eq!(lint.time_limit(), Some(Duration::from_secs(90)));
}

/// Lists a table's keys by path, and those of the tables in it.
fn keys(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    for (key, inner) in value.as_object().into_iter().flatten() {
        let path = format!("{path}/{key}");
        // The keys of `env` are the user's own.
        if key != "env" {
            keys(&inner["properties"], &path, found);
            keys(&inner["items"]["properties"], &path, found);
        }
        found.insert(path);
    }
}

fn keys_of_document(value: &toml::Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, inner) in table {
                let path = format!("{path}/{key}");
                if key != "env" {
                    keys_of_document(inner, &path, found);
                }
                found.insert(path);
            }
        }
        toml::Value::Array(items) => {
            items
                .iter()
                .for_each(|item| keys_of_document(item, path, found));
        }
        _ => {}
    }
}

#[test]
fn the_schema_has_the_keys_of_the_example_and_no_other() {
    let (mut described, mut shown) = (BTreeSet::new(), BTreeSet::new());
    keys(&schema()["properties"], "", &mut described);
    let document = toml::Value::Table(awake().parse().unwrap());
    keys_of_document(&document, "", &mut shown);
    assert!(described.len() > 60);
    assert_eq!(described, shown);
}

/// Checks one part of the schema and all below it; `path` is for the message alone.
fn explains_itself(part: &Value, path: &str) {
    if part["type"] == "object" && !path.ends_with("/env") {
        assert_eq!(part["additionalProperties"], false, "{path} takes any key");
    }
    for (key, inner) in part["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}/{key}");
        let is_rule = path.starts_with("/rules/");
        assert!(
            is_rule || inner["description"].is_string(),
            "{path} has no description"
        );
        let required = part["required"]
            .as_array()
            .is_some_and(|keys| keys.contains(&Value::from(key.as_str())));
        let has_default = inner.get("default").is_some() || is_rule;
        assert!(
            has_default != required,
            "{path}: a default, or else required"
        );
        explains_itself(inner, &path);
        explains_itself(&inner["items"], &path);
    }
}

#[test]
fn the_schema_describes_every_key_with_its_default() {
    let schema = schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    explains_itself(&schema, "");
    let properties = &schema["properties"];
    assert_eq!(
        properties["red"]["properties"]["types"]["default"],
        serde_json::json!(["feat", "fix"])
    );
    assert_eq!(
        properties["message"]["properties"]["max-subject"]["default"],
        100
    );
    assert_eq!(
        properties["message"]["properties"]["max-subject"]["minimum"],
        1
    );
    assert_eq!(properties["rules"]["default"]["deep-access"], "off");
    assert_eq!(
        properties["evidence"]["properties"]["accept"]["default"],
        serde_json::json!(["self", "runner"])
    );
}

#[test]
fn every_rule_of_the_registry_has_its_key() {
    for rule in RULES {
        assert!(RULE_NAMES.contains(&rule.name), "{}", rule.name);
    }
    let policy = read("[rules]\npersona = 'off'");
    assert_eq!(policy.rules["persona"], RuleLevel::Off);
    assert_eq!(policy.level("persona"), None);
    assert!(policy.level("task-id").is_some());
    assert_eq!(policy.level("deep-access"), None);
}

#[test]
fn a_listed_runner_replaces_the_default_and_not_what_is_given() {
    let default = Policy::default().evidence;
    assert_eq!(
        default.accepted(false),
        [Witness::SelfSigned, Witness::Runner]
    );
    assert_eq!(default.accepted(true), [Witness::Runner]);
    let given = read("evidence.accept = ['self']").evidence;
    assert_eq!(given.accepted(true), [Witness::SelfSigned]);
    assert_eq!(given.accepted(false), [Witness::SelfSigned]);
}

#[test]
fn a_byte_order_mark_and_crlf_change_nothing() {
    let text = format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n"));
    assert_eq!(read(&text), Policy::default());
}

#[test]
fn a_task_pattern_of_ones_own_works_in_subjects_and_branches() {
    let policy = read(r"task.id = '#\d+|bug'");
    let tasks = policy.tasks_in("fix: [#12] and [bug] [x]");
    assert_eq!(
        tasks.iter().map(|task| task.as_str()).collect::<Vec<_>>(),
        ["#12", "bug"]
    );
    assert!(policy.is_task("#1") && policy.is_task("bug") && !policy.is_task("#1bug"));
    assert!(format!("{:?}", policy.role("feat/#7-x", &[])).contains("#7"));
}

#[test]
fn time_limits_are_whole_numbers_with_a_unit() {
    let with =
        |limit: &str| format!("[[check]]\nname='a'\nkind='test'\nrun=['a']\ntimeout='{limit}'");
    for (limit, seconds) in [("90s", 90), ("10m", 600), ("1h", 3600), ("007s", 7)] {
        let policy = read(&with(limit));
        assert_eq!(
            policy.check[0].time_limit(),
            Some(Duration::from_secs(seconds))
        );
    }
    for limit in [
        "",
        "s",
        "0s",
        "10",
        "1d",
        "-1s",
        "+1s",
        "1.5h",
        "1 m",
        "9999999999999999999h",
        "6000000000000000h",
        "1ü",
    ] {
        assert!(Policy::parse(&with(limit), "x").is_err(), "{limit}");
    }
}

/// The limits that reading keeps are tight enough for the sets that are built later: none of these may panic.
#[test]
fn the_largest_globs_that_are_read_can_be_matched() {
    for part in ["?", "[!a]", "**/", "{a,b}", "*", "é", "{a?*,[0-9]}"] {
        let most = if part.contains('{') {
            32
        } else {
            (16 << 10) / part.len()
        };
        let glob = format!("{}x", part.repeat(most - 1));
        let policy = read(&format!("[branch]\nrelease-tags = ['{glob}']"));
        assert!(!policy.is_release_tag("v"), "{part}");
    }
    let nested = format!("{}x{}", "{".repeat(32), "}".repeat(32));
    assert!(read(&format!("[branch]\nrelease-tags = ['{nested}']")).is_release_tag("x"));
    assert_eq!(Globs::new(["**"]).as_slice(), ["**"]);
}

#[test]
fn nesting_without_end_is_refused() {
    for (open, close) in [("[", "]"), ("{a=", "}")] {
        let text = format!("x = {}{}", open.repeat(20_000), close.repeat(20_000));
        assert!(Policy::parse(&text, "x").is_err());
    }
    assert!(Policy::parse(&"a.".repeat(20_000), "x").is_err());
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in ".{0,200}") {
        let _ = Policy::parse(&text, "x");
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Policy::parse_bytes(&bytes, "x");
    }

    #[test]
    fn no_change_of_the_example_makes_reading_or_asking_panic(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..8, "\\PC{0,4}|[\\[\\]{}\"'\\\\.*()=\n#0-9-]{0,4}"), 1..6),
    ) {
        let mut text: Vec<char> = awake().chars().collect();
        for (place, removed, added) in edits {
            let start = place.index(text.len());
            let end = (start + removed).min(text.len());
            text.splice(start..end, added.chars());
        }
        let text: String = text.into_iter().collect();
        match Policy::parse(&text, "x") {
            Ok(policy) => {
                let _ = policy.role("feat/TASK-1-a", &[]);
                let _ = policy.tasks_in("[TASK-1] []");
                let _ = policy.class(b"a/b.md", pdd_hooks::policy::FileKind::Plain);
                let _ = policy.is_release_tag("v1");
            }
            Err(error) => prop_assert!(error.to_string().starts_with("x:")),
        }
    }
}
