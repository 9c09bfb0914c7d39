//! `--recompute`: what is recorded counts for nothing, what runs now does.

use pdd_hooks::id::TreeId;

use super::{Scene, findings, forge};
use crate::support::{assert_same, snapshot};

const RANGE: [&str; 4] = ["check", "--into", "main", "main..HEAD"];

fn recomputed() -> Vec<&'static str> {
    [&RANGE[..], &["--recompute"]].concat()
}

#[test]
fn a_signed_record_that_lies_is_believed_by_check_and_changes_nothing_for_a_run() {
    let scene = Scene::new();
    let repo = &scene.repo;
    repo.validated_step("one");
    let (from, to) = (repo.tree_of("HEAD"), repo.tree_of("main"));
    assert_ne!(from, to);
    scene.fail();
    let failing = repo.tree_of("HEAD");
    forge(repo.folder(), Some(&scene.dev), |mut statement| {
        let _ = statement.claim()?;
        (statement.tree() == Some(TreeId::new(from.clone()))).then(|| {
            for subject in &mut statement.subject {
                for digest in subject.digest.values_mut() {
                    *digest = digest.replace(&from, &failing);
                }
            }
            statement
        })
    });
    scene.approve();
    let said = repo.pdd(&RANGE).ok();
    assert_eq!(
        said.stdout,
        "note: main: approved by ann@example.org (software key); validation self-attested by dev@example.org\n\
         3 commits: 1 bypassed, 2 enforced; no findings\n"
    );
    let said = repo.pdd(&recomputed());
    assert_eq!(said.code(), 1, "{}", said.text());
    assert_eq!(
        findings(&said.stdout),
        [
            "PDD008: the check `tests` fails: `broken`",
            "PDD008: <id> would land without `tests` on exactly its tree",
        ]
    );
    assert!(
        said.stdout.starts_with(
            "note: main: approved by ann@example.org (software key)\n\
             note: recomputed: 2 checks ran for 3 commits, whatever is recorded of them\n"
        ),
        "{}",
        said.text()
    );
}

#[test]
fn what_was_never_recorded_passes_by_a_run_and_leaves_nothing_behind() {
    let scene = Scene::new();
    let repo = &scene.repo;
    repo.validated_step("one");
    repo.stage("README.md", "docs\n");
    let _ = repo.commit("docs: explain [TASK-001]").ok();
    scene.approve();
    scene.publish();
    let clone = scene.clone("ci", &[]);
    clone.git(&[
        "fetch",
        "-q",
        "origin",
        "+refs/pdd/evidence:refs/pdd/evidence",
    ]);
    clone.git(&["switch", "-q", "--detach", "origin/feat/TASK-001-steps"]);
    let files = [clone.folder.clone()];
    let before = snapshot(&files);
    let runs = repo.runs();
    let args = [
        "check",
        "--into",
        "main",
        "origin/main..HEAD",
        "--recompute",
    ];
    let said = clone.pdd(&args).ok();
    assert_eq!(
        said.text(),
        "exit: 0\n--- stdout\n\
         note: main: approved by ann@example.org (software key); validation recomputed\n\
         note: recomputed: 2 checks ran for 3 commits, whatever is recorded of them\n\
         3 commits: 3 foreign; no findings\n--- stderr\n"
    );
    // Source by itself, and the tip for the whole of the landing.
    let tested = repo.tested().split_off(runs);
    assert_eq!(tested, [repo.tree_of("HEAD~1"), repo.tree_of("HEAD")]);
    let _ = clone.pdd(&args).ok();
    assert_eq!(repo.runs(), runs + 4, "what ran once is asked again");
    let mut after = snapshot(&files);
    after.retain(|path, _| !path.starts_with(clone.folder.join(".git/objects")));
    let mut before = before;
    before.retain(|path, _| !path.starts_with(clone.folder.join(".git/objects")));
    assert_same(&before, &after);
}

#[test]
fn json_names_what_was_recomputed() {
    let scene = Scene::new();
    scene.repo.validated_step("one");
    scene.approve();
    let args = [&recomputed()[..], &["--format", "json"]].concat();
    let said = scene.repo.pdd(&args).ok();
    let report: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(
        report["notes"],
        serde_json::json!([
            "main: approved by ann@example.org (software key); validation recomputed",
            "recomputed: 1 check ran for 2 commits, whatever is recorded of them",
        ])
    );
}

#[test]
fn one_tree_is_run_once_whether_it_passes_or_not() {
    let scene = Scene::new();
    let repo = &scene.repo;
    repo.validated_step("one");
    let one = repo.tree_of("HEAD");
    scene.fail();
    let broken = repo.tree_of("HEAD");
    let back = |to: &str| {
        let _ = repo.git(&["checkout", "-q", to, "--", "."]).ok();
        let _ = repo.git(&["read-tree", to]).ok();
        let _ = repo
            .git(&["commit", "-q", "-n", "-m", "feat(app): again [TASK-001]"])
            .ok();
    };
    back("HEAD~1");
    back("HEAD~1");
    assert_eq!(
        [repo.tree_of("HEAD~1"), repo.tree_of("HEAD")],
        [one.clone(), broken.clone()]
    );
    let runs = repo.runs();
    let said = repo.pdd(&["check", "main..HEAD", "--recompute"]);
    assert_eq!(said.code(), 1, "{}", said.text());
    assert_eq!(
        findings(&said.stdout),
        ["PDD008: the check `tests` fails: `broken`"; 2],
        "{}",
        said.text()
    );
    assert_eq!(repo.tested().split_off(runs), [one, broken]);
}

#[test]
fn a_pass_that_somebody_put_into_the_cache_is_not_read() {
    let scene = Scene::new();
    let repo = &scene.repo;
    repo.validated_step("one");
    let runs = repo.runs();
    let said = repo.pdd(&["check", "main..HEAD", "--recompute"]).ok();
    assert_eq!(repo.runs(), runs + 1, "{}", said.text());
    let _ = repo.pdd(&["check", "main..HEAD"]).ok();
    let _ = repo.pdd(&["validate", "main..HEAD"]).ok();
    assert_eq!(
        repo.runs(),
        runs + 1,
        "records and passes count for others as they did"
    );
}

#[test]
fn without_a_range_there_is_nothing_to_run_again() {
    let scene = Scene::new();
    let said = scene.repo.pdd(&["check", "--recompute"]);
    assert_eq!(said.code(), 2, "{}", said.text());
}
