//! Times, taken in turns so that a busy moment of the machine hits every variant alike.

use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use super::run;

/// The times of one variant in seconds, in the order of the rounds; or what else was measured in each.
#[derive(Clone)]
pub(crate) struct Samples(Vec<f64>);

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl Samples {
    /// Returns the value below which this share of the times lies: 0.5 is the median.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        quantile(self.0.clone(), share)
    }

    /// Returns the median of what each round took longer than the same round of `base`: unlike the difference of two
    /// medians it does not move when the machine is slower for a part of the series.
    pub(crate) fn median_over(&self, base: &Self) -> f64 {
        self.over(base).quantile(0.5)
    }

    /// Returns what each round took longer than the same round of `base`.
    pub(crate) fn over(&self, base: &Self) -> Self {
        let over = self.0.iter().zip(&base.0).map(|(time, base)| time - base);
        Self(over.collect())
    }
}

fn quantile(mut times: Vec<f64>, share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let last = times.len().saturating_sub(1) as f64;
    // Between 0 and `last`, which is an index.
    let place = (share * last).round() as usize;
    times.get(place).copied().unwrap_or(f64::NAN)
}

/// Takes `runs` times of each variant in turns after a warm-up; `measure` gets the variant and a number that never
/// comes twice.
pub(crate) fn in_turns<const N: usize>(
    runs: usize,
    mut measure: impl FnMut(usize, usize) -> io::Result<Duration>,
) -> io::Result<[Samples; N]> {
    let warm_up = runs.div_ceil(10);
    let mut times = [const { Vec::new() }; N];
    for run in 0..warm_up + runs {
        // Each round starts with another variant: whoever comes after a quick one finds warmer caches.
        for turn in 0..N {
            let variant = (run + turn) % N;
            let time = measure(variant, run * N + turn)?;
            if run >= warm_up {
                times[variant].push(time.as_secs_f64());
            }
        }
    }
    Ok(times.map(Samples))
}

/// Runs a program that must succeed, and returns how long it took from start to end.
pub(crate) fn run_timed(command: &mut Command) -> io::Result<Duration> {
    let start = Instant::now();
    run(command)?;
    Ok(start.elapsed())
}
