//! What a process writes: all of it into a log, stdout apart, the last lines for a refusal; each within a bound.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

/// The longest log, in bytes.
const LOG: usize = 16 << 20;
/// The longest stdout that is kept, in bytes.
const STDOUT: usize = 64 << 20;
/// The bytes that the last lines are taken from.
const TAIL: usize = 64 << 10;
/// The last lines that are kept.
const LINES: usize = 40;
/// What stands at the end of a log that was cut.
const CUT: &[u8] = b"\n[pdd-hooks: the output is longer than 16 MiB; the rest is left out]\n";

/// Which stream bytes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

/// Takes output as it comes.
pub(super) struct Output {
    log: File,
    logged: usize,
    /// Set once the log was not written whole; the check's own outcome does not hang on its log.
    fault: Option<io::Error>,
    stdout: Vec<u8>,
    cut: bool,
    tail: VecDeque<u8>,
}

impl Output {
    /// Begins a log anew.
    pub(super) fn new(log: &Path) -> io::Result<Self> {
        Ok(Self {
            log: File::create(log)?,
            logged: 0,
            fault: None,
            stdout: Vec::new(),
            cut: false,
            tail: VecDeque::new(),
        })
    }

    /// Takes some bytes.
    pub(super) fn take(&mut self, stream: Stream, bytes: &[u8]) {
        self.keep_in_log(bytes);
        if stream == Stream::Stdout {
            let room = STDOUT - self.stdout.len();
            self.cut |= bytes.len() > room;
            self.stdout
                .extend_from_slice(&bytes[..bytes.len().min(room)]);
        }
        self.tail.extend(&bytes[bytes.len().saturating_sub(TAIL)..]);
        let over = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..over);
    }

    fn keep_in_log(&mut self, bytes: &[u8]) {
        if self.fault.is_some() || self.logged == LOG {
            return;
        }
        let part = &bytes[..bytes.len().min(LOG - self.logged)];
        let mut written = self.log.write_all(part);
        self.logged += part.len();
        if self.logged == LOG && written.is_ok() {
            written = self.log.write_all(CUT);
        }
        self.fault = written.err();
    }

    /// Hands over stdout, whether it was cut, and the last lines.
    ///
    /// # Errors
    /// The log could not be written.
    pub(super) fn finish(mut self) -> io::Result<(Vec<u8>, bool, String)> {
        if let Some(error) = self.fault {
            return Err(error);
        }
        let text = String::from_utf8_lossy(self.tail.make_contiguous()).into_owned();
        // Some tools take `CI` for a place that shows colours (picocolors, for one); the log keeps them.
        let text = anstream::adapter::strip_str(&text).to_string();
        let lines: Vec<&str> = text.lines().collect();
        let last = &lines[lines.len().saturating_sub(LINES)..];
        let mut tail = last.join("\n");
        if !tail.is_empty() {
            tail.push('\n');
        }
        Ok((self.stdout, self.cut, tail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept_and_stdout_stands_apart() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut output = Output::new(&log).unwrap();
        for line in 0..50 {
            output.take(Stream::Stderr, format!("{line}\n").as_bytes());
        }
        output.take(Stream::Stdout, b"out");
        let (stdout, cut, tail) = output.finish().unwrap();
        let expected: Vec<String> = (11..50).map(|line| line.to_string()).collect();
        assert_eq!(
            (stdout, cut, tail),
            (
                b"out".to_vec(),
                false,
                format!("{}\nout\n", expected.join("\n"))
            )
        );
        assert_eq!(std::fs::read(&log).unwrap().len(), 10 * 2 + 40 * 3 + 3);
    }

    #[test]
    fn the_last_lines_have_no_colours_and_the_log_keeps_them() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut output = Output::new(&log).unwrap();
        let coloured = "[\u{1b}[33mwarn\u{1b}[39m]\tgrößer\n";
        output.take(Stream::Stderr, coloured.as_bytes());
        let (_, _, tail) = output.finish().unwrap();
        assert_eq!(tail, "[warn]\tgrößer\n");
        assert_eq!(std::fs::read_to_string(&log).unwrap(), coloured);
    }

    #[test]
    fn output_without_end_stays_within_its_bounds() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut output = Output::new(&log).unwrap();
        let chunk = vec![b'x'; 1 << 20];
        for _ in 0..65 {
            output.take(Stream::Stdout, &chunk);
        }
        let (stdout, cut, tail) = output.finish().unwrap();
        assert_eq!((stdout.len(), cut, tail.len()), (STDOUT, true, TAIL + 1));
        let text = std::fs::read(&log).unwrap();
        assert_eq!(text.len(), LOG + CUT.len());
        assert!(text.ends_with(CUT));
    }
}
