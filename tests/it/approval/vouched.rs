//! Whose records count at a landing: signed by somebody whom the protected branch lists for it.

use super::refused;
use crate::keys::{APPROVAL, EVIDENCE, Key, RUNNER, SIGNERS};
use crate::support::Repo;

const CHECK: &str = r#"
[approval]
repository = "ours"
[[check]]
name = "tests"
kind = "test"
run = ["sh", "-c", "! test -e broken"]
"#;

struct Scene {
    repo: Repo,
    ann: Key,
    dev: Key,
    ci: Key,
}

const BRANCH: &str = "chore/TASK-001-x";

/// A repository with a check, an origin, and a signers file; `HEAD` is on a work branch with one commit of source.
fn scene(lists_runner: bool) -> Scene {
    let repo = Repo::new();
    let (ann, dev, ci) = (repo.key("ann"), repo.key("dev"), repo.key("ci"));
    let mut lines = ann.line("ann@example.org", &[APPROVAL]);
    lines += &dev.line("dev@example.org", &[EVIDENCE]);
    if lists_runner {
        lines += &ci.line("ci@example.org", &[RUNNER]);
    }
    repo.write("app.txt", "base\n");
    repo.write(SIGNERS, lines);
    repo.write(
        ".pdd.toml",
        format!("policy = 1\nrules.red-first = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\nvalidation.declared = false\n{CHECK}"),
    );
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let origin = repo.root().join("origin.git");
    let path = origin.to_str().unwrap();
    let _ = repo.git(&["init", "-q", "--bare", "-b", "main", path]).ok();
    let _ = repo.git(&["remote", "add", "origin", path]).ok();
    let _ = repo.git(&["push", "-q", "-u", "origin", "main"]).ok();
    let _ = repo.pdd(&["install"]).ok();
    Scene { repo, ann, dev, ci }
}

impl Scene {
    fn work(&self) {
        let repo = &self.repo;
        let _ = repo.git(&["switch", "-q", "-c", BRANCH]).ok();
        repo.declare("PM");
        repo.stage("app.txt", "changed\n");
        let _ = repo.commit("chore(app): one step [TASK-001]").ok();
        let path = self.ann.path.to_str().unwrap();
        let _ = repo
            .pdd(&["approve", BRANCH, "--into", "main", "--key", path])
            .ok();
    }

    fn push(&self) -> crate::support::Output {
        self.repo.git(&["push", "-q", "origin", "HEAD:main"])
    }
}

#[test]
fn an_unsigned_validation_does_not_count_and_a_signed_one_does() {
    let scene = scene(false);
    scene.work();
    let unsigned =
        "PDD008: the record that the check `tests` passed does not count here: nobody signed it";
    refused(&scene.push(), &[unsigned, unsigned]);
    scene.repo.sign_with(&scene.dev);
    let _ = scene.repo.pdd(&["validate", "main..HEAD"]).ok();
    let said = scene.push().ok();
    assert!(
        said.stderr.contains(
            "main: approved by ann@example.org (software key); validation self-attested by dev@example.org\n"
        ),
        "{}",
        said.text()
    );
}

#[test]
fn where_a_runner_is_listed_only_its_word_counts() {
    let scene = scene(true);
    scene.repo.sign_with(&scene.dev);
    scene.work();
    let only = "PDD008: the record that the check `tests` passed does not count here: it is the word of dev@example.org, and only a runner's counts here (`[evidence] accept`)";
    refused(&scene.push(), &[only, only]);
    scene.repo.sign_with(&scene.ci);
    let _ = scene.repo.git(&["config", "pdd.signer", "runner"]).ok();
    let _ = scene.repo.pdd(&["validate", "main..HEAD"]).ok();
    let said = scene.push().ok();
    assert!(
        said.stderr
            .contains("; validation by the runner ci@example.org\n"),
        "{}",
        said.text()
    );
}

#[test]
fn a_key_that_nobody_listed_is_nobody() {
    let scene = scene(false);
    let mallory = scene.repo.key("mallory");
    scene.repo.sign_with(&mallory);
    scene.work();
    let unlisted = format!(
        "PDD008: the record that the check `tests` passed does not count here: nobody with the key {} is listed",
        mallory.fingerprint
    );
    refused(&scene.push(), &[&unlisted, &unlisted]);
}
