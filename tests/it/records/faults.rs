//! What was put into the store by hand, edited there or taken out is named and never taken for a record.

use std::fmt::Write as _;

use pdd_hooks::git::{RECORDS, RecordFault};

use super::{forms, lines, open, tip};
use crate::support::Repo;

/// Puts entries into the store's tree with plain git, as whoever owns the repository can; none removes.
fn tamper(repo: &Repo, entries: &[(&str, &str, Option<&str>)]) {
    let index = repo.at("../scratch-index");
    let index = [("GIT_INDEX_FILE", index.to_str().unwrap())];
    let _ = repo.git_with(&index, &["read-tree", RECORDS]).ok();
    let mut info = String::new();
    for (mode, path, content) in entries {
        let (mode, blob) = match content {
            Some(content) => {
                repo.write("../content", content);
                (
                    *mode,
                    repo.ask(&["hash-object", "-w", "--no-filters", "../content"]),
                )
            }
            None => ("0", "0".repeat(40)),
        };
        writeln!(info, "{mode} {blob}\t{path}").unwrap();
    }
    let mut command = repo.command("git", repo.folder());
    command.args(["update-index", "--index-info"]).envs(index);
    let _ = repo.run(&mut command, info.as_bytes()).ok();
    let tree = repo.git_with(&index, &["write-tree"]).ok().stdout;
    let commit = repo.ask(&["commit-tree", "-p", RECORDS, "-m", "by hand", tree.trim()]);
    let _ = repo.git(&["update-ref", RECORDS, &commit]).ok();
}

fn path(name: &str) -> String {
    format!("{}/{name}.json", &name[..2])
}

fn fault(path: &str, what: &'static str) -> RecordFault {
    RecordFault {
        path: path.into(),
        what,
    }
}

const NO_PATH: &str = "is no record: its path is not `<aa>/<sha-256>.json`";
const NO_FILE: &str = "is no record: not a regular file";
const EDITED: &str = "does not hold what its name says: edited or damaged";

#[test]
fn what_is_no_record_is_named_and_the_rest_is_read() {
    let repo = Repo::new();
    let repository = open(&repo);
    repository.add_records(&lines(0..1)).unwrap();
    let good = repository.records().unwrap().records;
    let [one, two, three] =
        [1, 2, 3].map(|n| pdd_hooks::evidence::envelope::name(&lines(n..n + 1)[0]));
    let upper = path(&one).to_uppercase().replace(".JSON", ".json");
    let misplaced = format!("zz/{one}.json");
    tamper(
        &repo,
        &[
            ("100644", &path(&one), Some("{\"n\":7}\n")),
            ("100755", &path(&two), Some("{\"n\":2}\n")),
            ("120000", &path(&three), Some("{\"n\":3}\n")),
            ("100644", &upper, Some("{\"n\":1}\n")),
            ("100644", &misplaced, Some("{\"n\":1}\n")),
            ("100644", "README.md", Some("hello\n")),
            ("100644", "aa/deep/er/x.json", Some("{}\n")),
        ],
    );
    let found = repository.records().unwrap();
    let mut faults = vec![
        fault(&path(&one), EDITED),
        fault(&path(&two), NO_FILE),
        fault(&path(&three), NO_FILE),
        fault(&upper, NO_PATH),
        fault(&misplaced, NO_PATH),
        fault("README.md", "is no record: not in a folder"),
        fault("aa/deep", NO_PATH),
    ];
    faults.sort();
    assert_eq!((found.records, found.faults), (good, faults));
    for name in [&one, &two, &three] {
        assert!(!repository.has_record(name).unwrap());
    }
}

#[test]
fn a_damaged_record_is_made_whole_when_it_is_added_again() {
    let repo = Repo::new();
    let repository = open(&repo);
    let names = repository.add_records(&lines(0..2)).unwrap();
    let whole = repository.records().unwrap();
    tamper(&repo, &[("100644", &path(&names[0]), Some("{}\n"))]);
    assert_eq!(repository.records().unwrap().records.len(), 1);
    repository.add_records(&lines(0..2)).unwrap();
    assert_eq!(repository.records().unwrap(), whole);
    assert_eq!(
        repo.ask(&["log", "--format=%s", RECORDS]),
        "evidence: add 1 record\nby hand\nevidence: add 2 records"
    );
}

#[test]
fn what_a_newer_tip_lacks_or_changed_is_named() {
    let repo = Repo::new();
    let repository = open(&repo);
    let names = repository.add_records(&lines(0..3)).unwrap();
    let old = tip(&repository);
    tamper(
        &repo,
        &[
            ("100644", &path(&names[0]), None),
            ("100644", &path(&names[1]), Some("{}\n")),
        ],
    );
    let added = repository.add_records(&lines(3..4)).unwrap().remove(0);
    let since = repository
        .records_since(Some(old), tip(&repository))
        .unwrap();
    assert_eq!(since.records, [(added, lines(3..4).remove(0))]);
    let mut faults = vec![
        fault(&path(&names[0]), "was removed"),
        fault(&path(&names[1]), "was changed"),
        fault(&path(&names[1]), EDITED),
    ];
    faults.sort();
    assert_eq!(since.faults, faults);
}

#[test]
fn a_record_whose_object_is_gone_cannot_be_read_and_the_others_can() {
    for repo in forms() {
        let repository = open(&repo);
        let names = repository.add_records(&lines(0..2)).unwrap();
        let blob = repo.ask(&["rev-parse", &format!("{RECORDS}:{}", path(&names[0]))]);
        let file = repo.at(&format!(".git/objects/{}/{}", &blob[..2], &blob[2..]));
        std::fs::remove_file(file).unwrap();
        let found = open(&repo).records().unwrap();
        assert_eq!(found.records, [(names[1].clone(), lines(1..2).remove(0))]);
        assert_eq!(found.faults, [fault(&path(&names[0]), "cannot be read")]);
        assert!(!open(&repo).has_record(&names[0]).unwrap());
        open(&repo).add_records(&lines(0..1)).unwrap();
        assert_eq!(open(&repo).records().unwrap().records.len(), 2);
    }
}

#[test]
fn no_text_is_taken_for_a_name_but_a_record_s_own() {
    let repo = Repo::new();
    let repository = open(&repo);
    let name = repository.add_records(&lines(0..1)).unwrap().remove(0);
    assert!(repository.has_record(&name).unwrap());
    for text in [
        "",
        "a",
        "é",
        "..",
        "/",
        &name[..63],
        &name.to_uppercase(),
        &format!("{name}.json"),
    ] {
        assert!(!repository.has_record(text).unwrap(), "{text}");
    }
}
