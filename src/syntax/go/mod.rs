//! Go: functions, tests and names.

mod function;
mod name;
mod test;
#[cfg(test)]
mod tests;

pub(super) use function::{edits, functions};
pub(super) use name::{definitions, imports, outside};
pub(super) use test::tests;
