//! The files: an index of records, which is read whole, and the rows, of which each record names a stretch. Both only grow,
//! under a lock, rows first: what was cut short is never named. Once most of it is stale, both are written anew.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::rows::{Row, Rows, sum};
use crate::audit::report::{Brief, Kept};
use crate::git::Oid;
use crate::git::graph::{Graph, Place};

/// What the index begins with; then come the length of ids and the number of the rows' file, 8 bytes each.
const HEAD: &[u8; 8] = b"pddaud01";
const HEAD_LENGTH: usize = 24;
/// How many audits of different kinds are kept.
const KINDS: usize = 4;
/// How many stale records nobody minds.
const STALE: usize = 4096;
/// How many bytes of rows are held back before they are written.
const HELD: usize = 4 << 20;

/// What is kept of one kind of audit.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    width: usize,
    /// Which of the files of rows is the current one.
    number: u64,
    rows: Option<Arc<Rows>>,
    /// By place: where the record stands in `records`, plus one; 0 for none.
    slots: Vec<u32>,
    records: Vec<Record>,
    /// How many records the index holds, stale ones too.
    count: usize,
    /// What is to be written: records, whose rows begin at 0, and the rows.
    new: (Vec<(Oid, Record)>, Vec<u8>),
}

/// What the index says of one commit.
#[derive(Clone, Copy, Debug)]
struct Record {
    key: u64,
    task: u64,
    at: u64,
    length: u32,
    sum: u32,
    brief: Brief,
}

impl Record {
    const LENGTH: usize = 32 + Brief::LENGTH;

    fn read(bytes: &[u8]) -> Option<Self> {
        let (numbers, brief) = bytes.split_first_chunk::<32>()?;
        let [key, task, at, rest] = std::array::from_fn(|place| {
            let mut number = [0; 8];
            number.copy_from_slice(&numbers[place * 8..place * 8 + 8]);
            u64::from_le_bytes(number)
        });
        Some(Self {
            key,
            task,
            at,
            // The number holds both.
            length: rest as u32,
            sum: (rest >> 32) as u32,
            brief: Brief::read(brief.try_into().ok()?)?,
        })
    }

    fn write(&self, into: &mut Vec<u8>) {
        let rest = u64::from(self.length) | u64::from(self.sum) << 32;
        for number in [self.key, self.task, self.at, rest] {
            into.extend(number.to_le_bytes());
        }
        into.extend(self.brief.bytes());
    }
}

impl Store {
    /// Opens what is kept under this digest in the folder of audits, which is made where that of the program's state is
    /// there; none where nothing can be kept.
    pub(super) fn open(audits: &Path, kind: u64, graph: &Graph, width: usize) -> Option<Self> {
        let folder = audits.join(format!("{kind:016x}"));
        if !folder.is_dir() {
            fs::create_dir_all(&folder).ok()?;
            forget(audits);
        }
        let mut store = Self {
            folder,
            width,
            number: 0,
            rows: None,
            slots: vec![0; graph.len()],
            records: Vec::new(),
            count: 0,
            new: <_>::default(),
        };
        let bytes = fs::read(store.index()).unwrap_or_default();
        if let Some((number, records)) = store.parse(&bytes)
            && let Ok(file) = File::open(store.rows_file(number))
        {
            let length = file.metadata().map_or(0, |facts| facts.len());
            store.number = number;
            store.count = records.len();
            let name = store.rows_file(number).display().to_string();
            store.rows = Some(Arc::new(Rows::new(file, name)));
            for (oid, record) in records {
                let end = record.at.checked_add(record.length.into());
                let is_whole = end.is_some_and(|end| end <= length);
                if let Some(place) = graph.find(oid).filter(|_| is_whole) {
                    store.put(place, record);
                }
            }
        }
        Some(store)
    }

    fn index(&self) -> PathBuf {
        self.folder.join("index")
    }

    fn rows_file(&self, number: u64) -> PathBuf {
        self.folder.join(format!("rows-{number}"))
    }

    /// Reads an index: the number of the rows' file and the records, oldest first. What was cut short is left out.
    fn parse(&self, bytes: &[u8]) -> Option<(u64, Vec<(Oid, Record)>)> {
        let (head, rest) = bytes.split_at_checked(HEAD_LENGTH)?;
        if head[..16] != self.head(0)[..16] {
            return None;
        }
        let number = u64::from_le_bytes(head[16..].try_into().ok()?);
        let records = rest.chunks_exact(self.width + Record::LENGTH);
        let records = records.filter_map(|bytes| {
            let (id, record) = bytes.split_at(self.width);
            Some((Oid::from_bytes(id).ok()?, Record::read(record)?))
        });
        Some((number, records.collect()))
    }

    fn head(&self, number: u64) -> Vec<u8> {
        let mut head = HEAD.to_vec();
        head.extend((self.width as u64).to_le_bytes());
        head.extend(number.to_le_bytes());
        head
    }

    fn put(&mut self, place: Place, record: Record) {
        let slot = &mut self.slots[place as usize];
        match *slot {
            0 => {
                self.records.push(record);
                // There are no more of them than places.
                *slot = self.records.len() as u32;
            }
            known => self.records[known as usize - 1] = record,
        }
    }

    /// Returns what is kept of a commit under the digest that `key` gives for the digest of its task.
    pub(super) fn find(&self, place: Place, key: impl FnOnce(u64) -> u64) -> Option<Row> {
        let slot = *self.slots.get(place as usize)?;
        let record = self.records.get((slot as usize).checked_sub(1)?)?;
        (record.key == key(record.task)).then_some(Row {
            rows: Arc::clone(self.rows.as_ref()?),
            at: record.at,
            length: record.length,
            sum: record.sum,
            brief: record.brief,
        })
    }

    /// Takes a commit's row, as JSON.
    pub(super) fn add(&mut self, oid: Oid, (key, task): (u64, u64), brief: Brief, json: &str) {
        let (records, rows) = &mut self.new;
        let Ok(length) = u32::try_from(json.len()) else {
            return;
        };
        records.push((
            oid,
            Record {
                key,
                task,
                at: rows.len() as u64,
                length,
                sum: sum(json.as_bytes()),
                brief,
            },
        ));
        rows.extend(json.as_bytes());
        if rows.len() > HELD {
            self.write();
        }
    }

    /// Writes what was taken; where nothing can be kept, the next audit judges again.
    pub(super) fn write(&mut self) {
        let (records, rows) = std::mem::take(&mut self.new);
        if !records.is_empty() {
            let _ = self.append(records, &rows);
        }
    }

    fn append(&mut self, records: Vec<(Oid, Record)>, rows: &[u8]) -> io::Result<()> {
        let _lock = self.lock()?;
        let mut index = File::options()
            .read(true)
            .append(true)
            .create(true)
            .open(self.index())?;
        let mut head = vec![0; HEAD_LENGTH];
        let is_same = match index.read_exact(&mut head) {
            Ok(()) => head == self.head(self.number),
            Err(_) => false,
        };
        if !is_same {
            // Nothing of use stands there, or somebody else has written it anew since; both are rare.
            index.set_len(0)?;
            self.number += 1;
            index.write_all(&self.head(self.number))?;
        }
        let mut file = File::options()
            .append(true)
            .create(true)
            .open(self.rows_file(self.number))?;
        let at = file.seek(SeekFrom::End(0))?;
        file.write_all(rows)?;
        let mut bytes = Vec::with_capacity(records.len() * (self.width + Record::LENGTH));
        // What was cut short before is filled up, and says nothing.
        let length = index.seek(SeekFrom::End(0))? - HEAD_LENGTH as u64;
        let each = (self.width + Record::LENGTH) as u64;
        let cut = length.next_multiple_of(each) - length;
        bytes.resize(usize::try_from(cut).unwrap_or_default(), 0xff);
        self.count += records.len();
        for (oid, record) in records {
            bytes.extend(oid.as_bytes());
            let at = at + record.at;
            Record { at, ..record }.write(&mut bytes);
        }
        index.write_all(&bytes)
    }

    fn lock(&self) -> io::Result<File> {
        let lock = File::create(self.folder.join("lock"))?;
        lock.lock()?;
        Ok(lock)
    }

    /// Writes what is left to write and, where most of what is kept is stale, all of it anew.
    pub(super) fn close(mut self) {
        self.write();
        if self.count > 2 * self.slots.len() + STALE {
            let _ = self.renew();
        }
    }

    fn renew(&self) -> io::Result<()> {
        let _lock = self.lock()?;
        let bytes = fs::read(self.index())?;
        let Some((number, records)) = self.parse(&bytes) else {
            return Ok(());
        };
        let last: HashMap<Oid, Record> = records.into_iter().collect();
        let mut last: Vec<(Oid, Record)> = last.into_iter().collect();
        last.sort_unstable_by_key(|(_, record)| record.at);
        let name = self.rows_file(number);
        let old = Rows::new(File::open(&name)?, name.display().to_string());
        let old = Arc::new(old);
        let mut index = self.head(number + 1);
        let mut rows = io::BufWriter::new(File::create(self.rows_file(number + 1))?);
        let mut at = 0;
        for (oid, record) in last {
            let row = Row {
                rows: Arc::clone(&old),
                at: record.at,
                length: record.length,
                sum: record.sum,
                brief: record.brief,
            };
            let Ok(json) = row.json() else { continue };
            rows.write_all(json.as_bytes())?;
            index.extend(oid.as_bytes());
            Record { at, ..record }.write(&mut index);
            at += json.len() as u64;
        }
        rows.flush()?;
        let mut beside = tempfile::NamedTempFile::new_in(&self.folder)?;
        beside.write_all(&index)?;
        beside.persist(self.index())?;
        fs::remove_file(name)
    }
}

/// Removes the audits that were looked at longest ago, all but the newest few.
fn forget(audits: &Path) {
    let Ok(entries) = fs::read_dir(audits) else {
        return;
    };
    let folders = entries.flatten().map(|entry| entry.path());
    let mut folders: Vec<(SystemTime, PathBuf)> = folders
        .filter(|path| path.is_dir())
        .filter_map(|path| {
            let used = fs::metadata(path.join("index")).or_else(|_| fs::metadata(&path));
            Some((used.ok()?.modified().ok()?, path))
        })
        .collect();
    folders.sort_unstable_by(|one, other| other.cmp(one));
    for (_, path) in folders.into_iter().skip(KINDS) {
        // Who cannot remove it keeps it.
        let _ = fs::remove_dir_all(path);
    }
}

#[cfg(test)]
mod tests;
