//! A repository whose policy has checks: a small runner of its own that writes down which tree it was given. The red proof,
//! which has tests of its own, is off.

use std::fmt::Write as _;

use crate::enrolled::WORK;
use crate::support::{Output, Repo};

/// Each `tests/*.case` holds a line that `app.txt` must have; a test is named after its file. Which tree was tested is
/// written into `$HOME/tested`.
pub(crate) const RUNNER: &str = r#"git rev-parse 'HEAD^{tree}' >>"$HOME/tested"
: >"$1"
code=0
for case in tests/*.case; do
  [ -e "$case" ] || continue
  if grep -qxf "$case" app.txt; then state=passed; else state=failed; code=1; fi
  printf '{"id":"%s","state":"%s","file":"%s"}\n' "$(basename "$case" .case)" "$state" "$case" >>"$1"
done
exit $code
"#;

/// The check that runs it.
pub(crate) const TESTS: &str = r#"
[[check]]
name = "tests"
kind = "test"
run = ["sh", "tests/run.sh", "{report}"]
report = "ndjson"
"#;

/// The same check, which does afterwards what the file `$HOME/then` asks for.
pub(crate) const TESTS_THEN: &str = r#"
[[check]]
name = "tests"
kind = "test"
run = ["sh", "-c", 'sh tests/run.sh "$1"; code=$?; [ ! -e "$HOME/then" ] || . "$HOME/then"; exit $code', "sh", "{report}"]
report = "ndjson"
timeout = "60s"
"#;

/// The message of a commit of the work branch.
pub(crate) const MESSAGE: &str = "feat(app): one step [TASK-001]";

impl Repo {
    /// Adopts a policy with [`TESTS`], followed by `more`; `HEAD` is on the work branch, whose log declares PM, QA, DEV
    /// and QA, and whose first commit holds that log alone. One test stands and passes.
    pub(crate) fn checked(more: &str) -> Self {
        Self::new().check_with(&format!("{TESTS}{more}"))
    }

    /// The same in a repository that is there already, with these checks alone.
    pub(crate) fn check_with(self, checks: &str) -> Self {
        self.write("app.txt", "base\n");
        self.write("tests/run.sh", RUNNER);
        self.write("tests/base.case", "base\n");
        self.commit_all("start");
        self.write(
            ".pdd.toml",
            format!("policy = 1\nrules.red-first = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n{checks}"),
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

    /// The trees that were tested so far, oldest first.
    pub(crate) fn tested(&self) -> Vec<String> {
        let file = self.root().join("home/tested");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Has the tests of [`TESTS_THEN`] do this afterwards, in the folder that they ran in; the empty text: nothing.
    pub(crate) fn then(&self, script: &str) {
        self.write("../home/then", script);
    }

    /// Stages this text as the source and commits it.
    pub(crate) fn commit_source(&self, text: &str) -> Output {
        self.stage("app.txt", text);
        self.commit(MESSAGE)
    }

    /// How often the tests ran.
    pub(crate) fn runs(&self) -> usize {
        self.tested().len()
    }

    /// The tree of a revision.
    pub(crate) fn tree_of(&self, revision: &str) -> String {
        self.ask(&["rev-parse", &format!("{revision}^{{tree}}")])
    }

    /// Adds a line to `app.txt` and a test that asks for it, and stages both.
    pub(crate) fn stage_step(&self, name: &str) {
        let mut text = self.read("app.txt");
        writeln!(text, "{name}").unwrap();
        self.stage("app.txt", &text);
        self.stage(&format!("tests/{name}.case"), &format!("{name}\n"));
    }

    /// Makes a commit that source and tests belong to; it must pass.
    pub(crate) fn validated_step(&self, name: &str) {
        self.stage_step(name);
        let _ = self.commit(MESSAGE).ok();
    }
}

/// The messages of the findings, `PDD008: …`, in order.
pub(crate) fn findings(output: &Output) -> Vec<String> {
    let all = format!("{}{}", output.stdout, output.stderr);
    all.lines()
        .filter_map(|line| line.strip_prefix("error["))
        .map(|line| line.replacen("]: ", ": ", 1))
        .collect()
}
