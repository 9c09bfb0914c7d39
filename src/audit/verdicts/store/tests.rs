use super::*;
use crate::audit::class::Class;
use crate::audit::report::Row as Whole;
use crate::change::Place as At;
use crate::id::TreeId;

const WIDTH: usize = 20;

fn oid(number: usize) -> Oid {
    let mut bytes = [7; WIDTH];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Oid::from_bytes(&bytes).unwrap()
}

fn brief() -> Brief {
    let mut row = Whole::staged(
        TreeId::new(""),
        Vec::new(),
        None,
        None,
        &At::Staged(None),
        Vec::new(),
    );
    row.class = Some(Class::Enforced);
    Brief::of(&row).unwrap()
}

fn open(audits: &Path) -> Store {
    Store::open(audits, 1, &Graph::default(), WIDTH).unwrap()
}

/// What the index holds: for each record its key and its row.
fn held(audits: &Path) -> Vec<(u64, String)> {
    let store = open(audits);
    let bytes = fs::read(store.index()).unwrap();
    let (number, records) = store.parse(&bytes).unwrap();
    let name = store.rows_file(number);
    let rows = Arc::new(Rows::new(File::open(name).unwrap(), String::new()));
    let row = |record: Record| Row {
        rows: Arc::clone(&rows),
        at: record.at,
        length: record.length,
        sum: record.sum,
        brief: record.brief,
    };
    let held = records.into_iter();
    held.map(|(_, record)| (record.key, row(record).json().unwrap()))
        .collect()
}

#[test]
fn what_two_audits_add_is_held_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..3 {
        let mut store = open(folder.path());
        store.add(
            oid(number),
            (number as u64, 0),
            brief(),
            &format!("row {number}"),
        );
        store.close();
    }
    let expected = [(0, "row 0"), (1, "row 1"), (2, "row 2")];
    assert_eq!(
        held(folder.path()),
        expected.map(|(key, row)| (key, row.to_owned()))
    );
}

#[test]
fn once_most_of_it_is_stale_only_the_last_of_each_commit_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    for round in 0..=STALE {
        store.add(
            oid(round % 2),
            (round as u64, 0),
            brief(),
            &format!("round {round}"),
        );
    }
    let first = store.rows_file(1);
    store.write();
    assert_eq!(held(folder.path()).len(), STALE + 1);
    store.close();
    let expected = [STALE - 1, STALE].map(|round| (round as u64, format!("round {round}")));
    assert_eq!(held(folder.path()), expected);
    assert!(!first.exists());
    let mut store = open(folder.path());
    store.add(oid(9), (9, 0), brief(), "after");
    store.close();
    assert_eq!(held(folder.path())[2], (9, "after".to_owned()));
}

#[test]
fn a_record_that_was_cut_short_spoils_no_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.add(oid(1), (1, 0), brief(), "one");
    store.add(oid(2), (2, 0), brief(), "two");
    store.close();
    let index = open(folder.path()).index();
    let whole = fs::read(&index).unwrap();
    fs::write(&index, &whole[..whole.len() - Brief::LENGTH]).unwrap();
    let mut store = open(folder.path());
    store.add(oid(3), (3, 0), brief(), "three");
    store.close();
    let keys: Vec<u64> = held(folder.path())
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    // What was cut short is filled up to a record of no class.
    assert_eq!(keys, [1, 3]);
}
