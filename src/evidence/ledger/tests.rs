//! The ledger on files of its own.

use super::*;
use proptest::prelude::*;

fn entry(how: &str) -> Entry {
    Entry {
        how: Some(how.into()),
        ..Entry::new(Event::Commit)
    }
}

#[test]
fn lines_form_a_chain() {
    let folder = tempfile::tempdir().unwrap();
    for how in ["a", "b", "c"] {
        append(folder.path(), entry(how)).unwrap();
    }
    let ledger = read(folder.path()).unwrap();
    assert_eq!(ledger.faults, []);
    assert_eq!(
        ledger.lines.iter().map(|line| line.seq).collect::<Vec<_>>(),
        [1, 2, 3]
    );
}

#[test]
fn a_line_cut_short_is_kept_and_named_and_the_next_one_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    append(folder.path(), entry("a")).unwrap();
    append(folder.path(), entry("b")).unwrap();
    let bytes = std::fs::read(path(folder.path())).unwrap();
    std::fs::write(path(folder.path()), &bytes[..bytes.len() - 40]).unwrap();
    append(folder.path(), entry("c")).unwrap();
    let ledger = read(folder.path()).unwrap();
    assert_eq!(
        ledger.faults,
        [Fault {
            line: 2,
            what: "cannot be read: cut short or edited"
        }]
    );
    let hows: Vec<_> = ledger
        .lines
        .iter()
        .map(|line| (line.seq, line.entry.how.as_deref()))
        .collect();
    assert_eq!(hows, [(1, Some("a")), (3, Some("c"))]);
}

#[test]
fn a_commit_is_found_by_its_last_line() {
    let folder = tempfile::tempdir().unwrap();
    let id = CommitId::new("5f1e");
    let about = |event, how: &str| Entry {
        commit: Some(id.clone()),
        event,
        ..entry(how)
    };
    append(folder.path(), about(Event::Commit, "first")).unwrap();
    append(folder.path(), about(Event::Commit, "second")).unwrap();
    append(folder.path(), about(Event::Move, "moved")).unwrap();
    let found = find_commit(folder.path(), &id).unwrap().unwrap();
    assert_eq!((found.seq, found.entry.how.as_deref()), (2, Some("second")));
    let other = find_commit(folder.path(), &CommitId::new("5f1")).unwrap();
    assert_eq!(other, None);
}

#[test]
fn an_edited_line_breaks_the_chain_at_the_next() {
    let folder = tempfile::tempdir().unwrap();
    append(folder.path(), entry("no-verify")).unwrap();
    append(folder.path(), entry("b")).unwrap();
    let text = std::fs::read_to_string(path(folder.path())).unwrap();
    std::fs::write(path(folder.path()), text.replace("no-verify", "no-worries")).unwrap();
    assert_eq!(
        read(folder.path()).unwrap().faults,
        [Fault {
            line: 2,
            what: "does not continue the line before it"
        }]
    );
}

/// Three lines, and the ledger's file after `spoil` had its way with their text.
fn spoilt(spoil: impl Fn(&str) -> String) -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    for how in ["a", "b", "c"] {
        append(folder.path(), entry(how)).unwrap();
    }
    let text = std::fs::read_to_string(path(folder.path())).unwrap();
    std::fs::write(path(folder.path()), spoil(&text)).unwrap();
    let ledger = read(folder.path()).unwrap();
    (folder, ledger)
}

#[test]
fn a_ledger_that_lost_its_end_shows_it_for_good() {
    let first = |text: &str| {
        text.lines()
            .take(1)
            .map(|line| format!("{line}\n"))
            .collect()
    };
    let (folder, ledger) = spoilt(first);
    assert_eq!(
        (ledger.lost.clone(), ledger.rewritten.clone()),
        (vec![2..=3], vec![])
    );
    let complaint = "the ledger ends with seq 1, and seq 3 was written";
    assert_eq!(ledger.complaints(), [complaint]);
    append(folder.path(), entry("d")).unwrap();
    let ledger = read(folder.path()).unwrap();
    let seqs: Vec<u64> = ledger.lines.iter().map(|line| line.seq).collect();
    assert_eq!((seqs, ledger.lost.clone()), (vec![1, 4], vec![2..=3]));
    let complaint = "line 2 of the ledger does not continue the line before it";
    assert_eq!(ledger.complaints(), [complaint]);
}

#[test]
fn a_ledger_that_is_gone_is_missed_and_goes_on_from_its_number() {
    let (folder, _) = spoilt(str::to_owned);
    std::fs::remove_file(path(folder.path())).unwrap();
    let gone = "the ledger is gone, and the hooks have written one";
    assert_eq!(read(folder.path()).unwrap().complaints(), [gone]);
    append(folder.path(), entry("d")).unwrap();
    let complaints = read(folder.path()).unwrap().complaints();
    assert_eq!(
        complaints,
        [
            "line 1 of the ledger does not continue the line before it",
            "the ledger begins with seq 4: what stood before it is gone"
        ]
    );
}

#[test]
fn the_last_line_is_held_to_what_was_written_too() {
    let (folder, ledger) = spoilt(|text| text.replace("\"c\"", "\"x\""));
    assert_eq!(ledger.rewritten, [3]);
    append(folder.path(), entry("d")).unwrap();
    let ledger = read(folder.path()).unwrap();
    assert_eq!(ledger.rewritten, [3]);
    let complaint = "line 4 of the ledger does not continue the line before it";
    assert_eq!(ledger.complaints(), [complaint]);
}

#[test]
fn what_a_later_version_writes_down_is_read_and_means_nothing() {
    let (_folder, ledger) = spoilt(|text| text.replacen("\"commit\"", "\"sealing\"", 1));
    assert_eq!(
        ledger.lines.first().map(|line| line.entry.event),
        Some(Event::Other)
    );
    assert_eq!(ledger.lines.len(), 3);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, cut in 0usize..900, flip in 0usize..900) {
        let ledger = parse(&bytes);
        prop_assert!(ledger.lines.is_empty());
        let folder = tempfile::tempdir().unwrap();
        append(folder.path(), entry("a")).unwrap();
        append(folder.path(), entry("b")).unwrap();
        let mut near = std::fs::read(path(folder.path())).unwrap();
        let at = flip % near.len();
        near[at] ^= 0x11;
        near.truncate(cut);
        let found = parse(&near);
        prop_assert!(found.lines.len() + found.faults.len() <= 4);
        // Whatever stands there, a line can be added, and it is the last one that is read.
        std::fs::write(path(folder.path()), &near).unwrap();
        append(folder.path(), entry("c")).unwrap();
        let after = read(folder.path()).unwrap();
        prop_assert_eq!(after.lines.last().and_then(|line| line.entry.how.as_deref()), Some("c"));
    }
}
