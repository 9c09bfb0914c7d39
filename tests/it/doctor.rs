//! `doctor`: what is well is said, what is not is named with its mend, and `--fix` mends it.

use crate::install::RECORDER;
use crate::support::{Repo, set_mode};

fn problems(repo: &Repo) -> String {
    let output = repo.pdd(&["doctor"]);
    let text = output.text();
    let mut lines = text
        .lines()
        .skip_while(|line| !line.starts_with("ok"))
        .peekable();
    let mut found = format!("exit: {}\n", output.code());
    while let Some(line) = lines.next() {
        if line.starts_with("problem") {
            found.push_str(&format!("{line}\n"));
            if let Some(help) = lines.next_if(|line| line.starts_with("  = help")) {
                found.push_str(&format!("{help}\n"));
            }
        }
    }
    found
}

#[test]
fn a_sound_install_passes_every_check() {
    let repo = Repo::new();
    repo.write_program(".git/hooks/pre-commit", RECORDER);
    repo.write_program(".git/hooks/post-checkout", RECORDER);
    let _ = repo.pdd(&["install"]).ok();
    let report = repo.pdd(&["doctor"]);
    let version = repo.ask(&["--version"]);
    assert_eq!(
        report.text(),
        format!(
            "exit: 0
--- stdout
ok      git: {}
ok      install: version {}, as files in the hooks folder
ok      hooks: 13 in $REPO/.git/hooks, executable and ours
ok      kept: $REPO/.git/pdd/pre-commit runs first
ok      reached from $REPO: yes
ok      self-test: a commit that names no task was refused
ok      policy: no `.pdd.toml` in the work tree; without a policy the hooks let everything pass
--- stderr
",
            version.trim_start_matches("git version "),
            env!("CARGO_PKG_VERSION"),
        )
    );
    // The self-test ran nobody else's hook.
    assert!(!repo.has("../home/log"));
}

#[test]
fn the_report_is_json_on_demand() {
    let repo = Repo::new();
    let report = repo.pdd(&["doctor", "--format", "json"]);
    assert_eq!(report.code(), 1);
    let value: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
    let install = &value["checks"][1];
    assert_eq!(value["ok"], false);
    assert_eq!(
        *install,
        serde_json::json!({
            "name": "install",
            "ok": false,
            "message": format!("nothing is installed in {}", repo.at(".git").display()),
            "help": "pdd-hooks install",
        })
    );
}

#[test]
fn a_hook_that_is_gone_or_not_executable_is_named_and_mended() {
    let repo = Repo::new();
    let _ = repo.pdd(&["install"]).ok();
    std::fs::remove_file(repo.at(".git/hooks/pre-push")).unwrap();
    set_mode(&repo.at(".git/hooks/post-merge"), 0o644);
    assert_eq!(
        problems(&repo),
        "exit: 1
problem post-merge: $REPO/.git/hooks/post-merge is not executable
  = help: pdd-hooks doctor --fix
problem pre-push: $REPO/.git/hooks/pre-push is missing
  = help: pdd-hooks doctor --fix
"
    );
    let fixed = repo.pdd(&["doctor", "--fix"]);
    assert_eq!(fixed.code(), 0, "{}", fixed.text());
    assert_eq!(problems(&repo), "exit: 0\n");
}

#[test]
fn an_install_that_lets_everything_pass_fails_the_self_test() {
    let repo = Repo::new();
    let _ = repo.pdd(&["install"]).ok();
    repo.write_program(".git/hooks/commit-msg", "#!/bin/sh\nexit 0\n");
    repo.write_program(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    let found = problems(&repo);
    assert!(
        found.starts_with("exit: 1\nproblem pre-commit: $REPO/.git/hooks/pre-commit is not ours\n")
    );
    assert!(
        found.contains("problem self-test: a commit that names no task was let through\n"),
        "{found}"
    );
}

#[test]
fn a_work_tree_that_git_takes_other_hooks_for_is_named() {
    let repo = Repo::new();
    let _ = repo
        .git(&["commit", "-q", "--allow-empty", "-m", "one"])
        .ok();
    let _ = repo.git(&["worktree", "add", "-q", "../linked"]).ok();
    let _ = repo.pdd(&["install"]).ok();
    assert_eq!(problems(&repo), "exit: 0\n");
    let _ = repo.git(&["config", "core.hooksPath", "/dev/null"]).ok();
    assert_eq!(
        problems(&repo),
        "exit: 1
problem reached from $REPO: git takes its hooks from /dev/null, set by local configuration (file:.git/config)
  = help: run `pdd-hooks install` in $REPO
problem reached from $TMP/linked: git takes its hooks from /dev/null, set by local configuration (file:$REPO/.git/config)
  = help: run `pdd-hooks install` in $TMP/linked
"
    );
    let fixed = repo.pdd(&["doctor", "--fix"]);
    assert!(fixed.stdout.starts_with(&format!(
        "took the hooks back from {}\n",
        repo.at(".git/hooks").display()
    )));
}

#[test]
fn the_caller_s_own_git_variables_do_not_reach_the_scratch_repository() {
    let repo = Repo::new();
    let _ = repo.pdd(&["install"]).ok();
    let git = repo.at(".git");
    let before = repo.read(".git/config");
    let report = repo.pdd_with(
        &[
            ("GIT_DIR", git.to_str().unwrap()),
            ("GIT_INDEX_FILE", git.join("index").to_str().unwrap()),
        ],
        &["doctor"],
    );
    assert_eq!(report.code(), 0, "{}", report.text());
    assert_eq!(repo.read(".git/config"), before);
    assert_eq!(repo.git(&["rev-parse", "--verify", "-q", "HEAD"]).code(), 1);
}

#[test]
fn a_policy_that_is_in_force_is_said_to_be() {
    let repo = Repo::new();
    let policy = || {
        let text = repo.pdd(&["doctor"]).stdout;
        let line = text.lines().find(|line| line.contains(" policy: "));
        line.unwrap_or_default().to_owned()
    };
    repo.write(".pdd.toml", "policy = 1\n");
    assert_eq!(
        policy(),
        "ok      policy: `.pdd.toml` is in the work tree; it is in force from its adoption on"
    );
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    assert_eq!(
        policy(),
        "ok      policy: number 1 is in force, as `main` holds it"
    );
}
