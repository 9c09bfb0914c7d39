//! Old builds, old time stamps, old reports and installs that point into the work tree decide nothing.

use super::projects::{BROKEN, GOOD, Project};
use super::scene::{TESTS, findings};
use crate::support::{Output, Repo};
use crate::whole::Whole;

const CARGO: &str = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['cargo', 'test', '--offline', '--test', 'answer']\nreport = 'libtest'\n";
const NEXTEST: &str = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['cargo', 'nextest', 'run', '--offline']\nreport = 'junit'\n";
const PYTEST: &str = "[[check]]\nname = 'tests'\nkind = 'test'\nrun = ['pytest', '-q', '--junitxml={report}']\nreport = 'junit'\n";

#[track_caller]
fn refused(output: &Output, finding: &str) {
    assert_eq!(findings(output), [finding], "{}", output.text());
    assert_eq!(output.code(), 1);
}

/// The crate's one test fails, and says where; the id of its thread is a number of the system's.
#[track_caller]
fn answer_is_wrong(output: &Output) {
    let found = findings(output);
    let [finding] = found.as_slice() else {
        panic!("{}", output.text());
    };
    let digits = |letter: char| letter.is_ascii_digit() || "() ".contains(letter);
    let (head, rest) = finding.split_once(" (").unwrap();
    assert_eq!(
        format!("{head} {}", rest.trim_start_matches(digits)),
        "PDD008: the check `tests` fails: `answer tests/answer.rs::the_answer`: thread 'the_answer' panicked at tests/answer.rs:3:5: assertion `left == right` failed"
    );
    assert_eq!(output.code(), 1);
}

#[test]
fn an_exported_target_folder_newer_than_the_slot() {
    let project = Project::cargo(CARGO, |_| {});
    let folders = [project.repo.root().join("exported")];
    let target = folders[0].to_str().unwrap();
    let exported = [("CARGO_TARGET_DIR", target)];
    let build = || {
        project.sh(&format!(
            "CARGO_TARGET_DIR={target} cargo build -q --offline --tests"
        ));
        Whole::of(&folders)
    };
    project.stage_note("the slot is built\n");
    let _ = project.commit_with(&exported).ok();
    // Built from good sources, which look older than the build for ever.
    project.sh("find . -path ./.git -prune -o -type f -exec touch -d 2020-01-01 {} +");
    let built = build();
    project.stage(BROKEN);
    project.sh("touch -d 2020-01-01 src/lib.rs");
    answer_is_wrong(&project.commit_with(&exported));
    built.assert_same(&Whole::of(&folders));
    // And the other way round.
    project.sh("touch src/lib.rs");
    let built = build();
    project.stage(GOOD);
    project.sh("touch -d 2020-01-01 src/lib.rs");
    project.stage_note("good\n");
    let _ = project.commit_with(&exported).ok();
    built.assert_same(&Whole::of(&folders));
}

#[test]
fn sources_with_time_stamps_of_2020() {
    let project = Project::cargo(CARGO, |_| {});
    let age = "find . -path ./.git -prune -o -type f -exec touch -d 2020-01-01 {} +";
    project.stage_note("all of it is old\n");
    project.sh(age);
    let _ = project.commit().ok();
    // Other content of the same length under the same time stamp.
    project.stage(BROKEN);
    project.sh(age);
    answer_is_wrong(&project.commit());
    project.stage(GOOD);
    project.stage_note("good\n");
    project.sh(age);
    let _ = project.commit().ok();
}

#[test]
fn an_old_green_report_in_the_tree_when_the_build_fails() {
    let build = "grep -qx base app.txt || exit 1\necho '{\"id\":\"a\",\"state\":\"passed\"}' >report.json\n";
    for (place, script, finding) in [
        (
            "report.json",
            format!("{build}cp report.json \"$1\"\n"),
            "it ended with exit code 1 and wrote no report",
        ),
        (
            "tests/green.json",
            "cp -p tests/green.json \"$1\"; grep -qx base app.txt\n".to_owned(),
            "its report is older than the run",
        ),
    ] {
        let repo = Repo::new();
        repo.write(place, "{\"id\":\"a\",\"state\":\"passed\"}\n");
        repo.write("tests/build.sh", script);
        let repo = repo.check_with(&TESTS.replace("run.sh", "build.sh"));
        // The same beside it, as an earlier run by hand would have left it.
        repo.write("left.json", "{\"id\":\"a\",\"state\":\"passed\"}\n");
        let finding =
            format!("PDD008: environment-error: the check `tests` proves nothing: {finding}");
        refused(&repo.commit_source("broken\n"), &finding);
    }
}

#[test]
fn the_report_of_nextest_of_an_earlier_run_when_the_build_fails() {
    let project = Project::cargo(NEXTEST, |repo| {
        repo.write(
            ".config/nextest.toml",
            "[profile.default.junit]\npath = \"junit.xml\"\n",
        );
    });
    project.stage_note("the slot has a report\n");
    let told = project.commit().ok();
    assert!(
        told.stderr.contains("tests passed (1 test, "),
        "{}",
        told.text()
    );
    project.stage("no number");
    // One that was committed by mistake, where the next run would have written it.
    let green = "<testsuites tests=\"1\"><testsuite name=\"app\" tests=\"1\"><testcase name=\"a\" classname=\"app\"/></testsuite></testsuites>";
    project
        .repo
        .stage("target/nextest/default/junit.xml", green);
    let missing = "PDD008: environment-error: the check `tests` proves nothing: its report is older than the run";
    refused(&project.commit(), missing);
    let _ = project.repo.git(&["rm", "-rq", "--cached", "target"]).ok();
    let missing = "PDD008: environment-error: the check `tests` proves nothing: it ended with exit code 101 and wrote no report";
    refused(&project.commit(), missing);
}

/// The words for the package's one test when it fails, in both checks of it, and for the one that is not run.
const ANSWERS: [&str; 3] = [
    "PDD008: the check `tests` fails: `tests/test_app.py::test_answer`: assert 41 == 42",
    "PDD008: the check `with-path` fails: `tests/test_app.py::test_answer`: assert 41 == 42",
    "PDD008: environment-error: the check `deaf` proves nothing: with `-I` Python cannot be kept from what is installed from the work tree",
];

/// The staged tree decides, whatever the work tree holds into which the install points; also where the check has a
/// variable of its own that the guard against such installs needs. Where Python ignores that guard, nothing is proven.
#[track_caller]
fn the_staged_tree_decides(folder: &'static str) {
    let with_path = PYTEST.replace("'tests'", "'with-path'") + "env = { PYTHONPATH = 'tests' }\n";
    let deaf = PYTEST
        .replace("'tests'", "'deaf'")
        .replace("'pytest', ", "'python', '-I', '-m', 'pytest', ");
    let project = Project::editable(folder, &format!("{PYTEST}{with_path}{deaf}"));
    project.stage(BROKEN);
    project.write(GOOD);
    let output = project.commit();
    assert_eq!(findings(&output), ANSWERS, "{}", output.text());
    project.stage(GOOD);
    project.stage_note("good\n");
    project.write(BROKEN);
    let output = project.commit();
    assert_eq!(findings(&output), ANSWERS[2..], "{}", output.text());
}

#[test]
fn an_editable_install_of_a_package_at_the_top() {
    the_staged_tree_decides("");
}

#[test]
fn an_editable_install_of_a_package_below_src() {
    the_staged_tree_decides("src");
}
