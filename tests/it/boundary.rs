//! PDD006 with real git: who changes what.

use crate::support::{Repo, set_mode};
use crate::tasked::{LIST, LOG, TASKS, refused};

/// The steps that lead to a persona.
fn until(persona: &str) -> &'static [&'static str] {
    match persona {
        "PM" => &["PM"],
        "QA" => &["PM", "QA"],
        "DEV" => &["PM", "QA", "DEV"],
        _ => &["TROUBLESHOOT"],
    }
}

const PATHS: [(&str, &str); 8] = [
    ("src/app.txt", "DEV"),
    ("Cargo.toml", "DEV"),
    ("tests/app.txt", "QA"),
    ("fixtures/app.txt", "QA"),
    ("README.md", "PM DEV"),
    ("conftest.py", "PM"),
    ("context/Changelog.md", "PM"),
    ("context/Devlog.md", "PM DEV TROUBLESHOOT"),
];

#[test]
fn each_persona_changes_its_own_paths_and_no_other() {
    for persona in ["PM", "QA", "DEV", "TROUBLESHOOT"] {
        let repo = Repo::tasked(TASKS, until(persona));
        for (path, owners) in PATHS {
            repo.stage(path, "# changed\n");
            let said = refused(&repo.try_commit());
            let is_owner = owners.split(' ').any(|owner| owner == persona);
            match is_owner {
                true => assert_eq!(said, [""; 0], "{persona}: {path}"),
                false => {
                    assert_eq!(said.len(), 1, "{persona}: {path}: {said:?}");
                    assert!(
                        said[0].starts_with(&format!("PDD006: `{path}` is ")),
                        "{said:?}"
                    );
                    assert!(
                        said[0].ends_with(&format!("{persona} speaks for `TASK-001` ({path})")),
                        "{said:?}"
                    );
                }
            }
            let _ = repo.git(&["reset", "-q", "--hard"]).ok();
        }
    }
}

#[test]
fn the_refusal_names_the_way_and_the_way_passes() {
    let repo = Repo::tasked(TASKS, &["PM", "QA"]);
    repo.stage("src/app.txt", "more\n");
    let output = repo.try_commit();
    assert_eq!(
        output.stderr,
        "error[PDD006]: `src/app.txt` is source, which DEV changes; QA speaks for `TASK-001`\n \
         --> src/app.txt in staged change on feat/TASK-001-steps\n  \
         = help: declare it: `pdd-hooks persona DEV TASK-001 \"<action>\"`\n  \
         = note: pdd-hooks explain PDD006\n\
         keep the message: git commit -e -F \"$(git rev-parse --git-path COMMIT_EDITMSG)\"\n"
    );
    let _ = repo.pdd(&["persona", "DEV", "TASK-001", "code"]).ok();
    let _ = repo.try_commit().ok();
}

#[test]
fn tests_within_a_source_file_are_qas() {
    let repo = Repo::tasked(TASKS, &["PM", "QA", "DEV"]);
    repo.stage("src/lib.rs", "pub fn one() -> u8 {\n    1\n}\n");
    let _ = repo.try_commit().ok();
    repo.declare("QA");
    let tests = "pub fn one() -> u8 {\n    1\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn is_one() {\n        assert_eq!(super::one(), 1);\n    }\n}\n";
    repo.stage("src/lib.rs", tests);
    let _ = repo.try_commit().ok();
    repo.stage("src/lib.rs", &tests.replacen("    1\n", "    2\n", 1));
    assert_eq!(
        refused(&repo.try_commit()),
        [
            "PDD006: `src/lib.rs` is source, which DEV changes; QA speaks for `TASK-001` (src/lib.rs)"
        ]
    );
}

#[test]
fn of_the_tasklist_each_keeps_its_parts() {
    let qa = Repo::tasked(TASKS, until("QA"));
    qa.replace(LIST, "[ ] fast", "[x] fast");
    qa.replace(LIST, "IN_PROGRESS", "READY_FOR_VALIDATION");
    let _ = qa.try_commit().ok();
    qa.replace(LIST, "HIGH", "LOW");
    assert_eq!(
        refused(&qa.try_commit()),
        [format!(
            "PDD006: the block of `TASK-001` changes beyond status, criteria and QA's checkpoint, which are QA's ({LIST}:6)"
        )]
    );
    let dev = Repo::tasked(TASKS, until("DEV"));
    dev.replace(LIST, "Ann", "Bob");
    let _ = dev.try_commit().ok();
    dev.replace(LIST, "[ ] fast", "[x] fast");
    assert_eq!(refused(&dev.try_commit()).len(), 1);
    let _ = dev.git(&["reset", "-q", "--hard"]).ok();
    dev.replace(LIST, "LOW", "HIGH");
    assert_eq!(
        refused(&dev.try_commit()),
        [format!(
            "PDD006: the Tasklist changes outside of the block of `TASK-001`, which is PM's ({LIST}:15)"
        )]
    );
}

#[test]
fn no_part_of_another_task_is_hidden_by_moving_its_lines() {
    let repo = Repo::tasked(TASKS, until("DEV"));
    for (from, to, line) in [
        (
            "- **Dependencies**: TASK-001",
            "    - **Dependencies**: TASK-001",
            ":16",
        ),
        ("### TASK-002", "    ### TASK-002", ""),
        ("- **Priority**: HIGH", "  - **Priority**: HIGH", ":6"),
    ] {
        repo.replace(LIST, from, to);
        let said = refused(&repo.try_commit());
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].ends_with(&format!("({LIST}{line})")), "{said:?}");
        let _ = repo.git(&["reset", "-q", "--hard"]).ok();
    }
}

#[test]
fn a_document_that_may_be_run_is_a_document_still() {
    let repo = Repo::tasked(TASKS, until("DEV"));
    let _ = repo.git(&["update-index", "--chmod=+x", LIST]).ok();
    assert_eq!(
        refused(&repo.try_commit()),
        [format!(
            "PDD012: `{LIST}` may be run, and is no document under that mode ({LIST})"
        )]
    );
    let _ = repo.git(&["reset", "-q", "--hard"]).ok();
    repo.replace(LIST, "LOW", "HIGH");
    let _ = repo.git(&["update-index", "--chmod=+x", LIST]).ok();
    let said = refused(&repo.try_commit());
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("PDD006: the Tasklist changes outside of the block"));
    // The mend as the help says it.
    let _ = repo.git(&["reset", "-q", "--hard"]).ok();
    let _ = repo.git(&["update-index", "--chmod=+x", LIST]).ok();
    let _ = repo.git(&["update-index", "--chmod=-x", LIST]).ok();
    repo.replace(LIST, "Ann", "Bob");
    let _ = repo.try_commit().ok();
}

#[test]
fn a_document_that_could_be_run_before_is_mended_as_the_help_says() {
    let repo = Repo::tasked(TASKS, until("PM"));
    let _ = repo.git(&["update-index", "--chmod=+x", LIST]).ok();
    let _ = repo
        .git(&["commit", "-q", "-n", "-m", "docs: as it came [TASK-001]"])
        .ok();
    let list = repo.at(LIST);
    set_mode(&list, 0o755);
    repo.replace(LIST, "LOW", "HIGH");
    assert_eq!(
        refused(&repo.commit("docs: plan [TASK-001]")),
        [format!(
            "PDD012: `{LIST}` may be run, and is no document under that mode ({LIST})"
        )]
    );
    set_mode(&list, 0o644);
    let _ = repo.git(&["add", LIST]).ok();
    let _ = repo.commit("docs: plan [TASK-001]").ok();
}

#[test]
fn a_log_that_is_a_link_is_refused() {
    let repo = Repo::tasked(TASKS, until("PM"));
    let log = repo.at(LOG);
    std::fs::rename(&log, repo.at("docs.md")).unwrap();
    std::os::unix::fs::symlink("../../docs.md", &log).unwrap();
    let _ = repo.git(&["add", "-A"]).ok();
    let said = refused(&repo.commit("docs: link [TASK-001]"));
    assert!(
        said.contains(&format!(
            "PDD012: `{0}` is a link, and is no document under that mode ({0})",
            LOG
        )),
        "{said:?}"
    );
}

/// A branch beside the work branch, with another change of a document, and the merge of it begun.
fn merging(repo: &Repo, path: &str, from: &str, to: &str) -> crate::support::Output {
    let _ = repo.git(&["switch", "-q", "-c", "other", "main"]).ok();
    let text = repo.read(path).replacen(from, to, 1);
    repo.write(path, &text);
    let _ = repo
        .git(&[
            "-c",
            "core.hooksPath=/dev/null",
            "commit",
            "-qam",
            "docs: other [MAINT-1]",
        ])
        .ok();
    let _ = repo.git(&["switch", "-q", "-"]).ok();
    repo.git(&["merge", "-q", "--no-commit", "--no-ff", "other"])
}

#[test]
fn a_merge_changes_no_document_by_hand_but_those_in_conflict() {
    let repo = Repo::tasked(TASKS, until("DEV"));
    let _ = merging(&repo, LIST, "LOW", "MEDIUM").ok();
    repo.replace(LIST, "TASK-002: Rank", "TASK-002: Drop");
    assert_eq!(
        refused(&repo.try_commit()),
        [format!(
            "PDD006: the Tasklist changes outside of the block of `TASK-001`, which is PM's ({LIST}:12)"
        )]
    );
    repo.replace(LIST, "TASK-002: Drop", "TASK-002: Rank");
    repo.stage("context/Changelog.md", "# Changelog\n\nwords\n");
    assert_eq!(
        refused(&repo.try_commit()),
        [
            "PDD006: `context/Changelog.md` is a workflow document, which PM changes; DEV speaks for `TASK-001` (context/Changelog.md)"
        ]
    );
    let _ = repo
        .git(&["checkout", "-q", "HEAD", "--", "context/Changelog.md"])
        .ok();
    let _ = repo.try_commit().ok();
}

#[test]
fn a_merge_takes_nothing_out_of_the_tasklist() {
    let repo = Repo::tasked(TASKS, until("DEV"));
    let _ = merging(&repo, LIST, "LOW", "MEDIUM").ok();
    let merged = repo.read(LIST);
    let cut = |what: &str| merged.replacen(what, "", 1);
    let (own, other) = merged.split_at(merged.find("### TASK-002").unwrap());
    let title = &own[..own.find("### TASK-001").unwrap()];
    let without = [
        (cut("- **Priority**: MEDIUM\n"), 0),
        (cut("- **Dependencies**: None\n"), 0),
        (cut("  - [ ] fast\n"), 0),
        (format!("{title}{other}"), 1),
        (own.to_owned(), 0),
        (String::new(), 1),
    ];
    for (text, documents) in without {
        assert_ne!(text, merged);
        repo.stage(LIST, &text);
        let told = refused(&repo.try_commit());
        let of = |code: &str| told.iter().filter(|it| it.starts_with(code)).count();
        assert_eq!(of("PDD006"), 1, "{told:?}");
        assert!(of("PDD012") >= documents, "{told:?}");
    }
    repo.stage(LIST, &merged);
    let _ = repo.try_commit().ok();
}

#[test]
fn an_octopus_takes_nothing_out_of_the_tasklist_either() {
    let repo = Repo::tasked(TASKS, until("DEV"));
    for (branch, path) in [("one", "docs/one.md"), ("two", "docs/two.md")] {
        let _ = repo.git(&["switch", "-q", "-c", branch, "main"]).ok();
        repo.stage(path, "words\n");
        let round = [
            "-c",
            "core.hooksPath=/dev/null",
            "commit",
            "-qm",
            "docs: one [MAINT-1]",
        ];
        let _ = repo.git(&round).ok();
    }
    let _ = repo.git(&["switch", "-q", crate::enrolled::WORK]).ok();
    let _ = repo.git(&["merge", "-q", "--no-commit", "one", "two"]).ok();
    let merged = repo.read(LIST);
    repo.stage(LIST, &merged.replacen("  - [ ] fast\n", "", 1));
    assert_eq!(
        refused(&repo.try_commit()),
        [format!(
            "PDD006: the block of `TASK-001` changes beyond owner, times, notes and DEV's checkpoint, which are DEV's ({LIST}:3)"
        )]
    );
    repo.stage(LIST, &merged);
    let _ = repo.try_commit().ok();
}

#[test]
fn a_parent_where_pm_spoke_gives_nobody_pms_rights_back() {
    let repo = Repo::tasked(TASKS, until("PM"));
    let _ = repo.git(&["switch", "-q", "-c", "feat/TASK-001-side"]).ok();
    repo.stage("docs/side.md", "words\n");
    let _ = repo.commit("docs: aside [TASK-001]").ok();
    let _ = repo.git(&["switch", "-q", "-"]).ok();
    repo.declare("QA");
    repo.declare("DEV");
    let _ = repo.commit("docs: hand over [TASK-001]").ok();
    let _ = repo
        .git(&[
            "merge",
            "-q",
            "--no-commit",
            "--no-ff",
            "feat/TASK-001-side",
        ])
        .ok();
    repo.replace(LIST, "LOW", "HIGH");
    repo.stage("context/Changelog.md", "# Changelog\n\nwords\n");
    assert_eq!(
        refused(&repo.try_commit()),
        [
            "PDD006: `context/Changelog.md` is a workflow document, which PM changes; DEV speaks for `TASK-001` (context/Changelog.md)".to_owned(),
            format!("PDD006: the Tasklist changes outside of the block of `TASK-001`, which is PM's ({LIST}:15)"),
        ]
    );
    let _ = repo.git(&["checkout", "-q", "HEAD", "--", "context"]).ok();
    let _ = repo.try_commit().ok();
}

#[test]
fn a_conflict_is_settled_by_whoever_merges() {
    let repo = Repo::tasked(TASKS, until("DEV"));
    repo.replace(LIST, "Ann", "Bob");
    let _ = repo.try_commit().ok();
    assert_ne!(merging(&repo, LIST, "Ann", "Eve").code(), 0);
    let settled = TASKS.replace("Ann", "Bob and Eve");
    repo.stage(LIST, &settled);
    let _ = repo.try_commit().ok();
}

#[test]
fn a_revert_changes_no_document_that_is_anothers() {
    let repo = Repo::tasked(TASKS, until("DEV"));
    repo.stage("src/app.txt", "more\n");
    let _ = repo.try_commit().ok();
    let _ = repo.git(&["revert", "--no-commit", "HEAD"]).ok();
    repo.replace(LIST, "LOW", "HIGH");
    let revert = format!(
        "Revert \"test: one step [TASK-001]\"\n\nThis reverts commit {}.\n",
        repo.git(&["rev-parse", "HEAD"]).ok().stdout.trim()
    );
    let said = refused(&repo.commit(&revert));
    assert_eq!(
        said,
        [format!(
            "PDD006: the Tasklist changes outside of the block of `TASK-001`, which is PM's ({LIST}:15)"
        )]
    );
    repo.replace(
        LIST,
        "HIGH\n- **Dependencies**: TASK-001",
        "LOW\n- **Dependencies**: TASK-001",
    );
    let _ = repo.commit(&revert).ok();
}

#[test]
fn troubleshoot_adds_the_bug_that_it_looks_into_and_its_cause_and_nothing_else() {
    let repo = Repo::tasked(&TASKS.replace("TASK-001: Search", "TASK-003: Search"), &[]);
    repo.declare("TROUBLESHOOT");
    let bug = "\n### TASK-001: Leak\n\n- **Status**: IN_PROGRESS\n- **Type**: fix\n";
    let text = repo.read(LIST);
    repo.stage(LIST, &format!("{text}{bug}"));
    repo.stage(
        "context/Devlog.md",
        "# Devlog\n\n## [DEVLOG-0001] - Leak\n\nwords\n",
    );
    let _ = repo.commit("docs: look into the leak [TASK-001]").ok();
    repo.stage("src/app.txt", "mended\n");
    assert_eq!(
        refused(&repo.try_commit()),
        [
            "PDD006: `src/app.txt` is source, which DEV changes; TROUBLESHOOT speaks for `TASK-001` (src/app.txt)"
        ]
    );
}

#[test]
fn standing_tasks_may_be_anyones() {
    let repo = Repo::tasked(TASKS, &[]);
    let _ = repo.git(&["switch", "-q", "-c", "build/MAINT-1-bump"]).ok();
    repo.stage("Cargo.toml", "[package]\n");
    let _ = repo.commit("build: bump it [MAINT-1]").ok();
    repo.stage("README.md", "# Mended\n");
    let _ = repo.commit("docs: mend a typo [MAINT-1]").ok();
}
