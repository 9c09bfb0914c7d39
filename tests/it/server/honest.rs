//! What must land: whatever is approved in a way that the contract names, and all that needs no approval.

use serde_json::json;

use super::scene::{POLICY, RECORDS, Scene};
use super::weakened::files;
use crate::keys::SIGNERS;

#[test]
fn an_approved_landing_and_its_evidence_come_in_one_push() {
    let scene = Scene::new();
    let head = scene.step("a.txt");
    scene.approve(&scene.ann, &head);
    let _ = scene.push_both(&head).ok();
    assert_eq!(scene.at_server("refs/heads/main"), head);
}

#[test]
fn an_approval_may_be_there_before_the_landing() {
    let scene = Scene::new();
    let head = scene.step("a.txt");
    scene.approve(&scene.bob, &head);
    let _ = scene.push(&[RECORDS]).ok();
    let _ = scene.push(&[&format!("{head}:refs/heads/main")]).ok();
    assert_eq!(scene.at_server("refs/heads/main"), head);
}

#[test]
fn an_approved_merge_lands() {
    let scene = Scene::new();
    let begun = scene.id("HEAD");
    let one = scene.step("a.txt");
    scene.land(&one);
    scene.branch("two", &begun);
    let side = scene.step("b.txt");
    let merge = scene.merge(&one, &side);
    scene.say(&scene.ann, &scene.approval(&one, &side, &merge));
    let _ = scene.push_both(&merge).ok();
    assert_eq!(scene.at_server("refs/heads/main"), merge);
}

#[test]
fn two_approved_landings_are_pushed_at_once() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let one = scene.step("a.txt");
    scene.say(&scene.ann, &scene.approval(&main, &one, &one));
    let two = scene.step("b.txt");
    scene.say(&scene.bob, &scene.approval(&one, &two, &two));
    let _ = scene.push_both(&two).ok();
    assert_eq!(scene.at_server("refs/heads/main"), two);
}

#[test]
fn a_squash_of_what_was_approved_lands() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let _ = scene.step("a.txt");
    let head = scene.step("b.txt");
    scene.approve(&scene.ann, &head);
    let squash = scene.commit_tree(&head, &[&main]);
    let _ = scene.push_both(&squash).ok();
    assert_eq!(scene.at_server("refs/heads/main"), squash);
}

#[test]
fn an_approval_outlives_a_target_that_moved_on_where_the_merge_is_clean() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let begun = scene.id("HEAD");
    let head = scene.step("a.txt");
    scene.say(&scene.ann, &scene.approval(&main, &head, &head));
    scene.branch("two", &begun);
    let other = scene.step("b.txt");
    scene.land(&other);
    let merge = scene.merge(&other, &head);
    let _ = scene.push_both(&merge).ok();
    assert_eq!(scene.at_server("refs/heads/main"), merge);
}

#[test]
fn an_approval_that_names_the_rejection_lands_over_it() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let head = scene.step("a.txt");
    let mut said = scene.approval(&main, &head, &head);
    said["decision"] = "reject".into();
    let rejection = scene.say(&scene.bob, &said);
    let mut said = scene.approval(&main, &head, &head);
    said["over"] = json!([rejection]);
    scene.say(&scene.ann, &said);
    let _ = scene.push_both(&head).ok();
    assert_eq!(scene.at_server("refs/heads/main"), head);
}

#[test]
fn a_policy_that_rises_lands_where_the_approval_names_it() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    scene
        .repo
        .write(".pdd.toml", POLICY.replace("policy = 1", "policy = 2"));
    let head = scene.forced("chore(pdd): raise the policy [TASK-001]");
    let mut said = scene.approval(&main, &head, &head);
    said["policyFiles"] = files(&scene, &head, &[".pdd.toml"]);
    scene.say(&scene.ann, &said);
    let _ = scene.push_both(&head).ok();
    assert_eq!(scene.at_server("refs/heads/main"), head);
}

#[test]
fn a_first_push_whose_approvers_are_pinned_is_taken() {
    let scene = Scene::empty();
    let signers = scene.ann.line("ann", &[crate::keys::APPROVAL]);
    scene.adopt(Some(&signers));
    let _ = scene.push(&["main"]).ok();
    assert_eq!(scene.at_server("refs/heads/main"), scene.id("main"));
}

#[test]
fn the_first_signers_land_by_a_pinned_key_among_them() {
    let scene = Scene::without_signers();
    let main = scene.at_server("refs/heads/main");
    scene.repo.write(SIGNERS, scene.signers());
    scene
        .repo
        .write(".pdd.toml", POLICY.replace("policy = 1", "policy = 2"));
    let head = scene.forced("chore(pdd): list the signers [TASK-001]");
    let mut said = scene.approval(&main, &head, &head);
    said["bootstrap"] = true.into();
    said["policyFiles"] = files(&scene, &head, &[".pdd.toml", SIGNERS]);
    scene.say(&scene.ann, &said);
    let _ = scene.push_both(&head).ok();
    assert_eq!(scene.at_server("refs/heads/main"), head);
    // From then on the signers count.
    let next = scene.step("a.txt");
    scene.approve(&scene.bob, &next);
    let _ = scene.push_both(&next).ok();
    assert_eq!(scene.at_server("refs/heads/main"), next);
}

#[test]
fn work_branches_come_and_go_without_approval() {
    let scene = Scene::new();
    let head = scene.step("a.txt");
    let branch = "refs/heads/feat/TASK-001-more";
    let _ = scene.push(&[&format!("{head}:{branch}")]).ok();
    let _ = scene.push(&[&format!("+{head}^:{branch}")]).ok();
    let _ = scene.push(&[&format!(":{branch}")]).ok();
    let _ = scene.push(&[&format!("{head}:refs/tags/notes")]).ok();
    assert_eq!(scene.at_server("refs/tags/notes"), head);
    let _ = scene.repo.git_in(&scene.server(), &["gc", "-q"]).ok();
}

#[test]
fn a_clone_and_a_mirror_are_made_of_the_server_and_pushed_to_as_ever() {
    let scene = Scene::new();
    let head = scene.step("a.txt");
    scene.land(&head);
    let (repo, server) = (&scene.repo, scene.server());
    let url = server.to_str().unwrap();
    let _ = repo.git(&["clone", "-q", url, "../clone"]).ok();
    let _ = repo
        .git(&["clone", "-q", "--mirror", url, "../mirror.git"])
        .ok();
    let pushed = ["push", "-q", "--mirror", url];
    let _ = repo.git_in(&repo.at("../mirror.git"), &pushed).ok();
    assert_eq!(scene.at_server("refs/heads/main"), head);
}
