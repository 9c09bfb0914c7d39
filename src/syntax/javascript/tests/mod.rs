//! What is read of JavaScript and TypeScript, case by case: functions and names.

mod checks;

use crate::syntax::{Language, MARKER, Source, Stub};

fn source(text: &str) -> Source<'_> {
    Source::parse(Language::JavaScript, text).expect("the grammar is there")
}

fn typed(text: &str) -> Source<'_> {
    Source::parse(Language::TypeScript, text).expect("the grammar is there")
}

fn functions(source: &Source<'_>) -> Vec<String> {
    let functions = source.functions().into_iter();
    functions
        .map(|function| {
            let body = &source.text()[function.body];
            format!("{} = {}", function.name, body.trim())
        })
        .collect()
}

fn stubbed(source: &Source<'_>, stub: Stub) -> String {
    source.stubbed(stub, &|_| true).text
}

#[test]
fn functions_are_found_wherever_a_module_makes_them() {
    let text = "\
function one() { function nested() {} return () => 1 }
export default async function () { 2 }
const three = a => 3, four = function* () { 4 };
exports.five = function () { 5 };
module.exports = { six() { 6 }, seven: () => 7, deep: { eight: () => 8 } };
Money.prototype.nine = () => 9;
class Money extends Base {
  static #ten() { 10 }
  get eleven() { 11 }
  set eleven(a) { 12 }
  twelve = () => 13;
  constructor() { super() }
}
const thirteen = memo(React.forwardRef((props, ref) => 14));
if (a) { var fourteen = cond ? () => 15 : () => 16 }
app.get('/users', (request, response) => { 17 });
export const fifteen = () => ({ a: 18 });
const table = { sixteen() { 19 }, get seventeen() { 20 }, deep: { *eighteen() { 21 } } };
";
    let expected = [
        "one = function nested() {} return () => 1",
        "default = 2",
        "three = 3",
        "four = 4",
        "five = 5",
        "six = 6",
        "seven = 7",
        "deep.eight = 8",
        "Money.nine = 9",
        "Money.#ten = 10",
        "Money.eleven = 11",
        "Money.eleven#2 = 12",
        "Money.twelve = 13",
        "Money.constructor = super()",
        "thirteen = 14",
        "fourteen = 15",
        "fourteen#2 = 16",
        "app.get./users = 17",
        "fifteen = ({ a: 18 })",
        "table.sixteen = 19",
        "table.seventeen = 20",
        "table.deep.eighteen = 21",
    ];
    assert_eq!(functions(&source(text)), expected);
}

#[test]
fn a_function_called_where_it_stands_is_the_frame_of_a_module() {
    let text = "(function () { function f() { 1 } exports.g = () => 2 })();\n\
                (function (factory) { factory() })(function () { function h() { 3 } });\n\
                define(['a'], a => { return 4 });\n\
                const m = (() => { return { i() { 5 } } })();\n\
                !function (f) { f() }(this, (function () { return function j() { 6 } }));";
    assert_eq!(
        functions(&source(text)),
        ["f = 1", "g = 2", "h = 3", "m.i = 5", "j = 6"]
    );
}

#[test]
fn what_is_handed_to_a_test_runner_is_no_function_of_the_module() {
    let text = "describe('a', () => { it('b', () => {}); function c() {} });\n\
                beforeEach(() => {}); test.before(() => {}); test.each([1])('d', () => {});\n\
                function helper() { 1 }";
    assert_eq!(functions(&source(text)), ["helper = 1"]);
}

#[test]
fn what_has_no_body_in_typescript_is_no_function() {
    let text = "\
function f(a: string): string;
function f(a: unknown) { return a }
declare function g(): void;
abstract class A<T> {
  abstract h(): void;
  @log() i(): T { return 1 }
  constructor(private a: number);
  constructor(private a: any) {}
}
namespace N { export const j = <T,>(a: T) => a as T }
interface I { k(): void }
";
    assert_eq!(
        functions(&typed(text)),
        [
            "f = return a",
            "A.i = return 1",
            "A.constructor = ",
            "N.j = a as T"
        ]
    );
    let decorated = typed(text).functions().remove(1);
    assert_eq!(&text[decorated.range.clone()], "@log() i(): T { return 1 }");
    let other = text.replace("@log()", "@log(1)");
    assert_ne!(typed(&other).functions()[1].digest, decorated.digest);
}

#[test]
fn a_function_is_all_that_binds_it() {
    let whole = |text: &str| {
        let function = source(text).functions().remove(0);
        text[function.range].to_owned()
    };
    let alone = "export const f = (() => 1);";
    assert_eq!(whole(alone), alone);
    let wrapped = "const f = memo(forwardRef(a => 1));";
    assert_eq!(whole(wrapped), wrapped);
    assert_eq!(whole("const f = limit(5, () => 1);"), "() => 1");
    assert_eq!(whole("const f = () => 1, b = 2;"), "f = () => 1");
}

#[test]
fn an_empty_stub_stays_what_the_function_was() {
    let text = "\
async function* f() {\r
  yield 1;\r
}\r
const g = a => a +
  1;
class A { constructor() { this.a = 1 } get b() { return 1 } }
class B extends A { constructor(a) { super(a) } }
";
    let expected = "\
async function* f() {\r
\r
}\r
const g = a => (undefined
);
class A { constructor() {} get b() {} }
class B extends A { constructor(a) {super(...arguments);} }
";
    assert_eq!(stubbed(&source(text), Stub::Empty), expected);
}

#[test]
fn a_throw_names_the_function_and_is_a_body_of_its_own() {
    let text = "const f = a => a;\nclass A { b() {\n} }\n";
    assert_eq!(
        stubbed(&source(text), Stub::Throw),
        "const f = a => { throw new Error(\"pdd-hooks\" + \" stub [f]\"); };\n\
         class A { b() {throw new Error(\"pdd-hooks\" + \" stub [A.b]\");\n} }\n"
    );
    assert!(!stubbed(&source(text), Stub::Throw).contains(MARKER));
}

#[test]
fn definitions_are_the_names_that_others_may_use() {
    let text = "\
import a, { b as c, d } from 'e';
export { f as g } from 'h';
export * as i from 'j';
const { k, l: { m }, n = 1 } = o();
function p(q, { r = 1 }, ...s) { const local = 1; this.t = 1; }
class U { #v = 1; w = () => 2; x(y) {} }
module.exports = { z, 'aa': 1, bb() {} };
exports.cc = 1;
";
    let expected = "U a aa bb c cc d g i k l m n p q r s t v w x y z";
    let names: Vec<String> = source(text).definitions().into_iter().collect();
    assert_eq!(names.join(" "), expected);
    let text = "export enum A { B, C = 1 }\ninterface D { e: string }\ntype F = 1;\n\
                namespace G { export const h = 1 }\nabstract class I <M extends O<1>> { #j?: number; abstract k(l: string): void; n() { this.#j = 1 } }";
    let names: Vec<String> = typed(text).definitions().into_iter().collect();
    assert_eq!(names.join(" "), "A B C D F G I e h j k l n");
}

#[test]
fn imports_stand_as_they_are_written() {
    let text = "import a from './a.js'; import 'b'; export * from \"c\"; export { d } from 'd';\n\
                const e = require('../e'); function f() { return import('f') } import(g); require(h + 'i');";
    assert_eq!(
        source(text).imports(),
        ["./a.js", "b", "c", "d", "../e", "f"]
    );
    assert_eq!(typed("import a = require('b');").imports(), ["b"]);
}

#[test]
fn what_stands_outside_functions_is_told_apart_from_them() {
    let outside = |text: &str| typed(text).outside();
    let before =
        "import a from 'a';\nconst X = 1;\nexport const f = () => 1;\nmodule.exports = { f };\n";
    let same = [
        "const X = 1 // one\nfunction f(a = 2) { return a }\nexport { f };",
        "const b = require('b');\nconst X = 1;\nclass A { f() {} g = () => 1 }\nexports.f = f;",
        "interface I { a: string }\nexport type T = 1;\nconst X: number = 1;\nit('a', () => { f() })",
    ];
    for text in same {
        assert_eq!(outside(before), outside(text), "{text}");
    }
    let other = [
        before.replace("X = 1", "X = 2"),
        format!("{before}class A extends B {{}}\n"),
        format!("{before}class A {{ b = 1 }}\n"),
        format!("{before}enum E {{ A }}\n"),
        format!("{before}f();\n"),
        format!("{before}module.exports = {{ f, g: 1 }};\n"),
    ];
    for text in other {
        assert_ne!(outside(before), outside(&text), "{text}");
    }
}

#[test]
fn components_are_read_in_both_dialects_that_have_them() {
    let text = "export const View = ({ a }) => <p title=\"x\">{a}</p>;\n";
    for language in [Language::JavaScript, Language::Tsx] {
        let source = Source::parse(language, text).expect("the grammar is there");
        assert_eq!(
            stubbed(&source, Stub::Empty),
            "export const View = ({ a }) => (undefined);\n"
        );
    }
}
