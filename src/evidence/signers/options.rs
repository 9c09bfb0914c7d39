//! What a line of the signers file says of its key: `cert-authority`, `namespaces`, `valid-after`, `valid-before`. All that
//! OpenSSH knows; anything else is an error, since it may be a limit.

use jiff::Timestamp;

use super::pattern::Patterns;
use super::time;

/// The options of one line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// Whether the key signs certificates and nothing else.
    pub(super) is_authority: bool,
    /// What the key may sign; none where it may sign everything.
    pub(super) namespaces: Option<Patterns>,
    /// From when it is good.
    pub(super) after: Option<Timestamp>,
    /// Until when it is good, that second included.
    pub(super) before: Option<Timestamp>,
}

impl Options {
    /// Reads the options, which hold no blank outside quotation marks.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = text;
        loop {
            rest = options.one(rest)?;
            match rest.strip_prefix(',') {
                Some("") => return Err("a comma after the last option: take it out".into()),
                Some(more) => rest = more,
                None if rest.is_empty() => break,
                None => {
                    return Err(format!("`{rest}` after an option: part options by a comma"));
                }
            }
        }
        match (options.after, options.before) {
            (Some(after), Some(before)) if before <= after => {
                Err("`valid-before` is not after `valid-after`: mend one of them".into())
            }
            _ => Ok(options),
        }
    }

    /// Takes in the first option and returns what follows it.
    fn one<'a>(&mut self, text: &'a str) -> Result<&'a str, String> {
        let end = text.find(['=', ',', '"']).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let twice = || format!("the option `{name}` stands twice: keep one");
        // Names of options are compared without regard to case, as OpenSSH does.
        match name.to_ascii_lowercase().as_str() {
            "cert-authority" => {
                if std::mem::replace(&mut self.is_authority, true) {
                    return Err(twice());
                }
                Ok(rest)
            }
            "namespaces" => {
                let (value, rest) = value(name, rest)?;
                let namespaces = Patterns::parse(&value).map_err(|what| within(name, &what))?;
                set(&mut self.namespaces, namespaces, twice)?;
                Ok(rest)
            }
            "valid-after" => {
                let (value, rest) = value(name, rest)?;
                let time =
                    time::parse(&value, time::End::First).map_err(|what| within(name, &what))?;
                set(&mut self.after, time, twice)?;
                Ok(rest)
            }
            "valid-before" => {
                let (value, rest) = value(name, rest)?;
                let time =
                    time::parse(&value, time::End::Last).map_err(|what| within(name, &what))?;
                set(&mut self.before, time, twice)?;
                Ok(rest)
            }
            _ => Err(format!(
                "neither a key type nor an option that is known: `{text}`; write `<principals> [cert-authority,\
                 namespaces=\"…\",valid-after=\"…\",valid-before=\"…\"] <key type> <key>`"
            )),
        }
    }
}

fn within(name: &str, what: &str) -> String {
    format!("`{name}`: {what}")
}

fn set<T>(place: &mut Option<T>, value: T, twice: impl Fn() -> String) -> Result<(), String> {
    match place.replace(value) {
        Some(_) => Err(twice()),
        None => Ok(()),
    }
}

/// Takes `="<value>"` off the text; `\"` stands for a quotation mark.
fn value<'a>(name: &str, text: &'a str) -> Result<(String, &'a str), String> {
    let unquoted = || format!("`{name}` without a quoted value: write `{name}=\"…\"`");
    let text = text.strip_prefix("=\"").ok_or_else(unquoted)?;
    let mut value = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((place, char)) = chars.next() {
        match char {
            '"' => return Ok((value, &text[place + 1..])),
            '\\' if chars.next_if(|&(_, next)| next == '"').is_some() => value.push('"'),
            _ => value.push(char),
        }
    }
    Err(format!(
        "the value of `{name}` has no closing quotation mark: add it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_options_are_read_in_any_order_and_case() {
        let text = r#"valid-before="20280101Z",CERT-AUTHORITY,Namespaces="git,*@pdd-hooks",valid-after="20260101Z""#;
        let expected = Options {
            is_authority: true,
            namespaces: Some(Patterns::parse("git,*@pdd-hooks").unwrap()),
            after: Some("2026-01-01T00:00:00Z".parse().unwrap()),
            before: Some("2028-01-01T00:00:00Z".parse().unwrap()),
        };
        assert_eq!(Options::parse(text), Ok(expected));
    }

    #[test]
    fn a_quotation_mark_within_a_value_is_escaped() {
        let options = Options::parse(r#"namespaces="a\"b,c\d""#).unwrap();
        assert_eq!(options.namespaces.unwrap().text(), "a\"b,c\\d");
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (text, words) in [
            ("", "neither a key type nor an option that is known"),
            ("no-touch-required", "neither a key type nor an option"),
            ("restrict", "neither a key type nor an option"),
            ("namespaces", "without a quoted value"),
            ("namespaces=git", "without a quoted value"),
            ("namespaces=\"git", "no closing quotation mark"),
            ("namespaces=\"\"", "an empty name"),
            ("namespaces=\"a\",namespaces=\"b\"", "stands twice"),
            ("cert-authority,cert-authority", "stands twice"),
            ("cert-authority=\"yes\"", "after an option"),
            ("cert-authority,", "a comma after the last option"),
            (",cert-authority", "neither a key type nor an option"),
            ("namespaces=\"a\"cert-authority", "after an option"),
            ("valid-after=\"2027\"", "`2027` is no time"),
            (
                "valid-after=\"20270101Z\",valid-before=\"20270101Z\"",
                "`valid-before` is not after `valid-after`",
            ),
        ] {
            let what = Options::parse(text).unwrap_err();
            assert!(what.contains(words), "{text}: {what}");
        }
    }
}
