//! A commit message: text to subject, body and trailers, and what git makes of it before it commits. Pure: no git, no policy.

mod cleanup;
mod trailers;

use crate::id::CommitId;

pub use cleanup::{Cleanup, clean, comment_auto, comment_unused, end};
pub use trailers::with_trailers;

/// A commit message as git commits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first paragraph on one line, as `git log --format=%s` shows it, lossily decoded.
    pub subject: String,
    /// What follows the subject, without the blank lines between.
    pub body: String,
    /// The trailers of the last paragraph, in order, names as written.
    pub trailers: Vec<Trailer>,
}

/// One `Name: value` line of the last paragraph (git-interpret-trailers(1)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// Before the colon.
    pub name: String,
    /// After it, folded lines joined by a blank.
    pub value: String,
}

/// What `git commit --fixup`, `--squash` and `--fixup=amend:` put before the subject that they are for.
const AUTOSQUASH: [&str; 3] = ["fixup! ", "squash! ", "amend! "];

/// What `git revert` writes before the commit that it takes back.
const REVERTS: &str = "This reverts commit ";

impl Message {
    /// Reads a message that git has cleaned already; bytes that are not UTF-8 are replaced, CRLF line ends are tolerated.
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let lines: Vec<&str> = text
            .split('\n')
            .map(cleanup::trim_end)
            .skip_while(|line| line.is_empty())
            .collect();
        let (title, rest) = match lines.iter().position(|line| line.is_empty()) {
            Some(end) => lines.split_at(end),
            None => (lines.as_slice(), [].as_slice()),
        };
        let body = rest.join("\n").trim_matches('\n').to_owned();
        let trailers = trailers::read(&lines);
        Self {
            subject: title.join(" "),
            body,
            trailers,
        }
    }

    /// Returns the value of the last trailer of this name, in any case.
    pub fn trailer(&self, name: &str) -> Option<&str> {
        self.trailers
            .iter()
            .rev()
            .find(|trailer| trailer.name.eq_ignore_ascii_case(name))
            .map(|trailer| trailer.value.as_str())
    }

    /// Returns the commit that the body says it reverts, in the words of `git revert`.
    pub fn reverted(&self) -> Option<CommitId> {
        self.body.split(REVERTS).skip(1).find_map(|rest| {
            let end = rest
                .find(|c: char| !c.is_ascii_hexdigit())
                .unwrap_or(rest.len());
            matches!(end, 40 | 64).then(|| CommitId::new(rest[..end].to_ascii_lowercase()))
        })
    }

    /// Returns the subject that `git rebase --autosquash` would look for, without any of the prefixes `fixup!`, `squash!`
    /// and `amend!`; none for a message that has no such prefix.
    pub fn autosquash(&self) -> Option<&str> {
        let mut rest = self.subject.as_str();
        while let Some(inner) = AUTOSQUASH.iter().find_map(|word| rest.strip_prefix(word)) {
            rest = inner.trim_start();
        }
        (rest.len() < self.subject.len()).then_some(rest)
    }

    /// Returns the type that its subject begins with: `feat` of `feat(app)!: subtract`, and of a `fixup!` for that one.
    pub fn kind(&self) -> &str {
        let subject = self.autosquash().unwrap_or(&self.subject);
        subject.split(['(', ':', '!']).next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_type_is_what_the_subject_begins_with() {
        let kind = |text: &str| Message::parse(text.as_bytes()).kind().to_owned();
        assert_eq!(kind("feat(app)!: subtract"), "feat");
        assert_eq!(kind("fix!: add"), "fix");
        assert_eq!(kind("fixup! squash! feat: subtract"), "feat");
        assert_eq!(kind(""), "");
    }

    #[test]
    fn the_first_paragraph_on_one_line_is_the_subject() {
        let message = Message::parse(b"\n \nfeat: one\n  two \n\n\nbody\n\nmore\n\n");
        assert_eq!(message.subject, "feat: one   two");
        assert_eq!(message.body, "body\n\nmore");
        assert_eq!(message.trailers, []);
    }

    #[test]
    fn line_ends_of_windows_and_bytes_that_are_not_utf8_are_read() {
        let message = Message::parse(b"feat: caf\xe9 [A-1]\r\n\r\nbody\r\n\r\nTask: A-1\r\n");
        assert_eq!(message.subject, "feat: caf\u{fffd} [A-1]");
        assert_eq!(message.body, "body\n\nTask: A-1");
        assert_eq!(message.trailer("task"), Some("A-1"));
    }

    #[test]
    fn an_empty_message_has_an_empty_subject() {
        for bytes in [&b""[..], b"\n", b" \r\n\t\n"] {
            let message = Message::parse(bytes);
            assert_eq!((message.subject.as_str(), message.body.as_str()), ("", ""));
        }
    }

    #[test]
    fn the_last_trailer_of_a_name_wins_whatever_its_case() {
        let message = Message::parse(b"s\n\nTask: A-1\nTASK: A-2\nCo-authored-by: B\n C\n");
        assert_eq!(message.trailer("Task"), Some("A-2"));
        assert_eq!(message.trailer("co-authored-by"), Some("B C"));
        assert_eq!(message.trailer("Persona"), None);
    }

    #[test]
    fn a_revert_names_its_commit_in_either_form_and_length() {
        let (sha1, sha256) = ("0123456789abcdef".repeat(3), "ab".repeat(32));
        let sha1 = &sha1[..40];
        for body in [
            format!("This reverts commit {sha1}."),
            format!("Why.\n\nThis reverts commit {sha1}, reversing\nchanges made to {sha256}."),
            format!(
                "This reverts commit abc.\nThis reverts commit {}",
                sha1.to_uppercase()
            ),
        ] {
            let message = Message::parse(format!("Revert \"x\"\n\n{body}\n").as_bytes());
            assert_eq!(message.reverted(), Some(CommitId::new(sha1)), "{body}");
        }
        let message = Message::parse(format!("Revert\n\nThis reverts commit {sha256}.").as_bytes());
        assert_eq!(message.reverted(), Some(CommitId::new(sha256)));
        let message = Message::parse(format!("This reverts commit {sha1}.").as_bytes());
        assert_eq!(message.reverted(), None, "the subject is no body");
    }

    #[test]
    fn autosquash_prefixes_are_taken_off_however_deep() {
        let rest = |subject: &str| {
            Message::parse(subject.as_bytes())
                .autosquash()
                .map(String::from)
        };
        assert_eq!(
            rest("fixup! feat: x [A-1]").as_deref(),
            Some("feat: x [A-1]")
        );
        assert_eq!(rest("squash! fixup! amend! x").as_deref(), Some("x"));
        assert_eq!(rest("fixup!feat: x"), None);
        assert_eq!(rest("feat: fixup! x"), None);
    }

    proptest! {
        #[test]
        fn parsing_never_panics(bytes: Vec<u8>) {
            let message = Message::parse(&bytes);
            let _ = (message.reverted(), message.autosquash(), message.trailer("task"));
            prop_assert!(!message.subject.contains('\n'));
        }

        #[test]
        fn parsing_never_panics_on_near_messages(text in "([A-Za-z-]{0,6}[:!#( \t]{0,2}|\r?\n| |This reverts commit [0-9a-f]{38,66}){0,20}") {
            let message = Message::parse(text.as_bytes());
            let _ = (message.reverted(), message.autosquash());
        }
    }
}
