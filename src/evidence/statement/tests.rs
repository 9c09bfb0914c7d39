//! What is written, byte for byte, and what is refused.

use std::error::Error as _;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::id::{BlobId, TaskId};
use crate::policy::CheckKind;

const TREE: &str = "9ab2c1d0e3f4051627384950a1b2c3d4e5f60718";
const COMMIT: &str = "5f1e0d2c3b4a59687786958493a2b1c0d0e0f010";

fn check(name: &str, result: CheckResult, failing: &[&str]) -> CheckRecord {
    CheckRecord {
        name: name.into(),
        kind: CheckKind::Test,
        definition: "d1".into(),
        key: "c1".into(),
        result,
        counts: Counts {
            passed: 2,
            failed: failing.len() as u64,
            skipped: 1,
        },
        ms: 1234,
        failing: failing.iter().map(|&id| id.into()).collect(),
        sealed: Vec::new(),
    }
}

fn validation(checks: Vec<CheckRecord>) -> Validation {
    Validation {
        tool: "pdd-hooks 0.1.0".into(),
        time: "2026-11-22T09:15:00Z".into(),
        task: Some(TaskId::new("TASK-007")),
        persona: None,
        base: Some(TreeId::new("77c0")),
        policy: 3,
        blob: BlobId::new("8f0c"),
        checks,
        left_out: vec![LeftOut {
            name: "types".into(),
            why: Why::OutOfScope,
        }],
    }
}

fn statement(checks: Vec<CheckRecord>) -> Statement {
    let passed = [
        ("tests", "b"),
        ("tests", "a"),
        ("lint", "lint"),
        ("tests", "b"),
    ]
    .map(|(check, id)| (check.to_owned(), id.to_owned()));
    let (tree, commit) = (TreeId::new(TREE), CommitId::new(COMMIT));
    Statement::validation(&tree, Some(&commit), validation(checks), &passed)
}

fn text(statement: &Statement) -> String {
    String::from_utf8(statement.to_json().unwrap()).unwrap()
}

#[test]
fn a_validation_is_an_in_toto_test_result_with_a_member_of_its_own() {
    let written = text(&statement(vec![check("tests", CheckResult::Passed, &[])]));
    let expected = [
        r#"{"_type":"https://in-toto.io/Statement/v1","#,
        r#""subject":[{"digest":{"gitCommit":"5f1e0d2c3b4a59687786958493a2b1c0d0e0f010","#,
        r#""gitTree":"9ab2c1d0e3f4051627384950a1b2c3d4e5f60718"}}],"#,
        r#""predicateType":"https://in-toto.io/attestation/test-result/v0.1","#,
        r#""predicate":{"result":"PASSED","#,
        r#""configuration":[{"name":".pdd.toml","digest":{"gitBlob":"8f0c"}}],"#,
        r#""passedTests":["lint/lint","tests/a","tests/b"],"warnedTests":[],"failedTests":[],"#,
        r#""validation":{"tool":"pdd-hooks 0.1.0","time":"2026-11-22T09:15:00Z","#,
        r#""task":"TASK-007","persona":null,"base":"77c0","policy":3,"blob":"8f0c","#,
        r#""checks":[{"name":"tests","kind":"test","definition":"d1","key":"c1","#,
        r#""result":"passed","counts":{"passed":2,"failed":0,"skipped":1},"ms":1234,"failing":[]}],"#,
        r#""leftOut":[{"name":"types","why":"out-of-scope"}]}}}"#,
    ];
    assert_eq!(written, expected.concat());
}

#[test]
fn forgiven_failures_are_named_with_their_checks_and_are_a_warning() {
    let statement = statement(vec![
        check("tests", CheckResult::Sealed, &["z", "y"]),
        check("old", CheckResult::PassedOverBase, &["x"]),
    ]);
    let Predicate::TestResult(result) = &statement.predicate else {
        panic!("{statement:?}");
    };
    assert_eq!(result.result, Word::Warned);
    assert_eq!(result.failed_tests, ["old/x", "tests/y", "tests/z"]);
    let written = text(&statement);
    assert!(written.contains(r#""result":"sealed""#), "{written}");
    assert!(
        written.contains(r#""result":"passed-over-base""#),
        "{written}"
    );
}

#[test]
fn a_statement_is_read_as_it_was_written() {
    let statement = statement(vec![check("tests", CheckResult::Sealed, &["y"])]);
    let read = Statement::parse(text(&statement).as_bytes()).unwrap();
    assert_eq!(read, statement);
    let (tree, claimed) = read.claim().unwrap();
    assert_eq!(tree, TreeId::new(TREE));
    assert_eq!(claimed.checks.len(), 1);
    assert_eq!(read.commit(), Some(CommitId::new(COMMIT)));
}

#[test]
fn a_test_result_of_another_tool_is_read_and_claims_no_validation() {
    let text = json!({
        "_type": STATEMENT_TYPE, "predicateType": TEST_RESULT, "extra": 1,
        "subject": [{"digest": {"gitTree": TREE}, "uri": "git+https://example.org/x"}],
        "predicate": {"result": "FAILED", "configuration": [{"uri": "x"}], "url": "https://example.org/run/1",
            "failedTests": ["a"]},
    });
    let read = Statement::parse(text.to_string().as_bytes()).unwrap();
    let expected = TestResult {
        result: Word::Failed,
        configuration: vec![Resource::default()],
        passed_tests: vec![],
        warned_tests: vec![],
        failed_tests: vec!["a".into()],
        validation: None,
    };
    assert_eq!(read.predicate, Predicate::TestResult(Box::new(expected)));
    assert_eq!(read.claim(), None);
}

#[test]
fn a_predicate_of_an_unknown_type_is_kept_as_it_stands() {
    let with = |predicate: &str| {
        format!(
            r#"{{"_type":"{STATEMENT_TYPE}","subject":[{{"name":"x","digest":{{"sha256":"ab"}}}}],"predicateType":"https://example.org/v1"{predicate}}}"#
        )
    };
    for (predicate, written) in [
        (
            r#","predicate":{"a":[1,null]}"#,
            r#","predicate":{"a":[1,null]}"#,
        ),
        ("", r#","predicate":{}"#),
        (r#","predicate":null"#, r#","predicate":{}"#),
    ] {
        let read = Statement::parse(with(predicate).as_bytes()).unwrap();
        assert_eq!(text(&read), with(written));
        assert_eq!(read.claim(), None);
    }
}

#[test]
fn a_statement_that_contradicts_itself_claims_nothing() {
    let good = statement(vec![check("tests", CheckResult::Passed, &[])]);
    assert!(good.claim().is_some());
    let mut bare = good.clone();
    bare.subject[0].digest.remove("gitTree");
    assert_eq!(bare.claim(), None);
    for id in ["9AB2C1D0E3F4051627384950A1B2C3D4E5F60718", "9ab2", ""] {
        let mut bad = good.clone();
        bad.subject[0].digest.insert("gitTree".into(), id.into());
        assert_eq!(bad.claim(), None, "{id}");
    }
    let mut two = good.clone();
    two.subject
        .push(Subject::tree(&TreeId::new("b".repeat(40)), None));
    assert_eq!(two.claim(), None);
    for word in [Word::Failed, Word::Warned] {
        let mut bad = good.clone();
        if let Predicate::TestResult(result) = &mut bad.predicate {
            result.result = word;
        }
        assert_eq!(bad.claim(), None, "{word:?}");
    }
}

#[test]
fn another_type_of_statement_is_refused_by_name() {
    let text = r#"{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"x"}"#;
    assert_eq!(
        Statement::parse(text.as_bytes()).unwrap_err().to_string(),
        "a record's statement is of the type `https://in-toto.io/Statement/v0.1`, which is not known here"
    );
}

#[test]
fn what_is_no_statement_says_where() {
    let written = text(&statement(vec![check("tests", CheckResult::Passed, &[])]));
    for (from, to, fault) in [
        (
            r#""result":"PASSED""#,
            r#""result":"GOOD""#,
            "unknown variant `GOOD`",
        ),
        (
            r#""kind":"test""#,
            r#""kind":"test","kind":"test""#,
            "the key `kind` stands twice",
        ),
        (
            r#""digest":{"gitBlob""#,
            r#""digest":{"gitBlob":"","gitBlob""#,
            "the key `gitBlob` stands twice",
        ),
        (
            r#""policy":3"#,
            r#""policy":-3"#,
            "invalid value: integer `-3`",
        ),
        (r#""subject":"#, r#""subjects":"#, "missing field `subject`"),
    ] {
        let changed = written.replacen(from, to, 1);
        assert_ne!(changed, written);
        let error = Statement::parse(changed.as_bytes()).unwrap_err();
        let found = error.source().unwrap().to_string();
        assert!(found.starts_with(fault), "{found}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, cut in 0usize..1200, flip in 0usize..1200) {
        prop_assert!(Statement::parse(&bytes).is_err());
        let mut near = text(&statement(vec![check("tests", CheckResult::Sealed, &["y"])])).into_bytes();
        let at = flip % near.len();
        near[at] ^= 0x11;
        let _ = Statement::parse(&near).map(|read| read.claim().is_some());
        near.truncate(cut);
        let _ = Statement::parse(&near);
    }
}
