//! Where the report goes, and how the audit ends.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;

use super::{FORMS, scene};
use crate::enrolled::HONEST;
use crate::support::{Repo, pdd_hooks, set_mode, snapshot};

#[test]
fn a_file_holds_what_stdout_would() {
    let repo = scene();
    for form in FORMS {
        let printed = repo.pdd(&["audit", "--format", form]).ok().stdout;
        let said = repo.pdd(&["audit", "--format", form, "--output", "../report"]);
        assert_eq!(
            said.ok().text(),
            "exit: 0\n--- stdout\n--- stderr\n",
            "{form}"
        );
        assert_eq!(repo.read("../report"), printed, "{form}");
    }
}

#[test]
fn a_report_that_cannot_be_made_leaves_the_file_and_nothing_beside_it() {
    let repo = scene();
    repo.write("../reports/audit.json", "before\n");
    let before = snapshot(&[repo.root().join("reports")]);
    let said = repo.pdd(&[
        "audit",
        "--output",
        "../reports/audit.json",
        "no-such-revision",
    ]);
    assert_eq!(said.code(), 2, "{}", said.text());
    assert_eq!(snapshot(&[repo.root().join("reports")]), before);
}

#[test]
fn a_file_that_cannot_be_written_is_named_with_what_mends_it_before_anything_is_judged() {
    let repo = scene();
    let missing = repo.pdd(&["audit", "--output", "../reports/audit.json"]);
    insta::assert_snapshot!(missing.text(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: could not write `../reports/audit.json`
      caused by: No such file or directory (os error 2)
      = help: mkdir -p ../reports
    ");
    std::fs::create_dir(repo.root().join("reports")).unwrap();
    let folder = repo.pdd(&["audit", "--output", "../reports"]);
    insta::assert_snapshot!(folder.text(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: could not write `../reports`: it is a folder
      = help: name a file in it: `../reports/audit`
    ");
}

#[test]
fn the_file_keeps_its_mode_and_a_link_stays_a_link() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = scene();
    let real = repo.root().join("real");
    std::fs::write(&real, "before\n").unwrap();
    set_mode(&real, 0o600);
    std::os::unix::fs::symlink(&real, repo.root().join("link")).unwrap();
    let _ = repo.pdd(&["audit", "--output", "../link"]).ok();
    assert!(repo.root().join("link").is_symlink());
    assert!(repo.read("../real").contains("worst first"));
    let mode = std::fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_device_is_written_to_and_stays_one() {
    let repo = scene();
    let said = repo.pdd(&["audit", "--output", "/dev/stdout"]).ok();
    assert!(said.stdout.contains("worst first"), "{}", said.text());
    let _ = repo.pdd(&["audit", "--output", "/dev/null"]).ok();
    let null = std::fs::metadata("/dev/null").unwrap();
    assert!(!null.is_file());
}

#[test]
fn the_audit_fails_on_what_it_is_told_to_fail_on_in_every_form() {
    let repo = scene();
    for (list, code) in [
        ("bypassed", 1),
        ("error", 1),
        ("foreign", 0),
        ("foreign,bypassed", 1),
        ("foreign,repaired,squashed,waived,warn", 0),
        ("enforced", 1),
        ("adoption", 1),
        ("pre-adoption,replayed,merge", 0),
    ] {
        for form in FORMS {
            let said = repo.pdd(&["audit", "--format", form, "--fail-on", list]);
            assert_eq!(said.code(), code, "{form} {list}\n{}", said.text());
        }
    }
    let said = repo.pdd(&["audit", "--fail-on", "error", "HEAD~1..HEAD"]);
    assert_eq!(said.code(), 0, "{}", said.text());
}

#[test]
fn the_report_is_written_where_the_audit_fails() {
    let repo = scene();
    let said = repo.pdd(&["audit", "--fail-on", "bypassed", "--output", "../report"]);
    assert_eq!(said.text(), "exit: 1\n--- stdout\n--- stderr\n");
    assert!(repo.read("../report").contains("2 bypassed"));
}

#[test]
fn a_word_that_nothing_can_fail_on_is_refused_with_the_nearest() {
    let repo = Repo::enrolled();
    let said = repo.pdd(&["audit", "--fail-on", "bypased"]);
    insta::assert_snapshot!(said.text(), @r"
    exit: 2
    --- stdout
    --- stderr
    error: invalid value 'bypased' for '--fail-on <LIST>'
      [possible values: bypassed, foreign, repaired, waived, squashed, replayed, merge, enforced, adoption, pre-adoption, error, warn]

      tip: a similar value exists: 'bypassed'

    For more information, try '--help'.
    ");
}

/// Reads one line of what the audit says and leaves; returns that line, its stderr and how it ended.
fn leave_early(repo: &Repo, args: &[&str]) -> (String, String, Option<i32>, Option<i32>) {
    let mut command = repo.command(pdd_hooks(), repo.folder());
    command.arg("audit").args(args);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::with_capacity(64, child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (line, stderr, output.status.code(), output.status.signal())
}

#[test]
fn a_reader_who_leaves_early_ends_the_audit_quietly_and_changes_no_verdict() {
    let repo = Repo::enrolled();
    // More than a pipe holds.
    let mut stream = String::new();
    for place in 0..400 {
        let subject = format!("{HONEST} {}", "x".repeat(300));
        stream.push_str(&format!(
            "commit refs/heads/long\ncommitter Ann <ann@example.org> {} +0000\ndata {}\n{subject}\n",
            1_768_467_600 + place,
            subject.len()
        ));
        if place == 0 {
            stream.push_str("from refs/heads/main^0\n");
        }
    }
    let mut import = repo.command("git", repo.folder());
    let _ = repo
        .run(import.args(["fast-import", "--quiet"]), stream.as_bytes())
        .ok();
    let (line, stderr, code, signal) = leave_early(&repo, &["--format", "jsonl", "main..long"]);
    assert!(line.starts_with("{\"commit\":"), "{line}");
    assert_eq!((stderr.as_str(), code, signal), ("", Some(0), None));
    let args = ["--format", "jsonl", "--fail-on", "foreign", "main..long"];
    let (_, stderr, code, signal) = leave_early(&repo, &args);
    assert_eq!((stderr.as_str(), code, signal), ("", Some(1), None));
}
