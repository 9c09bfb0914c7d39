//! Merges and other moves in a clone.

use super::{NOBODY, Scene, findings, refused};
use crate::enrolled::{HONEST, WORK};
use crate::keys::SIGNERS;

#[test]
fn a_fast_forward_needs_approval_and_leaves_files_alone_without() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let tip = repo.ask(&["rev-parse", WORK]);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let merge = ["merge", "-q", "--ff-only", WORK];
    refused(&repo.git(&merge), &[NOBODY]);
    assert_eq!(repo.ask(&["status", "--porcelain"]), "");
    scene.approve(WORK);
    let _ = repo.git(&merge).ok();
    assert_eq!(repo.ask(&["rev-parse", "main"]), tip);
}

#[test]
fn a_true_merge_needs_approval_before_it_is_made_and_may_be_completed_after() {
    let scene = Scene::new();
    let repo = &scene.repo;
    repo.step("work.txt");
    scene.land("feat/TASK-001-other", "other.txt");
    let said = repo.git(&["merge", "-m", "Merge it", WORK]);
    refused(&said, &[NOBODY]);
    assert!(
        said.stderr.contains(
            "  = `git commit` completes this merge once nothing is found; `git merge --abort` undoes it\n"
        ),
        "{}",
        said.text()
    );
    scene.approve(WORK);
    let _ = repo.git(&["commit", "-q", "--no-edit"]).ok();
    assert_eq!(
        repo.ask(&["log", "-1", "--format=%P", "main"])
            .split(' ')
            .count(),
        2
    );
}

#[test]
fn a_merge_that_holds_more_than_was_approved_is_refused() {
    let scene = Scene::new();
    let repo = &scene.repo;
    scene.approve(WORK);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo
        .git(&["merge", "-q", "--no-ff", "--no-commit", WORK])
        .ok();
    repo.stage("evil.txt", "evil\n");
    let said = repo.git(&["commit", "-q", "-m", HONEST]);
    assert_eq!(
        findings(&said),
        [
            "PDD010: `main` may not take <id>: the approval <id> of ann@example.org does not count: it is for another outcome"
        ],
        "{}",
        said.text()
    );
}

#[test]
fn a_merge_without_hooks_is_refused_when_the_branch_moves() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let said = repo.git(&["merge", "--no-verify", "--no-ff", "-m", "Merge it", WORK]);
    refused(&said, &[NOBODY]);
    let _ = repo.git(&["merge", "--abort"]);
    scene.approve(WORK);
    let _ = repo
        .git(&[
            "merge",
            "-q",
            "--no-verify",
            "--no-ff",
            "-m",
            "Merge it",
            WORK,
        ])
        .ok();
}

#[test]
fn approved_moves_pass_by_every_command_that_makes_them() {
    for args in [
        &["branch", "-f", "main", WORK][..],
        &["update-ref", "refs/heads/main", WORK],
        &["fetch", "-q", ".", "HEAD:main"],
    ] {
        let scene = Scene::new();
        let repo = &scene.repo;
        refused(&repo.git(args), &[NOBODY]);
        scene.approve(WORK);
        let _ = repo.git(args).ok();
        assert_eq!(
            repo.ask(&["rev-parse", "main"]),
            repo.ask(&["rev-parse", WORK])
        );
    }
}

#[test]
fn a_squash_of_what_was_approved_lands_and_another_does_not() {
    let scene = Scene::new();
    let repo = &scene.repo;
    repo.step("second.txt");
    scene.approve(WORK);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo.git(&["merge", "-q", "--squash", WORK]).ok();
    repo.stage("evil.txt", "evil\n");
    let said = repo.git(&["commit", "-q", "-m", HONEST]);
    assert_eq!(
        findings(&said)[0],
        "PDD007: a direct commit on `main`, which is protected",
        "{}",
        said.text()
    );
    let _ = repo.git(&["rm", "-q", "-f", "evil.txt"]).ok();
    let _ = repo.git(&["commit", "-q", "-m", HONEST]).ok();
    assert_eq!(repo.ask(&["rev-list", "--count", "main"]), "2");
}

#[test]
fn an_approval_lasts_over_a_newer_tip_where_merging_anew_gives_what_lands() {
    let scene = Scene::new();
    let repo = &scene.repo;
    scene.approve(WORK);
    scene.land("feat/TASK-001-other", "other.txt");
    let said = repo.git(&["merge", "-m", "Merge it", WORK]).ok();
    assert_eq!(findings(&said), [""; 0]);
    assert_eq!(repo.ask(&["rev-list", "--count", "--merges", "main"]), "2");
}

#[test]
fn an_approval_ends_with_its_tip_where_the_policy_says_so() {
    let scene = Scene::with(
        "policy = 1\nrules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\napproval.survives-clean-merge = false\n",
    );
    let repo = &scene.repo;
    scene.approve(WORK);
    scene.land("feat/TASK-001-other", "other.txt");
    refused(
        &repo.git(&["merge", "-m", "Merge it", WORK]),
        &[
            "PDD010: `main` may not take <id>: the approval <id> of ann@example.org does not count: it was made from another tip, <id>",
        ],
    );
}

#[test]
fn two_are_two_people_and_not_two_keys_or_two_words_of_one() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let (second, bob) = (repo.key("second"), repo.key("bob"));
    let lines = [
        scene.ann.line("ann@example.org", &["*"]),
        second.line("ann@example.org", &["*"]),
        bob.line("bob@example.org", &["approval@pdd-hooks"]),
    ];
    repo.stage(SIGNERS, &lines.concat());
    repo.stage(
        ".pdd.toml",
        "policy = 2\nrules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n[approval]\nrepository = \"ours\"\nrequired = 2\n",
    );
    let _ = repo.commit(HONEST).ok();
    let _ = repo
        .pdd(&["approve", WORK, "--into", "main", "--policy"])
        .ok();
    let _ = repo.git(&["update-ref", "refs/heads/main", WORK]).ok();
    repo.step("more.txt");
    let land = || repo.git(&["update-ref", "refs/heads/main", WORK]);
    for key in [&scene.ann, &scene.ann, &second] {
        let path = key.path.to_str().unwrap();
        let _ = repo
            .pdd(&["approve", WORK, "--into", "main", "--key", path])
            .ok();
        refused(
            &land(),
            &["PDD010: `main` may not take <id>: 1 of 2 approvals, by ann@example.org"],
        );
    }
    let path = bob.path.to_str().unwrap();
    let _ = repo
        .pdd(&["approve", WORK, "--into", "main", "--key", path])
        .ok();
    let _ = land().ok();
}

#[test]
fn an_author_does_not_approve_where_the_policy_says_so() {
    let scene = Scene::with(
        "policy = 1\nrules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\napproval.authors-may-approve = false\n",
    );
    let repo = &scene.repo;
    let _ = repo
        .git(&[
            "commit",
            "-q",
            "--amend",
            "--no-edit",
            "--author",
            "Ann <Ann@Example.org>",
        ])
        .ok();
    let said = repo.pdd(&["approve", WORK, "--into", "main"]);
    assert_eq!(said.code(), 1, "{}", said.text());
    refused(
        &repo.git(&["update-ref", "refs/heads/main", WORK]),
        &[NOBODY],
    );
}

#[test]
fn a_software_key_does_not_count_where_hardware_is_asked_for() {
    let scene = Scene::with(
        "policy = 1\nrules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\napproval.require-hardware = true\n",
    );
    let repo = &scene.repo;
    let said = repo.pdd(&["approve", WORK, "--into", "main"]);
    assert_eq!(said.code(), 1, "{}", said.text());
    refused(
        &repo.git(&["update-ref", "refs/heads/main", WORK]),
        &[NOBODY],
    );
}

#[test]
fn a_policy_that_lands_needs_a_higher_number_and_an_approval_that_names_it() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let text = repo.read(".pdd.toml");
    repo.stage(".pdd.toml", &format!("{text}task.standing = []\n"));
    refused(
        &repo.commit(HONEST),
        &["PDD011: `.pdd.toml` changes, and `policy` stays at 1, as in the base"],
    );
    let text = repo.read(".pdd.toml").replace("policy = 1", "policy = 2");
    repo.stage(".pdd.toml", &text);
    let _ = repo.commit(HONEST).ok();
    let _ = repo
        .pdd(&["approve", WORK, "--into", "main", "--policy"])
        .ok();
    let _ = repo.git(&["update-ref", "refs/heads/main", WORK]).ok();
}

#[test]
fn the_approvers_are_not_taken_away() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let _ = repo.git(&["rm", "-q", SIGNERS]).ok();
    let text = repo.read(".pdd.toml").replace("policy = 1", "policy = 2");
    repo.stage(".pdd.toml", &text);
    refused(
        &repo.commit(HONEST),
        &["PDD011: the signers file `.pdd/allowed_signers` would be missing"],
    );
}

#[test]
fn a_merge_that_stands_elsewhere_already_is_named_as_what_the_branch_would_take() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let _ = repo.git(&["switch", "-q", "-c", "dev", "main"]).ok();
    let merge = ["merge", "-q", "--no-ff", "-m", "Merge it", WORK];
    let _ = repo.git(&merge).ok();
    let short = |name: &str| repo.ask(&["rev-parse", name])[..12].to_owned();
    let (dev, work) = (short("dev"), short(WORK));
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let said = repo.git(&["merge", "-q", "--ff-only", "dev"]);
    assert!(
        said.stderr.contains(&format!(
            "`main` may not take {dev}: nobody has approved it\n --> refs/heads/main\n  = help: `pdd-hooks approve {work} --into main`, which it merges, by ann@example.org\n"
        )),
        "{}",
        said.text()
    );
    scene.approve(&work);
    let _ = repo.git(&["merge", "-q", "--ff-only", "dev"]).ok();
}
