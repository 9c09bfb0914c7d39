//! The rules of the store at a server, over real pushes.

use std::path::Path;

use pdd_hooks::evidence::envelope::{self, LARGEST};
use pdd_hooks::git::RECORDS;

use super::{lines, open, scene, there};
use crate::enrolled::WORK;
use crate::support::Repo;

/// A scene whose remote judges what arrives, and has one record.
fn judged() -> Repo {
    let repo = scene();
    let command = Path::new(env!("CARGO_BIN_EXE_pdd-hooks"));
    let program = command.with_file_name("pdd-pre-receive");
    std::fs::copy(program, repo.at("../origin.git/hooks/pre-receive")).unwrap();
    open(repo.folder()).add_records(&lines(0..1)).unwrap();
    let _ = repo.git(&["push", "-q", "origin", WORK]).ok();
    assert_eq!(there(&repo).len(), 2);
    repo
}

/// Puts a file into the own store by hand.
fn put(repo: &Repo, mode: &str, path: &str, content: &[u8]) {
    std::fs::write(repo.at("../content"), content).unwrap();
    let blob = repo.ask(&["hash-object", "-w", "--no-filters", "../content"]);
    commit(
        repo,
        &[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("{mode},{blob},{path}"),
        ],
    );
}

/// Changes the own store's tree by an index command, in a new commit.
fn commit(repo: &Repo, change: &[&str]) {
    let index = [("GIT_INDEX_FILE", "../scratch")];
    let _ = repo.git_with(&index, &["read-tree", RECORDS]).ok();
    let _ = repo.git_with(&index, change).ok();
    let tree = repo.git_with(&index, &["write-tree"]).ok().stdout;
    let commit = repo.ask(&["commit-tree", "-p", RECORDS, "-m", "by hand", tree.trim()]);
    let _ = repo.git(&["update-ref", RECORDS, &commit]).ok();
}

/// Pushes the store and returns what the server says of it, without what git adds.
#[track_caller]
fn refused(repo: &Repo, spec: &str) -> String {
    let before = there(repo);
    let pushed = repo.git(&["push", "--no-verify", "origin", spec]);
    assert_eq!(pushed.code(), 1, "{}", pushed.text());
    assert_eq!(there(repo), before);
    let lines = pushed.stderr.lines();
    let ours = lines.filter_map(|line| line.strip_prefix("remote: "));
    let ours: Vec<&str> = ours
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    ours.join("\n")
}

fn path(name: &str) -> String {
    format!("{}/{name}.json", &name[..2])
}

#[test]
fn the_store_is_neither_deleted_nor_rewritten() {
    let repo = judged();
    let deleted = refused(&repo, ":refs/pdd/evidence");
    assert_eq!(
        deleted,
        "error: refs/pdd/evidence may not be deleted\n  = help: leave it out of the push: records are kept for good"
    );
    let old = repo.ask(&["rev-parse", RECORDS]);
    let _ = repo.git(&["update-ref", "-d", RECORDS]).ok();
    open(repo.folder()).add_records(&lines(5..6)).unwrap();
    let rewritten = refused(&repo, "+refs/pdd/evidence");
    assert_eq!(
        rewritten,
        format!(
            "error: refs/pdd/evidence may only go forward, and does not go on from {old}\n  = help: pdd-hooks evidence push, which unites what is here with what is there"
        )
    );
}

#[test]
fn nothing_is_removed_on_the_way_even_if_it_comes_back() {
    let repo = judged();
    let gone = here_first(&repo);
    let blob = repo.ask(&["rev-parse", &format!("{RECORDS}:{gone}")]);
    commit(&repo, &["rm", "-q", "--cached", &gone]);
    let at = repo.ask(&["rev-parse", RECORDS]);
    commit(
        &repo,
        &[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("100644,{blob},{gone}"),
        ],
    );
    assert_eq!(
        refused(&repo, RECORDS),
        format!(
            "error: refs/pdd/evidence loses `{gone}` in {at}\n  = help: records are added and never removed or changed: add yours to the store as the remote has it"
        )
    );
}

fn here_first(repo: &Repo) -> String {
    super::here(repo).remove(0)
}

#[test]
fn a_merge_that_loses_what_a_parent_has_is_refused() {
    let repo = judged();
    let own = repo.ask(&["rev-parse", RECORDS]);
    let tree = repo.ask(&["rev-parse", &format!("{RECORDS}^{{tree}}")]);
    open(repo.folder()).add_records(&lines(7..8)).unwrap();
    let other = repo.ask(&["rev-parse", RECORDS]);
    let merge = repo.ask(&[
        "commit-tree",
        "-p",
        &own,
        "-p",
        &other,
        "-m",
        "merge",
        &tree,
    ]);
    let _ = repo.git(&["update-ref", RECORDS, &merge]).ok();
    let said = refused(&repo, RECORDS);
    assert!(
        said.starts_with("error: refs/pdd/evidence loses `"),
        "{said}"
    );
    assert!(said.contains(&merge), "{said}");
}

#[test]
fn what_is_no_record_is_refused_in_its_own_words() {
    let good = String::from_utf8(super::line(9)).unwrap();
    let of = |payload: &str| {
        use base64::Engine as _;
        let payload = base64::engine::general_purpose::STANDARD.encode(payload);
        format!(
            "{{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"{payload}\",\"signatures\":[]}}\n"
        )
    };
    let twice = good.replace("\"signatures\":[]", "\"signatures\":[],\"signatures\":[]");
    let inner = of(
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"_type\":\"x\",\"subject\":[],\"predicateType\":\"a\"}",
    );
    let unknown = of(
        "{\"_type\":\"https://in-toto.io/Statement/v9\",\"subject\":[],\"predicateType\":\"a\"}",
    );
    let other = "{\"payloadType\":\"text/plain\",\"payload\":\"\",\"signatures\":[]}\n".to_owned();
    for (content, why) in [
        (
            "hello\n".to_owned(),
            "could not read a record's envelope: expected value at line 1 column 1",
        ),
        (
            twice,
            "could not read a record's envelope: the key `signatures` stands twice",
        ),
        (
            inner,
            "could not read a record's statement: the key `_type` stands twice",
        ),
        (
            unknown,
            "a record's statement is of the type `https://in-toto.io/Statement/v9`, which is not known here",
        ),
        (
            other,
            "a record holds `text/plain` and no in-toto statement",
        ),
    ] {
        let repo = judged();
        let path = path(&envelope::name(content.as_bytes()));
        put(&repo, "100644", &path, content.as_bytes());
        let said = refused(&repo, RECORDS);
        let expected =
            format!("error: refs/pdd/evidence holds `{path}`, which is no record: {why}");
        assert!(said.starts_with(&expected), "{said}\n{expected}");
    }
}

#[test]
fn what_stands_in_the_wrong_place_or_form_is_refused() {
    let line = super::line(9);
    let name = path(&envelope::name(&line));
    let other = path(&envelope::name(b"x"));
    for (mode, path, why) in [
        (
            "100755",
            &name,
            format!("`{name}`, which is no record: not a regular file"),
        ),
        (
            "100644",
            &other,
            format!("`{other}`, whose bytes are not what its name says"),
        ),
        (
            "100644",
            &"README".to_owned(),
            "`README`, which is no record: its path is not `<aa>/<sha-256>.json`".to_owned(),
        ),
    ] {
        let repo = judged();
        put(&repo, mode, path, &line);
        let said = refused(&repo, RECORDS);
        assert!(
            said.starts_with(&format!("error: refs/pdd/evidence holds {why}")),
            "{said}"
        );
    }
}

#[test]
fn fifty_mebibytes_are_refused() {
    let repo = judged();
    let content = vec![b' '; 50 << 20];
    let path = path(&envelope::name(&content));
    put(&repo, "100644", &path, &content);
    let said = refused(&repo, RECORDS);
    let expected =
        format!("error: refs/pdd/evidence holds `{path}` of 52428800 bytes; {LARGEST} are taken");
    assert!(said.starts_with(&expected), "{said}");
}

#[test]
fn a_type_of_claim_that_is_not_known_is_taken() {
    let repo = judged();
    open(repo.folder()).add_records(&lines(20..22)).unwrap();
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", RECORDS])
        .ok();
    assert_eq!(there(&repo).len(), 4);
}
