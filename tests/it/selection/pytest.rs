//! Pytest, which is given files and an expression.

use super::{check, select, target};
use crate::reports::real::runner;
use crate::support::Repo;

const TESTS: &str = "import pytest

@pytest.mark.parametrize('a', [1, 'x y', '[b]', 'a::b'])
def test_each(a): pass

def test_one(): pass
def test_one_two(): assert False
def test_größer(): pass

class TestGroup:
    def test_one(self): assert False
    class TestInner:
        def test_deep(self): pass
";
const BROKEN: &str = "from nowhere import missing

def test_one(): pass
";

fn project() -> Repo {
    let repo = Repo::bare_folder();
    repo.write("pytest.ini", "[pytest]\n");
    repo.write("tests/test_a.py", TESTS);
    repo.write("tests/test_broken.py", BROKEN);
    repo
}

fn pytest() -> pdd_hooks::policy::CheckBlock {
    let python = runner("venv/bin/python");
    let run = [
        python.to_str().unwrap(),
        "-m",
        "pytest",
        "--continue-on-collection-errors",
        "--junitxml={report}",
    ];
    check(&run, &["{tests}"], "report = 'junit'")
}

#[test]
fn each_wanted_test_has_a_state_of_its_own() {
    let targets = [
        target("tests/test_a.py", &["TestGroup", "TestInner", "test_deep"]),
        target("tests/test_a.py", &["test_each"]),
        target("tests/test_a.py", &["test_größer"]),
    ];
    // Four instances and the two others: nothing else was run.
    let expected = "\
a run: 6 reported
tests/test_a.py TestGroup > TestInner > test_deep: passed `tests/test_a.py::TestGroup::TestInner::test_deep`
tests/test_a.py test_each: passed `tests/test_a.py::test_each[1]` passed `tests/test_a.py::test_each[x y]` passed `tests/test_a.py::test_each[[b]]` passed `tests/test_a.py::test_each[a::b]`
tests/test_a.py test_größer: passed `tests/test_a.py::test_größer`
";
    assert_eq!(select(&project(), &pytest(), &targets), expected);
}

#[test]
fn a_test_whose_name_is_part_of_others_is_told_from_them() {
    // The expression also takes `test_one_two` and the one in the class.
    let expected = "\
a run: 3 reported
tests/test_a.py test_one: passed `tests/test_a.py::test_one`
";
    let one = [target("tests/test_a.py", &["test_one"])];
    assert_eq!(select(&project(), &pytest(), &one), expected);
}

#[test]
fn neither_a_missing_test_nor_a_file_that_cannot_be_imported_keeps_the_others_from_running() {
    let targets = [
        target("tests/test_broken.py", &["test_one"]),
        target("tests/test_a.py", &["test_gone"]),
        target("tests/test_a.py", &["TestGroup", "test_one"]),
    ];
    let expected = "\
a run: 4 reported
tests/test_broken.py test_one: not loaded `tests/test_broken.py`
tests/test_a.py test_gone:
tests/test_a.py TestGroup > test_one: failed `tests/test_a.py::TestGroup::test_one`
";
    assert_eq!(select(&project(), &pytest(), &targets), expected);
}

#[test]
fn paths_that_pytest_would_read_as_more_than_paths_are_reached() {
    let repo = project();
    for file in ["my tests/test_[1].py", "-dash/test_b.py"] {
        repo.write(file, "def test_here(): pass\n");
    }
    let targets = [
        target("my tests/test_[1].py", &["test_here"]),
        target("-dash/test_b.py", &["test_here"]),
    ];
    let told = select(&repo, &pytest(), &targets);
    assert_eq!(told.matches(": passed `").count(), 2, "{told}");
}

#[test]
fn a_long_list_of_names_is_an_expression_that_pytest_can_read() {
    let repo = Repo::bare_folder();
    let names: Vec<String> = (0..200).map(|number| format!("test_{number:03}")).collect();
    let text: String = names
        .iter()
        .map(|name| format!("def {name}(): pass\n"))
        .collect();
    repo.write("test_many.py", text + "def test_other(): pass\n");
    let targets: Vec<_> = names
        .iter()
        .map(|name| target("test_many.py", &[name]))
        .collect();
    let told = select(&repo, &pytest(), &targets);
    assert!(told.starts_with("a run: 200 reported\n"), "{told}");
    assert_eq!(told.matches(": passed `").count(), 200, "{told}");
}
