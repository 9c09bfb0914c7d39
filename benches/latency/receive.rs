//! What a server pays for a landing: a thousand commits, each with a signed record of its validation, judged by pre-receive.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use pdd_hooks::evidence::envelope::Envelope;
use pdd_hooks::evidence::signers::Namespace;
use pdd_hooks::evidence::statement::{
    Approval, CheckRecord, CheckResult, Counts, Decision, Predicate, Statement, Validation,
};
use pdd_hooks::git;
use pdd_hooks::id::{BlobId, CommitId, TreeId};
use pdd_hooks::policy::{CheckKind, Policy};
use pdd_hooks::proof::fingerprint;
use pdd_hooks::signing::{Asks, Key};

use super::row::Row;
use super::support::{Programs, Repository, in_turns, run, run_timed, size, small};

const POLICY: &str = r#"policy = 1
[rules]
persona = "off"
red-first = "off"
[validation]
declared = false
[approval]
repository = "bench"
[[check]]
name = "tests"
kind = "test"
run = ["true"]
"#;

pub(crate) fn measure(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let commits = size("PDD_BENCH_COMMITS", 1_000)?;
    let runs = size("PDD_BENCH_RUNS", 100)?.div_ceil(20);
    let repository = Repository::adopted(folder, "repository", 1_000, small)?;
    let key = key(&repository, folder)?;
    let main = begin(&repository, &key)?;
    let head = grow(&repository, commits)?;
    record(&repository, &key, &main, &head)?;
    repository.git(&["repack", "-adq"])?;
    let hook = folder.join("pre-receive");
    programs.copy_ours("pre-receive", &hook)?;
    let line = format!("{main} {head} refs/heads/main\n");
    let pdd = repository.folder().join(".git/pdd");
    std::fs::create_dir_all(&pdd)?;
    let [floor, cold, warm] = in_turns(runs, |variant, _| match variant {
        0 => run_timed(repository.command("git").args([
            "rev-list",
            "--objects",
            "--quiet",
            &format!("{main}..{head}"),
        ])),
        _ => {
            if variant == 1 {
                let _ = std::fs::remove_file(pdd.join("known.json"));
            }
            judged(&repository, &hook, &line)
        }
    })?;
    let what =
        |how| format!("pre-receive of a landing of {commits} commits with signed records, {how}");
    Ok(vec![
        Row::seconds(what("the first time"), None, runs, &cold),
        Row::seconds(what("again"), None, runs, &warm),
        Row::plain(
            what("the first time: ours to `git rev-list --objects` of them"),
            None,
            runs,
            [floor, cold],
        ),
    ])
}

fn key(repository: &Repository, folder: &Path) -> io::Result<Key> {
    let path = folder.join("key");
    let mut make = repository.command("ssh-keygen");
    run(make
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&path))?;
    Key::at(&path).map_err(io::Error::other)
}

/// Puts policy and signers on `main`; returns its tip.
fn begin(repository: &Repository, key: &Key) -> io::Result<String> {
    let folder = repository.folder();
    repository.git(&["switch", "-q", "main"])?;
    std::fs::write(folder.join(".pdd.toml"), POLICY)?;
    std::fs::create_dir_all(folder.join(".pdd"))?;
    let line = format!("ann@example.org {}\n", key.public());
    std::fs::write(folder.join(".pdd/allowed_signers"), line)?;
    repository.git(&["add", "-A"])?;
    repository.git(&["commit", "-q", "-m", "chore: begin [TASK-001]"])?;
    Ok(repository.git(&["rev-parse", "main"])?.trim().to_owned())
}

/// Makes the commits by one `git fast-import`; returns the last.
fn grow(repository: &Repository, commits: usize) -> io::Result<String> {
    let mut stream = String::new();
    for number in 0..commits {
        let from = match number {
            0 => "from refs/heads/main\n",
            _ => "",
        };
        let (message, content) = ("chore: one step [TASK-001]", small(number + 1_000_000));
        let path = format!("source/step{}.txt", number % 100);
        // Writing to a String cannot fail.
        let _ = write!(
            stream,
            "commit refs/heads/grown\ncommitter A <a@example.org> {} +0000\ndata {}\n{message}\n{from}M 644 inline {path}\ndata {}\n{content}\n",
            1_768_467_600 + number,
            message.len(),
            content.len(),
        );
    }
    repository.import(|pipe| pipe.write_all(stream.as_bytes()))?;
    Ok(repository.git(&["rev-parse", "grown"])?.trim().to_owned())
}

/// Signs that each commit's tree has passed, and that the last may land.
fn record(repository: &Repository, key: &Key, main: &str, head: &str) -> io::Result<()> {
    let opened = git::Repository::open_at(repository.folder()).map_err(io::Error::other)?;
    let blob = repository.git(&["rev-parse", "main:.pdd.toml"])?;
    let blob = BlobId::new(blob.trim());
    let policy = Policy::parse(POLICY, "bench").map_err(io::Error::other)?;
    let definition = fingerprint::definition(&policy.check[0]);
    let mut base = tree(repository, main)?;
    let mut statements = Vec::new();
    let range = format!("{main}..{head}");
    let trees = repository.git(&["log", "--reverse", "--format=%T", &range])?;
    for next in trees.lines().map(TreeId::new) {
        statements.push(validation(&next, &base, &definition, &blob));
        base = next;
    }
    store(&opened, key, &statements, Namespace::Evidence)?;
    let approval = Approval {
        tool: "pdd-hooks 0.1.0".into(),
        time: "2026-01-15T10:00:00Z".into(),
        decision: Decision::Approve,
        repository: "bench".into(),
        reference: "refs/heads/main".into(),
        from: CommitId::new(main),
        head: CommitId::new(head),
        to: base.clone(),
        policy: Some(blob),
        bootstrap: false,
        policy_files: None,
        waivers: Vec::new(),
        over: Vec::new(),
        withdraws: Vec::new(),
        expires: None,
        reason: None,
        nonce: "0".repeat(32),
    };
    let said = Statement::about(&base, None, Predicate::Approval(Box::new(approval)));
    store(&opened, key, &[said], Namespace::Approval)
}

fn tree(repository: &Repository, commit: &str) -> io::Result<TreeId> {
    let tree = repository.git(&["rev-parse", &format!("{commit}^{{tree}}")])?;
    Ok(TreeId::new(tree.trim()))
}

fn store(
    opened: &git::Repository,
    key: &Key,
    statements: &[Statement],
    namespace: Namespace,
) -> io::Result<()> {
    let signed = key
        .sign(statements, namespace, Asks::Never)
        .map_err(io::Error::other)?;
    let lines: Result<Vec<Vec<u8>>, _> = signed.iter().map(Envelope::to_line).collect();
    let lines = lines.map_err(io::Error::other)?;
    opened.add_records(&lines).map_err(io::Error::other)?;
    Ok(())
}

fn validation(tree: &TreeId, base: &TreeId, definition: &str, blob: &BlobId) -> Statement {
    let validation = Validation {
        tool: "pdd-hooks 0.1.0".into(),
        time: "2026-01-15T10:00:00Z".into(),
        task: None,
        persona: None,
        base: Some(base.clone()),
        policy: 1,
        blob: blob.clone(),
        checks: vec![CheckRecord {
            name: "tests".into(),
            kind: CheckKind::Test,
            definition: definition.into(),
            key: "0".repeat(64),
            result: CheckResult::Passed,
            counts: Counts {
                passed: 1,
                ..Counts::default()
            },
            ms: 1_000,
            failing: Vec::new(),
            sealed: Vec::new(),
        }],
        left_out: Vec::new(),
    };
    Statement::validation(tree, None, validation, &[])
}

/// Runs the hook as git runs it, and insists that it lets the landing through: a refusal would be quicker.
fn judged(repository: &Repository, hook: &Path, line: &str) -> io::Result<Duration> {
    let start = Instant::now();
    let mut child = repository
        .command(hook)
        .env("GIT_DIR", repository.folder().join(".git"))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        pipe.write_all(line.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let took = start.elapsed();
    match output.status.success() {
        true => Ok(took),
        false => Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )),
    }
}
