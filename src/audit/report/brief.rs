//! What counting, sorting and `--fail-on` ask of a commit, in a few bytes: so that a report of what is known already need not
//! read it.

use super::row::Row;
use crate::audit::class::Class;
use crate::finding::Level;
use crate::rules::RULES;

/// How many findings it holds.
const MOST: usize = 14;

/// The levels, by their number in a brief.
const LEVELS: [Level; 3] = [Level::Error, Level::Warn, Level::Waived];

/// Class and findings of a row: the class' place in [`Class::ALL`], how many findings there are, and for each four times the
/// place of its rule, and its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brief([u8; 2 + MOST]);

impl Brief {
    /// How many bytes it has.
    pub const LENGTH: usize = 2 + MOST;

    /// Makes it of a row; none where the row has no class or more findings than fit.
    pub fn of(row: &Row) -> Option<Self> {
        let class = Class::ALL.iter().position(|it| Some(*it) == row.class)?;
        let count = row.findings.len();
        let mut bytes = [0; Self::LENGTH];
        bytes[0] = u8::try_from(class).ok()?;
        bytes[1] = u8::try_from(count).ok().filter(|_| count <= MOST)?;
        for (byte, finding) in bytes[2..].iter_mut().zip(&row.findings) {
            let rule = RULES.iter().position(|rule| rule.code == finding.code)?;
            let level = LEVELS.iter().position(|it| *it == finding.level)?;
            *byte = u8::try_from(rule * 4 + level).ok()?;
        }
        Some(Self(bytes))
    }

    /// Reads its bytes; none where they are none of a brief.
    pub fn read(bytes: [u8; Self::LENGTH]) -> Option<Self> {
        let is_known = |byte: &u8| {
            let (rule, level) = (usize::from(byte / 4), usize::from(byte % 4));
            rule < RULES.len() && level < LEVELS.len()
        };
        let count = usize::from(bytes[1]);
        let is_sound = usize::from(bytes[0]) < Class::ALL.len()
            && count <= MOST
            && bytes[2..].iter().take(count).all(is_known);
        is_sound.then_some(Self(bytes))
    }

    /// Returns its bytes.
    pub fn bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// Returns the class.
    pub fn class(&self) -> Class {
        Class::ALL[usize::from(self.0[0])]
    }

    /// Lists the findings, each by its code and level.
    pub fn findings(&self) -> impl Iterator<Item = (&'static str, Level)> + '_ {
        let found = self.0[2..].iter().take(usize::from(self.0[1]));
        found.map(|byte| {
            let rule = RULES[usize::from(byte / 4)];
            (rule.code, LEVELS[usize::from(byte % 4)])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Place;
    use crate::finding::Finding;
    use crate::id::TreeId;

    fn row(findings: usize) -> Row {
        let levels = LEVELS.iter().cycle();
        let findings = RULES.iter().cycle().zip(levels).take(findings);
        let findings = findings.map(|(rule, &level)| Finding {
            level,
            ..Finding::new(rule.code, rule.name, "x")
        });
        let place = Place::Staged(None);
        let mut row = Row::staged(
            TreeId::new(""),
            Vec::new(),
            None,
            None,
            &place,
            findings.collect(),
        );
        row.class = Some(Class::Squashed);
        row
    }

    #[test]
    fn a_brief_says_class_and_findings_of_its_row() {
        for count in [0, 1, MOST] {
            let row = row(count);
            let brief = Brief::of(&row).unwrap();
            let brief = Brief::read(*brief.bytes()).unwrap();
            assert_eq!(brief.class(), Class::Squashed);
            let found: Vec<_> = brief.findings().collect();
            let expected = row.findings.iter().map(|it| (it.code, it.level));
            assert_eq!(found, expected.collect::<Vec<_>>());
        }
        assert_eq!(Brief::of(&row(MOST + 1)), None);
    }

    #[test]
    fn bytes_of_another_kind_are_no_brief() {
        let brief = Brief::of(&row(1)).unwrap();
        for (place, byte) in [(0, 99), (1, 99), (2, 3), (2, 255)] {
            let mut bytes = *brief.bytes();
            bytes[place] = byte;
            assert_eq!(Brief::read(bytes), None, "{place}");
        }
    }
}
