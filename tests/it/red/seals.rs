//! What QA leaves red is sealed, and the source of its task must turn it green as it is.

use super::scene::{
    ADD, ASK, DO, PROVEN, SUB, SUB_PATH, TEST_SUB, findings, package, refused, told,
};
use crate::enrolled::WORK;

/// What leads back to a sealed file.
fn help(blob: &str) -> String {
    format!(
        "leave it as it was: git cat-file blob {blob} > {SUB_PATH}; or have QA seal it anew, by `pdd-hooks red` or a commit of tests alone"
    )
}

#[test]
fn tests_alone_are_sealed_with_their_files_and_states() {
    let repo = package();
    let sealed = repo.put(SUB_PATH, TEST_SUB, ASK);
    assert_eq!(
        told(&sealed),
        [
            "tests passed (2 tests; tests/test_sub.py::test_subtracts is sealed until source turns it green)"
        ]
    );
    let seals = repo.seals();
    let [seal] = &seals[..] else {
        panic!("{seals:?}");
    };
    let found = serde_json::json!({
        "task": seal.task, "persona": seal.persona, "branch": seal.branch, "base": seal.base,
        "files": seal.files, "tests": seal.tests,
    });
    assert_eq!(
        found,
        serde_json::json!({
            "task": "TASK-001",
            "persona": "QA",
            "branch": WORK,
            "base": repo.ask(&["rev-parse", "HEAD~1^{tree}"]),
            "files": { SUB_PATH: repo.blob("HEAD", SUB_PATH) },
            "tests": [{
                "check": "tests",
                "id": "tests/test_sub.py::test_subtracts",
                "file": SUB_PATH,
                "path": ["test_subtracts"],
                "state": "failed",
                "said": null,
            }],
        })
    );
}

#[test]
fn source_that_turns_it_green_is_proven_and_spends_the_seal() {
    let repo = package();
    repo.ask_for_sub();
    let green = repo.put("app.py", SUB, DO);
    assert_eq!(told(&green), ["tests passed (2 tests)", PROVEN]);
    let proof = repo.proofs().pop().unwrap();
    assert_eq!(proof.seals.len(), 1);
    assert!(proof.proof.tests[0].is_sealed);
    // What was sealed is a test like others now.
    repo.stage(
        SUB_PATH,
        &TEST_SUB.replace("sub(3, 1) == 2", "sub(3, 1) == 2 != 3"),
    );
    let again = repo.put(
        "app.py",
        &SUB.replace("a - b", "a + -b"),
        "refactor: turn it [TASK-001]",
    );
    assert_eq!(
        told(&again),
        [
            "tests passed (2 tests)",
            "refactor: no red asked for, no test lost; unproven: `tests/test_sub.py::test_subtracts`"
        ]
    );
}

#[test]
fn a_sealed_file_that_source_edits_or_deletes_is_refused_with_the_way_back() {
    let repo = package();
    repo.ask_for_sub();
    let blob = repo.blob("HEAD", SUB_PATH);
    repo.stage(SUB_PATH, &TEST_SUB.replace("== 2", "== 4"));
    let edited = repo.put("app.py", &SUB.replace("a - b", "a + b"), DO);
    assert_eq!(
        refused(&edited),
        [format!(
            "`{SUB_PATH}` is not as QA sealed it; {}",
            help(&blob)
        )]
    );
    let _ = repo.git(&["rm", "-q", "-f", SUB_PATH]).ok();
    let deleted = repo.commit(DO);
    assert_eq!(
        refused(&deleted)[0],
        format!(
            "`{SUB_PATH}` is sealed, and is not in this change; leave it as it was: git cat-file blob {blob} > {SUB_PATH}; or have QA take it back: pdd-hooks red"
        )
    );
    // The way back is what the finding says.
    repo.stage(
        SUB_PATH,
        &format!("{}\n", repo.ask(&["cat-file", "blob", &blob])),
    );
    let green = repo.put("app.py", SUB, DO);
    assert_eq!(told(&green).pop().unwrap(), PROVEN);
}

#[test]
fn a_sealed_test_that_a_conftest_skips_is_not_green() {
    let repo = package();
    repo.ask_for_sub();
    repo.stage(
        "conftest.py",
        "import pytest\n\n\ndef pytest_collection_modifyitems(items):\n    for item in items:\n        if item.name == 'test_subtracts':\n            item.add_marker(pytest.mark.skip)\n",
    );
    let skipped = repo.put("app.py", SUB, DO);
    assert_eq!(
        refused(&skipped)[0],
        "the sealed test `tests/test_sub.py::test_subtracts` must pass, and is skipped; commit the source that turns it green; a sealed test that is wrong, QA seals anew"
    );
}

#[test]
fn one_of_two_sealed_tests_is_not_enough() {
    let repo = package();
    let two = format!("{TEST_SUB}\n\ndef test_doubles():\n    assert app.double(4) == 8\n");
    let _ = repo.put(SUB_PATH, &two, ASK).ok();
    assert_eq!(repo.seals()[0].tests.len(), 2);
    let one = repo.put("app.py", SUB, DO);
    let found = findings(&one);
    assert_eq!(
        found,
        [
            "PDD008: the check `tests` fails: `tests/test_sub.py::test_doubles`: AttributeError: module 'app' has no attribute 'double'"
        ]
    );
    let both = format!("{SUB}\n\ndef double(a):\n    return 2 * a\n");
    let both = repo.put("app.py", &both, DO);
    assert_eq!(
        told(&both).pop().unwrap(),
        "red: proven (2 tests failed before)"
    );
}

#[test]
fn a_sealed_test_that_is_changed_by_itself_is_sealed_anew_and_seen() {
    let repo = package();
    repo.ask_for_sub();
    let other = TEST_SUB.replace("sub(3, 1) == 2", "sub(3, 1) == 3");
    let _ = repo.put(SUB_PATH, &other, ASK).ok();
    let blobs: Vec<String> = repo
        .seals()
        .iter()
        .map(|seal| seal.files[SUB_PATH].as_ref().unwrap().as_str().to_owned())
        .collect();
    let at = |revision: &str| repo.blob(revision, SUB_PATH);
    assert_eq!(blobs, [at("HEAD~1"), at("HEAD")]);
    // The newer one counts: the older text is not what is sealed now.
    repo.stage(SUB_PATH, TEST_SUB);
    let older = repo.put("app.py", SUB, DO);
    assert_eq!(
        refused(&older),
        [format!(
            "`{SUB_PATH}` is not as QA sealed it; {}",
            help(&at("HEAD"))
        )]
    );
    repo.stage(SUB_PATH, &other);
    let green = repo.put("app.py", &SUB.replace("a - b", "a"), DO);
    assert_eq!(told(&green).pop().unwrap(), PROVEN);
}

#[test]
fn a_sealed_test_that_is_taken_away_by_itself_binds_nobody() {
    let repo = package();
    repo.ask_for_sub();
    let _ = repo.git(&["rm", "-q", SUB_PATH]).ok();
    let _ = repo.commit("test: not that one [TASK-001]").ok();
    let seals = repo.seals();
    assert_eq!(seals.len(), 2);
    assert_eq!(seals[1].files[SUB_PATH], None);
    let turned = ADD.replace("a + b", "b + a");
    let tidy = repo.put("app.py", &turned, "refactor: turn it [TASK-001]");
    assert_eq!(
        told(&tidy).pop().unwrap(),
        "refactor: no red asked for, no test lost"
    );
}

#[test]
fn what_sealed_tests_read_is_sealed_with_them() {
    let repo = package();
    let text = "import pathlib\n\nimport app\n\n\ndef test_subtracts():\n    data = pathlib.Path('tests/fixtures/want.txt')\n    assert app.sub(3, 1) == int(data.read_text())\n";
    repo.stage("tests/fixtures/want.txt", "2\n");
    let _ = repo.put(SUB_PATH, text, ASK).ok();
    let sealed: Vec<String> = repo.seals()[0].files.keys().cloned().collect();
    assert_eq!(sealed, ["tests/fixtures/want.txt", SUB_PATH]);
    repo.stage("tests/fixtures/want.txt", "4\n");
    let wrong = repo.put("app.py", &SUB.replace("a - b", "a + b"), DO);
    let found = refused(&wrong);
    assert!(
        found.len() == 1
            && found[0].starts_with("`tests/fixtures/want.txt` is not as QA sealed it; "),
        "{found:?}"
    );
}

/// The second commit found the first one's file as it could not be loaded, and once sealed that in its place.
#[test]
fn a_second_commit_of_tests_seals_nothing_of_the_first() {
    let repo = package();
    let early = "from app import sub\n\n\ndef test_subtracts():\n    assert sub(3, 1) == 2\n";
    let _ = repo.put(SUB_PATH, early, ASK).ok();
    let more = "import app\n\n\ndef test_adds_nothing():\n    assert app.add(1, 0) == 1\n";
    let _ = repo
        .put("tests/test_more.py", more, "test: ask for more [TASK-001]")
        .ok();
    let green = repo.put("app.py", SUB, DO);
    assert_eq!(told(&green), ["tests passed (3 tests)", PROVEN]);
}
