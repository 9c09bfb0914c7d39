//! What holds for every form: ids apart, messages bounded, no bytes that panic; and the two forms of lines.

use proptest::prelude::*;

use super::{
    FailureKind, MESSAGE_LIMIT, State, TestCase, Unreadable, files_from_top, from_top, read,
};
use crate::policy::ReportForm::{self, ExitCode, GoJson, Junit, Libtest, Ndjson};

const FORMS: [ReportForm; 5] = [Junit, GoJson, Libtest, Ndjson, ExitCode];

fn ids(form: ReportForm, text: &str) -> Vec<String> {
    let cases = read(form, text.as_bytes()).unwrap();
    cases.into_iter().map(|case| case.id).collect()
}

fn refusal(form: ReportForm, text: &str) -> String {
    read(form, text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_repeated_id_gets_a_number_in_order_and_never_one_that_is_taken() {
    let line = |id: &str| format!("{{\"id\":\"{id}\",\"state\":\"passed\"}}\n");
    let text: String = ["a", "a #2", "a", "b", "a"].map(line).concat();
    assert_eq!(ids(Ndjson, &text), ["a", "a #2", "a #3", "b", "a #4"]);
}

#[test]
fn a_message_is_cut_at_a_character() {
    let long = "ä".repeat(MESSAGE_LIMIT);
    let text = format!("{{\"id\":\"a\",\"state\":\"failed\",\"message\":\"x{long}\"}}");
    let cases = read(Ndjson, text.as_bytes()).unwrap();
    let message = cases[0].message.as_ref().unwrap();
    assert_eq!(message.len(), MESSAGE_LIMIT - 1);
    assert!(message.ends_with('ä'));
}

#[test]
fn the_top_of_the_tree_is_taken_out_of_ids_and_files() {
    let case = |id: &str, file: Option<&str>| TestCase {
        file: file.map(str::to_owned),
        ..TestCase::new(id, State::Passed)
    };
    let mut cases = [
        case("/slot/tree/a.js::x", Some("/slot/tree/a.js")),
        case("/slot/treehouse/a.js", None),
        case("a.js::x", None),
    ];
    from_top(&mut cases, "/slot/tree");
    let expected = [
        case("a.js::x", Some("a.js")),
        case("/slot/treehouse/a.js", None),
        case("a.js::x #2", None),
    ];
    assert_eq!(cases, expected);
}

#[test]
fn a_runner_in_a_folder_names_files_from_there_or_from_the_top() {
    let there = ["a.js", "web/a.js", "web/../a.js", "b.js"];
    let named = |file: &str, folder| {
        let mut cases = [TestCase {
            file: Some(file.to_owned()),
            ..TestCase::new("x", State::Passed)
        }];
        files_from_top(&mut cases, folder, |file| there.contains(&file));
        cases[0].file.clone().unwrap_or_default()
    };
    assert_eq!(named("a.js", Some("web")), "web/a.js");
    assert_eq!(named("web/a.js", Some("web")), "web/a.js");
    assert_eq!(named("b.js", Some("web")), "b.js");
    assert_eq!(named("../a.js", Some("web")), "");
    assert_eq!(named("a.js", None), "a.js");
    assert_eq!(named("c.js", None), "");
}

#[test]
fn the_exit_code_alone_is_no_report() {
    assert_eq!(read(ExitCode, b"anything"), Ok(Vec::new()));
}

#[test]
fn a_line_of_our_own_form_tells_all_that_a_test_has() {
    let text = "{\"id\":\"a::b\",\"state\":\"failed\",\"kind\":\"timeout\",\"ms\":12,\"message\":\"slow\",\
        \"file\":\"t/a\",\"more\":{\"x\":1}}\n\n{\"id\":\"c\",\"state\":\"failed\"}\n";
    let expected = [
        TestCase {
            ms: 12,
            file: Some("t/a".into()),
            ..TestCase::failed("a::b", FailureKind::Timeout, "slow")
        },
        TestCase::failed("c", FailureKind::Error, ""),
    ];
    assert_eq!(read(Ndjson, text.as_bytes()).unwrap(), expected);
}

#[test]
fn a_line_of_our_own_form_that_is_wrong_is_named() {
    let good = "{\"id\":\"a\",\"state\":\"passed\"}\n";
    let refused = |line: &str| refusal(Ndjson, &format!("{good}\n{line}\n"));
    assert_eq!(
        refused("{\"id\":\"b\",\"state\":\"green\"}"),
        "line 3: unknown variant `green`, expected one of `passed`, `failed`, `skipped`"
    );
    assert_eq!(refused("{\"id\":\"b\"}"), "line 3: missing field `state`");
    assert_eq!(
        refused("{\"id\":\"b\",\"state\":"),
        "line 3: EOF while parsing a value"
    );
    assert_eq!(
        refused("{\"id\":\" \",\"state\":\"passed\"}"),
        "line 3: the id is empty"
    );
    assert_eq!(
        refused("{\"id\":\"b\",\"state\":\"passed\",\"kind\":\"assert\"}"),
        "line 3: a kind is told of a test that did not fail"
    );
}

#[test]
fn a_stream_without_go_s_events_is_refused() {
    assert_eq!(refusal(GoJson, ""), "it is empty");
    assert_eq!(
        refusal(GoJson, "go: no module\nFAIL\n"),
        "none of its 2 lines is an event of `go test -json`"
    );
    let cut = "{\"Action\":\"start\",\"Package\":\"a\"}\n{\"Action\":\"pa";
    assert_eq!(
        refusal(GoJson, cut),
        "line 2 is no event of `go test -json`"
    );
}

#[test]
fn a_go_test_or_package_without_an_end_failed() {
    let text = "{\"Action\":\"start\",\"Package\":\"p\"}\n\
        {\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n\
        {\"Action\":\"start\",\"Package\":\"q\"}\n";
    let expected = [
        TestCase::failed(
            "p::TestA",
            FailureKind::Error,
            "it began and has no end in the report",
        ),
        TestCase::failed(
            "q",
            FailureKind::Error,
            "its tests have no end in the report",
        ),
    ];
    assert_eq!(read(GoJson, text.as_bytes()).unwrap(), expected);
}

#[test]
fn a_go_package_that_passed_with_a_failed_test_is_refused() {
    let text = "{\"Action\":\"fail\",\"Package\":\"p\",\"Test\":\"TestA\"}\n\
        {\"Action\":\"pass\",\"Package\":\"p\"}\n";
    assert_eq!(
        refusal(GoJson, text),
        "`p` is said to have passed though its `TestA` did not"
    );
}

#[test]
fn a_go_test_that_runs_twice_is_two_tests() {
    let once = "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n\
        {\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"TestA\"}\n";
    let text = format!("{once}{once}{{\"Action\":\"pass\",\"Package\":\"p\"}}\n");
    assert_eq!(ids(GoJson, &text), ["p::TestA", "p::TestA #2"]);
}

/// What real reports are made of, in any order.
const PIECES: &[&str] = &[
    "<testsuites name=\"nextest-run\" tests=\"1\">",
    "<testsuites>",
    "</testsuites>",
    "<testsuite name=\"pytest\" tests=\"2\" failures=\"1\">",
    "<testsuite disabled=\"0\">",
    "</testsuite>",
    "<testcase name=\"ä\" classname=\"tests.test_a.X\" time=\"1e400\">",
    "<testcase name=\"\" time=\"-1\"/>",
    "</testcase>",
    "<failure message=\"&#10;\">",
    "<failure/>",
    "</failure>",
    "<skipped type=\"todo\"/>",
    "<!-- fail 99999999999999999999 -->",
    "<!-- fail 18446744073709551615 -->",
    "<![CDATA[]]>",
    "&#x1B;",
    "&lt;",
    "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"T\"}\n",
    "{\"Action\":\"fail\",\"Package\":\"p\",\"Elapsed\":1e308}\n",
    "{\"id\":\"a\",\"state\":\"passed\",\"ms\":1}\n",
    "     Running tests/ä.rs (target/debug/deps/ä-0)\n",
    "   Doc-tests \n",
    "running 1 test\n",
    "running 18446744073709551615 tests\n",
    "test a ... ok\n",
    "test a ... ",
    "ok\n",
    "test ... FAILED\n",
    "failures:\n",
    "---- a stdout ----\n",
    "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n",
    "error: could not compile `a` (lib test)\n",
    "\u{1b}[31m",
    "\0",
    "\n",
];

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for form in FORMS {
            let _: Result<Vec<TestCase>, Unreadable> = read(form, &bytes);
        }
    }

    #[test]
    fn no_pieces_of_reports_make_a_reader_panic_or_repeat_an_id(
        chosen in proptest::collection::vec(0..PIECES.len(), 0..40),
    ) {
        let text: String = chosen.iter().map(|&piece| PIECES[piece]).collect();
        for form in FORMS {
            let Ok(cases) = read(form, text.as_bytes()) else {
                continue;
            };
            let distinct: std::collections::HashSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
            prop_assert_eq!(distinct.len(), cases.len());
            prop_assert!(cases.iter().all(|case| case.kind.is_some() == (case.state == State::Failed)));
        }
    }
}
