//! What is refused, and what the fixtures of real runners do not show.

use super::super::{FailureKind, State, TestCase};
use super::read;

fn refusal(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn one(inside: &str) -> TestCase {
    let text = format!(
        "<testsuites><testsuite name=\"s\"><testcase classname=\"c\" name=\"t\">{inside}</testcase></testsuite></testsuites>"
    );
    let mut cases = read(&text).unwrap();
    assert_eq!(cases.len(), 1);
    cases.remove(0)
}

#[test]
fn a_document_type_and_entities_are_refused() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"b\">]><testsuites/>";
    assert_eq!(refusal(bomb), "it has a document type");
    let text = "<testsuite><testcase name=\"a\"><failure>&a;</failure></testcase></testsuite>";
    assert_eq!(refusal(text), "it uses the entity `a`");
    let attribute = refusal("<testsuite name=\"&a;\"/>");
    assert!(attribute.starts_with("it is no XML: "), "{attribute}");
}

#[test]
fn nesting_and_attributes_have_limits() {
    let deep = "<testsuite>".repeat(101) + &"</testsuite>".repeat(101);
    assert_eq!(refusal(&deep), "it is nested deeper than 100 elements");
    let many: String = (0..65).map(|number| format!(" a{number}=\"\"")).collect();
    assert_eq!(
        refusal(&format!("<testsuite{many}/>")),
        "an element has more than 64 attributes"
    );
    let twice = refusal("<testsuite name=\"a\" name=\"b\"/>");
    assert!(twice.starts_with("it is no XML: "), "{twice}");
}

#[test]
fn what_is_cut_empty_or_followed_by_more_is_refused() {
    assert_eq!(refusal(""), "it has no element");
    assert_eq!(
        refusal("<testsuites><testsuite>"),
        "it ends before its last element does"
    );
    assert_eq!(
        refusal("<testsuites/>more"),
        "text stands outside its elements"
    );
    assert_eq!(
        refusal("<testsuites/><testsuites/>"),
        "something follows its end"
    );
    assert!(refusal("<testsuites></testsuite>").starts_with("it is no XML: "));
    assert_eq!(
        read("\u{feff}<testsuites/>\n<!-- end -->\n"),
        Ok(Vec::new())
    );
}

#[test]
fn another_document_is_no_report() {
    assert_eq!(
        refusal("<html><body/></html>"),
        "its root is `html`, not `testsuites`"
    );
    assert_eq!(
        refusal("<testsuites><testcase name=\"a\"><testcase name=\"b\"/></testcase></testsuites>"),
        "it has a `testcase` in the wrong place"
    );
    assert_eq!(
        refusal("<testsuites><testcase/></testsuites>"),
        "it has a test without a name"
    );
    assert_eq!(
        refusal("<?xml version=\"1.0\" encoding=\"UTF-16\"?><testsuites/>"),
        "its encoding is `UTF-16`, not UTF-8"
    );
}

#[test]
fn a_report_that_lost_a_test_is_refused_by_its_own_counts() {
    let nextest = |counts: &str, tests: &str| {
        format!(
            "<testsuites name=\"nextest-run\"><testsuite name=\"s\" {counts}>{tests}</testsuite></testsuites>"
        )
    };
    let passed = "<testcase name=\"a\"/>";
    let text = nextest("tests=\"2\" failures=\"1\"", passed);
    assert_eq!(refusal(&text), "`s` counts 2 tests and has 1");
    let text = nextest("tests=\"1\" failures=\"1\"", passed);
    assert_eq!(refusal(&text), "`s` counts 1 failures and has 0");
    let text = nextest("tests=\"one\"", passed);
    assert_eq!(refusal(&text), "its `tests` is no number");
    let pytest = "<testsuites name=\"pytest tests\"><testsuite name=\"pytest\" tests=\"1\" errors=\"1\" failures=\"0\">\
        <testcase classname=\"test_a\" name=\"a\"/></testsuite></testsuites>";
    assert_eq!(refusal(pytest), "`pytest` counts 1 errors and has 0");
    let unknown =
        "<testsuite name=\"x\" tests=\"9\" failures=\"1\"><testcase name=\"a\"/></testsuite>";
    assert_eq!(refusal(unknown), "`x` counts 1 failures and has 0");
}

#[test]
fn what_jest_has_to_do_did_not_run() {
    let text = "<testsuites name=\"jest tests\" tests=\"1\"><testsuite name=\"s\" tests=\"1\">\
        <testcase classname=\"a\" name=\"a\" time=\"0.002\"/><testcase classname=\"b\" name=\"b\" time=\"0\"/>\
        </testsuite></testsuites>";
    let states: Vec<State> = read(text).unwrap().iter().map(|case| case.state).collect();
    assert_eq!(states, [State::Passed, State::Skipped]);
}

#[test]
fn a_failure_of_a_suite_is_not_lost() {
    let text = "<testsuite name=\"group\"><failure message=\"before\"/></testsuite>";
    let expected = [TestCase::failed("group", FailureKind::Assert, "before")];
    assert_eq!(read(text).unwrap(), expected);
}

#[test]
fn only_what_is_to_do_may_fail_and_count_as_skipped() {
    let to_do = one("<skipped type=\"todo\"/><failure message=\"x\"/>");
    assert_eq!(to_do.state, State::Skipped);
    let skipped = one("<skipped/><error message=\"x\"/>");
    assert_eq!(skipped.state, State::Failed);
}

#[test]
fn a_test_that_passed_when_it_was_tried_again_failed() {
    let flaky = one("<flakyFailure message=\"x\" type=\"java.lang.AssertionError\"/>");
    let message = "flaky: it failed, and passed when it was tried again\nx";
    assert_eq!(
        flaky,
        TestCase::failed("c::t", FailureKind::Assert, message)
    );
}

#[test]
fn the_kind_of_a_failure_is_told_by_its_type_and_words() {
    let kind = |inside: &str| one(inside).kind;
    let cases = [
        ("<failure type=\"AssertionError\"/>", FailureKind::Assert),
        ("<failure/>", FailureKind::Assert),
        (
            "<failure>java.lang.IllegalStateException: x</failure>",
            FailureKind::Error,
        ),
        (
            "<failure message=\"Failed\">\npanic: oops</failure>",
            FailureKind::Error,
        ),
        ("<error/>", FailureKind::Error),
        ("<failure type=\"test timeout\"/>", FailureKind::Timeout),
        (
            "<failure message=\"Failed: Timeout &gt;1.0s\"/>",
            FailureKind::Timeout,
        ),
    ];
    for (inside, expected) in cases {
        assert_eq!(kind(inside), Some(expected), "{inside}");
    }
}

#[test]
fn what_is_wrong_comes_before_the_lines_that_lead_to_it() {
    let headline = |inside: &str| one(inside).headline();
    let quoted = "<failure message=\"AttributeError: no sub\">def test_x():\n>  app.sub()\nE  AttributeError: no sub</failure>";
    assert_eq!(headline(quoted).as_deref(), Some("AttributeError: no sub"));
    let loading = "<error message=\"collection failure\">E     File \"t.py\", line 1\nE       def test(:\nE                ^\nE   SyntaxError: invalid syntax</error>";
    let text = format!(
        "<testsuites name=\"pytest tests\"><testsuite name=\"pytest\"><testcase classname=\"\" name=\"t\">{loading}</testcase></testsuite></testsuites>"
    );
    let loading = read(&text).unwrap().remove(0).headline();
    assert_eq!(loading.as_deref(), Some("SyntaxError: invalid syntax"));
    let named = "<failure message=\"expected 1\">AssertionError: expected 1\n at x.js:3</failure>";
    assert_eq!(
        headline(named).as_deref(),
        Some("AssertionError: expected 1")
    );
}

#[test]
fn references_and_quoted_markup_are_data() {
    let said = one("<failure>&lt;a&gt; &#x1B;[31m <![CDATA[<b> & ]]]]><![CDATA[>]]></failure>");
    assert_eq!(said.message.as_deref(), Some("<a> \u{1b}[31m <b> & ]]>"));
}

#[test]
fn a_name_is_placed_by_class_or_suite_and_never_twice() {
    let id = |attributes: &str| {
        let text = format!("<testsuite name=\"s\"><testcase {attributes}/></testsuite>");
        read(&text).unwrap().remove(0).id
    };
    assert_eq!(id("name=\"t\""), "s::t");
    assert_eq!(id("name=\"t\" classname=\"c\""), "c::t");
    assert_eq!(id("name=\"c\" classname=\"c\""), "c");
    assert_eq!(id("name=\"cat\" classname=\"c\""), "c::cat");
    assert_eq!(
        id("name=\"t\" classname=\"c\" file=\"./a/b.rb\""),
        "a/b.rb::t"
    );
}
