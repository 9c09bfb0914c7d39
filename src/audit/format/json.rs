//! The report as one JSON object, or as one object a line.

use std::io::{self, Write};

use crate::audit::report::{Entry, Head, Sink, Tail};

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
        write!(self.out, "{open},\n\"commits\":[")
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        let comma = if self.is_first { "\n" } else { ",\n" };
        self.is_first = false;
        self.out.write_all(comma.as_bytes())?;
        self.out.write_all(entry.json()?.as_bytes())
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        let text = serde_json::to_string(tail)?;
        let rest = text.strip_prefix('{').unwrap_or(&text);
        writeln!(self.out, "],\n{rest}")
    }
}

impl Sink for Lines<'_> {
    fn begin(&mut self, _: &Head) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        self.out.write_all(entry.json()?.as_bytes())?;
        self.out.write_all(b"\n")
    }

    fn end(&mut self, _: &Tail) -> io::Result<()> {
        Ok(())
    }
}
