//! The command line: one file per subcommand, with its arguments (doc comment = help) and its `run`.
//!
//! A command writes its data to the `out` it is given; nothing here prints by another way, but findings and progress,
//! which go to stderr.

mod random;
mod range;
mod suggest;
mod worktree;

pub mod approve;
pub mod audit;
pub mod check;
pub mod completions;
pub mod doctor;
pub mod evidence;
pub mod explain;
pub mod handoff;
pub mod hook;
pub mod init;
pub mod install;
pub mod man;
pub mod persona;
pub mod red;
pub mod reject;
pub mod rules;
pub mod schema;
pub mod status;
pub mod task;
pub mod uninstall;
pub mod validate;
pub mod waive;
pub mod withdraw;

use std::io::Write;

use crate::error::CommandError as Error;

use crate::exit::Exit;

/// Git hooks that make git itself keep the rules of Persona-Driven Development
///
/// Exit codes: 0 passed, 1 findings, 2 could not decide or bad usage, 130 interrupted.
#[derive(Debug, clap::Parser)]
#[command(name = "pdd-hooks", version, subcommand_required = true)]
pub struct Cli {
    /// When to colour the output; NO_COLOR and CLICOLOR_FORCE are obeyed under `auto`
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "auto|always|never",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Runs the subcommand; what it has to say to a reader or a program goes to `out`.
    ///
    /// # Errors
    /// The command could not decide, or `out` cannot be written.
    pub fn run(&self, out: &mut dyn Write) -> Result<Exit, crate::error::Error> {
        match &self.command {
            Command::Install(args) => install::run(args, out),
            Command::Uninstall(args) => uninstall::run(args, out),
            Command::Doctor(args) => doctor::run(args, out),
            Command::Init(args) => init::run(args, out),
            Command::Status(args) => status::run(args, out),
            Command::Task(args) => task::run(args, out),
            Command::Persona(args) => persona::run(args, out),
            Command::Handoff(args) => handoff::run(args, out),
            Command::Red(args) => red::run(args, out),
            Command::Validate(args) => validate::run(args, out),
            Command::Check(args) => check::run(args, out),
            Command::Approve(args) => approve::run(args, out),
            Command::Reject(args) => reject::run(args, out),
            Command::Withdraw(args) => withdraw::run(args, out),
            Command::Waive(args) => waive::run(args, out),
            Command::Audit(args) => audit::run(args, out),
            Command::Evidence(args) => evidence::run(args, out),
            Command::Rules(args) => rules::run(args, out),
            Command::Explain(args) => explain::run(args, out),
            Command::Schema(args) => schema::run(args, out),
            Command::Completions(args) => completions::run(args, out),
            Command::Man(args) => man::run(args, out),
            Command::Hook(args) => hook::run(args, out),
        }
    }
}

/// The subcommands, in the order of the help.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Put the hooks where git runs them
    Install(install::Args),
    /// Take the hooks away and put back what stood there
    Uninstall(uninstall::Args),
    /// Prove that the hooks are there, whole and reached
    Doctor(doctor::Args),
    /// Write the policy and the workflow's documents
    Init(init::Args),
    /// Show the task, the persona, and what the next commit lacks
    Status(status::Args),
    /// Plan tasks, and take one from its beginning to the Changelog
    Task(task::Args),
    /// Declare the persona you work as, and stage the declaration
    Persona(persona::Args),
    /// Hand the task over to another persona, with what it has to know
    Handoff(handoff::Args),
    /// Show what the staged tests say without their source, and seal those that wait for it
    Red(red::Args),
    /// Run the checks on exactly what is staged, or on commits, and record what passes
    Validate(validate::Args),
    /// Judge the staged change, a message or a range of commits
    Check(check::Args),
    /// Show what would land on a protected branch, and sign that it may
    Approve(approve::Args),
    /// Sign that a commit may not land on a protected branch
    Reject(reject::Args),
    /// Take back your approvals and rejections of a commit
    Withdraw(withdraw::Args),
    /// Sign that what is staged, or a commit, need not keep a rule
    Waive(waive::Args),
    /// Report who went round the hooks, when and how
    Audit(audit::Args),
    /// List, verify, push and fetch what is recorded
    Evidence(evidence::Args),
    /// List the rules
    Rules(rules::Args),
    /// Explain a rule
    Explain(explain::Args),
    /// Print the JSON Schema of `.pdd.toml`
    Schema(schema::Args),
    /// Print the completions of a shell
    Completions(completions::Args),
    /// Print the manual page
    Man(man::Args),
    /// Run one hook, for the programs that git runs
    #[command(hide = true)]
    Hook(hook::Args),
}

/// When to colour the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Makes this the choice of every stream of the process.
    pub fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// How a command answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Writes `text` to a command's output.
///
/// # Errors
/// The output cannot be written.
pub(crate) fn print(out: &mut dyn Write, text: &str) -> Result<(), crate::error::Error> {
    out.write_all(text.as_bytes())
        .map_err(crate::error::Error::Print)
}

/// Writes `value` to a command's output as indented JSON.
///
/// # Errors
/// The output cannot be written.
pub(crate) fn print_json(
    out: &mut dyn Write,
    value: &impl serde::Serialize,
) -> Result<(), crate::error::Error> {
    serde_json::to_writer_pretty(&mut *out, value)
        .map_err(|source| crate::error::Error::Print(source.into()))?;
    print(out, "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }
}
