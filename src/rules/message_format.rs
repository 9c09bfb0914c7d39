//! PDD002 message-format.

use super::Rule;

/// PDD002.
pub const RULE: Rule = Rule {
    code: "PDD002",
    name: "message-format",
    summary: "",
    explain: "",
    checks: &[],
};
