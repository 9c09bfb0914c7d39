//! `init` in a repository that has documents, attributes and branches of its own: what it finds, names, adds and keeps.

use crate::support::{Repo, gits};

const TASKS: &str = "# Our tasks\n\n- [ ] **[TASK-4]** - Four\n  - **Status**: PENDING\n- [ ] **[TASK-5]** - Five\n  - **Status**: DOING\n\n### TASK-4: Again\n- **Status**: BLOCKED\n";
const DONE: &str = "# Done\n\n## [CHANGELOG-0001] - One\n\n**Task ID**: TASK-1\n";
const CONVENTIONAL: &str =
    "# Changelog\n\n## [Unreleased]\n\n### Added\n- [TASK-4] x\n\n## [1.0.0] - 2025-01-01\n";
const DEVLOG: &str = "# Log\n\n## [DEVLOG-0001] - One\n\n**Date**: 2025-01-01\n";

#[test]
fn documents_that_are_elsewhere_are_named_by_the_policy_and_not_made_twice() {
    let repo = Repo::new();
    repo.write("docs/TASKLIST.md", TASKS);
    repo.write("docs/guide.md", "words\n");
    repo.write("docs/old/tasks.md", TASKS);
    repo.write("context/changelog.md", DONE);
    repo.write("DEVLOG.md", DEVLOG);
    repo.commit_all("start");
    let output = repo.pdd(&["init"]).ok();
    assert_eq!(
        output.text(),
        "exit: 0
--- stdout
found no language that init knows in $REPO
found docs/TASKLIST.md: 3 tasks: 1 in headings, 2 in items; the policy names it
note: docs/TASKLIST.md:6: `TASK-5` has no status that is one: `DOING`
note: docs/TASKLIST.md:8: `TASK-4` stands here once more, first on line 3
left out docs/old/tasks.md: 3 tasks: 1 in headings, 2 in items; one tasklist is enough
found context/changelog.md: 1 entry by number; the policy names it
found DEVLOG.md: 1 entry; the policy names it
branches: work is cut from `main`, which takes it back as people approve
wrote .pdd.toml
wrote .gitattributes
kept docs/TASKLIST.md
kept context/changelog.md
kept DEVLOG.md
wrote docs/Persona.md
wrote docs/Style_Guide.md
wrote docs/Setup_Checklist.md
wrote context/personalog/README.md

next:
  1. read .pdd.toml: what differs from the defaults, and the checks that each commit has to pass
  2. git add .pdd.toml .gitattributes docs/TASKLIST.md context DEVLOG.md docs/Persona.md docs/Style_Guide.md docs/Setup_Checklist.md && git commit -m \"chore(pdd): adopt the workflow [MAINT-1]\"
  3. pdd-hooks install
  4. git switch -c dev: where work meets before it lands, if you want such a branch
  5. pdd-hooks task new \"<title>\" && pdd-hooks task start
--- stderr
"
    );
    assert!(
        repo.read(".pdd.toml").contains(
            "
[task]
# Documents that were there before.
tasklist = \"docs/TASKLIST.md\"
changelog = \"context/changelog.md\"
devlog = \"DEVLOG.md\"

[paths]
# The default, and those documents.
record = [\"context/**\", \"docs/TASKLIST.md\", \"DEVLOG.md\"]
"
        ),
        "{}",
        repo.read(".pdd.toml")
    );
    assert_eq!(
        repo.read(".gitattributes"),
        "/context/changelog.md merge=union\n/DEVLOG.md merge=union\n"
    );
    assert_eq!(repo.read("docs/TASKLIST.md"), TASKS);
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    assert!(repo.codes_of("HEAD").is_empty());
    assert_eq!(repo.class_of("HEAD"), "adoption");
}

#[test]
fn a_conventional_changelog_and_other_lists_of_tasks_are_left_alone() {
    let repo = Repo::new();
    repo.write("CHANGELOG.md", CONVENTIONAL);
    repo.write(
        "TASKS.md",
        "# Tasks\n\n- [ ] buy milk\n\n## UTF-8: encoding\n",
    );
    repo.commit_all("start");
    let output = repo.pdd(&["init"]).ok();
    assert!(!output.stdout.contains("CHANGELOG.md"), "{}", output.text());
    assert!(!output.stdout.contains("TASKS.md"), "{}", output.text());
    assert!(repo.has("context/Changelog.md") && repo.has("context/Tasklist.md"));
    assert!(!repo.read(".pdd.toml").contains("[task]"));
    assert_eq!(repo.read("CHANGELOG.md"), CONVENTIONAL);
}

#[test]
fn a_document_that_the_policy_there_does_not_name_gets_no_second_one_beside_it() {
    let repo = Repo::new();
    repo.write(".pdd.toml", "policy = 1\n");
    repo.write("Tasklist.md", TASKS);
    repo.commit_all("start");
    let output = repo.pdd(&["init"]).ok();
    let said = "found Tasklist.md: 3 tasks: 1 in headings, 2 in items; the policy names context/Tasklist.md, which is not there: write `task.tasklist = \"Tasklist.md\"` into it, and `Tasklist.md` into `paths.record`\n";
    assert!(output.stdout.contains(said), "{}", output.text());
    assert!(!repo.has("context/Tasklist.md") && repo.has("context/Devlog.md"));
}

#[test]
fn an_existing_attributes_file_gets_only_the_lines_that_it_lacks() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]);
        let old = "* text=auto\r\ncontext/Dev*.md merge=ours";
        repo.write(".gitattributes", old);
        let dry = repo.pdd(&["init", "--dry-run"]).ok();
        let added = "would add to .gitattributes\n  /context/Changelog.md merge=union\n";
        assert!(dry.stdout.contains(added), "{}", dry.text());
        assert_eq!(repo.read(".gitattributes"), old);
        let first = repo.pdd(&["init"]).ok();
        assert!(
            first
                .stdout
                .contains(added.trim_start_matches("would add to"))
                || first.stdout.contains("added to .gitattributes\n")
        );
        let new = format!("{old}\r\n/context/Changelog.md merge=union\r\n");
        assert_eq!(repo.read(".gitattributes"), new);
        let second = repo.pdd(&["init"]).ok();
        assert!(second.stdout.contains("kept .gitattributes\n"));
        assert_eq!(repo.read(".gitattributes"), new);
        assert_eq!(
            repo.ask(&[
                "check-attr",
                "merge",
                "context/Changelog.md",
                "context/Devlog.md",
                "context/Tasklist.md"
            ]),
            "context/Changelog.md: merge: union\ncontext/Devlog.md: merge: ours\ncontext/Tasklist.md: merge: unspecified"
        );
    }
}

#[test]
fn one_persona_log_for_all_tasks_is_merged_by_union_too() {
    let repo = Repo::new();
    repo.write(
        ".pdd.toml",
        "persona.log = \"my log.md\"\ntask.devlog = \"log [1].md\"\n",
    );
    let _ = repo.pdd(&["init"]).ok();
    assert_eq!(
        repo.read(".gitattributes"),
        "/context/Changelog.md merge=union\n\"/log \\\\[1].md\" merge=union\n\"/my log.md\" merge=union\n"
    );
    assert_eq!(
        repo.ask(&["check-attr", "merge", "my log.md", "log [1].md", "log 1.md"]),
        "my log.md: merge: union\nlog [1].md: merge: union\nlog 1.md: merge: unspecified"
    );
}

#[test]
fn attributes_behind_a_link_are_left_alone() {
    let repo = Repo::new();
    std::os::unix::fs::symlink("other", repo.at(".gitattributes")).unwrap();
    let output = repo.pdd(&["init"]).ok();
    let said = "left .gitattributes alone: git reads it from a plain file only\n";
    assert!(output.stdout.contains(said), "{}", output.text());
    assert!(!repo.has("other"));
}

#[test]
fn a_repository_that_has_adopted_is_told_that_a_change_of_its_own_brings_the_attributes() {
    let repo = Repo::new();
    let _ = repo.pdd(&["init"]).ok();
    std::fs::remove_file(repo.at(".gitattributes")).unwrap();
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let output = repo.pdd(&["init"]).ok();
    assert!(
        output.stdout.ends_with(
            "
next:
  1. on a work branch, as PM: git add .pdd.toml .gitattributes context && git commit -m \"chore(pdd): complete the workflow's files [TASK-ID]\"
  2. pdd-hooks approve HEAD --into main --policy: .gitattributes decides how git merges
"
        ),
        "{}",
        output.text()
    );
}

#[test]
fn the_integration_branch_is_the_one_that_is_there_here_or_on_a_remote() {
    let repo = Repo::new();
    repo.commit_all("start");
    let _ = repo
        .git(&["update-ref", "refs/remotes/origin/develop", "HEAD"])
        .ok();
    let _ = repo.git(&["switch", "-q", "-c", "develop"]).ok();
    let output = repo.pdd(&["init"]).ok();
    assert!(repo.read(".pdd.toml").contains(
        "\n[branch]\n# Where work meets before it lands.\nintegration = [\"develop\"]\n"
    ));
    let said = "branches: work is cut from `develop` and merged back with --no-ff; `main` takes what people approve\n";
    assert!(output.stdout.contains(said), "{}", output.text());
    assert!(
        output.stdout.ends_with(
            "  2. git switch main && git add .pdd.toml .gitattributes context && git commit -m \"chore(pdd): adopt the workflow [MAINT-1]\"
  3. pdd-hooks install
  4. git switch develop && git merge main
  5. pdd-hooks task new \"<title>\" && pdd-hooks task start
"
        ),
        "{}",
        output.text()
    );
    let other = Repo::new();
    other.commit_all("start");
    let _ = other
        .git(&["update-ref", "refs/remotes/up/dev", "HEAD"])
        .ok();
    let output = other.pdd(&["init"]).ok();
    assert!(!other.read(".pdd.toml").contains("[branch]"));
    assert!(
        output
            .stdout
            .contains("branches: work is cut from `dev` and"),
        "{}",
        output.text()
    );
}
