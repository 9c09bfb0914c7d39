//! Fields as the documents write them, `**Status**: PENDING`, in an item or on a line of a paragraph.

use std::ops::Range;

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, in lower case: `current owner`.
    pub name: String,
    /// Its value in source form, without blanks around it; empty where there is none.
    pub value: Range<usize>,
}

/// The longest name that is one: what is longer is a sentence with a colon.
const LONGEST: usize = 40;

/// Reads a field from these bytes: `**Name**: value`, `**Name:** value` or `Name: value`.
pub fn field(text: &str, bytes: Range<usize>) -> Option<Field> {
    let said = &text[bytes.clone()];
    let bold = ["**", "__"]
        .into_iter()
        .find_map(|mark| said.strip_prefix(mark)?.split_once(mark));
    let (name, rest) = match bold {
        Some((name, rest)) => match name.trim_end().strip_suffix(':') {
            Some(name) => (name, rest),
            None => (
                name,
                rest.trim_start_matches([' ', '\t']).strip_prefix(':')?,
            ),
        },
        None => said.split_once(':')?,
    };
    let is_name = |letter: char| letter.is_alphanumeric() || " /-_()".contains(letter);
    if name.trim().is_empty() || name.len() > LONGEST || !name.chars().all(is_name) {
        return None;
    }
    let value = rest.trim();
    let blanks = rest.len() - rest.trim_start().len();
    // A field without a value ends where the colon does.
    let start = match value.is_empty() {
        true => bytes.start + said.trim_end().len(),
        false => bytes.end - rest.len() + blanks,
    };
    Some(Field {
        name: name.trim().to_lowercase(),
        value: start..start + value.len(),
    })
}

/// Reads the fields on the lines of a paragraph.
pub fn fields(text: &str, bytes: Range<usize>) -> Vec<Field> {
    let mut found = Vec::new();
    let mut at = bytes.start;
    for line in text[bytes].split_inclusive('\n') {
        let blanks = line.len() - line.trim_start().len();
        found.extend(field(
            text,
            at + blanks..at + line.trim_end().len().max(blanks),
        ));
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, &str)> {
        let found = field(text, 0..text.len())?;
        Some((found.name, &text[found.value]))
    }

    #[test]
    fn a_field_is_read_however_its_name_is_marked() {
        for text in [
            "**Current Owner**: DEV",
            "**Current Owner:** DEV",
            "__Current Owner__ : DEV ",
            "Current Owner: DEV",
        ] {
            assert_eq!(read(text), Some(("current owner".into(), "DEV")), "{text}");
        }
        assert_eq!(read("**Status**:"), Some(("status".into(), "")));
        assert_eq!(
            read("**Started**: 2025-01-15 14:30"),
            Some(("started".into(), "2025-01-15 14:30"))
        );
    }

    #[test]
    fn what_only_has_a_colon_is_no_field() {
        for text in [
            "",
            "words",
            "**bold** words: more",
            "**[TASK-1]** - Title: of it",
            ": x",
            "it `is: so`: x",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn each_line_of_a_paragraph_may_be_one() {
        let text = "**Date**: 2025-01-15\r\n  **By**: Ann\r\nwords";
        let found = fields(text, 0..text.len());
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.name.as_str(), &text[it.value.clone()]))
            .collect();
        assert_eq!(found, [("date", "2025-01-15"), ("by", "Ann")]);
    }
}
