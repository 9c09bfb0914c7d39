//! The names that `[rules]` knows, with the level of each where the policy says nothing. The policy may not look into
//! the rules' own room, so their names stand here as well; a test holds both lists together.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::finding::Level;

/// What becomes of a rule's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// They stop git.
    Error,
    /// They are printed.
    Warn,
    /// The rule does not run.
    Off,
}

/// Every rule's name, in the order of the codes; names of rules that are still to come are known too.
pub const RULE_NAMES: [&str; 14] = [
    "task-id",
    "message-format",
    "task-state",
    "persona",
    "transition",
    "boundary",
    "branch",
    "validation",
    "red-first",
    "approval",
    "policy",
    "documents",
    "contract",
    "deep-access",
];

/// Returns the level of a rule that the policy does not name.
pub(super) fn default_of(rule: &str) -> RuleLevel {
    match rule {
        "deep-access" => RuleLevel::Off,
        _ => RuleLevel::Error,
    }
}

/// Returns every rule at its default.
pub(super) fn defaults() -> BTreeMap<String, RuleLevel> {
    RULE_NAMES
        .iter()
        .map(|&name| (name.to_owned(), default_of(name)))
        .collect()
}

/// Describes `[rules]` with its keys by name, which the type alone (any text) would leave open.
pub(super) fn schema(generator: &mut SchemaGenerator) -> Schema {
    let level = generator.subschema_for::<RuleLevel>();
    let properties: serde_json::Map<_, _> = RULE_NAMES
        .iter()
        .map(|&name| (name.to_owned(), level.clone().to_value()))
        .collect();
    json_schema!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

impl RuleLevel {
    /// Returns the level of the findings; none where the rule does not run.
    pub(super) fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warn => Some(Level::Warn),
            Self::Off => None,
        }
    }
}
