//! Go: `go test`, `go vet`.

use super::{Block, words};

pub(super) fn blocks() -> Vec<Block> {
    vec![
        Block {
            name: "tests".to_owned(),
            test: true,
            run: words(&["go", "test", "-json", "./..."]),
            only: words(&["-run", "^({tests})$"]),
            report: Some("go-json"),
            ..Block::default()
        },
        Block {
            name: "vet".to_owned(),
            run: words(&["go", "vet", "./..."]),
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
only = ["-run", "^({tests})$"]
report = "go-json"

[[check]]
name = "vet"
kind = "quality"
run = ["go", "vet", "./..."]
compiles = true
"#
        );
    }
}
