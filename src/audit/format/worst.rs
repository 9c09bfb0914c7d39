//! The worst commits of a report, no more of them than are shown, and who went round the hooks.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};
use std::io;

use super::words;
use crate::audit::class::Class;
use crate::audit::report::{ActorKind, Entry, Row};
use crate::finding::Level;

/// How bad a commit is; the greater, the worse. Who went round the hooks comes first, then what is open, then the order of
/// the classes, then the youngest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    is_bypassed: bool,
    is_open: bool,
    class: Reverse<usize>,
    errors: usize,
    warnings: usize,
    place: usize,
}

impl Weight {
    fn of(entry: &Entry, place: usize) -> Self {
        let findings = entry.findings();
        let count = |level| findings.iter().filter(|(_, it)| *it == level).count();
        let class = entry.class();
        let errors = count(Level::Error);
        let rank = |class| Class::ALL.iter().position(|&known| known == class);
        Self {
            is_bypassed: class == Some(Class::Bypassed),
            is_open: errors > 0,
            class: Reverse(class.and_then(rank).unwrap_or(Class::ALL.len())),
            errors,
            warnings: count(Level::Warn),
            place,
        }
    }
}

struct Held<T> {
    weight: Weight,
    shown: Shown<T>,
}

/// A commit in its form, or what was kept of it: most of those that are among the worst for a while are not at the end.
enum Shown<T> {
    Now(T),
    Later(Box<Entry>),
}

impl<T> PartialEq for Held<T> {
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight
    }
}

impl<T> Eq for Held<T> {}

impl<T> PartialOrd for Held<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Held<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.weight.cmp(&other.weight)
    }
}

/// The worst commits so far, in the form that they are shown in.
pub(super) struct Worst<T> {
    most: usize,
    show: fn(&Row) -> T,
    seen: usize,
    held: BinaryHeap<Reverse<Held<T>>>,
}

impl<T> Worst<T> {
    /// Holds so many commits and no more, each in the form that `show` gives it.
    pub(super) fn new(most: usize, show: fn(&Row) -> T) -> Self {
        Self {
            most,
            show,
            seen: 0,
            held: BinaryHeap::new(),
        }
    }

    /// Takes a commit where it is among the worst so far; only then is it put into its form.
    ///
    /// # Errors
    /// What was kept of it cannot be read.
    pub(super) fn offer(&mut self, entry: &Entry) -> io::Result<()> {
        let weight = Weight::of(entry, self.seen);
        self.seen += 1;
        if self.held.len() >= self.most {
            match self.held.peek() {
                Some(Reverse(best)) if best.weight < weight => self.held.pop(),
                _ => return Ok(()),
            };
        }
        let shown = match entry.later() {
            Some(entry) => Shown::Later(Box::new(entry)),
            None => Shown::Now((self.show)(entry.row()?)),
        };
        self.held.push(Reverse(Held { weight, shown }));
        Ok(())
    }

    /// Hands out what is held, worst first.
    ///
    /// # Errors
    /// What was kept of a commit cannot be read.
    pub(super) fn take(&mut self) -> io::Result<Vec<T>> {
        let held = std::mem::take(&mut self.held);
        // The order is that of `Reverse`: the worst are its least.
        let sorted = held.into_sorted_vec();
        let shown = sorted.into_iter().map(|Reverse(it)| match it.shown {
            Shown::Now(shown) => Ok(shown),
            Shown::Later(entry) => Ok((self.show)(entry.row()?)),
        });
        shown.collect()
    }
}

/// How many people are told apart; beyond that a history has been made to fill the memory.
const PEOPLE: usize = 10_000;

/// Who went round the hooks, and how often.
#[derive(Default)]
pub(super) struct People {
    counts: HashMap<String, usize>,
    others: usize,
}

impl People {
    /// Counts a commit, if it went round the hooks.
    ///
    /// # Errors
    /// What was kept of it cannot be read.
    pub(super) fn add(&mut self, entry: &Entry) -> io::Result<()> {
        if entry.class() != Some(Class::Bypassed) {
            return Ok(());
        }
        let row = entry.row()?;
        let (name, email, kind) = words::author(row).unwrap_or(("", "", ActorKind::Person));
        let who = format!("{} <{}>", words::named(name, kind), words::cut(email, 64));
        if self.counts.len() < PEOPLE || self.counts.contains_key(&who) {
            *self.counts.entry(who).or_default() += 1;
        } else {
            self.others += 1;
        }
        Ok(())
    }

    /// Lists the first so many with their counts, and counts the commits of all others.
    pub(super) fn most(&self, most: usize) -> (Vec<(&str, usize)>, usize) {
        let mut people: Vec<(&str, usize)> = self
            .counts
            .iter()
            .map(|(who, &count)| (who.as_str(), count))
            .collect();
        people.sort_unstable_by(|(who, count), (other, more)| more.cmp(count).then(who.cmp(other)));
        let rest: usize = people.iter().skip(most).map(|(_, count)| count).sum();
        people.truncate(most);
        (people, rest + self.others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Place;
    use crate::finding::Finding;
    use crate::id::TreeId;

    fn row(name: &str, class: Class, levels: &[Level]) -> Row {
        let findings = levels.iter().map(|&level| Finding {
            level,
            ..Finding::new("PDD001", "task-id", "x")
        });
        let mut row = Row::staged(
            TreeId::new(""),
            Vec::new(),
            Some(name.to_owned()),
            None,
            &Place::Staged(None),
            findings.collect(),
        );
        row.class = Some(class);
        row
    }

    #[test]
    fn the_worst_come_first_and_no_more_are_held_than_shown() {
        let rows = [
            row("clean", Class::Enforced, &[]),
            row("foreign", Class::Foreign, &[]),
            row("landed", Class::Merge, &[Level::Error]),
            row("old bypass", Class::Bypassed, &[]),
            row("new bypass", Class::Bypassed, &[]),
            row("bad bypass", Class::Bypassed, &[Level::Error]),
            row("warned", Class::Enforced, &[Level::Warn]),
        ];
        let worst = |most| {
            let mut worst = Worst::new(most, |row| row.subject.clone().unwrap());
            for row in &rows {
                let entry = Entry::of(row.clone());
                worst.offer(&entry).unwrap();
                assert!(worst.held.len() <= most);
            }
            worst.take().unwrap().join(", ")
        };
        assert_eq!(
            worst(9),
            "bad bypass, new bypass, old bypass, landed, foreign, warned, clean"
        );
        assert_eq!(worst(2), "bad bypass, new bypass");
    }

    #[test]
    fn people_are_listed_by_how_often_they_went_round_the_hooks() {
        let mut people = People::default();
        for (name, class) in [
            ("Ann", Class::Bypassed),
            ("Bob", Class::Bypassed),
            ("Cy", Class::Enforced),
            ("Bob", Class::Bypassed),
            ("Dan", Class::Bypassed),
        ] {
            let mut row = row("x", class, &[]);
            row.author = Some(crate::audit::report::Author {
                name: name.into(),
                email: "x".into(),
            });
            people.add(&Entry::of(row)).unwrap();
        }
        assert_eq!(people.most(2), (vec![("Bob <x>", 2), ("Ann <x>", 1)], 1));
    }
}
