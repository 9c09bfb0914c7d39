//! JavaScript and TypeScript: functions, tests and names (<https://tc39.es/ecma262/>). Types are erased before anything
//! runs, so what they say counts only within functions.

mod assertions;
mod called;
mod checks;
mod functions;
mod names;
mod outside;
mod scope;
#[cfg(test)]
mod tests;

pub(super) use checks::tests;
pub(super) use functions::{edits, functions};
pub(super) use names::{definitions, imports};
pub(super) use outside::outside;
