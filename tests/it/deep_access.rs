//! PDD014 deep-access with real git: which lines are judged, where, and what the policy leaves alone.

use crate::enrolled::{HONEST, POLICY, WORK};
use crate::support::{Output, Repo};

/// A chain of a time before the rule.
const OLD: &str = "def old(order):\n    return order.customer.account.status\n";

/// Makes an enrolled repository whose policy asks for the rule; `more` are further keys of it.
pub(crate) fn judged(more: &str) -> Repo {
    enrolled_with(&format!("rules.deep-access = \"error\"\n{more}"))
}

fn enrolled_with(keys: &str) -> Repo {
    let repo = Repo::new();
    repo.write("old.py", OLD);
    repo.adopt_with(&format!("{POLICY}rules.red-first = \"off\"\n{keys}"));
    let _ = repo.pdd(&["install"]).ok();
    repo.begin(WORK);
    repo
}

/// Commits one staged file.
fn committed(repo: &Repo, path: &str, text: &str) -> Output {
    repo.stage(path, text);
    repo.commit(HONEST)
}

/// The findings of a text: `<path>:<line> <chain>`.
fn chains(output: &Output) -> Vec<String> {
    let mut lines = output.stderr.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let Some(words) = line.strip_prefix("error[PDD014]: `") else {
            continue;
        };
        let place = lines.next().and_then(|line| line.strip_prefix(" --> "));
        let place = place.and_then(|place| place.split(' ').next()).unwrap();
        found.push(format!("{place} {}", words.split('`').next().unwrap()));
    }
    assert_eq!(
        output.code(),
        i32::from(!found.is_empty()),
        "{}",
        output.text()
    );
    found
}

#[test]
fn an_added_chain_is_refused_with_path_line_and_mend() {
    let repo = judged("");
    let text = "import os\n\n\ndef status(order):\n    return order.customer.account.subscription.status\n";
    assert_eq!(
        committed(&repo, "order.py", text).text(),
        "exit: 1
--- stdout
--- stderr
error[PDD014]: `order.customer.account.subscription.status` has 5 names, 3 are allowed
 --> order.py:5 in staged change on feat/TASK-001-steps
  = help: let `order` answer for `status` itself, hand over what holds `status`, or read it in one function that falls back where a step is missing
  = note: pdd-hooks explain PDD014
"
    );
    let mended =
        "def status(order):\n    return getattr(order.customer, \"status\", \"inactive\")\n";
    assert_eq!(chains(&committed(&repo, "order.py", mended)), [""; 0]);
}

#[test]
fn every_language_is_judged_and_a_line_is_told_once() {
    let repo = judged("");
    for (path, text) in [
        ("a.py", "x = a.b.c\ny = a.b.c.d + a.b.c.d.e\n"),
        ("b.js", "let x = a.b.c.d;\nlet y = a?.b?.c?.d ?? 1;\n"),
        ("c.ts", "let x: a.b.c.d = a.b!.c.d;\n"),
        ("d.tsx", "let x = <p>{a.b.c.d}</p>;\n"),
        (
            "e.rs",
            "fn f() {\n    println!(\"{}\", a.b.c.d);\n    a.iter().map(g).rev().collect();\n}\n",
        ),
        ("f.go", "package f\n\nvar x = a.b.c.d\n"),
        ("g.txt", "a.b.c.d\n"),
        ("tests/test_h.py", "assert a.b.c.d\n"),
        ("docs/i.md", "a.b.c.d\n"),
    ] {
        repo.stage(path, text);
    }
    assert_eq!(
        chains(&repo.commit(HONEST)),
        [
            "a.py:2 a.b.c.d.e",
            "b.js:1 a.b.c.d",
            "c.ts:1 a.b.c.d",
            "d.tsx:1 a.b.c.d",
            "e.rs:2 a.b.c.d"
        ]
    );
}

#[test]
fn lines_that_were_there_pass_wherever_they_go() {
    let repo = judged("");
    let changed = format!("import os\n{OLD}\nx = 1\n");
    assert_eq!(chains(&committed(&repo, "old.py", &changed)), [""; 0]);
    let indented = format!(
        "import os\nif os:\n    {}\nx = 1\n",
        OLD.replace('\n', "\n    ")
    );
    assert_eq!(chains(&committed(&repo, "old.py", &indented)), [""; 0]);
    let _ = repo.git(&["mv", "old.py", "new.py"]).ok();
    assert_eq!(chains(&repo.commit(HONEST)), [""; 0]);
    repo.stage("new.py", "x = 1\n");
    assert_eq!(chains(&committed(&repo, "moved.py", OLD)), [""; 0]);

    // One that went away does not pay for two.
    repo.stage("moved.py", "x = 1\n");
    let twice = format!("{OLD}\n{OLD}");
    let found = chains(&committed(&repo, "twice.py", &twice));
    assert_eq!(found, ["twice.py:5 order.customer.account.status"]);
    // Nor does a line that stays.
    repo.stage("moved.py", OLD);
    let found = chains(&committed(&repo, "twice.py", OLD));
    assert_eq!(found, ["twice.py:2 order.customer.account.status"]);
}

#[test]
fn a_changed_line_is_a_new_one() {
    let repo = judged("");
    let changed = OLD.replace("return ", "return not ");
    let found = chains(&committed(&repo, "old.py", &changed));
    assert_eq!(found, ["old.py:2 order.customer.account.status"]);
    // The line that made the chain longer.
    repo.stage("old.py", OLD);
    let _ = repo.git(&["restore", "--staged", "old.py"]).ok();
    assert_eq!(
        chains(&committed(&repo, "a.py", "x = (a\n  .b\n)\n")),
        [""; 0]
    );
    let found = chains(&committed(&repo, "a.py", "x = (a\n  .b\n  .c.d\n)\n"));
    assert_eq!(found, ["a.py:3 a.b.c.d"]);
}

#[test]
fn allowed_paths_and_beginnings_pass() {
    let repo = judged("deep-access.allow = [\"gen/**\", \"self.\", \"std::\"]\n");
    repo.stage("gen/a.py", "x = a.b.c.d.e\n");
    repo.stage("a.py", "x = self.a.b.c\n");
    repo.stage("a.rs", "fn f() { std::env::X.a.b.c }\n");
    assert_eq!(chains(&repo.commit(HONEST)), [""; 0]);
    repo.stage("gener/a.py", "x = a.b.c.d.e\n");
    repo.stage("a.py", "x = self.a.b.c.d\n");
    let output = repo.commit(HONEST);
    assert_eq!(
        chains(&output),
        ["a.py:1 self.a.b.c.d", "gener/a.py:1 a.b.c.d.e"]
    );
    let words = "error[PDD014]: `self.a.b.c.d` has 4 names after `self.`, 3 are allowed\n";
    assert!(output.stderr.contains(words), "{}", output.text());
}

#[test]
fn the_depth_is_the_policys() {
    let repo = judged("deep-access.max = 5\n");
    assert_eq!(
        chains(&committed(&repo, "a.py", "x = a.b.c.d.e\n")),
        [""; 0]
    );
    let found = chains(&committed(&repo, "a.py", "x = a.b.c.d.e.f\n"));
    assert_eq!(found, ["a.py:1 a.b.c.d.e.f"]);
}

#[test]
fn it_is_off_unless_the_policy_asks_and_warns_where_it_is_told_to() {
    let off = enrolled_with("deep-access.max = 1\n");
    let output = committed(&off, "a.py", "x = a.b.c.d\n");
    assert_eq!((output.code(), output.stderr.as_str()), (0, ""));
    let warned = enrolled_with("rules.deep-access = \"warn\"\n");
    let output = committed(&warned, "a.py", "x = a.b.c.d\n");
    assert_eq!(output.code(), 0, "{}", output.text());
    let first = "warn[PDD014]: `a.b.c.d` has 4 names, 3 are allowed\n --> a.py:1 in ";
    assert!(output.stderr.starts_with(first), "{}", output.text());
}

#[test]
fn of_a_merge_only_what_no_parent_has_is_judged() {
    let repo = judged("");
    repo.stage("a.py", "x = 1\n");
    let _ = repo.commit(HONEST).ok();
    let off = |args: &[&str]| {
        let args = [&["-c", "core.hooksPath=/dev/null"], args].concat();
        repo.git(&args)
    };
    let _ = off(&["switch", "-q", "-c", "other"]).ok();
    repo.stage("a.py", "x = a.b.c.d\n");
    repo.stage("b.py", "x = a.b.c.d\n");
    let _ = off(&["commit", "-q", "-m", HONEST]).ok();
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    repo.stage("a.py", "x = 2\n");
    let _ = repo.commit(HONEST).ok();
    let merge = repo.git(&["merge", "-q", "other"]);
    assert_eq!(merge.code(), 1, "{}", merge.text());

    let found = chains(&committed(&repo, "a.py", "x = a.b.c.d\ny = e.f.g.h\n"));
    assert_eq!(found, ["a.py:2 e.f.g.h"]);
    assert_eq!(
        chains(&committed(&repo, "a.py", "x = a.b.c.d\ny = 2\n")),
        [""; 0]
    );
}

#[test]
fn files_that_nobody_can_read_are_no_obstacle() {
    let repo = judged("");
    for (path, text) in [
        ("a.py", &b"\0\xff\xfe\n\x80((((\n"[..]),
        ("b.rs", b"fn }{ a..b. \xff"),
        ("c.ts", b""),
        ("d.js", b"\r\r\n\r"),
    ] {
        repo.write(path, text);
    }
    repo.write("large.py", "x = a.b.c.d\n".repeat(100_000));
    std::os::unix::fs::symlink("a.b.c.d", repo.at("link.py")).unwrap();
    let _ = repo.git(&["add", "-A"]).ok();
    assert_eq!(chains(&repo.commit(HONEST)), [""; 0]);

    repo.write("a.py", b"s = '\xff'\nx = (\ny = a.b.c.d\n");
    repo.write("long.py", "x = a.b.c.d\n".repeat(50_000));
    let _ = repo.git(&["add", "-A"]).ok();
    let found = chains(&repo.commit(HONEST));
    assert_eq!(found.len(), 50_001);
    assert_eq!(found[0], "a.py:3 a.b.c.d");
}

#[test]
fn a_change_of_the_policy_says_what_is_wrong_with_an_exception() {
    let repo = judged("");
    let policy = repo.read(".pdd.toml") + "deep-access.allow = [\"self\", \"a b.\"]\n";
    repo.stage(".pdd.toml", &policy.replace("policy = 1", "policy = 2"));
    let output = repo.commit(HONEST);
    assert_eq!(output.code(), 1, "{}", output.text());
    let words = "no chain begins with `a b.`";
    assert!(output.stderr.contains(words), "{}", output.text());
}
