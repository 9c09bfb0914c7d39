//! PDD010 and PDD011 where git moves the protected branch: merges of each form, resets, pushes; and whose records count.

mod local;
mod pushed;
mod vouched;

use crate::enrolled::{HONEST, POLICY, WORK};
use crate::keys::{APPROVAL, EVIDENCE, Key, SIGNERS, WAIVER};
use crate::support::{Output, Repo};

/// A repository with hooks whose `main` lists Ann, with `HEAD` on a work branch that is one commit ahead of it.
pub(crate) struct Scene {
    pub(crate) repo: Repo,
    pub(super) ann: Key,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self::with(POLICY)
    }

    /// Makes it with this policy.
    pub(super) fn with(policy: &str) -> Self {
        let repo = Repo::new();
        let ann = repo.key("ann");
        let lines = ann.line("ann@example.org", &[APPROVAL, WAIVER, EVIDENCE]);
        Self { repo, ann }.begun(policy, &lines)
    }

    fn begun(self, policy: &str, signers: &str) -> Self {
        let repo = &self.repo;
        repo.write("app.txt", "base\n");
        let text = format!("{policy}approval.repository = \"ours\"\n");
        repo.write(".pdd.toml", text);
        repo.write(SIGNERS, signers);
        repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        repo.sign_with(&self.ann);
        let _ = repo.pdd(&["install"]).ok();
        repo.begin(WORK);
        self
    }

    /// Approves a revision's landing on `main` as Ann.
    pub(crate) fn approve(&self, revision: &str) {
        let _ = self.repo.pdd(&["approve", revision, "--into", "main"]).ok();
    }

    /// Lands a new commit of another work branch on `main`, approved, by a merge commit.
    pub(super) fn land(&self, branch: &str, path: &str) {
        let repo = &self.repo;
        let _ = repo.git(&["switch", "-q", "-c", branch, "main"]).ok();
        repo.declare("PM");
        repo.stage(path, &format!("{path}\n"));
        let _ = repo.commit(HONEST).ok();
        self.approve(branch);
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        let _ = repo
            .git(&["merge", "-q", "--no-ff", "-m", "Merge it", branch])
            .ok();
    }
}

/// The findings that a program printed, ids left out.
pub(super) fn findings(output: &Output) -> Vec<String> {
    let lines = output.stderr.lines().map(|line| {
        let line = line.strip_prefix("remote: ").unwrap_or(line);
        line.trim_end()
    });
    lines
        .filter_map(|line| line.strip_prefix("error["))
        .map(|line| nameless(&line.replacen("]: ", ": ", 1)))
        .collect()
}

/// Writes `<id>` for every run of 12 or more hexadecimal digits.
fn nameless(text: &str) -> String {
    let is_id = |word: &str| word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let word = |word: &str| {
        let bare = word
            .trim_end_matches([',', ':', ')'])
            .trim_start_matches('(');
        match is_id(bare) {
            true => word.replace(bare, "<id>"),
            false => word.to_owned(),
        }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[track_caller]
pub(super) fn refused(output: &Output, expected: &[&str]) {
    assert_ne!(output.code(), 0, "{}", output.text());
    assert_eq!(findings(output), expected, "{}", output.text());
}

/// What nobody's approval reads like.
pub(super) const NOBODY: &str = "PDD010: `main` may not take <id>: nobody has approved it";
