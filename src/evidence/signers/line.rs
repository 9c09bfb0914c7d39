//! One line of the signers file: `<principals> [<options>] <key type> <key> [<comment>]`.

use ssh_key::public::KeyData;

use super::key;
use super::options::Options;
use super::pattern::Patterns;

/// The longest line that is read, in bytes: the longest key that counts takes less than a thousand.
const LONGEST: usize = 16 << 10;

const BLANKS: [char; 2] = [' ', '\t'];

/// A key and who signs with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Who: for an authority, those whose certificates count.
    pub(super) principals: Patterns,
    /// What for and when.
    pub(super) options: Options,
    /// The key.
    pub(super) key: KeyData,
}

impl Line {
    /// Reads a line; none where it is blank or a comment. Says what is wrong with one that is not understood in full.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, String> {
        let text = text.strip_suffix('\r').unwrap_or(text);
        if text.len() > LONGEST {
            return Err(format!("more than {LONGEST} bytes: a key takes less"));
        }
        if let Some(odd) = text.chars().find(|&char| is_invisible(char)) {
            return Err(format!(
                "the invisible character U+{:04X}: take it out",
                u32::from(odd)
            ));
        }
        let text = text.trim_start_matches(BLANKS);
        if text.is_empty() || text.starts_with('#') {
            return Ok(None);
        }
        let (principals, rest) = principals(text)?;
        let principals = Patterns::parse(principals)?;
        let (word, after) = word(rest)?;
        if word.is_empty() {
            return Err("no key after the principals: add `<key type> <key>`".into());
        }
        let (options, kind, rest) = if key::is_type(word) {
            (Options::default(), word, after)
        } else {
            let options = Options::parse(word)?;
            let (kind, rest) = split(after);
            (options, kind, rest)
        };
        let (blob, _comment) = split(rest);
        if blob.is_empty() {
            return Err("no key after the options: add `<key type> <key>`".into());
        }
        Ok(Some(Self {
            principals,
            options,
            key: key::plain(kind, blob)?,
        }))
    }
}

/// Whether a character could make a line read otherwise than it looks: controls, and marks of order and direction.
fn is_invisible(char: char) -> bool {
    let is_control = char.is_control() && char != '\t';
    is_control
        || matches!(char, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(char, '\u{2060}'..='\u{2069}')
}

/// Takes the principals off: up to a blank, or within quotation marks.
fn principals(text: &str) -> Result<(&str, &str), String> {
    let Some(quoted) = text.strip_prefix('"') else {
        let (principals, rest) = split(text);
        if principals.contains('"') {
            return Err("a quotation mark within the principals: quote them as a whole".into());
        }
        return Ok((principals, rest));
    };
    let (principals, rest) = quoted
        .split_once('"')
        .ok_or("principals without their closing quotation mark: add it")?;
    if !rest.is_empty() && !rest.starts_with(BLANKS) {
        return Err("no blank after the quoted principals: add it".into());
    }
    Ok((principals, rest.trim_start_matches(BLANKS)))
}

/// Takes the first word off, which ends at a blank outside quotation marks.
fn word(text: &str) -> Result<(&str, &str), String> {
    let mut is_quoted = false;
    let mut chars = text.char_indices().peekable();
    while let Some((place, char)) = chars.next() {
        match char {
            '\\' => drop(chars.next_if(|&(_, next)| next == '"')),
            '"' => is_quoted = !is_quoted,
            ' ' | '\t' if !is_quoted => {
                return Ok((&text[..place], text[place..].trim_start_matches(BLANKS)));
            }
            _ => {}
        }
    }
    if is_quoted {
        return Err("a quotation mark that is not closed: add the other one".into());
    }
    Ok((text, ""))
}

fn split(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(BLANKS).unwrap_or((text, ""));
    (first, rest.trim_start_matches(BLANKS))
}
