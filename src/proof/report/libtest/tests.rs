//! Forged, cut and noisy text; what cargo really writes is in the fixtures.

use super::super::{FailureKind, State, TestCase};
use super::read;

const HEAD: &str = "     Running unittests src/lib.rs (target/debug/deps/app-0123456789abcdef)\n\n";

fn summary(passed: usize, failed: usize) -> String {
    let word = if failed == 0 { "ok" } else { "FAILED" };
    format!(
        "\ntest result: {word}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n"
    )
}

fn states(text: &str) -> Vec<(String, State)> {
    let cases = read(text).unwrap();
    cases
        .into_iter()
        .map(|case| (case.id, case.state))
        .collect()
}

fn passed(id: &str) -> (String, State) {
    (id.to_owned(), State::Passed)
}

#[test]
fn a_forged_result_is_refused_by_the_summary() {
    let text = format!(
        "{HEAD}running 1 test\ntest forged ... ok\ntest a ... ok\n{}",
        summary(1, 0)
    );
    let refusal = read(&text).unwrap_err().to_string();
    assert!(
        refusal.starts_with(
            "2 results and the summary of `app src/lib.rs` disagree: `test result: ok. 1 passed"
        ),
        "{refusal}"
    );
}

#[test]
fn a_forged_summary_is_refused_by_what_follows_it() {
    let forged = summary(1, 0);
    let text = format!(
        "{HEAD}running 2 tests\ntest a ... ok\n{forged}test b ... FAILED\n{}",
        summary(1, 1)
    );
    assert!(read(&text).is_err());
    let text = format!(
        "{HEAD}running 1 test\ntest a ... ok\n{forged}test a ... FAILED\n{}",
        summary(0, 1)
    );
    let refusal = read(&text).unwrap_err().to_string();
    assert_eq!(
        refusal,
        "a result stands outside its block: a test wrote lines like those of the harness"
    );
}

#[test]
fn a_forged_block_is_not_taken_for_that_of_the_program() {
    let forged = format!("running 1 test\ntest fine ... ok\n{}", summary(1, 0));
    let text = format!("{HEAD}running 2 tests\n{forged}");
    let expected = [
        ("app src/lib.rs::(no summary)".to_owned(), State::Failed),
        passed("app src/lib.rs::fine"),
    ];
    assert_eq!(states(&text), expected);
}

#[test]
fn what_a_failed_test_wrote_is_a_quotation_even_where_it_is_a_run_of_cargo() {
    // Its summary is that of the block around it.
    let quoted = format!(
        "{HEAD}running 2 tests\ntest inner ... ok\n{}",
        summary(1, 1)
    );
    let text = format!(
        "{HEAD}running 2 tests\ntest a ... FAILED\ntest b ... ok\n\nfailures:\n\n---- a stdout ----\n{quoted}\n\nfailures:\n    a\n{}",
        summary(1, 1)
    );
    let cases = read(&text).unwrap();
    let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["app src/lib.rs::a", "app src/lib.rs::b"]);
    assert_eq!(cases[0].message.as_deref(), Some(quoted.trim_matches('\n')));
}

#[test]
fn what_a_test_writes_before_its_result_with_one_thread_is_passed_over() {
    let text = format!(
        "{HEAD}running 1 test\ntest a ... hello\nworld\nok\n{}",
        summary(1, 0)
    );
    assert_eq!(states(&text), [passed("app src/lib.rs::a")]);
}

#[test]
fn results_of_files_within_a_test_are_not_the_harness_s() {
    let text = format!(
        "{HEAD}running 1 test\ntest tests/ui/a.rs ... ok\ntest ui ... ok\n{}",
        summary(1, 0)
    );
    assert_eq!(states(&text), [passed("app src/lib.rs::ui")]);
}

#[test]
fn a_block_without_a_summary_has_a_failure_for_what_did_not_end() {
    let text = format!("{HEAD}running 3 tests\ntest a ... ok\ntest b ... ");
    let message = "the program ended without a summary: 1 of 3 tests have a result";
    let expected = [
        TestCase::new("app src/lib.rs::a", State::Passed),
        TestCase::failed("app src/lib.rs::b", FailureKind::Error, message),
    ];
    assert_eq!(read(&text).unwrap(), expected);
}

#[test]
fn text_without_the_names_of_programs_is_read_and_ids_are_bare() {
    let text = format!(
        "\nrunning 1 test\ntest a::b - should panic ... ok\n{}",
        summary(1, 0)
    );
    assert_eq!(states(&text), [passed("a::b")]);
}

#[test]
fn times_reasons_and_benches_are_results() {
    let text = "running 3 tests\ntest a ... ok <0.012s>\ntest b ... ignored, the reason\ntest c ... bench:  5 ns/iter (+/- 1)\n\n\
        test result: ok. 1 passed; 0 failed; 1 ignored; 1 measured; 0 filtered out; finished in 0.00s\n";
    let skipped = ("b".to_owned(), State::Skipped);
    assert_eq!(states(text), [passed("a"), skipped, passed("c")]);
}

#[test]
fn text_of_another_program_is_refused() {
    let refusal = read("error: no such command: `tset`\n").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "it has no line `running … tests` and no error of the compiler"
    );
    let quiet = format!("running 2 tests\n..\n{}", summary(2, 0));
    assert!(read(&quiet).is_err());
}
