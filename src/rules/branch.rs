//! PDD007 branch.

use super::Rule;

/// PDD007.
pub const RULE: Rule = Rule {
    code: "PDD007",
    name: "branch",
    summary: "",
    explain: "",
    checks: &[],
};
