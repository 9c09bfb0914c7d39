//! The arguments of each runner.

use super::super::{Selected, plan};
use super::{check, inexact, target, with_ids};
use crate::policy::CheckBlock;
use crate::proof::target::Target;

const JUNIT: &str = "report = 'junit'";

/// Writes the one run that is planned, its arguments one a line.
fn planned(check: &CheckBlock, targets: &[Target]) -> Vec<String> {
    let mut runs = plan(check, targets);
    assert_eq!(runs.len(), 1, "{runs:?}");
    let run = runs.remove(0);
    assert_eq!(run.file, None);
    run.more
}

#[test]
fn a_check_that_cannot_select_runs_its_whole_suite() {
    let whole = [Selected::whole_suite()];
    let targets = [target("tests/test_a.py", &["test_x"])];
    assert_eq!(plan(&check("pytest", "", JUNIT), &targets), whole);
    assert_eq!(plan(&check("pytest", "-q", JUNIT), &targets), whole);
    assert_eq!(plan(&check("pytest", "{tests}", JUNIT), &[]), whole);
}

#[test]
fn pytest_is_given_files_and_an_expression_of_functions() {
    let targets = [
        target("tests/test_b.py", &["TestX", "test_y"]),
        target("tests/test_a.py", &["test_z"]),
        target("tests/test_b.py", &["test_z"]),
    ];
    assert_eq!(
        planned(
            &check("uv run python -m pytest -q", "{tests}", JUNIT),
            &targets
        ),
        [
            "-k",
            "test_y or test_z",
            "tests/test_b.py",
            "tests/test_a.py"
        ]
    );
}

#[test]
fn pytest_keeps_an_expression_of_its_own_and_gets_none_for_what_has_no_function() {
    let named = target("tests/test_a.py", &["test_x"]);
    let own = check("pytest -k not_slow", "{tests}", JUNIT);
    assert_eq!(
        planned(&own, std::slice::from_ref(&named)),
        ["tests/test_a.py"]
    );
    let whole_file = target("tests/test_b.txt", &[]);
    assert_eq!(
        planned(&check("pytest", "{tests}", JUNIT), &[named, whole_file]),
        ["tests/test_a.py", "tests/test_b.txt"]
    );
}

#[test]
fn pytest_is_given_the_folder_of_a_file_whose_name_it_would_cut() {
    let pytest = check("pytest", "{tests}", JUNIT);
    let of = |file| planned(&pytest, &[target(file, &["test_x"])]).pop();
    assert_eq!(of("a b/test_[1].py").as_deref(), Some("a b"));
    assert_eq!(of("[a]/test_b.py").as_deref(), Some("."));
    assert_eq!(of("-a/test_b.py").as_deref(), Some("./-a/test_b.py"));
}

#[test]
fn files_are_named_from_the_folder_that_the_check_runs_in() {
    let vitest = check("env -C web npx vitest run", "{tests}", JUNIT);
    let inside = target("web/a.test.js", &["adds"]);
    let outside = target("webs/b.test.js", &["adds"]);
    assert_eq!(planned(&vitest, &[inside, outside.clone()]), ["a.test.js"]);
    assert_eq!(plan(&vitest, &[outside]), []);
}

#[test]
fn cargo_is_given_each_name_that_a_test_may_have() {
    let targets = [
        target("src/a/b.rs", &["tests", "x"]),
        with_ids(target("tests/it.rs", &["adds"]), &["it tests/it.rs::adds"]),
        with_ids(
            target("src/lib.rs", &[]),
            &["sample doc::src/lib.rs - double (line 5)"],
        ),
    ];
    let cargo = check("cargo test", "-- --exact {tests}", "report = 'libtest'");
    assert_eq!(
        planned(&cargo, &targets),
        [
            "--",
            "--exact",
            "a::b::tests::x",
            "adds",
            "src/lib.rs - double (line 5)"
        ]
    );
}

#[test]
fn nextest_is_given_names_without_the_program() {
    let adds = with_ids(
        target("tests/it.rs", &["adds"]),
        &["sample::it::adds::case_1"],
    );
    let nextest = check("cargo nextest run", "-- --exact {tests}", JUNIT);
    assert_eq!(
        planned(&nextest, &[adds]),
        ["--", "--exact", "it::adds::case_1", "adds::case_1", "adds"]
    );
}

#[test]
fn a_rust_test_whose_cases_are_not_known_is_named_by_a_part_of_its_name() {
    let cargo = check("cargo test", "-- --exact {tests}", "report = 'libtest'");
    let cases = inexact(target("tests/it.rs", &["adds"]));
    assert_eq!(planned(&cargo, &[cases]), ["--", "adds"]);
}

#[test]
fn node_has_a_run_for_each_file() {
    let node = check("node --test", "{tests}", JUNIT);
    let targets = [
        target("b.test.mjs", &["x"]),
        target("-a.test.mjs", &["x"]),
        target("b.test.mjs", &["y"]),
    ];
    let run = |file: &str, arg: &str| Selected {
        more: vec![arg.to_owned()],
        file: Some(file.to_owned()),
    };
    assert_eq!(
        plan(&node, &targets),
        [
            run("b.test.mjs", "b.test.mjs"),
            run("-a.test.mjs", "./-a.test.mjs")
        ]
    );
    let pattern = target("[id].test.mjs", &["x"]);
    assert_eq!(plan(&node, &[pattern]), [Selected::whole_suite()]);
}

#[test]
fn jest_is_told_that_its_arguments_are_paths() {
    let env = "report = 'junit'\nenv = { JEST_JUNIT_ADD_FILE_ATTRIBUTE = 'true' }";
    let targets = [target("a (1).test.js", &["x"])];
    let of = |only| planned(&check("npx jest --ci", only, env), &targets);
    assert_eq!(of("{tests}"), ["--runTestsByPath", "a (1).test.js"]);
    assert_eq!(
        of("--runTestsByPath {tests}"),
        ["--runTestsByPath", "a (1).test.js"]
    );
    assert_eq!(of("-- {tests}"), ["--", r"a \(1\)\.test\.js$"]);
    assert_eq!(
        of("--testPathPatterns=({tests})"),
        [r"--testPathPatterns=(a \(1\)\.test\.js)"]
    );
    // Where the report may name no file, the run does.
    let unnamed = plan(&check("npx jest", "{tests}", JUNIT), &targets);
    assert_eq!(unnamed[0].file.as_deref(), Some("a (1).test.js"));
}

#[test]
fn go_is_given_one_pattern_of_functions() {
    let targets = [
        target("a_test.go", &["TestX", "some sub"]),
        target("b/b_test.go", &["TestY"]),
        target("b/b_test.go", &["TestX"]),
    ];
    let of = |only| {
        planned(
            &check("go test -json ./...", only, "report = 'go-json'"),
            &targets,
        )
    };
    assert_eq!(of("-run ^({tests})$"), ["-run", "^(TestX|TestY)$"]);
    assert_eq!(of("-run {tests}"), ["-run", "^(TestX|TestY)$"]);
}

#[test]
fn an_unknown_runner_is_given_ids_where_they_are_known_and_else_files() {
    let targets = [
        with_ids(target("a.lua", &["x"]), &["a.lua::x 1", "a.lua::x 2"]),
        target("b.lua", &["y"]),
    ];
    let runner = check("busted", "--run {tests}", JUNIT);
    assert_eq!(
        planned(&runner, &targets),
        ["--run", "a.lua::x 1", "a.lua::x 2", "b.lua"]
    );
}

#[test]
fn more_tests_than_arguments_can_name_run_by_file_and_then_as_a_whole() {
    let many = |count: usize, files: usize| -> Vec<Target> {
        let one = |number: usize| {
            let file = format!("{}.lua", number % files);
            with_ids(target(&file, &["x"]), &[&format!("id {number}")])
        };
        (0..count).map(one).collect()
    };
    let runner = check("busted", "{tests}", JUNIT);
    assert_eq!(planned(&runner, &many(1000, 3)).len(), 1000);
    assert_eq!(
        planned(&runner, &many(1001, 3)),
        ["0.lua", "1.lua", "2.lua"]
    );
    assert_eq!(planned(&runner, &many(2002, 1001)), Vec::<String>::new());
    let long = with_ids(target("a.lua", &["x"]), &[&"x".repeat(100 << 10)]);
    assert_eq!(planned(&runner, &[long]), ["a.lua"]);
    let pytest: Vec<Target> = (0..201)
        .map(|n| target("test_a.py", &[&format!("test_{n}")]))
        .collect();
    assert_eq!(
        planned(&check("pytest", "{tests}", JUNIT), &pytest),
        ["test_a.py"]
    );
}
