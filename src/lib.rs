//! pdd-hooks: a hook loads a [`change::Change`], pure rules look at it, findings are printed, and the same rules run at
//! commit, at push, on the server and in the audit.
//!
//! The rooms, each of which may use only what stands to its right:
//! `hooks, main -> hook, commands -> audit, install, scaffold -> progress, proof -> signing -> git -> evidence, rules -> workflow, syntax, change, message, finding, policy`.
//!
//! What holds everywhere:
//! - [`proof`] alone starts the user's programs, in a folder of its own.
//! - [`git`] alone names git2; [`rules`], [`workflow`], [`syntax`], [`message`] and [`policy`] do no input or output.
//! - A finding stops git with exit code 1, "could not decide" with 2; nothing else stops it.
//! - The user's files, index, stash and build folders are never written; all local state is in `<git common dir>/pdd`,
//!   but for the slots in the user's cache folder, which may be removed at any time.
//! - Replace references are ignored: they change content.

pub mod audit;
pub mod change;
pub mod commands;
pub mod error;
pub mod evidence;
pub mod exit;
pub mod finding;
pub mod git;
pub mod hook;
pub mod id;
pub mod install;
pub mod message;
pub mod policy;
pub mod progress;
pub mod proof;
pub mod rules;
pub mod scaffold;
pub mod signing;
pub mod syntax;
pub mod words;
pub mod workflow;
