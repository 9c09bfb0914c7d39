//! Small files of the program's own that save time, with a sum at their end: what is damaged or of another form is not read.
//! The sum guards against mistakes, not against people: who can write the file can write the sum.

use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, Write as _};
use std::path::Path;

/// What the file begins with: its form.
pub type Head = [u8; 8];

/// Reads what was written under this head; none where it is not there or damaged.
pub fn read(path: &Path, head: &Head) -> Option<Vec<u8>> {
    let bytes = std::fs::read(path).ok()?;
    let (data, end) = bytes.split_last_chunk::<8>()?;
    let is_whole = data.starts_with(head) && sum(data) == u64::from_le_bytes(*end);
    is_whole.then(|| data[head.len()..].to_vec())
}

/// Writes the file beside the old one, then renames it over that.
///
/// # Errors
/// The folder is not there, or cannot be written to.
pub fn write(path: &Path, head: &Head, data: &[u8]) -> io::Result<()> {
    let data = [head, data].concat();
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(&data)?;
    beside.write_all(&sum(&data).to_le_bytes())?;
    beside.persist(path)?;
    Ok(())
}

fn sum(data: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(data);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_or_of_another_form_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept");
        let head = b"pddtest1";
        assert_eq!(read(&path, head), None);
        write(&path, head, b"what was found").unwrap();
        assert_eq!(read(&path, head).as_deref(), Some(&b"what was found"[..]));
        assert_eq!(read(&path, b"pddtest2"), None);
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, &damaged).unwrap();
            assert_eq!(read(&path, head), None, "{at}");
            std::fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(read(&path, head), None, "cut at {at}");
        }
    }
}
