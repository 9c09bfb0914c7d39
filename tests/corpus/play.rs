//! Plays a probe step by step and compares what the hooks say with what the probe expects.

use crate::probe::{Probe, Step, Verdict, all};
use crate::scene::{scene, shell};
use crate::support::{Output, Repo};

/// What the hooks said to the steps that were taken.
pub(crate) struct Played {
    steps: Vec<(Verdict, String)>,
}

impl Played {
    /// The verdict that the probe ended with.
    pub(crate) fn last(&self) -> Verdict {
        self.steps.last().unwrap().0
    }

    /// Fails where a step did not end as expected, or without the words expected, with its output.
    pub(crate) fn judge(&self, probe: &Probe) -> Result<(), String> {
        for (number, (verdict, output)) in self.steps.iter().enumerate() {
            let expected = probe.expected(number);
            let missing: Vec<&String> = probe.steps[number]
                .says
                .iter()
                .filter(|words| !output.contains(words.as_str()))
                .collect();
            let place = format!("{}\nstep {} is ", probe.about, number + 1);
            if *verdict != expected {
                return Err(format!(
                    "{place}{verdict:?} and should be {expected:?}\n{output}"
                ));
            }
            if !missing.is_empty() {
                return Err(format!(
                    "{place}{verdict:?} as it should be, but not in the words {missing:?}\n{output}"
                ));
            }
        }
        Ok(())
    }
}

/// Takes the steps of a probe, up to the first that does not end as expected.
pub(crate) fn play(probe: &Probe) -> Played {
    let repo = scene(probe);
    let mut played = Played { steps: Vec::new() };
    for (number, step) in probe.steps.iter().enumerate() {
        let output = take(&repo, step);
        let verdict = verdict(&output);
        played.steps.push((verdict, output.text()));
        if verdict != probe.expected(number) {
            break;
        }
    }
    played
}

fn take(repo: &Repo, step: &Step) -> Output {
    for (path, text) in &step.files {
        repo.write(path, text);
    }
    for path in &step.delete {
        std::fs::remove_file(repo.at(path)).unwrap();
    }
    let _ = shell(repo, &step.run, "").ok();
    let _ = repo.git(&["add", "-A"]).ok();
    match &step.commit {
        Some(script) => shell(repo, script, &step.message),
        None => repo.git(&["commit", "-q", "-m", &step.message]),
    }
}

fn verdict(output: &Output) -> Verdict {
    if output.code() == 0 {
        Verdict::Accepted
    } else if output.stderr.contains("error[PDD") {
        Verdict::Refused
    } else {
        Verdict::Undecided
    }
}

/// A probe is no decoration: played without the rule, its attack is accepted, and that is told as wrong.
pub(crate) fn an_unguarded_tautology_is_told_as_wrong() -> Result<(), String> {
    let mut probe = all()
        .into_iter()
        .find(|probe| probe.name() == "tamper/python/asserts_true")
        .unwrap();
    probe.policy += "[rules]\nred-first = \"off\"\n";
    match play(&probe).judge(&probe) {
        Err(words) if words.contains("is Accepted and should be Refused") => Ok(()),
        other => Err(format!("{other:?}")),
    }
}
