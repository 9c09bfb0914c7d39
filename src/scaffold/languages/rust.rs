//! Rust: `cargo test` or nextest, clippy, rustfmt.

use super::{Block, Folder, words};

/// What the manifests say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// `Cargo.lock` is there, so `--locked` can be asked for.
    locked: bool,
    /// `.config/nextest.toml` is there, so the tests are run by it.
    nextest: bool,
}

pub(super) fn look(folder: &Folder) -> Option<Facts> {
    folder.has("Cargo.toml").then(|| Facts {
        locked: folder.has("Cargo.lock"),
        nextest: folder.has(".config/nextest.toml"),
    })
}

pub(super) fn blocks(facts: &Facts) -> Vec<Block> {
    let cargo = |subcommand: &[&str], rest: &[&str], resolves: bool| {
        let mut run = words(&["cargo"]);
        run.extend(words(subcommand));
        // `cargo fmt` resolves no dependencies and does not know `--locked`.
        if resolves && facts.locked {
            run.push("--locked".to_owned());
        }
        run.extend(words(rest));
        run
    };
    let (comment, command, report) = if facts.nextest {
        let comment = "Every test is run, whatever fails first. Nextest runs no doctests: where there are any, add a check for them.";
        (comment, &["nextest", "run"][..], "junit")
    } else {
        let comment = "Every test is run, whatever fails first; the outcome is read from the runner's own text.";
        (comment, &["test"][..], "libtest")
    };
    vec![
        Block {
            comment,
            name: "tests".to_owned(),
            test: true,
            run: cargo(
                &[command, &["--workspace", "--no-fail-fast"]].concat(),
                &[],
                true,
            ),
            only: words(&["--", "--exact", "{tests}"]),
            report: Some(report),
            ..Block::default()
        },
        Block {
            name: "clippy".to_owned(),
            run: cargo(
                &["clippy", "--workspace", "--all-targets"],
                &["--", "-D", "warnings"],
                true,
            ),
            compiles: true,
            ..Block::default()
        },
        Block {
            name: "format".to_owned(),
            run: cargo(&["fmt", "--all", "--check"], &[], false),
            ..Block::default()
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::super::tests::rendered;

    #[test]
    fn a_crate_is_tested_linted_and_formatted() {
        assert_eq!(
            rendered(&[("Cargo.toml", ""), ("Cargo.lock", "")]),
            r#"# Every test is run, whatever fails first; the outcome is read from the runner's own text.
[[check]]
name = "tests"
kind = "test"
run = ["cargo", "test", "--workspace", "--no-fail-fast", "--locked"]
only = ["--", "--exact", "{tests}"]
report = "libtest"

[[check]]
name = "clippy"
kind = "quality"
run = ["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]
compiles = true

[[check]]
name = "format"
kind = "quality"
run = ["cargo", "fmt", "--all", "--check"]
"#
        );
    }

    #[test]
    fn a_crate_that_configures_nextest_is_tested_by_it() {
        let text = rendered(&[("Cargo.toml", ""), (".config/nextest.toml", "")]);
        let expected = r#"run = ["cargo", "nextest", "run", "--workspace", "--no-fail-fast"]
only = ["--", "--exact", "{tests}"]
report = "junit"
"#;
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn without_a_lock_file_none_is_asked_for() {
        assert!(!rendered(&[("Cargo.toml", "")]).contains("--locked"));
    }
}
