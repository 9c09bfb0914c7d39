//! What is read of Go text. No Go compiler is asked: stubs are held against the language's specification alone.

use proptest::prelude::*;

use super::super::{Language, Mark, Source, Stub};

fn read(text: &str) -> Source<'_> {
    Source::parse(Language::Go, text).expect("the grammar is there")
}

fn stubbed(stub: Stub, text: &str) -> (String, Vec<String>) {
    let stubbed = read(text).stubbed(stub, &|_| true);
    (stubbed.text, stubbed.throwing)
}

const FUNCTIONS: &str = "package a
func Add(a, b int) int { return a + b }
func (m *Money[T]) Sub() {}
func (Money) Sub() {}
func init() {}
func init() {}
func asm()
var f = func() {}
";

#[test]
fn functions_are_named_after_their_receiver() {
    let names: Vec<String> = read(FUNCTIONS)
        .functions()
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(names, ["Add", "Money.Sub", "Money.Sub#2", "init", "init#2"]);
}

#[test]
fn a_function_says_the_same_in_another_layout() {
    let digest = |text: &str| read(text).functions().remove(0).digest;
    let plain = digest("package a\nfunc F() { g(1) }");
    assert_eq!(
        plain,
        digest("package b\n// F is.\nfunc F() {\n\tg(1) // why\n}\n")
    );
    assert_ne!(plain, digest("package a\nfunc F() { g(2) }"));
}

#[test]
fn a_throw_stands_before_the_body() {
    let text = "package a\nfunc F() int {\n\treturn 1 // one\n}\n";
    let expected = "package a\nfunc F() int { if true { panic(\"pdd-hooks stub [F]\") };\n\treturn 1 // one\n}\n";
    assert_eq!(stubbed(Stub::Throw, text).0, expected);
}

#[test]
fn an_empty_body_returns_zero_values_of_any_type() {
    let statement = |signature: &str| {
        let (text, throwing) = stubbed(Stub::Empty, &format!("package a\nfunc {signature} {{}}"));
        assert_eq!(text.contains("panic("), !throwing.is_empty());
        let after = text.split("if true { ").nth(1).expect("a stub").to_owned();
        after.trim_end_matches(" };}").to_owned()
    };
    assert_eq!(statement("F()"), "return");
    assert_eq!(statement("F() (n int, err error)"), "return");
    assert_eq!(statement("F() int"), "return func() (_ int) { return }()");
    assert_eq!(
        statement("F() (*T, error)"),
        "return func() (_ *T, _ error) { return }()"
    );
    assert_eq!(
        statement("F(old, new string) map[string]b.C"),
        "return func() (_ map[string]b.C) { return }()"
    );
    assert!(statement("F(url *url.URL) *url.URL").starts_with("panic("));
}

const TESTS: &str = "package a
func TestAdd(t *testing.T) {
	t.Run(\"two and two\", func(t *testing.T) {
		t.Run(\"deep\", func(t *testing.T) { t.Skip(\"later\"); t.Error() })
		assert.Equal(t, 4, Add(2, 2))
	})
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { if Add(c.a, c.b) != c.sum { t.Fatalf(\"x\") } })
	}
}
func TestSkipped(t *testing.T) { t.SkipNow() }
func TestShort(t *testing.T) { if testing.Short() { t.Skip() }; checkMoney(t) }
func FuzzAdd(f *testing.F) {}
func BenchmarkAdd(b *testing.B) {}
func TestMain(m *testing.M) {}
func Testify(t *testing.T) {}
func ExampleAdd() {
	fmt.Println(Add(1, 2))
	// Output:
	// 3
}
func ExampleQuiet() { Add(1, 2) }
";

#[test]
fn tests_and_what_they_run_are_found() {
    let tests = read(TESTS).tests();
    let found: Vec<(String, bool, usize)> = tests
        .iter()
        .map(|it| (it.path.join("/"), it.is_exact, it.assertions))
        .collect();
    let expected = [
        ("TestAdd", true, 3),
        ("TestAdd/two and two", true, 2),
        ("TestAdd/two and two/deep", true, 1),
        ("TestAdd/c.name", false, 1),
        ("TestSkipped", true, 0),
        ("TestShort", true, 1),
        ("FuzzAdd", true, 0),
        ("ExampleAdd", true, 1),
    ];
    assert_eq!(
        found,
        expected.map(|(path, exact, count)| (path.to_owned(), exact, count))
    );
    let skipped: Vec<String> = tests
        .into_iter()
        .filter(|it| it.mark == Mark::Skipped)
        .map(|it| it.path.join("/"))
        .collect();
    assert_eq!(skipped, ["TestAdd/two and two/deep", "TestSkipped"]);
}

#[test]
fn what_an_example_prints_is_part_of_what_it_says() {
    let digest = |name: &str, output: &str| {
        let text = format!("package a\nfunc Example{name}() {{\n\tf()\n\t// Output: {output}\n}}");
        read(&text).tests().remove(0).digest
    };
    assert_eq!(digest("A", "1"), digest("B", "1"));
    assert_ne!(digest("A", "1"), digest("A", "2"));
}

const NAMES: &str = "package a
import (\"fmt\"; m \"example.com/money\")
import `os`
type Money struct { A, B int; *C; d.E; inner struct { F int } }
type Shape interface { Area(scale int) float64; Other }
type Alias = int
const ( X = iota; Y )
var v, w = 1, 2
func Add(a int) int { local := 1; type hidden int; return local }
func (m Money) Sub() {}
";

#[test]
fn definitions_are_the_names_that_others_may_use() {
    let names: Vec<String> = read(NAMES).definitions().into_iter().collect();
    assert_eq!(
        names.join(" "),
        "A Add Alias Area B C E F Money Shape Sub X Y inner v w"
    );
}

#[test]
fn imports_are_the_paths() {
    assert_eq!(read(NAMES).imports(), ["fmt", "example.com/money", "os"]);
}

#[test]
fn what_is_outside_changes_only_with_what_no_stub_reaches() {
    let outside = |text: &str| read(&format!("package a\n{text}")).outside();
    let base = outside("type A struct { x int }\nvar b = 1");
    assert_eq!(
        outside("import \"fmt\"\n// A is.\ntype A struct {\n\tx int\n}\nvar b = 1\nfunc F() {}"),
        base
    );
    assert_ne!(outside("type A struct { x int }\nvar b = 2"), base);
    assert_ne!(outside("type A struct { y int }\nvar b = 1"), base);
}

/// Asks everything of a text, and holds a stubbed one against it.
fn read_all(text: &str) {
    let source = read(text);
    assert!(
        source
            .tests()
            .into_iter()
            .all(|it| text.get(it.range).is_some())
    );
    let _ = (source.definitions(), source.imports(), source.outside());
    for stub in [Stub::Throw, Stub::Empty] {
        let stubbed = source.stubbed(stub, &|_| true).text;
        let mut rest = stubbed.as_str();
        let mut at = 0;
        for function in source.functions() {
            let kept = &text[at..function.body.start];
            rest = rest.strip_prefix(kept).expect("what is not a body stays");
            let added = rest.find(" };").expect("a stub ends") + 3;
            rest = &rest[added..];
            at = function.body.start;
        }
        assert_eq!(rest, &text[at..]);
    }
}

#[test]
fn nesting_of_any_depth_is_survived() {
    for (open, close) in [
        ("func F() { ", "}"),
        ("t.Run(\"a\", func() { ", "})"),
        ("(", ")"),
        ("*", ""),
    ] {
        let nested = format!("{}{}", open.repeat(3_000), close.repeat(3_000));
        read_all(&format!(
            "package a\nfunc TestA(t *testing.T) {{ {nested} }}"
        ));
        read_all(&format!("package a\nfunc F() {nested} {{}}"));
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,60}") {
        read_all(&text);
    }

    #[test]
    fn any_row_of_tokens_is_read(tokens in prop::collection::vec(prop::sample::select(vec![
        "func", "F", "(", ")", "{", "}", "TestX", "t *testing.T", "t.Run", "\"a\"", ",", "*", "int", "type", "struct",
        "interface", "import", "\n", ";", "[", "]", "// Output: 1\n", "ExampleF", "é", "`", "=", "package a\n",
    ]), 0..40)) {
        read_all(&tokens.join(" "));
    }
}
