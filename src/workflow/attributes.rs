//! The lines of `.gitattributes` that let two branches both add to one log.

use super::edit::ending;

/// Where they stand, from the top.
pub const FILE: &str = ".gitattributes";

/// Adds a line for each of these paths below all others, in the line ends of the file; a line that stands there already is
/// not written again.
pub fn with_union(old: &str, paths: &[String]) -> String {
    let ending = ending(old);
    let mut text = old.to_owned();
    for path in paths {
        let line = line(path);
        if old.lines().any(|known| known.trim() == line) {
            continue;
        }
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(ending);
        }
        text.push_str(&line);
        text.push_str(ending);
    }
    text
}

/// Writes the line of one file.
fn line(path: &str) -> String {
    let mut pattern = String::from("/");
    for letter in path.chars() {
        if "*?[\\".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    // gitattributes(5): a pattern with blanks is quoted as in C.
    if pattern.contains([' ', '\t', '"']) {
        pattern = pattern.replace('\\', "\\\\").replace('"', "\\\"");
        pattern = format!("\"{}\"", pattern.replace('\t', "\\t"));
    }
    format!("{pattern} merge=union")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_added_below_in_the_line_ends_of_the_file_and_only_once() {
        let paths = ["a/Log.md".to_owned(), "b [1].md".to_owned()];
        let both = "/a/Log.md merge=union\n\"/b \\\\[1].md\" merge=union\n";
        assert_eq!(with_union("", &paths), both);
        assert_eq!(with_union(both, &paths), both);
        assert_eq!(
            with_union("* text=auto\r\n*.png binary", &paths[..1]),
            "* text=auto\r\n*.png binary\r\n/a/Log.md merge=union\r\n"
        );
    }
}
