//! Runs that differ, and how many of them there are.

use super::{ADD, ADD_AND_SUB, FEATURE, PYTEST, TEST_ADD, TEST_SUB, package, told};
use crate::support::Repo;
use crate::validation::scene::findings;

/// How often a test wrote its line into the home folder.
fn runs(repo: &Repo, name: &str) -> usize {
    let file = repo.root().join("home").join(name);
    std::fs::read_to_string(file)
        .unwrap_or_default()
        .lines()
        .count()
}

/// The same test, which writes a line down whenever it is run.
fn counted(test: &str, name: &str) -> String {
    let line = format!(
        "():\n    with (Path.home() / '{name}').open('a') as runs:\n        runs.write('run\\n')\n"
    );
    format!(
        "from pathlib import Path\n\n{}",
        test.replace("():\n", &line)
    )
}

#[test]
fn a_test_that_passes_every_other_time_is_unstable_where_it_is_sampled() {
    let repo = package().proving(&format!("{PYTEST}[red]\nsamples = 3\n"));
    let odd = "    assert len((Path.home() / 'runs').read_text()) // 4 % 2\n";
    let test = counted(TEST_SUB, "runs") + odd;
    let files = [("app.py", ADD_AND_SUB), ("tests/test_sub.py", &test)];
    let output = repo.commit_files(FEATURE, &files);
    assert_eq!(
        findings(&output),
        [
            "PDD009: `tests/test_sub.py::test_subtracts` is unstable: it passed and failed on this very tree"
        ],
        "{}",
        output.text()
    );
}

#[test]
fn old_tests_run_once_and_each_new_one_once_a_tree() {
    let repo = package();
    repo.write("tests/test_app.py", counted(TEST_ADD, "old"));
    let repo = repo.proving(PYTEST);
    let other = format!("{ADD}\n\nplus = add\n");
    let _ = told(repo.commit_files("refactor(app): say plus [TASK-001]", &[("app.py", &other)]));
    let before = runs(&repo, "old");
    let test = counted(TEST_SUB, "new");
    let both = format!("{ADD_AND_SUB}\n\nplus = add\n");
    let files = [("app.py", both.as_str()), ("tests/test_sub.py", &test)];
    let _ = told(repo.commit_files(FEATURE, &files));
    // The new one on the tree, without the source, with either stub, and on the tree again.
    assert_eq!((runs(&repo, "old") - before, runs(&repo, "new")), (1, 5));
    // The same tree once more needs no run.
    let _ = repo.git(&["reset", "-q", "--soft", "HEAD~1"]).ok();
    let again = told(repo.commit(FEATURE));
    assert!(again.contains("cached"), "{again}");
    assert_eq!((runs(&repo, "old") - before, runs(&repo, "new")), (1, 5));
}

#[test]
fn a_test_that_was_unstable_once_stays_so_until_it_is_changed_or_sampled_more() {
    let repo = package().proving(PYTEST);
    let once = "    assert len((Path.home() / 'runs').read_text()) // 4 != 5\n";
    let test = counted(TEST_SUB, "runs") + once;
    let files = [("app.py", ADD_AND_SUB), ("tests/test_sub.py", &test)];
    let unstable = [
        "PDD009: `tests/test_sub.py::test_subtracts` is unstable: it passed and failed on this very tree",
    ];
    for _ in 0..2 {
        assert_eq!(findings(&repo.commit_files(FEATURE, &files)), unstable);
    }
    let mended = counted(TEST_SUB, "runs");
    let _ = told(repo.commit_files(FEATURE, &[("tests/test_sub.py", &mended)]));
}
