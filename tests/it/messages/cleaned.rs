//! The ways in which git cleans a message before it commits it.

use super::{TRAILERS, edited, message, scene, was_judged};
use crate::support::{gits, version_of};

/// A message with everything that git may clean away.
const UNTIDY: &str = "\nfeat(app): one step [TASK-001]\n\nWhy.  \n\n\n# note\n; other\n";

/// A way of giving a message.
struct Way {
    name: &'static str,
    /// Written to the message file by the editor above what git put there, or given by `-F` where `args` name it.
    text: &'static str,
    args: &'static [&'static str],
    /// The committed message without the trailers.
    message: &'static str,
}

#[track_caller]
fn hold(gits: &[std::path::PathBuf], ways: &[Way]) {
    let mut wrong = String::new();
    for git in gits {
        let repo = scene(git);
        for way in ways {
            std::fs::write(repo.root().join("text"), way.text).unwrap();
            repo.stage("count.txt", way.name);
            let _ = edited(&repo, "above", way.args).ok();
            let found = (message(&repo), repo.class_of("HEAD"), was_judged(&repo));
            let ending = if way.message.ends_with("\r\n") {
                TRAILERS.replace('\n', "\r\n")
            } else {
                TRAILERS.to_owned()
            };
            let expected = (
                format!("{}{ending}", way.message),
                "enforced".to_owned(),
                true,
            );
            if found != expected {
                wrong.push_str(&format!(
                    "{} with {}:\n  expected {expected:?}\n  found    {found:?}\n",
                    way.name,
                    git.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_message_given_on_the_command_line_is_judged_as_git_cleans_it() {
    const FILE: [&str; 3] = ["commit", "-F", "../text"];
    hold(
        &gits(),
        &[
            Way {
                name: "default",
                text: UNTIDY,
                args: &FILE,
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n# note\n; other\n",
            },
            Way {
                name: "CRLF",
                text: "feat(app): one step [TASK-001]\r\n\r\nWhy.\r\n",
                args: &FILE,
                message: "feat(app): one step [TASK-001]\n\nWhy.\n",
            },
            Way {
                name: "CRLF, verbatim",
                text: "feat(app): one step [TASK-001]\r\n\r\nWhy.\r\n",
                args: &["commit", "-F", "../text", "--cleanup=verbatim"],
                message: "feat(app): one step [TASK-001]\r\n\r\nWhy.\r\n",
            },
            Way {
                name: "verbatim on the command line of git",
                text: UNTIDY,
                args: &["-c", "commit.cleanup=verbatim", "commit", "-F", "../text"],
                message: UNTIDY,
            },
            Way {
                name: "strip, shortened",
                text: UNTIDY,
                args: &["commit", "--clean", "strip", "-F", "../text"],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n; other\n",
            },
            Way {
                name: "the command line wins over the configuration",
                text: UNTIDY,
                args: &[
                    "-c",
                    "commit.cleanup=verbatim",
                    "commit",
                    "-F",
                    "../text",
                    "--cleanup=whitespace",
                ],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n# note\n; other\n",
            },
            Way {
                name: "scissors without an editor cut nothing",
                text: "feat(app): one step [TASK-001]\n\n# ------------------------ >8 ------------------------\nkept\n",
                args: &["commit", "--cleanup=scissors", "-F", "../text"],
                message: "feat(app): one step [TASK-001]\n\n# ------------------------ >8 ------------------------\nkept\n",
            },
            Way {
                name: "scissors are cut with -v even without an editor",
                text: "feat(app): one step [TASK-001]\n\n# ------------------------ >8 ------------------------\ngone\n",
                args: &["commit", "-v", "-F", "../text"],
                message: "feat(app): one step [TASK-001]\n",
            },
            Way {
                name: "an automatic comment character without an editor",
                text: UNTIDY,
                args: &[
                    "-c",
                    "core.commentChar=auto",
                    "commit",
                    "--cleanup=strip",
                    "-F",
                    "../text",
                ],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n# note\n; other\n",
            },
            Way {
                name: "a comment character of one's own",
                text: UNTIDY,
                args: &[
                    "-c",
                    "core.commentChar=;",
                    "commit",
                    "--cleanup=strip",
                    "-F",
                    "../text",
                ],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n# note\n",
            },
        ],
    );
}

#[test]
fn an_edited_message_is_judged_as_git_cleans_it() {
    hold(
        &gits(),
        &[
            Way {
                name: "default",
                text: UNTIDY,
                args: &["commit"],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n; other\n",
            },
            Way {
                name: "a scissors line that is only a comment",
                text: "feat(app): one step [TASK-001]\n\n# ------------------------ >8 ------------------------\nkept\n",
                args: &["commit"],
                message: "feat(app): one step [TASK-001]\n\nkept\n",
            },
            Way {
                name: "CRLF",
                text: "feat(app): one step [TASK-001]\r\n\r\nWhy.\r\n",
                args: &["commit"],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n",
            },
            Way {
                name: "whitespace",
                text: UNTIDY,
                args: &[
                    "-c",
                    "commit.status=false",
                    "commit",
                    "--cleanup=whitespace",
                ],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n# note\n; other\n",
            },
            Way {
                name: "scissors",
                text: UNTIDY,
                args: &["-c", "commit.cleanup=scissors", "commit"],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n# note\n; other\n",
            },
            Way {
                name: "commit.verbose",
                text: UNTIDY,
                args: &["-c", "commit.verbose=true", "commit"],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n; other\n",
            },
            Way {
                name: "-v twice, whitespace",
                text: "feat(app): one step [TASK-001]\n",
                args: &[
                    "-c",
                    "commit.status=false",
                    "commit",
                    "-vv",
                    "--cleanup=strip",
                ],
                message: "feat(app): one step [TASK-001]\n",
            },
            Way {
                name: "comment character",
                text: UNTIDY,
                args: &["-c", "core.commentChar=;", "commit", "-v"],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n# note\n",
            },
            Way {
                name: "automatic comment character",
                text: UNTIDY,
                args: &["-c", "core.commentChar=auto", "commit"],
                message: "feat(app): one step [TASK-001]\n\nWhy.\n\n; other\n",
            },
            Way {
                name: "a trailer of the author's",
                text: "feat(app): one step [TASK-001]\n\nWhy.\n",
                args: &["commit", "-v", "-e", "-m", "Why too."],
                message: "feat(app): one step [TASK-001]\n\nWhy.\nWhy too.\n",
            },
        ],
    );
}

#[test]
fn a_comment_string_is_taken_where_git_knows_it() {
    let (new, old): (Vec<_>, Vec<_>) = gits()
        .into_iter()
        .partition(|git| version_of(git) >= (2, 45));
    assert!(!new.is_empty(), "no git 2.45 or later is here");
    const TEXT: &str = "feat(app): one step [TASK-001]\n\n// note\n# kept\n";
    const STRING: [&str; 5] = [
        "-c",
        "core.commentString=//",
        "commit",
        "--cleanup=strip",
        "-F",
    ];
    hold(
        &new,
        &[
            Way {
                name: "in an editor",
                text: TEXT,
                args: &["-c", "core.commentString=//", "commit", "-v"],
                message: "feat(app): one step [TASK-001]\n\n# kept\n",
            },
            Way {
                name: "as a character of several bytes",
                text: TEXT,
                args: &["-c", "core.commentChar=//", "commit"],
                message: "feat(app): one step [TASK-001]\n\n# kept\n",
            },
            Way {
                name: "the last of both counts",
                text: "feat(app): one step [TASK-001]\n\n// kept\n# note\n",
                args: &[
                    "-c",
                    "core.commentString=//",
                    "-c",
                    "core.commentChar=#",
                    "commit",
                ],
                message: "feat(app): one step [TASK-001]\n\n// kept\n",
            },
        ],
    );
    let args = [&STRING[..], &["../text"]].concat();
    for git in &old {
        let repo = scene(git);
        std::fs::write(repo.root().join("text"), TEXT).unwrap();
        repo.stage("count.txt", "old");
        let _ = repo.git(&args).ok();
        assert_eq!(
            message(&repo),
            format!("feat(app): one step [TASK-001]\n\n// note\n{TRAILERS}")
        );
        assert!(was_judged(&repo));
    }
}
