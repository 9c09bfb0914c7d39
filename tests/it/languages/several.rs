//! More than one project in a repository: whose checks run for which change, and what stands in a folder runs there.

use super::python::write_package;
use super::told;
use crate::reports::real::runner;
use crate::support::Repo;

/// The names and paths of the checks that `init` wrote.
fn scopes(repo: &Repo) -> String {
    let text = repo.written_checks();
    let lines = text
        .lines()
        .filter(|line| line.starts_with("name") || line.starts_with("paths"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_crate_at_the_top_and_a_package_below_it_are_tested_by_their_own_checks() {
    let repo = Repo::new().with_rust();
    repo.write(
        "Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    repo.write(".gitignore", "/target\n/Cargo.lock\n");
    repo.write("src/lib.rs", "#[test]\nfn passes() {}\n");
    repo.write("web/package.json", "{ \"private\": true }\n");
    repo.write(
        "web/words.test.js",
        "const { readFileSync } = require('node:fs');\nrequire('node:test')('reads', () => readFileSync('words.txt'));\n",
    );
    repo.write("web/words.txt", "words\n");
    let repo = repo.adopted_as_found();
    assert_eq!(
        scopes(&repo),
        "name = \"tests\"
name = \"clippy\"
name = \"format\"
name = \"tests-web\"
paths = [\"web/**\"]"
    );
    let top = repo.commit_code_as(
        "refactor",
        "src/lib.rs",
        "#[test]\nfn passes() {}\n\n#[test]\nfn too() {}\n",
    );
    assert_eq!(
        told(&top.ok()),
        "tests passed (2 tests), clippy passed, format passed"
    );
    // Clippy and rustfmt are told to look at everything, as every check at the top is.
    let below = repo
        .commit_code_as("refactor", "web/index.js", "module.exports = 1;\n")
        .ok();
    assert_eq!(
        told(&below),
        "tests passed (2 tests), clippy passed, format passed, tests-web passed (1 test)"
    );
    let red = "require('node:test')('later', () => require('./later.js'));\n";
    let sealed = repo.commit_tests("web/later.test.js", red).ok();
    assert!(
        told(&sealed)
            .ends_with("tests-web passed (2 tests; later is sealed until source turns it green)"),
        "{}",
        sealed.text()
    );
}

#[test]
fn of_two_packages_in_folders_the_first_is_tested_for_all_source() {
    let mut repo = Repo::new();
    repo.prepend_path(runner("venv/bin/python").parent().unwrap());
    let manifest = "[project]\nname = \"sums\"\n\n[tool.pytest.ini_options]\npythonpath = [\"src\"]\n\n[tool.mypy]\nfiles = [\"src\"]\n";
    write_package(&repo, "api/", manifest);
    repo.write("web/package.json", "{ \"private\": true }\n");
    repo.write(
        "web/words.test.js",
        "require('node:test')('passes', () => {});\n",
    );
    let repo = repo.adopted_as_found();
    assert_eq!(
        scopes(&repo),
        "name = \"tests\"
name = \"mypy\"
paths = [\"api/**\"]
name = \"tests-web\"
paths = [\"web/**\"]"
    );
    let half =
        "from sums.half import half\n\n\ndef test_halves() -> None:\n    assert half(8) == 4\n";
    let sealed = repo.commit_tests("api/tests/test_half.py", half).ok();
    assert_eq!(
        told(&sealed),
        "tests passed (2 tests; tests/test_half.py is sealed until source turns it green), mypy waits for the sealed tests"
    );
    let green = "def half(a: int) -> int:\n    return a // 2\n";
    let green = repo.commit_code("api/src/sums/half.py", green).ok();
    assert_eq!(told(&green), "tests passed (2 tests), mypy passed");
    let nobodys = repo
        .commit_code_as("refactor", "deploy.sh", "echo later\n")
        .ok();
    assert_eq!(told(&nobodys), "tests passed (2 tests)");
    let web = repo
        .commit_code_as("refactor", "web/index.js", "module.exports = 1;\n")
        .ok();
    assert_eq!(
        told(&web),
        "tests passed (2 tests), tests-web passed (1 test)"
    );
}
