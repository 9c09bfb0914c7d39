//! The tree that the hooks judge is the tree that git commits, under every form of commit: the receipt that pre-commit
//! leaves and the line in the ledger both name the tree of the commit that was made. Run on every git of the machine.

use std::path::PathBuf;

use crate::enrolled::{HONEST, WORK};
use crate::support::{Repo, gits};

/// One form of commit.
struct Form {
    name: &'static str,
    /// What stands before; returns the folder to commit in.
    before: fn(&Repo) -> PathBuf,
    /// The arguments of git.
    commit: &'static [&'static str],
    /// What the commit holds besides what its parent holds, as `git diff-tree --name-only` says; compared against the
    /// first parent.
    holds: &'static str,
}

/// An enrolled repository whose kept post-commit and post-merge hooks save the attempt before it is closed.
fn scene(git: &std::path::Path) -> Repo {
    let repo = Repo::init_with(git, &[]);
    let save = "#!/bin/sh\ncat \"$(git rev-parse --git-common-dir)\"/pdd/attempts/*.json > SAVED\n";
    let save = save.replace("SAVED", repo.root().join("attempt").to_str().unwrap());
    for hook in ["post-commit", "post-merge"] {
        repo.write_program(&format!(".git/hooks/{hook}"), &save);
    }
    repo.enroll()
}

#[track_caller]
fn hold(forms: &[Form]) {
    let mut wrong = String::new();
    for git in gits() {
        for form in forms {
            let repo = scene(&git);
            let folder = (form.before)(&repo);
            let _ = repo.git_in(&folder, form.commit).ok();
            let ask = |args: &[&str]| {
                let text = repo.git_in(&folder, args).ok().stdout;
                text.trim_end().to_owned()
            };
            let (commit, tree) = (
                ask(&["rev-parse", "HEAD"]),
                ask(&["rev-parse", "HEAD^{tree}"]),
            );
            let attempt = std::fs::read_to_string(repo.root().join("attempt")).unwrap();
            let attempt: serde_json::Value = serde_json::from_str(&attempt).unwrap();
            let line = repo.ledger_of(&commit);
            let found = [
                attempt["receipt"]["tree"].as_str().unwrap_or("no receipt"),
                line["tree"].as_str().unwrap_or("no tree"),
                line["class"].as_str().unwrap_or("no class"),
                &repo.class_of(&commit),
                &ask(&["show", "--format=", "--name-only", "--first-parent", "HEAD"])
                    .replace('\n', " "),
            ]
            .map(str::to_owned);
            let class = if form.name.starts_with("merge without") {
                "merge"
            } else {
                "enforced"
            };
            if found != [&tree, &tree, class, class, form.holds] {
                wrong.push_str(&format!(
                    "{} with {}: {found:?}, tree {tree}\n",
                    form.name,
                    git.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// `app.txt` edited but not staged, `a.txt` staged.
fn edited_beside_staged(repo: &Repo) -> PathBuf {
    repo.stage("a.txt", "a\n");
    repo.write("app.txt", "changed\n");
    repo.folder().to_owned()
}

#[test]
fn the_receipt_names_the_committed_tree_whatever_part_of_the_files_is_committed() {
    hold(&[
        Form {
            name: "plain",
            before: edited_beside_staged,
            commit: &["commit", "-m", HONEST],
            holds: "a.txt",
        },
        Form {
            name: "-a",
            before: edited_beside_staged,
            commit: &["commit", "-am", HONEST],
            holds: "a.txt app.txt",
        },
        Form {
            name: "pathspec beside a staged file",
            before: edited_beside_staged,
            commit: &["commit", "-m", HONEST, "--", "app.txt"],
            holds: "app.txt",
        },
        Form {
            name: "--include beside a staged file",
            before: edited_beside_staged,
            commit: &["commit", "-m", HONEST, "--include", "app.txt"],
            holds: "a.txt app.txt",
        },
        Form {
            name: "partially staged file",
            before: |repo| {
                repo.stage("app.txt", "staged\n");
                repo.write("app.txt", "staged\nand more\n");
                repo.folder().to_owned()
            },
            commit: &["commit", "-m", HONEST],
            holds: "app.txt",
        },
        Form {
            name: "intent to add",
            before: |repo| {
                repo.stage("a.txt", "a\n");
                repo.write("announced.txt", "not yet\n");
                let _ = repo.git(&["add", "-N", "announced.txt"]).ok();
                repo.folder().to_owned()
            },
            commit: &["commit", "-m", HONEST],
            holds: "a.txt",
        },
        Form {
            name: "subfolder, relative pathspec",
            before: |repo| {
                repo.stage("sub/b.txt", "b\n");
                repo.stage("a.txt", "a\n");
                repo.at("sub")
            },
            commit: &["commit", "-m", HONEST, "--", "b.txt"],
            holds: "sub/b.txt",
        },
        Form {
            name: "a removed file and one that became a folder",
            before: |repo| {
                let _ = repo.git(&["rm", "-q", "app.txt"]).ok();
                repo.stage("app.txt/inner.txt", "b\n");
                repo.folder().to_owned()
            },
            commit: &["commit", "-m", HONEST],
            holds: "app.txt app.txt/inner.txt",
        },
    ]);
}

#[test]
fn the_receipt_names_the_committed_tree_whatever_the_parents_are() {
    hold(&[
        Form {
            name: "--amend",
            before: |repo| {
                repo.step("a.txt");
                repo.stage("b.txt", "b\n");
                repo.folder().to_owned()
            },
            commit: &["commit", "--amend", "-m", HONEST],
            holds: "a.txt b.txt",
        },
        Form {
            name: "--amend -- path beside a staged file",
            before: |repo| {
                repo.step("a.txt");
                edited_beside_staged(repo)
            },
            commit: &["commit", "--amend", "-m", HONEST, "--", "app.txt"],
            holds: "a.txt app.txt",
        },
        Form {
            name: "linked worktree",
            before: |repo| {
                let linked = repo.at("../linked");
                let path = linked.to_str().unwrap();
                let _ = repo
                    .git(&["worktree", "add", "-q", path, "-b", "feat/TASK-001-linked"])
                    .ok();
                repo.write("../linked/a.txt", "a\n");
                let _ = repo.git_in(&linked, &["add", "a.txt"]).ok();
                linked
            },
            commit: &["commit", "-m", HONEST],
            holds: "a.txt",
        },
        Form {
            name: "root commit",
            before: |repo| {
                let _ = repo
                    .git(&["switch", "-q", "--orphan", "feat/TASK-001-root"])
                    .ok();
                let _ = repo.git(&["checkout", "-q", WORK, "--", "context"]).ok();
                repo.stage("a.txt", "a\n");
                repo.folder().to_owned()
            },
            commit: &["commit", "-m", HONEST],
            holds: "a.txt context/personalog/TASK-001.md",
        },
        Form {
            name: "merge with a change of its own",
            before: |repo| {
                let folder = diverged(repo);
                let _ = repo
                    .git(&["merge", "-q", "--no-commit", "--no-ff", "other"])
                    .ok();
                repo.stage("c.txt", "c\n");
                folder
            },
            commit: &["commit", "-m", "Merge branch other [TASK-001]"],
            holds: "c.txt other.txt",
        },
        Form {
            name: "merge without a change of its own",
            before: diverged,
            commit: &["merge", "--no-ff", "--no-edit", "other"],
            holds: "other.txt",
        },
    ]);
}

/// `HEAD` and `other` each have a commit that the other lacks.
fn diverged(repo: &Repo) -> PathBuf {
    let _ = repo.git(&["switch", "-q", "-c", "other"]).ok();
    repo.step("other.txt");
    let _ = repo.git(&["switch", "-q", "-"]).ok();
    repo.step("ours.txt");
    repo.folder().to_owned()
}

#[test]
fn the_receipt_names_the_committed_tree_when_kept_hooks_stage_files() {
    hold(&[
        Form {
            name: "a pre-commit that stages",
            before: |repo| staging("pre-commit", repo),
            commit: &["commit", "-m", HONEST],
            // Git reads the index again after pre-commit.
            holds: "a.txt by-hook.txt",
        },
        Form {
            name: "a pre-commit that stages under -a",
            before: |repo| staging("pre-commit", repo),
            commit: &["commit", "-am", HONEST],
            holds: "a.txt by-hook.txt",
        },
        Form {
            name: "a prepare-commit-msg that stages",
            before: |repo| staging("prepare-commit-msg", repo),
            commit: &["commit", "-m", HONEST],
            // Git does not read the index again after prepare-commit-msg.
            holds: "a.txt",
        },
    ]);
}

/// Has a kept hook stage a file.
fn staging(hook: &str, repo: &Repo) -> PathBuf {
    let kept = std::fs::read_to_string(repo.at(".git/pdd/chain")).unwrap();
    let kept = PathBuf::from(kept.trim_end()).join(hook);
    std::fs::write(
        &kept,
        "#!/bin/sh\necho x > by-hook.txt\ngit add by-hook.txt\n",
    )
    .unwrap();
    crate::support::set_mode(&kept, 0o755);
    repo.stage("a.txt", "a\n");
    repo.folder().to_owned()
}

#[test]
fn an_index_written_while_the_message_is_edited_is_judged_as_it_was_checked() {
    for git in gits() {
        let repo = scene(&git);
        repo.stage("a.txt", "a\n");
        repo.write_program(
            "../editor",
            &format!("#!/bin/sh\necho '{HONEST}' > \"$1\"\necho x > late.txt\ngit add late.txt\n"),
        );
        let editor = repo.at("../editor");
        let editor = editor.to_str().unwrap();
        let _ = repo.git_with(&[("GIT_EDITOR", editor)], &["commit"]).ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
        assert_eq!(
            repo.ledger_of(&repo.ask(&["rev-parse", "HEAD"]))["tree"],
            repo.ask(&["rev-parse", "HEAD^{tree}"]).as_str()
        );
    }
}
