//! Python's stubs in Python, and its tests as pytest collects them.

use pdd_hooks::syntax::{Language, Source, Stub};

use super::{program, sample, stubbed};
use crate::reports::real::runner;
use crate::support::Repo;

fn python(repo: &Repo, args: &[&str]) -> String {
    let mut command = repo.command(runner("venv/bin/python"), repo.folder());
    let output = repo.run(command.args(args), b"");
    assert_eq!(output.code(), 0, "{}", output.text());
    output.stdout.replace("\r\n", "\n")
}

#[test]
fn every_form_of_function_compiles_with_each_stub() {
    let repo = Repo::bare_folder();
    for name in ["shop.py", "windows.py"] {
        for stub in [Stub::Throw, Stub::Empty] {
            let path = stubbed(&repo, name, stub);
            python(
                &repo,
                &["-W", "error", "-m", "py_compile", path.to_str().unwrap()],
            );
        }
    }
}

#[test]
fn a_module_of_stubs_loads_where_nothing_is_called_on_the_way() {
    let repo = Repo::bare_folder();
    stubbed(&repo, "shop.py", Stub::Throw);
    assert_eq!(
        python(&repo, &["-c", "import shop; print(shop.money)"]),
        "None\n"
    );
}

const REACH: &str = "\
import shop
def said(call):
    try:
        return repr(call())
    except Exception as error:
        return 'swallowed ' + type(error).__name__
    except:
        import sys
        return str(sys.exc_info()[1])
print(said(lambda: shop.caught()))
print(said(lambda: shop.numbers(1)).split(' at ')[0])
print(said(lambda: list(shop.numbers(1))))
print(said(lambda: shop.Money.key(1)))
print(said(lambda: list(shop.generator(1))))
print(said(lambda: shop.later(1).send(None)))
print(said(lambda: shop.Money.add.__name__))
";

#[test]
fn a_throw_passes_what_catches_exceptions_and_waits_for_the_call() {
    let repo = Repo::bare_folder();
    let names = ["total", "numbers", "later", "Money.key", "generator"];
    program(&repo, "shop.py", &sample("shop.py"), Stub::Throw, &names);
    let expected = "\
pdd-hooks stub [total]
<generator object numbers
pdd-hooks stub [numbers]
pdd-hooks stub [Money.key]
pdd-hooks stub [generator]
pdd-hooks stub [later]
'add'
";
    assert_eq!(python(&repo, &["-c", REACH]), expected);
}

#[test]
fn an_empty_body_gives_nothing() {
    let repo = Repo::bare_folder();
    let names = ["total", "numbers", "later", "Money.key", "generator"];
    program(&repo, "shop.py", &sample("shop.py"), Stub::Empty, &names);
    let expected = "\
None
<generator object numbers
[]
None
[]
swallowed StopIteration
'add'
";
    assert_eq!(python(&repo, &["-c", REACH]), expected);
}

const TESTS: &str = "\
import unittest, pytest
def test_plain(): pass
@pytest.mark.parametrize('a', [1])
def test_table(a): pass
class TestMoney:
    def test_adds(self): pass
    class TestDeep:
        async def test_waits(self): pass
    def helper(self): pass
class Cases(unittest.TestCase):
    def test_case(self): pass
class Other:
    def test_never(self): pass
if True:
    def test_within(): pass
def no_test(): pass
";

#[test]
fn tests_have_the_names_by_which_pytest_collects_them() {
    let repo = Repo::bare_folder();
    repo.write("test_shop.py", TESTS);
    let listed = python(
        &repo,
        &["-m", "pytest", "--collect-only", "-q", "test_shop.py"],
    );
    let mut collected: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.strip_prefix("test_shop.py::"))
        .map(|id| id.split('[').next().unwrap())
        .collect();
    let source = Source::parse(Language::Python, TESTS).unwrap();
    let mut named: Vec<String> = source
        .tests()
        .iter()
        .map(|test| test.path.join("::"))
        .collect();
    collected.sort_unstable();
    named.sort_unstable();
    assert_eq!(named, collected);
}
