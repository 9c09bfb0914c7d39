//! A crate of which one test program does not compile.
