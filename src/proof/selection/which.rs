//! Which runner a check starts, as far as its command line and the form of its report tell.

use crate::policy::{CheckBlock, ReportForm};
use crate::proof::runner;

/// A runner whose names for tests are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runner {
    Pytest,
    CargoTest,
    Nextest,
    Node,
    Vitest,
    Jest,
    Go,
    Unknown,
}

impl Runner {
    /// Tells the runner of a check, through wrappers and scripts that node is given.
    pub(super) fn of(check: &CheckBlock) -> Self {
        match check.report {
            ReportForm::GoJson => return Self::Go,
            ReportForm::Libtest => return Self::CargoTest,
            ReportForm::Junit | ReportForm::Ndjson | ReportForm::ExitCode => {}
        }
        if runner::end_of_nextest_options(&check.run).is_some() {
            return Self::Nextest;
        }
        let tools = runner::python_modules(&check.run);
        if tools.iter().any(|(tool, _)| *tool == "pytest") {
            return Self::Pytest;
        }
        let programs = runner::programs(&check.run);
        match programs.last().copied().unwrap_or_default() {
            "vitest" => Self::Vitest,
            "jest" => Self::Jest,
            "go" | "gotestsum" => Self::Go,
            "node" => Self::of_node(&check.run),
            _ => Self::Unknown,
        }
    }

    /// Tells what node is given: its own runner, or the script of another one.
    fn of_node(run: &[String]) -> Self {
        let scripts = run.iter().filter_map(|arg| arg.rsplit('/').next());
        for script in scripts {
            match script {
                "--test" => return Self::Node,
                "vitest" | "vitest.mjs" => return Self::Vitest,
                "jest" | "jest.js" => return Self::Jest,
                _ => {}
            }
        }
        Self::Unknown
    }

    /// Says whether reports of this check may name no file: one run then has to be one of a single file.
    pub(super) fn names_no_file(self, check: &CheckBlock) -> bool {
        match self {
            // Version 24 names them; which one it is cannot be seen here.
            Self::Node => true,
            Self::Jest => {
                let told = check.env.get("JEST_JUNIT_ADD_FILE_ATTRIBUTE");
                told.is_none_or(|value| value != "true")
            }
            _ => false,
        }
    }

    /// Returns what stands between a group and a test in the ids of this runner; several where that is not known.
    pub(super) fn separators(self) -> &'static [&'static str] {
        match self {
            Self::Pytest | Self::CargoTest | Self::Nextest => &["::"],
            Self::Node | Self::Vitest => &[" > "],
            Self::Jest => &[" "],
            Self::Go => &["/"],
            Self::Unknown => &["::", " > ", " ", "/", "."],
        }
    }
}
