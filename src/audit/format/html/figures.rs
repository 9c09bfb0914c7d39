//! What the figures and plots count, gathered row by row: bounded by days, people and ways round, not by commits.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::data::{level, people};
use crate::audit::class::Class;
use crate::audit::report::{ActorKind, Part, Row};
use crate::finding::Level;

/// Commits by class, in the order of [`Class::ALL`].
pub(super) type ByClass = [usize; Class::ALL.len()];

/// How long it took until somebody noticed, shortest first: the name, and the seconds at which it ends.
pub(super) const WAITS: [(&str, i64); 7] = [
    ("under a minute", 60),
    ("minutes", 3_600),
    ("hours", 86_400),
    ("days", 604_800),
    ("weeks", 2_592_000),
    ("months", 31_536_000),
    ("a year or more", i64::MAX),
];

/// How many people, and how many ways, are told apart: beyond it a history was made to fill the memory.
const MOST: usize = 10_000;
/// What all beyond it are called.
const OTHERS: &str = "others";

/// The counts.
#[derive(Default)]
pub(super) struct Figures {
    /// By the author's day.
    pub(super) days: BTreeMap<Date, ByClass>,
    /// Commits whose date no calendar has.
    pub(super) undated: usize,
    /// Bypassed commits by their author's address.
    pub(super) people: BTreeMap<String, Bypasser>,
    /// Bypassed commits by how.
    pub(super) ways: BTreeMap<String, usize>,
    /// Bypassed commits by rule, and by the heaviest level of its findings there.
    pub(super) let_through: BTreeMap<&'static str, [usize; 3]>,
    /// Bypassed commits without a finding.
    pub(super) harmless: usize,
    /// By [`WAITS`]: bypassed ones, repaired ones.
    pub(super) waits: [[usize; 2]; WAITS.len()],
    /// Bypassed and repaired ones that nobody noticed before.
    pub(super) unnoticed: [usize; 2],
    /// Findings by level.
    pub(super) levels: [usize; 3],
    /// What is open, by rule.
    pub(super) open: BTreeMap<&'static str, Open>,
}

/// Somebody who went round the hooks.
#[derive(Clone, Debug)]
pub(super) struct Bypasser {
    /// The last name used with the address.
    pub(super) name: String,
    /// What the author is.
    pub(super) kind: ActorKind,
    /// Commits by nobody else than people.
    pub(super) alone: usize,
    /// Commits that name an agent or a bot besides.
    pub(super) assisted: usize,
}

/// Findings of one rule that no waiver lifts.
#[derive(Default)]
pub(super) struct Open {
    /// Commits with an error.
    pub(super) errors: usize,
    /// Commits with warnings alone.
    pub(super) warnings: usize,
    /// The help of the newest.
    pub(super) help: Option<String>,
}

impl Figures {
    /// Counts a row.
    pub(super) fn add(&mut self, row: &Row) {
        self.date(row);
        self.findings(row);
        match row.class {
            Some(Class::Bypassed) => {
                self.bypass(row);
                self.wait(row, 0);
            }
            Some(Class::Repaired) => self.wait(row, 1),
            _ => {}
        }
    }

    fn date(&mut self, row: &Row) {
        let Some(place) = Class::ALL
            .iter()
            .position(|class| Some(*class) == row.class)
        else {
            return;
        };
        // The day is the author's own: what the clock showed where the work was done.
        let day = row.time.as_deref().and_then(|time| time.get(..10));
        match day.and_then(|day| day.parse::<Date>().ok()) {
            Some(day) => self.days.entry(day).or_default()[place] += 1,
            None => self.undated += 1,
        }
    }

    fn findings(&mut self, row: &Row) {
        for finding in &row.findings {
            self.levels[level(finding.level)] += 1;
        }
        for (code, heaviest) in heaviest(row) {
            if heaviest == level(Level::Waived) {
                continue;
            }
            let open = self.open.entry(code).or_default();
            match heaviest {
                0 => open.errors += 1,
                _ => open.warnings += 1,
            }
            let newest = row.findings.iter().find(|finding| {
                finding.code == code && finding.level != Level::Waived && finding.help.is_some()
            });
            if let Some(finding) = newest {
                open.help.clone_from(&finding.help);
            }
        }
    }

    fn bypass(&mut self, row: &Row) {
        let how = row.how.as_deref().unwrap_or("no way known");
        let how = told_apart(&self.ways, how);
        *self.ways.entry(how.to_owned()).or_default() += 1;
        let heaviest = heaviest(row);
        self.harmless += usize::from(heaviest.is_empty());
        for (code, level) in heaviest {
            self.let_through.entry(code).or_default()[level] += 1;
        }
        let people = people(row);
        let Some(author) = people.first() else {
            return;
        };
        let helped = people
            .iter()
            .any(|actor| actor.role != Part::Author && actor.kind != ActorKind::Person);
        let email = author.email.to_lowercase();
        let key = told_apart(&self.people, &email);
        let name = if key == OTHERS { OTHERS } else { &author.name };
        let entry = self
            .people
            .entry(key.to_owned())
            .or_insert_with(|| Bypasser {
                name: String::new(),
                kind: author.kind,
                alone: 0,
                assisted: 0,
            });
        name.clone_into(&mut entry.name);
        entry.alone += usize::from(!helped);
        entry.assisted += usize::from(helped);
    }

    fn wait(&mut self, row: &Row, which: usize) {
        let when = |time: &Option<String>| time.as_deref()?.parse::<Timestamp>().ok();
        let (Some(made), Some(noticed)) = (when(&row.time), when(&row.noticed)) else {
            self.unnoticed[which] += 1;
            return;
        };
        // A clock may run behind: what was noticed before it was made was noticed at once.
        let wait = noticed.as_second() - made.as_second();
        let place = WAITS.iter().position(|(_, end)| wait < *end);
        self.waits[place.unwrap_or(WAITS.len() - 1)][which] += 1;
    }
}

/// Returns a key, or that of all others where the map is full.
fn told_apart<'k, T>(known: &BTreeMap<String, T>, key: &'k str) -> &'k str {
    match known.len() >= MOST && !known.contains_key(key) {
        true => OTHERS,
        false => key,
    }
}

/// Returns the rules that a row has findings of, each with the number of the heaviest level.
fn heaviest(row: &Row) -> BTreeMap<&'static str, usize> {
    let codes: BTreeSet<&'static str> = row.findings.iter().map(|finding| finding.code).collect();
    let heaviest = |code| {
        let of_code = row.findings.iter().filter(|finding| finding.code == code);
        of_code.map(|finding| level(finding.level)).min()
    };
    codes
        .into_iter()
        .filter_map(|code| Some((code, heaviest(code)?)))
        .collect()
}
