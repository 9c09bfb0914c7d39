//! What a person at a terminal sees while checks run: which one, for how long, how many tests so far; and while an audit
//! reads: how many commits of how many. Nothing where stderr is no terminal, and nothing is left behind.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::policy::CheckBlock;
use crate::proof::report::Tally;
use crate::proof::validation::Watch;

/// A line on stderr that is drawn anew ten times a second and wiped at the end.
#[derive(Debug)]
pub struct Progress {
    /// Stands before the name of the check: `commit 3 of 20, `.
    prefix: String,
    bar: Option<ProgressBar>,
    tally: Tally,
}

impl Progress {
    /// Shows nothing until a check begins.
    pub fn new() -> Self {
        Self::at(String::new())
    }

    /// Shows `prefix` before the name of each check.
    pub fn at(prefix: String) -> Self {
        Self {
            prefix,
            bar: None,
            tally: Tally::default(),
        }
    }

    fn show(&mut self, what: String) {
        self.wipe();
        let bar = ProgressBar::new_spinner().with_message(what);
        // The template is fixed, so it can be read; the default would do as well.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed} {prefix}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        self.bar = Some(bar);
    }

    fn wipe(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl Watch for Progress {
    fn waiting(&mut self) {
        self.show("waiting for another validation in this work tree".to_owned());
    }

    fn begin(&mut self, check: &CheckBlock) {
        self.tally = Tally::of(check.report);
        self.show(format!("{}{}", self.prefix, check.name));
    }

    fn output(&mut self, bytes: &[u8]) {
        // Where nobody sees the count, a flood of output is not read for it.
        let Some(bar) = self.bar.as_ref().filter(|bar| !bar.is_hidden()) else {
            return;
        };
        self.tally.feed(bytes);
        if let count @ 1.. = self.tally.count() {
            bar.set_prefix(format!("{count} tests so far"));
        }
    }

    fn end(&mut self) {
        self.wipe();
    }
}

/// A bar on stderr: how many commits are done, of how many, and how fast; wiped when it is dropped.
#[derive(Debug)]
pub struct Count(ProgressBar);

impl Count {
    /// Shows what is done before anything can be counted; nothing at all where `is_shown` is not so.
    pub fn new(is_shown: bool, what: &'static str) -> Self {
        let bar = match is_shown {
            true => ProgressBar::new_spinner().with_message(what),
            false => ProgressBar::hidden(),
        };
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self(bar)
    }

    /// Shows a bar from now on.
    pub fn begin(&mut self, all: usize) {
        const FORM: &str = "{bar:24} {pos} of {len} commits, {per_sec}";
        // Before the style: each of these draws, and a bar without its length would show for a moment.
        self.0.set_length(all as u64);
        self.0.reset();
        // The template is fixed, so it can be read; the default would do as well.
        if let Ok(style) = ProgressStyle::with_template(FORM) {
            self.0.set_style(style);
        }
    }

    /// Counts further ones.
    pub fn add(&mut self, more: usize) {
        self.0.inc(more as u64);
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
