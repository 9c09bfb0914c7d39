//! Pattern lists as OpenSSH reads them (ssh_config(5), PATTERNS): `*`, `?`, and `!` before what is not meant.

/// The longest pattern of a list, in bytes; OpenSSH lets a longer one match nothing.
const LONGEST: usize = 1023;

/// A list of patterns, joined by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Patterns(String);

impl Patterns {
    /// Reads a list; says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.split(',').any(str::is_empty) {
            return Err(format!("an empty name in `{text}`: take out the comma"));
        }
        if text.split(',').any(|one| one.len() > LONGEST) {
            return Err(format!("a name of more than {LONGEST} bytes: shorten it"));
        }
        if text.split(',').all(|one| one.starts_with('!')) {
            return Err(format!(
                "`{text}` names nobody: add a pattern without `!` that it takes from"
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the list as it stands.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Says whether a pattern matches the name and no pattern after a `!` does.
    pub(super) fn matches(&self, name: &str) -> bool {
        let mut is_named = false;
        for one in self.0.split(',') {
            match one.strip_prefix('!') {
                Some(not) if fits(not.as_bytes(), name.as_bytes()) => return false,
                Some(_) => {}
                None => is_named |= fits(one.as_bytes(), name.as_bytes()),
            }
        }
        is_named
    }

    /// Says whether the list holds exactly this name, without a wildcard.
    pub(super) fn names(&self, name: &str) -> bool {
        self.0.split(',').any(|one| one == name)
    }
}

/// Whether a whole name fits one pattern. Bytes, as OpenSSH compares them; the last `*` is the only one that is ever tried
/// anew, so that no pattern takes long.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while of < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(&byte) if byte == b'?' || byte == name[of] => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((place, from)) = star else {
                    return false;
                };
                star = Some((place, from + 1));
                at = place + 1;
                of = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_match_as_openssh_has_it() {
        for (list, name, expected) in [
            ("ann@example.org", "ann@example.org", true),
            ("ann@example.org", "Ann@example.org", false),
            ("*@example.org", "ann@example.org", true),
            ("*@example.org", "ann@example.org.evil", false),
            ("a?n", "ann", true),
            ("a?n", "an", false),
            ("*", "", true),
            ("**n", "ann", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("ann,bob", "bob", true),
            ("!bob,*", "bob", false),
            ("*,!bob", "bob", false),
            ("*,!bob", "ann", true),
            ("!b*,bob", "ann", false),
        ] {
            let patterns = Patterns::parse(list).unwrap();
            assert_eq!(patterns.matches(name), expected, "{list} {name}");
        }
    }

    #[test]
    fn a_list_that_can_name_nobody_is_refused() {
        for list in ["", "ann,", ",ann", "ann,,bob", "!ann", "!ann,!bob"] {
            assert!(Patterns::parse(list).is_err(), "{list}");
        }
        assert!(Patterns::parse(&"a".repeat(1023)).is_ok());
        assert!(Patterns::parse(&"a".repeat(1024)).is_err());
    }

    #[test]
    fn a_name_is_in_a_list_only_letter_for_letter() {
        let patterns = Patterns::parse("git,runner@*,!evidence@pdd-hooks").unwrap();
        assert!(patterns.names("git"));
        assert!(!patterns.names("runner@pdd-hooks"));
        assert!(!patterns.names("evidence@pdd-hooks"));
    }

    /// The definition, word for word; it may take for ever.
    fn plainly(pattern: &[u8], name: &[u8]) -> bool {
        match (pattern, name) {
            ([], []) => true,
            ([b'*', rest @ ..], _) => (0..=name.len()).any(|skip| plainly(rest, &name[skip..])),
            ([b'?', rest @ ..], [_, name @ ..]) => plainly(rest, name),
            ([one, rest @ ..], [other, name @ ..]) if one == other => plainly(rest, name),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn matching_is_what_its_definition_says(pattern in "[ab*?]{0,8}", name in "[ab]{0,8}") {
            prop_assert_eq!(
                fits(pattern.as_bytes(), name.as_bytes()),
                plainly(pattern.as_bytes(), name.as_bytes())
            );
        }
    }
}
