//! Stubbed text compiles, without a warning, whatever the functions look like.

use pdd_hooks::syntax::{Language, Source, Stub};

use super::compiler::Compiled;

const FORMS: &str = r#"
//! Forms of functions.
#![deny(warnings)]
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

/// Money.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Money<'a> { pub amount: u64, pub currency: &'a str }
pub struct Plain(pub u8);
pub struct Wrapped<T>(pub T);

pub fn nothing(a: u8) { let _ = a; }
pub fn empty() {}
pub fn unused_mut(mut list: Vec<u8>) -> Vec<u8> { list.push(1); list }
pub fn assigned(a: bool) -> u8 { let b; if a { b = 1 } else { b = 2 } b }
pub fn number() -> i64 { -1 }
pub fn tail(a: (u8, u8)) -> (u8, u8) { (a.1, a.0) }
pub fn star(a: &u8) -> u8 { *a }
pub fn array() -> [u8; 2] { [1, 2] }
pub fn generic<T: Clone + fmt::Debug>(value: &T) -> T where T: Sized { value.clone() }
pub fn borrowed<'a, T>(all: &'a [T], at: usize) -> Option<&'a T> { all.get(at) }
pub fn inner<'a>(all: &'a mut [u8]) -> &'a mut [u8] { &mut all[1..] }
pub fn first<'a>(text: &'a str) -> &'a str { text.split(' ').next().unwrap_or(text) }
pub fn exact(value: &u8) -> &u8 { value }
pub fn iterator(to: u8) -> impl Iterator<Item = u8> + Clone { (0..to).filter(|n| n % 2 == 0) }
pub fn closure(by: u8) -> impl Fn(u8) -> u8 { move |n| n + by }
pub fn boxed() -> Box<dyn Fn() -> u8> { Box::new(|| 1) }
pub fn never() -> ! { loop {} }
pub fn exits() -> ! { std::process::exit(1) }
pub fn forever() { loop {} }
pub fn map() -> HashMap<String, Vec<u8>> { HashMap::from([("a".to_owned(), vec![1])]) }
pub fn shared() -> Arc<u8> { Arc::new(1) }
pub fn cow(text: &str) -> Cow<'_, str> { text.into() }
pub fn read(mut from: impl Read) -> io::Result<String> { let mut text = String::new(); from.read_to_string(&mut text)?; Ok(text) }
pub fn pair() -> Result<(u8, String, [bool; 2]), fmt::Error> { Err(fmt::Error) }
pub fn reference(_: u8) -> &'static str { "a" }
pub fn pattern((a, Plain(b)): (u8, Plain)) -> u8 { a + b }
pub fn pointer() -> fn() -> u8 { || 1 }
pub fn recursive(n: u8) -> u8 { if n == 0 { 0 } else { recursive(n - 1) } }
pub const fn constant(a: u8) -> u8 { a * 2 }
pub const fn constant_text() -> &'static str { "a" }
pub const fn constant_option(a: u8) -> Option<u8> { Some(a) }
pub async fn waits(a: u8) -> Result<u8, String> { later(a).await }
async fn later(a: u8) -> Result<u8, String> { Ok(a) }
/// Reads.
/// # Safety
/// It must point somewhere.
pub unsafe fn raw(a: *const u8) -> u8 { unsafe { *a } }
pub extern "C" fn foreign(a: u8) -> u8 { a }
pub fn allowing() -> u8 { #![allow(unused_variables)] let a = 1; 2 }
pub fn commented() -> u8 { 1 // one
}

impl<'a> Money<'a> {
    pub fn new(amount: u64, currency: &'a str) -> Self { Self { amount, currency } }
    pub fn add(&mut self, amount: u64) -> &mut Self { self.amount += amount; self }
    pub fn with(mut self, amount: u64) -> Self { self.amount = amount; self }
    pub fn into(self) -> (u64, &'a str) { (self.amount, self.currency) }
    pub fn maybe(amount: u64) -> Result<Self, String> { Err(amount.to_string()) }
    pub fn named(text: &'a str) -> Money<'a> { Money { amount: 1, currency: text } }
}
impl<T: Default> Wrapped<T> {
    pub fn new(value: T) -> Self { Self(value) }
    pub fn take(&mut self) -> T { std::mem::take(&mut self.0) }
}
impl fmt::Display for Money<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}", self.amount) }
}
impl Iterator for Plain {
    type Item = u8;
    fn next(&mut self) -> Option<Self::Item> { Some(self.0) }
}
impl Default for Plain { fn default() -> Self { Plain(1) } }
impl Drop for Plainer { fn drop(&mut self) { nothing(1) } }
pub struct Plainer(pub u8);
pub trait Shape {
    const SIDES: u8;
    type Unit;
    fn unit(&self) -> Self::Unit;
    fn sides(&self) -> u8 { Self::SIDES }
    fn twice(self) -> (Self, u8) where Self: Sized { let sides = self.sides(); (self, sides) }
}
pub mod nested { pub mod deep { pub fn value<const N: usize>() -> [u8; N] { [1; N] } } }
"#;

const BARE: &str = "
#![no_std]
#![deny(warnings)]
pub fn add(a: u8, b: u8) -> u8 { a + b }
pub fn shape() -> impl Clone { 1_u8 }
";

const OLD: &str = "
#![deny(warnings)]
mod core { pub fn add(a: u8) -> Option<u8> { Some(a) } }
pub fn add() -> Option<u8> { core::add(1) }
";

fn stubbed(stub: Stub, text: &str) -> String {
    let source = Source::parse(Language::Rust, text).unwrap();
    source.stubbed(stub, &|_| true).text
}

#[track_caller]
fn compiles(edition: &str, text: &str) {
    let compiled = Compiled::library(edition, text);
    assert!(compiled.is_ok, "{}", compiled.said);
    assert_eq!(compiled.said, "");
}

#[test]
fn every_form_of_function_compiles_as_it_stands_and_stubbed() {
    for edition in ["2021", "2024"] {
        compiles(edition, FORMS);
        compiles(edition, &stubbed(Stub::Throw, FORMS));
        compiles(edition, &stubbed(Stub::Empty, FORMS));
    }
}

#[test]
fn stubs_need_no_standard_library_and_no_new_edition() {
    for stub in [Stub::Throw, Stub::Empty] {
        compiles("2021", &stubbed(stub, BARE));
        compiles("2015", &stubbed(stub, OLD));
    }
}

#[test]
fn functions_without_an_empty_body_are_named() {
    let source = Source::parse(Language::Rust, FORMS).unwrap();
    let stubbed = source.stubbed(Stub::Empty, &|_| true);
    assert_eq!(
        stubbed.throwing.join(" "),
        "generic exact iterator closure boxed never exits pointer Wrapped::new \
         Wrapped::take Plain::default Shape::twice"
    );
}

#[test]
fn a_throw_says_which_function_was_reached_and_an_empty_body_says_nothing() {
    const TEXT: &str = "
        pub struct Money;
        impl Money { pub fn add(a: u8) -> u8 { a + 1 } }
        #[cfg(test)]
        mod tests {
            #[test] fn adds() { assert_eq!(super::Money::add(1), 2); }
            #[test] fn calls() { super::Money::add(1); }
            #[test] fn other() {}
        }";
    let thrown = Compiled::tests(&stubbed(Stub::Throw, TEXT)).run();
    assert_eq!(thrown.matches("pdd-hooks stub [Money::add]").count(), 2);
    assert!(thrown.contains("1 passed; 2 failed"), "{thrown}");
    let empty = Compiled::tests(&stubbed(Stub::Empty, TEXT)).run();
    assert!(empty.contains("2 passed; 1 failed"), "{empty}");
}
