//! Repositories in every form that the user may have.

use std::path::Path;

use pdd_hooks::proof::Content;

use super::{Repo, Scene, shell};
use crate::support::{gits, version_of};

/// Gives a repository two commits and looks at both trees in turn.
#[track_caller]
fn hold(scene: &Scene, what: &str) {
    let git = |args: &[&str]| scene.repo.git_in(&scene.folder, args).ok();
    let write = |path: &str, text: &str| std::fs::write(scene.folder.join(path), text).unwrap();
    write("a.txt", "one\n");
    write("b.txt", "b\n");
    let _ = git(&["add", "-A"]);
    let _ = git(&["commit", "-q", "-m", "first"]);
    let first = scene.tree("HEAD");
    write("a.txt", "two\n");
    let _ = git(&["rm", "-q", "b.txt"]);
    let _ = git(&["add", "-A"]);
    let _ = git(&["commit", "-q", "-m", "second"]);
    let second = scene.tree("HEAD");
    for tree in [first, second, first] {
        scene.assert_exact(tree, what);
        assert_eq!(
            scene.ask(tree, "git status --short && git fsck --no-dangling 2>&1"),
            "",
            "{what}"
        );
    }
}

#[test]
fn every_store_of_objects_and_references_is_tested() {
    for git in gits() {
        hold(&Scene::of(Repo::init_with(&git, &[])), "sha1");
        let sha256 = Repo::init_with(&git, &["--object-format=sha256"]);
        hold(&Scene::of(sha256), "sha256");
        if version_of(&git) >= (2, 45) {
            let reftable = Repo::init_with(&git, &["--ref-format=reftable"]);
            hold(&Scene::of(reftable), "reftable");
        }
    }
}

#[test]
fn linked_worktrees_have_slots_of_their_own() {
    let mut scene = Scene::new();
    scene.repo.write("a.txt", "main\n");
    scene.commit();
    let main = scene.slot().folder().to_owned();
    let _ = scene
        .repo
        .git(&["worktree", "add", "-q", "-b", "side", "../linked"])
        .ok();
    scene.folder = scene.repo.at("../linked");
    hold(&scene, "linked");
    let linked = scene.slot().folder().to_owned();
    assert_ne!(main, linked);
    let _ = scene
        .repo
        .git(&["worktree", "remove", "--force", "../linked"])
        .ok();
    let abandoned = pdd_hooks::proof::slot::abandoned(&scene.slots()).unwrap();
    assert_eq!(abandoned, [linked]);
}

#[test]
fn a_partial_clones_missing_content_is_fetched() {
    for git in gits() {
        for filter in ["--filter=blob:none", "--filter=tree:0"] {
            let mut scene = Scene::of(Repo::init_with(&git, &[]));
            let repo = &scene.repo;
            let _ = repo.git(&["config", "uploadpack.allowFilter", "true"]).ok();
            let _ = repo
                .git(&["config", "uploadpack.allowAnySHA1InWant", "true"])
                .ok();
            repo.write("d/old.txt", "old\n");
            repo.write("same.txt", "same\n");
            repo.commit_all("first");
            repo.write("d/old.txt", "new\n");
            repo.commit_all("second");
            let url = format!("file://{}", repo.folder().display());
            let args = ["clone", "-q", filter, &url, "clone"];
            let _ = repo.git_in(repo.root(), &args).ok();
            scene.folder = repo.at("../clone");
            for name in ["HEAD~1", "HEAD", "HEAD~1"] {
                let tree = scene.tree(name);
                assert_eq!(
                    scene.ask(tree, "cat d/old.txt same.txt"),
                    if name == "HEAD" {
                        "new\nsame\n"
                    } else {
                        "old\nsame\n"
                    },
                );
            }
        }
    }
}

#[test]
fn a_submodule_is_an_empty_folder() {
    let scene = Scene::new();
    scene.repo.write("a.txt", "a\n");
    scene.commit();
    let head = scene.repo.ask(&["rev-parse", "HEAD"]);
    let entry = format!("160000,{head},module");
    let _ = scene
        .repo
        .git(&["update-index", "--add", "--cacheinfo", &entry])
        .ok();
    let _ = scene.repo.git(&["commit", "-q", "-m", "module"]).ok();
    let (with, without) = (scene.tree("HEAD"), scene.tree("HEAD~1"));
    scene.assert_exact(with, "with");
    scene.ask(with, "git init -q module && echo x > module/file");
    scene.assert_exact(with, "filled");
    scene.ask(with, "git init -q module && echo x > module/file");
    scene.assert_exact(without, "gone");
}

#[test]
fn a_bare_repository_is_tested_too() {
    let mut scene = Scene::new();
    scene.repo.write("a.txt", "a\n");
    let tree = scene.commit();
    let _ = scene
        .repo
        .git(&["clone", "-q", "--bare", ".", "../bare.git"])
        .ok();
    scene.folder = scene.repo.at("../bare.git");
    assert_eq!(scene.ask(tree, "cat a.txt"), "a\n");
}

#[test]
fn the_checks_see_the_tree_as_a_commit_on_the_real_history() {
    let scene = Scene::new();
    scene.repo.write("a.txt", "one\n");
    scene.commit();
    scene.repo.write("a.txt", "two\n");
    scene.repo.write("left.txt", "untracked\n");
    let _ = scene.repo.git(&["add", "a.txt"]).ok();
    let repository = scene.repository();
    let parents = [repository
        .commit(
            pdd_hooks::git::Oid::from_str_ext(
                &scene.repo.ask(&["rev-parse", "HEAD"]),
                super::format_of(&"0".repeat(40)),
            )
            .unwrap(),
        )
        .unwrap()
        .id];
    let content = Content {
        tree: repository.index_tree().unwrap(),
        parents: &parents,
        carry: &[],
    };
    let script = "git log --format='%s' && git show HEAD~1:a.txt && git describe --always --dirty --all && git status --short && git remote && git rev-parse --show-toplevel | sed 's:.*/::'";
    let mut seen = Vec::new();
    let attempted = scene
        .slot()
        .run(&repository, &content, &shell(script), &[], &mut |bytes| {
            seen.extend_from_slice(bytes)
        })
        .unwrap();
    assert_eq!(attempted.fault, None);
    let expected = "the tree under test\nnext\none\nheads/pdd\ntree\n";
    assert_eq!(String::from_utf8(attempted.ended.stdout).unwrap(), expected);
    assert_eq!(String::from_utf8(seen).unwrap(), expected);
}

#[test]
fn a_tree_that_is_missing_cannot_be_tested() {
    let scene = Scene::new();
    scene.repo.write("a.txt", "a\n");
    let tree = scene.commit();
    let text = tree.to_string();
    let object = scene
        .repo
        .at(&format!(".git/objects/{}/{}", &text[..2], &text[2..]));
    std::fs::rename(&object, scene.repo.at("../object")).unwrap();
    let error = scene.try_run(tree, &shell("true")).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "git could not bring the slot to the tree {text}: fatal: failed to unpack tree object {text}"
        )
    );
    std::fs::rename(scene.repo.at("../object"), &object).unwrap();
    assert_eq!(scene.ask(tree, "cat a.txt"), "a\n");
    assert!(!Path::new(&scene.repo.at(".git/index.lock")).exists());
}
