//! `check` as a gate in CI: on plain, partial and shallow clones, by records and by running it all again.

mod agree;
mod clones;
mod recompute;
mod red;
mod sample;
mod shallow;

use std::path::Path;

use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::evidence::statement::Statement;
use pdd_hooks::git::Repository;
use pdd_hooks::signing::{Asks, Key as SigningKey};

use crate::enrolled::WORK;
use crate::keys::{APPROVAL, EVIDENCE, Key, SIGNERS};
use crate::support::{Output, Repo};
use crate::validation::scene::{RUNNER, TESTS};

/// What nobody's approval reads like.
const NOBODY: &str = "PDD010: `main` may not take <id>: nobody has approved it";

/// A repository whose `main` has a check and lists Ann, who approves, and Dev, whose records count. Its `origin` has
/// `main`; `HEAD` is on a work branch that plans.
struct Scene {
    repo: Repo,
    ann: Key,
    dev: Key,
}

impl Scene {
    fn new() -> Self {
        Self::listing(|_| String::new())
    }

    /// Makes one that lists others too.
    fn listing(others: impl Fn(&Repo) -> String) -> Self {
        let repo = Repo::new();
        let (ann, dev) = (repo.key("ann"), repo.key("dev"));
        let people = ann.line("ann@example.org", &[APPROVAL]);
        repo.write(
            SIGNERS,
            people + &dev.line("dev@example.org", &[EVIDENCE, APPROVAL]) + &others(&repo),
        );
        repo.write("app.txt", "base\n");
        repo.write("tests/run.sh", RUNNER);
        repo.write("tests/base.case", "base\n");
        let before = "policy = 1\nrules.red-first = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\napproval.repository = \"ours\"\n";
        repo.write(".pdd.toml", format!("{before}{TESTS}"));
        repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        let server = repo.root().join("server.git");
        let path = server.to_str().unwrap();
        let _ = repo.git(&["init", "-q", "--bare", "-b", "main", path]).ok();
        let _ = repo.git(&["remote", "add", "origin", path]).ok();
        let _ = repo.git(&["push", "-q", "-u", "origin", "main"]).ok();
        repo.sign_with(&dev);
        let _ = repo.pdd(&["install"]).ok();
        let _ = repo.git(&["switch", "-q", "-c", WORK]).ok();
        for persona in ["PM", "QA", "DEV", "QA"] {
            repo.declare(persona);
        }
        let _ = repo.commit("docs: plan [TASK-001]").ok();
        Self { repo, ann, dev }
    }

    /// Approves the work branch as Ann.
    fn approve(&self) {
        let path = self.ann.path.to_str().unwrap();
        let args = ["approve", WORK, "--into", "main", "--key", path];
        let _ = self.repo.pdd(&args).ok();
    }

    /// Commits source that fails its test, past the hooks.
    fn fail(&self) {
        let source = self.repo.read("app.txt");
        self.repo.stage_step("broken");
        self.repo.stage("app.txt", &format!("{source}else\n"));
        let message = "feat(app): break it [TASK-001]";
        let _ = self.repo.git(&["commit", "-q", "-n", "-m", message]).ok();
    }

    /// Pushes the work branch and what is recorded to `origin`.
    fn publish(&self) {
        let push = ["push", "-q", "--no-verify", "origin"];
        let refs = [WORK, "refs/pdd/evidence:refs/pdd/evidence"];
        let _ = self.repo.git(&[&push[..], &refs].concat()).ok();
    }

    /// Clones `origin` as CI does: as if from elsewhere, with these arguments, on the work branch's commit.
    fn clone(&self, name: &str, args: &[&str]) -> Clone<'_> {
        let url = format!("file://{}/server.git", self.repo.root().display());
        let folder = self.repo.root().join(name);
        let path = folder.to_str().unwrap();
        let all = [&["clone", "-q"], args, &[&url, path]].concat();
        let _ = self.repo.git(&all).ok();
        Clone {
            repo: &self.repo,
            folder,
        }
    }
}

/// Another clone.
struct Clone<'s> {
    repo: &'s Repo,
    folder: std::path::PathBuf,
}

impl Clone<'_> {
    fn git(&self, args: &[&str]) {
        let _ = self.repo.git_in(&self.folder, args).ok();
    }

    fn pdd(&self, args: &[&str]) -> Output {
        self.repo.pdd_in(&self.folder, args)
    }
}

/// Signs a statement that `make` makes of one of the store's, and adds it: what a thief of a listed key could write.
fn forge(folder: &Path, key: Option<&Key>, make: impl Fn(Statement) -> Option<Statement>) {
    let repository = Repository::open_at(folder).unwrap();
    let listed = repository.list_records(None).unwrap();
    let lines = listed.iter().filter_map(|one| repository.read_record(one));
    let statements = lines.map(|line| Envelope::parse(&line).unwrap().statement().unwrap());
    let forged: Vec<Statement> = statements.filter_map(make).take(1).collect();
    assert_eq!(forged.len(), 1, "there is nothing to forge it of");
    let envelopes = match key {
        Some(key) => SigningKey::at(&key.path)
            .unwrap()
            .sign(&forged, Namespace::Evidence, Asks::Never)
            .unwrap(),
        None => vec![Envelope::unsigned(&forged[0]).unwrap()],
    };
    let lines: Vec<Vec<u8>> = envelopes.iter().map(|one| one.to_line().unwrap()).collect();
    repository.add_records(&lines).unwrap();
}

/// Writes `<id>` for every run of 12 or more hexadecimal digits.
fn nameless(text: &str) -> String {
    let is_hex = |c: char| c.is_ascii_hexdigit() && !c.is_ascii_uppercase();
    let (mut out, mut run) = (String::new(), String::new());
    let flush = |run: &mut String, out: &mut String| {
        let text = std::mem::take(run);
        out.push_str(if text.len() >= 12 { "<id>" } else { &text });
    };
    for c in text.chars() {
        if is_hex(c) {
            run.push(c);
            continue;
        }
        flush(&mut run, &mut out);
        out.push(c);
    }
    flush(&mut run, &mut out);
    out
}

/// The findings in what a program said, without ids: `PDD010: …`.
fn findings(said: &str) -> Vec<String> {
    said.lines()
        .map(|line| line.strip_prefix("remote: ").unwrap_or(line).trim_end())
        .filter_map(|line| line.strip_prefix("error["))
        .map(|line| nameless(&line.replacen("]: ", ": ", 1)))
        .collect()
}
