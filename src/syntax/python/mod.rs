//! Python: functions, tests and names, as its grammar has them
//! (<https://docs.python.org/3/reference/compound_stmts.html>).

mod checks;
mod functions;
mod names;
mod scope;
#[cfg(test)]
mod tests;

pub(super) use checks::tests;
pub(super) use functions::{edits, functions};
pub(super) use names::{definitions, imports, outside};
