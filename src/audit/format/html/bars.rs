//! The plots of horizontal bars: who went round the hooks, how, what that let through, and how long nobody noticed.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::figures::{Bypasser, Figures, WAITS};
use super::plot::{ACTORS, Fill, LEVELS, ONE, Plot, nothing, of_class, percent};
use super::{counted, grouped, shown};
use crate::audit::class::Class;
use crate::audit::report::ActorKind;
use crate::rules::RULES;

/// How many bars a plot has.
const MOST: usize = 15;
/// How high a bar is, with its label.
const STEP: usize = 40;
/// The longest bar's share of the width: its number stands behind it.
const LONGEST: f64 = 0.86;

/// One bar: what it is about, where its commits are in the table, and its parts in the order of the fills.
struct Bar {
    label: String,
    badge: &'static str,
    link: Option<String>,
    parts: Vec<usize>,
}

impl Bar {
    fn sum(&self) -> usize {
        self.parts.iter().sum()
    }
}

/// What a plot of bars says of itself.
struct Text {
    id: &'static str,
    title: &'static str,
    about: String,
    column: &'static str,
}

/// Who went round the hooks.
pub(super) fn people(figures: &Figures) -> Markup {
    let mut people: Vec<(&String, &Bypasser)> = figures.people.iter().collect();
    people.sort_by_key(|(_, who)| Reverse(who.alone + who.assisted));
    let bars = people.iter().take(MOST).map(|(email, who)| {
        let both = who.alone + who.assisted;
        let (badge, parts) = match who.kind {
            ActorKind::Person => ("", vec![who.alone, who.assisted, 0, 0]),
            ActorKind::Agent => ("agent", vec![0, 0, both, 0]),
            ActorKind::Bot => ("bot", vec![0, 0, 0, both]),
        };
        Bar {
            label: shown(
                if who.name.is_empty() {
                    email
                } else {
                    &who.name
                },
                60,
            ),
            badge,
            link: Some(format!("#class=bypassed&person={}", encoded(email))),
            parts,
        }
    });
    let bars: Vec<Bar> = bars.collect();
    let more = match people.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" {} more did so less often.", grouped(more)),
    };
    let text = Text {
        id: "people",
        title: "Bypasses by person",
        about: format!("Bypassed commits by their author.{more}"),
        column: "author",
    };
    plot(text, &bars, &ACTORS)
}

/// What the bypasses let through.
pub(super) fn rules(figures: &Figures) -> Markup {
    let name = |code: &str| {
        let rule = RULES.iter().find(|rule| rule.code == code);
        rule.map_or_else(|| code.to_owned(), |rule| format!("{code} {}", rule.name))
    };
    let bars = figures.let_through.iter().map(|(code, levels)| Bar {
        label: name(code),
        badge: "",
        link: Some(format!("#class=bypassed&rule={code}")),
        parts: vec![levels[0], levels[1], levels[2], 0],
    });
    let mut bars: Vec<Bar> = bars.collect();
    bars.sort_by_key(|bar| Reverse(bar.sum()));
    bars.truncate(MOST - 1);
    if figures.harmless > 0 {
        bars.push(Bar {
            label: "no rule broken".into(),
            badge: "",
            link: Some("#class=bypassed&rule=none".into()),
            parts: vec![0, 0, 0, figures.harmless],
        });
    }
    let text = Text {
        id: "rules",
        title: "Bypasses by rule",
        about: "What bypassed commits break; one that breaks several rules counts for each.".into(),
        column: "rule",
    };
    plot(text, &bars, &LEVELS)
}

/// How the hooks were gone round.
pub(super) fn ways(figures: &Figures) -> Markup {
    let mut ways: Vec<(&String, usize)> = figures
        .ways
        .iter()
        .map(|(how, count)| (how, *count))
        .collect();
    ways.sort_by_key(|(_, count)| Reverse(*count));
    let bars = ways.iter().take(MOST).map(|(how, count)| Bar {
        label: shown(how, 60),
        badge: "",
        link: None,
        parts: vec![*count],
    });
    let bars: Vec<Bar> = bars.collect();
    let text = Text {
        id: "ways",
        title: "Ways round the hooks",
        about: "Bypassed commits by how they went round, as ledger and reflog show it.".into(),
        column: "way",
    };
    plot(text, &bars, &ONE)
}

/// How long nobody noticed.
pub(super) fn waits(figures: &Figures) -> Markup {
    let bar = |label: &str, parts: &[usize]| Bar {
        label: label.to_owned(),
        badge: "",
        link: None,
        parts: parts.to_vec(),
    };
    let names = WAITS.iter().map(|(name, _)| *name);
    let bars = names.zip(&figures.waits);
    let mut bars: Vec<Bar> = bars.map(|(name, parts)| bar(name, parts)).collect();
    bars.push(bar("first seen by this audit", &figures.unnoticed));
    if bars.iter().all(|bar| bar.sum() == 0) {
        bars.clear();
    }
    let text = Text {
        id: "waits",
        title: "From bypass to discovery",
        about: "How long after its author's date a hook, a record or an earlier audit noticed a commit that went round."
            .into(),
        column: "noticed after",
    };
    let fills = [Class::Bypassed, Class::Repaired].map(of_class);
    plot(text, &bars, &fills)
}

fn plot(text: Text, bars: &[Bar], fills: &[Fill]) -> Markup {
    if bars.is_empty() {
        return nothing(text.title, "Nobody is known to have gone round the hooks.");
    }
    // A fill that no bar has is not explained.
    let used = |place: usize| bars.iter().any(|bar| bar.parts[place] > 0);
    let shown = fills.iter().enumerate().filter(|(place, _)| used(*place));
    let list = bars.iter().map(|bar| match bar.badge {
        "" => format!("{}: {}", bar.label, grouped(bar.sum())),
        badge => format!("{} ({badge}): {}", bar.label, grouped(bar.sum())),
    });
    let list: Vec<String> = list.collect();
    Plot {
        id: text.id,
        title: text.title,
        about: text.about,
        says: list.join("; ") + ".",
        fills: shown.map(|(_, fill)| *fill).collect(),
        height: bars.len() * STEP,
        drawing: drawing(bars, fills),
        table: table(text.column, bars, fills),
        is_wide: false,
    }
    .render()
}

fn drawing(bars: &[Bar], fills: &[Fill]) -> Markup {
    let most = bars.iter().map(Bar::sum).max().unwrap_or(1).max(1) as f64;
    html! {
        @for (at, bar) in bars.iter().enumerate() {
            @let top = at * STEP;
            g {
                title { (bar.label) ": " (counted(bar.sum(), "commit")) }
                text.label x="0" y=(top + 15) {
                    (short(&bar.label))
                    @if !bar.badge.is_empty() { tspan.badge-text dx="6" { (bar.badge) } }
                }
                line.ground x1="0" x2="100%" y1=(top + 34) y2=(top + 34) {}
                @for (x, width, fill) in parts(bar, fills, most) {
                    rect x=(percent(x)) width=(percent(width)) y=(top + 22) height="12" fill=(fill.paint()) {}
                }
                text.count x=(percent(bar.sum() as f64 / most * LONGEST)) dx="6" y=(top + 32) { (grouped(bar.sum())) }
            }
        }
    }
}

/// Lays the parts of a bar in a row.
fn parts(bar: &Bar, fills: &[Fill], most: f64) -> Vec<(f64, f64, Fill)> {
    let mut x = 0.0;
    let mut parts = Vec::new();
    for (&count, &fill) in bar.parts.iter().zip(fills) {
        let width = count as f64 / most * LONGEST;
        if count > 0 {
            parts.push((x, width, fill));
        }
        x += width;
    }
    parts
}

/// Cuts a label to what a narrow screen has room for.
fn short(label: &str) -> String {
    match label.char_indices().nth(32) {
        Some((end, _)) if label.chars().count() > 34 => format!("{}…", &label[..end]),
        _ => label.to_owned(),
    }
}

fn table(column: &str, bars: &[Bar], fills: &[Fill]) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" { (column) }
                @for fill in fills { th.number scope="col" { (fill.label) } }
            }
        }
        tbody {
            @for bar in bars {
                tr {
                    th scope="row" {
                        @match &bar.link {
                            Some(link) => a href=(link) { (bar.label) },
                            None => (bar.label),
                        }
                        @if !bar.badge.is_empty() { " " span.badge { (bar.badge) } }
                    }
                    @for count in &bar.parts { td.number { (grouped(*count)) } }
                }
            }
        }
    }
}

/// Writes a value into a filter's link: all but letters and digits as their bytes.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                (byte as char).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
