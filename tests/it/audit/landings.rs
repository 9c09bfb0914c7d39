//! Landings: cut as they were received, judged as they would have been then.

use pdd_hooks::evidence::statement::Decision;

use super::signed::{BAD, HONEST, NOBODY, POLICY, Scene, audited, fresh, report, rows};
use crate::enrolled::WORK;
use crate::keys::SIGNERS;

/// A row without anything against it, of a commit that left no trace here.
const CLEAN: &str = "foreign";

fn unapproved() -> String {
    format!("{CLEAN} {NOBODY}")
}

#[test]
fn an_approved_landing_is_clean_and_one_that_nobody_approved_is_told_on_its_commit() {
    let scene = Scene::new();
    scene.commit("a.txt");
    scene.approve(&scene.ann, "main~1", "main");
    scene.commit("b.txt");
    scene.commit("c.txt");
    scene.approve(&scene.ann, "main~1", "main");
    assert_eq!(scene.audited(), [CLEAN, &unapproved(), CLEAN]);
}

#[test]
fn a_merge_is_told_and_what_it_brings_is_not() {
    let scene = Scene::new();
    scene.beside("feat/TASK-001-a", "a.txt");
    scene.merge("feat/TASK-001-a");
    assert_eq!(
        scene.audited(),
        [CLEAN.to_owned(), format!("merge {NOBODY}")]
    );
}

#[test]
fn three_commits_are_landed_by_one_approval() {
    let scene = Scene::new();
    for path in ["a.txt", "b.txt", "c.txt"] {
        scene.commit(path);
    }
    scene.approve(&scene.ann, "main~3", "main");
    assert_eq!(scene.audited(), [CLEAN; 3]);
}

#[test]
fn an_approval_that_nobody_listed_signed_joins_no_commits() {
    let scene = Scene::new();
    scene.commit("a.txt");
    scene.commit("b.txt");
    scene.approve(&scene.eve, "main~2", "main");
    let [first, second] = scene.audited().try_into().unwrap();
    assert_eq!(first, unapproved());
    assert!(
        second.starts_with(
            "foreign PDD010: `main` may not take <id>: the approval <id> does not count"
        ),
        "{second}"
    );
}

#[test]
fn an_approved_squash_is_squashed() {
    let scene = Scene::new();
    let _ = scene
        .repo
        .git(&["switch", "-q", "-c", "feat/TASK-001-a"])
        .ok();
    scene.commit("a.txt");
    let head = scene.commit("b.txt");
    let _ = scene.repo.git(&["switch", "-q", "main"]).ok();
    let _ = scene.repo.git(&["merge", "-q", "--squash", &head]).ok();
    scene.repo.commit_all(HONEST);
    scene.say(&scene.ann, ["main~1", &head, "main"], |_| {});
    let report = report(
        &scene.repo,
        &fresh(&scene.repo, scene.repo.folder()),
        &["main"],
    );
    assert_eq!(rows(&report), ["squashed"]);
    let shown = &report["commits"][1]["evidence"];
    assert_eq!(
        (&shown[0]["kind"], &shown[0]["by"]),
        (&"approval".into(), &"ann".into())
    );
}

#[test]
fn two_landings_that_a_server_took_at_once_are_one() {
    let scene = Scene::new();
    scene.commit("a.txt");
    scene.approve(&scene.ann, "main~1", "main");
    scene.commit("b.txt");
    scene.approve(&scene.ann, "main~1", "main");
    scene.moved(
        Some(&scene.server),
        "main~2",
        "main",
        "2025-11-02T09:00:00Z",
    );
    assert_eq!(scene.audited(), [CLEAN; 2]);
}

/// The policy that one landing brings judges the next one, and nothing that came with it.
#[test]
fn the_server_s_record_decides_by_which_policy_a_commit_is_judged() {
    let stricter = || {
        let scene = Scene::with(&POLICY.replace("[rules]", "[rules]\nmessage-format = \"off\""));
        let begun = scene.id("main");
        let text = POLICY.replace("policy = 1", "policy = 2");
        scene.repo.write(".pdd.toml", &text);
        scene.repo.commit_all("chore(pdd): ask for more [MAINT-1]");
        let policy = scene.id("HEAD:.pdd.toml");
        scene.say(&scene.ann, [&begun, "main", "main"], |said| {
            let blob = pdd_hooks::id::BlobId::new(&policy);
            said.policy_files = Some([(".pdd.toml".to_owned(), Some(blob))].into());
        });
        scene.commit_as("a.txt", BAD);
        scene.approve(&scene.ann, "main~1", "main");
        scene
    };
    let time = "2025-11-02T09:00:00Z";
    let apart = stricter();
    apart.moved(Some(&apart.server), "main~2", "main~1", time);
    apart.moved(Some(&apart.server), "main~1", "main", time);
    let bad = "foreign PDD002: the subject does not begin with a type and a colon";
    assert_eq!(apart.audited(), [CLEAN, bad]);
    let at_once = stricter();
    at_once.moved(Some(&at_once.server), "main~2", "main", time);
    assert_eq!(at_once.audited(), [CLEAN; 2]);
    // Whoever is listed for evidence alone is no server, and what nobody signed is nothing where somebody could.
    for is_signed in [true, false] {
        let claimed = stricter();
        let key = is_signed.then_some(&claimed.agent);
        claimed.moved(key, "main~2", "main", time);
        assert_eq!(claimed.audited(), [CLEAN, bad]);
    }
}

/// Everything here is real: the server, its key, pushes to it and one past it.
#[test]
fn a_server_with_a_machine_s_key_tells_when_and_as_what_commits_landed() {
    let scene = crate::server::scene::Scene::new();
    let (repo, server) = (&scene.repo, scene.server());
    let key = scene.ci.path.to_str().unwrap();
    let _ = repo
        .git_in(&server, &["config", "pdd.signingKey", key])
        .ok();
    let begun = scene.id("HEAD");
    scene.land(&begun);
    let one = scene.step("a.txt");
    scene.approve(&scene.ann, &one);
    let two = scene.step("b.txt");
    scene.say(&scene.ann, &scene.approval(&one, &two, &two));
    let _ = scene.push_both(&two).ok();
    let past = scene.step("c.txt");
    let objects = format!("{past}:refs/heads/feat/TASK-001-past");
    let _ = scene.push(&[&objects]).ok();
    let write = ["update-ref", "refs/heads/main", &past];
    let _ = repo.git_in(&server, &write).ok();
    let found = report(repo, &fresh(repo, &server), &["main"]);
    assert_eq!(rows(&found), [CLEAN, CLEAN, CLEAN, &unapproved()]);
    let shown = |row: usize| {
        let shown = found["commits"][row]["evidence"].as_array().unwrap().iter();
        let shown = shown.map(|one| format!("{} by {}", one["kind"], one["by"]));
        shown.collect::<Vec<_>>().join(", ").replace('"', "")
    };
    assert_eq!(
        [1, 2, 3, 4].map(shown),
        [
            "transition by ci, approval by ann",
            "",
            "transition by ci, approval by ann, approval by ann",
            "",
        ]
    );
}

#[test]
fn a_policy_that_landed_without_being_named_is_told() {
    let scene = Scene::new();
    let text = POLICY.replace("policy = 1", "policy = 2");
    scene.repo.write(".pdd.toml", &text);
    scene.repo.commit_all("chore(pdd): a number [MAINT-1]");
    scene.approve(&scene.ann, "main~1", "main");
    assert_eq!(
        scene.audited(),
        [
            "foreign PDD011: `.pdd.toml`, which belongs to the policy, would change on `main`, and no approval that counts names it"
        ]
    );
}

#[test]
fn a_key_that_expired_since_was_good_when_the_landing_was_received() {
    let scene = Scene::new();
    scene.commit("a.txt");
    scene.approve(&scene.old, "main~1", "main");
    let [late] = scene.audited().try_into().unwrap();
    assert!(late.contains("was good until"), "{late}");
    scene.moved(
        Some(&scene.server),
        "main~1",
        "main",
        "2025-11-02T09:00:00Z",
    );
    assert_eq!(scene.audited(), [CLEAN]);
}

#[test]
fn what_was_taken_back_or_rejected_later_was_approved() {
    for decision in [Decision::Withdraw, Decision::Reject] {
        for (time, is_clean) in [
            ("2025-11-03T09:00:00Z", true),
            ("2025-11-01T10:00:00Z", false),
        ] {
            let scene = Scene::new();
            scene.commit("a.txt");
            let record = scene.approve(&scene.ann, "main~1", "main");
            scene.say(&scene.ann, ["main~1", "main", "main"], |said| {
                said.decision = decision;
                said.time = time.into();
                if decision == Decision::Withdraw {
                    said.withdraws = vec![record.clone()];
                }
            });
            scene.moved(
                Some(&scene.server),
                "main~1",
                "main",
                "2025-11-02T09:00:00Z",
            );
            let rows = scene.audited();
            assert_eq!(rows == [CLEAN], is_clean, "{decision:?} {time}: {rows:?}");
            assert_eq!(rows[0].contains("PDD010"), !is_clean, "{rows:?}");
        }
    }
}

#[test]
fn the_ledger_of_a_clone_tells_when_a_landing_was_received() {
    let scene = crate::approval::Scene::new();
    let repo = &scene.repo;
    scene.approve(WORK);
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo.git(&["merge", "-q", "--ff-only", WORK]).ok();
    let landed = repo.ask(&["rev-parse", "main"]);
    let _ = repo.pdd(&["withdraw", &landed, "--into", "main"]).ok();
    assert_eq!(audited(repo, repo.folder(), "main"), ["enforced"]);
    let elsewhere = fresh(repo, repo.folder());
    let [row] = audited(repo, &elsewhere, "main").try_into().unwrap();
    assert!(row.contains("was withdrawn"), "{row}");
}

#[test]
fn the_first_signers_are_approved_by_one_of_them() {
    let scene = Scene::people();
    scene.adopt(POLICY, None);
    scene.repo.write(SIGNERS, scene.signers());
    scene
        .repo
        .write(".pdd.toml", POLICY.replace("policy = 1", "policy = 2"));
    scene.repo.commit_all("chore(pdd): list people [MAINT-1]");
    let blobs = [".pdd.toml", SIGNERS].map(|path| {
        let blob = scene.id(&format!("HEAD:{path}"));
        (path.to_owned(), Some(pdd_hooks::id::BlobId::new(blob)))
    });
    let nobody = scene.audited();
    assert!(nobody[0].contains("PDD010"), "{nobody:?}");
    scene.say(&scene.ann, ["main~1", "main", "main"], |said| {
        said.bootstrap = true;
        said.policy_files = Some(blobs.clone().into());
    });
    assert_eq!(scene.audited(), [CLEAN]);
}

#[test]
fn an_approved_revert_is_clean() {
    let scene = Scene::new();
    scene.commit("a.txt");
    scene.approve(&scene.ann, "main~1", "main");
    let _ = scene.repo.git(&["revert", "--no-edit", "HEAD"]).ok();
    assert_eq!(scene.audited(), [CLEAN, &unapproved()]);
    scene.approve(&scene.ann, "main~1", "main");
    assert_eq!(scene.audited(), [CLEAN; 2]);
}

#[test]
fn a_waiver_lifts_what_its_landing_lists_as_long_as_it_counted_then() {
    let landed = |lists: bool, expires, received| {
        let scene = Scene::new();
        scene.commit_as("a.txt", BAD);
        // The clone made it through its hooks, as far as a receipt says: only then is it no repair.
        super::receipts::receipt(&scene, &scene.agent, "main", |_| {});
        let waiver = scene.waive(&scene.ann, "main", expires);
        scene.say(&scene.ann, ["main~1", "main", "main"], |said| {
            said.waivers = lists.then(|| waiver.clone()).into_iter().collect();
        });
        if received {
            scene.moved(
                Some(&scene.server),
                "main~1",
                "main",
                "2025-11-02T09:00:00Z",
            );
        }
        let mut rows = scene.audited();
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    };
    let found = "PDD002: the subject does not begin with a type and a colon";
    let (lifted, kept) = (
        format!("waived waived {found}"),
        format!("enforced {found}"),
    );
    let ended = Some("2025-12-01T00:00:00Z");
    assert_eq!(landed(true, None, false), lifted);
    assert_eq!(landed(false, None, false), kept);
    assert_eq!(landed(true, ended, false), kept);
    assert_eq!(landed(true, ended, true), lifted);
}

#[test]
fn source_that_lands_without_a_red_proof_is_told_where_it_lands() {
    let policy = POLICY.replace("red-first = \"off\"\n", "");
    let check =
        "[[check]]\nname = \"tests\"\nkind = \"test\"\nrun = [\"true\"]\nreport = \"exit-code\"\n";
    let scene = Scene::with(&format!("{policy}{check}"));
    scene.repo.write("a.py", "def a():\n    return 1\n");
    scene.repo.commit_all("refactor(app): one step [TASK-001]");
    scene.approve(&scene.ann, "main~1", "main");
    let codes = "foreign PDD009: source changes, and nothing is recorded of what its tests say without it \
        PDD009: `TASK-001` changes source in 1 commit (the first is <id>), none of which has a red proof";
    assert_eq!(scene.audited(), [codes]);
}

#[test]
fn under_an_assumed_policy_nobody_is_asked_for_approval() {
    let scene = Scene::new();
    scene.commit("a.txt");
    let clone = fresh(&scene.repo, scene.repo.folder());
    let assumed = report(&scene.repo, &clone, &["--policy", ".pdd.toml", "main"]);
    assert_eq!(rows(&assumed)[1..], [format!("{CLEAN} [policy assumed]")]);
    let note = "approval is not asked under an assumed policy";
    assert!(
        assumed["notes"].as_array().unwrap().contains(&note.into()),
        "{assumed}"
    );
    assert_eq!(audited(&scene.repo, &clone, "main"), [unapproved()]);
}
