//! Go: `go test`, `go vet`.

use super::{Block, words};

pub(super) fn blocks(folder: &str) -> Vec<Block> {
    let go = |rest: &[&str]| {
        let mut run = words(&["go"]);
        if !folder.is_empty() {
            // `-C` must come first (Go 1.20 and later).
            run.extend(words(&["-C", folder]));
        }
        run.extend(words(rest));
        run
    };
    vec![
        Block {
            name: "tests".to_owned(),
            test: true,
            run: go(&["test", "-json", "./..."]),
            report: Some("go-json"),
            ..Block::default()
        },
        Block {
            name: "vet".to_owned(),
            run: go(&["vet", "./..."]),
            compiles: true,
            ..Block::default()
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::super::tests::rendered;

    #[test]
    fn a_module_is_tested_and_vetted() {
        assert_eq!(
            rendered(&[("go.mod", "")]),
            r#"[[check]]
name = "tests"
kind = "test"
run = ["go", "test", "-json", "./..."]
report = "go-json"

[[check]]
name = "vet"
kind = "quality"
run = ["go", "vet", "./..."]
compiles = true
"#
        );
        assert!(rendered(&[("api/go.mod", "")]).contains(r#"["go", "-C", "api", "vet", "./..."]"#));
    }
}
