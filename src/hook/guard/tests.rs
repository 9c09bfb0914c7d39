//! The guard file and its decisions, on data.

use proptest::prelude::*;

use super::*;

const OLD: &str = "1111111111111111111111111111111111111111";
const NEW: &str = "2222222222222222222222222222222222222222";
const ZERO: &str = "0000000000000000000000000000000000000000";

fn guard() -> Guard {
    Guard {
        chain: Some("/srv/hooks of all".into()),
        refs: vec!["refs/heads/main".into(), "refs/heads/dev".into()],
        prefixes: vec!["refs/tags/v".into()],
    }
}

fn line(old: &str, new: &str, name: &str) -> Vec<u8> {
    format!("{old} {new} {name}\n").into_bytes()
}

fn judged(stdin: &[u8]) -> bool {
    decide(Some(&guard()), stdin, None)
}

#[test]
fn the_file_reads_as_a_list_of_lines() {
    assert_eq!(
        String::from_utf8(guard().render()).unwrap(),
        "pdd-guard 1\nchain /srv/hooks of all\nref refs/heads/main\nref refs/heads/dev\nprefix refs/tags/v\nend\n"
    );
}

#[test]
fn what_is_written_is_read_again() {
    assert_eq!(Guard::parse(&guard().render()), Some(guard()));
    let nothing = Guard::default();
    assert_eq!(Guard::parse(&nothing.render()), Some(nothing));
}

#[test]
fn a_file_that_is_not_understood_is_no_guard() {
    for text in [
        "",
        "pdd-guard 1",
        "pdd-guard 1\nref refs/heads/main\n",
        "pdd-guard 2\nref refs/heads/main\nend\n",
        "pdd-guard 1\nwatch refs/heads/main\nend\n",
        "pdd-guard 1\nref \nend\n",
        "pdd-guard 1\nref\nend\n",
        "pdd-guard 1\n\nend\n",
        "pdd-guard 1\nchain /a\nchain /b\nend\n",
        "pdd-guard 1\nend\nref refs/heads/main\n",
        "pdd-guard 1\nend\n\n",
        "pdd-guard 1\r\nend\r\n",
    ] {
        assert_eq!(Guard::parse(text.as_bytes()), None, "{text:?}");
    }
}

#[test]
fn a_reference_name_that_is_not_utf8_makes_everything_watched() {
    assert_eq!(
        Guard::parse(b"pdd-guard 1\nref refs/heads/\xff\nend\n"),
        None
    );
}

#[test]
fn a_move_of_a_watched_reference_is_judged() {
    assert!(judged(&line(OLD, NEW, "refs/heads/main")));
    assert!(judged(&line(ZERO, NEW, "refs/heads/main")));
    assert!(judged(&line(OLD, ZERO, "refs/heads/dev")));
    assert!(judged(&line(ZERO, NEW, "refs/tags/v1.0")));
    assert!(judged(&line(ZERO, "ref:refs/heads/x", "refs/heads/main")));
}

#[test]
fn a_deletion_without_an_expected_value_is_judged() {
    assert!(judged(&line(ZERO, ZERO, "refs/heads/main")));
}

#[test]
fn ids_of_sha256_are_judged_alike() {
    let (old, new) = ("a".repeat(64), "b".repeat(64));
    assert!(judged(&line(&old, &new, "refs/heads/main")));
    assert!(!judged(&line(&old, &old, "refs/heads/main")));
    assert!(judged(&line(
        &"0".repeat(64),
        &"0".repeat(64),
        "refs/heads/main"
    )));
}

#[test]
fn what_moves_nothing_watched_passes() {
    assert!(!judged(b""));
    assert!(!judged(&line(OLD, OLD, "refs/heads/main")));
    assert!(!judged(&line(OLD, NEW, "refs/heads/maintenance")));
    assert!(!judged(&line(OLD, NEW, "refs/heads/feat/TASK-1")));
    assert!(!judged(&line(OLD, NEW, "refs/remotes/origin/main")));
    assert!(!judged(&line(ZERO, "ref:refs/heads/main", "HEAD")));
    assert!(!judged(&line(ZERO, NEW, "HEAD")));
    assert!(!judged(&line(OLD, NEW, "refs/pdd/evidence")));
    assert!(!judged(b"1 2 refs/heads/\xff\xfe\n"));
}

#[test]
fn one_watched_line_among_many_is_found() {
    let mut stdin = Vec::new();
    for number in 0..20_000 {
        stdin.extend(line(ZERO, NEW, &format!("refs/heads/many/{number}")));
    }
    assert!(!judged(&stdin));
    stdin.extend(line(OLD, NEW, "refs/heads/main"));
    assert!(judged(&stdin));
    assert_eq!(updates(&stdin).len(), 20_001);
}

#[test]
fn a_line_that_is_not_understood_is_judged() {
    for stdin in ["refs/heads/main", "1 2", "1 2 ", " 2 refs/heads/x", "\t\n"] {
        assert!(judged(stdin.as_bytes()), "{stdin:?}");
    }
}

#[test]
fn without_a_guard_every_branch_and_tag_is_watched() {
    let judged = |name| decide(None, &line(OLD, NEW, name), None);
    assert!(judged("refs/heads/feat/x"));
    assert!(judged("refs/remotes/origin/main"));
    assert!(judged("refs/tags/v1"));
    assert!(!judged("refs/stash"));
    assert!(!judged("refs/pdd/evidence"));
    assert!(!judged("HEAD"));
}

#[test]
fn the_orig_head_of_a_merge_is_judged_and_no_other() {
    let stdin = line(OLD, NEW, "ORIG_HEAD");
    let judged = |action: Option<&str>| decide(Some(&guard()), &stdin, action.map(str::as_bytes));
    assert!(judged(Some("merge feat/TASK-1")));
    assert!(judged(Some("pull --ff-only")));
    assert!(!judged(Some("reset: moving to HEAD~1")));
    assert!(!judged(None));
}

#[test]
fn a_line_gives_its_three_parts_as_bytes() {
    assert_eq!(
        updates(b"1 2 refs/heads/\xff x\n\n3 4\n"),
        [
            Update {
                old: b"1",
                new: b"2",
                name: b"refs/heads/\xff x"
            },
            Update {
                old: b"3",
                new: b"4",
                name: b""
            },
        ]
    );
}

#[test]
fn the_file_is_written_whole_and_only_where_it_differs() {
    use std::os::unix::fs::MetadataExt as _;
    let pdd = assert_fs::TempDir::new().unwrap();
    let file = pdd.path().join(FILE);
    write_if_changed(pdd.path(), &guard()).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), guard().render());
    let first = std::fs::metadata(&file).unwrap().ino();
    write_if_changed(pdd.path(), &guard()).unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().ino(), first);
    write_if_changed(pdd.path(), &Guard::default()).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"pdd-guard 1\nend\n");
    assert_eq!(std::fs::read_dir(pdd.path()).unwrap().count(), 1);
}

#[test]
fn a_name_that_the_file_cannot_hold_is_refused_and_the_old_file_stays() {
    let pdd = assert_fs::TempDir::new().unwrap();
    write_if_changed(pdd.path(), &guard()).unwrap();
    for name in ["refs/heads/a\nend", ""] {
        let guard = Guard {
            refs: vec![name.into()],
            ..Guard::default()
        };
        let error = write_if_changed(pdd.path(), &guard).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{name:?}");
    }
    assert_eq!(
        std::fs::read(pdd.path().join(FILE)).unwrap(),
        guard().render()
    );
}

fn guards() -> impl Strategy<Value = Guard> {
    let names = || prop::collection::vec("[^\n]{1,12}", 0..4);
    (prop::option::of("[^\n]{1,12}"), names(), names()).prop_map(|(chain, refs, prefixes)| Guard {
        chain: chain.map(Into::into),
        refs,
        prefixes,
    })
}

/// Bytes that look like the file or like stdin often enough to get past the first check.
fn near_misses() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        "(pdd-guard 1|end|ref|prefix|chain|refs/heads/main|ORIG_HEAD|0{40}|1{40}| |\n)"
            .prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(
        text in near_misses(), stdin in near_misses(), action in prop::option::of(near_misses()),
    ) {
        let guard = Guard::parse(&text);
        let lines = stdin.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count();
        prop_assert_eq!(updates(&stdin).len(), lines);
        decide(guard.as_ref(), &stdin, action.as_deref());
    }

    #[test]
    fn any_guard_survives_the_file(guard in guards()) {
        prop_assert_eq!(Guard::parse(&guard.render()), Some(guard));
    }

    #[test]
    fn a_file_cut_short_is_no_guard(guard in guards(), cut in any::<prop::sample::Index>()) {
        let text = guard.render();
        // Without its last line feed the file still says all; a cut before that is another matter.
        let cut = cut.index(text.len() - 1);
        prop_assert_eq!(Guard::parse(&text[..cut]), None);
    }

    #[test]
    fn a_watched_move_is_found_whatever_stands_around_it(
        before in near_misses(), after in near_misses(), action in prop::option::of(near_misses()),
    ) {
        let stdin = [&before[..], b"\n", &line(OLD, NEW, "refs/heads/main"), &after].concat();
        prop_assert!(decide(Some(&guard()), &stdin, action.as_deref()));
        prop_assert!(decide(None, &stdin, action.as_deref()));
    }
}
