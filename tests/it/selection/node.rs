//! Node's own runner, vitest and jest, which are given files.

use super::{check, inexact, select, target};
use crate::reports::real::runner;
use crate::support::Repo;

const TESTS: &str = "
test('adds', () => {});
test('adds two', () => { throw new Error('two'); });
describe('group', () => {
  test('adds', () => {});
  test('takes [x] größer', () => {});
});
";
const EACH: &str = "
describe('each', () => {
  test.each([[1, 'a'], [2, 'b']])('takes %i and %s', () => {});
  test(`gives ${1 + 1} back`, () => {});
});
";
const BROKEN: &str = "import './nowhere.mjs';\ntest('adds', () => {});\n";

/// A project of three files that load and one that does not.
fn project(import: &str, more: &str) -> Repo {
    let repo = Repo::bare_folder();
    repo.write("package.json", "{ \"type\": \"module\" }\n");
    for file in ["a.test.mjs", "sub dir/(b)+.test.mjs", "-c.test.mjs"] {
        repo.write(file, format!("{import}{TESTS}{more}"));
    }
    repo.write("broken.test.mjs", format!("{import}{BROKEN}"));
    std::os::unix::fs::symlink(runner("node_modules"), repo.at("node_modules")).unwrap();
    repo
}

fn program(name: &str) -> String {
    let file = runner(&format!("node_modules/.bin/{name}"));
    file.to_str().unwrap().to_owned()
}

fn targets() -> [pdd_hooks::proof::target::Target; 6] {
    [
        target("a.test.mjs", &["adds"]),
        target("a.test.mjs", &["adds two"]),
        target("sub dir/(b)+.test.mjs", &["group", "takes [x] größer"]),
        target("-c.test.mjs", &["group", "adds"]),
        target("broken.test.mjs", &["adds"]),
        target("a.test.mjs", &["gone"]),
    ]
}

#[test]
fn node_runs_one_file_after_another() {
    let run = [
        "node",
        "--test",
        "--test-reporter=junit",
        "--test-reporter-destination={report}",
    ];
    let node = check(&run, &["{tests}"], "report = 'junit'");
    let repo = project("import { describe, test } from 'node:test';\n", "");
    let told = select(&repo, &node, &targets());
    // Version 24 puts the file before the name.
    let told = ["a.test.mjs", "sub dir/(b)+.test.mjs", "-c.test.mjs"]
        .iter()
        .fold(told, |told, file| told.replace(&format!("`{file}::"), "`"));
    let expected = "\
a run of a.test.mjs: 4 reported
a run of sub dir/(b)+.test.mjs: 4 reported
a run of -c.test.mjs: 4 reported
a run of broken.test.mjs: 1 reported
a.test.mjs adds: passed `adds`
a.test.mjs adds two: failed `adds two`
sub dir/(b)+.test.mjs group > takes [x] größer: passed `group > takes [x] größer`
-c.test.mjs group > adds: passed `group > adds`
broken.test.mjs adds: not loaded `broken.test.mjs`
a.test.mjs gone:
";
    assert_eq!(told, expected);
}

/// What vitest and jest report: the seven tests of each of three files, and that one was not loaded.
fn expected(separator: &str) -> String {
    format!(
        "a run: 22 reported
a.test.mjs adds: passed `a.test.mjs::adds`
a.test.mjs adds two: failed `a.test.mjs::adds two`
sub dir/(b)+.test.mjs group > takes [x] größer: passed `sub dir/(b)+.test.mjs::group{separator}takes [x] größer`
-c.test.mjs group > adds: passed `-c.test.mjs::group{separator}adds`
broken.test.mjs adds: not loaded `broken.test.mjs`
a.test.mjs gone:
a.test.mjs each > takes %i and %s: passed `a.test.mjs::each{separator}takes 1 and a` passed `a.test.mjs::each{separator}takes 2 and b`
a.test.mjs each > gives ${{1 + 1}} back: passed `a.test.mjs::each{separator}gives 2 back`
"
    )
}

fn targets_with_cases() -> Vec<pdd_hooks::proof::target::Target> {
    let each = [
        inexact("a.test.mjs", &["each", "takes %i and %s"]),
        inexact("a.test.mjs", &["each", "gives ${1 + 1} back"]),
    ];
    targets().into_iter().chain(each).collect()
}

#[test]
fn vitest_runs_the_files_of_the_tests() {
    let vitest = program("vitest");
    let run = [
        vitest.as_str(),
        "run",
        "--reporter=junit",
        "--outputFile={report}",
    ];
    let check = check(&run, &["{tests}"], "report = 'junit'");
    let repo = project("import { describe, test } from 'vitest';\n", EACH);
    repo.write("other.test.mjs", "this is not run\n");
    let targets = targets_with_cases();
    assert_eq!(select(&repo, &check, &targets), expected(" > "));
}

#[test]
fn jest_runs_the_files_of_the_tests() {
    let jest = program("jest");
    // An option that takes a list takes all that follows it, unless another option does.
    let run = [
        jest.as_str(),
        "--ci",
        "--reporters=default",
        "--reporters=jest-junit",
    ];
    let env = "report = 'junit'\nenv = { JEST_JUNIT_OUTPUT_FILE = '{report}', \
               JEST_JUNIT_ADD_FILE_ATTRIBUTE = 'true', JEST_JUNIT_REPORT_TEST_SUITE_ERRORS = 'true' }";
    let repo = project("", EACH);
    repo.write("other.test.mjs", "this is not run\n");
    repo.write(
        "jest.config.json",
        r#"{ "testMatch": ["**/*.test.mjs"], "transform": {} }"#,
    );
    let targets = targets_with_cases();
    for only in [&["{tests}"][..], &["--runTestsByPath", "{tests}"]] {
        let check = check(&run, only, env);
        assert_eq!(select(&repo, &check, &targets), expected(" "));
    }
}
