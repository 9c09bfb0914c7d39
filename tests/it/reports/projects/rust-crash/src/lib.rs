//! A crate of which one test ends the whole program.

#[cfg(test)]
mod tests {
    #[test]
    fn crashes() {
        std::process::abort();
    }
}
