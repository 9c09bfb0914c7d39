//! What the classes mean, and the page of each rule, as `pdd-hooks explain` prints it.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::plot::{of_class, swatch};
use crate::audit::class::Class;
use crate::rules::{RULES, Rule};

/// Says in a sentence what a class means.
fn meaning(class: Class) -> &'static str {
    match class {
        Class::Bypassed => {
            "Made here, round the hooks: ledger or reflog show it, and no hook let it pass."
        }
        Class::Foreign => "No trace here: made in another clone, by plumbing or by another tool.",
        Class::Repaired => {
            "It went round the hooks or left no trace; nothing is open against it now, and a runner or an approver signed for it."
        }
        Class::Waived => "The hooks saw it through, and a signed waiver lifts a rule.",
        Class::Squashed => "One commit in place of those that were approved.",
        Class::Replayed => "Git replayed a commit that existed: a rebase, a cherry-pick, a revert.",
        Class::Merge => "Two or more parents, and nothing changed by hand.",
        Class::Enforced => "The hooks saw it through: attempt, receipt and commit agree.",
        Class::Adoption => "It brought the policy.",
        Class::PreAdoption => "Older than the policy: nothing was asked of it.",
    }
}

/// Lists the classes.
pub(super) fn classes() -> Markup {
    html! {
        dl.classes {
            @for class in Class::ALL {
                div {
                    dt {
                        (swatch(of_class(class)))
                        a href={ "#class=" (class.as_str()) } { (class.as_str()) }
                    }
                    dd { (meaning(class)) }
                }
            }
        }
    }
}

/// Lists the rules with their pages.
pub(super) fn rules() -> Markup {
    html! {
        @for rule in RULES {
            details.rule id={ "rule-" (rule.code) } {
                summary { code { (rule.code) } " " strong { (rule.name) } ": refuses " (summary(rule)) }
                div.explain {
                    p {
                        a href={ "#rule=" (rule.code) } { "Show its commits" }
                        " · in a terminal: " code { "pdd-hooks explain " (rule.code) }
                    }
                    (page(rule.explain))
                }
            }
        }
    }
}

/// Writes a rule's one line, whose literals are in backticks.
fn summary(rule: &Rule) -> Markup {
    html! {
        @for (at, part) in rule.summary.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Turns a rule's page into HTML; it is this program's own text. Its headings stand below the page's.
fn page(markdown: &str) -> Markup {
    let below = Parser::new(markdown).map(|event| match event {
        Event::Start(Tag::Heading {
            id, classes, attrs, ..
        }) => Event::Start(Tag::Heading {
            level: HeadingLevel::H3,
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(HeadingLevel::H3)),
        event => event,
    });
    let mut text = String::new();
    pulldown_cmark::html::push_html(&mut text, below);
    PreEscaped(text)
}
