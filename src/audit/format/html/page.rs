//! The page round the data: what it says first, its sections, its style and its script.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::figures::Figures;
use super::{bars, counted, grouped, legend, plot, shown, steps, timeline, worst};
use crate::audit::class::Class;
use crate::audit::report::{Head, RefMove, Row, Tail};

const STYLE: &str = include_str!("style.css");
/// Runs before anything is drawn: what hangs on scripts is not seen without them.
const EARLY: &str = include_str!("early.js");
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("rows.js"),
    include_str!("details.js"),
    include_str!("script.js"),
    "})();\n"
);

/// All that the page tells beside the data.
pub(super) struct Page<'a> {
    pub(super) head: &'a Head,
    pub(super) tail: &'a Tail,
    pub(super) figures: &'a Figures,
    pub(super) worst: &'a [Row],
    pub(super) at: Timestamp,
}

/// What the browser may do (Content Security Policy Level 3): show this style, run these two scripts, and nothing else,
/// whatever else should ever get into the page. Also, no text may become markup (Trusted Types).
fn security() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    format!(
        "default-src 'none'; style-src {}; script-src {} {}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(STYLE),
        hash(EARLY),
        hash(SCRIPT)
    )
}

/// Returns what stands after the data.
pub(super) fn after_data() -> String {
    format!("<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

impl Page<'_> {
    /// Returns what stands before the data.
    pub(super) fn before_data(&self) -> String {
        let head = html! {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(security());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { "Audit of " (self.range()) " · pdd-hooks" }
            style { (PreEscaped(STYLE)) }
            script { (PreEscaped(EARLY)) }
        };
        let doctype = DOCTYPE.into_string();
        let (head, body) = (head.into_string(), self.body().into_string());
        format!("{doctype}\n<html lang=\"en\">\n<head>{head}</head>\n<body>\n{body}\n")
    }

    fn range(&self) -> String {
        shown(self.head.range.as_deref().unwrap_or("the history"), 120)
    }

    fn body(&self) -> Markup {
        html! {
            a.skip href="#commits" { "Skip to the commits" }
            (plot::patterns())
            header {
                h1 { "Audit of " code { (self.range()) } }
                p.about {
                    (self.policy()) " · written " (self.at.strftime("%Y-%m-%d %H:%M UTC"))
                    " by pdd-hooks " (env!("CARGO_PKG_VERSION"))
                }
                div.bar {
                    nav.places aria-label="Parts of this page" {
                        a href="#first" { "First" }
                        @if self.has_notes() { a href="#notes" { "Notes" } }
                        a href="#plots" { "Plots" }
                        a href="#commits" { "Commits" }
                        a href="#legend" { "Classes" }
                        a href="#rules" { "Rules" }
                    }
                    button.theme type="button" id="theme" hidden { "Dark theme" }
                }
            }
            main {
                (self.headline())
                section aria-labelledby="first" {
                    h2 id="first" { "What to do first" }
                    (steps::steps(self.figures, self.tail))
                }
                (self.notes())
                section aria-labelledby="plots" {
                    h2 id="plots" { "When, who, how" }
                    div.plots {
                        (timeline::plot(self.figures))
                        (bars::people(self.figures))
                        (bars::rules(self.figures))
                        (bars::ways(self.figures))
                        (bars::waits(self.figures))
                    }
                }
                (self.commits())
                section aria-labelledby="legend" {
                    h2 id="legend" { "What the classes mean" }
                    (legend::classes())
                }
                section.rules aria-labelledby="rules" {
                    h2 id="rules" { "What the rules ask" }
                    (legend::rules())
                }
            }
            footer { p { "This page asks no network for anything." } }
        }
    }

    fn policy(&self) -> Markup {
        let policy = &self.head.policy;
        html! {
            "Policy " (policy.number)
            @match &policy.blob {
                Some(blob) => { " (" code { (blob.as_str().get(..12).unwrap_or(blob.as_str())) } ")" }
                None => { ", assumed for the whole range" }
            }
        }
    }

    fn headline(&self) -> Markup {
        let class = |class: Class| {
            let classes = &self.tail.summary.classes;
            classes.get(class.as_str()).copied().unwrap_or_default()
        };
        let summary = &self.tail.summary;
        let findings: usize = summary.findings.values().sum();
        let [errors, warnings, waived] = self.figures.levels.map(grouped);
        let share = |count: usize| match summary.commits {
            0 => String::new(),
            commits => format!(
                "{:.1} % of the commits",
                count as f64 * 100.0 / commits as f64
            ),
        };
        html! {
            section aria-label="The figures" {
                dl.figures {
                    (figure("Commits", summary.commits, &format!("{} without a finding", grouped(summary.clean)), "#commits", ""))
                    @for (name, one, colour) in [("Bypassed", Class::Bypassed, "bad"), ("Foreign", Class::Foreign, "odd"), ("Repaired", Class::Repaired, "good")] {
                        (figure(name, class(one), &share(class(one)), &format!("#class={}", one.as_str()), colour))
                    }
                    (figure("Findings", findings, &format!("{errors} errors, {warnings} warnings, {waived} waived"), "#rule=any", "bad"))
                }
                p.about { (summary.words()) }
            }
        }
    }

    fn has_notes(&self) -> bool {
        !self.tail.notes.is_empty() || !self.tail.moves.is_empty()
    }

    fn notes(&self) -> Markup {
        let (notes, moves) = (&self.tail.notes, &self.tail.moves);
        html! {
            @if self.has_notes() {
                section aria-labelledby="notes" {
                    h2 id="notes" { "What no commit shows" }
                    @if !notes.is_empty() {
                        ul.notes { @for note in notes { li { (shown(note, 1_000)) } } }
                    }
                    @if !moves.is_empty() { (self.moves()) }
                }
            }
        }
    }

    fn moves(&self) -> Markup {
        let moved = |one: &RefMove| {
            let id = |id: &Option<crate::id::CommitId>| {
                id.as_ref()
                    .map_or("?".to_owned(), |id| id.short().to_owned())
            };
            let to = one
                .to
                .as_ref()
                .map_or("deleted".to_owned(), |to| to.short().to_owned());
            html! {
                tr role="row" {
                    (worst::cell("Reference", "", html! { code { (shown(&one.reference, 200)) } }))
                    (worst::cell("How", "", html! { (shown(&one.how, 100)) }))
                    (worst::cell("From", "", html! { code { (id(&one.from)) } }))
                    (worst::cell("To", "", html! { code { (to) } }))
                    (worst::cell("When", "", html! { (one.time.as_deref().unwrap_or("unknown")) }))
                }
            }
        };
        html! {
            h3 { "References moved round the hooks" }
            table.commits role="table" aria-label="References moved round the hooks" {
                thead role="rowgroup" {
                    tr role="row" {
                        @for name in ["Reference", "How", "From", "To", "When"] { th role="columnheader" scope="col" { (name) } }
                    }
                }
                tbody role="rowgroup" { @for one in &self.tail.moves { (moved(one)) } }
            }
        }
    }

    fn commits(&self) -> Markup {
        let commits = self.tail.summary.commits;
        let shown = match commits > worst::MOST {
            true => format!(
                "The {} worst of {}.",
                worst::MOST,
                counted(commits, "commit")
            ),
            false => format!("{}, worst first.", counted(commits, "commit")),
        };
        html! {
            section aria-labelledby="commits" {
                h2 id="commits" tabindex="-1" { "The commits" }
                noscript { p.calm { "Filters, sorting and further commits need the page's script, which this browser does not run." } }
                div.with-script id="explorer" {}
                div.without-script {
                    p.about { (shown) }
                    (worst::table(self.worst))
                }
            }
        }
    }
}

fn figure(name: &str, count: usize, more: &str, link: &str, colour: &str) -> Markup {
    let colour = if count == 0 { "" } else { colour };
    html! {
        div class={ "figure " (colour) } {
            dt { (name) }
            dd.sum { a href=(link) { (grouped(count)) } }
            dd.about { (more) }
        }
    }
}
