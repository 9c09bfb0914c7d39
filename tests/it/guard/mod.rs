//! The `reference-transaction` program under real git: where it finds its guard, what it lets through, what it hands
//! over, and the hook that stood there before. A recording script stands in for `pdd-hooks`, which judges elsewhere.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot be made ends the test"
)]

mod chain;
mod places;

use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;

use crate::support::{Output, Repo, set_mode};

const GUARD: &str = "pdd-guard 1\nref refs/heads/main\nprefix refs/tags/v\nend\n";
const HOOK: &str = env!("CARGO_BIN_EXE_pdd-reference-transaction");
const ONE: &str = "1111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222";

/// A repository whose common folder holds our program as its hook, a guard, and a recorder as `pdd-hooks`.
struct Guarded {
    repo: Repo,
    common: PathBuf,
}

impl Guarded {
    fn new() -> Self {
        Self::in_repo(Repo::new())
    }

    fn in_repo(repo: Repo) -> Self {
        repo.write("folder/file", "one\n");
        repo.commit_all("first");
        let common = repo.at(".git");
        Self::at(repo, common)
    }

    fn at(repo: Repo, common: PathBuf) -> Self {
        std::fs::create_dir_all(common.join("hooks")).unwrap();
        std::fs::create_dir_all(common.join("pdd")).unwrap();
        std::fs::copy(HOOK, common.join("hooks/reference-transaction")).unwrap();
        std::fs::write(common.join("pdd/guard"), GUARD).unwrap();
        let guarded = Self { repo, common };
        guarded.program("pdd-hooks", "#!/bin/sh\n", 0);
        guarded
    }

    /// Writes a script into `<common>/pdd` that records its arguments and stdin beside itself and ends with a code.
    fn program(&self, name: &str, first_line: &str, code: i32) {
        let path = self.common.join("pdd").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let log = path.with_extension("log");
        let text = format!(
            "{first_line}{{ echo \"$@\"; cat; }} >> '{}'\nexit {code}\n",
            log.display()
        );
        std::fs::write(&path, text).unwrap();
        set_mode(&path, 0o755);
    }

    /// Takes what the script has recorded since the last time.
    fn recorded(&self, name: &str) -> String {
        let log = self.common.join("pdd").join(name).with_extension("log");
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        let _ = std::fs::remove_file(log);
        text
    }

    /// Names a folder of earlier hooks in the guard.
    fn chain_to(&self, folder: &str) {
        let text = GUARD.replacen('\n', &format!("\nchain {folder}\n"), 1);
        std::fs::write(self.common.join("pdd/guard"), text).unwrap();
    }

    /// Runs the program as git would at the top of the work tree, for exit codes, which git itself does not pass on.
    fn hook(&self, state: &str, stdin: &[u8]) -> Output {
        let mut command = self.repo.command(HOOK, self.repo.folder());
        self.repo.run(command.arg(state), stdin)
    }

    fn commit(&self, message: &str) -> String {
        let made = self.repo.git_in(
            &self.common,
            &["commit-tree", "-p", "main", "-m", message, "main^{tree}"],
        );
        made.ok().stdout.trim_end().to_owned()
    }
}

fn move_of(name: &str) -> Vec<u8> {
    format!("{ONE} {TWO} {name}\n").into_bytes()
}

/// Leaves out the line that git before 2.48 adds where `HEAD` is on the branch.
fn without_head(recorded: &str) -> String {
    recorded
        .split_inclusive('\n')
        .filter(|line| !line.ends_with(" HEAD\n"))
        .collect()
}

#[test]
fn a_refusal_of_the_program_stops_git() {
    let guarded = Guarded::new();
    guarded.program("pdd-hooks", "#!/bin/sh\n", 1);
    let (before, id) = (
        guarded.repo.ask(&["rev-parse", "main"]),
        guarded.commit("second"),
    );
    assert_ne!(
        guarded
            .repo
            .git(&["update-ref", "refs/heads/main", &id])
            .code(),
        0
    );
    assert_ne!(guarded.repo.git(&["tag", "v1", &id]).code(), 0);
    let _ = guarded.repo.git(&["tag", "other", &id]).ok();
    assert_eq!(guarded.repo.ask(&["rev-parse", "main"]), before);
    assert_eq!(guarded.repo.ask(&["tag"]), "other");
}

#[test]
fn a_merge_is_refused_before_git_has_touched_a_file() {
    let guarded = Guarded::new();
    let repo = &guarded.repo;
    let _ = repo.git(&["switch", "-q", "-c", "work"]).ok();
    repo.write("folder/file", "two\n");
    repo.commit_all("second");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    guarded.program("pdd-hooks", "#!/bin/sh\n", 1);
    assert_ne!(repo.git(&["merge", "-q", "--ff-only", "work"]).code(), 0);
    assert!(guarded.recorded("pdd-hooks").ends_with(" ORIG_HEAD\n"));
    assert_eq!(repo.ask(&["status", "--porcelain"]), "");
}

#[test]
fn exit_code_and_streams_of_the_program_are_passed_on() {
    let guarded = Guarded::new();
    let path = guarded.common.join("pdd/pdd-hooks");
    std::fs::write(&path, "#!/bin/sh\necho out\necho err >&2\nexit 2\n").unwrap();
    assert_eq!(
        guarded.hook("prepared", &move_of("refs/heads/main")).text(),
        "exit: 2\n--- stdout\nout\n--- stderr\nerr\n"
    );
}

#[test]
fn a_missing_program_refuses_what_is_watched_and_nothing_else() {
    let guarded = Guarded::new();
    std::fs::remove_file(guarded.common.join("pdd/pdd-hooks")).unwrap();
    assert_eq!(
        guarded.hook("prepared", &move_of("refs/heads/main")).text(),
        "exit: 2\n--- stdout\n--- stderr\n\
         error: could not judge the move of a watched reference: `./.git/pdd/pdd-hooks` does not start \
         (No such file or directory (os error 2))\n  \
         = help: run `pdd-hooks install` in this repository, then repeat\n"
    );
    assert_eq!(
        guarded.hook("prepared", &move_of("refs/heads/work")).text(),
        "exit: 0\n--- stdout\n--- stderr\n"
    );
}

#[test]
fn a_program_that_is_not_executable_refuses() {
    let guarded = Guarded::new();
    set_mode(&guarded.common.join("pdd/pdd-hooks"), 0o644);
    assert_eq!(
        guarded.hook("prepared", &move_of("refs/heads/main")).code(),
        2
    );
}

#[test]
fn states_other_than_prepared_pass() {
    let guarded = Guarded::new();
    for state in ["preparing", "committed", "aborted", "some-state-to-come"] {
        assert_eq!(guarded.hook(state, &move_of("refs/heads/main")).code(), 0);
    }
    assert_eq!(guarded.recorded("pdd-hooks"), "");
}

#[test]
fn a_damaged_guard_watches_every_branch() {
    let guarded = Guarded::new();
    for text in ["", "pdd-guard 1\n", "pdd-guard 9\nend\n"] {
        std::fs::write(guarded.common.join("pdd/guard"), text).unwrap();
        assert_eq!(
            guarded.hook("prepared", &move_of("refs/heads/work")).code(),
            0
        );
        assert_eq!(
            guarded.recorded("pdd-hooks"),
            format!("hook reference-transaction prepared\n{ONE} {TWO} refs/heads/work\n"),
            "{text:?}"
        );
    }
}

#[test]
fn a_repository_that_is_not_enrolled_can_be_cloned_with_our_hook_in_the_template() {
    let repo = Repo::new();
    repo.commit_all("first");
    std::fs::create_dir_all(repo.at("../template/hooks")).unwrap();
    std::fs::copy(HOOK, repo.at("../template/hooks/reference-transaction")).unwrap();
    let template = format!("--template={}", repo.at("../template").display());
    let _ = repo.git(&["clone", "-q", &template, ".", "../clone"]).ok();
    let clone = repo.at("../clone");
    assert!(clone.join(".git/hooks/reference-transaction").exists());
    let _ = repo
        .git_in(&clone, &["commit", "-q", "--allow-empty", "-m", "second"])
        .ok();
}

#[test]
fn twenty_thousand_updates_are_handed_over_whole() {
    let guarded = Guarded::new();
    let id = guarded.commit("second");
    let mut stdin = String::new();
    for number in 0..20_000 {
        stdin.push_str(&format!("create refs/heads/many/{number} {id}\n"));
    }
    stdin.push_str(&format!("update refs/heads/main {id}\n"));
    let mut command = guarded.repo.command("git", guarded.repo.folder());
    let _ = guarded
        .repo
        .run(command.args(["update-ref", "--stdin"]), stdin.as_bytes())
        .ok();
    assert_eq!(
        without_head(&guarded.recorded("pdd-hooks")).lines().count(),
        1 + 20_001
    );
}

#[test]
fn a_name_that_is_not_utf8_is_handed_over_as_it_is() {
    let guarded = Guarded::new();
    let mut stdin = move_of("refs/tags/v");
    stdin.pop();
    stdin.extend(b"\xff\n");
    assert_eq!(guarded.hook("prepared", &stdin).code(), 0);
    let log = std::fs::read(guarded.common.join("pdd/pdd-hooks.log")).unwrap();
    assert!(log.ends_with(&stdin));
}

#[test]
fn a_closed_stdin_is_an_empty_transaction() {
    let guarded = Guarded::new();
    let status = guarded
        .repo
        .command("sh", guarded.repo.folder())
        .args(["-c", &format!("exec '{HOOK}' prepared <&-")])
        .status()
        .unwrap();
    assert_eq!((status.code(), status.signal()), (Some(0), None));
}
