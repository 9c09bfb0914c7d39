//! Pushes: what runs here, what runs on the server, and the class that the server's audit gives to what arrived. The
//! server's own names: prr pre-receive (prrq in quarantine), upd update, sRT reference-transaction, por post-receive,
//! pou post-update.

use std::path::Path;

use super::{NO_HOOKS, OTHER, Scene, git, nothing, other, scene};
use crate::enrolled::WORK;
use crate::support::{Repo, gits, version_of};

const SERVER: &str = "../server.git";
/// What a server runs for one reference.
const TAKEN: &str = "prrq upd sRT por pou";
const ABSENT: &str = "absent";

/// One row of the table.
struct Push {
    /// The operation.
    name: &'static str,
    /// What stands before it.
    before: fn(&Repo),
    /// Its arguments.
    args: &'static [&'static str],
    /// Whether it ends with 0.
    passes: bool,
    /// What git runs here.
    client: &'static str,
    /// What git runs there.
    server: &'static str,
    /// References, and their class there afterwards.
    there: &'static [(&'static str, &'static str)],
}

/// A bare repository that holds `main`, with `pdd-pre-receive` by hand.
fn server(repo: &Repo) {
    git(repo, &["init", "-q", "--bare", "-b", "main", SERVER]);
    git(repo, &["remote", "add", "origin", SERVER]);
    git(repo, &["push", "-q", "--no-verify", "origin", "main"]);
    let command = Path::new(env!("CARGO_BIN_EXE_pdd-hooks"));
    let program = command.with_file_name("pdd-pre-receive");
    let hooks = repo.at(SERVER).join("hooks");
    std::fs::copy(program, hooks.join("pre-receive")).unwrap();
    for (hook, short) in [
        ("update", "upd"),
        ("reference-transaction", "sRT"),
        ("post-receive", "por"),
        ("post-update", "pou"),
    ] {
        scene::log_hook(repo, &format!("{SERVER}/hooks/{hook}"), short);
    }
    // A hook that stood there before tells whether ours was reached.
    let quarantined = "prr${GIT_QUARANTINE_PATH:+q}";
    scene::log_hook(repo, &format!("{SERVER}/pdd/kept/pre-receive"), quarantined);
    let kept = repo.at(SERVER).join("pdd/kept");
    repo.write(&format!("{SERVER}/pdd/chain"), kept.to_str().unwrap());
}

/// Runs every row on every git and compares all at once.
#[track_caller]
fn hold(rows: fn(is_batched: bool) -> Vec<Push>) {
    let mut wrong = String::new();
    let mut scene = Scene::built(Repo::new(), server);
    for git in gits() {
        scene.turn_to(&git);
        // Since 2.51 one transaction takes all references of a push.
        for row in rows(version_of(&git) >= (2, 51)) {
            let repo = scene.again();
            (row.before)(repo);
            scene::forget(repo);
            // The push of the records comes before each; the table is about the one that the user starts.
            let output = repo.git_with(&[(pdd_hooks::git::GUARD, "1")], row.args);
            let found = (output.code() == 0, sides(repo), there(repo, row.there));
            let expected = (
                row.passes,
                (row.client.into(), row.server.into()),
                there_of(row.there),
            );
            if found != expected {
                let (name, git) = (row.name, git.display());
                let text = output.text();
                wrong.push_str(&format!(
                    "{name} with {git}:\n  expected {expected:?}\n  found    {found:?}\n{text}\n"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What ran here and what ran there; which of the two ends first is chance.
fn sides(repo: &Repo) -> (String, String) {
    let fired = scene::what_fired(repo);
    let (here, there): (Vec<_>, Vec<_>) = fired
        .split_whitespace()
        .partition(|name| matches!(*name, "pp" | "RT"));
    (here.join(" "), there.join(" "))
}

fn there_of(references: &[(&str, &str)]) -> Vec<String> {
    let line = |(name, class): &(&str, &str)| format!("{name} {class}");
    references.iter().map(line).collect()
}

fn there(repo: &Repo, references: &[(&str, &str)]) -> Vec<String> {
    let server = repo.at(SERVER);
    let class = |name: &str| {
        let found = repo.git_in(&server, &["rev-parse", "-q", "--verify", name]);
        if found.code() != 0 {
            return ABSENT.to_owned();
        }
        repo.class_in(&server, name)
    };
    let line = |(name, _): &(&str, &str)| format!("{name} {}", class(name));
    references.iter().map(line).collect()
}

fn two(repo: &Repo) {
    other(repo, "b.txt");
}

fn tagged(repo: &Repo) {
    git(repo, &["tag", "-m", "a tag", "reviewed"]);
}

fn pushed(repo: &Repo) {
    two(repo);
    git(repo, &["push", "-q", "origin", WORK, OTHER]);
}

fn pushed_and_amended(repo: &Repo) {
    pushed(repo);
    git(
        repo,
        &["commit", "-q", "--amend", "-m", "feat: else [TASK-001]"],
    );
}

/// A commit whose message names no task.
fn evil(repo: &Repo) {
    git(repo, &["commit", "-q", "-n", "--allow-empty", "-m", "evil"]);
}

/// An update hook that refuses [`OTHER`].
fn choosy(repo: &Repo) {
    two(repo);
    let hook = format!("{SERVER}/hooks/update");
    let logs = repo.read(&hook);
    let refuses = format!("{logs}[ \"$1\" != refs/heads/{OTHER} ]\n");
    repo.write_program(&hook, &refuses);
}

#[test]
fn what_is_pushed_is_judged_here_and_there() {
    hold(|is_batched| {
        let several = if is_batched {
            "prrq upd upd sRT por pou"
        } else {
            "prrq upd sRT upd sRT por pou"
        };
        vec![
            Push {
                name: "a branch",
                before: nothing,
                args: &["push", "origin", WORK],
                passes: true,
                client: "pp RT",
                server: TAKEN,
                there: &[(WORK, "foreign")],
            },
            Push {
                name: "a tag",
                before: tagged,
                args: &["push", "origin", "reviewed"],
                passes: true,
                client: "pp",
                server: TAKEN,
                there: &[("reviewed", "foreign"), (WORK, ABSENT)],
            },
            Push {
                name: "--force",
                before: pushed_and_amended,
                args: &["push", "--force", "origin", WORK],
                passes: true,
                client: "pp RT",
                server: TAKEN,
                there: &[(WORK, "foreign")],
            },
            Push {
                name: "several",
                before: two,
                args: &["push", "origin", WORK, OTHER],
                passes: true,
                client: "pp RT",
                server: several,
                there: &[(WORK, "foreign"), (OTHER, "foreign")],
            },
            Push {
                name: "--mirror",
                before: |repo| {
                    two(repo);
                    git(repo, &["remote", "remove", "origin"]);
                },
                args: &["push", "--mirror", SERVER],
                passes: true,
                client: "pp",
                server: several,
                there: &[(WORK, "foreign"), (OTHER, "foreign")],
            },
            Push {
                name: "--atomic",
                before: two,
                args: &["push", "--atomic", "origin", WORK, OTHER],
                passes: true,
                client: "pp RT",
                server: "prrq upd upd sRT por pou",
                there: &[(WORK, "foreign"), (OTHER, "foreign")],
            },
            Push {
                name: "--delete",
                before: pushed,
                args: &["push", "origin", "--delete", OTHER],
                passes: true,
                client: "pp RT",
                server: "prr upd sRT por pou",
                there: &[(WORK, "foreign"), (OTHER, ABSENT)],
            },
            Push {
                name: "--dry-run",
                before: nothing,
                args: &["push", "--dry-run", "origin", WORK],
                passes: true,
                client: "pp",
                server: "",
                there: &[(WORK, ABSENT)],
            },
            Push {
                name: "what is there",
                before: pushed,
                args: &["push", "origin", WORK],
                passes: true,
                client: "pp RT",
                server: "",
                there: &[(WORK, "foreign")],
            },
        ]
    });
}

#[test]
fn a_push_round_the_hooks_is_judged_by_the_server() {
    hold(|is_batched| {
        let one_of_two = if is_batched {
            "prrq upd upd sRT por pou"
        } else {
            "prrq upd sRT upd por pou"
        };
        vec![
            Push {
                name: "--no-verify",
                before: nothing,
                args: &["push", "--no-verify", "origin", WORK],
                passes: true,
                client: "RT",
                server: TAKEN,
                there: &[(WORK, "foreign")],
            },
            Push {
                name: "hooks off",
                before: nothing,
                args: &["-c", NO_HOOKS, "push", "origin", WORK],
                passes: true,
                client: "",
                server: TAKEN,
                there: &[(WORK, "foreign")],
            },
            Push {
                name: "send-pack",
                before: nothing,
                args: &["send-pack", SERVER, WORK],
                passes: true,
                client: "",
                server: TAKEN,
                there: &[(WORK, "foreign")],
            },
            Push {
                name: "pre-push refuses",
                before: evil,
                args: &["push", "origin", WORK],
                passes: false,
                client: "pp",
                server: "",
                there: &[(WORK, ABSENT)],
            },
            Push {
                name: "pre-receive refuses",
                before: evil,
                args: &["push", "--no-verify", "origin", WORK],
                passes: false,
                client: "",
                server: "prrq",
                there: &[(WORK, ABSENT)],
            },
            Push {
                name: "pre-receive refuses what send-pack brings",
                before: evil,
                args: &["send-pack", SERVER, WORK],
                passes: false,
                client: "",
                server: "prrq",
                there: &[(WORK, ABSENT)],
            },
            Push {
                name: "update refuses one",
                before: choosy,
                args: &["push", "origin", WORK, OTHER],
                passes: false,
                client: "pp RT",
                server: one_of_two,
                there: &[(WORK, "foreign"), (OTHER, ABSENT)],
            },
            Push {
                name: "update refuses one of --atomic",
                before: choosy,
                args: &["push", "--atomic", "origin", WORK, OTHER],
                passes: false,
                client: "pp",
                server: "prrq upd upd",
                there: &[(WORK, ABSENT), (OTHER, ABSENT)],
            },
        ]
    });
}

#[test]
fn objects_that_pre_receive_refuses_are_dropped() {
    let mut scene = Scene::built(Repo::new(), server);
    for git in gits() {
        scene.turn_to(&git);
        let repo = scene.again();
        repo.stage("new.txt", "new\n");
        super::git(repo, &["commit", "-q", "-n", "-m", "evil"]);
        let output = repo.git(&["push", "--no-verify", "origin", WORK]);
        assert_eq!(output.code(), 1);
        assert!(output.stderr.contains("error[PDD001]"), "{}", output.text());
        let blob = repo.ask(&["rev-parse", "HEAD:new.txt"]);
        let held = repo.git_in(&repo.at(SERVER), &["cat-file", "-e", &blob]);
        assert_eq!(held.code(), 1);
        assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
    }
}
