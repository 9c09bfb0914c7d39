//! `doctor` on a server: both hooks, the pinned keys, its own key, and a push that must be refused.

use super::install::{bare, on_server};
use crate::support::{Repo, set_mode};

fn served() -> (Repo, String) {
    let repo = Repo::new();
    bare(&repo);
    let ann = repo.key("ann");
    let args = ["install", "--server", "--root", &ann.fingerprint];
    let _ = on_server(&repo, &args).ok();
    (repo, ann.fingerprint)
}

/// Returns exit code and report, without the lines of git's version and of the slots.
fn report(repo: &Repo) -> (i32, String) {
    let doctor = on_server(repo, &["doctor"]);
    let text = doctor.text();
    let (_, lines) = text.split_once("--- stdout\n").unwrap();
    let kept = lines.lines().filter(|line| {
        ![
            "ok      git: ",
            "ok      slots: ",
            "--- stderr",
            "ok      install: ",
        ]
        .iter()
        .any(|start| line.starts_with(start))
    });
    let text = kept.map(|line| format!("{line}\n")).collect();
    (doctor.code(), text)
}

#[test]
fn a_server_that_is_well_is_shown_to_be() {
    let (repo, ann) = served();
    let public = repo.at("../server.git/pdd/server_ed25519.pub");
    let mut ask = repo.command("ssh-keygen", repo.folder());
    let told = repo.run(ask.arg("-lf").arg(public), b"").ok();
    let own = told.stdout.split(' ').nth(1).unwrap().to_owned();
    let expected = format!(
        "ok      hooks: 2 in $TMP/server.git/hooks, executable and ours
ok      config: our values stand in $TMP/server.git/config
ok      reached from $TMP/server.git: yes
ok      roots: {ann}
ok      key: $TMP/server.git/pdd/server_ed25519 ({own})
ok      self-test: a push of a commit that names no task was refused
"
    );
    assert_eq!(report(&repo), (0, expected));
}

#[test]
fn what_is_missing_on_a_server_is_named_and_mended() {
    let (repo, ann) = served();
    let server = repo.at("../server.git");
    std::fs::remove_file(server.join("hooks/post-receive")).unwrap();
    set_mode(&server.join("hooks/pre-receive"), 0o644);
    set_mode(&server.join("pdd/server_ed25519"), 0o644);
    let _ = repo
        .git_in(&server, &["config", "--unset-all", "pdd.root"])
        .ok();
    let (code, text) = report(&repo);
    let problems: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("problem"))
        .collect();
    assert_eq!(
        (code, problems),
        (
            1,
            vec![
                "problem pre-receive: $TMP/server.git/hooks/pre-receive is not executable",
                "problem post-receive: $TMP/server.git/hooks/post-receive is missing",
                "problem config: our values are gone from $TMP/server.git/config",
                "problem roots: no key is pinned: whoever pushes first would choose who approves",
                "problem key: $TMP/server.git/pdd/server_ed25519 can be read by others",
                "problem self-test: a push of a commit that names no task was let through",
            ]
        )
    );
    set_mode(&server.join("pdd/server_ed25519"), 0o600);
    let args = ["install", "--server", "--root", &ann];
    let _ = on_server(&repo, &args).ok();
    assert_eq!(report(&repo).0, 0);
    std::fs::remove_file(server.join("hooks/post-receive")).unwrap();
    let _ = on_server(&repo, &["doctor", "--fix"]).ok();
}
