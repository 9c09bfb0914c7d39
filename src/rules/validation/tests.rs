//! Hand-built changes and landings against PDD008.

use super::super::sample::{change, landing, merge, message, path, revert, said};
use super::*;
use crate::change::{LogChange, Moment, Status};

const SUBJECT: &str = "feat: rank [TASK-007]";

fn policy() -> Policy {
    let text = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['true']\n\
                [[check]]\nname = 'types'\nkind = 'quality'\nrun = ['true']\n";
    Policy::parse(text, "x").unwrap()
}

fn state(check: &str, standing: Standing) -> CheckState {
    CheckState {
        check: check.into(),
        standing,
    }
}

fn known(standings: [Standing; 2]) -> Change {
    let [tests, types] = standings;
    Change {
        validation: Validation::Known(vec![state("tests", tests), state("types", types)]),
        ..change()
    }
}

fn judged(change: &Change) -> Vec<String> {
    said(&check_tree(change, &policy()))
}

#[test]
fn a_tree_on_which_every_check_passed_is_validated() {
    assert_eq!(
        judged(&known([Standing::Passed, Standing::Passed])),
        [""; 0]
    );
    assert_eq!(judged(&change()), [""; 0]);
}

#[test]
fn checks_that_have_not_run_are_named_together() {
    assert_eq!(
        judged(&known([Standing::Missing, Standing::Missing])),
        [
            "this tree has no passing validation: `tests`, `types` have not passed on it; pdd-hooks validate"
        ]
    );
}

#[test]
fn a_commit_is_named_in_the_command_that_validates_it() {
    let id = CommitId::new("5".repeat(40));
    let change = Change {
        place: Place::Commit(id.clone(), SUBJECT.into()),
        ..known([Standing::Missing, Standing::Unfounded(id)])
    };
    assert_eq!(
        judged(&change),
        [
            "this tree has no passing validation: `tests` has not passed on it; pdd-hooks validate 555555555555",
            "this tree builds on 555555555555, on which `types` has not passed; pdd-hooks validate 555555555555",
        ]
    );
}

#[test]
fn a_failure_names_its_tests_and_where_the_output_is() {
    let failed = |tests: &[&str]| Standing::Failed {
        tests: tests.iter().map(|test| (*test).to_owned()).collect(),
        message: Some("assert 1 == 2".into()),
    };
    assert_eq!(
        judged(&known([
            failed(&["t::a", "t::b", "t::c", "t::d"]),
            failed(&["types"])
        ])),
        [
            "the check `tests` fails: 4 tests, `t::a`, `t::b`, `t::c` and 1 more: assert 1 == 2; mend it and stage the mend: what is staged was tested, not what lies in the work tree",
            "the check `types` fails: assert 1 == 2; mend it and stage the mend: what is staged was tested, not what lies in the work tree",
        ]
    );
}

#[test]
fn an_environment_error_is_a_finding_of_its_own() {
    let error = Standing::EnvironmentError {
        what: "no test ran".into(),
        help: None,
    };
    assert_eq!(
        judged(&known([error, Standing::Passed])),
        ["environment-error: the check `tests` proves nothing: no test ran; no help"]
    );
}

#[test]
fn source_needs_a_test_check_that_looks_at_it() {
    let elsewhere = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['true']\npaths = ['web/**']\n\
                     [[check]]\nname = 'types'\nkind = 'quality'\nrun = ['true']\n";
    let expected = [
        "source changes, and no test check is in scope (src/search.rs); give `.pdd.toml` on the protected branch a `[[check]]` with `kind = \"test\"` whose `paths` hold it; `pdd-hooks init --dry-run` shows one",
    ];
    for text in ["", elsewhere] {
        let policy = Policy::parse(text, "x").unwrap();
        assert_eq!(said(&check_tree(&change(), &policy)), expected);
        let docs = Change {
            paths: vec![path("README.md", Class::Docs, Status::Modified)],
            ..change()
        };
        assert_eq!(said(&check_tree(&docs, &policy)), [""; 0]);
    }
}

#[test]
fn the_adoption_needs_no_validation() {
    let adoption = Change {
        kind: Kind::Adoption,
        ..known([Standing::Missing, Standing::Missing])
    };
    assert_eq!(said(&check_tree(&adoption, &Policy::default())), [""; 0]);
}

fn with_log(personas: &[&str]) -> Change {
    let entry = |name: &&str| format!("## [PERSONA: {name}] - [TASK-007] - x\n\n");
    let log = LogChange {
        path: "context/personalog/TASK-007.md".into(),
        task: Some(TaskId::new("TASK-007")),
        bases: Vec::new(),
        text: Some(personas.iter().map(entry).collect()),
    };
    Change {
        logs: vec![log],
        ..change()
    }
}

fn declared(change: &Change, subject: &str) -> Vec<String> {
    said(&check_declared(change, &message(subject), &policy()))
}

#[test]
fn source_needs_the_word_of_qa_after_the_last_dev() {
    for passes in [
        &["QA", "DEV", "QA", "PM"][..],
        &["PM", "QA", "DEV"],
        &["QA", "PM"],
        &[],
    ] {
        assert_eq!(declared(&with_log(passes), SUBJECT), [""; 0], "{passes:?}");
    }
    let help =
        "(context/personalog/TASK-007.md); pdd-hooks persona QA TASK-007 \"<what was validated>\"";
    assert_eq!(
        declared(&with_log(&["DEV", "QA", "PM"]), SUBJECT),
        [format!(
            "source changes under `TASK-007`, and QA has not spoken since the last DEV {help}"
        )]
    );
    assert_eq!(
        declared(&with_log(&["TROUBLESHOOT"]), SUBJECT),
        [format!(
            "source changes under `TASK-007`, and QA has not spoken {help}"
        )]
    );
}

#[test]
fn what_needs_no_word_of_qa_passes_without() {
    let log = with_log(&["DEV", "PM"]);
    let tests = Change {
        paths: vec![path("tests/a.rs", Class::Test, Status::Added)],
        ..log.clone()
    };
    assert_eq!(declared(&tests, SUBJECT), [""; 0]);
    let bare = |change: Change| Change {
        logs: log.logs.clone(),
        ..change
    };
    assert_eq!(declared(&bare(revert(SUBJECT)), "Revert \"x\""), [""; 0]);
    assert_eq!(declared(&bare(merge(&[])), SUBJECT), [""; 0]);
    assert_eq!(declared(&log, "fixup! feat: rank [TASK-007]"), [""; 0]);
    assert_eq!(declared(&bare(merge(&["src/a.rs"])), SUBJECT).len(), 1);
    let silent = Policy::parse("validation.declared = false", "x").unwrap();
    assert_eq!(
        said(&check_declared(&log, &message(SUBJECT), &silent)),
        [""; 0]
    );
}

#[test]
fn a_landing_needs_every_check_on_its_tip() {
    let landing = Landing {
        validation: Validation::Known(vec![
            state("tests", Standing::Missing),
            state("types", Standing::Passed),
        ]),
        ..landing("refs/heads/main", Some('a'), Some('b'), Moment::Push)
    };
    assert_eq!(
        said(&check_landing(&landing, &policy())),
        [
            "bbbbbbbbbbbb would land without `tests` on exactly its tree; pdd-hooks validate aaaaaaaaaaaa..bbbbbbbbbbbb"
        ]
    );
}

#[test]
fn a_landing_leaves_no_sealed_test_red() {
    let landing = Landing {
        validation: Validation::Known(vec![state("tests", Standing::Sealed)]),
        ..landing("refs/heads/main", Some('a'), Some('b'), Moment::Push)
    };
    assert_eq!(
        said(&check_landing(&landing, &policy())),
        [
            "bbbbbbbbbbbb would land with sealed tests that fail in `tests`; commit the source that turns them green"
        ]
    );
}
