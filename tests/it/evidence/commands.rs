//! `evidence list`, `show`, `verify`, `push` and `fetch`, in their own words.

use pdd_hooks::git::RECORDS;

use super::{here, lines, open, scene, there};
use crate::enrolled::WORK;
use crate::support::Repo;

const ONE: &str = "tree 000000000000";

/// The beginning of the name of a record.
fn short(number: usize) -> String {
    let name = pdd_hooks::evidence::envelope::name(&super::line(number));
    name[..12].to_owned()
}

#[test]
fn a_list_says_what_who_and_whether_it_is_published() {
    let repo = scene();
    let _ = repo.git(&["push", "-q", "origin", WORK]).ok();
    open(repo.folder()).add_records(&lines(1..2)).unwrap();
    let listed = repo.pdd(&["evidence", "list"]).ok().stdout;
    let [first, second] = listed.lines().collect::<Vec<_>>()[..] else {
        panic!("{listed}");
    };
    let kind = "https://example.org/thing/v1";
    assert_eq!(
        first,
        format!("{}  {kind}  {ONE}    -  unsigned  not published", short(1))
    );
    assert!(second.contains("  commit-check  commit "), "{second}");
    assert!(second.ends_with("Z  unsigned  published"), "{second}");
    let only = [
        "evidence",
        "list",
        "--kind",
        "commit-check",
        "--commit",
        "HEAD",
        "--format",
        "json",
    ];
    let rows = repo.pdd(&only).ok().stdout;
    let rows: serde_json::Value = serde_json::from_str(&rows).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(rows[0]["published"], true);
    let none = repo.pdd(&["evidence", "list", "--commit", "main"]).ok();
    assert_eq!(none.stdout, "");
}

#[test]
fn a_record_is_shown_by_the_beginning_of_its_name() {
    let repo = Repo::new();
    open(repo.folder()).add_records(&lines(1..2)).unwrap();
    let name = pdd_hooks::evidence::envelope::name(&super::line(1));
    let shown = repo.pdd(&["evidence", "show", &name[..8]]).ok();
    let expected = format!(
        "record {name}  https://example.org/thing/v1\n{}\nunsigned\n",
        r#"{
  "_type": "https://in-toto.io/Statement/v1",
  "predicate": {},
  "predicateType": "https://example.org/thing/v1",
  "subject": [
    {
      "digest": {
        "gitTree": "0000000000000000000000000000000000000001"
      }
    }
  ]
}"#
    );
    assert_eq!(shown.stdout, expected);
    let unknown = repo.pdd(&["evidence", "show", "zz"]);
    assert_eq!(
        unknown.text(),
        "exit: 2\n--- stdout\n--- stderr\nerror: no record's name begins with `zz`\n  = help: pdd-hooks evidence list\n"
    );
}

#[test]
fn a_whole_store_is_verified_and_unsigned_is_no_fault() {
    let repo = scene();
    open(repo.folder()).add_records(&lines(1..2)).unwrap();
    let verified = repo.pdd(&["evidence", "verify"]).ok();
    assert_eq!(
        verified.text(),
        format!(
            "exit: 0\n--- stdout\n{}  https://example.org/thing/v1  {ONE}  unsigned\n--- stderr\n",
            short(1)
        )
    );
}

#[test]
fn what_is_no_record_is_named_by_verify() {
    let repo = scene();
    let blob = repo.git(&["hash-object", "-w", "app.txt"]).ok().stdout;
    let index = [("GIT_INDEX_FILE", "../scratch")];
    let entry = format!("100644,{},aa/x.json", blob.trim());
    let _ = repo
        .git_with(&index, &["update-index", "--add", "--cacheinfo", &entry])
        .ok();
    let tree = repo.git_with(&index, &["write-tree"]).ok().stdout;
    let commit = repo.ask(&["commit-tree", "-m", "by hand", tree.trim()]);
    let _ = repo.git(&["update-ref", RECORDS, &commit]).ok();
    assert_eq!(
        repo.pdd(&["evidence", "verify"]).text(),
        "exit: 1\n--- stdout\nerror: refs/pdd/evidence holds `aa/x.json`, which is no record: its path is not `<aa>/<sha-256>.json`\n--- stderr\n"
    );
}

#[test]
fn push_and_fetch_say_what_they_brought() {
    let repo = scene();
    open(repo.folder()).add_records(&lines(0..2)).unwrap();
    open(repo.at("../origin.git"))
        .add_records(&lines(1..5))
        .unwrap();
    let told = |args: &[&str]| repo.pdd(args).ok().stdout;
    assert_eq!(
        told(&["evidence", "fetch"]),
        "fetched 3 records from origin\n"
    );
    assert_eq!(told(&["evidence", "push"]), "pushed 1 record to origin\n");
    assert_eq!(
        told(&["evidence", "push", "origin"]),
        "pushed nothing new to origin\n"
    );
    assert_eq!(
        told(&["evidence", "fetch"]),
        "fetched nothing new from origin\n"
    );
    assert_eq!((here(&repo).len(), there(&repo).len()), (5, 5));
}

#[test]
fn a_remote_that_is_not_there_is_an_error_that_says_so() {
    let repo = Repo::new();
    open(repo.folder()).add_records(&lines(0..1)).unwrap();
    assert_eq!(
        repo.pdd(&["evidence", "push"]).text(),
        "exit: 2\n--- stdout\n--- stderr\nerror: no remote was named, and there is none\n  = help: git remote add origin <address>\n"
    );
    for name in ["a", "b"] {
        let _ = repo.git(&["remote", "add", name, "../nowhere.git"]).ok();
    }
    assert_eq!(
        repo.pdd(&["evidence", "fetch"]).text(),
        "exit: 2\n--- stdout\n--- stderr\nerror: no remote was named, and there are several\n  = help: name one: a, b\n"
    );
    assert_eq!(
        repo.pdd(&["evidence", "push", "a"]).text(),
        "exit: 2\n--- stdout\n--- stderr\nerror: could not push the records to `a`: '../nowhere.git' does not appear to be a git repository\n  = help: the records stay here; `git push a refs/pdd/evidence` says more\n"
    );
}

#[test]
fn push_fetch_and_list_work_in_every_form() {
    for form in [
        &["--object-format=sha256"][..],
        &["--ref-format=reftable"],
        &["--ref-format=reftable", "--object-format=sha256"],
    ] {
        let repo = Repo::bare_folder();
        let made = repo.git(&[&["init", "-q", "-b", "main"], form].concat());
        // A git before 2.45 knows no reftables.
        if made.code() != 0 {
            continue;
        }
        let bare = [&["init", "-q", "--bare", "../origin.git"], form].concat();
        let _ = repo.git(&bare).ok();
        let _ = repo.git(&["remote", "add", "origin", "../origin.git"]).ok();
        open(repo.folder()).add_records(&lines(0..2)).unwrap();
        open(repo.at("../origin.git"))
            .add_records(&lines(1..4))
            .unwrap();
        let pushed = repo.pdd(&["evidence", "push"]).ok();
        assert_eq!(pushed.stdout, "pushed 1 record to origin\n");
        assert_eq!((here(&repo).len(), there(&repo).len()), (4, 4));
        let listed = repo.pdd(&["evidence", "list"]).ok().stdout;
        assert_eq!(listed.matches("  published\n").count(), 4);
    }
}
