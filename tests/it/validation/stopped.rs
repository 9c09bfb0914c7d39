//! Runs that are killed or stopped in the middle: nothing of the user's has changed, the next verdict is right, and no
//! process of a check outlives that.

use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::scene::{MESSAGE, findings};
use super::untouched::{all_but, all_of, busy};
use crate::support::{Repo, pdd_hooks};

/// What git writes by itself when it commits.
const GITS: [&str; 4] = ["index", "index.lock", "COMMIT_EDITMSG", "refs/heads"];

/// Says that it has come to this point, once, and goes on when it is told to.
const HOLD: &str = r#"rm "$HOME/then"
: >"$HOME/held"
while [ ! -e "$HOME/go" ]; do sleep 0.01; done
"#;

/// The same, and two more processes run, one of which has left the group and ignores a polite end.
fn hold_with_children() -> String {
    format!("sleep 1000 & setsid sh -c 'trap \"\" TERM HUP INT; sleep 1000; :' &\n{HOLD}")
}

impl Repo {
    /// Lists the processes that the checks of this repository have left, by the variable that all of them carry.
    pub(super) fn checks_running(&self) -> Vec<i32> {
        let mark = format!("PDD_HOOKS_SLOT={}/", self.root().display());
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        ids.filter(|id: &i32| {
            let environment = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            let mut variables = environment.split(|&byte| byte == 0);
            variables.any(|variable| variable.starts_with(mark.as_bytes()))
        })
        .collect()
    }

    fn validation(&self) -> Command {
        let mut command = self.command(pdd_hooks(), self.folder());
        command.arg("validate");
        command
    }

    fn committing(&self) -> Command {
        let mut command = self.command("git", self.folder());
        command.args(["commit", "-q", "-m", MESSAGE]);
        command
    }
}

/// Starts it in a process group of its own, as a shell at a terminal does.
fn start(mut command: Command) -> Child {
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, signal: Signal) {
    let group = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    let _ = kill_process_group(group, signal);
}

#[track_caller]
fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn held(repo: &Repo) -> bool {
    Path::exists(&repo.at("../home/held"))
}

fn anew(repo: &Repo, script: &str) {
    for file in ["held", "go"] {
        let _ = std::fs::remove_file(repo.at("../home").join(file));
    }
    repo.then(script);
}

/// The two verdicts that a kill could have spoiled.
#[track_caller]
fn the_next_verdicts_are_right(repo: &Repo, number: usize) {
    anew(repo, "");
    repo.stage("app.txt", "broken\n");
    let refused = repo.pdd(&["validate"]);
    assert_eq!(
        findings(&refused),
        ["PDD008: the check `tests` fails: `base`"]
    );
    assert_eq!(repo.checks_running(), [0; 0]);
    repo.stage("app.txt", &format!("base\n{number}\n"));
    let _ = repo.commit(MESSAGE).ok();
    assert_eq!(repo.ask(&["write-tree"]), repo.tree_of("HEAD"));
}

#[test]
fn a_validation_killed_before_its_check_runs() {
    let repo = busy();
    repo.stage("app.txt", "base\nkilled\n");
    let before = all_of(&repo);
    for delay in [0, 3, 8, 15, 25, 40, 60] {
        anew(&repo, HOLD);
        let mut child = start(repo.validation());
        std::thread::sleep(Duration::from_millis(delay));
        signal(&child, Signal::KILL);
        child.wait().unwrap();
        before.assert_same(&all_of(&repo));
    }
    the_next_verdicts_are_right(&repo, 1);
}

#[test]
fn a_validation_killed_while_its_check_runs() {
    let repo = busy();
    repo.stage("app.txt", "base\nkilled\n");
    let before = all_of(&repo);
    anew(&repo, &hold_with_children());
    let mut child = start(repo.validation());
    wait_for("the check runs", || held(&repo));
    signal(&child, Signal::KILL);
    child.wait().unwrap();
    before.assert_same(&all_of(&repo));
    assert!(repo.checks_running().len() >= 3, "nobody could end them");
    the_next_verdicts_are_right(&repo, 1);
}

#[test]
fn a_validation_killed_after_its_check_has_run() {
    let repo = busy();
    for (number, delay) in [0, 2, 5, 10, 20].into_iter().enumerate() {
        repo.stage("app.txt", &format!("base\nkilled {number}\n"));
        let before = all_of(&repo);
        anew(&repo, HOLD);
        let mut child = start(repo.validation());
        wait_for("the check runs", || held(&repo));
        std::fs::write(repo.at("../home/go"), "").unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        signal(&child, Signal::KILL);
        child.wait().unwrap();
        before.assert_same(&all_of(&repo));
    }
    the_next_verdicts_are_right(&repo, 1);
    let _ = repo.pdd(&["validate", "main..HEAD"]).ok();
}

#[test]
fn a_commit_killed_with_its_hook_at_any_point() {
    let repo = busy();
    for (number, delay) in [0, 20, 60, 120].into_iter().enumerate() {
        repo.stage("app.txt", &format!("base\nkilled {number}\n"));
        let before = all_but(&repo, &GITS);
        anew(&repo, HOLD);
        let mut child = start(repo.committing());
        std::thread::sleep(Duration::from_millis(delay));
        signal(&child, Signal::KILL);
        child.wait().unwrap();
        before.assert_same(&all_but(&repo, &GITS));
        // Where git itself is killed while it writes the index, its lock stays; git says so, and the user removes it.
        let _ = std::fs::remove_file(repo.at(".git/index.lock"));
    }
    the_next_verdicts_are_right(&repo, 1);
}

#[test]
fn a_commit_killed_with_its_hook_while_a_check_runs_or_has_run() {
    let repo = busy();
    let head = repo.ask(&["rev-parse", "HEAD"]);
    for (number, delay) in [None, Some(0), Some(10)].into_iter().enumerate() {
        repo.stage("app.txt", &format!("base\nkilled {number}\n"));
        let before = all_but(&repo, &GITS);
        anew(&repo, HOLD);
        let mut child = start(repo.committing());
        wait_for("the check runs", || held(&repo));
        if let Some(delay) = delay {
            std::fs::write(repo.at("../home/go"), "").unwrap();
            std::thread::sleep(Duration::from_millis(delay));
        }
        signal(&child, Signal::KILL);
        child.wait().unwrap();
        before.assert_same(&all_but(&repo, &GITS));
        if delay.is_none() {
            assert_eq!(repo.ask(&["rev-parse", "HEAD"]), head);
        }
        let _ = std::fs::remove_file(repo.at(".git/index.lock"));
    }
    the_next_verdicts_are_right(&repo, 1);
}

#[test]
fn an_interrupted_validation_ends_all_and_exits_with_130() {
    let repo = busy();
    repo.stage("app.txt", "base\nstopped\n");
    let before = all_of(&repo);
    anew(&repo, &hold_with_children());
    let mut child = start(repo.validation());
    wait_for("the check runs", || held(&repo));
    signal(&child, Signal::INT);
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{status:?}");
    assert_eq!(repo.checks_running(), [0; 0]);
    before.assert_same(&all_of(&repo));
    the_next_verdicts_are_right(&repo, 1);
}

#[test]
fn an_interrupted_commit_ends_all_and_lands_nothing() {
    let repo = busy();
    repo.stage("app.txt", "base\nstopped\n");
    let head = repo.ask(&["rev-parse", "HEAD"]);
    let before = all_but(&repo, &["index"]);
    anew(&repo, &hold_with_children());
    let mut child = start(repo.committing());
    wait_for("the check runs", || held(&repo));
    signal(&child, Signal::INT);
    let status = child.wait().unwrap();
    assert!(
        status.signal() == Some(2) || status.code() == Some(1),
        "{status:?}"
    );
    // Git may be gone before its hook is.
    wait_for("all of it ends", || repo.checks_running().is_empty());
    before.assert_same(&all_but(&repo, &["index"]));
    assert_eq!(repo.ask(&["rev-parse", "HEAD"]), head);
    the_next_verdicts_are_right(&repo, 1);
}
