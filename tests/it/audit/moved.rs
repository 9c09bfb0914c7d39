//! What was moved round the hooks, and what only seems to excuse it.

use crate::enrolled::WORK;
use crate::support::Repo;

const OFF: [&str; 2] = ["-c", "core.hooksPath=/dev/null"];

fn off(repo: &Repo, args: &[&str]) {
    let _ = repo.git(&[&OFF[..], args].concat()).ok();
}

/// Reference and `how` of every move that the audit lists.
fn moves(repo: &Repo) -> Vec<String> {
    let said = repo.pdd(&["audit", "--format", "json"]).ok().stdout;
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    let moves = report["moves"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    moves
        .map(|it| format!("{} {}", text(&it["ref"]), text(&it["how"])))
        .collect()
}

/// An enrolled repository with a bare remote of each name, which it has fetched from.
fn with_remotes(names: &[&str]) -> Repo {
    let repo = Repo::enrolled();
    for name in names {
        let folder = format!("../{name}.git");
        off(&repo, &["clone", "-q", "--bare", ".", &folder]);
        off(&repo, &["remote", "add", name, &folder]);
        off(&repo, &["fetch", "-q", name]);
    }
    repo
}

#[test]
fn a_tracking_branch_that_no_transfer_moved_hides_no_move() {
    let repo = with_remotes(&["origin"]);
    off(&repo, &["branch", "-q", "-f", "main", WORK]);
    let told = ["refs/heads/main hooks off"];
    assert_eq!(moves(&repo), told);
    off(&repo, &["update-ref", "refs/remotes/origin/main", WORK]);
    assert_eq!(moves(&repo), told);
    let message = ["-m", "commit: by hand", "refs/remotes/origin/main"];
    off(
        &repo,
        &[&["update-ref"], &message[..], &["main~1"]].concat(),
    );
    off(&repo, &[&["update-ref"], &message[..], &["main"]].concat());
    assert_eq!(moves(&repo), told);
}

#[test]
fn what_a_remote_has_is_the_remotes_to_judge_whatever_it_is_called() {
    let repo = with_remotes(&["origin"]);
    let push = format!("{WORK}:main");
    off(&repo, &["push", "-q", "origin", &push]);
    off(&repo, &["branch", "-q", "-f", "main", WORK]);
    assert_eq!(moves(&repo), ["refs/remotes/origin/main push --no-verify"]);
    off(&repo, &["remote", "rename", "origin", "old"]);
    off(&repo, &["remote", "rename", "old", "origin"]);
    let pushed = "refs/remotes/origin/main push --no-verify";
    assert_eq!(moves(&repo), [pushed]);
}

#[test]
fn a_push_that_was_asked_about_excuses_none_to_another_remote() {
    let repo = with_remotes(&["one", "two"]);
    repo.step("more.txt");
    let _ = repo.git(&["push", "-q", "one", WORK]).ok();
    assert_eq!(moves(&repo), [""; 0]);
    let _ = repo.git(&["push", "-q", "--no-verify", "two", WORK]).ok();
    let told = [format!("refs/remotes/two/{WORK} push --no-verify")];
    assert_eq!(moves(&repo), told);
    // A remote that is called otherwise since was asked about all the same.
    let _ = repo.git(&["remote", "rename", "one", "first"]).ok();
    assert_eq!(moves(&repo), told);
}

#[test]
fn nobody_went_round_hooks_that_were_never_there() {
    let repo = Repo::new();
    repo.write("app.txt", "base\n");
    repo.commit_all("start");
    repo.write("../policy.toml", "policy = 1\n");
    let args = ["audit", "--policy", "../policy.toml", "--format", "json"];
    let said = |repo: &Repo| {
        let said = repo.pdd(&args).ok().stdout;
        let report: serde_json::Value = serde_json::from_str(&said).unwrap();
        let row = &report["commits"][0];
        (
            row["class"].clone(),
            row["how"].clone(),
            row["notes"].clone(),
        )
    };
    let (class, how, notes) = said(&repo);
    assert_eq!(class, "foreign");
    assert_eq!(how, serde_json::Value::Null);
    assert_eq!(notes[0], "no hooks were installed here");
    // What an install leaves says that there were some.
    repo.adopt();
    let _ = repo.pdd(&["install"]).ok();
    let (class, how, _) = said(&repo);
    assert_eq!((class, how), ("bypassed".into(), "hooks off".into()));
}
