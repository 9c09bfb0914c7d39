//! A crate: without the new function nothing compiles, and the stubs tell which tests ask for it.

use super::{CARGO, crate_of_one, said, told};
use crate::validation::scene::findings;

const FEATURE: &str = "feat(app): halve [TASK-001]";
const HALF: &str = "pub fn add(a: i64, b: i64) -> i64 {
    a + b
}

pub fn half(a: i64) -> i64 {
    a / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_nothing() {
        assert_eq!(half(0) + half(2), 1);
    }

    #[test]
    fn adds_nothing() {
        assert_eq!(add(2, 0), 2);
    }
}
";
const BASE: &str = "pub fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_nothing() {
        assert_eq!(add(2, 0), 2);
    }
}
";
const HALVES: &str = "#[test]\nfn halves() {\n    assert_eq!(sums::half(8), 4);\n}\n";

#[test]
fn an_integration_test_and_an_inline_test_are_proven_though_nothing_compiles_without_the_source() {
    let repo = crate_of_one();
    repo.write("src/lib.rs", BASE);
    let repo = repo.proving(CARGO);
    let files = [("src/lib.rs", HALF), ("tests/half.rs", HALVES)];
    insta::assert_snapshot!(told(repo.commit_files(FEATURE, &files)), @r"
    pdd-hooks: tests passed (4 tests)
    pdd-hooks: red: proven (2 tests failed before)
    ");
}

#[test]
fn a_test_that_never_calls_the_new_function_is_named() {
    let repo = crate_of_one();
    repo.write("src/lib.rs", BASE);
    let repo = repo.proving(CARGO);
    let idle = format!(
        "{HALVES}\n#[test]\nfn is_there() {{\n    let _half: fn(i64) -> i64 = sums::half;\n}}\n"
    );
    let files = [("src/lib.rs", HALF), ("tests/half.rs", &idle)];
    insta::assert_snapshot!(said(&repo.commit_files(FEATURE, &files)), @r#"
    exit: 1
    --- stdout
    --- stderr
    pdd-hooks: tests passed (5 tests)
    error[PDD009]: `half tests/half.rs::is_there` passes although every changed function throws: does not load for want of `half` before, passes after
     --> tests/half.rs:7 in staged change on feat/TASK-001-steps
      = help: have it call what the change adds, and look at what comes of it; its output: pdd-hooks red --show 'half tests/half.rs::is_there'
      = note: pdd-hooks explain PDD009
    keep the message: git commit -e -F "$(git rev-parse --git-path COMMIT_EDITMSG)"
    "#);
}

#[test]
fn a_seal_that_does_not_compile_hides_no_old_test_that_goes_with_the_source() {
    let repo = crate_of_one();
    repo.write("src/lib.rs", BASE);
    let repo = repo.proving(CARGO);
    let seal = repo.commit_files(
        "test: ask for half [TASK-001]",
        &[("tests/half.rs", HALVES)],
    );
    let _ = seal.ok();
    let _ = repo.git(&["rm", "-q", "tests/add.rs"]).ok();
    assert_eq!(
        findings(&repo.commit_files(FEATURE, &[("src/lib.rs", HALF)])),
        ["PDD009: `add tests/add.rs::adds` is deleted, and still passes on the new source"]
    );
}
