//! A Node.js package: its own runner, vitest, jest, and the tools of `node_modules`, as `init` writes them.

use super::{assert_fails, fails, refused, told};
use crate::reports::real::runner;
use crate::support::Repo;

const ADD: &str = "export const add = (a, b) => a + b;\n";
const HALF: &str = "export const half = (a) => a / 2;\n";

/// A test of a function of `src/<name>.mjs` in the words of a runner, whose functions `import` brings.
fn test_of(import: &str, name: &str, call: &str) -> String {
    format!(
        "{import}\nimport {{ {name} }} from '../src/{name}.mjs';\n\ntest('{name}s', () => {{\n  equal({call}, 4);\n}});\n"
    )
}

const NODE: &str = "import { test } from 'node:test';\nimport { equal } from 'node:assert';";
const VITEST: &str =
    "import { expect, test } from 'vitest';\nconst equal = (a, b) => expect(a).toBe(b);";

/// A package that lists these packages; they stand in `node_modules` as links to where the runners are.
fn package(import: &str, packages: &[&str]) -> Repo {
    let repo = Repo::new();
    write_package(&repo, "", import, packages);
    repo
}

/// Writes the package into a folder, named with its slash.
fn write_package(repo: &Repo, folder: &str, import: &str, packages: &[&str]) {
    let listed: Vec<String> = packages
        .iter()
        .map(|name| format!("{name:?}: \"*\""))
        .collect();
    let manifest = format!(
        "{{ \"private\": true, \"devDependencies\": {{ {} }} }}\n",
        listed.join(", ")
    );
    repo.write(&format!("{folder}package.json"), manifest);
    repo.write(".gitignore", "node_modules/\n");
    repo.write(&format!("{folder}src/add.mjs"), ADD);
    repo.write(
        &format!("{folder}test/add.test.mjs"),
        test_of(import, "add", "add(2, 2)"),
    );
    for name in packages {
        let modules = format!("{folder}node_modules");
        std::fs::create_dir_all(repo.at(&modules).join(".bin")).unwrap();
        let from = runner(&format!("node_modules/{name}"));
        std::os::unix::fs::symlink(&from, repo.at(&modules).join(name)).unwrap();
        // Not every package brings a program.
        let program = from.parent().unwrap().join(".bin").join(name);
        if program.exists() {
            let link = repo.at(&modules).join(".bin").join(name);
            std::os::unix::fs::symlink(program.canonicalize().unwrap(), link).unwrap();
        }
    }
}

#[test]
fn a_package_without_dependencies_goes_from_red_tests_to_green_source() {
    let repo = package(NODE, &[]).adopted_as_found();
    // The module that the test imports is not there.
    let test = test_of(NODE, "half", "half(8)");
    let sealed = repo.commit_tests("test/half.test.mjs", &test).ok();
    assert_eq!(
        told(&sealed),
        "tests passed (2 tests; test/half.test.mjs is sealed until source turns it green)"
    );
    let wrong = repo.commit_code("src/half.mjs", "export const half = (a) => a / 3;\n");
    assert_eq!(refused(&wrong).len(), 1, "{}", wrong.text());
    assert!(
        refused(&wrong)[0].starts_with("the check `tests` fails: `halfs`: "),
        "{}",
        wrong.text()
    );
    assert!(wrong.stderr.contains("✖ halfs"), "{}", wrong.text());
    let green = repo.commit_code("src/half.mjs", HALF).ok();
    assert_eq!(told(&green), "tests passed (2 tests)");
    repo.stage("README.md", "# Sums\n");
    repo.declare("PM");
    let docs = repo.commit("docs: explain [TASK-001]").ok();
    assert_eq!(told(&docs), "nothing");
}

#[test]
fn vitest_is_taken_from_the_carried_node_modules() {
    let repo = package(VITEST, &["vitest"]).adopted_as_found();
    assert_eq!(
        repo.written_checks(),
        "[validation]
# Untracked, and needed by the checks: copied to where they run.
carry = [\"node_modules\"]

[[check]]
name = \"tests\"
kind = \"test\"
run = [\"node_modules/.bin/vitest\", \"run\", \"--reporter=default\", \"--reporter=junit\", \"--outputFile.junit={report}\"]
only = [\"{tests}\"]
report = \"junit\"
"
    );
    let test = test_of(VITEST, "half", "half(8)");
    let sealed = repo.commit_tests("test/half.test.mjs", &test).ok();
    assert_eq!(
        told(&sealed),
        "tests passed (2 tests; test/half.test.mjs is sealed until source turns it green)"
    );
    let wrong = repo.commit_code("src/half.mjs", "export const half = (a) => a / 3;\n");
    let how = ": `test/half.test.mjs::halfs`: AssertionError: expected 2.6666666666666665 to be 4 // Object.is equality";
    assert_eq!(refused(&wrong), [fails("tests", how)], "{}", wrong.text());
    assert!(
        wrong.stderr.contains("FAIL  test/half.test.mjs > halfs"),
        "{}",
        wrong.text()
    );
    let green = repo.commit_code("src/half.mjs", HALF).ok();
    assert_eq!(told(&green), "tests passed (2 tests)");
}

#[test]
fn jest_names_each_test_and_its_file() {
    let repo = package(NODE, &["jest", "jest-junit"]);
    std::fs::remove_dir_all(repo.at("test")).unwrap();
    std::fs::remove_dir_all(repo.at("src")).unwrap();
    let test = |name: &str, call: &str| {
        format!(
            "const {{ {name} }} = require('../src/{name}');\ntest('{name}s', () => {{\n  expect({call}).toBe(4);\n}});\n"
        )
    };
    repo.write("src/add.js", "exports.add = (a, b) => a + b;\n");
    repo.write("test/add.test.js", test("add", "add(2, 2)"));
    let repo = repo.adopted_as_found();
    let sealed = repo.commit_tests("test/half.test.js", &test("half", "half(8)"));
    assert_eq!(
        told(&sealed.ok()),
        "tests passed (2 tests; test/half.test.js is sealed until source turns it green)"
    );
    let wrong = repo.commit_code("src/half.js", "exports.half = (a) => a + 2;\n");
    let how = ": `test/half.test.js::halfs`: Error: expect(received).toBe(expected) // Object.is equality";
    assert_eq!(refused(&wrong), [fails("tests", how)], "{}", wrong.text());
    let green = repo
        .commit_code("src/half.js", "exports.half = (a) => a / 2;\n")
        .ok();
    assert_eq!(told(&green), "tests passed (2 tests)");
}

#[test]
fn node_modules_that_are_not_there_or_not_carried_are_named_with_the_mend() {
    let repo = package(VITEST, &["vitest"]);
    std::fs::remove_dir_all(repo.at("node_modules")).unwrap();
    let repo = repo.adopted_as_found();
    let output = repo.commit_code("src/half.mjs", HALF);
    assert_eq!(
        refused(&output),
        [
            "environment-error: the check `tests` proves nothing: `node_modules` of `validation.carry` could not be copied: it is not there; make it (install the project's dependencies), or take it out of `validation.carry`"
        ]
    );
    let repo = package(VITEST, &["vitest"]);
    let check = "\n[[check]]\nname = \"tests\"\nkind = \"test\"\nrun = [\"node_modules/.bin/vitest\", \"run\", \"--outputFile={report}\"]\nreport = \"junit\"\n";
    repo.write(
        ".pdd.toml",
        format!("policy = 1\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n{check}"),
    );
    let repo = repo.adopted_as_found();
    let output = repo.commit_code("src/half.mjs", HALF);
    assert_eq!(
        refused(&output),
        [
            "environment-error: the check `tests` proves nothing: there is no program `node_modules/.bin/vitest`; make `node_modules/.bin/vitest`, and name the folder that git ignores in `validation.carry`"
        ]
    );
}

#[test]
fn the_linter_and_the_compiler_refuse_by_themselves() {
    let packages = ["eslint", "prettier", "typescript"];
    let repo = package(NODE, &packages);
    let link = repo.at("node_modules/.bin/tsc");
    let program = runner("node_modules/.bin/tsc").canonicalize().unwrap();
    std::os::unix::fs::symlink(program, link).unwrap();
    repo.write("tsconfig.json", "{ \"compilerOptions\": { \"allowJs\": true, \"checkJs\": true, \"module\": \"nodenext\", \"strict\": true, \"types\": [] }, \"include\": [\"src\"] }\n");
    repo.write(
        "eslint.config.mjs",
        "export default [{ rules: { 'no-unused-vars': 'error' } }];\n",
    );
    repo.write(".prettierrc.json", "{ \"singleQuote\": true }\n");
    repo.write(".prettierignore", "*.json\n");
    repo.write(
        "src/add.mjs",
        "/** @type {(a: number, b: number) => number} */\nexport const add = (a, b) => a + b;\n",
    );
    let repo = repo.adopted_as_found();
    let half = |body: &str| {
        format!("/** @type {{(a: number) => number}} */\nexport const half = (a) => {body};\n")
    };
    for (source, check, how, shown) in [
        (
            format!("const unused = 1;\n{}", half("a / 2")),
            "eslint",
            "✖ 1 problem (1 error, 0 warnings)",
            "'unused' is assigned a value but never used",
        ),
        (
            half("a  /  2"),
            "prettier",
            "[warn] Code style issues found in the above file. Run Prettier with --write to fix.",
            "[warn] src/half.mjs",
        ),
        (
            half("String(a)"),
            "types",
            "src/half.mjs(2,28): error TS2322: Type 'string' is not assignable to type 'number'.",
            "error TS2322: Type 'string' is not assignable to type 'number'.",
        ),
    ] {
        let output = repo.commit_code_as("refactor", "src/half.mjs", &source);
        assert_fails(&output, check, how, shown);
    }
    let green = repo
        .commit_code_as("refactor", "src/half.mjs", &half("a / 2"))
        .ok();
    assert_eq!(
        told(&green),
        "tests passed (1 test), eslint passed, prettier passed, types passed"
    );
}
