//! What is read of Python, case by case.

use crate::syntax::{Language, MARKER, Mark, Source, Stub, Test};

fn source(text: &str) -> Source<'_> {
    Source::parse(Language::Python, text).expect("the grammar is there")
}

fn functions(text: &str) -> Vec<(String, &str)> {
    let functions = source(text).functions().into_iter();
    functions
        .map(|function| (function.name, &text[function.body]))
        .collect()
}

fn stubbed(text: &str, stub: Stub) -> String {
    source(text).stubbed(stub, &|_| true).text
}

fn only(text: &str) -> Test {
    let mut tests = source(text).tests();
    assert_eq!(tests.len(), 1, "{text}");
    tests.remove(0)
}

#[test]
fn functions_are_found_wherever_a_module_defines_them() {
    let text = "\
def one(): return 1
if WINDOWS:
    async def two(a):
        return 2
else:
    def two(a): pass
class Money:
    class Inner:
        @property
        def three(self):
            def nested(): pass
            return nested
    four = lambda self: 4
HANDLERS = {'five': lambda: 5}
";
    let bodies = [
        ("one", "return 1"),
        ("two", "return 2"),
        ("two#2", "pass"),
        (
            "Money.Inner.three",
            "def nested(): pass\n            return nested",
        ),
        ("Money.four", "4"),
        ("HANDLERS", "5"),
    ];
    assert_eq!(
        functions(text),
        bodies.map(|(name, body)| (name.to_owned(), body))
    );
}

#[test]
fn a_function_begins_with_its_decorators() {
    let text = "x = 1\n@cached\ndef f():\n    return 1\n";
    let function = source(text).functions().remove(0);
    assert_eq!(function.line, 2);
    assert_eq!(&text[function.range], &text[6..text.len() - 1]);
}

#[test]
fn a_documentation_stays_and_says_nothing() {
    let text = "def f():\n    '''What.'''\n    return 1\n";
    assert_eq!(functions(text)[0].1, "return 1");
    let other = text.replace("What", "Why");
    let digest = |text: &str| source(text).functions()[0].digest.clone();
    assert_eq!(digest(text), digest(&other));
    assert_ne!(digest(text), digest(&text.replace('1', "2")));
    assert_ne!(digest(text), digest(&text.replace("()", "(a)")));
    assert_eq!(
        stubbed("def f():\n    'What.'\n", Stub::Empty),
        "def f():\n    'What.'; return (None)\n"
    );
}

#[test]
fn an_empty_stub_stays_what_the_function_was() {
    let text = "\
def f(a):
    b = a
    return b
async def g():
    for a in b:
        yield a
h = lambda a: a + 1
def i():
    return [(yield_) for yield_ in lambda: (yield)]
";
    let expected = "\
def f(a):
    return (None
)
async def g():
    return; (yield
)
h = lambda a: (None)
def i():
    return (None)
";
    assert_eq!(stubbed(text, Stub::Empty), expected);
}

#[test]
fn a_throw_names_the_function_and_keeps_the_lines() {
    let text = "class A:\r\n    def f(self):\r\n        a = 1\r\n        yield a\r\n";
    let throw = stubbed(text, Stub::Throw);
    assert!(throw.contains("\"pdd-hooks\" \" stub [A.f]\"\r\n); yield\r\n"));
    assert_eq!(throw.lines().count(), text.lines().count());
}

#[test]
fn the_text_of_a_throw_does_not_hold_what_it_says() {
    assert!(!stubbed("def f(): return 1", Stub::Throw).contains(MARKER));
}

#[test]
fn only_what_is_picked_is_replaced() {
    let text = "def f(): return 1\ndef g(): return 2\n";
    let stubbed = source(text).stubbed(Stub::Empty, &|function| function.name == "g");
    assert_eq!(stubbed.text, "def f(): return 1\ndef g(): return (None)\n");
    assert_eq!(stubbed.replaced, ["g"]);
    assert!(stubbed.throwing.is_empty());
}

#[test]
fn tests_are_those_that_a_runner_collects() {
    let text = "\
def test_a(): pass
def helper_test(): pass
class TestB:
    def test_c(self): pass
    def helper(self): pass
    class TestD:
        async def test_e(self): pass
class Money(unittest.TestCase):
    def test_f(self): pass
class Derived(Money):
    def test_g(self): pass
class Other:
    def test_h(self): pass
if X:
    def test_i(): pass
";
    let paths: Vec<String> = source(text)
        .tests()
        .iter()
        .map(|test| test.path.join(" "))
        .collect();
    let expected = [
        "test_a",
        "TestB test_c",
        "TestB TestD test_e",
        "Money test_f",
        "Derived test_f",
        "Derived test_g",
        "test_i",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn a_class_runs_the_tests_that_it_takes_from_others() {
    let text = "\
class Shared:
    def test_a(self): assert f(1) == 1
    def test_b(self): pass
@unittest.skip('')
class TestOne(Shared, unittest.TestCase):
    def test_b(self): pass
class TestTwo(TestOne): pass
class Loop(Loop, Shared): pass
";
    let tests = source(text).tests().into_iter();
    let named: Vec<String> = tests
        .map(|test| format!("{} {} {:?}", test.path.join(" "), test.line, test.mark))
        .collect();
    let expected = [
        "TestOne test_a 2 Skipped",
        "TestTwo test_a 2 Skipped",
        "TestOne test_b 6 Skipped",
        "TestTwo test_b 6 Skipped",
    ];
    assert_eq!(named, expected);
}

#[test]
fn a_test_that_is_moved_and_renamed_says_the_same() {
    let one = only("def test_a(x):\n    assert f(x) == 1  # why\n");
    let text = "class TestA:\n    def test_b( x ):\n        '''Doc.'''\n        assert f(x) == 1\n";
    assert_eq!(one.digest, only(text).digest);
    let other = only("def test_a(y):\n    assert f(x) == 1\n");
    assert_ne!(one.digest, other.digest);
    let parametrized =
        only("@pytest.mark.parametrize('x', [1])\ndef test_a(x):\n    assert f(x) == 1\n");
    assert_ne!(one.digest, parametrized.digest);
}

#[test]
fn a_parametrized_test_has_no_exact_name() {
    let cases = [
        ("def test_a(): pass\n", true),
        ("@mock.patch('a')\ndef test_a(): pass\n", true),
        (
            "@pytest.mark.parametrize('a', [1])\ndef test_a(a): pass\n",
            false,
        ),
        ("@parameterized.expand([1])\ndef test_a(a): pass\n", false),
        (
            "pytestmark = pytest.mark.parametrize('a', [1])\ndef test_a(a): pass\n",
            false,
        ),
        (
            "@pytest.mark.parametrize('a', [1])\nclass TestA:\n    def test_a(a): pass\n",
            false,
        ),
    ];
    for (text, is_exact) in cases {
        assert_eq!(only(text).is_exact, is_exact, "{text}");
    }
}

#[test]
fn a_test_kept_from_counting_is_marked() {
    let marked = [
        "@pytest.mark.skip\ndef test_a(): pass\n",
        "@pytest.mark.skipif(X, reason='')\ndef test_a(): pass\n",
        "@pytest.mark.xfail(strict=True)\ndef test_a(): pass\n",
        "@unittest.skipUnless(X, '')\ndef test_a(): pass\n",
        "@expectedFailure\ndef test_a(): pass\n",
        "@skip('')\nclass TestA:\n    class TestB:\n        def test_a(self): pass\n",
        "class TestA:\n    pytestmark = pytest.mark.skip\n    def test_a(self): pass\n",
        "pytestmark = [pytest.mark.slow, pytest.mark.skipif(X)]\ndef test_a(): pass\n",
        "pytest.skip('', allow_module_level=True)\ndef test_a(): pass\n",
        "def test_a():\n    'Doc.'\n    pytest.skip('')\n",
        "def test_a():\n    pytest.xfail('')\n",
        "def test_a():\n    raise unittest.SkipTest('')\n",
        "class TestA:\n    def test_a(self):\n        self.skipTest('')\n",
    ];
    for text in marked {
        assert_eq!(only(text).mark, Mark::Skipped, "{text}");
    }
    let unmarked = [
        "@pytest.mark.slow('skip')\ndef test_a(): pass\n",
        "def test_a():\n    if X:\n        pytest.skip('')\n",
        "@pytest.mark.skip\ndef other(): pass\ndef test_a(): pass\n",
        "if X:\n    pytest.skip('', allow_module_level=True)\ndef test_a(): pass\n",
        "@pytest.mark.skip\nclass TestB:\n    pass\nclass TestA:\n    def test_a(self): pass\n",
    ];
    for text in unmarked {
        assert_eq!(only(text).mark, Mark::None, "{text}");
    }
}

#[test]
fn assertions_are_counted_by_how_they_are_called() {
    let cases = [
        ("pass", 0),
        ("f(1)", 0),
        ("assert True", 0),
        ("assert f(1) == 1", 1),
        ("self.assertEqual(f(1), 1); self.assertTrue(a)", 2),
        ("mock.assert_called_once_with(1)", 1),
        ("check_all(1); _verify(2); expect(3)", 3),
        ("pytest.warns(Warning, f)", 1),
        ("[check(a) for a in b]", 1),
        ("self.fail()", 1),
    ];
    for (body, count) in cases {
        let test = only(&format!("def test_a():\n    {body}\n"));
        assert_eq!(test.assertions, count, "{body}");
    }
}

#[test]
fn a_test_that_any_exception_satisfies_is_told() {
    let cases = [
        ("with pytest.raises(Exception):\n        f()", true),
        (
            "with pytest.raises((ValueError, BaseException)) as e:\n        f()",
            true,
        ),
        ("self.assertRaises(Exception, f)", true),
        (
            "with pytest.raises(ValueError):\n        f(Exception)",
            false,
        ),
        (
            "with pytest.raises(Exception, match='a'):\n        f()",
            false,
        ),
        (
            "with pytest.raises(Exception):\n        f()\n    assert g() == 1",
            false,
        ),
        ("f()", false),
    ];
    for (body, expects) in cases {
        let test = only(&format!("def test_a():\n    {body}\n"));
        assert_eq!(test.expects_throw, expects, "{body}");
    }
}

#[test]
fn definitions_are_the_names_that_others_may_use() {
    let text = "\
import os.path, json as j
from .money import add as plus
A: int = B = 1
x, (y, *z) = f()
__all__ = ['exported']
type Alias = int
class Money(Base):
    field: int
    def pay(self, /, amount, *rest, unit: str = '', key, **more):
        self.paid = other.thing = local = 1
        def nested(inner): pass
";
    let expected = "A Alias B Money __all__ amount exported field j key more os paid pay plus rest self \
                    unit x y z";
    let names: Vec<String> = source(text).definitions().into_iter().collect();
    assert_eq!(names.join(" "), expected);
}

#[test]
fn imports_stand_as_they_are_written() {
    let text = "\
import os.path, json as j
from a import b as c, d
from . import e
from .f import *
def g():
    from ..h.i import j
    importlib.import_module('k.l')
    importlib.import_module(name)
";
    let expected = "os.path json a a.b a.d . .e .f ..h.i ..h.i.j k.l";
    assert_eq!(source(text).imports().join(" "), expected);
}

#[test]
fn what_stands_outside_functions_is_told_apart_from_them() {
    let outside = |text: &str| source(text).outside();
    let before = "import a\nX = 1\ndef f():\n    return X\n";
    let same = [
        "'''Doc.'''\nimport a, b\nX = 1  # one\n@cached\ndef f(a=2):\n    return a\n",
        "from b import c\nX = 1\ndef f():\n    return X\ndef g(): pass\nh = lambda: 1\n",
        "__all__ = ['f']\nX = 1\nclass A:\n    '''Doc.'''\n    def f(self): pass\n",
    ];
    for text in same {
        assert_eq!(outside(before), outside(text), "{text}");
    }
    let other = [
        before.replace("X = 1", "X = 2"),
        format!("{before}class A(Base):\n    def f(self): pass\n"),
        format!("{before}class A:\n    y = 1\n"),
        format!("{before}f()\n"),
    ];
    for text in other {
        assert_ne!(outside(before), outside(&text), "{text}");
    }
}
