//! Classes over time: one stacked bar a day, week, month, quarter or number of years, sixty at most.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use maud::{Markup, html};

use super::figures::{ByClass, Figures};
use super::plot::{Fill, Plot, nothing, of_class, percent};
use super::{counted, grouped};
use crate::audit::class::Class;

/// How many bars are told apart on a narrow screen.
const MOST: usize = 60;
/// How many bars have room at least: two days of history make no two walls.
const LEAST: usize = 12;
const HEIGHT: f64 = 200.0;
const TOP: f64 = 12.0;

/// How long a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Years(i16),
}

/// From the finest; the last takes whatever a calendar holds.
const UNITS: [Unit; 12] = [
    Unit::Day,
    Unit::Week,
    Unit::Month,
    Unit::Quarter,
    Unit::Years(1),
    Unit::Years(2),
    Unit::Years(5),
    Unit::Years(10),
    Unit::Years(20),
    Unit::Years(50),
    Unit::Years(100),
    Unit::Years(1000),
];

/// One bar.
#[derive(Debug, PartialEq, Eq)]
struct Bar {
    start: Date,
    end: Date,
    counts: ByClass,
}

impl Unit {
    /// Returns the first day of the bar that holds a day.
    fn start(self, day: Date) -> Date {
        let (year, month) = (day.year(), day.month());
        let (year, month, day) = match self {
            Self::Day => return day,
            Self::Week => {
                let past = i64::from(day.weekday().to_monday_zero_offset());
                return day.checked_sub(past.days()).unwrap_or(day);
            }
            Self::Month => (year, month, 1),
            Self::Quarter => (year, (month - 1) / 3 * 3 + 1, 1),
            Self::Years(years) => (year.div_euclid(years) * years, 1, 1),
        };
        // The edge of the calendar: a bar there is shorter.
        Date::new(year, month, day).unwrap_or(Date::MIN)
    }

    fn span(self) -> Span {
        match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
            Self::Quarter => 3.months(),
            Self::Years(years) => years.years(),
        }
    }

    fn noun(self) -> String {
        match self {
            Self::Day => "day".into(),
            Self::Week => "week, from Monday".into(),
            Self::Month => "month".into(),
            Self::Quarter => "quarter".into(),
            Self::Years(1) => "year".into(),
            Self::Years(years) => format!("{years} years"),
        }
    }

    fn label(self, start: Date) -> String {
        match self {
            Self::Day | Self::Week => start.to_string(),
            Self::Month => start.strftime("%Y-%m").to_string(),
            Self::Quarter => format!("{} Q{}", start.year(), (start.month() + 2) / 3),
            Self::Years(1) => start.year().to_string(),
            Self::Years(years) => format!("{}–{}", start.year(), start.year() + years - 1),
        }
    }

    /// Cuts all days into bars, those without commits too; none if they are more than [`MOST`].
    fn cut(self, days: &BTreeMap<Date, ByClass>) -> Option<Vec<Bar>> {
        let (first, last) = (*days.keys().next()?, *days.keys().next_back()?);
        let mut bars = Vec::new();
        let mut start = self.start(first);
        while start <= last {
            if bars.len() == MOST {
                return None;
            }
            let next = start.checked_add(self.span()).ok();
            let end = next
                .and_then(|next| next.yesterday().ok())
                .unwrap_or(Date::MAX);
            let mut counts = ByClass::default();
            for day in days.range(start..=end).map(|(_, day)| day) {
                for (sum, count) in counts.iter_mut().zip(day) {
                    *sum += count;
                }
            }
            bars.push(Bar { start, end, counts });
            match next {
                Some(next) => start = next,
                None => break,
            }
        }
        Some(bars)
    }
}

/// Draws the classes over time.
pub(super) fn plot(figures: &Figures) -> Markup {
    let title = "Classes over time";
    let cut = UNITS
        .iter()
        .find_map(|unit| Some((*unit, unit.cut(&figures.days)?)));
    let Some((unit, bars)) = cut else {
        return nothing(title, "No commit of the range has a date.");
    };
    let classes: Vec<(usize, Fill)> = Class::ALL
        .iter()
        .enumerate()
        .filter(|(place, _)| bars.iter().any(|bar| bar.counts[*place] > 0))
        .map(|(place, class)| (place, of_class(*class)))
        .collect();
    let undated = match figures.undated {
        0 => String::new(),
        count => format!(" {} without a date are left out.", counted(count, "commit")),
    };
    let total = |bar: &Bar| bar.counts.iter().sum::<usize>();
    let busiest = bars.iter().max_by_key(|bar| total(bar));
    let busiest = busiest.map_or_else(String::new, |bar| {
        format!(
            "; the most, {}, in {}",
            grouped(total(bar)),
            unit.label(bar.start)
        )
    });
    let sums = classes.iter().map(|(place, fill)| {
        let sum = bars.iter().map(|bar| bar.counts[*place]).sum();
        format!("{} {}", grouped(sum), fill.label)
    });
    let sums: Vec<String> = sums.collect();
    Plot {
        id: "time",
        title,
        about: format!(
            "Commits by class, one bar a {}, by the author's own date.{undated}",
            unit.noun()
        ),
        says: format!("{} bars: {}{busiest}.", bars.len(), sums.join(", ")),
        fills: classes.iter().map(|(_, fill)| *fill).collect(),
        height: 240,
        drawing: drawing(unit, &bars, &classes),
        table: table(unit, &bars, &classes),
        is_wide: true,
    }
    .render()
}

fn drawing(unit: Unit, bars: &[Bar], classes: &[(usize, Fill)]) -> Markup {
    let most = bars.iter().map(|bar| bar.counts.iter().sum::<usize>());
    let step = step(most.max().unwrap_or(1));
    let lines = most_lines(bars, step);
    let scale = (HEIGHT - TOP) / (step * lines) as f64;
    let width = 1.0 / bars.len().max(LEAST) as f64;
    let y = |count: f64| format!("{:.1}", HEIGHT - count * scale);
    html! {
        @for line in 0..=lines {
            @let count = step * line;
            line.grid x1="0" x2="100%" y1=(y(count as f64)) y2=(y(count as f64)) {}
            text.axis x="-8" y=(y(count as f64)) dy="4" text-anchor="end" { (grouped(count)) }
        }
        @for (at, bar) in bars.iter().enumerate() {
            g {
                title { (words(unit, bar, classes)) }
                @for (y, height, fill) in stack(bar, classes, scale) {
                    rect x=(percent((at as f64 + 0.1) * width)) width=(percent(width * 0.8))
                        y=(format!("{y:.1}")) height=(format!("{height:.1}")) fill=(fill.paint()) {}
                }
            }
        }
        @for (at, is_minor) in ticks(bars.len()) {
            @let (anchor, part) = anchor(at, bars.len());
            text.axis.minor[is_minor] x=(percent((at as f64 + part) * width)) y=(HEIGHT + 20.0)
                text-anchor=(anchor) { (unit.label(bars[at].start)) }
        }
    }
}

/// Stacks a bar from the ground, the worst class first; what is there at all is seen, were it one in a million.
fn stack(bar: &Bar, classes: &[(usize, Fill)], scale: f64) -> Vec<(f64, f64, Fill)> {
    let mut ground = HEIGHT;
    let mut parts = Vec::new();
    for &(place, fill) in classes {
        let count = bar.counts[place];
        if count > 0 {
            let height = (count as f64 * scale).max(2.0);
            ground -= height;
            parts.push((ground, height, fill));
        }
    }
    parts
}

/// The round number between two lines of the grid: 1, 2 or 5 and zeros, four lines at most.
fn step(most: usize) -> usize {
    let mut ten = 1;
    loop {
        for factor in [1, 2, 5] {
            if ten * factor * 4 >= most {
                return ten * factor;
            }
        }
        ten *= 10;
    }
}

fn most_lines(bars: &[Bar], step: usize) -> usize {
    let most = bars.iter().map(|bar| bar.counts.iter().sum::<usize>());
    most.max().unwrap_or(1).div_ceil(step).max(1)
}

/// Which bars are named below: five at most, of which a narrow screen shows the outer ones.
fn ticks(bars: usize) -> Vec<(usize, bool)> {
    match bars {
        0 => Vec::new(),
        1 => vec![(0, false)],
        2..=4 => vec![(0, false), (bars - 1, false)],
        _ => (0..5)
            .map(|tick| (tick * (bars - 1) / 4, !matches!(tick, 0 | 4)))
            .collect(),
    }
}

/// How a label stands, and on which part of its bar: none leaves the drawing.
fn anchor(at: usize, bars: usize) -> (&'static str, f64) {
    match at {
        0 => ("start", 0.1),
        at if at + 1 == bars && bars >= LEAST => ("end", 0.9),
        _ => ("middle", 0.5),
    }
}

fn words(unit: Unit, bar: &Bar, classes: &[(usize, Fill)]) -> String {
    let counts = classes
        .iter()
        .filter(|(place, _)| bar.counts[*place] > 0)
        .map(|(place, fill)| format!("{} {}", grouped(bar.counts[*place]), fill.label));
    let counts: Vec<String> = counts.collect();
    format!("{}: {}", unit.label(bar.start), counts.join(", "))
}

fn table(unit: Unit, bars: &[Bar], classes: &[(usize, Fill)]) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" { "from" }
                @for (_, fill) in classes { th.number scope="col" { (fill.label) } }
            }
        }
        tbody {
            @for bar in bars.iter().filter(|bar| bar.counts.iter().any(|count| *count > 0)) {
                tr {
                    th scope="row" {
                        a href={ "#from=" (bar.start) "&to=" (bar.end) } { (unit.label(bar.start)) }
                    }
                    @for (place, _) in classes { td.number { (grouped(bar.counts[*place])) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: &[&str]) -> BTreeMap<Date, ByClass> {
        let one = |day: &&str| (day.parse().unwrap(), [1; Class::ALL.len()]);
        days.iter().map(one).collect()
    }

    fn unit(range: &[&str]) -> (Unit, usize, String) {
        let days = days(range);
        let (unit, bars) = UNITS
            .iter()
            .find_map(|unit| Some((*unit, unit.cut(&days)?)))
            .unwrap();
        (unit, bars.len(), unit.label(bars[0].start))
    }

    #[test]
    fn no_history_takes_more_than_sixty_bars() {
        let found = [
            unit(&["2026-02-01", "2026-04-01"]),
            unit(&["2026-02-01", "2026-04-02"]),
            unit(&["2024-02-29", "2026-04-02"]),
            unit(&["2015-08-01", "2026-04-02"]),
            unit(&["1970-01-01", "2026-04-02"]),
            unit(&["-009999-01-01", "9999-12-31"]),
        ];
        let expected = [
            (Unit::Day, 60, "2026-02-01"),
            (Unit::Week, 10, "2026-01-26"),
            (Unit::Month, 27, "2024-02"),
            (Unit::Quarter, 44, "2015 Q3"),
            (Unit::Years(1), 57, "1970"),
            (Unit::Years(1000), 20, "-9999–-9000"),
        ];
        assert_eq!(
            found,
            expected.map(|(unit, bars, label)| (unit, bars, label.to_owned()))
        );
    }

    #[test]
    fn every_commit_is_in_one_bar() {
        let days = days(&["2026-02-01", "2026-02-02", "2026-03-31", "2026-05-01"]);
        let bars = Unit::Month.cut(&days).unwrap();
        let counts: Vec<usize> = bars.iter().map(|bar| bar.counts[0]).collect();
        assert_eq!(counts, [2, 1, 0, 1]);
    }

    #[test]
    fn the_grid_has_round_numbers_and_at_most_four_lines() {
        assert_eq!(
            [1, 4, 5, 9, 40, 41, 99_999].map(step),
            [1, 1, 2, 5, 10, 20, 50_000]
        );
    }
}
