//! What several people at once do to the logs: two entries of one number after a merge, and logs that git does not merge by
//! union. `doctor` names it; [`renumbering`] is the mend of the first.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;

use super::Error;
use super::doctor::Report;
use super::target::Target;
use crate::git::attributes::merge_drivers;
use crate::git::command::Git;
use crate::git::plain::obstacle;
use crate::policy::Policy;
use crate::workflow::attributes::FILE;
use crate::workflow::devlog;
use crate::workflow::edit::apply;
use crate::workflow::outline::line_of;

/// What comes of numbers that stand twice in the devlog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Renumbering {
    /// Each stands once.
    Needless,
    /// The file has to be left alone: what it is, to be said after its name.
    Refused(&'static str),
    /// The newer entries get other numbers.
    Text {
        /// What the devlog says then.
        text: String,
        /// The old name, the new one, and the line, of each entry.
        moved: Vec<(String, String, u32)>,
    },
}

/// The devlog of a work tree.
enum Devlog {
    Absent,
    Text(String),
    Unusable(&'static str),
}

/// Works out the numbers of the newer entries of the devlog; `git` runs at the top of the work tree.
///
/// What the branches hold that work is merged into keeps its number: others know it by that.
///
/// # Errors
/// git cannot be asked, or the file cannot be read.
pub fn renumbering(git: &Git, policy: &Policy) -> Result<Renumbering, Error> {
    let path = &policy.task.devlog;
    let text = match read(git, path)? {
        Devlog::Absent => return Ok(Renumbering::Needless),
        Devlog::Unusable(state) => return Ok(Renumbering::Refused(state)),
        Devlog::Text(text) => text,
    };
    let branches = policy.branch.integration.iter();
    let branches = branches.chain(&policy.branch.protected);
    let places = branches.flat_map(|name| {
        [
            format!("refs/heads/{name}"),
            format!("refs/remotes/origin/{name}"),
        ]
    });
    let mut earlier = Vec::new();
    // On such a branch itself, what it held before the merge.
    for place in places.chain(["HEAD^1".to_owned()]) {
        let blob = format!("{place}:{path}");
        if let (Some(0), bytes, _) = git.run(&["cat-file", "blob", &blob], &[])? {
            earlier.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    let mut edits = devlog::renumbered(&text, &earlier);
    if edits.is_empty() {
        return Ok(Renumbering::Needless);
    }
    edits.sort_by_key(|edit| edit.bytes.start);
    let moved = edits.iter().map(|edit| {
        let line = line_of(&text, edit.bytes.start);
        (text[edit.bytes.clone()].to_owned(), edit.text.clone(), line)
    });
    let moved = moved.collect();
    let text = apply(&text, edits);
    Ok(Renumbering::Text { text, moved })
}

impl Report {
    /// Looks at the logs of the work tree, at the places that its policy names.
    pub(super) fn documents(&mut self, target: &Target) -> Result<(), Error> {
        let Some(top) = &target.top else {
            return Ok(());
        };
        let Ok(text) = fs::read_to_string(top.join(".pdd.toml")) else {
            return Ok(());
        };
        // Every hook says what is wrong with a policy that does not parse.
        let Ok(policy) = Policy::parse(&text, ".pdd.toml") else {
            return Ok(());
        };
        let git = Git::new(top);
        self.unions(&git, &policy)?;
        self.numbers(&git, &policy.task.devlog)
    }

    fn unions(&mut self, git: &Git, policy: &Policy) -> Result<(), Error> {
        let logs = policy.shared_logs();
        let drivers = merge_drivers(git, &logs)?;
        let lacking = logs
            .iter()
            .zip(drivers)
            .filter(|(_, driver)| driver.is_none());
        let lacking: Vec<&str> = lacking.map(|(path, _)| path.as_str()).collect();
        if !lacking.is_empty() {
            let message = format!(
                "branches that both add to {} conflict: {FILE} has no `merge=union` for it",
                lacking.join(" or ")
            );
            self.hint("logs", message, "pdd-hooks init");
        }
        Ok(())
    }

    /// Names the numbers that stand more than once.
    fn numbers(&mut self, git: &Git, path: &str) -> Result<(), Error> {
        let text = match read(git, path)? {
            Devlog::Absent => return Ok(()),
            Devlog::Unusable(state) => {
                let help = "put it right: nothing reads its entries as it is";
                self.problem("devlog", format!("{path} {state}"), help);
                return Ok(());
            }
            Devlog::Text(text) => text,
        };
        let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for decision in devlog::decisions(&text) {
            let line = format!("{path}:{}", decision.entry.line);
            lines.entry(decision.number).or_default().push(line);
        }
        for (number, lines) in lines.into_iter().filter(|(_, lines)| lines.len() > 1) {
            let name = devlog::name(number);
            let message = format!("{name} stands more than once: {}", lines.join(", "));
            self.problem("devlog", message, "pdd-hooks doctor --fix");
        }
        Ok(())
    }
}

fn read(git: &Git, path: &str) -> Result<Devlog, Error> {
    if let Some(obstacle) = obstacle(git, path)? {
        return Ok(Devlog::Unusable(obstacle.state()));
    }
    let file = git.folder().join(path);
    match fs::read_to_string(&file) {
        Ok(text) => Ok(Devlog::Text(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Devlog::Absent),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            Ok(Devlog::Unusable("is not UTF-8"))
        }
        Err(error) => Err(Error::read(&file)(error)),
    }
}
