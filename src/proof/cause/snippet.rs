//! Source text that a compiler quotes, and what it underlines there.

/// A quoted line and the columns that are underlined, in characters of it.
pub(super) struct Snippet {
    line: Vec<char>,
    from: usize,
    to: usize,
}

impl Snippet {
    /// Finds the first line of which a part is underlined by `mark` on the next; the columns of both agree.
    pub(super) fn find(lines: &[&str], mark: char) -> Option<Self> {
        lines.windows(2).find_map(|pair| {
            let under: Vec<char> = pair[1].chars().collect();
            let is_mark = |at: usize| under.get(at) == Some(&mark);
            let from = (0..under.len()).find(|&at| is_mark(at))?;
            let is_quoted = pair[0]
                .trim_start()
                .starts_with(|c: char| c.is_ascii_digit());
            let is_gutter = |c: &char| matches!(c, ' ' | '|' | '-');
            if !is_quoted || !under[..from].iter().all(is_gutter) {
                return None;
            }
            let to = (from..).find(|&at| !is_mark(at)).unwrap_or(from);
            Some(Self {
                line: pair[0].chars().collect(),
                from,
                to,
            })
        })
    }

    /// Returns the line, the number of it and what sets that apart left out.
    pub(super) fn line(&self) -> String {
        let text: String = self.line.iter().collect();
        let text = text
            .trim_start()
            .trim_start_matches(|c: char| c.is_ascii_digit());
        text.trim_start_matches([' ', '|']).to_owned()
    }

    /// Returns what is underlined.
    pub(super) fn underlined(&self) -> String {
        self.line
            .iter()
            .skip(self.from)
            .take(self.to - self.from)
            .collect()
    }

    /// Returns the name of what is called where the underlining begins: the underlined name itself if a bracket follows
    /// it, else the one before the bracket in which it stands.
    pub(super) fn called(&self) -> Option<String> {
        if self.line.get(self.to) == Some(&'(') {
            return word(&self.underlined());
        }
        let before = self.line.get(..self.from)?;
        let mut open = 0_usize;
        for (at, c) in before.iter().enumerate().rev() {
            match c {
                ')' => open += 1,
                '(' if open == 0 => return word(&before[..at].iter().collect::<String>()),
                '(' => open -= 1,
                _ => {}
            }
        }
        None
    }
}

/// Returns the word at the end of a text.
pub(super) fn word(text: &str) -> Option<String> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
    let start = text
        .char_indices()
        .rev()
        .take_while(|&(_, c)| is_word(c))
        .last()?
        .0;
    Some(text[start..].to_owned())
}
