//! What a test leaves behind decides no later verdict: after each, a broken tree is refused and a good one passes.

use super::scene::{TESTS_THEN, findings};
use crate::support::Repo;
use crate::whole::Whole;

const CHANGED: &str = "PDD008: environment-error: the check `tests` proves nothing: tracked files were changed while it ran: `app.txt`";

/// The same where the run has put another index in the place of the slot's.
fn tampered() -> String {
    CHANGED.replace("app.txt", "the slot's index")
}

fn scene() -> Repo {
    Repo::new().check_with(TESTS_THEN)
}

/// Has a run do this to its folder, and says what comes of the run itself: nothing, or the finding.
#[track_caller]
fn poisoned(repo: &Repo, source: &str, script: &str, expected: &[&str]) {
    repo.then(script);
    let output = repo.commit_source(source);
    assert_eq!(findings(&output), expected, "{}", output.text());
    repo.then("");
}

#[track_caller]
fn refuses_what_is_broken(repo: &Repo) {
    let refused = repo.commit_source("broken\n");
    assert_eq!(
        findings(&refused),
        ["PDD008: the check `tests` fails: `base`"],
        "{}",
        refused.text()
    );
    assert_eq!(refused.code(), 1);
}

/// Poisons by each script, in which `$text` is a source that passes, then one that fails: neither outlives its run.
#[track_caller]
fn the_next_verdicts_are_right(poisons: &[(&str, &[&str])]) {
    let repo = scene();
    for (number, (script, expected)) in poisons.iter().enumerate() {
        let source = |step| format!("base\n{number}.{step}\n");
        poisoned(&repo, &source(1), &format!("text=base\n{script}"), expected);
        refuses_what_is_broken(&repo);
        poisoned(
            &repo,
            &source(2),
            &format!("text=broken\n{script}"),
            expected,
        );
        let _ = repo.commit_source(&source(3)).ok();
    }
}

/// Does it in the repository that the tests see and in the one that fills their folder.
fn in_both(lines: &str) -> String {
    format!("for folder in .git ../git; do\n{lines}\ndone\n")
}

#[test]
fn skip_worktree_hides_no_content() {
    let flag = in_both("git --git-dir=$folder --work-tree=. update-index --skip-worktree app.txt");
    the_next_verdicts_are_right(&[
        (&format!("{flag}echo $text >app.txt"), &[&tampered()]),
        (
            "git update-index --skip-worktree app.txt; echo $text >app.txt",
            &[CHANGED],
        ),
    ]);
}

#[test]
fn assume_unchanged_hides_no_content() {
    let flag =
        in_both("git --git-dir=$folder --work-tree=. update-index --assume-unchanged app.txt");
    the_next_verdicts_are_right(&[
        (&format!("{flag}echo $text >app.txt"), &[&tampered()]),
        (
            "git update-index --assume-unchanged app.txt; echo $text >app.txt",
            &[CHANGED],
        ),
    ]);
}

#[test]
fn attributes_with_a_filter_are_not_asked() {
    let filter = in_both(
        "mkdir -p $folder/info; echo '* filter=evil' >$folder/info/attributes
git config -f $folder/config filter.evil.smudge \"sh -c 'cat >/dev/null; echo $text'\"
git config -f $folder/config filter.evil.clean \"git cat-file blob HEAD:app.txt\"",
    );
    let changing = format!("{filter}echo $text >app.txt");
    the_next_verdicts_are_right(&[(&filter, &[]), (&changing, &[CHANGED])]);
}

#[test]
fn a_global_smudge_filter_is_not_asked() {
    for (content, source) in [("base", "broken\n"), ("broken", "base\n1\n")] {
        let repo = scene();
        repo.write("../home/attributes", "* filter=evil\n");
        repo.write(
            "../home/.gitconfig",
            format!(
                "[core]\n\tattributesFile = {}\n[filter \"evil\"]\n\tsmudge = \"sh -c 'cat >/dev/null; echo {content}'\"\n\tclean = cat\n",
                repo.at("../home/attributes").display()
            ),
        );
        let output = repo.commit_source(source);
        let expected = if content == "base" {
            vec!["PDD008: the check `tests` fails: `base`"]
        } else {
            Vec::new()
        };
        assert_eq!(findings(&output), expected, "{}", output.text());
    }
}

#[test]
fn a_nested_repository_is_swept_away() {
    let nested = "git init -q tests/deep; echo never >tests/deep/x.case; cp tests/deep/x.case tests/left.case
(cd tests && git init -q . && git add . && git -c user.name=x -c user.email=x commit -q -m x)";
    let changing = format!("{nested}\necho $text >app.txt");
    the_next_verdicts_are_right(&[(nested, &[]), (&changing, &[CHANGED])]);
}

#[test]
fn a_changed_file_is_told_and_gone() {
    the_next_verdicts_are_right(&[
        ("echo $text >app.txt", &[CHANGED]),
        (
            "echo $text >app.txt; touch -d 2020-01-01 app.txt",
            &[CHANGED],
        ),
    ]);
}

#[test]
fn a_deleted_file_is_told_and_back() {
    let all = "PDD008: environment-error: the check `tests` proves nothing: tracked files were changed while it ran: `.pdd.toml`, `app.txt`, `context/personalog/TASK-001.md`, `tests/base.case`, `tests/run.sh`";
    the_next_verdicts_are_right(&[("rm app.txt", &[CHANGED]), ("rm -rf ./* .pdd.toml", &[all])]);
}

#[test]
fn untracked_files_are_swept_away_though_they_are_ignored() {
    let left = "echo never >tests/left.case; mkdir -p sub; echo '*' >sub/.gitignore; echo x >sub/x
echo '*.case' >tests/.gitignore; echo '*.case' >.git/info/exclude; echo never >tests/more.case";
    the_next_verdicts_are_right(&[(left, &[])]);
}

#[test]
fn another_repository_in_the_place_of_the_one_seen_counts_for_nothing() {
    let own = "rm -rf .git; git init -q .; echo $text >app.txt; git add .; git -c user.name=x -c user.email=x commit -q -m x";
    let both = format!("{own}; rm -rf ../git; cp -r .git ../git");
    the_next_verdicts_are_right(&[(own, &[CHANGED]), (&both, &[&tampered()])]);
}

#[test]
fn a_link_to_the_users_repository_is_removed_and_not_followed() {
    let repo = scene();
    let git = repo.at(".git");
    for link in [
        format!(
            "rm -rf .git; ln -s '{0}' .git; rm -rf ../git; ln -s '{0}' ../git",
            git.display()
        ),
        format!("rm -rf .git; echo 'gitdir: {}' >.git", git.display()),
        format!(
            "rm -rf tests; ln -s '{}' tests",
            repo.folder().join("tests").display()
        ),
    ] {
        let looked = || {
            let changes = ["objects", "pdd", "logs", "refs", "index", "COMMIT_EDITMSG"];
            Whole::of_all_but(
                &[repo.folder().to_owned()],
                |path| changes.iter().any(|part| path.starts_with(git.join(part))),
                |path| path == git || path == repo.at("app.txt"),
            )
        };
        repo.stage("app.txt", "broken\n");
        let before = looked();
        repo.then(&link);
        assert_eq!(repo.commit_source("broken\n").code(), 1);
        repo.then("");
        refuses_what_is_broken(&repo);
        before.assert_same(&looked());
        let _ = repo.commit_source(&format!("base\n{}\n", link.len())).ok();
    }
}
