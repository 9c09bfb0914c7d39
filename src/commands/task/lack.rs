//! What is missing before a task may move on, all of it at once, each with what mends it.

use std::io::Write as _;

use crate::exit::Exit;
use crate::finding::printable;
use crate::id::TaskId;

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lack {
    /// What: lower case, no full stop.
    pub(super) what: String,
    /// The next step, usually a command.
    pub(super) mend: String,
}

impl Lack {
    /// Says what is missing, and what mends it.
    pub(super) fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            mend: mend.into(),
        }
    }
}

/// Prints what is missing, as hooks print findings; `step` is what was refused: `cannot be started`.
pub(super) fn refuse(task: &TaskId, step: &str, lacks: &[Lack]) -> Exit {
    // Where stderr is closed the exit code still tells.
    let _ = anstream::stderr().write_all(text(task, step, lacks).as_bytes());
    Exit::Findings
}

fn text(task: &TaskId, step: &str, lacks: &[Lack]) -> String {
    let count = match lacks.len() {
        1 => "one thing is missing".to_owned(),
        count => format!("{count} things are missing"),
    };
    let mut text = format!("error: `{task}` {step}: {count}\n");
    for Lack { what, mend } in lacks {
        let (what, mend) = (printable(what), printable(mend));
        text.push_str(&format!(" - {what}\n   = help: {mend}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_what_mends_it() {
        let lacks = [
            Lack::new("it is \u{1b}BLOCKED", "unblock it"),
            Lack::new("no criterion is ticked", "tick it"),
        ];
        let task = TaskId::new("TASK-007");
        assert_eq!(
            text(&task, "is not ready", &lacks),
            "error: `TASK-007` is not ready: 2 things are missing\n - it is \u{fffd}BLOCKED\n   = help: unblock it\n \
             - no criterion is ticked\n   = help: tick it\n"
        );
        let one = text(&task, "cannot be started", &lacks[..1]);
        assert!(one.starts_with("error: `TASK-007` cannot be started: one thing is missing\n"));
    }
}
