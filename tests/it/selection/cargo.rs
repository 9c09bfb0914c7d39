//! `cargo test` and nextest, which are given every name that a test may have.

use super::{check, select, target};
use crate::support::Repo;

const MANIFEST: &str = "[package]\nname = \"sample\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

fn project() -> Repo {
    let repo = Repo::bare_folder().with_rust();
    repo.write("Cargo.toml", MANIFEST);
    let inline = "#[cfg(test)] mod tests { #[test] fn adds() {} #[test] fn adds_two() {} }\n";
    repo.write("src/lib.rs", format!("mod a;\n{inline}"));
    repo.write("src/a/mod.rs", "mod b;\n");
    repo.write("src/a/b.rs", inline);
    repo.write("src/bin/tool.rs", format!("fn main() {{}}\n{inline}"));
    repo.write(
        "tests/it.rs",
        "#[test] fn adds() { panic!() }\n#[test] fn größer() {}\n",
    );
    repo.write("tests/deep/main.rs", "mod inner;\n#[test] fn top() {}\n");
    repo.write("tests/deep/inner.rs", "#[test] fn adds() {}\n");
    repo
}

fn cargo_test() -> pdd_hooks::policy::CheckBlock {
    let run = ["cargo", "test", "--no-fail-fast"];
    check(&run, &["--", "--exact", "{tests}"], "report = 'libtest'")
}

fn targets() -> [pdd_hooks::proof::target::Target; 5] {
    [
        target("src/a/b.rs", &["tests", "adds"]),
        target("src/bin/tool.rs", &["tests", "adds"]),
        target("tests/it.rs", &["größer"]),
        target("tests/deep/inner.rs", &["adds"]),
        target("tests/it.rs", &["gone"]),
    ]
}

#[test]
fn cargo_test_runs_the_tests_of_these_names() {
    // `tests::adds` is also one of the library.
    let expected = "\
a run: 5 reported
src/a/b.rs tests > adds: passed `sample src/lib.rs::a::b::tests::adds`
src/bin/tool.rs tests > adds: passed `tool src/bin/tool.rs::tests::adds`
tests/it.rs größer: passed `it tests/it.rs::größer`
tests/deep/inner.rs adds: passed `deep tests/deep/main.rs::inner::adds`
tests/it.rs gone:
";
    assert_eq!(select(&project(), &cargo_test(), &targets()), expected);
}

#[test]
fn a_program_that_is_not_compiled_is_named_and_keeps_all_from_running() {
    let repo = project();
    repo.write(
        "tests/broken.rs",
        "#[test] fn one() { sample::nowhere() }\n",
    );
    let targets = [
        target("tests/it.rs", &["größer"]),
        target("tests/broken.rs", &["one"]),
    ];
    let expected = "\
a run: 1 reported
tests/it.rs größer:
tests/broken.rs one: not loaded `sample (test \"broken\")`
";
    assert_eq!(select(&repo, &cargo_test(), &targets), expected);
}

#[test]
fn nextest_runs_the_tests_of_these_names() {
    let repo = project();
    let place = toml::Value::String(repo.root().join("report").display().to_string());
    repo.write(
        ".config/nextest.toml",
        format!("[profile.default.junit]\npath = {place}\n"),
    );
    let run = ["cargo", "nextest", "run"];
    let nextest = check(&run, &["--", "--exact", "{tests}"], "report = 'junit'");
    let expected = "\
a run: 5 reported
src/a/b.rs tests > adds: passed `sample::a::b::tests::adds`
src/bin/tool.rs tests > adds: passed `sample::bin/tool::tests::adds`
tests/it.rs größer: passed `sample::it::größer`
tests/deep/inner.rs adds: passed `sample::deep::inner::adds`
tests/it.rs gone:
";
    assert_eq!(select(&repo, &nextest, &targets()), expected);
}
