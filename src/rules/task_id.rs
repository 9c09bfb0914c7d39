//! PDD001 task-id.

use super::Rule;

/// PDD001.
pub const RULE: Rule = Rule {
    code: "PDD001",
    name: "task-id",
    summary: "",
    explain: "",
    checks: &[],
};
