//! Links the `reference-transaction` program at a fixed address where it is static: git starts it several times a
//! commit, and what is left of its cost is the work of the loader.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |variable: &str, word: &str| {
        std::env::var(variable).is_ok_and(|value| value.split(',').any(|part| part == word))
    };
    if is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_CFG_TARGET_FEATURE", "crt-static")
    {
        for argument in ["-static", "-no-pie"] {
            println!("cargo:rustc-link-arg-bin=pdd-reference-transaction={argument}");
        }
    }
}
