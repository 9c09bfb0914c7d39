//! Changes that ask nothing of a test: names that programs make, merges, reverts.

use super::scene::{DO, SUB, SUB_PATH, TEST_SUB, package, package_with, told};

#[test]
fn parameters_and_dates_in_names_are_no_other_tests() {
    let many = "import time\n\nimport pytest\n\nimport app\n\nCASES = [1, 2]\n\n\n@pytest.mark.parametrize('a', CASES)\ndef test_zero(a):\n    assert app.add(a, 0) == a\n\n\n@pytest.mark.parametrize('now', [time.time_ns()])\ndef test_now(now):\n    assert app.add(now, 0) == now\n";
    let repo = package_with(&[("tests/test_many.py", many)]);
    let more = many.replace("[1, 2]", "[2, 3, 4]");
    repo.stage("tests/test_many.py", &more);
    repo.stage(SUB_PATH, TEST_SUB);
    let output = repo.put("app.py", SUB, DO);
    assert_eq!(
        told(&output),
        [
            "tests passed (6 tests)",
            "red: proven (1 test failed before)"
        ]
    );
}

#[test]
fn a_merge_and_a_revert_are_asked_nothing() {
    let repo = package();
    let _ = repo.git(&["branch", "-q", "feat/TASK-001-other"]).ok();
    repo.stage(SUB_PATH, TEST_SUB);
    let _ = repo.put("app.py", SUB, DO).ok();
    let proofs = repo.proofs().len();
    let reverted = repo.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(reverted.code(), 0, "{}", reverted.text());
    assert!(!repo.codes_of("HEAD").contains(&"PDD009".to_owned()));
    let _ = repo.git(&["switch", "-q", "feat/TASK-001-other"]).ok();
    let merged = repo.git(&[
        "merge",
        "-q",
        "--no-ff",
        "-m",
        "merge: steps [TASK-001]",
        "feat/TASK-001-steps~1",
    ]);
    assert_eq!(merged.code(), 0, "{}", merged.text());
    assert_eq!(repo.proofs().len(), proofs);
    assert!(!repo.codes_of("HEAD").contains(&"PDD009".to_owned()));
}
