//! PDD004 persona.

use super::Rule;

/// PDD004.
pub const RULE: Rule = Rule {
    code: "PDD004",
    name: "persona",
    summary: "",
    explain: "",
    checks: &[],
};
