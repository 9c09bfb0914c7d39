//! A policy's text as a tree of spans, asked only after something was found wrong: where a value stands, and which
//! part of the text does not fit the schema.

use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::error::{list, quote, suggest};
use crate::words::nearest;

/// One step from a table to a key, or from a list to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A key of a table.
    Key(String),
    /// An item of a list, counted from 0.
    Item(usize),
}

/// A part of the text that is refused.
#[derive(Debug)]
pub(super) struct Misfit {
    /// The bytes meant.
    pub(super) span: Range<usize>,
    /// What is wrong, in one sentence.
    pub(super) message: String,
    /// What was probably meant.
    pub(super) hint: Option<String>,
}

/// A parsed text that remembers where each part stood.
pub(super) struct Document<'a> {
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// Reads the text as TOML; none where it is not TOML.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        DeTable::parse(text).ok().map(|root| Self { root })
    }

    /// Finds the value at the end of the path, or its key; where the path is not all there, the last part that is.
    pub(super) fn locate(&self, path: &[Step], of_key: bool) -> Range<usize> {
        let Some((Step::Key(first), rest)) = path.split_first() else {
            return self.root.span();
        };
        let Some((key, mut value)) = self.root.get_ref().get_key_value(first.as_str()) else {
            return 0..0;
        };
        let mut key = key.span();
        for step in rest {
            let next = match (step, value.get_ref()) {
                (Step::Key(name), DeValue::Table(table)) => {
                    let found = table.get_key_value(name.as_str());
                    found.map(|(name, value)| (name.span(), value))
                }
                (Step::Item(index), DeValue::Array(items)) => {
                    items.get(*index).map(|item| (item.span(), item))
                }
                _ => None,
            };
            let Some((name, inner)) = next else {
                return value.span();
            };
            (key, value) = (name, inner);
        }
        if of_key { key } else { value.span() }
    }

    /// Finds the first part, in the order of the text, that does not fit the schema.
    pub(super) fn first_misfit(&self, schema: &Value) -> Option<Misfit> {
        let mut misfits = Vec::new();
        let walk = Walk { top: schema };
        walk.table(
            self.root.get_ref(),
            self.root.span(),
            schema,
            "",
            &mut misfits,
        );
        misfits.into_iter().min_by_key(|misfit| misfit.span.start)
    }
}

/// Compares a document with the schema that [`super::schema()`] gives, and knows no more of JSON Schema than that uses.
struct Walk<'s> {
    top: &'s Value,
}

impl Walk<'_> {
    fn table(
        &self,
        table: &DeTable<'_>,
        span: Range<usize>,
        schema: &Value,
        name: &str,
        misfits: &mut Vec<Misfit>,
    ) {
        for (key, value) in table {
            let inner = join(name, key.get_ref());
            let open = &schema["additionalProperties"];
            match &schema["properties"][key.get_ref().as_ref()] {
                Value::Null if open.is_object() => self.value(value, open, &inner, misfits),
                Value::Null => misfits.push(self.unknown(key, value, schema, name)),
                known => self.value(value, known, &inner, misfits),
            }
        }
        let required = schema["required"].as_array().into_iter().flatten();
        for key in required.filter_map(Value::as_str) {
            if table.get(key).is_none() {
                misfits.push(Misfit {
                    span: span.clone(),
                    message: format!("`{name}` lacks the key `{key}`"),
                    hint: schema["properties"][key]["description"]
                        .as_str()
                        .map(|meaning| format!("add `{key}`: {meaning}")),
                });
            }
        }
    }

    fn value(
        &self,
        value: &Spanned<DeValue<'_>>,
        schema: &Value,
        name: &str,
        misfits: &mut Vec<Misfit>,
    ) {
        match (value.get_ref(), schema["type"].as_str()) {
            (DeValue::Table(table), Some("object")) => {
                self.table(table, value.span(), schema, name, misfits);
            }
            (DeValue::Array(items), Some("array")) => {
                let part = &schema["items"];
                for (index, item) in items.iter().enumerate() {
                    let inner = match part["type"].as_str() {
                        Some("object") => name.to_owned(),
                        _ => format!("{name}[{index}]"),
                    };
                    self.value(item, part, &inner, misfits);
                }
            }
            (DeValue::Boolean(_), Some("boolean")) => {}
            (DeValue::Integer(number), Some("integer")) => {
                misfits.extend(range(number, value.span(), schema, name));
            }
            (DeValue::String(text), kind) if kind.is_none_or(|kind| kind == "string") => {
                misfits.extend(choice(text, value.span(), schema, name));
            }
            (other, kind) => misfits.push(wrong_type(other, value.span(), kind, name)),
        }
    }

    /// Words an unknown key: its likely table or spelling, or all that would have been right.
    fn unknown(
        &self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        schema: &Value,
        table: &str,
    ) -> Misfit {
        let word = key.get_ref().as_ref();
        let keys = || keys_of(schema);
        let place = match table {
            "" => "at the top level".to_owned(),
            "check" => "in `[[check]]`".to_owned(),
            table => format!("in `[{table}]`"),
        };
        let message = match (table, value.get_ref()) {
            ("", DeValue::Table(_)) => format!("unknown table {}", quote(&format!("[{word}]"))),
            ("rules", _) => format!("unknown rule {} {place}", quote(word)),
            _ => format!("unknown key {} {place}", quote(word)),
        };
        let hint = match (nearest(word, keys()), self.home_of(word)) {
            (None, Some(home)) => format!("`{word}` belongs in `[{home}]`"),
            (Some(near), _) if table.is_empty() && value.get_ref().is_table() => {
                format!("did you mean `[{near}]`?")
            }
            _ => suggest(word, keys(), &format!("known {place}")),
        };
        Misfit {
            span: key.span(),
            message,
            hint: Some(hint),
        }
    }

    /// Names the table that has this key, where exactly one does.
    fn home_of(&self, key: &str) -> Option<&str> {
        let tables = self.top["properties"].as_object()?;
        let mut homes = tables
            .iter()
            .filter(|(_, table)| !table["properties"][key].is_null());
        let home = homes.next().map(|(name, _)| name.as_str());
        homes.next().map_or(home, |_| None)
    }
}

/// Compares a number with what its Rust type can hold.
fn range(number: &DeInteger<'_>, span: Range<usize>, schema: &Value, name: &str) -> Option<Misfit> {
    let most = match schema["format"].as_str() {
        Some("uint32") => i64::from(u32::MAX),
        _ => i64::MAX,
    };
    let message = match i64::from_str_radix(number.as_str(), number.radix()) {
        Ok(number) if number < 0 => format!("`{name}` must not be negative"),
        Ok(number) if number <= most => return None,
        _ => format!("`{name}` is too large a number"),
    };
    Some(Misfit {
        span,
        message,
        hint: None,
    })
}

/// Compares a text with the words that the schema allows; any text will do where it lists none.
fn choice(text: &str, span: Range<usize>, schema: &Value, name: &str) -> Option<Misfit> {
    let described = schema["oneOf"].as_array().into_iter().flatten();
    let plain = schema["enum"].as_array().into_iter().flatten();
    let words: Vec<&str> = described
        .map(|variant| &variant["const"])
        .chain(plain)
        .filter_map(Value::as_str)
        .collect();
    if words.is_empty() || words.contains(&text) {
        return None;
    }
    Some(Misfit {
        span,
        message: format!("`{name}` cannot be {}", quote(text)),
        hint: Some(match nearest(text, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("write one of {}", list(words.iter().copied())),
        }),
    })
}

fn wrong_type(value: &DeValue<'_>, span: Range<usize>, kind: Option<&str>, name: &str) -> Misfit {
    let wanted = match kind {
        Some("array") => "a list",
        Some("object") => "a table",
        Some("integer") => "a whole number",
        Some("boolean") => "`true` or `false`",
        _ => "a text in quotes",
    };
    let found = match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    let hint = match (name, kind, value) {
        ("check", _, _) => Some("write `[[check]]`, in double brackets, above each check".into()),
        (_, Some("array"), DeValue::String(_)) => Some("put it in brackets: `[\"…\"]`".to_owned()),
        (_, Some("boolean"), DeValue::String(_)) => {
            Some("write `true` or `false`, without quotes".to_owned())
        }
        (_, Some("integer"), DeValue::String(_)) => {
            Some("write the number without quotes".to_owned())
        }
        _ => None,
    };
    Misfit {
        span,
        message: format!("`{name}` must be {wanted}, not {found}"),
        hint,
    }
}

fn keys_of(schema: &Value) -> impl Iterator<Item = &str> + Clone {
    schema["properties"]
        .as_object()
        .into_iter()
        .flat_map(|keys| keys.keys())
        .map(String::as_str)
}

fn join(table: &str, key: &str) -> String {
    match table {
        "" => key.to_owned(),
        table => format!("{table}.{key}"),
    }
}
