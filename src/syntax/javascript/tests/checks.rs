//! What is read of JavaScript's tests, case by case.

use super::source;
use crate::syntax::{Mark, Test};

fn only(text: &str) -> Test {
    let mut tests = source(text).tests();
    assert_eq!(tests.len(), 1, "{text}");
    tests.remove(0)
}

fn paths(text: &str) -> Vec<(String, bool)> {
    let tests = source(text).tests().into_iter();
    tests
        .map(|test| (test.path.join(" > "), test.is_exact))
        .collect()
}

#[test]
fn tests_are_named_by_their_groups_and_titles() {
    let text = "\
describe('money', () => {
  context(\"it's\", function () {
    it('adds \\'a\\'', () => {});
  });
  it(`plain`, () => {});
  it('long ' +
    'title', () => {});
});
test('node', async (t) => { await t.test('sub', () => {}); });
";
    let expected = [
        "money > it's > adds 'a'",
        "money > plain",
        "money > long title",
        "node",
        "node > sub",
    ];
    assert_eq!(paths(text), expected.map(|path| (path.to_owned(), true)));
}

#[test]
fn a_title_that_a_program_puts_together_is_not_exact() {
    let cases = [
        ("it(`adds ${a}`, () => {})", "adds ${a}"),
        ("it.each([1, 2])('adds %i', a => {})", "adds %i"),
        ("it.only.each`a\n${1}`('adds $a', a => {})", "adds $a"),
        (
            "describe.each([1])('b', () => { it('a', () => {}) })",
            "b > a",
        ),
        ("for (const a of b) it('a', () => {})", "a"),
        ("b.forEach(a => { it('a', () => {}) })", "a"),
        ("function define() { it('a', () => {}) }", "a"),
        ("it(name, () => {})", "name"),
        ("it('\\u0041', () => {})", "\\u0041"),
    ];
    for (text, path) in cases {
        assert_eq!(paths(text), [(path.to_owned(), false)], "{text}");
    }
}

#[test]
fn what_only_looks_like_a_test_is_none() {
    let texts = [
        "pattern.test('a')",
        "test()",
        "it.extend({ a: () => {} })",
        "test.beforeEach('a', () => {})",
        "submit('a', () => {})",
        "it.each([1, 2])",
        "t.test",
    ];
    for text in texts {
        assert_eq!(paths(text), [], "{text}");
    }
}

#[test]
fn a_test_kept_from_counting_is_marked() {
    let skipped = [
        "it.skip('a', () => {})",
        "test.todo('a')",
        "it('a')",
        "xit('a', () => {})",
        "it.failing('a', () => {})",
        "test.fails('a', () => {})",
        "it.skipIf(b)('a', () => {})",
        "xdescribe('b', () => { it.only('a', () => {}) })",
        "describe.skip('b', () => { it('a', () => {}) })",
        "test('a', { skip: 'why' }, () => {})",
        "test('a', { todo: true }, () => {})",
        "test('a', t => { t.skip() })",
        "test('a', t => { t.todo('why'); f() })",
        "it('a', function () { this.skip() })",
    ];
    for text in skipped {
        assert_eq!(only(text).mark, Mark::Skipped, "{text}");
    }
    let focused = [
        "it.only('a', () => {})",
        "fit('a', () => {})",
        "fdescribe('b', () => { it('a', () => {}) })",
        "test('a', { only: true }, () => {})",
    ];
    for text in focused {
        assert_eq!(only(text).mark, Mark::Focused, "{text}");
    }
    let unmarked = [
        "it('a', () => {})",
        "it.concurrent('skip', () => {})",
        "test('a', { skip: false }, () => {})",
        "test('a', t => { if (b) t.skip() })",
        "test('a', t => { list.skip() })",
    ];
    for text in unmarked {
        assert_eq!(only(text).mark, Mark::None, "{text}");
    }
}

#[test]
fn a_test_that_is_moved_renamed_and_reformatted_says_the_same() {
    let one = only("it('a', () => { expect(f(1)).toBe('x'); });");
    let other = only(
        "describe('c', () => {\n  it(`b`, () => {\n    // why\n    expect(f(1,)).toBe(\"x\")\n  })\n})",
    );
    assert_eq!(one.digest, other.digest);
    for text in [
        "it('a', () => { expect(f(2)).toBe('x'); });",
        "it('a', async () => { expect(f(1)).toBe('x'); });",
        "it.each([1])('a', () => { expect(f(1)).toBe('x'); });",
    ] {
        assert_ne!(one.digest, only(text).digest, "{text}");
    }
}

#[test]
fn assertions_are_counted_by_how_they_are_called() {
    let cases = [
        ("f(1)", 0),
        ("expect.assertions(1); expect.extend({})", 0),
        ("expect(f(1)).toEqual(expect.any(String))", 1),
        ("expect.soft(f(1)).toBe(1)", 1),
        (
            "assert(a); assert.equal(a, 1); assert.strict.equal(a, 1)",
            3,
        ),
        ("t.is(a, 1); t.plan(1); t.assert.equal(a, 1)", 2),
        ("a.should.equal(1); should(a).be.ok()", 2),
        (
            "sinon.assert.calledOnce(a); checkAll(); page.expectTitle('a')",
            3,
        ),
        ("a.forEach(b => expect(b).toBe(1))", 1),
        ("t.test('sub', t => { t.ok(1) })", 1),
    ];
    for (body, count) in cases {
        let text = format!("test('a', t => {{ {body} }})");
        assert_eq!(source(&text).tests()[0].assertions, count, "{body}");
    }
}

#[test]
fn a_test_that_any_throw_satisfies_is_told() {
    let cases = [
        ("expect(f).toThrow()", true),
        ("await expect(f()).rejects.toThrow(Error)", true),
        ("assert.throws(() => f())", true),
        ("t.throws(f)", true),
        ("expect(f).toThrow('message')", false),
        ("assert.throws(f, /message/)", false),
        ("expect(f).toThrow(); expect(g()).toBe(1)", false),
        ("expect(f()).toBe(1)", false),
        ("expect(f).not.toThrow()", false),
        ("stub.throws(); expect(f()).toBe(1)", false),
    ];
    for (body, expects) in cases {
        let text = format!("test('a', async t => {{ {body} }})");
        assert_eq!(only(&text).expects_throw, expects, "{body}");
    }
}
