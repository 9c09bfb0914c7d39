//! Whether what a report calls a test is what its text says, where a program puts the title together.

use regex::Regex;

/// What a test may be called: the forms to try, the surest first.
pub(super) struct Title {
    forms: Vec<Form>,
}

enum Form {
    Text(String),
    Holes(Regex),
}

impl Title {
    /// Reads the place of a test in its file; `is_exact` as in [`crate::syntax::Test`].
    pub(super) fn new(path: &[String], is_exact: bool, separator: &str) -> Self {
        let mut forms = vec![Form::Text(path.join(separator))];
        if !is_exact {
            forms.extend(inexact(path, separator).into_iter().map(Form::Holes));
        }
        Self { forms }
    }

    /// Picks what has this title, by the surest form that anything has.
    pub(super) fn pick<T>(&self, all: &[(&str, T)]) -> Vec<T>
    where
        T: Copy,
    {
        let mut found = self.forms.iter().map(|form| {
            let these = all.iter().filter(|(name, _)| form.is(name));
            these.map(|(_, what)| *what).collect::<Vec<T>>()
        });
        found.find(|these| !these.is_empty()).unwrap_or_default()
    }
}

impl Form {
    fn is(&self, name: &str) -> bool {
        [name, without_number(name)].iter().any(|name| match self {
            Self::Text(text) => name == text,
            Self::Holes(pattern) => pattern.is_match(name),
        })
    }
}

/// Takes off the number of a repeated id: `adds #2`.
pub(super) fn without_number(id: &str) -> &str {
    match id.rsplit_once(" #") {
        Some((rest, number)) if !number.is_empty() && is_number(number) => rest,
        _ => id,
    }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Makes patterns of a path that a program puts together: its holes may be anything. Where it shows none, its last part
/// may be anything within its groups, or else its groups may be anything.
fn inexact(path: &[String], separator: &str) -> Vec<Regex> {
    let parts: Vec<String> = path.iter().map(|part| with_holes(part)).collect();
    let is_plain = path
        .iter()
        .zip(&parts)
        .all(|(text, part)| *part == regex::escape(text));
    let separator = regex::escape(separator);
    let any = || ".+".to_owned();
    let all = match parts.split_last() {
        Some((last, groups)) if is_plain => {
            let of_any = groups.iter().map(|_| any()).chain([last.clone()]);
            let groups = groups.iter().cloned().chain([any()]);
            vec![groups.collect::<Vec<_>>(), of_any.collect()]
        }
        _ => vec![parts],
    };
    let patterns = all.into_iter().map(|parts| parts.join(&separator));
    // One that is too large to be compiled finds nothing.
    patterns
        .filter_map(|pattern| Regex::new(&format!("(?s)^{pattern}$")).ok())
        .collect()
}

/// Makes a pattern of a title as it is written: `adds ${a}`, `adds %i`, `adds $a.b`.
fn with_holes(title: &str) -> String {
    let mut pattern = String::new();
    let mut rest = title;
    while let Some(at) = rest.find(['%', '$']) {
        pattern.push_str(&regex::escape(&rest[..at]));
        let hole = &rest[at..];
        let length = hole_length(hole);
        match (length, hole.starts_with("%%")) {
            (_, true) => pattern.push('%'),
            (0, _) => pattern.push_str(&regex::escape(&hole[..1])),
            _ => pattern.push_str(".*"),
        }
        rest = &hole[length.max(1)..];
    }
    pattern + &regex::escape(rest)
}

/// Measures the hole with which a text begins, in bytes: those of JavaScript's template literals, and those of
/// `test.each` (Jest documentation, "Globals"; Vitest documentation, "Test API Reference"). 0 where it is none.
fn hole_length(text: &str) -> usize {
    let after = &text[1..];
    if text.starts_with('%') {
        let is_mark =
            after.starts_with(['s', 'd', 'i', 'f', 'j', 'o', 'O', 'p', 'c', '#', '%', '$']);
        return if is_mark { 2 } else { 0 };
    }
    if after.starts_with('{') {
        let mut depth = 0_usize;
        for (at, letter) in text.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 1 => return at + 1,
                '}' => depth -= 1,
                _ => {}
            }
        }
        return 0;
    }
    if after.starts_with('#') {
        return 2;
    }
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
    let name = after[..end].trim_end_matches('.');
    if name.is_empty() { 0 } else { 1 + name.len() }
}

#[cfg(test)]
mod tests {
    use super::{Title, without_number};

    fn picked<'a>(path: &[&str], is_exact: bool, names: &[&'a str]) -> Vec<&'a str> {
        let path: Vec<String> = path.iter().map(|&part| part.to_owned()).collect();
        let all: Vec<(&str, &str)> = names.iter().map(|&name| (name, name)).collect();
        Title::new(&path, is_exact, " > ").pick(&all)
    }

    #[test]
    fn an_exact_title_takes_none_that_only_begins_like_it() {
        let names = ["adds two", "adds", "group > adds", "adds #2", "adds > two"];
        assert_eq!(picked(&["adds"], true, &names), ["adds", "adds #2"]);
        assert_eq!(picked(&["group", "adds"], true, &names), ["group > adds"]);
    }

    #[test]
    fn a_hole_may_be_anything_and_the_rest_may_not() {
        for title in [
            "adds ${a + {b: 1}.b} well",
            "adds %i well",
            "adds $a.b well",
            "adds $# well",
        ] {
            let names = ["adds 1 well", "adds 1 badly", "so adds 1 well"];
            assert_eq!(picked(&[title], false, &names), ["adds 1 well"], "{title}");
        }
        assert_eq!(
            picked(&["100%% $"], false, &["100% $", "100%% "]),
            ["100% $"]
        );
    }

    #[test]
    fn a_title_that_is_no_text_is_any_in_its_group() {
        let names = ["group > one", "other > two"];
        assert_eq!(picked(&["group", "name"], false, &names), ["group > one"]);
        assert_eq!(picked(&["name", "two"], false, &names), ["other > two"]);
    }

    #[test]
    fn a_repeated_id_is_told_by_its_number() {
        assert_eq!(without_number("adds #12"), "adds");
        assert_eq!(without_number("adds #"), "adds #");
        assert_eq!(without_number("adds #x"), "adds #x");
    }
}
