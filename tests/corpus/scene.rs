//! The repository that a probe is played in: a project that has adopted the workflow, its hooks, a task under way.
//! It knows no verdict.

use std::path::PathBuf;

use crate::probe::Probe;
use crate::support::{Output, Repo, pdd_hooks};

/// The hooks that the steps of a probe meet.
const HOOKS: [&str; 9] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-merge-commit",
    "post-merge",
    "post-rewrite",
    "reference-transaction",
    "pre-push",
];

/// Makes the repository of a probe; `HEAD` is on a work branch whose log declares PM, QA, DEV and QA.
pub(crate) fn scene(probe: &Probe) -> Repo {
    let base = &probe.base;
    let mut repo = Repo::new().with_rust();
    for folder in &base.programs {
        repo.prepend_path(&runner(folder));
    }
    for (path, text) in base.files.iter().chain(&probe.files) {
        repo.write(path, text);
    }
    link_packages(&repo, &base.packages);
    repo.commit_all("start");
    // What the probes are about; who changes what under which task has tests of its own.
    let off = "task-state = \"off\"\nboundary = \"off\"\n";
    let policy = format!("policy = 1\n\n{}{}", base.policy, probe.policy);
    let policy = match policy.contains("[rules]\n") {
        true => policy.replacen("[rules]\n", &format!("[rules]\n{off}"), 1),
        false => format!("{policy}[rules]\n{off}"),
    };
    repo.write(".pdd.toml", policy);
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    link_hooks(&repo);
    let _ = repo.git(&["switch", "-q", "-c", "feat/TASK-001-work"]).ok();
    for persona in ["PM", "QA", "DEV", "QA"] {
        let _ = repo
            .pdd(&["persona", persona, "TASK-001", "next step"])
            .ok();
    }
    let _ = repo
        .git(&["commit", "-q", "-m", "docs: plan [TASK-001]"])
        .ok();
    repo
}

/// Runs a shell script at the top of the work tree, with one argument.
pub(crate) fn shell(repo: &Repo, script: &str, argument: &str) -> Output {
    let mut command = repo.command("sh", repo.folder());
    repo.run(command.args(["-ec", script, "sh", argument]), b"")
}

/// Puts links where `install` would put copies: those are 300 MB a probe, and have tests of their own.
fn link_hooks(repo: &Repo) {
    let command = pdd_hooks();
    std::fs::create_dir_all(repo.at(".git/pdd")).unwrap();
    let mut links = vec![(command.to_owned(), repo.at(".git/pdd/pdd-hooks"))];
    for hook in HOOKS {
        let program = command.with_file_name(format!("pdd-{hook}"));
        links.push((program, repo.at(".git/hooks").join(hook)));
    }
    for (program, link) in links {
        std::os::unix::fs::symlink(program, link).unwrap();
    }
}

/// Links packages and their programs into `node_modules`.
fn link_packages(repo: &Repo, packages: &[String]) {
    for name in packages {
        let programs = repo.at("node_modules/.bin");
        std::fs::create_dir_all(&programs).unwrap();
        let from = runner(&format!("node_modules/{name}"));
        std::os::unix::fs::symlink(&from, repo.at("node_modules").join(name)).unwrap();
        // Not every package brings a program.
        if let Ok(program) = from
            .parent()
            .unwrap()
            .join(".bin")
            .join(name)
            .canonicalize()
        {
            std::os::unix::fs::symlink(program, programs.join(name)).unwrap();
        }
    }
}

/// Returns a path of the runners, or fails with what makes it available.
fn runner(path: &str) -> PathBuf {
    let folder = std::env::var_os("PDD_TEST_RUNNERS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/runners"),
        PathBuf::from,
    );
    let file = folder.join(path);
    assert!(
        file.exists(),
        "{} is missing: run tests/setup-runners.sh",
        file.display()
    );
    file
}
