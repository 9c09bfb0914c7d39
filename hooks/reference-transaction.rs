//! git's `reference-transaction` hook, without the start of Rust's runtime: that costs a sixth of an empty program.
#![no_main]
use std::ffi::{CStr, OsStr, c_char, c_int};
use std::os::unix::ffi::OsStrExt as _;

#[expect(unsafe_code, reason = "C calls it by name, with `count` texts")]
#[unsafe(no_mangle)]
extern "C" fn main(count: c_int, arguments: *const *const c_char) -> c_int {
    let words = (1..usize::try_from(count).unwrap_or(1))
        .map(|place| unsafe { CStr::from_ptr(*arguments.add(place)) })
        .map(|word| OsStr::from_bytes(word.to_bytes()));
    pdd_hooks::hook::guard::main(&words.collect::<Vec<_>>())
}
