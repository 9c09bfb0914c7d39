//! What all plots share: fills that are told apart without colour, the frame with its text, and the table that says the
//! same in numbers.
//!
//! Widths are percentages and text has one size, so a plot fits any screen without being scaled; colours are variables of
//! the stylesheet, so it follows the page into the dark.

use maud::{Markup, html};

use crate::audit::class::Class;

/// A colour and a pattern with a name: `f-<id>` colours it in the stylesheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fill {
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    mark: Mark,
}

/// The pattern over the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Plain,
    Rising,
    Falling,
    Upright,
    Level,
    Grid,
    Dots,
    Checks,
    Sparse,
    Rings,
}

impl Fill {
    const fn new(id: &'static str, label: &'static str, mark: Mark) -> Self {
        Self { id, label, mark }
    }

    /// Returns the value of `fill`.
    pub(super) fn paint(self) -> String {
        format!("url(#p-{})", self.id)
    }
}

/// Returns the fill of a class.
pub(super) fn of_class(class: Class) -> Fill {
    let mark = match class {
        Class::Bypassed => Mark::Plain,
        Class::Foreign => Mark::Rising,
        Class::Repaired => Mark::Dots,
        Class::Waived => Mark::Upright,
        Class::Squashed => Mark::Grid,
        Class::Replayed => Mark::Level,
        Class::Merge => Mark::Falling,
        Class::Enforced => Mark::Sparse,
        Class::Adoption => Mark::Checks,
        Class::PreAdoption => Mark::Rings,
    };
    Fill::new(class.as_str(), class.as_str(), mark)
}

/// The fills of levels, as [`super::data::level`] numbers them, and of no finding at all.
pub(super) const LEVELS: [Fill; 4] = [
    Fill::new("error", "an error", Mark::Plain),
    Fill::new("warn", "warnings alone", Mark::Rising),
    Fill::new("lifted", "all waived", Mark::Upright),
    Fill::new("nothing", "no finding", Mark::Rings),
];

/// The fills of who went round.
pub(super) const ACTORS: [Fill; 4] = [
    Fill::new("person", "a person", Mark::Plain),
    Fill::new(
        "assisted",
        "a person, with an agent or bot named",
        Mark::Rising,
    ),
    Fill::new("agent", "an agent", Mark::Grid),
    Fill::new("bot", "a bot", Mark::Dots),
];

/// The fill where there is but one.
pub(super) const ONE: [Fill; 1] = [Fill::new("one", "commits", Mark::Plain)];

/// Defines every pattern once; nothing is drawn.
pub(super) fn patterns() -> Markup {
    let classes = Class::ALL.map(of_class);
    html! {
        svg.patterns width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                @for fill in classes.iter().chain(&LEVELS).chain(&ACTORS).chain(&ONE) {
                    pattern id={ "p-" (fill.id) } width="8" height="8" patternUnits="userSpaceOnUse" {
                        rect class={ "f-" (fill.id) } width="8" height="8" {}
                        (mark(fill.mark))
                    }
                }
            }
        }
    }
}

fn mark(mark: Mark) -> Markup {
    let path = match mark {
        Mark::Plain => return html! {},
        Mark::Dots => {
            return html! {
                circle.solid cx="2" cy="2" r="1.3" {}
                circle.solid cx="6" cy="6" r="1.3" {}
            };
        }
        Mark::Sparse => return html! { circle.faint cx="4" cy="4" r="0.8" {} },
        Mark::Checks => return html! { path.solid d="M0 0h4v4h-4zM4 4h4v4h-4z" {} },
        Mark::Rings => return html! { circle.mark cx="4" cy="4" r="2" {} },
        Mark::Rising => "M-2 2L2 -2M0 8L8 0M6 10L10 6",
        Mark::Falling => "M6 -2L10 2M0 0L8 8M-2 6L2 10",
        Mark::Upright => "M2 0V8M6 0V8",
        Mark::Level => "M0 2H8M0 6H8",
        Mark::Grid => "M0 4H8M4 0V8",
    };
    html! { path.mark d=(path) {} }
}

/// Draws a fill as a small square.
pub(super) fn swatch(fill: Fill) -> Markup {
    html! {
        svg.swatch width="12" height="12" aria-hidden="true" focusable="false" {
            rect width="12" height="12" rx="2" fill=(fill.paint()) {}
        }
    }
}

/// A plot with all that is said of it.
pub(super) struct Plot<'a> {
    /// Its name in the page.
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    /// What it counts, in a sentence or two.
    pub(super) about: String,
    /// What it shows, in a sentence: the text in place of the drawing.
    pub(super) says: String,
    pub(super) fills: Vec<Fill>,
    pub(super) height: usize,
    pub(super) drawing: Markup,
    pub(super) table: Markup,
    pub(super) is_wide: bool,
}

impl Plot<'_> {
    /// Frames the drawing.
    pub(super) fn render(&self) -> Markup {
        let id = self.id;
        html! {
            figure.plot.wide[self.is_wide] {
                figcaption {
                    h3 id={ "plot-" (id) } { (self.title) }
                    p.about { (self.about) }
                }
                @if self.fills.len() > 1 {
                    ul.legend {
                        @for &fill in &self.fills {
                            li { (swatch(fill)) (fill.label) }
                        }
                    }
                }
                svg.drawing width="100%" height=(self.height) role="img" aria-labelledby={ "plot-" (id) }
                    aria-describedby={ "says-" (id) } {
                    desc id={ "says-" (id) } { (self.says) }
                    (self.drawing)
                }
                details.numbers {
                    summary { "The numbers" }
                    div.scroll tabindex="0" role="region" aria-label={ "Numbers: " (self.title) } {
                        table { (self.table) }
                    }
                }
            }
        }
    }
}

/// Says that there is nothing to draw.
pub(super) fn nothing(title: &str, words: &str) -> Markup {
    html! {
        figure.plot {
            figcaption {
                h3 { (title) }
                p.about { (words) }
            }
        }
    }
}

/// Writes a share of the width.
pub(super) fn percent(part: f64) -> String {
    format!("{:.3}%", part * 100.0)
}
