//! What is kept of the records so that they are not parsed again: it saves time and decides nothing.

use super::scene::{MESSAGE, findings};
use crate::support::{Output, Repo};

const INDEX: &str = ".git/pdd/known.json";

fn check(repo: &Repo) -> Output {
    repo.pdd(&["check", "main..HEAD"])
}

/// A repository with one validated commit, whose records were looked at once.
fn looked_at() -> Repo {
    let repo = Repo::checked("");
    repo.validated_step("one");
    let _ = check(&repo).ok();
    repo
}

#[test]
fn what_is_kept_is_what_a_new_look_at_the_records_gives() {
    let repo = looked_at();
    let kept = repo.read(INDEX);
    std::fs::remove_file(repo.at(INDEX)).unwrap();
    let _ = check(&repo).ok();
    assert_eq!(repo.read(INDEX), kept);
    repo.validated_step("two");
    let _ = check(&repo).ok();
    let grown = repo.read(INDEX);
    assert_ne!(grown, kept);
    std::fs::remove_file(repo.at(INDEX)).unwrap();
    let _ = check(&repo).ok();
    assert_eq!(repo.read(INDEX), grown);
}

#[test]
fn a_record_that_the_store_does_not_list_counts_for_nothing_whatever_was_kept() {
    let repo = looked_at();
    let _ = repo.git(&["update-ref", "-d", "refs/pdd/evidence"]).ok();
    let refused = check(&repo);
    assert_eq!(refused.code(), 1);
    assert_eq!(
        findings(&refused),
        ["PDD008: this tree has no passing validation: `tests` has not passed on it"]
    );
}

#[test]
fn what_cannot_be_read_or_is_of_another_object_is_made_anew() {
    let repo = looked_at();
    let kept = repo.read(INDEX);
    let blob = kept.split("\"blob\":\"").nth(1).unwrap()[..40].to_owned();
    // Another object under the same name, which claims nothing.
    let other = kept
        .replace(&blob, &"0".repeat(40))
        .replace("\"name\":\"tests\"", "\"name\":\"other\"");
    assert_ne!(other, kept);
    let later = kept.replace("\"version\":2", "\"version\":3");
    for damaged in ["", "{}", "[", &kept[..kept.len() / 2], &other, &later] {
        repo.write(INDEX, damaged);
        let _ = check(&repo).ok();
        assert_eq!(repo.read(INDEX), kept, "{damaged}");
    }
}

#[test]
fn where_the_folder_of_state_is_not_there_none_is_made() {
    let repo = looked_at();
    std::fs::remove_dir_all(repo.at(".git/pdd")).unwrap();
    let _ = check(&repo);
    assert!(!repo.has(INDEX));
}

#[test]
fn a_damaged_record_is_passed_over_by_the_hook_and_mended_by_validate() {
    let repo = Repo::checked("");
    repo.stage_step("one");
    let _ = repo.pdd(&["validate"]).ok();
    let runs = repo.runs();
    let list = repo.ask(&["ls-tree", "-r", "refs/pdd/evidence"]);
    let blob = list.split_whitespace().nth(2).unwrap();
    let file = repo.at(&format!(".git/objects/{}/{}", &blob[..2], &blob[2..]));
    std::fs::remove_file(file).unwrap();
    // A hook does not read what it finds by name.
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.runs(), runs);
    assert_eq!(check(&repo).code(), 1);
    let _ = repo.pdd(&["validate", "HEAD"]).ok();
    assert_eq!(repo.runs(), runs + 1);
    let _ = check(&repo).ok();
}
