//! The JSON Schema of `.pdd.toml`, drawn from the same types that read it.

use schemars::generate::SchemaSettings;

use super::Policy;

/// Describes `.pdd.toml` as JSON Schema (draft 2020-12): every key with its meaning, type and default.
///
/// All parts stand in place, without `$ref`, so that an editor and the words of an error find them by key.
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .into_generator()
        .into_root_schema_for::<Policy>()
        .to_value()
}
