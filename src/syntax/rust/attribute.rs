//! Attributes as they are written: `#[tokio::test(flavor = "x")]`.

use tree_sitter::Node;

use super::super::Source;

/// An attribute without layout.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Its path: `tokio::test`.
    pub(super) path: String,
    /// What follows the path: `(flavor="x")`, `="x.rs"`, or nothing.
    pub(super) rest: String,
}

impl Attribute {
    /// Reads an `attribute_item` or `inner_attribute_item`.
    pub(super) fn read(source: &Source<'_>, node: Node<'_>) -> Self {
        let text: String = source.text()[node.byte_range()]
            .split_whitespace()
            .collect();
        let text = text
            .trim_start_matches(['#', '!', '['])
            .trim_end_matches(']');
        let end = text.find(['(', '=', '{', '[']).unwrap_or(text.len());
        let (path, rest) = text.split_at(end);
        // Since the 2024 edition some attributes are wrapped: `#[unsafe(no_mangle)]`. None of those is looked for.
        Self {
            path: path.to_owned(),
            rest: rest.to_owned(),
        }
    }

    /// Returns the last segment of its path.
    pub(super) fn name(&self) -> &str {
        self.path.rsplit("::").next().unwrap_or(&self.path)
    }

    /// Tells whether it is `cfg(test)` and nothing else: what it holds exists in tests alone.
    pub(super) fn is_for_tests(&self) -> bool {
        self.path == "cfg" && self.rest == "(test)"
    }

    /// Tells whether it makes a test of a function.
    pub(super) fn makes_test(&self) -> bool {
        let name = self.name();
        name == "test"
            || name.ends_with("_test")
            || matches!(
                name,
                "test_case" | "test_matrix" | "rstest" | "quickcheck" | "proptest"
            )
    }

    /// Tells whether it makes several tests of one function, named by the attribute.
    pub(super) fn makes_several(&self) -> bool {
        matches!(
            self.name(),
            "test_case" | "test_matrix" | "case" | "template" | "apply"
        )
    }

    /// Tells whether it keeps a test from running. Miri is no place where tests count.
    pub(super) fn ignores(&self) -> bool {
        self.path == "ignore"
            || self.path == "cfg_attr"
                && (self.rest.ends_with(",ignore)") || self.rest.contains(",ignore="))
                && !self.rest.starts_with("(miri,")
    }
}
