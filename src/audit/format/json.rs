//! The report as one JSON object, or as one object a line.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use crate::audit::report::{Entry, Head, Sink, Tail};
use crate::finding::is_printable;

/// One object, as EVIDENCE.md, section 9, fixes it.
pub(super) struct Json<'w> {
    out: &'w mut dyn Write,
    is_first: bool,
}

/// One commit's object a line, and nothing else.
pub(super) struct Lines<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Json<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self {
            out,
            is_first: true,
        }
    }
}

impl<'w> Lines<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self { out }
    }
}

impl Sink for Json<'_> {
    fn begin(&mut self, head: &Head) -> io::Result<()> {
        // The object goes on after its head.
        let text = serde_json::to_string(head)?;
        let open = text.strip_suffix('}').unwrap_or(&text);
        write!(self.out, "{},\n\"commits\":[", inert(open))
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        let comma = if self.is_first { "\n" } else { ",\n" };
        self.is_first = false;
        self.out.write_all(comma.as_bytes())?;
        self.out.write_all(inert(entry.json()?).as_bytes())
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        let text = serde_json::to_string(tail)?;
        let rest = text.strip_prefix('{').unwrap_or(&text);
        writeln!(self.out, "],\n{}", inert(rest))
    }
}

impl Sink for Lines<'_> {
    fn begin(&mut self, _: &Head) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        self.out.write_all(inert(entry.json()?).as_bytes())?;
        self.out.write_all(b"\n")
    }

    fn end(&mut self, _: &Tail) -> io::Result<()> {
        Ok(())
    }
}

/// Escapes what JSON may hold as it is and a terminal would obey: DEL, C1 controls, marks of direction. All of it stands
/// in strings, so that the text means the same.
pub(super) fn inert(json: &str) -> Cow<'_, str> {
    // Line feeds stand between the elements alone.
    let may_stay = |c: char| c == '\n' || is_printable(c);
    if json.chars().all(may_stay) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if may_stay(c) {
            text.push(c);
        } else {
            // All of them are in the basic plane. Writing to a String cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_means_the_same() {
        let value = "a\u{7f}\u{9b}\u{202e}\u{2028}é\u{1b}\n";
        let json = serde_json::to_string(value).unwrap();
        assert_eq!(inert(&json), r#""a\u007f\u009b\u202e\u2028é\u001b\n""#);
        assert_eq!(
            serde_json::from_str::<String>(&inert(&json)).unwrap(),
            value
        );
    }
}
