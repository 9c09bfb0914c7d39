//! What is read of errors as they were printed; the compilers and interpreters that are at hand are asked elsewhere.

use proptest::prelude::*;

use super::{Cause, read};

#[track_caller]
fn names(said: &str, expected: &[&str]) {
    let expected = expected.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(read(said), Cause::Names(expected), "{said}");
}

#[track_caller]
fn other(said: &str) {
    assert_eq!(read(said), Cause::Other, "{said}");
}

#[test]
fn a_text_without_an_error_is_no_cause() {
    other("");
    other("warning: unused import: `std::fmt`\n --> t.rs:1:20\n");
    other("running 1 test\ntest adds ... FAILED\n");
}

#[test]
fn one_error_that_is_not_about_a_name_decides() {
    let about = "error[E0425]: cannot find function `sub` in this scope\n --> t.rs:1:30\n";
    names(about, &["sub"]);
    other(&format!(
        "{about}\nerror: expected one of `!` or `::`, found `x`\n"
    ));
    other(&format!(
        "{about}\nerror[E0502]: cannot borrow `a` as mutable\n"
    ));
}

#[test]
fn ends_of_a_run_and_warnings_are_no_errors() {
    names(
        "warning: unused variable: `a`\n\nerror[E0432]: unresolved imports `app::sub`, `app::mul`\n\n\
         error: aborting due to 1 previous error; 1 warning emitted\n\n\
         error: could not compile `app` (test \"adds\") due to 1 previous error\n\
         error: command `cargo test --no-run` exited with code 101\n",
        &["app::sub", "app::mul"],
    );
}

#[test]
fn colours_are_passed_over() {
    names(
        "\u{1b}[1m\u{1b}[91merror[E0425]\u{1b}[0m\u{1b}[1m: cannot find value `X` in module `money`\u{1b}[0m\n",
        &["X"],
    );
}

#[test]
fn each_name_is_told_once() {
    names(
        "error[E0425]: cannot find function `sub` in this scope\nerror[E0425]: cannot find function `sub` in this scope\n",
        &["sub"],
    );
}

#[test]
fn go_errors_are_read() {
    let go = |message: &str| {
        format!(
            "# example.com/app [example.com/app.test]\n./a_test.go:5:2: {message}\nFAIL\texample.com/app [build failed]\n"
        )
    };
    names(&go("undefined: Sub"), &["Sub"]);
    names(&go("undefined: money.Sub"), &["money.Sub"]);
    names(
        &go("m.Sub undefined (type Money has no field or method Sub)"),
        &["Sub"],
    );
    names(
        &go("not enough arguments in call to Add\n\thave (number)\n\twant (int, int)"),
        &["Add"],
    );
    names(
        &go("too many arguments in call to money.Add\n\thave (number)\n\twant ()"),
        &["money.Add"],
    );
    names(
        &go("unknown field Currency in struct literal of type Money"),
        &["Currency"],
    );
    names(
        &go("assignment mismatch: 2 variables but Add returns 1 value"),
        &["Add"],
    );
    names(
        &go("cannot use \"a\" (untyped string constant) as int value in argument to Add"),
        &["Add"],
    );
    names(
        &go(
            "cannot use m (variable of type Money) as Shape value in variable declaration: Money does not implement Shape (missing method Area)",
        ),
        &["Area"],
    );
    names(
        &go("undefined: Sub\n./a_test.go:9:2: too many errors"),
        &["Sub"],
    );
    other(&go("syntax error: unexpected newline, expected comma or )"));
    other(&go("\"os\" imported and not used"));
    other(
        "a_test.go:4:2: no required module provides package example.com/x; to add it:\n\tgo get example.com/x\n",
    );
    other("--- FAIL: TestAdd (0.00s)\n    a_test.go:5:2: undefined: Sub\n");
}

#[test]
fn python_errors_are_read() {
    names(
        "E   ImportError: cannot import name 'sub' from 'app' (/x/app.py)",
        &["sub"],
    );
    names(
        "E   ModuleNotFoundError: No module named 'app.money'; 'app' is not a package",
        &["app.money"],
    );
    names(
        "E   AttributeError: type object 'Money' has no attribute 'make'",
        &["make"],
    );
    names(
        "E       fixture 'nofix' not found\n>       available fixtures: capsys",
        &["nofix"],
    );
    names(
        "E   TypeError: add() missing 1 required positional argument: 'b'",
        &["add"],
    );
    names(
        "E   TypeError: Money.__init__() got an unexpected keyword argument 'currency'",
        &["currency"],
    );
    names(
        "ImportError: Failed to import test module: test_1\nTraceback (most recent call last):\n  File \"t.py\", line 1, in <module>\n    from app import sub\nImportError: cannot import name 'sub' from 'app' (app.py)\n",
        &["sub"],
    );
    other(
        "E     File \"t.py\", line 1\nE       def x(:\nE             ^\nE   SyntaxError: invalid syntax",
    );
    other("E   IndentationError: unexpected indent");
    other("E   KeyError: 'sub'");
    other("E   test_11.Boom: name 'x' is wrong");
    other("Traceback (most recent call last):\n  File \"t.py\", line 2, in <module>\nt.Boom\n");
    other("E   ImportError: cannot import name 'sub' from 'app'\nE   AssertionError");
}

#[test]
fn javascript_errors_are_read() {
    names(
        "SyntaxError: The requested module './money.js' does not provide an export named 'sub'\n    at ModuleJob (x)",
        &["sub"],
    );
    names(
        "# SyntaxError: The requested module './money.js' does not provide an export named 'sub'",
        &["sub"],
    );
    names(
        "SyntaxError: [vite] (ssr) The requested module '/money.js' does not provide an export named 'sub'",
        &["sub"],
    );
    names(
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/x/none.js' imported from /x/a.test.js",
        &["/x/none.js"],
    );
    names(
        "Error: Cannot find module './none'\nRequire stack:\n- /x/a.cjs",
        &["./none"],
    );
    names(
        "  ● Test suite failed to run\n\n    Cannot find module './none' from 'a.test.js'\n",
        &["./none"],
    );
    names(
        "Error: Cannot find module './none.js' imported from '/x/b.test.js'\nCaused by: Error: Failed to load url ./none.js (resolved id: ./none.js) in /x/b.test.js. Does the file exist?",
        &["./none.js"],
    );
    names(
        "Error: Failed to resolve import \"./none\" from \"a.test.js\". Does the file exist?",
        &["./none"],
    );
    names("ReferenceError: nope is not defined", &["nope"]);
    names("TypeError: (0 , _money.sub) is not a function", &["sub"]);
    names("TypeError: m.Money is not a constructor", &["Money"]);
    other("SyntaxError: Unexpected token '='");
    other("TypeError: Cannot read properties of undefined (reading 'sub')");
    other("RollupError: Parse failure: Unexpected token `=`.");
}

#[test]
fn typescript_errors_are_read() {
    names(
        "a.ts(1,10): error TS2305: Module '\"./money\"' has no exported member 'sub'.",
        &["sub"],
    );
    names(
        "a.ts(1,10): error TS2724: '\"./money\"' has no exported member named 'sub'. Did you mean 'sum'?",
        &["sub"],
    );
    names(
        "a.ts(2,15): error TS2307: Cannot find module './none' or its corresponding type declarations.",
        &["./none"],
    );
    names(
        "src/a b.ts(7,3): error TS2339: Property 'c' does not exist on type 'Money'.",
        &["c"],
    );
    names(
        "a.ts(6,26): error TS2353: Object literal may only specify known properties, and 'b' does not exist in type 'Money'.",
        &["b"],
    );
    names(
        "a.ts:3:8 - error TS2554: Expected 1 arguments, but got 2.\n\n3 add(1, 2);\n         ~\n",
        &["add"],
    );
    names(
        "a.ts:4:3 - error TS2554: Expected 1 arguments, but got 0.\n\n4   add();\n    ~~~\n\n  m.ts:1:21\n    1 export const add = (a: number) => a;\n                          ~~~~~~~~~\n",
        &["add"],
    );
    other("a.ts(3,8): error TS2554: Expected 1 arguments, but got 2.");
    other("a.ts(3,8): error TS1005: ';' expected.");
}

proptest! {
    #[test]
    fn any_text_is_read(said in "\\PC{0,80}") {
        let _ = read(&said);
    }

    #[test]
    fn any_rows_of_marks_are_read(lines in prop::collection::vec(prop::sample::select(vec![
        "error[E0061]: a", "error[E0308]: b `c`", "note: function defined here", "1 | é(x)", "  | ^^^", " ~~", "^", "12",
        "a.ts:1:1 - error TS2554: x", "E   ", "Traceback (most recent call last):", "error[", "", "1 f(é", "  --^", "TypeError: ",
    ]), 0..12)) {
        let _ = read(&lines.join("\n"));
    }
}

#[test]
fn a_type_without_a_trait_is_named_with_it() {
    let said =
        "error[E0277]: `Money` doesn't implement `std::fmt::Display`\n --> tests/it.rs:3:5\n";
    assert_eq!(read(said), Cause::Names(vec!["Money".into()]));
    let said = "error[E0369]: binary operation `==` cannot be applied to type `Vec<Money>`\n";
    assert_eq!(read(said), Cause::Names(vec!["Vec::Money".into()]));
}

#[test]
fn a_program_that_is_not_built_is_named() {
    let said = "error: environment variable `CARGO_BIN_EXE_sums` not defined at compile time\n --> tests/command.rs:5:27\n";
    assert_eq!(read(said), Cause::Names(vec!["CARGO_BIN_EXE".into()]));
}
