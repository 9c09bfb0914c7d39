//! A Go module. Where the machine has no Go toolchain, what is proven is that the refusal says so.

use super::{refused, told};
use crate::support::Repo;

/// Says whether there is a Go toolchain, and says on stderr what that means for this test.
#[expect(
    clippy::print_stderr,
    reason = "what a test does not prove here, it has to say"
)]
fn has_go() -> bool {
    let found = std::process::Command::new("go").arg("version").output();
    let is_there = found.is_ok_and(|output| output.status.success());
    if !is_there {
        eprintln!("no Go toolchain is on PATH: that Go's checks pass is NOT proven here");
    }
    is_there
}

#[test]
fn a_go_module_is_tested_or_its_missing_toolchain_is_named() {
    let repo = Repo::new();
    repo.write("go.mod", "module example.org/sums\n\ngo 1.21\n");
    repo.write(
        "add.go",
        "package sums\n\nfunc Add(a, b int) int { return a + b }\n",
    );
    repo.write(
        "add_test.go",
        "package sums\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(2, 2) != 4 {\n\t\tt.Fatal(\"no\")\n\t}\n}\n",
    );
    let repo = repo.adopted_as_found();
    let half = "package sums\n\nfunc Half(a int) int { return a / 2 }\n";
    let output = repo.commit_code("half.go", half);
    if has_go() {
        assert_eq!(told(&output.ok()), "tests passed (1 test), vet passed");
        return;
    }
    let missing = |check| {
        format!(
            "environment-error: the check `{check}` proves nothing: there is no program `go`; install `go`, or activate the environment that holds it: it is looked for on PATH"
        )
    };
    assert_eq!(refused(&output), [missing("tests"), missing("vet")]);
}
