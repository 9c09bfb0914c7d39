//! What `message` says that git commits, beside what git does commit.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_fs::TempDir;
use pdd_hooks::message::{Cleanup, Message, clean, comment_auto, with_trailers};
use proptest::prelude::*;

/// Keeps what git offers, and leaves what the test wants.
const EDITOR: &str = r#"edit() { cp "$1" "$MESSAGE.offered"; cp "$MESSAGE" "$1"; }; edit"#;

/// Runs git far from any configuration of the user's, and returns what it prints.
fn git<S: AsRef<OsStr>>(folder: &Path, args: &[S], stdin: &[u8]) -> Vec<u8> {
    let mut child = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").expect("a path"))
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_EDITOR", EDITOR)
        .env("MESSAGE", folder.join("message"))
        .envs(["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"].map(|name| (name, "Ann")))
        .envs(["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"].map(|name| (name, "ann@example.org")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git starts");
    let mut pipe = child.stdin.take().expect("stdin is piped");
    pipe.write_all(stdin).expect("git reads");
    drop(pipe);
    let output = child.wait_with_output().expect("git ends");
    assert!(output.status.success(), "{:?}", output.status);
    output.stdout
}

/// Commits `file` as if an editor had left it, and returns the message that git made of it.
fn committed(file: &str, options: &[&str]) -> String {
    let folder = TempDir::new().expect("a folder");
    git(folder.path(), &["init", "-q"], b"");
    std::fs::write(folder.path().join("message"), file).expect("a file");
    let args = [options, &["commit", "-q", "--allow-empty", "-e"]].concat();
    git(folder.path(), &args, b"");
    let raw = git(folder.path(), &["cat-file", "commit", "HEAD"], b"");
    let raw = String::from_utf8(raw).expect("UTF-8");
    raw.split_once("\n\n").expect("a header").1.to_owned()
}

fn cleaned(file: &str, mode: Cleanup, comment: &str, cut: bool) -> String {
    String::from_utf8(clean(file.as_bytes(), mode, comment.as_bytes(), cut)).expect("UTF-8")
}

const SCISSORS: &str = " ------------------------ >8 ------------------------";

#[test]
fn git_cuts_at_the_scissors_where_clean_does() {
    let files = [
        format!("s: x\n\n# kept\n\n#{SCISSORS}\n# below\ndiff\n"),
        format!("s: x\n#{SCISSORS} \n#{SCISSORS}\r\nbody\n #{SCISSORS}\n"),
        format!("s: x \r\n\r\n\r\nbody\x0c\n\n#{SCISSORS}"),
    ];
    for file in files {
        let mode = ["-c", "commit.cleanup=scissors"];
        assert_eq!(
            cleaned(&file, Cleanup::Scissors, "#", false),
            committed(&file, &mode)
        );
    }
}

#[test]
fn git_cuts_in_every_mode_when_it_is_verbose() {
    let file = format!("s: x\n\n; kept\n// gone\n//{SCISSORS}\ndiff\n");
    let comment = ["-c", "core.commentString=//", "-c", "commit.verbose=true"];
    for (mode, name) in [
        (Cleanup::Strip, "commit.cleanup=strip"),
        (Cleanup::Whitespace, "commit.cleanup=whitespace"),
        (Cleanup::Verbatim, "commit.cleanup=verbatim"),
    ] {
        let options = [&comment[..], &["-c", name]].concat();
        assert_eq!(
            cleaned(&file, mode, "//", true),
            committed(&file, &options),
            "{name}"
        );
    }
}

#[test]
fn git_reads_the_trailers_that_are_put_in() {
    let file = format!("s: x\n\nbody\n\nFixes: 1\n\n# comment\n#{SCISSORS}\ndiff\n");
    let ours = [("Task", "TASK-007"), ("Persona", "DEV")];
    let file = with_trailers(file.as_bytes(), Cleanup::Strip, b"#", true, &ours);
    let message = committed(
        &String::from_utf8(file).expect("UTF-8"),
        &["-c", "commit.verbose=true"],
    );
    assert_eq!(
        message,
        "s: x\n\nbody\n\nFixes: 1\nTask: TASK-007\nPersona: DEV\n"
    );
}

#[test]
fn the_character_that_git_chose_is_guessed() {
    for (message, verbose, want) in [
        ("s: x", "false", "#"),
        ("# s: x", "false", ";"),
        ("# s: x\n; y\n@ z", "true", "!"),
    ] {
        let folder = TempDir::new().expect("a folder");
        git(folder.path(), &["init", "-q"], b"");
        std::fs::write(folder.path().join("message"), "s: y").expect("a file");
        let verbose = format!("commit.verbose={verbose}");
        let auto = ["-c", "core.commentChar=auto", "-c", &verbose];
        let commit = ["commit", "-q", "--allow-empty", "-e", "-m", message];
        git(folder.path(), &[&auto[..], &commit].concat(), b"");
        let offered = std::fs::read(folder.path().join("message.offered")).expect("a file");
        assert_eq!(comment_auto(&offered), want.as_bytes(), "{message}");
    }
}

fn near_message() -> impl Strategy<Value = String> {
    proptest::collection::vec("[#;]?(a b)?[ \t\r\x0b\x0c]{0,2}\n{0,3}", 0..10)
        .prop_map(|v| v.concat())
}

fn near_trailers() -> impl Strategy<Value = String> {
    let line = "(Task: x|Fixes :1|a-b:|: x|Signed-off-by: Ann|\\(cherry picked from commit 1\\)|prose here| folded|\t- x|)";
    proptest::collection::vec(line, 1..9)
        .prop_map(|lines| format!("subject\n\n{}\n", lines.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn git_stripspace_agrees(file in near_message()) {
        let here = std::env::temp_dir();
        let kept = git(&here, &["stripspace"], file.as_bytes());
        prop_assert_eq!(clean(file.as_bytes(), Cleanup::Whitespace, b"#", false), kept);
        let stripped = git(&here, &["stripspace", "-s"], file.as_bytes());
        prop_assert_eq!(clean(file.as_bytes(), Cleanup::Strip, b"#", false), stripped);
    }

    #[test]
    fn git_interpret_trailers_agrees(file in near_trailers()) {
        let args = ["interpret-trailers", "--parse", "--no-divider"];
        let git = git(&std::env::temp_dir(), &args, file.as_bytes());
        let ours: String = Message::parse(file.as_bytes())
            .trailers
            .iter()
            .map(|trailer| format!("{}: {}\n", trailer.name, trailer.value))
            .collect();
        prop_assert_eq!(ours, String::from_utf8(git).expect("UTF-8"));
    }
}
