//! The whole flow, from the adoption to the audit, in every form that a repository can have. Run on every git of the
//! machine that can make that form.

mod bytes;
mod clones;
mod stores;

use std::path::{Path, PathBuf};

use crate::enrolled::{HONEST, POLICY, WORK};
use crate::support::{Output, Repo, gits, version_of};

/// A repository in some form: where its commands are run, with which variables.
struct Place {
    repo: Repo,
    folder: PathBuf,
    env: Vec<(&'static str, PathBuf)>,
}

impl Place {
    /// The repository itself.
    fn of(repo: Repo) -> Self {
        let folder = repo.folder().to_owned();
        Self::at(repo, folder)
    }

    fn at(repo: Repo, folder: PathBuf) -> Self {
        Self {
            repo,
            folder,
            env: Vec::new(),
        }
    }

    fn try_run(&self, program: impl AsRef<std::ffi::OsStr>, args: &[&str]) -> Output {
        let mut command = self.repo.command(program, &self.folder);
        command
            .args(args)
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        self.repo.run(&mut command, b"")
    }

    fn try_git(&self, args: &[&str]) -> Output {
        self.try_run("git", args)
    }

    #[track_caller]
    fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args).ok();
        output.stdout.trim_end_matches('\n').to_owned()
    }

    fn try_pdd(&self, args: &[&str]) -> Output {
        self.try_run(crate::support::pdd_hooks(), args)
    }

    #[track_caller]
    fn pdd(&self, args: &[&str]) -> String {
        self.try_pdd(args).ok().stdout
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn stage(&self, path: &str, text: &str) {
        self.write(path, text);
        self.git(&["add", "--sparse", path]);
    }

    /// Class, `how` and codes that the audit gives a revision.
    #[track_caller]
    fn audit(&self, revision: &str) -> (String, String, Vec<String>) {
        let id = self.git(&["rev-parse", revision]);
        let report: serde_json::Value =
            serde_json::from_str(&self.pdd(&["audit", "--format", "json", &id])).unwrap();
        let rows = report["commits"].as_array().unwrap();
        let row = rows.iter().find(|row| row["commit"] == id.as_str());
        let row = row.unwrap_or_else(|| panic!("{revision} is not in {report}"));
        let word = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let findings = row["findings"].as_array().unwrap().iter();
        let codes = findings
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .collect();
        (word("class"), word("how"), codes)
    }

    fn adopt(&self) {
        self.stage("app.txt", "base\n");
        self.git(&["commit", "-q", "-m", "start"]);
        self.stage(".pdd.toml", POLICY);
        let subject = "chore(pdd): adopt the workflow [MAINT-1]";
        self.git(&["commit", "-q", "-m", subject]);
    }

    /// Installs, and goes through everything that a user meets; `HEAD` is on `main`.
    #[track_caller]
    fn hold(&self, name: &str) {
        self.pdd(&["install"]);
        self.git(&["switch", "-q", "-c", WORK]);
        self.hold_on_work_branch(name);
        self.hold_main_protected(name);
        let findings = self.try_pdd(&["check", "main..HEAD"]);
        assert_eq!(findings.code(), 1, "{name}: {}", findings.text());
        assert!(
            findings.stdout.contains("error[PDD001]"),
            "{name}: {}",
            findings.text()
        );
        let doctor = self.try_pdd(&["doctor"]);
        assert_eq!(doctor.code(), 0, "{name}: {}", doctor.text());
    }

    /// An honest commit, a refused one, one past the hooks, and what is said of them.
    #[track_caller]
    fn hold_on_work_branch(&self, name: &str) {
        let start = self.git(&["rev-parse", "HEAD"]);
        self.stage("sub/a.txt", "a\n");
        let refused = self.try_git(&["commit", "-q", "-m", HONEST]);
        assert_eq!(refused.code(), 1, "{name}: {}", refused.text());
        assert!(
            refused.stderr.starts_with("error[PDD004]"),
            "{name}: {}",
            refused.text()
        );
        assert_eq!(self.git(&["rev-parse", "HEAD"]), start, "{name}");
        let status = self.pdd(&["status"]);
        assert!(
            status.contains("task     TASK-001\npersona  none\n"),
            "{name}: {status}"
        );
        assert!(status.contains("lacks    PDD004"), "{name}: {status}");
        let refused = self.try_pdd(&["check", "--staged"]);
        assert_eq!(refused.code(), 0, "{name}: {}", refused.text());

        self.pdd(&["persona", "PM", "TASK-001", "next step"]);
        self.git(&["commit", "-q", "-m", HONEST]);
        let enforced = ("enforced".to_owned(), String::new(), Vec::new());
        assert_eq!(self.audit("HEAD"), enforced, "{name}");
        let status = self.pdd(&["status"]);
        assert!(status.contains("persona  PM\n"), "{name}: {status}");
        let check = self.try_pdd(&["check", "HEAD"]);
        assert_eq!(check.code(), 0, "{name}: {}", check.text());

        self.write("sub/a.txt", "more\n");
        self.git(&["commit", "-q", "--amend", "-a", "-m", HONEST]);
        assert_eq!(self.audit("HEAD"), enforced, "{name}: amend");

        self.stage("b.txt", "b\n");
        self.git(&["commit", "-q", "-n", "-m", "no task"]);
        let (class, how, codes) = self.audit("HEAD");
        assert_eq!(
            (class.as_str(), how.as_str()),
            ("bypassed", "no-verify"),
            "{name}"
        );
        assert_eq!(codes, ["PDD001", "PDD002"], "{name}");
    }

    /// No command moves `main` to where nobody approved it.
    #[track_caller]
    fn hold_main_protected(&self, name: &str) {
        let main = self.git(&["rev-parse", "refs/heads/main"]);
        for args in [
            &["update-ref", "refs/heads/main", "HEAD"][..],
            &["branch", "-f", "main", "HEAD"],
            &["push", "-q", ".", "HEAD:refs/heads/main"],
        ] {
            let refused = self.try_git(args);
            assert_ne!(refused.code(), 0, "{name}: {args:?}");
            // A branch that another worktree has checked out git refuses by itself.
            if args[0] == "update-ref" {
                assert!(
                    refused.stderr.contains("error[PDD010]"),
                    "{name}: {}",
                    refused.text()
                );
            }
            assert_eq!(
                self.git(&["rev-parse", "refs/heads/main"]),
                main,
                "{name}: {args:?}"
            );
        }
    }
}

/// Every git from a version on; there must be one.
#[track_caller]
fn gits_from(version: (u32, u32)) -> Vec<PathBuf> {
    let found: Vec<_> = gits()
        .into_iter()
        .filter(|git| version_of(git) >= version)
        .collect();
    assert!(!found.is_empty(), "no git {version:?} or later is here");
    found
}

fn adopted(git: &Path, args: &[&str]) -> Place {
    let place = Place::of(Repo::init_with(git, args));
    place.adopt();
    place
}

/// An enrolled place's remote, adopted, that gives parts of itself.
fn remote(git: &Path) -> (Repo, PathBuf) {
    let repo = Repo::init_with(git, &[]);
    let folder = repo.at("../remote");
    let _ = repo
        .git_in(repo.root(), &["init", "-q", "-b", "main", "remote"])
        .ok();
    let place = Place::at(repo, folder.clone());
    place.git(&["config", "uploadpack.allowFilter", "true"]);
    place.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    for index in 0..3 {
        place.stage("history.txt", &format!("{index}\n"));
        place.git(&["commit", "-q", "-m", "history"]);
    }
    place.adopt();
    place.stage("docs/later.md", "later\n");
    place.git(&["commit", "-q", "-m", "docs: later [MAINT-1]"]);
    (place.repo, folder)
}
