//! Where the workflow began is not for the last who merges to say.

use std::collections::BTreeSet;

use super::signed::{BAD, POLICY, Scene, fresh, report};
use crate::keys::SIGNERS;

/// An older project that adopts the workflow; then comes a commit that nobody may land, and an approved one.
fn scene() -> Scene {
    let scene = Scene::people();
    scene.repo.write("app.txt", "old\n");
    scene.repo.commit_all("start");
    scene.repo.write(".pdd.toml", POLICY);
    scene.repo.write(SIGNERS, scene.signers());
    scene
        .repo
        .commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    scene.commit_as("a.txt", BAD);
    scene.commit("b.txt");
    scene.approve(&scene.ann, "main~1", "main");
    scene
}

/// Makes a commit of a tree and these parents.
fn plumb(scene: &Scene, subject: &str, tree: &str, parents: &[&str]) -> String {
    let tree = format!("{tree}^{{tree}}");
    let mut args = vec!["commit-tree", &tree, "-m", subject];
    for parent in parents {
        args.extend(["-p", parent]);
    }
    scene.repo.ask(&args)
}

/// Sets `main`, and returns subject, class and the rules that were broken, of every commit, in a fresh clone.
fn audited(scene: &Scene, tip: &str) -> Vec<String> {
    let set = ["update-ref", "refs/heads/main", tip];
    let _ = scene.repo.git(&set).ok();
    let clone = fresh(&scene.repo, scene.repo.folder());
    let report = report(&scene.repo, &clone, &["--all"]);
    let rows = report["commits"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let rows = rows.map(|row| {
        let findings = row["findings"].as_array().unwrap().iter();
        let codes: BTreeSet<String> = findings.map(|finding| text(&finding["code"])).collect();
        let codes = codes.iter().map(|code| format!(" {code}"));
        let codes: String = codes.collect();
        format!("{}: {}{codes}", text(&row["subject"]), text(&row["class"]))
    });
    rows.collect()
}

/// What an audit of the scene itself says.
const BEFORE: [&str; 3] = [
    "chore(pdd): adopt the workflow [MAINT-1]: adoption",
    "one step [TASK-001]: foreign PDD002 PDD010",
    "feat(app): one step [TASK-001]: foreign",
];

/// What it says of the merges that are tried here.
const MERGED: &str = "Merge it [MAINT-1]: merge PDD010";

/// What an audit says of a merge, and of what it merged.
fn expected(merged: &[&str]) -> Vec<String> {
    let mut all: Vec<String> = [&BEFORE[..], merged]
        .concat()
        .iter()
        .map(|&row| row.into())
        .collect();
    all.sort();
    all
}

fn sorted(scene: &Scene, tip: &str) -> Vec<String> {
    let mut rows = audited(scene, tip);
    rows.sort();
    rows
}

#[test]
fn a_merge_into_a_line_without_a_policy_makes_no_new_adoption() {
    let scene = scene();
    let root = plumb(&scene, "chore(pdd): root [MAINT-1]", "main~3", &[]);
    let tip = plumb(&scene, "Merge it [MAINT-1]", "main", &[&root, "main"]);
    let root = "chore(pdd): root [MAINT-1]: foreign";
    assert_eq!(sorted(&scene, &tip), expected(&[root, MERGED]));
}

#[test]
fn nor_does_one_whose_every_parent_dropped_the_policy() {
    let scene = scene();
    let start = scene.id("main~3");
    let without = plumb(&scene, "chore(pdd): drop it [MAINT-1]", &start, &["main"]);
    let tip = plumb(&scene, "Merge it [MAINT-1]", "main", &[&start, &without]);
    let dropped = "chore(pdd): drop it [MAINT-1]: foreign PDD010 PDD011";
    // It brings back what the landing before it dropped.
    let merged = "Merge it [MAINT-1]: foreign PDD010 PDD011";
    assert_eq!(sorted(&scene, &tip), expected(&[dropped, merged]));
    // Nor any further parent of an octopus.
    let other = plumb(&scene, "chore(app): other [MAINT-1]", &start, &[&start]);
    let tip = plumb(
        &scene,
        "Merge it [MAINT-1]",
        "main",
        &[&start, &other, &without],
    );
    let other = "chore(app): other [MAINT-1]: foreign";
    assert_eq!(sorted(&scene, &tip), expected(&[dropped, other, merged]));
}

#[test]
fn nor_does_a_merge_below_a_policy_that_is_brought_back() {
    let scene = scene();
    let start = scene.id("main~3");
    let merge = plumb(&scene, "Merge it [MAINT-1]", &start, &[&start, "main"]);
    let tip = plumb(
        &scene,
        "chore(pdd): adopt again [MAINT-1]",
        "main",
        &[&merge],
    );
    let rows = sorted(&scene, &tip);
    let again = "chore(pdd): adopt again [MAINT-1]: foreign PDD010 PDD011";
    let merge = "Merge it [MAINT-1]: foreign PDD010 PDD011";
    assert_eq!(rows, expected(&[again, merge]));
}

#[test]
fn a_line_with_another_policy_of_its_own_is_told_from_the_one_that_was_lived_by() {
    let scene = scene();
    let main = scene.id("main");
    let _ = scene.repo.git(&["switch", "-q", "--orphan", "other"]).ok();
    let rules = "task-id message-format task-state persona transition boundary branch red-first validation approval policy";
    let rules = rules.split(' ').map(|rule| format!("{rule} = \"off\"\n"));
    let rules: String = rules.collect();
    scene
        .repo
        .write(".pdd.toml", format!("policy = 9\n[rules]\n{rules}"));
    scene.repo.commit_all("chore(pdd): adopt [MAINT-1]");
    let other = scene.id("HEAD");
    let tip = plumb(&scene, "Merge it [MAINT-1]", "other", &[&other, &main]);
    let _ = scene.repo.git(&["switch", "-q", "main"]).ok();
    let rows = audited(&scene, &tip);
    assert_eq!(rows.last().unwrap(), "Merge it [MAINT-1]: foreign PDD011");
    let audit = ["audit", "--fail-on", "error", "--format", "jsonl", "main"];
    let audit = scene.repo.pdd(&audit);
    assert_eq!(audit.code(), 1);
    let told = "it merges history that lived by a policy of its own since";
    assert!(audit.stdout.contains(told), "{}", audit.stdout);
}

#[test]
fn an_adoption_that_came_by_a_merge_is_that_merge_and_nobody_has_to_approve_it() {
    let scene = Scene::people();
    scene.repo.write("app.txt", "old\n");
    scene.repo.commit_all("start");
    let _ = scene.repo.git(&["switch", "-q", "-c", "adopt"]).ok();
    scene.repo.write(".pdd.toml", POLICY);
    scene.repo.write(SIGNERS, scene.signers());
    scene.repo.commit_all("adopt the workflow");
    scene.repo.write("docs/why.md", "why\n");
    scene.repo.commit_all("say why");
    let _ = scene.repo.git(&["switch", "-q", "main"]).ok();
    scene.repo.write("meanwhile.txt", "x\n");
    scene.repo.commit_all("meanwhile");
    let merge = scene.merge("adopt");
    assert_eq!(audited(&scene, &merge), ["Merge it [TASK-001]: adoption"]);
    // What was begun with a copy of the same policy is no other beginning.
    let _ = scene
        .repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-a", "adopt"])
        .ok();
    scene.commit("a.txt");
    let _ = scene.repo.git(&["switch", "-q", "main"]).ok();
    let tip = scene.merge("feat/TASK-001-a");
    let landed = ["feat(app): one step [TASK-001]: foreign", MERGED];
    let expected = [&["Merge it [TASK-001]: adoption"], &landed[..]].concat();
    let merged = |row: &str| row.replace("MAINT-1", "TASK-001");
    assert_eq!(
        audited(&scene, &tip),
        expected.into_iter().map(merged).collect::<Vec<_>>()
    );
}
