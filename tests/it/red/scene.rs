//! A Python package whose tests pytest really runs, under a policy that asks for the red proof; and what the hooks say and
//! record of it.

use pdd_hooks::evidence::Envelope;
use pdd_hooks::evidence::statement::{Predicate, RedGreen, Seal};
use pdd_hooks::git::Repository;

use crate::enrolled::WORK;
use crate::reports::real::runner;
use crate::support::{Output, Repo};

/// The check of a package: a file that cannot be imported keeps no other from being tested.
pub(super) const PYTEST: &str = r#"
[[check]]
name = "tests"
kind = "test"
run = ["pytest", "-q", "--continue-on-collection-errors", "--junitxml={report}"]
only = ["{tests}"]
report = "junit"
"#;

/// The message of tests alone.
pub(crate) const ASK: &str = "test: ask for it [TASK-001]";
/// The message of source.
pub(crate) const DO: &str = "feat: do it [TASK-001]";
/// What the hooks say of source that turned one test green.
pub(super) const PROVEN: &str = "red: proven (1 test failed before)";

/// The source that stands, and the same with one function more.
pub(super) const ADD: &str = "def add(a, b):\n    return a + b\n";
pub(crate) const SUB: &str =
    "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a - b\n";
/// The test that stands, and the one of the other function.
pub(super) const TEST_ADD: &str =
    "import app\n\n\ndef test_adds():\n    assert app.add(2, 2) == 4\n";
pub(crate) const TEST_SUB: &str =
    "import app\n\n\ndef test_subtracts():\n    assert app.sub(3, 1) == 2\n";
/// Where the other test stands.
pub(crate) const SUB_PATH: &str = "tests/test_sub.py";

/// The package on the work branch, whose log declares PM, QA, DEV and QA.
pub(crate) fn package() -> Repo {
    package_with(&[])
}

/// The same with these files from the beginning.
pub(super) fn package_with(files: &[(&str, &str)]) -> Repo {
    let mut repo = Repo::new();
    let programs = runner("venv/bin/python");
    repo.prepend_path(programs.parent().unwrap());
    repo.write(".gitignore", "__pycache__/\n");
    repo.write("pytest.ini", "[pytest]\npythonpath = .\n");
    repo.write("app.py", ADD);
    repo.write("tests/test_app.py", TEST_ADD);
    for (path, text) in files {
        repo.write(path, text);
    }
    repo.adopt_red(PYTEST)
}

impl Repo {
    /// Commits what stands here, adopts a policy with these checks, installs the hooks and begins a task.
    pub(super) fn adopt_red(self, checks: &str) -> Self {
        self.commit_all("start");
        self.write(
            ".pdd.toml",
            format!("policy = 1\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n{checks}"),
        );
        self.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
        let _ = self.pdd(&["install"]).ok();
        let _ = self.git(&["switch", "-q", "-c", WORK]).ok();
        for persona in ["PM", "QA", "DEV", "QA"] {
            self.declare(persona);
        }
        let _ = self.commit("docs: plan [TASK-001]").ok();
        self
    }

    /// Stages one file and commits it.
    pub(crate) fn put(&self, path: &str, text: &str, message: &str) -> Output {
        self.stage(path, text);
        self.commit(message)
    }

    /// Commits the test of `sub` alone; it is sealed.
    pub(crate) fn ask_for_sub(&self) {
        let _ = self.put(SUB_PATH, TEST_SUB, ASK).ok();
    }

    /// Moves to a branch of another task, cut from here, whose log declares what its commits need.
    pub(super) fn begin_other(&self, branch: &str, task: &str) {
        let _ = self.git(&["switch", "-q", "-c", branch]).ok();
        for persona in ["PM", "QA", "DEV", "QA"] {
            let _ = self.pdd(&["persona", persona, task, "next step"]).ok();
        }
        let _ = self.commit(&format!("docs: plan [{task}]")).ok();
    }

    /// The seals in the store, oldest first.
    pub(super) fn seals(&self) -> Vec<Seal> {
        let mut found: Vec<Seal> = self
            .predicates()
            .into_iter()
            .filter_map(|predicate| match predicate {
                Predicate::Seal(seal) => Some(*seal),
                _ => None,
            })
            .collect();
        found.sort_by(|one, other| one.time.cmp(&other.time));
        found
    }

    /// The proofs in the store, oldest first.
    pub(crate) fn proofs(&self) -> Vec<RedGreen> {
        let mut found: Vec<RedGreen> = self
            .predicates()
            .into_iter()
            .filter_map(|predicate| match predicate {
                Predicate::RedGreen(proof) => Some(*proof),
                _ => None,
            })
            .collect();
        found.sort_by(|one, other| one.time.cmp(&other.time));
        found
    }

    fn predicates(&self) -> Vec<Predicate> {
        let repository = Repository::open_at(self.folder()).unwrap();
        let listed = repository.list_records(None).unwrap();
        let lines = listed.iter().filter_map(|one| repository.read_record(one));
        lines
            .map(|line| {
                Envelope::parse(&line)
                    .unwrap()
                    .statement()
                    .unwrap()
                    .predicate
            })
            .collect()
    }

    /// The blob of a file at a revision.
    pub(super) fn blob(&self, revision: &str, path: &str) -> String {
        self.ask(&["rev-parse", &format!("{revision}:{path}")])
    }
}

/// What the hooks told of a commit that they let through, without times.
#[track_caller]
pub(super) fn told(output: &Output) -> Vec<String> {
    assert_eq!(output.code(), 0, "{}", output.text());
    let times = regex::Regex::new(r", \d+\.\d s").unwrap();
    let lines = output.stderr.lines();
    lines
        .filter_map(|line| line.strip_prefix("pdd-hooks: "))
        .map(|line| times.replace_all(line, "").into_owned())
        .collect()
}

/// The findings of PDD009 against a commit that was refused, each with its help; there is no other.
#[track_caller]
pub(super) fn refused(output: &Output) -> Vec<String> {
    assert_eq!(output.code(), 1, "{}", output.text());
    let mut found: Vec<String> = Vec::new();
    for line in output.stderr.lines() {
        if let Some(finding) = line.strip_prefix("error[PDD009]: ") {
            found.push(finding.to_owned());
        } else if line.starts_with("error") {
            panic!("{}", output.text());
        } else if let (Some(help), Some(last)) = (line.strip_prefix("  = help: "), found.last_mut())
        {
            *last += &format!("; {help}");
        }
    }
    found
}

/// The findings of any rule: `PDD008: …`.
#[track_caller]
pub(super) fn findings(output: &Output) -> Vec<String> {
    assert_eq!(output.code(), 1, "{}", output.text());
    crate::validation::scene::findings(output)
}
