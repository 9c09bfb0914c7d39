//! What must not land, however it is pushed: approvals that are missing, of the wrong key, replayed, forged or unreadable.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::scene::{RECORDS, Scene};
use crate::enrolled::HONEST;
use crate::keys::{APPROVAL, EVIDENCE};
use crate::support::Output;

/// A scene, where `main` stands, and an honest commit that would land.
fn begun() -> (Scene, String, String) {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let head = scene.step("a.txt");
    (scene, main, head)
}

#[test]
fn a_landing_without_evidence_is_refused() {
    let (scene, main, head) = begun();
    let pushed = scene.push(&[&format!("{head}:refs/heads/main")]);
    scene.refused(&main, &pushed, &["error[PDD010]"]);
}

#[test]
fn an_approval_that_an_agent_signed_counts_for_nothing() {
    let (scene, main, head) = begun();
    scene.approve(&scene.agent, &head);
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD010]", "agent"]);
}

#[test]
fn an_approval_that_was_signed_as_evidence_counts_for_nothing() {
    let (scene, main, head) = begun();
    let said = scene.statement(&scene.approval(&main, &head, &head));
    scene.add(&scene.sign(&scene.ann, EVIDENCE, &said));
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD010]", EVIDENCE]);
}

#[test]
fn an_approval_that_nobody_signed_counts_for_nothing() {
    let (scene, main, head) = begun();
    let said = STANDARD.encode(scene.statement(&scene.approval(&main, &head, &head)));
    let kind = "application/vnd.in-toto+json";
    let envelope = json!({ "payloadType": kind, "payload": said, "signatures": [] });
    scene.add(format!("{envelope}\n").as_bytes());
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD010]"]);
}

#[test]
fn a_signature_is_not_carried_over_to_other_words() {
    let (scene, main, head) = begun();
    let other = scene.step("b.txt");
    let line = scene.sign(
        &scene.ann,
        APPROVAL,
        &scene.statement(&scene.approval(&main, &head, &head)),
    );
    let mut envelope: serde_json::Value = serde_json::from_slice(&line).unwrap();
    let payload = scene.statement(&scene.approval(&main, &other, &other));
    envelope["payload"] = STANDARD.encode(payload).into();
    scene.add(format!("{envelope}\n").as_bytes());
    let pushed = scene.push_both(&other);
    scene.refused(&main, &pushed, &["error[PDD010]"]);
}

/// Signs an approval with one word changed, and pushes.
fn said_otherwise(key: &str, value: serde_json::Value) -> (Scene, String, Output) {
    let (scene, main, head) = begun();
    let mut said = scene.approval(&main, &head, &head);
    said[key] = value;
    scene.say(&scene.ann, &said);
    let pushed = scene.push_both(&head);
    (scene, main, pushed)
}

#[test]
fn an_approval_for_another_branch_counts_for_nothing() {
    let (scene, main, pushed) = said_otherwise("ref", "refs/heads/release".into());
    scene.refused(&main, &pushed, &["error[PDD010]", "refs/heads/release"]);
}

#[test]
fn an_approval_for_another_repository_counts_for_nothing() {
    let (scene, main, pushed) = said_otherwise("repository", "another".into());
    scene.refused(&main, &pushed, &["error[PDD010]", "repository"]);
}

#[test]
fn an_approval_under_another_policy_counts_for_nothing() {
    let (scene, main, pushed) = said_otherwise("policy", "0".repeat(40).into());
    scene.refused(&main, &pushed, &["error[PDD010]", "policy"]);
}

#[test]
fn an_approval_that_has_ended_counts_for_nothing() {
    let (scene, main, pushed) = said_otherwise("expires", "2026-01-01T00:00:00Z".into());
    scene.refused(&main, &pushed, &["error[PDD010]", "2026-01-01T00:00:00Z"]);
}

#[test]
fn an_approval_of_another_tree_counts_for_nothing() {
    let (scene, main, head) = begun();
    let other = scene.step("b.txt");
    scene.say(&scene.ann, &scene.approval(&main, &head, &head));
    let pushed = scene.push_both(&other);
    scene.refused(&main, &pushed, &["error[PDD010]"]);
}

#[test]
fn an_approval_is_not_replayed_on_another_base() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let begun = scene.id("HEAD");
    let head = scene.step("a.txt");
    scene.say(&scene.ann, &scene.approval(&main, &head, &head));
    // Another landing moves the branch; then the approved tree, without what that brought, is put upon it.
    scene.branch("two", &begun);
    let other = scene.step("b.txt");
    scene.land(&other);
    let replayed = scene.commit_tree(&head, &[&other]);
    let pushed = scene.push_both(&replayed);
    scene.refused(&other, &pushed, &["error[PDD010]"]);
}

#[test]
fn history_that_was_not_approved_does_not_come_under_an_approved_tree() {
    let (scene, main, head) = begun();
    scene.approve(&scene.ann, &head);
    scene.repo.write("secret.txt", "a secret\n");
    let smuggled = scene.forced(HONEST);
    let pushed = scene.push_both(&scene.commit_tree(&head, &[&smuggled]));
    scene.refused(&main, &pushed, &["error[PDD010]"]);
    let beside = scene.commit_tree(&head, &[&head, &smuggled]);
    let pushed = scene.push_both(&beside);
    scene.refused(&main, &pushed, &["error[PDD010]"]);
}

#[test]
fn a_rejection_stops_what_another_approved() {
    let (scene, main, head) = begun();
    let mut said = scene.approval(&main, &head, &head);
    said["decision"] = "reject".into();
    said["reason"] = "it leaks".into();
    scene.say(&scene.bob, &said);
    scene.approve(&scene.ann, &head);
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD010]", "bob"]);
}

#[test]
fn an_approval_that_was_withdrawn_counts_for_nothing() {
    let (scene, main, head) = begun();
    let approval = scene.approve(&scene.ann, &head);
    let mut said = scene.approval(&main, &head, &head);
    said["decision"] = "withdraw".into();
    said["withdraws"] = json!([approval]);
    scene.say(&scene.ann, &said);
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD010]"]);
}

#[test]
fn a_key_whose_time_is_over_is_not_made_good_by_an_old_date() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    scene.repo.stage("a.txt", "a\n");
    let date = "2025-06-01T10:00:00Z";
    let env = [("GIT_COMMITTER_DATE", date), ("GIT_AUTHOR_DATE", date)];
    let _ = scene
        .repo
        .git_with(&env, &["commit", "-q", "-m", HONEST])
        .ok();
    let head = scene.id("HEAD");
    let mut said = scene.approval(&main, &head, &head);
    said["time"] = date.into();
    scene.say(&scene.old, &said);
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD010]", "old"]);
}

#[test]
fn the_configuration_of_the_server_vouches_for_nobody() {
    let (scene, main, head) = begun();
    scene.approve(&scene.agent, &head);
    scene.repo.write_program(
        "../vouch",
        "#!/bin/sh\necho 'Good \"git\" signature for ann'\n",
    );
    scene
        .repo
        .write("../everybody", format!("ann {}\n", scene.agent.public));
    for (key, file) in [
        ("gpg.ssh.program", "../vouch"),
        ("gpg.ssh.allowedSignersFile", "../everybody"),
    ] {
        let path = scene.repo.at(file);
        let args = ["config", key, path.to_str().unwrap()];
        let _ = scene.repo.git_in(&scene.server(), &args).ok();
    }
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD010]", "agent"]);
}

#[test]
fn a_record_that_names_a_key_twice_is_none() {
    let (scene, main, head) = begun();
    let said = scene.statement(&scene.approval(&main, &head, &head));
    let said = String::from_utf8(said).unwrap();
    let twice = said.replacen(
        "\"predicate\":{",
        "\"predicate\":{\"decision\":\"reject\",",
        1,
    );
    assert_ne!(twice, said);
    scene.add(&scene.sign(&scene.ann, APPROVAL, twice.as_bytes()));
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &[]);
}

#[test]
fn a_record_of_an_unknown_type_is_no_approval() {
    for (from, to, words) in [
        (
            "in-toto.io/Statement/v1",
            "in-toto.io/Statement/v9",
            "which is no record: a record's statement is of the type",
        ),
        (
            "pdd-hooks.dev/approval/v1",
            "pdd-hooks.dev/approval/v9",
            "error[PDD010]",
        ),
    ] {
        let (scene, main, head) = begun();
        let said = scene.statement(&scene.approval(&main, &head, &head));
        let said = String::from_utf8(said).unwrap().replace(from, to);
        scene.add(&scene.sign(&scene.ann, APPROVAL, said.as_bytes()));
        let pushed = scene.push_both(&head);
        scene.refused(&main, &pushed, &[words]);
    }
}

#[test]
fn a_record_of_50_mebibytes_is_not_taken() {
    let (scene, main, head) = begun();
    let mut line = br#"{"payloadType":"application/vnd.in-toto+json","payload":""#.to_vec();
    line.resize(50 << 20, b'A');
    line.extend_from_slice(b"\",\"signatures\":[]}\n");
    scene.add(&line);
    scene.approve(&scene.ann, &head);
    let pushed = scene.push_both(&head);
    scene.refused(
        &main,
        &pushed,
        &[RECORDS, "of 52428819 bytes; 16777216 are taken"],
    );
    assert_eq!(scene.at_server(RECORDS), "");
}

#[test]
fn what_is_no_record_is_not_taken_among_them() {
    let (scene, main, _) = begun();
    scene.add_as("README.md", b"hello\n");
    let pushed = scene.push(&[RECORDS]);
    scene.refused(&main, &pushed, &[RECORDS, "README.md"]);
    assert_eq!(scene.at_server(RECORDS), "");
}

#[test]
fn evidence_is_neither_deleted_nor_rewritten_on_the_server() {
    let (scene, _, head) = begun();
    scene.land(&head);
    let before = scene.at_server(RECORDS);
    let deletion = format!(":{RECORDS}");
    // Another chain with the same files, one with fewer, and none.
    let tree = scene
        .repo
        .ask(&["rev-parse", &format!("{RECORDS}^{{tree}}")]);
    let same = scene.commit_tree(&tree, &[]);
    let nothing = scene.repo.ask(&["mktree"]);
    let fewer = scene.commit_tree(&nothing, &[RECORDS]);
    for refspec in [
        deletion,
        format!("+{same}:{RECORDS}"),
        format!("+{fewer}:{RECORDS}"),
    ] {
        let pushed = scene.push(&[&refspec]);
        scene.refused(&head, &pushed, &[RECORDS]);
        assert_eq!(scene.at_server(RECORDS), before, "{refspec}");
    }
}

#[test]
fn another_namespace_is_no_way_in() {
    let (scene, main, _) = begun();
    scene.repo.write("b.txt", "b\n");
    let bad = scene.forced("no task");
    let _ = scene.push(&[&format!("{bad}:refs/foo/x")]).ok();
    let pushed = scene.push(&[&format!("{bad}:refs/heads/feat/TASK-001-x")]);
    scene.refused(&main, &pushed, &["error[PDD001]"]);
    let pushed = scene.push(&[&format!("{bad}:refs/heads/main")]);
    scene.refused(&main, &pushed, &["error[PDD001]", "error[PDD010]"]);
}

#[test]
fn a_protected_branch_is_neither_deleted_nor_taken_back() {
    let (scene, main, head) = begun();
    scene.land(&head);
    let _ = scene
        .repo
        .git_in(&scene.server(), &["symbolic-ref", "HEAD", "refs/heads/x"])
        .ok();
    for refspec in [":refs/heads/main", &format!("+{main}:refs/heads/main")] {
        let pushed = scene.push(&[refspec]);
        scene.refused(&head, &pushed, &["error[PDD007]"]);
    }
}

#[test]
fn a_release_names_what_has_landed_and_stays() {
    let (scene, main, head) = begun();
    let pushed = scene.push(&[&format!("{head}:refs/tags/v1")]);
    scene.refused(&main, &pushed, &["error[PDD007]"]);
    scene.land(&head);
    let _ = scene.push(&[&format!("{head}:refs/tags/v1")]).ok();
    for refspec in [":refs/tags/v1", &format!("+{main}:refs/tags/v1")] {
        let pushed = scene.push(&[refspec]);
        scene.refused(&head, &pushed, &["error[PDD007]"]);
    }
    assert_eq!(scene.at_server("refs/tags/v1"), head);
}

#[test]
fn what_looks_like_a_remote_s_branch_is_no_policy_and_no_chain_of_releases() {
    let (scene, main, head) = begun();
    let tracking = format!("{head}:refs/remotes/origin/main");
    let _ = scene.push(&[&tracking]).ok();
    let pushed = scene.push(&[&format!("{head}:refs/tags/v1")]);
    scene.refused(&main, &pushed, &["error[PDD007]"]);
    let pushed = scene.push(&[&format!("{head}:refs/heads/main")]);
    scene.refused(&main, &pushed, &["error[PDD010]"]);
}

#[test]
fn another_name_of_a_protected_branch_is_no_way_in() {
    let (scene, main, head) = begun();
    let alias = ["symbolic-ref", "refs/heads/trunk", "refs/heads/main"];
    let _ = scene.repo.git_in(&scene.server(), &alias).ok();
    let pushed = scene.push(&[&format!("{head}:refs/heads/trunk")]);
    scene.refused(
        &main,
        &pushed,
        &["is another name of `refs/heads/main` here"],
    );
}

#[test]
fn the_place_of_the_store_is_not_taken_by_a_branch_of_its_name() {
    let (scene, main, head) = begun();
    let pushed = scene.push(&[&format!("{head}:{RECORDS}/x")]);
    scene.refused(
        &main,
        &pushed,
        &["would take the place of `refs/pdd/evidence`"],
    );
}

#[test]
fn a_rejection_stops_a_squash_as_well() {
    let (scene, main, head) = begun();
    let mut no = scene.approval(&main, &head, &head);
    no["decision"] = "reject".into();
    scene.say(&scene.bob, &no);
    scene.approve(&scene.ann, &head);
    let tree = scene.repo.ask(&["rev-parse", &format!("{head}^{{tree}}")]);
    let squash = scene
        .repo
        .ask(&["commit-tree", &tree, "-p", &main, "-m", HONEST]);
    let pushed = scene.push_both(&squash);
    scene.refused(&main, &pushed, &["error[PDD010]", "bob"]);
}

#[test]
fn an_approval_that_has_landed_brings_nothing_more() {
    let (scene, _, head) = begun();
    scene.approve(&scene.ann, &head);
    scene.land(&head);
    let main = scene.at_server("refs/heads/main");
    let empty = scene.commit_tree(&head, &[&main]);
    let pushed = scene.push(&[&format!("{empty}:refs/heads/main")]);
    scene.refused(&main, &pushed, &["error[PDD010]", "it has landed already"]);
}

#[test]
fn an_approval_that_was_squashed_in_and_taken_back_does_not_bring_it_again() {
    let (scene, main, head) = begun();
    scene.approve(&scene.ann, &head);
    let squash = scene.commit_tree(&head, &[&main]);
    let _ = scene.push_both(&squash).ok();
    let _ = scene.repo.git(&["switch", "-q", "--detach", &squash]).ok();
    std::fs::remove_file(scene.repo.at("a.txt")).unwrap();
    let back = scene.forced(HONEST);
    scene.land(&back);
    let again = scene.commit_tree(&head, &[&back, &head]);
    let pushed = scene.push_both(&again);
    scene.refused(&back, &pushed, &["error[PDD010]", "it has landed already"]);
}
