//! Words of a subject that are nearly a task in brackets.

use crate::policy::Policy;

/// A word that is nearly a task in brackets.
pub(super) struct Slip {
    /// What is wrong with it.
    pub(super) what: String,
    /// How to write it.
    pub(super) help: String,
}

/// Finds one: in brackets but not an id (`[task-7]`), in other brackets (`(TASK-7)`), or bare at either end (`TASK-7`).
pub(super) fn find(subject: &str, policy: &Policy) -> Option<Slip> {
    let inside = |open: char, close: char| {
        let pieces = subject.split(open).skip(1);
        pieces.filter_map(move |piece| piece.split_once(close).map(|(inside, _)| inside))
    };
    for text in inside('[', ']') {
        if let Some(id) = meant(text, policy) {
            return Some(Slip {
                what: format!("`[{text}]` is not written as an id"),
                help: format!("write `[{id}]`"),
            });
        }
    }
    for text in inside('(', ')').chain(inside('{', '}')) {
        if policy.is_task(&text.to_uppercase()) {
            return Some(Slip {
                what: format!("`{text}` does not stand in square brackets"),
                help: format!("write `[{}]`", text.to_uppercase()),
            });
        }
    }
    // Between other words it is as likely `UTF-8`.
    let trim = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let mut words = subject.split_whitespace();
    [words.next(), words.next_back()]
        .into_iter()
        .flatten()
        .map(trim)
        .find(|word| policy.is_task(word))
        .map(|word| Slip {
            what: format!("`{word}` stands without brackets"),
            help: format!("write `[{word}]` if that is the task"),
        })
}

/// Returns the id that was probably meant between brackets: in capitals, with `-` before the number.
fn meant(text: &str, policy: &Policy) -> Option<String> {
    let upper = text.trim().to_uppercase().replace(['_', ' '], "-");
    let digits = upper
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(upper.len());
    let split = format!("{}-{}", &upper[..digits], &upper[digits..]);
    [upper, split].into_iter().find(|id| policy.is_task(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(subject: &str) -> Option<String> {
        let slip = find(subject, &Policy::default())?;
        Some(format!("{}; {}", slip.what, slip.help))
    }

    #[test]
    fn a_slip_is_told_how_to_write_it() {
        for (subject, want) in [
            (
                "feat: x [task-7]",
                "`[task-7]` is not written as an id; write `[TASK-7]`",
            ),
            (
                "feat: x [TASK7]",
                "`[TASK7]` is not written as an id; write `[TASK-7]`",
            ),
            (
                "feat: x [ TASK_7 ]",
                "`[ TASK_7 ]` is not written as an id; write `[TASK-7]`",
            ),
            (
                "feat: x (task-7)",
                "`task-7` does not stand in square brackets; write `[TASK-7]`",
            ),
            (
                "TASK-7: x",
                "`TASK-7` stands without brackets; write `[TASK-7]` if that is the task",
            ),
            (
                "feat: x TASK-7",
                "`TASK-7` stands without brackets; write `[TASK-7]` if that is the task",
            ),
        ] {
            assert_eq!(told(subject).as_deref(), Some(want), "{subject}");
        }
    }

    #[test]
    fn other_words_are_no_slip() {
        for subject in [
            "feat: read UTF-8 names",
            "feat: x [draft]",
            "feat(ui): x",
            "",
            "[",
            ")(",
        ] {
            assert_eq!(told(subject), None, "{subject}");
        }
    }
}
