//! A policy that cannot be read: where, why, and what was probably meant.

/// Says why a policy could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not TOML, an unknown key, a wrong type, or a bad pattern.
    #[error("{origin}:{line}:{column}: {message}")]
    Read {
        /// The file, or `<branch>:.pdd.toml`.
        origin: String,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// What is wrong, and what was probably meant.
        message: String,
    },
}

impl Error {
    /// Returns the next step.
    pub fn help(&self) -> Option<String> {
        Some(
            "`pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default"
                .into(),
        )
    }

    pub(super) fn read(origin: &str, text: &str, source: &toml::de::Error) -> Self {
        let start = source.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        Self::Read {
            origin: origin.into(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or("").chars().count() + 1,
            message: source.message().into(),
        }
    }
}
