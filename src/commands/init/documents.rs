//! Documents that were there before `init`: at the policy's places, or elsewhere.

use std::fmt::Write as _;
use std::fs;

use crate::git::command::Git;
use crate::policy::Policy;
use crate::scaffold::documents::documents;
use crate::scaffold::existing::{Kind, Reading};

/// One of them.
pub(super) struct Existing {
    kind: Kind,
    /// Where it is.
    path: String,
    /// Where the policy wants it, where that is elsewhere.
    wanted: String,
    /// What it reads as; why it does not, where it is no text.
    reading: Result<Reading, String>,
    role: Role,
}

/// What becomes of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It stands where the policy wants it.
    InPlace,
    /// The policy that is written names it.
    Named,
    /// The policy that is there names another place, where nothing is.
    Unnamed,
    /// Another one serves.
    Spare,
}

/// Looks at each document's place and, where nothing stands there, for one elsewhere; `is_new` says that the policy is
/// still to be written.
pub(super) fn look(git: &Git, files: &[String], policy: &Policy, is_new: bool) -> Vec<Existing> {
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let wanted = kind.place(policy).to_owned();
        if let Some(reading) = read(git, kind, &wanted, policy) {
            found.push(Existing {
                kind,
                path: wanted.clone(),
                wanted,
                reading,
                role: Role::InPlace,
            });
            continue;
        }
        let mut role = if is_new { Role::Named } else { Role::Unnamed };
        for path in kind.candidates(files) {
            let reading = read(git, kind, path, policy);
            if let Some(Ok(reading)) = reading.filter(|it| it.as_ref().is_ok_and(Reading::is_one)) {
                found.push(Existing {
                    kind,
                    path: path.to_owned(),
                    wanted: wanted.clone(),
                    reading: Ok(reading),
                    role,
                });
                role = Role::Spare;
            }
        }
    }
    found
}

/// Returns the keys and places that a new policy has to name.
pub(super) fn elsewhere(existing: &[Existing]) -> Vec<(Kind, String)> {
    let named = existing.iter().filter(|it| it.role == Role::Named);
    named.map(|it| (it.kind, it.path.clone())).collect()
}

/// Reads what stands at a path; none where nothing does, or only what `init` writes itself.
fn read(git: &Git, kind: Kind, path: &str, policy: &Policy) -> Option<Result<Reading, String>> {
    let file = git.folder().join(path);
    let metadata = file.symlink_metadata().ok()?;
    if !metadata.is_file() {
        return Some(Err("it is not a plain file".into()));
    }
    Some(match fs::read_to_string(&file) {
        Ok(text) => {
            let mut reading = kind.read(&text, policy);
            let is_ours = documents(policy).iter().any(|it| it.text == text);
            if reading.first + reading.second == 0 && !is_ours && !text.trim().is_empty() {
                let what = format!("nothing in it reads as {}", kind.part());
                reading.faults.push((1, what));
            }
            Ok(reading)
        }
        Err(error) => Err(format!("it cannot be read: {error}")),
    })
}

impl Existing {
    /// Says whether it makes a file at this place needless: it stands there, or would have a second one beside it.
    pub(super) fn is_instead_of(&self, path: &str) -> bool {
        self.role == Role::Unnamed && self.wanted == path
    }

    /// Says what it is and what is wrong with it, in whole lines; nothing where there is nothing to say.
    pub(super) fn describe(&self) -> String {
        let Self { path, wanted, .. } = self;
        let reading = match &self.reading {
            Ok(reading) => reading,
            Err(what) => return format!("note: {path}: {what}\n"),
        };
        let mut text = String::new();
        let key = self.kind.key();
        // Writing to a String cannot fail.
        let _ = match self.role {
            Role::InPlace if reading.first + reading.second == 0 => Ok(()),
            Role::InPlace => writeln!(text, "found {path}: {reading}"),
            Role::Named => writeln!(text, "found {path}: {reading}; the policy names it"),
            Role::Unnamed => writeln!(
                text,
                "found {path}: {reading}; the policy names {wanted}, which is not there: write `task.{key} = \"{path}\"` into it, and `{path}` into `paths.record`"
            ),
            // What is wrong with it is nobody's concern.
            Role::Spare => return format!("left out {path}: {reading}; one {key} is enough\n"),
        };
        for (line, what) in &reading.faults {
            let _ = writeln!(text, "note: {path}:{line}: {what}");
        }
        text
    }
}
