//! PDD005 transition.

use super::Rule;

/// PDD005.
pub const RULE: Rule = Rule {
    code: "PDD005",
    name: "transition",
    summary: "",
    explain: "",
    checks: &[],
};
