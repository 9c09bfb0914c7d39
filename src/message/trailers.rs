//! Trailers: which lines git takes for them (git-interpret-trailers(1)), and how ours get into a message file.

use std::ops::Range;

use super::Trailer;
use super::cleanup::{Cleanup, is_comment, kept, trim_end_bytes};

/// Lines that git itself writes; one of them lets a paragraph be trailers although other text stands in it.
const GENERATED: [&[u8]; 2] = [b"Signed-off-by: ", b"(cherry picked from commit "];

/// One line of a message file that git keeps, by its place in the file.
struct Line<'a> {
    range: Range<usize>,
    /// Without its line end and trailing blanks.
    text: &'a [u8],
}

/// These bytes of the file become that text.
type Edit = (Range<usize>, String);

/// A trailer's name and value.
type Pair<'a> = (&'a str, &'a str);

/// One trailer as it stands: its first line and the number of lines, in the list of lines.
struct Found {
    at: usize,
    lines: usize,
    trailer: Trailer,
}

/// Reads the trailers of a message given by its lines, the subject first.
pub(super) fn read(lines: &[&str]) -> Vec<Trailer> {
    let lines: Vec<Line<'_>> = lines
        .iter()
        .map(|line| Line {
            range: 0..0,
            text: line.as_bytes(),
        })
        .collect();
    found(&lines, block(&lines))
        .into_iter()
        .map(|found| found.trailer)
        .collect()
}

/// Returns a message file with these trailers in its message part, before git cleans it: in place of trailers of the
/// same name, else after the last trailer, else as a paragraph of their own. All other bytes stay. A file without a
/// message stays as it is, because git would commit what only we wrote. Names are tokens: letters, digits and `-`.
pub fn with_trailers(
    file: &[u8],
    mode: Cleanup,
    comment: &[u8],
    cut: bool,
    trailers: &[(&str, &str)],
) -> Vec<u8> {
    // A scissors line at the very end lacks only its line feed, which a trailer below it would add.
    let ended = [file, b"\n"].concat();
    let end = kept(&ended, mode, comment, cut).len().min(file.len());
    let lines = lines(&file[..end], mode, comment);
    let Some(last) = lines.iter().rfind(|line| !line.text.is_empty()) else {
        return file.to_vec();
    };
    // A comment string that begins a trailer would make git drop it again.
    let is_dropped =
        |&(name, value): &(&str, &str)| is_comment(written(name, value).as_bytes(), mode, comment);
    if trailers.iter().any(is_dropped) {
        return file.to_vec();
    }
    let ending = line_end(file);
    let block = block(&lines);
    let (mut edits, rest) = replacements(&lines, &found(&lines, block.clone()), trailers, ending);
    if !rest.is_empty() {
        let mut text = String::new();
        let is_edited = edits.iter().any(|(range, _)| range.end == last.range.end);
        if !is_edited && !file[last.range.clone()].ends_with(b"\n") {
            text.push_str(ending);
        }
        if block.is_none() {
            text.push_str(ending);
        }
        for (name, value) in rest {
            text.push_str(&format!("{}{ending}", written(name, value)));
        }
        edits.push((last.range.end..last.range.end, text));
    }
    edited(file, edits)
}

/// Says which bytes become what for trailers that stand there already, and which trailers do not stand there yet.
fn replacements<'a>(
    lines: &[Line<'_>],
    found: &[Found],
    trailers: &[Pair<'a>],
    ending: &str,
) -> (Vec<Edit>, Vec<Pair<'a>>) {
    let mut rest = trailers.to_vec();
    let mut edits = Vec::new();
    for old in found {
        let same = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case(&old.trailer.name);
        if !trailers.iter().any(same) {
            continue;
        }
        let text = match rest.iter().position(same) {
            Some(index) => {
                let (name, value) = rest.remove(index);
                if folded(value) == old.trailer.value {
                    continue;
                }
                format!("{}{ending}", written(name, value))
            }
            // More of them than are wanted.
            None => String::new(),
        };
        let first = lines[old.at].range.start;
        edits.push((first..lines[old.at].range.end, text));
        for line in &lines[old.at + 1..old.at + old.lines] {
            edits.push((line.range.clone(), String::new()));
        }
    }
    (edits, rest)
}

fn edited(file: &[u8], mut edits: Vec<Edit>) -> Vec<u8> {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out = Vec::with_capacity(file.len() + 64);
    let mut done = 0;
    for (range, text) in edits {
        out.extend_from_slice(&file[done..range.start]);
        out.extend_from_slice(text.as_bytes());
        done = range.end;
    }
    out.extend_from_slice(&file[done..]);
    out
}

fn written(name: &str, value: &str) -> String {
    format!("{name}: {}", folded(value))
}

/// Puts a value on one line.
fn folded(value: &str) -> String {
    value
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the line end of the file's first line.
fn line_end(file: &[u8]) -> &'static str {
    match file.split_inclusive(|&b| b == b'\n').next() {
        Some(line) if line.ends_with(b"\r\n") => "\r\n",
        _ => "\n",
    }
}

/// Lists the lines that git keeps, from the first that is not blank.
fn lines<'a>(message: &'a [u8], mode: Cleanup, comment: &[u8]) -> Vec<Line<'a>> {
    let mut start = 0;
    message
        .split_inclusive(|&b| b == b'\n')
        .map(|line| {
            let range = start..start + line.len();
            start = range.end;
            (range, line)
        })
        .filter(|(_, line)| !is_comment(line, mode, comment))
        .map(|(range, line)| Line {
            range,
            text: trim_end_bytes(line),
        })
        .skip_while(|line| line.text.is_empty())
        .collect()
}

/// Finds the last paragraph, if git would take it for trailers; never the first.
fn block(lines: &[Line<'_>]) -> Option<Range<usize>> {
    let last = lines.iter().rposition(|line| !line.text.is_empty())?;
    let blank = lines[..last]
        .iter()
        .rposition(|line| line.text.is_empty())?;
    let block = blank + 1..last + 1;
    is_trailers(&lines[block.clone()]).then_some(block)
}

/// Lists the trailers of that paragraph.
fn found(lines: &[Line<'_>], block: Option<Range<usize>>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut open = false;
    for at in block.unwrap_or_default() {
        let text = lines[at].text;
        if text.starts_with(b" ") || text.starts_with(b"\t") {
            if let (true, Some(last)) = (open, found.last_mut()) {
                last.lines += 1;
                last.trailer.value = folded(&format!("{} {}", last.trailer.value, lossy(text)));
            }
            continue;
        }
        let colon = separator(text);
        open = colon.is_some();
        if let Some(colon) = colon {
            let trailer = Trailer {
                name: lossy(&text[..colon]).trim().to_owned(),
                value: folded(&lossy(&text[colon + 1..])),
            };
            found.push(Found {
                at,
                lines: 1,
                trailer,
            });
        }
    }
    found
}

/// Counts as git's `find_trailer_block_start` does: all lines are trailers, or one is git's own and a quarter are.
fn is_trailers(block: &[Line<'_>]) -> bool {
    let (mut trailers, mut others, mut generated) = (0, 0, false);
    let mut belongs = false;
    for line in block {
        let is_generated = GENERATED.iter().any(|prefix| line.text.starts_with(prefix));
        if line.text.starts_with(b" ") || line.text.starts_with(b"\t") {
            others += usize::from(!belongs);
            continue;
        }
        belongs = is_generated || separator(line.text).is_some();
        generated |= is_generated;
        trailers += usize::from(belongs);
        others += usize::from(!belongs);
    }
    (trailers > 0 && others == 0) || (generated && trailers * 3 >= others)
}

/// Finds the colon of a trailer line: after a token, and blanks at most.
fn separator(line: &[u8]) -> Option<usize> {
    let token = line
        .iter()
        .position(|&b| !b.is_ascii_alphanumeric() && b != b'-')?;
    let blanks = line[token..].iter().position(|b| !b" \t".contains(b))?;
    (token > 0 && line[token + blanks] == b':').then_some(token + blanks)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OURS: [(&str, &str); 2] = [("Task", "A-1"), ("Persona", "DEV")];

    fn ours(file: &str, mode: Cleanup, cut: bool) -> String {
        String::from_utf8(with_trailers(file.as_bytes(), mode, b"#", cut, &OURS)).unwrap()
    }

    #[test]
    fn a_message_of_one_paragraph_gets_another() {
        assert_eq!(
            ours("s: x\n", Cleanup::Strip, false),
            "s: x\n\nTask: A-1\nPersona: DEV\n"
        );
        assert_eq!(
            ours("s: x", Cleanup::Strip, false),
            "s: x\n\nTask: A-1\nPersona: DEV\n"
        );
    }

    #[test]
    fn a_paragraph_of_trailers_is_extended() {
        for last in [
            "Fixes: 1\n",
            "Fixes: 1",
            "note\n(cherry picked from commit 1)\n",
        ] {
            let file = format!("s\n\nbody\n\n{last}");
            assert_eq!(
                ours(&file, Cleanup::Whitespace, false),
                format!("{}\nTask: A-1\nPersona: DEV\n", file.trim_end())
            );
        }
    }

    #[test]
    fn a_trailer_of_the_same_name_is_replaced_where_it_stands() {
        let file = "s\r\n\r\ntask: A-9\r\n folded\r\nFixes: 1\r\nTASK: A-8\r\n";
        let want = "s\r\n\r\nTask: A-1\r\nFixes: 1\r\nPersona: DEV\r\n";
        assert_eq!(ours(file, Cleanup::Strip, false), want);
        let file = "s\n\nTask: A-9";
        assert_eq!(
            ours(file, Cleanup::Strip, false),
            "s\n\nTask: A-1\nPersona: DEV\n"
        );
    }

    #[test]
    fn comments_and_scissors_stay_below() {
        let below =
            "\n# Please enter\n#\n# ------------------------ >8 ------------------------\ndiff\n";
        let want = format!("s\n\nTask: A-1\nPersona: DEV\n{below}");
        assert_eq!(ours(&format!("s\n{below}"), Cleanup::Strip, true), want);
    }

    #[test]
    fn comments_that_git_keeps_are_message() {
        assert_eq!(
            ours("s\n\n# kept\n", Cleanup::Whitespace, false),
            "s\n\n# kept\n\nTask: A-1\nPersona: DEV\n"
        );
    }

    #[test]
    fn a_file_without_a_message_stays_empty() {
        for file in ["", "\n\n", "\n# Please enter\n"] {
            assert_eq!(ours(file, Cleanup::Strip, false), file);
        }
    }

    #[test]
    fn two_trailers_of_one_name_stand_one_below_the_other() {
        let two = [("Persona", "QA"), ("Persona", "DEV")];
        let once = with_trailers(b"s\n\nPersona: PM\n", Cleanup::Strip, b"#", false, &two);
        assert_eq!(once, b"s\n\nPersona: QA\nPersona: DEV\n");
    }

    proptest! {
        #[test]
        fn inserting_twice_changes_nothing_more(
            file in "([#a;(]{0,2}|Task: A|Persona:|Fixes : 1|Signed-off-by: a|# -{24} >8 -{24})([ \t]{0,2}\r?\n{1,3}([#a]{0,2}|task:|TASK: \tB|x: y|Signed-off-by: a|# -{24} >8 -{24})){0,9}\n?",
            comment in "[#T;/]{1,2}",
            value in ".{0,8}",
            cut: bool,
        ) {
            for mode in [Cleanup::Verbatim, Cleanup::Whitespace, Cleanup::Strip, Cleanup::Scissors] {
                let trailers = [("Task", value.as_str()), ("Persona", "DEV")];
                let insert = |file: &[u8]| with_trailers(file, mode, comment.as_bytes(), cut, &trailers);
                let once = insert(file.as_bytes());
                prop_assert_eq!(insert(&once), once);
            }
        }

        #[test]
        fn inserting_never_panics(file: Vec<u8>, comment: Vec<u8>, cut: bool) {
            for mode in [Cleanup::Verbatim, Cleanup::Strip] {
                let _ = with_trailers(&file, mode, &comment, cut, &OURS);
            }
        }
    }
}
