//! Files of the local state that somebody cut, edited or replaced.

use pdd_hooks::evidence::ledger;

use crate::enrolled::HONEST;
use crate::support::Repo;

const GARBAGE: [&[u8]; 5] = [b"", b"\n", b"{\"caller\":", b"\0\xff\xfe", b"[1, 2, 3]\n"];

#[test]
fn a_ledger_cut_in_the_middle_of_a_line_is_named_and_goes_on() {
    let repo = Repo::enrolled();
    repo.step("a.txt");
    let path = ledger::path(&repo.pdd_folder());
    let bytes = std::fs::read(&path).unwrap();
    let lines = bytes.iter().filter(|&&b| b == b'\n').count();
    std::fs::write(&path, &bytes[..bytes.len() - 60]).unwrap();
    repo.step("b.txt");
    repo.step("c.txt");
    assert_eq!(repo.class_of("HEAD"), "enforced");
    assert_eq!(repo.class_of("HEAD~1"), "enforced");
    let warning =
        format!("warning: line {lines} of the ledger cannot be read: cut short or edited\n");
    let audit = repo.pdd(&["audit"]).ok();
    assert!(audit.stdout.starts_with(&warning), "{}", audit.text());
    assert_eq!(
        audit.stdout.matches("warning").count(),
        1,
        "{}",
        audit.text()
    );
    let kept = std::fs::read(&path).unwrap();
    assert!(
        kept.starts_with(&bytes[..bytes.len() - 60]),
        "what was left is gone"
    );
    let json = repo.pdd(&["audit", "--format", "json"]).ok();
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let note = warning.trim_end().strip_prefix("warning: ").unwrap();
    assert_eq!(json["notes"], serde_json::json!([note]));
}

#[test]
fn a_ledger_with_an_edited_line_is_named_and_goes_on() {
    let repo = Repo::enrolled();
    repo.stage("a.txt", "a\n");
    let _ = repo.git(&["commit", "-q", "-n", "-m", HONEST]).ok();
    repo.step("b.txt");
    let path = ledger::path(&repo.pdd_folder());
    let text = std::fs::read_to_string(&path).unwrap();
    let line = text
        .lines()
        .position(|line| line.contains("bypassed"))
        .unwrap()
        + 1;
    std::fs::write(&path, text.replace("\"bypassed\"", "\"enforced\"")).unwrap();
    repo.step("c.txt");
    let audit = repo.pdd(&["audit"]).ok();
    let warning = format!(
        "warning: line {} of the ledger does not continue the line before it\n",
        line + 1
    );
    assert!(audit.stdout.starts_with(&warning), "{}", audit.text());
    assert_eq!(
        audit.stdout.matches("warning").count(),
        1,
        "{}",
        audit.text()
    );
    assert_eq!(repo.class_of("HEAD"), "enforced");
}

#[test]
fn an_attempt_that_cannot_be_read_counts_as_none() {
    let repo = Repo::enrolled();
    for garbage in GARBAGE {
        let path = repo.pdd_folder().join("attempts/main.json");
        std::fs::write(&path, garbage).unwrap();
        let _ = repo
            .git(&["commit", "-q", "--allow-empty", "-m", HONEST])
            .ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
    }
    repo.hold_ledger();
}

#[test]
fn an_attempt_that_turns_to_garbage_between_the_hooks_proves_nothing() {
    let repo = Repo::enrolled_with(&["commit-msg"]);
    repo.keep_hook(
        "commit-msg",
        "#!/bin/sh\necho '{' > .git/pdd/attempts/main.json\n",
    );
    repo.stage("a.txt", "a\n");
    let _ = repo.commit(HONEST).ok();
    assert_eq!(repo.class_of("HEAD"), "bypassed (hook missing)");
    repo.keep_hook("commit-msg", "#!/bin/sh\n");
    repo.step("b.txt");
    assert_eq!(repo.class_of("HEAD"), "enforced");
}

#[test]
fn a_chain_file_that_names_no_folder_stops_git_until_it_is_mended() {
    let repo = Repo::enrolled_with(&["pre-commit"]);
    let path = repo.pdd_folder().join("chain");
    let good = std::fs::read(&path).unwrap();
    let before = repo.head();
    repo.stage("a.txt", "a\n");
    for garbage in [&b""[..], b"\n", b"\0\x01", b"a\nb\n"] {
        std::fs::write(&path, garbage).unwrap();
        let refused = repo.commit(HONEST);
        assert_eq!(refused.code(), 1, "{}", refused.text());
        assert!(
            refused.text().contains(
                "error: could not tell from `$REPO/.git/pdd/chain` which hooks stood here before\n  \
                 caused by: it holds no path of a folder\n"
            ),
            "{}",
            refused.text()
        );
        assert_eq!(repo.head(), before);
    }
    std::fs::write(&path, good).unwrap();
    let _ = repo.commit(HONEST).ok();
    assert_eq!(repo.class_of("HEAD"), "enforced");
}

#[test]
fn a_guard_file_that_cannot_be_read_guards_more_and_is_mended() {
    let repo = Repo::enrolled();
    let path = repo.pdd_folder().join("guard");
    let good = std::fs::read(&path).unwrap();
    for garbage in GARBAGE {
        std::fs::write(&path, garbage).unwrap();
        let main = repo.ask(&["rev-parse", "main"]);
        let refused = repo.git(&["update-ref", "refs/heads/main", "HEAD"]);
        assert!(
            refused.stderr.contains("error[PDD010]"),
            "{}",
            refused.text()
        );
        assert_eq!(repo.ask(&["rev-parse", "main"]), main);
        let _ = repo
            .git(&["commit", "-q", "--allow-empty", "-m", HONEST])
            .ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
        assert!(
            std::fs::read(&path).unwrap() == good,
            "the guard file was not mended"
        );
    }
}

#[test]
fn a_file_in_place_of_the_folder_of_local_state_stops_git_and_loses_nothing() {
    let repo = Repo::enrolled();
    repo.stage("a.txt", "a\n");
    let before = repo.head();
    for name in ["", "attempts"] {
        let folder = repo.pdd_folder().join(name);
        let away = repo.at("../away");
        std::fs::rename(&folder, &away).unwrap();
        let file = folder.to_str().unwrap().trim_end_matches('/');
        std::fs::write(file, "").unwrap();
        let refused = repo.commit(HONEST);
        assert_eq!(refused.code(), 1, "{}", refused.text());
        assert!(
            refused.stderr.contains("error: could not"),
            "{}",
            refused.text()
        );
        assert!(
            refused.stderr.contains("Not a directory"),
            "{}",
            refused.text()
        );
        assert!(refused.stderr.contains("= help: "), "{}", refused.text());
        assert_eq!(repo.head(), before);
        std::fs::remove_file(file).unwrap();
        std::fs::rename(&away, file).unwrap();
    }
    let _ = repo.commit(HONEST).ok();
    assert_eq!(repo.class_of("HEAD"), "enforced");
    repo.hold_ledger();
}
