//! Some tests run alone by the real runners, and found again in what those report. `tests/setup-runners.sh` makes the
//! runners of Python and Node available.

mod cargo;
mod node;
mod pytest;

use std::fmt::Write as _;

use pdd_hooks::policy::{CheckBlock, ReportForm};
use pdd_hooks::proof::report::{TestCase, from_top, read};
use pdd_hooks::proof::selection::{Selected, find, loading, plan};
use pdd_hooks::proof::target::Target;

use crate::support::Repo;

/// Makes a check of its `run`, `only` and more keys.
fn check(run: &[&str], only: &[&str], more: &str) -> CheckBlock {
    let text = format!("name = 'tests'\nkind = 'test'\nrun = {run:?}\nonly = {only:?}\n{more}");
    toml::from_str(&text).unwrap()
}

fn target(file: &str, path: &[&str]) -> Target {
    Target {
        file: file.to_owned(),
        path: path.iter().map(|&part| part.to_owned()).collect(),
        is_exact: true,
        ids: Vec::new(),
    }
}

fn inexact(file: &str, path: &[&str]) -> Target {
    Target {
        is_exact: false,
        ..target(file, path)
    }
}

/// Runs what is planned for these tests at the top of a project. Tells what each run reported, and what became of each
/// test in all of them.
fn select(repo: &Repo, check: &CheckBlock, targets: &[Target]) -> String {
    let runs = plan(check, targets);
    let done: Vec<(Selected, Vec<TestCase>)> = runs
        .into_iter()
        .map(|run| {
            let cases = reported(repo, check, &run);
            (run, cases)
        })
        .collect();
    let mut told = String::new();
    for (run, cases) in &done {
        let of = run.file.as_deref().map(|file| format!(" of {file}"));
        let of = of.unwrap_or_default();
        writeln!(told, "a run{of}: {} reported", cases.len()).unwrap();
    }
    for target in targets {
        write!(told, "{} {}:", target.file, target.path.join(" > ")).unwrap();
        for (run, cases) in &done {
            let ran = run.file.as_deref();
            for case in find(check, target, cases, ran) {
                let state = format!("{:?}", case.state).to_lowercase();
                write!(told, " {state} `{}`", case.id).unwrap();
            }
            if let Some(case) = loading(check, target, cases, ran) {
                write!(told, " not loaded `{}`", case.id).unwrap();
            }
        }
        told.push('\n');
    }
    told
}

/// Runs the check once and reads its report; no cases where there is none.
fn reported(repo: &Repo, check: &CheckBlock, run: &Selected) -> Vec<TestCase> {
    let report = repo.root().join("report");
    let _ = std::fs::remove_file(&report);
    let place = |text: &str| text.replace("{report}", report.to_str().unwrap());
    let argv = check.run.iter().chain(&run.more).map(|arg| place(arg));
    let env = check.env.iter().map(|(name, value)| (name, place(value)));
    let mut command = repo.command("sh", repo.folder());
    command
        .args(["-c", "exec \"$@\" 2>&1", "sh"])
        .args(argv)
        .env("CI", "1")
        .envs(env);
    let output = repo.run(&mut command, b"");
    let bytes = match check.report {
        ReportForm::Libtest => output.stdout.into_bytes(),
        _ => std::fs::read(&report).unwrap_or_default(),
    };
    let mut cases = read(check.report, &bytes).unwrap_or_default();
    from_top(&mut cases, repo.folder().to_str().unwrap());
    cases
}
