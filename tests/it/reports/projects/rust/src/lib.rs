//! One test for each thing that the test harness writes in a way of its own.

/// Doubles a number.
///
/// ```
/// assert_eq!(sample::double(2), 4);
/// ```
///
/// ```
/// assert_eq!(sample::double(2), 5);
/// ```
///
/// ```should_panic
/// panic!("as it should");
/// ```
///
/// ```ignore
/// never();
/// ```
///
/// ```no_run
/// loop {}
/// ```
pub fn double(number: u32) -> u32 {
    number * 2
}

#[cfg(test)]
mod tests {
    #[test]
    fn passes() {
        println!("]]> is in the output, and so is \x1b[31mred\x1b[0m");
    }

    #[test]
    fn fails() {
        println!("]]> is in the output, and so is \x1b[31mred\x1b[0m");
        assert_eq!(super::double(1), 3, "]]> <b> &amp; größer");
    }

    #[test]
    #[should_panic(expected = "as it should")]
    fn panics_as_it_should() {
        panic!("as it should");
    }

    #[test]
    #[should_panic]
    fn does_not_panic() {}

    #[test]
    #[ignore = "not here"]
    fn skipped() {}

    #[test]
    fn errs() -> Result<(), String> {
        Err("no such thing".into())
    }

    #[test]
    fn größer() {}
}
