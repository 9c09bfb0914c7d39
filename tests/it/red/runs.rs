//! How often the tests run: the whole suite once, on the tree to commit, and on the other trees what the change brings.

use std::fmt::Write as _;

use super::scene::{ADD, DO, package_with, told};

/// Writes down how many tests each run of pytest collected.
const COUNTING: &str = "import os\nimport pathlib\n\n\ndef pytest_collection_finish(session):\n    with open(pathlib.Path(os.environ['HOME']) / 'runs', 'a') as runs:\n        runs.write(f'{len(session.items)}\\n')\n";

#[test]
fn a_suite_of_a_thousand_tests_runs_once_and_the_changed_ones_alone_elsewhere() {
    let mut suite = "import app\n".to_owned();
    for number in 0..1000 {
        write!(
            suite,
            "\n\ndef test_{number}():\n    assert app.add({number}, 1) == {number} + 1\n"
        )
        .unwrap();
    }
    let repo = package_with(&[("conftest.py", COUNTING), ("tests/test_many.py", &suite)]);
    let _ = repo
        .put(
            "app.py",
            &format!("{ADD}\n# One line.\n"),
            "refactor: comment it [TASK-001]",
        )
        .ok();
    std::fs::remove_file(repo.at("../home/runs")).unwrap();
    let three = "import app\n\n\ndef test_none():\n    assert app.double(0) == 0\n\n\ndef test_one():\n    assert app.double(1) == 2\n\n\ndef test_two():\n    assert app.double(2) == 4\n";
    repo.stage("tests/test_double.py", three);
    let double = format!("{ADD}\n\ndef double(a):\n    return 2 * a\n");
    let output = repo.put("app.py", &double, DO);
    assert_eq!(
        told(&output),
        [
            "tests passed (1004 tests)",
            "red: proven (3 tests failed before)"
        ]
    );
    // T, R, S0, S1 and T again.
    assert_eq!(repo.read("../home/runs"), "1004\n3\n3\n3\n3\n");
}
