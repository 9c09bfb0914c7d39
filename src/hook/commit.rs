//! pre-commit, pre-merge-commit, prepare-commit-msg and commit-msg: from the tree's receipt to the judged message.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::form::{self, Form};
use super::judge_staged::Validate;
use super::session::Session;
use super::{Hook, close, judge_staged, print};
use crate::error::Error;
use crate::evidence::attempt::{Attempt, Judged, Opened, Receipt, Stamp};
use crate::evidence::ledger;
use crate::exit::Exit;
use crate::git::Oid;
use crate::id::{CommitId, TreeId};
use crate::message::{self, Cleanup, Message};
use crate::rules;

/// pre-commit and pre-merge-commit: judges the tree that git is about to commit and leaves a receipt for it.
pub(super) fn check_tree(session: &Session, hook: Hook) -> Result<Exit, Error> {
    close::finish_earlier(session)?;
    let index = index_stamp();
    let tree = session.repository.index_tree()?;
    let mut parents = Vec::new();
    if rules::look_at_trees(&session.force.policy) {
        let verdict = judge_staged::judge(session, tree, None, Validate::Here)?;
        if verdict.passed.is_empty() {
            if hook == Hook::PreMergeCommit {
                // Git goes on to say that `git commit` completes the merge.
                print(
                    "  = `git commit` completes this merge once nothing is found; `git merge --abort` undoes it\n",
                );
            }
            return Ok(Exit::Findings);
        }
        parents = verdict.passed;
    }
    let attempt = Attempt {
        caller: session.caller.process,
        hooks: vec![hook.name().into()],
        receipt: Some(Receipt {
            tree: TreeId::new(tree.to_string()),
            index,
            parents,
        }),
        ..Attempt::default()
    };
    attempt.keep(&session.attempt_path())?;
    Ok(Exit::Passed)
}

/// prepare-commit-msg: opens the attempt, also where `--no-verify` skipped the receipt; in an editor session it offers
/// task and persona as comments.
pub(super) fn open(session: &Session, args: &[OsString]) -> Result<Exit, Error> {
    let (found, found_stale_receipt) = session.attempt();
    // Opened once already, it belongs to a commit that was given up; where the system does not tell one git from the
    // next, nothing else says so.
    let is_over = found
        .as_ref()
        .is_some_and(|attempt| attempt.opened.is_some());
    let found_stale_receipt = found_stale_receipt || is_over;
    let mut attempt = match found.filter(|_| !is_over) {
        Some(attempt) => attempt,
        None => {
            close::finish_earlier(session)?;
            Attempt {
                caller: session.caller.process,
                ..Attempt::default()
            }
        }
    };
    attempt.hooks.push(Hook::PrepareCommitMsg.name().into());
    let head = session
        .repository
        .head()?
        .commit
        .map(|oid| CommitId::new(oid.to_string()));
    let picks = session
        .repository
        .cherry_pick_head()?
        .map(|oid| CommitId::new(oid.to_string()));
    attempt.opened = Some(Opened {
        head,
        found_stale_receipt,
        picks,
    });
    attempt.keep(&session.attempt_path())?;
    let is_fresh = args.get(1).is_none_or(|source| source == "template");
    if let Some(file) = args.first()
        && is_fresh
        && form::is_edited(session)
    {
        offer(session, Path::new(file))?;
    }
    Ok(Exit::Passed)
}

/// Adds comment lines that git will strip; where it would keep them, adds nothing.
fn offer(session: &Session, file: &Path) -> Result<(), Error> {
    let text = read(file)?;
    let form = Form::find(session, &text)?;
    if form.cleanup != Cleanup::Strip {
        return Ok(());
    }
    let Some(hint) = super::offer::hint(session)? else {
        return Ok(());
    };
    let comment = String::from_utf8_lossy(&form.comment).into_owned();
    let lines: String = hint
        .lines()
        .map(|line| format!("{comment} {line}\n"))
        .collect();
    let at = message::end(&text, &form.comment);
    let mut offered = text[..at].to_vec();
    if !offered.is_empty() && !offered.ends_with(b"\n") {
        offered.push(b'\n');
    }
    offered.extend_from_slice(lines.as_bytes());
    offered.extend_from_slice(&text[at..]);
    write(file, &offered)
}

/// commit-msg: judges the change with its message as git will clean it, then adds the trailers.
pub(super) fn check_message(session: &Session, args: &[OsString]) -> Result<Exit, Error> {
    let Some(file) = args.first().map(PathBuf::from) else {
        return Ok(Exit::Passed);
    };
    let written = read(&file)?;
    let form = Form::find(session, &written)?;
    let clean = form.clean(&written);
    let message = Message::parse(&clean);
    if clean.trim_ascii().is_empty() && !allows_empty_message(session) {
        // Git refuses an empty message itself, and says so better.
        return Ok(Exit::Passed);
    }
    let (found, found_stale_receipt) = session.attempt();
    let mut attempt = found.unwrap_or_else(|| Attempt {
        caller: session.caller.process,
        ..Attempt::default()
    });
    attempt.hooks.push(Hook::CommitMsg.name().into());
    attempt.judged = None;
    let trees = trees(session, &attempt)?;
    let mut verdicts = Vec::new();
    for &tree in &trees {
        let receipt = attempt.receipt.as_ref();
        let validate = match receipt.filter(|found| found.tree.as_str() == tree.to_string()) {
            Some(receipt) => Validate::Done(&receipt.parents),
            None => Validate::Here,
        };
        let verdict = judge_staged::judge(session, tree, Some(&message), validate)?;
        if verdict.passed.is_empty() {
            attempt.keep(&session.attempt_path())?;
            print(&form::way_back(session, &file));
            return Ok(Exit::Findings);
        }
        verdicts.push(verdict);
    }
    let Some(verdict) = verdicts.into_iter().next() else {
        return Ok(Exit::Passed);
    };
    let mut trailers: Vec<(&str, String)> = Vec::new();
    if let Some(task) = &verdict.task {
        trailers.push(("Task", task.to_string()));
        if !verdict.personas.is_empty() {
            trailers.push(("Persona", verdict.personas.join(", ")));
        }
    }
    let trailers: Vec<(&str, &str)> = trailers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let completed = form.with_trailers(&written, &trailers);
    if completed != written {
        write(&file, &completed)?;
    }
    attempt.opened.get_or_insert(Opened {
        head: None,
        found_stale_receipt,
        picks: None,
    });
    attempt.judged = Some(Judged {
        message: ledger::digest(&form.clean(&completed)),
        trees: trees
            .iter()
            .map(|tree| TreeId::new(tree.to_string()))
            .collect(),
        parents: verdict.passed,
        task: verdict.task,
        personas: verdict.personas,
        is_automatic_merge: verdict.is_automatic_merge,
    });
    attempt.keep(&session.attempt_path())?;
    Ok(Exit::Passed)
}

/// Whether git was told to take a message that says nothing.
fn allows_empty_message(session: &Session) -> bool {
    let args = session.caller.args.as_ref();
    args.is_some_and(|args| args.has("--allow-empty-message", "--allow-empty-"))
}

/// The receipt's tree, and the index's where it was written since: a prepare-commit-msg that stages files changes the
/// index and not the commit.
fn trees(session: &Session, attempt: &Attempt) -> Result<Vec<Oid>, Error> {
    let Some(receipt) = &attempt.receipt else {
        return Ok(vec![session.repository.index_tree()?]);
    };
    let tree = session.repository.oid(receipt.tree.as_str())?;
    if receipt.index.is_some() && receipt.index == index_stamp() {
        return Ok(vec![tree]);
    }
    let now = session.repository.index_tree()?;
    Ok(if now == tree {
        vec![tree]
    } else {
        vec![tree, now]
    })
}

/// The stamp of the index that git names to its commit hooks; none where it names none.
fn index_stamp() -> Option<Stamp> {
    std::env::var_os("GIT_INDEX_FILE").and_then(|path| Stamp::of(Path::new(&path)))
}

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|source| Error::ReadMessage {
        path: file.to_owned(),
        source,
    })
}

/// Replaces the message file: written beside it, then renamed, so that a full disk loses no message.
fn write(file: &Path, text: &[u8]) -> Result<(), Error> {
    let failed = |source| Error::WriteMessage {
        path: file.to_owned(),
        source,
    };
    let mut beside = file.as_os_str().to_owned();
    beside.push(".pdd-new");
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, file))
        .map_err(|source| {
            // What could not be written whole is not left lying there; the first error is the one to tell.
            let _ = std::fs::remove_file(&beside);
            failed(source)
        })
}
