//! Links the hooks' programs at a fixed address where they are static: git starts them several times a commit, and most
//! of what a small program costs is the work of the loader.

/// The programs that git runs in a client.
const HOOKS: [&str; 12] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-merge-commit",
    "post-merge",
    "post-rewrite",
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "reference-transaction",
    "pre-push",
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |variable: &str, word: &str| {
        std::env::var(variable).is_ok_and(|value| value.split(',').any(|part| part == word))
    };
    if is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_CFG_TARGET_FEATURE", "crt-static")
    {
        for hook in HOOKS {
            for argument in ["-static", "-no-pie"] {
                println!("cargo:rustc-link-arg-bin=pdd-{hook}={argument}");
            }
        }
    }
}
