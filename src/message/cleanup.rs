//! What git does to a message before it commits (git-commit(1), `--cleanup`; git-stripspace(1)), byte for byte.

/// The modes of `git commit --cleanup`; `default` is `Strip` where an editor was used, else `Whitespace`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleanup {
    /// The message is taken as it stands.
    Verbatim,
    /// Trailing blanks, runs of blank lines, and blank lines at both ends go.
    Whitespace,
    /// As `Whitespace`, and comment lines go.
    Strip,
    /// As `Whitespace`, and all from the scissors line on goes.
    Scissors,
}

/// What follows the comment string on the line above which git keeps the message; git wants its line feed too, so that a
/// scissors line with a carriage return cuts nothing.
const SCISSORS: &[u8] = b" ------------------------ >8 ------------------------\n";

/// The characters that git tries, in this order, where `core.commentChar` is `auto`.
const CANDIDATES: &[u8] = b"#;@!$%^&|:";

/// Returns what git commits of `bytes`. `comment` is `core.commentString`; `cut_scissors` says that git itself wrote a
/// scissors line, as `--verbose` makes it do in every mode.
pub fn clean(bytes: &[u8], mode: Cleanup, comment: &[u8], cut_scissors: bool) -> Vec<u8> {
    let kept = kept(bytes, mode, comment, cut_scissors);
    if mode == Cleanup::Verbatim {
        return kept.to_vec();
    }
    let mut out = Vec::with_capacity(kept.len() + 1);
    let mut blank = false;
    for line in kept.split_inclusive(|&b| b == b'\n') {
        if is_comment(line, mode, comment) {
            continue;
        }
        let line = trim_end_bytes(line);
        if line.is_empty() {
            blank = true;
            continue;
        }
        if blank && !out.is_empty() {
            out.push(b'\n');
        }
        blank = false;
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out
}

/// Guesses which comment character git chose for this message file where `core.commentChar` is `auto`: the one before
/// the scissors, else the one that begins the last line that is not blank, else `#`.
pub fn comment_auto(file: &[u8]) -> Vec<u8> {
    let chosen = CANDIDATES
        .iter()
        .find(|&&candidate| end(file, &[candidate]) < file.len())
        .or_else(|| {
            file.split(|&b| b == b'\n')
                .map(trim_end_bytes)
                .rfind(|line| !line.is_empty())
                .and_then(|line| line.first())
                .filter(|&first| CANDIDATES.contains(first))
        });
    vec![chosen.copied().unwrap_or(b'#')]
}

/// Returns the comment character that git chooses for a message that nobody edits where `core.commentChar` is `auto`:
/// the first that begins no line of it (`adjust_comment_line_char` in git's builtin/commit.c).
pub fn comment_unused(message: &[u8]) -> Vec<u8> {
    let begins = |candidate: u8| {
        message.first() == Some(&candidate)
            || message
                .windows(2)
                .any(|pair| matches!(pair[0], b'\n' | b'\r') && pair[1] == candidate)
    };
    let chosen = CANDIDATES.iter().find(|&&candidate| !begins(candidate));
    vec![chosen.copied().unwrap_or(b'#')]
}

/// Returns what stands above the scissors, where this mode looks for them.
pub(super) fn kept<'a>(bytes: &'a [u8], mode: Cleanup, comment: &[u8], cut: bool) -> &'a [u8] {
    if cut || mode == Cleanup::Scissors {
        &bytes[..end(bytes, comment)]
    } else {
        bytes
    }
}

/// Says whether git drops this line as a comment.
pub(super) fn is_comment(line: &[u8], mode: Cleanup, comment: &[u8]) -> bool {
    mode == Cleanup::Strip && !comment.is_empty() && line.starts_with(comment)
}

/// Takes off the bytes that git counts as blank; unlike C's `isspace`, it knows no form feed and no vertical tab.
pub(super) fn trim_end_bytes(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|b| !b" \t\r\n".contains(b));
    &line[..end.map_or(0, |last| last + 1)]
}

/// As [`trim_end_bytes`], for text.
pub(super) fn trim_end(line: &str) -> &str {
    line.trim_end_matches([' ', '\t', '\r', '\n'])
}

/// Finds the scissors line; the length where there is none.
pub fn end(bytes: &[u8], comment: &[u8]) -> usize {
    // git searches a C string: what follows a NUL is not found.
    let text = bytes.split(|&b| b == 0).next().unwrap_or(bytes);
    let mut start = 0;
    for line in text.split_inclusive(|&b| b == b'\n') {
        if line.strip_prefix(comment) == Some(SCISSORS) {
            return start;
        }
        start += line.len();
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCISSORS_LINE: &str = "# ------------------------ >8 ------------------------\n";

    fn cleaned(text: &str, mode: Cleanup, comment: &str, cut: bool) -> String {
        String::from_utf8(clean(text.as_bytes(), mode, comment.as_bytes(), cut)).unwrap()
    }

    #[test]
    fn verbatim_keeps_every_byte() {
        let text = "\n # a \r\n\n\n#b";
        assert_eq!(cleaned(text, Cleanup::Verbatim, "#", false), text);
    }

    #[test]
    fn whitespace_keeps_comments_and_strip_drops_them() {
        let text = "\n\nsubject \t\r\n\n\n# note\n\n #kept\n\n# end\n\n";
        assert_eq!(
            cleaned(text, Cleanup::Whitespace, "#", false),
            "subject\n\n# note\n\n #kept\n\n# end\n"
        );
        assert_eq!(
            cleaned(text, Cleanup::Strip, "#", false),
            "subject\n\n #kept\n"
        );
    }

    #[test]
    fn a_comment_string_may_have_several_bytes() {
        let text = "subject\n// note\n/kept\n";
        assert_eq!(
            cleaned(text, Cleanup::Strip, "//", false),
            "subject\n/kept\n"
        );
    }

    #[test]
    fn scissors_cut_only_where_they_are_looked_for() {
        let text = format!("subject\n{SCISSORS_LINE}diff\n");
        assert_eq!(cleaned(&text, Cleanup::Scissors, "#", false), "subject\n");
        assert_eq!(cleaned(&text, Cleanup::Strip, "#", true), "subject\n");
        assert_eq!(
            cleaned(&text, Cleanup::Strip, "#", false),
            "subject\ndiff\n"
        );
        assert_eq!(cleaned(&text, Cleanup::Verbatim, "#", true), "subject\n");
        assert_eq!(cleaned(&text, Cleanup::Scissors, ";", false), text);
    }

    #[test]
    fn the_automatic_comment_character_is_read_off_the_file() {
        assert_eq!(comment_auto(b"# title\n\n; Please enter\n;\n\n"), b";");
        assert_eq!(comment_auto(b"subject\n"), b"#");
        assert_eq!(comment_auto(b""), b"#");
        let verbose = format!("# kept\n{}diff\n|x\n", SCISSORS_LINE.replace('#', "@"));
        assert_eq!(comment_auto(verbose.as_bytes()), b"@");
    }

    #[test]
    fn an_unedited_message_gets_the_first_character_that_begins_no_line() {
        assert_eq!(comment_unused(b"s # ;\n\nbody\n"), b"#");
        assert_eq!(comment_unused(b"s\n\n# a\n;\n"), b"@");
        assert_eq!(comment_unused(b"#s"), b";");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing_more(text in "([#a;]{0,2}[ \t\r]{0,2}\n{0,3}){0,12}") {
            for mode in [Cleanup::Strip, Cleanup::Whitespace] {
                let once = cleaned(&text, mode, "#", false);
                prop_assert_eq!(cleaned(&once, mode, "#", false), once);
            }
        }

        #[test]
        fn cleaning_never_panics(bytes: Vec<u8>, comment: Vec<u8>, cut: bool) {
            for mode in [Cleanup::Verbatim, Cleanup::Whitespace, Cleanup::Strip, Cleanup::Scissors] {
                let once = clean(&bytes, mode, &comment, cut);
                prop_assert!(once.len() <= bytes.len() + 1);
            }
            prop_assert_eq!(comment_auto(&bytes).len(), 1);
        }
    }
}
