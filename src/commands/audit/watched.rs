//! Looks at a report as it passes: whether it holds what the audit is to fail on, and what its form has no place for.

use std::io::{self, Write as _};

use crate::audit::class::Class;
use crate::audit::format::warnings;
use crate::audit::report::{Entry, Head, Sink, Tail};
use crate::finding::Level;

/// Lists what an audit can fail on: every class, then the levels of findings.
pub(super) fn reasons() -> impl Iterator<Item = &'static str> {
    let classes = Class::ALL.iter().map(|class| class.as_str());
    // `waived` is a class and a level, and means both.
    classes.chain([Level::Error.as_str(), Level::Warn.as_str()])
}

/// Counts, and hands everything on.
pub(super) struct Watched<'s> {
    sink: &'s mut dyn Sink,
    reasons: &'s [String],
    says_warnings: bool,
    fails: bool,
}

impl<'s> Watched<'s> {
    /// Watches for these reasons; `says_warnings` where the form has no place for notes and moved references.
    pub(super) fn new(sink: &'s mut dyn Sink, reasons: &'s [String], says_warnings: bool) -> Self {
        Self {
            sink,
            reasons,
            says_warnings,
            fails: false,
        }
    }

    /// Says whether one of the reasons was there.
    pub(super) fn fails(&self) -> bool {
        self.fails
    }

    fn names(&self, word: &str) -> bool {
        self.reasons.iter().any(|reason| reason == word)
    }

    fn is_reason(&self, entry: &Entry) -> bool {
        let class = entry.class();
        let mut findings = entry.findings().into_iter();
        class.is_some_and(|class| self.names(class.as_str()))
            || findings.any(|(_, level)| self.names(level.as_str()))
    }
}

impl Sink for Watched<'_> {
    fn begin(&mut self, head: &Head) -> io::Result<()> {
        self.sink.begin(head)
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        if !self.fails && !self.reasons.is_empty() {
            self.fails = self.is_reason(entry);
        }
        self.sink.row(entry)
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        // A reference that was moved round the hooks is as bad as a commit that was.
        self.fails |= !tail.moves.is_empty() && self.names(Class::Bypassed.as_str());
        if self.says_warnings {
            for warning in warnings(tail) {
                // Where stderr is closed there is nobody to tell.
                let _ = writeln!(anstream::stderr(), "warning: {warning}");
            }
        }
        self.sink.end(tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::report::{PolicyName, RefMove, Report};

    /// Takes everything.
    struct Nowhere;

    impl Sink for Nowhere {
        fn begin(&mut self, _: &Head) -> io::Result<()> {
            Ok(())
        }

        fn row(&mut self, _: &Entry) -> io::Result<()> {
            Ok(())
        }

        fn end(&mut self, _: &Tail) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_moved_reference_counts_as_bypassed() {
        let name = PolicyName {
            number: 1,
            blob: None,
        };
        for (reason, expected) in [("bypassed", true), ("foreign", false), ("error", false)] {
            let mut report = Report::new(Head::new(None, name.clone()), Vec::new(), Vec::new());
            report.tail.moves.push(RefMove {
                reference: "refs/heads/main".into(),
                from: None,
                to: None,
                how: "update-ref".into(),
                time: None,
                evidence: Vec::new(),
            });
            let reasons = [reason.to_owned()];
            let mut nowhere = Nowhere;
            let mut watched = Watched::new(&mut nowhere, &reasons, false);
            report.write(&mut watched).unwrap();
            assert_eq!(watched.fails(), expected, "{reason}");
        }
    }
}
