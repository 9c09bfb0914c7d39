//! Plays every probe of the corpus with real git, the installed hooks and real runners: one test a probe, and a table of
//! them all where one process ran several. `README.md` beside this file tells how to read and add one.

#![expect(
    clippy::unwrap_used,
    reason = "a fixture that cannot go on stops its test, as the test itself would"
)]

mod play;
mod probe;
mod scene;
#[path = "../it/support.rs"]
mod support;
mod table;

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use libtest_mimic::{Arguments, Failed, Trial};

use probe::{Kind, Probe};
use table::Table;

/// How many probes of each kind the corpus must have.
const ENOUGH: usize = 60;

#[expect(clippy::print_stdout, reason = "the table is what was asked for")]
fn main() -> ExitCode {
    let probes = probe::all();
    let table = Arc::new(Mutex::new(Table::default()));
    let mut trials = claims(&probes);
    for probe in probes {
        let table = Arc::clone(&table);
        trials.push(Trial::test(probe.name(), move || {
            let played = play::play(&probe);
            table.lock().unwrap().add(&probe, &played);
            played.judge(&probe).map_err(Failed::from)
        }));
    }
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
    print!("{}", table.lock().unwrap());
    conclusion.exit_code()
}

/// What must hold of the corpus itself.
fn claims(probes: &[Probe]) -> Vec<Trial> {
    let counts = [Kind::Tamper, Kind::Honest].map(|kind| {
        let count = probes.iter().filter(|probe| probe.kind == kind).count();
        (kind, count)
    });
    let mut about: Vec<&str> = probes.iter().map(|probe| probe.about.as_str()).collect();
    let all = about.len();
    about.sort_unstable();
    about.dedup();
    let alike = all - about.len();
    let claim = |name: &str, holds: bool, words: String| {
        Trial::test(name, move || match holds {
            true => Ok(()),
            false => Err(Failed::from(words)),
        })
    };
    vec![
        claim(
            "corpus/there_are_sixty_probes_of_each_kind",
            counts.iter().all(|(_, count)| *count >= ENOUGH),
            format!("{counts:?}"),
        ),
        claim(
            "corpus/each_probe_is_about_something_else",
            alike == 0,
            format!("{alike} are about the same"),
        ),
        Trial::test(
            "corpus/what_is_accepted_against_the_corpus_is_wrong",
            || play::an_unguarded_tautology_is_told_as_wrong().map_err(Failed::from),
        ),
    ]
}
