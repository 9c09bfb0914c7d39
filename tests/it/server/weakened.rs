//! What must not land because it would weaken what judges it: the policy taken back, signers changed on the way.

use serde_json::{Value, json};

use super::scene::{NAME, POLICY, Scene};
use crate::enrolled::HONEST;
use crate::keys::{APPROVAL, SIGNERS};
use crate::support::Output;

/// Returns what `approve --policy` says of changed files: their blobs at a commit, none where they are gone.
pub(super) fn files(scene: &Scene, commit: &str, paths: &[&str]) -> Value {
    let pairs = paths.iter().map(|path| {
        let blob = format!("{commit}:{path}");
        let blob = scene.repo.git(&["rev-parse", "-q", "--verify", &blob]);
        let value = match blob.stdout.trim_end() {
            "" => Value::Null,
            id => id.into(),
        };
        ((*path).to_owned(), value)
    });
    Value::Object(pairs.collect())
}

/// Commits what is in the work tree past the clone's hooks, approves of it together with these files, and pushes.
fn landed(scene: &Scene, paths: &[&str]) -> Output {
    let main = scene.at_server("refs/heads/main");
    let head = scene.forced("chore(pdd): change the policy [TASK-001]");
    let mut said = scene.approval(&main, &head, &head);
    if !paths.is_empty() {
        said["policyFiles"] = files(scene, &head, paths);
    }
    scene.say(&scene.ann, &said);
    scene.push_both(&head)
}

/// Makes a scene whose policy has the number 3.
fn at_number_3() -> (Scene, String) {
    let scene = Scene::new();
    let raised = POLICY.replace("policy = 1", "policy = 3");
    scene.repo.write(".pdd.toml", raised);
    let _ = landed(&scene, &[".pdd.toml"]).ok();
    let main = scene.at_server("refs/heads/main");
    (scene, main)
}

#[test]
fn a_policy_with_a_lower_number_is_refused_even_when_approved() {
    let (scene, main) = at_number_3();
    let lower = POLICY.replace("policy = 1", "policy = 2");
    scene.repo.write(".pdd.toml", lower);
    let pushed = landed(&scene, &[".pdd.toml"]);
    scene.refused(&main, &pushed, &["error[PDD011]"]);
}

#[test]
fn a_changed_policy_with_the_same_number_is_refused_even_when_approved() {
    let (scene, main) = at_number_3();
    let equal = POLICY.replace("policy = 1", "policy = 3") + "persona = \"off\"\n";
    scene.repo.write(".pdd.toml", equal);
    let pushed = landed(&scene, &[".pdd.toml"]);
    scene.refused(&main, &pushed, &["error[PDD011]"]);
}

#[test]
fn a_missing_policy_is_refused_even_when_approved() {
    let (scene, main) = at_number_3();
    std::fs::remove_file(scene.repo.at(".pdd.toml")).unwrap();
    let pushed = landed(&scene, &[".pdd.toml"]);
    scene.refused(&main, &pushed, &["error[PDD011]"]);
}

#[test]
fn a_policy_that_cannot_be_read_is_refused() {
    let (scene, main) = at_number_3();
    scene
        .repo
        .write(".pdd.toml", "policy = 4\nunknown = true\n");
    let pushed = landed(&scene, &[".pdd.toml"]);
    scene.refused(&main, &pushed, &[".pdd.toml"]);
}

#[test]
fn a_policy_that_changes_unnoticed_is_refused() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    scene
        .repo
        .write(".pdd.toml", POLICY.replace("policy = 1", "policy = 2"));
    let pushed = landed(&scene, &[]);
    scene.refused(&main, &pushed, &["error[PDD011]", "--policy"]);
}

#[test]
fn a_policy_other_than_the_approved_one_is_refused() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let raised = POLICY.replace("policy = 1", "policy = 2");
    scene.repo.write(".pdd.toml", &raised);
    let head = scene.forced("chore(pdd): change the policy [TASK-001]");
    let mut said = scene.approval(&main, &head, &head);
    said["policyFiles"] = json!({ ".pdd.toml": scene.id("main:.pdd.toml") });
    scene.say(&scene.ann, &said);
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD011]"]);
}

#[test]
fn an_agent_does_not_list_its_own_key_for_approvals() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let more = scene.signers() + &scene.agent.line("mallory", &[APPROVAL]);
    scene.repo.write(SIGNERS, more);
    scene
        .repo
        .write(".pdd.toml", POLICY.replace("policy = 1", "policy = 2"));
    let head = scene.forced("chore(pdd): list another signer [TASK-001]");
    let mut said = scene.approval(&main, &head, &head);
    said["policyFiles"] = files(&scene, &head, &[".pdd.toml", SIGNERS]);
    scene.say(&scene.agent, &said);
    let pushed = scene.push_both(&head);
    scene.refused(&main, &pushed, &["error[PDD010]", "agent"]);
}

#[test]
fn a_changed_signers_file_wants_an_approval_that_names_it() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let fewer = scene.ann.line("ann", &[APPROVAL]);
    scene.repo.write(SIGNERS, fewer);
    scene
        .repo
        .write(".pdd.toml", POLICY.replace("policy = 1", "policy = 2"));
    let pushed = landed(&scene, &[".pdd.toml"]);
    scene.refused(&main, &pushed, &["error[PDD011]"]);
}

#[test]
fn where_nobody_is_listed_nothing_lands_and_the_way_to_begin_is_named() {
    let scene = Scene::without_signers();
    let main = scene.at_server("refs/heads/main");
    let head = scene.step("a.txt");
    scene.approve(&scene.ann, &head);
    let pushed = scene.push_both(&head);
    let words = ["error[PDD010]", "pdd-hooks init --approver"];
    scene.refused(&main, &pushed, &words);
}

#[test]
fn a_key_that_the_server_has_not_pinned_does_not_begin() {
    let scene = Scene::without_signers();
    let main = scene.at_server("refs/heads/main");
    let own = scene.agent.line("mallory", &[APPROVAL]);
    scene.repo.write(SIGNERS, own);
    scene
        .repo
        .write(".pdd.toml", POLICY.replace("policy = 1", "policy = 2"));
    let head = scene.forced("chore(pdd): list the signers [TASK-001]");
    let mut said = scene.approval(&main, &head, &head);
    said["bootstrap"] = true.into();
    said["policyFiles"] = files(&scene, &head, &[".pdd.toml", SIGNERS]);
    scene.say(&scene.agent, &said);
    let pushed = scene.push_both(&head);
    let words = ["error[PDD010]", &scene.agent.fingerprint];
    scene.refused(&main, &pushed, &words);
}

#[test]
fn a_first_push_whose_approvers_are_not_pinned_is_refused() {
    let scene = Scene::empty();
    scene.adopt(Some(&scene.agent.line("mallory", &[APPROVAL])));
    let pushed = scene.push(&["main"]);
    scene.refused("", &pushed, &[&scene.agent.fingerprint]);
}

#[test]
fn a_first_policy_that_asks_nobody_is_refused_where_roots_are_pinned() {
    let scene = Scene::empty();
    scene.adopt(Some(&scene.ann.line("ann", &[APPROVAL])));
    let text = scene.repo.read(".pdd.toml");
    let off = text.replace("[rules]\n", "[rules]\napproval = \"off\"\n");
    scene.repo.write(".pdd.toml", off);
    let _ = scene
        .repo
        .git(&["commit", "-q", "-a", "--amend", "--no-edit"])
        .ok();
    let pushed = scene.push(&["main"]);
    scene.refused("", &pushed, &["`rules.approval` switched off"]);
}

#[test]
fn a_work_branch_relaxes_nothing_that_judges_it() {
    let scene = Scene::new();
    let main = scene.at_server("refs/heads/main");
    let off = format!(
        "policy = 9\napproval.repository = \"{NAME}\"\n[rules]\napproval = \"off\"\npolicy = \"off\"\n\
         task-id = \"off\"\nvalidation = \"off\"\nred-first = \"off\"\ntask-state = \"off\"\nboundary = \"off\"\n"
    );
    scene.repo.write(".pdd.toml", off);
    let _ = scene.forced(HONEST);
    scene.repo.write("b.txt", "b\n");
    let head = scene.forced("no task");
    let pushed = scene.push(&[&format!("{head}:refs/heads/feat/TASK-001-x")]);
    scene.refused(&main, &pushed, &["error[PDD001]"]);
    let pushed = scene.push(&[&format!("{head}:refs/heads/main")]);
    scene.refused(&main, &pushed, &["error[PDD010]", "error[PDD011]"]);
}
