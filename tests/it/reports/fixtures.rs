//! Reports that runners wrote once, kept as they are (fixtures/README.md).

use pdd_hooks::policy::ReportForm::{self, GoJson, Junit, Libtest};
use pdd_hooks::proof::report::{MESSAGE_LIMIT, TestCase, read};

use super::{expected, here, node_without_files, tests_of};

fn fixture(name: &str) -> Vec<u8> {
    let path = here("fixtures").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[track_caller]
fn becomes(form: ReportForm, name: &str, expected: &str) {
    assert_eq!(tests_of(form, &fixture(name)), expected);
}

/// Returns what a fixture says of one test.
fn message(form: ReportForm, name: &str, id: &str) -> String {
    let cases = read(form, &fixture(name)).unwrap();
    let case = cases.into_iter().find(|case| case.id == id);
    case.and_then(|case| case.message)
        .unwrap_or_else(|| panic!("nothing is said of {id}"))
}

#[test]
fn pytest_s_reports_are_read_in_both_of_its_forms() {
    becomes(Junit, "pytest-9.2.0.xml", expected::PYTEST);
    becomes(Junit, "pytest-9.2.0-xunit1.xml", expected::PYTEST);
}

#[test]
fn a_python_module_that_cannot_be_imported_is_a_load_failure() {
    becomes(Junit, "pytest-9.2.0-broken.xml", expected::PYTEST_BROKEN);
    becomes(
        Junit,
        "pytest-9.2.0-broken-continued.xml",
        expected::PYTEST_BROKEN_CONTINUED,
    );
}

#[test]
fn node_s_report_is_read_though_it_has_no_suites_and_no_counts() {
    becomes(Junit, "node-20.20.2.xml", expected::NODE);
    for name in ["node-22.23.3.xml", "node-24.21.0.xml"] {
        let tests = node_without_files(&fixture(name), "/project");
        assert_eq!(tests, expected::NODE.replace("/project/", ""), "{name}");
    }
}

#[test]
fn a_failure_that_node_counts_and_does_not_name_is_not_lost() {
    becomes(Junit, "node-20.20.2-parent.xml", expected::NODE_PARENT);
    let tests = node_without_files(&fixture("node-24.21.0-parent.xml"), "/project");
    assert_eq!(tests, expected::NODE_PARENT);
}

#[test]
fn vitest_s_report_is_read_with_its_files() {
    becomes(Junit, "vitest-3.2.7.xml", expected::VITEST);
}

#[test]
fn jest_s_report_is_read_with_and_without_files() {
    becomes(Junit, "jest-30.5.2.xml", expected::JEST);
    becomes(Junit, "jest-30.5.2-files.xml", expected::JEST_FILES);
}

#[test]
fn nextest_s_report_is_read_and_a_flaky_test_did_not_pass() {
    becomes(Junit, "nextest-0.9.143.xml", expected::NEXTEST);
    let said = message(
        Junit,
        "nextest-0.9.143.xml",
        "sample::it::passes_the_second_time",
    );
    assert!(
        said.starts_with("flaky: it failed, and passed when it was tried again\n"),
        "{said}"
    );
}

#[test]
fn gotestsum_s_report_is_read_though_its_counts_leave_out_packages() {
    becomes(Junit, "gotestsum-1.12.xml", expected::GOTESTSUM);
}

#[test]
fn the_text_of_cargo_test_is_read_with_many_threads_and_with_one() {
    becomes(Libtest, "cargo-1.95.0.txt", expected::CARGO);
    becomes(Libtest, "cargo-1.95.0-one-thread.txt", expected::CARGO);
}

#[test]
fn a_rust_test_program_that_does_not_compile_is_a_load_failure() {
    becomes(Libtest, "cargo-1.95.0-broken.txt", expected::CARGO_BROKEN);
    let said = message(Libtest, "cargo-1.95.0-broken.txt", "broken (test \"it\")");
    assert!(
        said.starts_with("error[E0425]: cannot find function `double`"),
        "{said}"
    );
}

#[test]
fn a_rust_test_program_that_crashes_is_a_failure() {
    becomes(Libtest, "cargo-1.95.0-crash.txt", expected::CARGO_CRASH);
}

#[test]
fn go_s_events_are_read_with_and_without_those_of_the_build() {
    becomes(GoJson, "go-json-1.24.json", expected::GO);
    becomes(
        GoJson,
        "go-json-1.23.json",
        expected::GO_BEFORE_BUILD_EVENTS,
    );
    let said = message(GoJson, "go-json-1.24.json", "example.org/app/broken");
    assert_eq!(
        said,
        "# example.org/app/broken [example.org/app/broken.test]\nbroken/broken_test.go:3:11: undefined: Double"
    );
}

#[test]
fn output_with_markup_and_control_characters_is_kept_as_data() {
    let said = message(
        Libtest,
        "cargo-1.95.0.txt",
        "sample src/lib.rs::tests::fails",
    );
    assert!(said.starts_with("]]> is in the output, and so is \u{1b}[31mred\u{1b}[0m\n"));
    let said = message(Junit, "pytest-9.2.0.xml", "tests/test_app.py::test_fails");
    assert!(said.starts_with("AssertionError: one is not two ]]> <b> &amp; #x1B[31mred"));
}

#[test]
fn a_report_cut_anywhere_is_refused_and_the_whole_one_is_bounded() {
    let names = [
        "pytest-9.2.0.xml",
        "nextest-0.9.143.xml",
        "jest-30.5.2-files.xml",
    ];
    for name in names {
        let whole = fixture(name);
        let end = whole.iter().rposition(|&byte| byte == b'<').unwrap();
        for cut in (0..=end).step_by(7) {
            assert!(read(Junit, &whole[..cut]).is_err(), "{name} cut at {cut}");
        }
        let cases = read(Junit, &whole).unwrap();
        let messages = cases.iter().filter_map(|case| case.message.as_ref());
        assert!(messages.into_iter().all(|it| it.len() <= MESSAGE_LIMIT));
    }
}

#[test]
fn a_result_of_cargo_test_that_is_missing_or_written_twice_is_noticed() {
    let whole = String::from_utf8(fixture("cargo-1.95.0.txt")).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let results = lines.iter().filter(|line| line.starts_with("test "));
    assert_eq!(results.count(), 18);
    for (at, line) in lines.iter().enumerate() {
        let (before, after) = (lines[..at].concat(), lines[at + 1..].concat());
        let missing = read(Libtest, format!("{before}{after}").as_bytes());
        let twice = read(Libtest, format!("{before}{line}{line}{after}").as_bytes());
        if line.starts_with("test result: ") {
            let crashed = |case: &TestCase| case.id.ends_with("::(no summary)");
            assert!(
                missing.map_or(true, |cases| cases.iter().any(crashed)),
                "{line}"
            );
            assert!(twice.is_err(), "{line}");
        } else if line.starts_with("test ") {
            assert!(missing.is_err() && twice.is_err(), "{line}");
        }
    }
}
