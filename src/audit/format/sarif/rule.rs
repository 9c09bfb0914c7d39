//! What can be found, as code scanning lists it: the rules, and what the audit itself says.

use serde_json::{Value, json};

use crate::rules::{self, RULES};

/// A commit that was made round the hooks.
pub(super) const BYPASSED: &str = "audit/bypassed";
/// A commit without a trace.
pub(super) const FOREIGN: &str = "audit/foreign";
/// A reference that was moved round the hooks.
pub(super) const MOVED: &str = "audit/moved";

/// Id, level, name, one line, the page.
const AUDIT: [(&str, &str, &str, &str, &str); 3] = [
    (
        BYPASSED,
        "error",
        "bypassed",
        "a commit that was made round the hooks",
        "The ledger or a reflog shows that the commit was made here, and that the hooks did not see it through. \
         Look at what it holds; once nothing is open against it, `pdd-hooks validate <commit>` by a runner, or \
         `pdd-hooks waive --commit <commit>` by an approver, makes it `repaired`.",
    ),
    (
        FOREIGN,
        "note",
        "foreign",
        "a commit of which nothing here shows how it was made",
        "It comes from another clone, from plumbing, or from another tool. That alone is no fault: in a clone for CI \
         every commit may be foreign, until `pdd-hooks evidence fetch` brings what others recorded.",
    ),
    (
        MOVED,
        "error",
        "moved",
        "a reference that was moved round the hooks",
        "Look at what it held before and holds now: `git reflog <reference>`. Where the move was wrong, put it back; \
         where it was right, let it be approved.",
    ),
];

/// Lists every rule (SARIF 2.1.0, section 3.49); results name them by their place here.
pub(super) fn all() -> Vec<Value> {
    let rules = RULES.iter().map(|rule| {
        let page = format!("{}\n", rule.explain.trim());
        descriptor(
            rule.code,
            "error",
            rule.name,
            &format!("refuses {}", rule.summary),
            &page,
        )
    });
    let own = AUDIT.iter();
    let own =
        own.map(|&(id, level, name, summary, page)| descriptor(id, level, name, summary, page));
    rules.chain(own).collect()
}

/// Finds a rule's place in the list.
pub(super) fn place(id: &str) -> Option<usize> {
    let codes = RULES.iter().map(|rule| rule.code);
    codes
        .chain(AUDIT.iter().map(|own| own.0))
        .position(|known| known == id)
}

fn descriptor(id: &str, level: &str, name: &str, summary: &str, page: &str) -> Value {
    let tags = match rules::find(id) {
        Some(_) => json!(["workflow"]),
        None => json!(["workflow", "audit"]),
    };
    json!({
        "id": id,
        "name": name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": tags},
    })
}
