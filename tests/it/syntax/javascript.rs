//! JavaScript's and TypeScript's stubs in node and esbuild, and tests as node names them.

use pdd_hooks::syntax::{Language, Source, Stub};

use super::{program, sample, stubbed};
use crate::reports::real::runner;
use crate::support::{Output, Repo};

fn node(repo: &Repo, args: &[&str]) -> Output {
    repo.run(repo.command("node", repo.folder()).args(args), b"")
}

#[test]
fn every_form_of_function_is_valid_with_each_stub() {
    let repo = Repo::bare_folder();
    for stub in [Stub::Throw, Stub::Empty] {
        let path = stubbed(&repo, "shop.mjs", stub);
        let checked = node(&repo, &["--check", path.to_str().unwrap()]).ok();
        assert_eq!(checked.stderr, "");
    }
}

#[test]
fn every_form_of_typed_function_is_valid_with_each_stub() {
    let repo = Repo::bare_folder();
    for stub in [Stub::Throw, Stub::Empty] {
        let path = stubbed(&repo, "shop.tsx", stub);
        let mut command = repo.command(runner("node_modules/.bin/esbuild"), repo.folder());
        command
            .args(["--log-level=warning", "--outfile=shop.js"])
            .arg(path);
        assert_eq!(repo.run(&mut command, b"").ok().stderr, "");
    }
}

const REACH: &str = "\
import * as shop from './shop.mjs'
const said = call => { try { return call() } catch (error) { return error.message } }
console.log(said(() => shop.caught()))
console.log(said(() => typeof shop.numbers(1).next))
console.log(said(() => [...shop.numbers(1)].length))
console.log(said(() => new shop.Money(1, 2).length))
console.log(said(() => new shop.Money(1, 2).total))
console.log(said(() => shop.long(1)))
console.log(said(() => shop.table['g h'].i))
console.log(said(() => shop.made.other()))
";
const NAMES: [&str; 5] = [
    "Money.constructor",
    "long",
    "numbers",
    "caught",
    "made.other",
];

fn reached(stub: Stub) -> String {
    let repo = Repo::bare_folder();
    program(&repo, "shop.mjs", &sample("shop.mjs"), stub, &NAMES);
    repo.write("reach.mjs", REACH);
    node(&repo, &["reach.mjs"]).ok().stdout
}

#[test]
fn a_throw_says_which_function_was_called() {
    let expected = "\
pdd-hooks stub [caught]
function
pdd-hooks stub [numbers]
pdd-hooks stub [Money.constructor]
pdd-hooks stub [Money.constructor]
pdd-hooks stub [long]
[AsyncFunction: i]
pdd-hooks stub [made.other]
";
    assert_eq!(reached(Stub::Throw), expected);
}

#[test]
fn an_empty_body_gives_nothing_but_the_object_that_was_asked_for() {
    let expected = "\
undefined
function
0
2
undefined
undefined
[AsyncFunction: i]
undefined
";
    assert_eq!(reached(Stub::Empty), expected);
}

const TESTS: &str = "\
import { describe, it, test } from 'node:test'
test('plain', () => {})
describe('money', () => {
  it('adds \\'a\\'', () => {})
  describe(`deep`, () => { it('waits ' + 'long', async () => {}) })
})
test('outer', async t => { await t.test('inner', () => {}) })
";

#[test]
fn tests_have_the_names_by_which_node_reports_them() {
    let repo = Repo::bare_folder();
    repo.write("shop.test.mjs", TESTS);
    let output = node(&repo, &["--test-reporter=tap", "shop.test.mjs"]).ok();
    let source = Source::parse(Language::JavaScript, TESTS).unwrap();
    let named: Vec<String> = source
        .tests()
        .iter()
        .map(|test| format!("# Subtest: {}", test.path.last().unwrap()))
        .collect();
    let groups = ["# Subtest: money", "# Subtest: deep"];
    let mut reported: Vec<&str> = output.stdout.lines().map(str::trim).collect();
    reported.retain(|line| line.starts_with("# Subtest:") && !groups.contains(line));
    assert_eq!(named, reported);
    assert!(source.tests().iter().all(|test| test.is_exact));
}
