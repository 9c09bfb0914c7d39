//! One line of the table: a ratio to a floor, seconds, times a second, or memory.

use std::fmt;

use super::support::Samples;

/// One line of the table.
pub(crate) struct Row {
    what: String,
    /// The most that the median may be, of a rate the least; none for a number that stands beside another one.
    goal: Option<f64>,
    runs: usize,
    median: f64,
    p10: f64,
    unit: &'static str,
}

impl Row {
    /// Compares two variants as they are.
    pub(crate) fn plain(
        what: String,
        goal: Option<f64>,
        runs: usize,
        [floor, ours]: [Samples; 2],
    ) -> Self {
        let ratio = |share| ours.quantile(share) / floor.quantile(share);
        Self {
            what,
            goal,
            runs,
            median: ratio(0.5),
            p10: ratio(0.1),
            unit: "",
        }
    }

    /// Compares what two variants add to the first, which has no hooks.
    pub(crate) fn added(
        what: String,
        goal: Option<f64>,
        runs: usize,
        [none, floor, ours]: [Samples; 3],
    ) -> Self {
        let base = none.quantile(0.1);
        Self {
            what,
            goal,
            runs,
            median: ours.median_over(&none) / floor.median_over(&none),
            p10: (ours.quantile(0.1) - base) / (floor.quantile(0.1) - base),
            unit: "",
        }
    }

    /// Gives the times of one variant as they are, in seconds.
    pub(crate) fn seconds(what: String, goal: Option<f64>, runs: usize, times: &Samples) -> Self {
        Self {
            what,
            goal,
            runs,
            median: times.quantile(0.5),
            p10: times.quantile(0.1),
            unit: " s",
        }
    }

    /// Gives how often one variant can be done in a second; the goal is the least.
    pub(crate) fn rate(what: String, goal: Option<f64>, runs: usize, times: &Samples) -> Self {
        Self {
            what,
            goal,
            runs,
            median: 1.0 / times.quantile(0.5),
            p10: 1.0 / times.quantile(0.1),
            unit: " a second",
        }
    }

    /// Gives the most memory that each run of one variant had at once, in MiB.
    pub(crate) fn peak(what: String, goal: Option<f64>, runs: usize, peaks: &Samples) -> Self {
        Self {
            what,
            goal,
            runs,
            median: peaks.quantile(0.5),
            p10: peaks.quantile(0.1),
            unit: " MiB",
        }
    }

    /// Gives what the peaks of two sizes differ by for each piece, in bytes, of the medians and of the tenth percentiles.
    pub(crate) fn growth(
        what: String,
        goal: Option<f64>,
        runs: usize,
        pieces: usize,
        [small, large]: [Samples; 2],
    ) -> Self {
        // The peaks are in MiB.
        let each = 1_048_576.0 / pieces as f64;
        let growth = |share| (large.quantile(share) - small.quantile(share)) * each;
        Self {
            what,
            goal,
            runs,
            median: growth(0.5),
            p10: growth(0.1),
            unit: " bytes",
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what, runs, unit, ..
        } = self;
        // Hundredths of a second would round what is quick to nothing.
        let digits = match *unit {
            "" => 2,
            " s" => 3,
            " MiB" => 1,
            _ => 0,
        };
        let number = |value: f64| format!("{value:.digits$}{unit}");
        let goal = self.goal.map_or_else(String::new, number);
        let (median, p10) = (number(self.median), number(self.p10));
        write!(f, "| {what} | {goal} | {median} | {p10} | {runs} |")
    }
}
