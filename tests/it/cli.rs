//! The command line itself: help, bad usage, pipes, colours, completions, the manual page.

use std::process::Stdio;

use crate::support::{Repo, pdd_hooks};

#[test]
fn help_and_version_are_answers_and_bad_usage_is_not() {
    let repo = Repo::bare_folder();
    for args in [
        &["--help"][..],
        &["-V"],
        &["help", "init"],
        &["persona", "--help"],
    ] {
        let output = repo.pdd(args).ok();
        assert_eq!(output.stderr, "", "{args:?}");
        assert!(!output.stdout.is_empty(), "{args:?}");
    }
    for args in [
        &[][..],
        &["no-such-command"],
        &["init", "--no-such-flag"],
        &["persona"],
        &["task"],
        &["task", "new"],
    ] {
        let output = repo.pdd(args);
        assert_eq!(output.code(), 2, "{args:?}: {}", output.text());
        assert_eq!(output.stdout, "", "{args:?}");
    }
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let repo = Repo::bare_folder();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = repo
        .command(pdd_hooks(), repo.folder())
        .arg("schema")
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let stderr = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
    assert_eq!(stderr, "");
}

#[test]
fn rules_are_listed_for_people_and_for_programs() {
    let repo = Repo::bare_folder();
    let text = repo.pdd(&["rules"]).ok().stdout;
    let json = repo.pdd(&["rules", "--format", "json"]).ok().stdout;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let codes: Vec<&str> = rows
        .iter()
        .map(|row| row["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        codes,
        [
            "PDD001", "PDD002", "PDD003", "PDD004", "PDD005", "PDD006", "PDD007", "PDD008",
            "PDD009", "PDD010", "PDD011", "PDD012", "PDD013", "PDD014"
        ]
    );
    for (line, row) in text.lines().zip(&rows) {
        let expected = [&row["code"], &row["name"]].map(|value| value.as_str().unwrap());
        assert_eq!(
            line.split_whitespace().take(2).collect::<Vec<_>>(),
            expected
        );
        assert!(line.ends_with(row["summary"].as_str().unwrap()), "{line}");
    }
}

#[test]
fn explain_takes_code_and_name_in_any_case_and_helps_with_a_slip() {
    let repo = Repo::bare_folder();
    let by_code = repo.pdd(&["explain", "pdd005"]).ok().stdout;
    assert!(by_code.starts_with("PDD005 transition\n\n"), "{by_code}");
    assert_eq!(repo.pdd(&["explain", "Transition"]).ok().stdout, by_code);
    assert_eq!(
        repo.pdd(&["explain", "transitoin"]).text(),
        "exit: 2
--- stdout
--- stderr
error: no rule is called `transitoin`
  = help: did you mean `transition`? `pdd-hooks rules` lists them all
"
    );
    assert_eq!(
        repo.pdd(&["explain", "weather"]).text(),
        "exit: 2
--- stdout
--- stderr
error: no rule is called `weather`
  = help: `pdd-hooks rules` lists them all
"
    );
}

#[test]
fn the_schema_is_json_and_names_the_keys() {
    let repo = Repo::bare_folder();
    let schema = repo.pdd(&["schema"]).ok().stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let keys = schema["properties"].as_object().unwrap();
    for key in [
        "policy",
        "rules",
        "task",
        "message",
        "persona",
        "paths",
        "check",
        "branch",
        "deep-access",
    ] {
        assert!(keys.contains_key(key), "{key}");
    }
}

#[test]
fn completions_and_the_manual_page_know_every_subcommand() {
    let repo = Repo::bare_folder();
    let man = repo.pdd(&["man"]).ok().stdout;
    assert!(
        man.starts_with(".ie") && man.contains(".TH pdd-hooks 1"),
        "{man}"
    );
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = repo.pdd(&["completions", shell]).ok().stdout;
        for name in [
            "init",
            "task",
            "persona",
            "rules",
            "explain",
            "schema",
            "completions",
            "man",
        ] {
            assert!(script.contains(name), "{shell}: {name}");
            let head = format!("PDD-HOOKS {}", name.to_uppercase());
            assert!(man.contains(&head), "{head}");
        }
    }
}

#[test]
fn colours_are_taken_where_they_are_asked_for_and_left_out_otherwise() {
    let repo = Repo::bare_folder();
    for args in [
        &["--color", "never", "rules"][..],
        &["rules"],
        &["rules", "--color=always"],
    ] {
        let output = repo.pdd_with(&[("NO_COLOR", "1")], args).ok();
        assert!(
            !output.stdout.contains('\u{1b}'),
            "{args:?}: findings and tables are plain text"
        );
    }
    assert_eq!(repo.pdd(&["--color", "sometimes", "rules"]).code(), 2);
}

#[test]
fn one_commit_is_judged_alone_however_it_is_named() {
    let repo = Repo::enrolled();
    repo.step("a.txt");
    repo.step("b.txt");
    for (named, count) in [
        ("HEAD", 1),
        ("HEAD^", 1),
        ("HEAD@{0}", 1),
        ("HEAD^!", 1),
        ("HEAD~2..", 2),
        ("^main", 0),
    ] {
        let report = repo.pdd(&["check", "--format", "json", named]).ok().stdout;
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert_eq!(
            report["commits"].as_array().unwrap().len(),
            count,
            "{named}"
        );
    }
}

#[test]
fn a_policy_that_is_not_there_is_not_called_a_message() {
    let repo = Repo::enrolled();
    let output = repo.pdd(&["audit", "--policy", "nowhere.toml"]);
    let first = output.stderr.lines().next();
    assert_eq!(first, Some("error: could not read `nowhere.toml`"));
}

#[test]
fn a_declaration_is_not_written_beyond_a_symbolic_link() {
    let repo = Repo::enrolled();
    let outside = repo.root().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::remove_dir_all(repo.at("context")).unwrap();
    std::os::unix::fs::symlink(&outside, repo.at("context")).unwrap();
    let output = repo.pdd(&["persona", "PM", "plan"]);
    assert_eq!(
        (output.code(), output.stderr.as_str()),
        (
            2,
            "error: the document `context/personalog/TASK-001.md` is beyond a symbolic link\n  = help: a document lies in folders of the repository; move away the link\n"
        )
    );
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
}
