//! The message that commit-msg judges is the message that git commits, under every way of cleaning it; and what the
//! hooks add to the message file stands where it belongs. Run on every git of the machine.

mod cleaned;

use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::enrolled::HONEST;
use crate::support::{Repo, gits};

/// What commit-msg adds.
const TRAILERS: &str = "\nTask: TASK-001\nPersona: PM\n";
/// An enrolled repository whose kept post-commit hook saves the attempt before it is closed, with two editors:
/// `../above` writes `../text` above what stands in the file, and `../keep` leaves the file; both save what they saw.
fn scene(git: &Path) -> Repo {
    let repo = Repo::init_with(git, &[]);
    let in_root = |name: &str| repo.root().join(name).to_str().unwrap().to_owned();
    repo.write_program(
        ".git/hooks/post-commit",
        &format!(
            "#!/bin/sh\ncp .git/pdd/attempts/main.json {}\n",
            in_root("attempt")
        ),
    );
    repo.write_program(
        "../above",
        &format!(
            "#!/bin/sh\ncp \"$1\" {seen}\ncat {text} {seen} > \"$1\"\n",
            seen = in_root("seen"),
            text = in_root("text")
        ),
    );
    repo.write_program(
        "../keep",
        &format!("#!/bin/sh\ncp \"$1\" {}\n", in_root("seen")),
    );
    repo.enroll()
}

fn edited(repo: &Repo, editor: &str, args: &[&str]) -> crate::support::Output {
    let editor = repo.root().join(editor);
    repo.git_with(&[("GIT_EDITOR", editor.to_str().unwrap())], args)
}

/// The message of `HEAD`, in its bytes.
fn message(repo: &Repo) -> String {
    let object = repo.git(&["cat-file", "commit", "HEAD"]).ok().stdout;
    object.split_once("\n\n").unwrap().1.to_owned()
}

/// Whether the digest that commit-msg kept is that of the committed message.
fn was_judged(repo: &Repo) -> bool {
    let attempt = std::fs::read(repo.root().join("attempt")).unwrap();
    let attempt: serde_json::Value = serde_json::from_slice(&attempt).unwrap();
    let digest: String = Sha256::digest(message(repo))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    attempt["judged"]["message"] == digest.as_str()
}

#[test]
fn an_amend_does_not_double_the_trailers() {
    for git in gits() {
        let repo = scene(&git);
        repo.step("a.txt");
        let once = message(&repo);
        assert_eq!(once, format!("{HONEST}\n{TRAILERS}"));
        let keep = repo.root().join("keep");
        for (editor, args) in [
            ("false", &["commit", "--amend", "--no-edit"][..]),
            (keep.to_str().unwrap(), &["commit", "--amend"]),
            (keep.to_str().unwrap(), &["commit", "--amend", "-v"]),
            // An editor that is a colon is none, but git cleans the message as if there had been one.
            (":", &["commit", "--amend"]),
            (
                keep.to_str().unwrap(),
                &["-c", "core.commentChar=auto", "commit", "--amend"],
            ),
        ] {
            let _ = repo.git_with(&[("GIT_EDITOR", editor)], args).ok();
            assert_eq!(
                (message(&repo), was_judged(&repo)),
                (once.clone(), true),
                "{editor} {args:?}"
            );
            assert_eq!(repo.class_of("HEAD"), "enforced");
        }
        let _ = repo.git(&["commit", "--amend", "--no-edit", "-s"]).ok();
        assert_eq!(
            message(&repo),
            format!("{once}Signed-off-by: Ann Example <ann@example.org>\n")
        );
        assert!(was_judged(&repo));
    }
}

#[test]
fn an_editor_session_shows_what_is_offered_and_commits_none_of_it() {
    let offered = |comment: &str| {
        format!(
            "{comment} task: TASK-001, persona: PM\n{comment} subject: type(scope): description [TASK-001]\n"
        )
    };
    for git in gits() {
        let repo = scene(&git);
        for (comment, args) in [
            ("#", &["commit"][..]),
            ("#", &["commit", "-v"]),
            (";", &["-c", "core.commentChar=;", "commit"]),
            ("#", &["-c", "core.commentChar=auto", "commit"]),
        ] {
            std::fs::write(repo.root().join("text"), HONEST).unwrap();
            repo.stage("count.txt", &format!("{args:?}"));
            let _ = edited(&repo, "above", args).ok();
            let seen = std::fs::read_to_string(repo.root().join("seen")).unwrap();
            let above_the_diff = seen.split(">8").next().unwrap();
            assert!(
                above_the_diff.contains(&offered(comment)),
                "{args:?}: {seen}"
            );
            assert_eq!(message(&repo), format!("{HONEST}\n{TRAILERS}"));
        }
    }
}

#[test]
fn nothing_is_offered_where_git_would_commit_it() {
    for git in gits() {
        let repo = scene(&git);
        std::fs::write(repo.root().join("text"), format!("{HONEST}\n")).unwrap();
        for mode in ["verbatim", "whitespace", "scissors"] {
            repo.stage("count.txt", mode);
            let cleanup = format!("--cleanup={mode}");
            let _ = edited(&repo, "above", &["commit", &cleanup]).ok();
            let seen = std::fs::read_to_string(repo.root().join("seen")).unwrap();
            assert!(!seen.contains("persona"), "{mode}: {seen}");
            assert_eq!(
                (repo.class_of("HEAD").as_str(), was_judged(&repo)),
                ("enforced", true)
            );
        }
    }
}

#[test]
fn an_empty_editor_session_still_aborts() {
    for git in gits() {
        let repo = scene(&git);
        let before = repo.ask(&["rev-parse", "HEAD"]);
        repo.stage("a.txt", "a\n");
        for args in [&["commit"][..], &["commit", "-v"]] {
            let output = edited(&repo, "keep", args);
            assert_eq!(output.code(), 1, "{}", output.text());
            assert_eq!(
                output.stderr, "Aborting commit due to empty commit message.\n",
                "{args:?}"
            );
            assert_eq!(repo.ask(&["rev-parse", "HEAD"]), before);
        }
        let _ = repo.commit(HONEST).ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
    }
}

/// The command that a refusal prints for the kept message.
fn printed(refusal: &str) -> &str {
    refusal
        .lines()
        .find_map(|line| line.strip_prefix("keep the message: "))
        .unwrap_or_else(|| panic!("no way back in: {refusal}"))
}

#[test]
fn a_refused_message_is_kept_and_the_printed_command_commits_it() {
    for git in gits() {
        for (args, command) in [
            (&["commit"][..], "git commit -e -F"),
            (&["commit", "-v"], "git commit --verbose -e -F"),
            (&["commit", "-a"], "git commit --all -e -F"),
            (&["commit", "--amend"], "git commit --amend -e -F"),
            (&["commit", "--", "app.txt"], "git commit -e -F"),
        ] {
            let repo = scene(&git);
            repo.step("before.txt");
            let parent = repo.ask(&["rev-parse", "HEAD~1"]);
            repo.write("app.txt", "changed\n");
            if args.len() == 1 {
                let _ = repo.git(&["add", "app.txt"]).ok();
            } else {
                repo.stage("app.txt", "staged\n");
            }
            std::fs::write(
                repo.root().join("text"),
                "feat(app): a long story without its task\n\nThe whole story.\n",
            )
            .unwrap();
            let refused = edited(&repo, "above", args);
            assert_eq!(refused.code(), 1, "{}", refused.text());
            let line = printed(&refused.stderr).to_owned();
            assert!(line.starts_with(command), "{line}");
            let mend = repo.root().join("mend");
            repo.write_program(
                "../mend",
                "#!/bin/sh\nsed -i 's/without its task/[TASK-001]/' \"$1\"\n",
            );
            let _ = repo
                .run(
                    repo.command("sh", repo.folder())
                        .args(["-c", &line])
                        .env("GIT_EDITOR", mend),
                    b"",
                )
                .ok();
            let start = "feat(app): a long story [TASK-001]\n\nThe whole story.\n";
            assert!(
                message(&repo).starts_with(start),
                "{line}: {}",
                message(&repo)
            );
            assert!(message(&repo).ends_with(TRAILERS), "{}", message(&repo));
            assert_eq!(repo.class_of("HEAD"), "enforced");
            let is_amend = repo.ask(&["rev-parse", "HEAD~1"]) == parent;
            assert_eq!(is_amend, args.contains(&"--amend"), "{line}");
        }
    }
}

#[test]
fn a_refused_merge_keeps_its_message_and_the_printed_command_commits_it() {
    for git in gits() {
        let repo = scene(&git);
        let _ = repo.git(&["switch", "-q", "-c", "other"]).ok();
        repo.step("other.txt");
        let _ = repo.git(&["switch", "-q", "-"]).ok();
        repo.step("ours.txt");
        let _ = repo
            .git(&["merge", "-q", "--no-ff", "--no-commit", "other"])
            .ok();
        repo.stage("own.txt", "own\n");
        let refused = edited(&repo, "keep", &["commit"]);
        assert_eq!(refused.code(), 1, "{}", refused.text());
        repo.write_program("../mend", "#!/bin/sh\nsed -i '1s/$/ [TASK-001]/' \"$1\"\n");
        let mend = repo.root().join("mend");
        let _ = repo
            .run(
                repo.command("sh", repo.folder())
                    .args(["-c", printed(&refused.stderr)])
                    .env("GIT_EDITOR", mend),
                b"",
            )
            .ok();
        assert_eq!(
            repo.ask(&["rev-list", "--parents", "-1", "HEAD"])
                .split(' ')
                .count(),
            3
        );
        assert!(
            message(&repo)
                .starts_with("Merge branch 'other' into feat/TASK-001-steps [TASK-001]\n")
        );
        assert_eq!(repo.class_of("HEAD"), "enforced");
    }
}
