//! The cases of a test, and what keeps one from being loaded, in the ids that reports get.

use super::super::{find, loading};
use super::{check, inexact, target, with_ids};
use crate::policy::CheckBlock;
use crate::proof::report::{FailureKind, State, TestCase};
use crate::proof::target::Target;

/// Makes the cases of lines `id` or `id in file`.
fn cases(lines: &[&str]) -> Vec<TestCase> {
    let one = |line: &&str| {
        let (id, file) = match line.rsplit_once(" in ") {
            Some((id, file)) => (id, Some(file.to_owned())),
            None => (*line, None),
        };
        TestCase {
            file,
            ..TestCase::new(id, State::Passed)
        }
    };
    lines.iter().map(one).collect()
}

fn loads(lines: &[&str]) -> Vec<TestCase> {
    let load = |case| TestCase {
        state: State::Failed,
        kind: Some(FailureKind::Load),
        ..case
    };
    cases(lines).into_iter().map(load).collect()
}

fn found(
    check: &CheckBlock,
    target: &Target,
    cases: &[TestCase],
    ran: Option<&str>,
) -> Vec<String> {
    let found = find(check, target, cases, ran).into_iter();
    found.map(|case| case.id.clone()).collect()
}

fn junit(run: &str) -> CheckBlock {
    check(run, "{tests}", "report = 'junit'")
}

fn libtest() -> CheckBlock {
    check("cargo test", "-- --exact {tests}", "report = 'libtest'")
}

fn go() -> CheckBlock {
    check(
        "go test -json ./...",
        "-run ^({tests})$",
        "report = 'go-json'",
    )
}

#[test]
fn pytest_has_a_case_for_each_parameter() {
    let file = "tests/test_a.py";
    let all = cases(&[
        "tests/test_a.py::test_x[1-2] in tests/test_a.py",
        "tests/test_a.py::test_x[a::b] in tests/test_a.py",
        "tests/test_a.py::test_x[a::b] #2 in tests/test_a.py",
        "tests/test_a.py::test_xy in tests/test_a.py",
        "tests/test_a.py::TestX::test_x in tests/test_a.py",
        "tests/test_b.py::test_x[1-2] in tests/test_b.py",
    ]);
    let of = |path: &[&str]| found(&junit("pytest"), &target(file, path), &all, None);
    assert_eq!(
        of(&["test_x"]),
        [
            "tests/test_a.py::test_x[1-2]",
            "tests/test_a.py::test_x[a::b]",
            "tests/test_a.py::test_x[a::b] #2"
        ]
    );
    assert_eq!(of(&["TestX", "test_x"]), ["tests/test_a.py::TestX::test_x"]);
    assert_eq!(of(&["TestY", "test_xy"]), Vec::<String>::new());
    assert_eq!(of(&[]).len(), 5);
}

#[test]
fn a_test_that_classes_inherit_is_found_in_each_of_them() {
    let all = cases(&[
        "test_a.py::TestOne::test_x in test_a.py",
        "test_a.py::TestTwo::test_x in test_a.py",
        "test_a.py::test_x in test_a.py",
    ]);
    let base = target("test_a.py", &["Base", "test_x"]);
    assert_eq!(
        found(&junit("pytest"), &base, &all, None),
        ["test_a.py::TestOne::test_x", "test_a.py::TestTwo::test_x"]
    );
}

#[test]
fn a_module_that_pytest_does_not_know_as_a_file_is_found_by_its_dotted_name() {
    let all = cases(&["checks::app::TestX::test_y"]);
    let of = |file| {
        let target = target(file, &["TestX", "test_y"]);
        found(&junit("pytest"), &target, &all, None).len()
    };
    assert_eq!(of("checks/app.py"), 1);
    assert_eq!(of("checks/other.py"), 0);
}

#[test]
fn below_the_top_ids_begin_with_a_path_from_there() {
    let api = junit("env -C api pytest");
    let from_there = cases(&["tests/test_a.py::test_x in api/tests/test_a.py"]);
    let from_the_top = cases(&["api/tests/test_a.py::test_x in api/tests/test_a.py"]);
    let x = target("api/tests/test_a.py", &["test_x"]);
    assert_eq!(found(&api, &x, &from_there, None).len(), 1);
    assert_eq!(found(&api, &x, &from_the_top, None).len(), 1);
}

#[test]
fn the_groups_of_each_javascript_runner_are_joined_in_its_way() {
    let all = |separator: &str| {
        cases(&[
            &format!("a.test.js::group{separator}adds in a.test.js"),
            "a.test.js::adds in a.test.js",
            "a.test.js::adds two in a.test.js",
        ])
    };
    let grouped = target("a.test.js", &["group", "adds"]);
    let plain = target("a.test.js", &["adds"]);
    for (run, separator) in [("vitest run", " > "), ("jest", " "), ("node --test", " > ")] {
        let all = all(separator);
        assert_eq!(
            found(&junit(run), &grouped, &all, None),
            [all[0].id.as_str()]
        );
        assert_eq!(found(&junit(run), &plain, &all, None), ["a.test.js::adds"]);
    }
}

#[test]
fn a_title_with_holes_takes_each_case_that_fills_them() {
    let all = cases(&[
        "a.test.js::group > takes 1 in a.test.js",
        "a.test.js::group > takes 2 in a.test.js",
        "a.test.js::group > gives 2 in a.test.js",
    ]);
    let takes = inexact(target("a.test.js", &["group", "takes %i"]));
    assert_eq!(
        found(&junit("vitest run"), &takes, &all, None),
        ["a.test.js::group > takes 1", "a.test.js::group > takes 2"]
    );
}

#[test]
fn where_a_report_names_no_file_the_run_does() {
    let node = junit("node --test");
    let all = cases(&["adds", "parent > child"]);
    let adds = with_ids(target("b.test.js", &["adds"]), &["adds #2"]);
    assert_eq!(found(&node, &adds, &all, Some("b.test.js")), ["adds"]);
    assert_eq!(
        found(&node, &adds, &all, Some("a.test.js")),
        Vec::<String>::new()
    );
    let parent = target("b.test.js", &["parent"]);
    assert_eq!(
        found(&node, &parent, &all, Some("b.test.js")),
        ["parent > child"]
    );
}

#[test]
fn an_id_decides_where_the_file_is_not_known() {
    let node = junit("node --test");
    let all = cases(&["adds", "adds #2"]);
    let second = with_ids(target("b.test.js", &["adds"]), &["adds #2"]);
    assert_eq!(found(&node, &second, &all, None), ["adds #2"]);
}

#[test]
fn a_rust_test_is_one_of_its_program_and_module() {
    let all = cases(&[
        "sample src/lib.rs::tests::adds",
        "sample src/lib.rs::a::tests::adds",
        "tool src/bin/tool.rs::tests::adds",
        "it tests/it.rs::adds",
        "other tests/other.rs::adds",
        "it tests/it.rs::cases::case_1",
        "it tests/it.rs::cases::case_2",
    ]);
    let of = |file, path: &[&str]| found(&libtest(), &target(file, path), &all, None);
    assert_eq!(
        of("src/lib.rs", &["tests", "adds"]),
        ["sample src/lib.rs::tests::adds"]
    );
    assert_eq!(
        of("src/a.rs", &["tests", "adds"]),
        ["sample src/lib.rs::a::tests::adds"]
    );
    assert_eq!(
        of("src/bin/tool.rs", &["tests", "adds"]),
        ["tool src/bin/tool.rs::tests::adds"]
    );
    assert_eq!(of("tests/it.rs", &["adds"]), ["it tests/it.rs::adds"]);
    assert_eq!(
        of("tests/it.rs", &["cases"]),
        [
            "it tests/it.rs::cases::case_1",
            "it tests/it.rs::cases::case_2"
        ]
    );
    assert_eq!(of("tests/it.rs", &["add"]), Vec::<String>::new());
}

#[test]
fn of_packages_with_one_test_each_the_one_named_like_the_folder_is_taken() {
    let all = cases(&[
        "one src/lib.rs::tests::adds",
        "two_b src/lib.rs::tests::adds",
    ]);
    let of = |file| found(&libtest(), &target(file, &["tests", "adds"]), &all, None);
    assert_eq!(
        of("crates/two-b/src/lib.rs"),
        ["two_b src/lib.rs::tests::adds"]
    );
    assert_eq!(of("crates/elsewhere/src/lib.rs").len(), 2);
    let nextest = cases(&["one::tests::adds", "two-b::tests::adds", "two-b::it::adds"]);
    let nextest = |file, path: &[&str]| {
        found(
            &junit("cargo nextest run"),
            &target(file, path),
            &nextest,
            None,
        )
    };
    assert_eq!(
        nextest("crates/two-b/src/lib.rs", &["tests", "adds"]),
        ["two-b::tests::adds"]
    );
    assert_eq!(
        nextest("crates/two-b/tests/it.rs", &["adds"]),
        ["two-b::it::adds"]
    );
}

#[test]
fn a_go_test_is_one_of_the_package_of_its_folder() {
    let all = cases(&[
        "example.org/app::TestX",
        "example.org/app::TestX/some_sub",
        "example.org/app::TestX/some_sub#01",
        "example.org/app/inner::TestX",
        "example.org/app/deep/inner::TestX",
    ]);
    let of = |file, path: &[&str]| found(&go(), &target(file, path), &all, None);
    assert_eq!(of("x_test.go", &["TestX"]), ["example.org/app::TestX"]);
    assert_eq!(
        of("inner/x_test.go", &["TestX"]),
        ["example.org/app/inner::TestX"]
    );
    assert_eq!(
        of("x_test.go", &["TestX", "some sub"]),
        [
            "example.org/app::TestX/some_sub",
            "example.org/app::TestX/some_sub#01"
        ]
    );
    let table = inexact(target("x_test.go", &["TestX", "tc.name"]));
    assert_eq!(found(&go(), &table, &all, None).len(), 2);
}

#[test]
fn a_test_without_a_place_is_known_by_its_ids_and_else_by_its_file() {
    let all = cases(&["one in a.lua", "two in a.lua", "three in b.lua"]);
    let runner = junit("busted");
    let known = with_ids(target("a.lua", &[]), &["two"]);
    assert_eq!(found(&runner, &known, &all, None), ["two"]);
    assert_eq!(
        found(&runner, &target("a.lua", &[]), &all, None),
        ["one", "two"]
    );
}

#[test]
fn a_file_that_cannot_be_loaded_is_that_of_its_tests_alone() {
    let of = |run, file, all: &[TestCase], ran| {
        let case = loading(&junit(run), &target(file, &["x"]), all, ran).cloned();
        case.map(|case| case.id)
    };
    let python = loads(&["tests/test_b.py in tests/test_b.py"]);
    assert!(of("pytest", "tests/test_b.py", &python, None).is_some());
    assert!(of("pytest", "tests/test_a.py", &python, None).is_none());
    // Node gives the file as the name.
    let node = loads(&["web/b.test.mjs"]);
    assert!(of("env -C web node --test", "web/b.test.mjs", &node, None).is_some());
    assert!(
        of(
            "node --test",
            "web/b.test.mjs",
            &node,
            Some("web/b.test.mjs")
        )
        .is_some()
    );
    assert!(
        of(
            "node --test",
            "web/a.test.mjs",
            &node,
            Some("web/b.test.mjs")
        )
        .is_none()
    );
    let passed = cases(&["tests/test_b.py in tests/test_b.py"]);
    assert!(of("pytest", "tests/test_b.py", &passed, None).is_none());
}

#[test]
fn a_program_that_is_not_compiled_is_that_of_the_file_or_what_it_is_built_with() {
    let of = |file, all: &[&str]| {
        let all = loads(all);
        let case = loading(&libtest(), &target(file, &["x"]), &all, None).cloned();
        case.map(|case| case.id)
    };
    let some = |id: &str| Some(id.to_owned());
    let all = [r#"one (test "it")"#, "one (lib test)", r#"two (test "it")"#];
    assert_eq!(
        of("crates/two/tests/it.rs", &all),
        some(r#"two (test "it")"#)
    );
    assert_eq!(of("crates/one/src/a.rs", &all), some("one (lib test)"));
    assert_eq!(of("tests/other.rs", &all), None);
    assert_eq!(of("tests/other.rs", &["one (lib)"]), some("one (lib)"));
    let tool = [r#"one (bin "tool" test)"#];
    assert_eq!(
        of("src/bin/tool.rs", &tool),
        some(r#"one (bin "tool" test)"#)
    );
}

#[test]
fn a_go_package_that_is_not_built_is_that_of_the_folder() {
    let all = loads(&[
        "example.org/app",
        "example.org/app/inner [example.org/app/inner.test]",
    ]);
    let of = |file| loading(&go(), &target(file, &["TestX"]), &all, None).map(|case| &case.id);
    assert_eq!(of("inner/x_test.go"), Some(&all[1].id));
    assert_eq!(of("x_test.go"), Some(&all[0].id));
    assert_eq!(of("other/x_test.go"), None);
}
