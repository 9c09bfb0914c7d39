//! Changes of what judges: the policy, and where it is looked for.

use super::{TOPIC, findings, id, land_elsewhere, recorded, refused, unhooked, with_remote};
use crate::enrolled::{HONEST, WORK};
use crate::support::{Output, Repo, gits, version_of};

const NO_TASK: &str = "PDD001: the message names no task";
const ALL_OFF: &str = "policy = 9\n[rules]\ntask-id = \"off\"\nmessage-format = \"off\"\npersona = \"off\"\ntransition = \"off\"\nbranch = \"off\"\ntask-state = \"off\"\nboundary = \"off\"\n";

/// A commit that no rule should let through.
fn bad_commit(repo: &Repo) -> Output {
    repo.git(&["commit", "-q", "--allow-empty", "-m", "feat: something"])
}

/// A branch `evil` whose tip turns every rule off; it was made without hooks. `HEAD` stays.
fn evil(repo: &Repo) -> String {
    unhooked(repo, &["switch", "-q", "-c", "evil"]);
    repo.stage(".pdd.toml", ALL_OFF);
    unhooked(repo, &["commit", "-q", "-m", "off"]);
    unhooked(repo, &["switch", "-q", "-"]);
    id(repo, "evil")
}

/// The same repository with `trunk` in place of `main`.
fn with_trunk() -> Repo {
    let repo = Repo::init(&["-b", "trunk"]);
    repo.write("app.txt", "base\n");
    repo.commit_all("start");
    repo.write(
        ".pdd.toml",
        "policy = 1\n[branch]\nprotected = [\"trunk\"]\n",
    );
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let _ = repo.git(&["config", "pdd.protected", "trunk"]).ok();
    let _ = repo.pdd(&["install"]).ok();
    repo.begin(WORK);
    repo
}

#[test]
fn a_branch_cut_before_the_adoption_is_judged_like_any_other() {
    let repo = Repo::enrolled();
    let _ = repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-old", "main~1"])
        .ok();
    assert!(!repo.has(".pdd.toml"));
    refused(&bad_commit(&repo), &[NO_TASK]);
    unhooked(&repo, &["commit", "-q", "--allow-empty", "-m", "feat: x"]);
    assert_eq!(repo.class_of("HEAD"), "bypassed (hooks off)");
    assert_eq!(repo.codes_of("HEAD"), ["PDD001"]);
    assert_eq!(repo.class_of("HEAD~1"), "pre-adoption");
}

#[test]
fn a_branch_that_turns_every_rule_off_is_judged_as_before() {
    let repo = Repo::enrolled();
    repo.stage(".pdd.toml", ALL_OFF);
    let _ = repo.commit(HONEST).ok();
    refused(&bad_commit(&repo), &[NO_TASK]);
    let _ = repo
        .git(&["commit", "-q", "-n", "--allow-empty", "-m", "feat: x"])
        .ok();
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
    assert_eq!(repo.codes_of("HEAD"), ["PDD001"]);
}

#[test]
fn a_remote_tracking_branch_moved_by_hand_brings_no_policy_and_no_merge() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        with_remote(&repo);
        let evil = evil(&repo);
        let _ = repo
            .git(&["update-ref", "refs/remotes/origin/main", &evil])
            .ok();
        assert_eq!(recorded(&repo, "refs/remotes/origin/main"), "moved by hand");
        refused(&bad_commit(&repo), &[NO_TASK]);
        let _ = repo.git(&["switch", "-q", "main"]).ok();
        for merge in [&["merge", "-q", "origin/main"][..], &["merge", "-q"]] {
            refused(
                &repo.git(merge),
                &[
                    "PDD010: `main` may not take <id>: nobody is listed who could approve it",
                    "PDD011: `.pdd.toml`, which belongs to the policy, would change on `main`, and no approval that counts names it",
                ],
            );
        }
        assert_eq!(repo.ask(&["status", "--porcelain"]), "");
        // A fetch puts it where it belongs, and it is believed again.
        land_elsewhere(&repo, None);
        let _ = repo.git(&["fetch", "-q"]).ok();
        assert_eq!(recorded(&repo, "refs/remotes/origin/main"), "fetched");
        let _ = repo.git(&["merge", "-q"]).ok();
        assert_eq!(id(&repo, "main"), id(&repo, "origin/main"));
    }
}

#[test]
fn further_protected_names_only_add() {
    let repo = Repo::enrolled();
    evil(&repo);
    let _ = repo.git(&["config", "pdd.protected", "evil"]).ok();
    refused(&bad_commit(&repo), &[NO_TASK]);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    repo.stage("a.md", "a\n");
    let standing = "docs: typo [MAINT-1]";
    refused(
        &repo.commit(standing),
        &["PDD007: a direct commit on `main`, which is protected"],
    );
    let _ = repo.git(&["switch", "-q", "evil"]).ok();
    refused(
        &repo.commit(standing),
        &["PDD007: a direct commit on `evil`, which is protected"],
    );
}

/// The one name that the policy is found by is overwritten: nobody may fall silent.
#[test]
fn a_policy_that_is_no_longer_found_stops_git() {
    let repo = with_trunk();
    for name in ["nothing", TOPIC] {
        unhooked(&repo, &["branch", "-f", TOPIC, "trunk~1"]);
        let _ = repo.git(&["config", "pdd.protected", name]).ok();
        let said = bad_commit(&repo);
        assert_eq!(said.code(), 1, "{}", said.text());
        let expected = format!("main, master, {name}");
        assert!(said.stderr.contains(&expected), "{}", said.text());
    }
    let _ = repo.git(&["config", "pdd.protected", "trunk"]).ok();
    refused(&bad_commit(&repo), &[NO_TASK]);
}

#[test]
fn a_branch_made_up_under_an_earlier_name_cannot_outbid_the_policy() {
    let repo = with_trunk();
    let evil = evil(&repo);
    for name in ["main", "master"] {
        refused(
            &repo.git(&["branch", name, &evil]),
            &[&format!(
                "PDD007: `{name}` would be created at <id>, where it has not stood"
            )],
        );
    }
    refused(&bad_commit(&repo), &[NO_TASK]);
}

#[test]
fn a_remote_head_set_to_another_branch_brings_no_policy() {
    let repo = with_trunk();
    let remote = repo.root().join("remote.git");
    let remote = remote.to_str().unwrap();
    let _ = repo.git(&["clone", "-q", "--bare", ".", remote]).ok();
    let _ = repo.git(&["remote", "add", "origin", remote]).ok();
    let evil = evil(&repo);
    let _ = repo
        .git(&["push", "-q", "--no-verify", "origin", "evil"])
        .ok();
    let _ = repo.git(&["remote", "set-head", "origin", "evil"]).ok();
    assert_eq!(id(&repo, "origin/HEAD"), evil);
    refused(&bad_commit(&repo), &[NO_TASK]);
}

#[test]
fn a_replace_reference_changes_neither_policy_nor_verdict() {
    let repo = Repo::enrolled();
    let evil = evil(&repo);
    let _ = repo
        .git(&["commit", "-q", "-n", "--allow-empty", "-m", "feat: x"])
        .ok();
    let pairs = [
        ("main", evil.clone()),
        ("main^{tree}", format!("{evil}^{{tree}}")),
        ("main:.pdd.toml", format!("{evil}:.pdd.toml")),
        ("HEAD", "HEAD~1".to_owned()),
    ];
    for (what, by) in pairs.map(|(what, by)| (id(&repo, what), id(&repo, &by))) {
        let _ = repo.git(&["replace", "-f", &what, &by]).ok();
    }
    assert_eq!(repo.ask(&["show", "main:.pdd.toml"]), ALL_OFF.trim_end());
    refused(&bad_commit(&repo), &[NO_TASK]);
    assert_eq!(repo.class_of("HEAD"), "bypassed (no-verify)");
    assert_eq!(repo.codes_of("HEAD"), ["PDD001"]);
}

/// Before 2.46 git asks no hook; then the policy is not found, and that stops git too.
#[test]
fn a_protected_branch_does_not_become_another_name_of_a_branch() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let evil = evil(&repo);
        for target in ["evil", "level"] {
            unhooked(&repo, &["branch", "-f", "level", "main"]);
            let said = repo.git(&[
                "symbolic-ref",
                "refs/heads/main",
                &format!("refs/heads/{target}"),
            ]);
            if version_of(&git) >= (2, 46) {
                let expected = format!("PDD007: `main` would be replaced by `{target}`");
                refused(&said, &[&expected]);
                continue;
            }
            let said = bad_commit(&repo);
            assert_eq!(said.code(), 1, "{}", said.text());
            assert!(said.stderr.contains("main, master"), "{}", said.text());
            let _ = repo.git(&["symbolic-ref", "-d", "refs/heads/main"]);
            unhooked(
                &repo,
                &["update-ref", "refs/heads/main", &format!("{evil}~2")],
            );
        }
        assert_eq!(findings(&bad_commit(&repo)), [NO_TASK]);
    }
}
