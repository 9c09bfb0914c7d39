//! Rows that were kept, read back in stretches: neighbours in a report are neighbours in the file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex, PoisonError};

use super::digest;
use crate::audit::report::{Brief, Kept};

/// How many bytes are read at once.
const STRETCH: usize = 256 << 10;

/// The file, and the stretch of it that was read last.
#[derive(Debug)]
pub(super) struct Rows {
    file: File,
    name: String,
    read: Mutex<(u64, Vec<u8>)>,
}

/// One row that was kept.
#[derive(Clone, Debug)]
pub struct Row {
    pub(super) rows: Arc<Rows>,
    pub(super) at: u64,
    pub(super) length: u32,
    pub(super) sum: u32,
    pub(super) brief: Brief,
}

impl Rows {
    pub(super) fn new(file: File, name: String) -> Self {
        Self {
            file,
            name,
            read: Mutex::default(),
        }
    }

    fn read(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        // Whoever failed midway left what it had read.
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, bytes) = &mut *read;
        let end = at + length as u64;
        if at < *start || end > *start + bytes.len() as u64 {
            *start = at;
            bytes.resize(STRETCH.max(length), 0);
            let mut filled = 0;
            while filled < bytes.len() {
                match self
                    .file
                    .read_at(&mut bytes[filled..], at + filled as u64)?
                {
                    0 => break,
                    more => filled += more,
                }
            }
            bytes.truncate(filled);
        }
        // It fits: the stretch begins at or before it.
        let from = usize::try_from(at - *start).unwrap_or(usize::MAX);
        let found = bytes.get(from..from.saturating_add(length));
        found
            .map(<[u8]>::to_vec)
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

impl Kept for Row {
    fn brief(&self) -> Brief {
        self.brief
    }

    fn again(&self) -> Box<dyn Kept> {
        Box::new(self.clone())
    }

    fn json(&self) -> io::Result<String> {
        let bytes = self.rows.read(self.at, self.length as usize);
        let sound = bytes.ok().filter(|bytes| sum(bytes) == self.sum);
        let text = sound.and_then(|bytes| String::from_utf8(bytes).ok());
        text.ok_or_else(|| {
            io::Error::other(format!(
                "what an earlier audit kept in `{}` is damaged: remove that file, or run again with `--no-cache`",
                self.rows.name
            ))
        })
    }
}

/// What tells that a row is the one that was written.
pub(super) fn sum(row: &[u8]) -> u32 {
    // Half of it is enough against damage.
    digest::of(row) as u32
}
