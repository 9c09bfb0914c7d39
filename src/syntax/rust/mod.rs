//! Rust: functions, tests and names. What macros make of their tokens is not known here, but for tests that stand in them
//! as they are.

mod attribute;
mod empty;
mod function;
mod item;
mod joined;
mod name;
mod test;
#[cfg(test)]
mod tests;
mod token;

pub(super) use function::{edits, functions};
pub(super) use item::test_items;
pub(super) use joined::joined;
pub(super) use name::{definitions, imports, outside};
pub(super) use test::tests;
