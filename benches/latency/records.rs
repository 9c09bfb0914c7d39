//! What it costs to learn from the records which trees are validated: as push, `check` and audit do before they judge.

use std::io;
use std::path::Path;
use std::time::Instant;

use pdd_hooks::evidence::envelope::Envelope;
use pdd_hooks::evidence::statement::{CheckRecord, CheckResult, Counts, Statement, Validation};
use pdd_hooks::git;
use pdd_hooks::id::{BlobId, TreeId};
use pdd_hooks::policy::CheckKind;
use pdd_hooks::proof::known::Known;

use super::row::Row;
use super::support::{Programs, Repository, in_turns, run_timed, size, small};

/// The tests that each record names.
const TESTS: usize = 200;

pub(crate) fn measure(_: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let records = size("PDD_BENCH_RECORDS", 10_000)?;
    let runs = size("PDD_BENCH_RUNS", 100)?.div_ceil(10);
    let repository = Repository::adopted(folder, "repository", 10, small)?;
    let opened = git::Repository::open_at(repository.folder()).map_err(io::Error::other)?;
    let pdd = opened.pdd_folder();
    std::fs::create_dir_all(&pdd)?;
    for from in (0..records).step_by(1_000) {
        let lines: io::Result<Vec<_>> = (from..records.min(from + 1_000)).map(line).collect();
        opened.add_records(&lines?).map_err(io::Error::other)?;
    }
    // So they lie in a repository that is in use: git packs what there is much of.
    repository.git(&["repack", "-adq"])?;
    let [floor, cold, warm] = in_turns(runs, |variant, _| match variant {
        0 => run_timed(repository.command("git").args([
            "cat-file",
            "--batch-all-objects",
            "--batch",
            "--unordered",
        ])),
        _ => {
            if variant == 1 {
                let _ = std::fs::remove_file(pdd.join("known.json"));
            } else {
                Known::read(&opened, None).map_err(io::Error::other)?;
            }
            // Opened anew, as each program does: nothing is left of what was read before.
            let opened = git::Repository::open_at(repository.folder()).map_err(io::Error::other)?;
            let start = Instant::now();
            Known::read(&opened, None).map_err(io::Error::other)?;
            Ok(start.elapsed())
        }
    })?;
    let what = |how| format!("what {records} records say, {how}");
    let ratio = what("the first time: ours to `git cat-file --batch` of all");
    Ok(vec![
        Row::seconds(what("again"), Some(0.05), runs, &warm),
        Row::seconds(what("the first time"), None, runs, &cold),
        Row::plain(ratio, None, runs, [floor, cold]),
    ])
}

/// The record of a validation whose one check ran two hundred tests.
fn line(number: usize) -> io::Result<Vec<u8>> {
    let id = |number: usize| TreeId::new(format!("{number:040x}"));
    let validation = Validation {
        tool: "pdd-hooks 0.1.0".into(),
        time: "2026-01-15T10:00:00Z".into(),
        task: None,
        persona: None,
        base: Some(id(number)),
        policy: 1,
        blob: BlobId::new("a".repeat(40)),
        checks: vec![CheckRecord {
            name: "tests".into(),
            kind: CheckKind::Test,
            definition: "b".repeat(64),
            key: format!("{number:064x}"),
            result: CheckResult::Passed,
            counts: Counts {
                passed: TESTS as u64,
                ..Counts::default()
            },
            ms: 1_000,
            failing: Vec::new(),
            sealed: Vec::new(),
        }],
        left_out: Vec::new(),
    };
    let passed: Vec<_> = (0..TESTS)
        .map(|test| ("tests".to_owned(), format!("module::part::a_claim_{test}")))
        .collect();
    let statement = Statement::validation(&id(number + 1), None, validation, &passed);
    Envelope::unsigned(&statement)
        .and_then(|envelope| envelope.to_line())
        .map_err(io::Error::other)
}
