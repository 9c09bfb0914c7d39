//! Paths and messages that are not text.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::enrolled::HONEST;
use crate::support::{Repo, gits};

/// `caf<e9>`, a line feed, a tab, a quote and an escape.
const ODD: &[u8] = b"caf\xe9\nline\t\"two\x1b[31m.rs";

#[test]
fn paths_that_are_no_text_are_judged_committed_and_audited() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let odd = repo.folder().join("deep").join(OsStr::from_bytes(ODD));
        std::fs::create_dir(odd.parent().unwrap()).unwrap();
        std::fs::write(&odd, "one\n").unwrap();
        let _ = repo.git(&["add", "-A"]).ok();
        let refused = repo.commit("chore: tidy up [MAINT-1]");
        assert_eq!(refused.code(), 1, "{}", refused.text());
        let raw: Vec<char> = refused
            .stderr
            .chars()
            .filter(|c| c.is_control() && *c != '\n')
            .collect();
        assert_eq!(
            raw,
            [],
            "control characters reach the terminal: {}",
            refused.text()
        );
        assert!(
            !refused.stderr.contains("\nline"),
            "a path breaks a line: {}",
            refused.text()
        );
        let _ = repo.pdd(&["status"]).ok();
        let _ = repo.commit(HONEST).ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
        std::fs::rename(&odd, repo.folder().join(OsStr::from_bytes(ODD))).unwrap();
        let _ = repo.git(&["add", "-A"]).ok();
        let _ = repo.git(&["commit", "-q", "--amend", "-m", HONEST]).ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
        assert_eq!(repo.pdd(&["check", "main..HEAD"]).code(), 0);
    }
}

#[test]
fn a_folder_that_is_no_text_can_be_worked_in() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let folder = repo.folder().join(OsStr::from_bytes(b"caf\xe9"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("a.rs"), "one\n").unwrap();
        let _ = repo.git_in(&folder, &["add", "a.rs"]).ok();
        let _ = repo.git_in(&folder, &["commit", "-q", "-m", HONEST]).ok();
        assert_eq!(repo.class_of("HEAD"), "enforced");
        let _ = repo.pdd_in(&folder, &["status"]).ok();
    }
}

#[test]
fn messages_that_are_no_utf8_are_judged_and_committed_as_git_alone_would() {
    for git in gits() {
        for encoding in ["utf-8", "ISO-8859-1"] {
            let repo = Repo::init_with(&git, &[]).enroll();
            let _ = repo.git(&["config", "i18n.commitEncoding", encoding]).ok();
            repo.write("../message", b"feat(app): caf\xe9 au lait\n\nGr\xfc\xdfe\n");
            repo.stage("a.txt", "a\n");
            let refused = repo.git(&["commit", "-q", "-F", "../message"]);
            assert!(
                refused.stderr.starts_with("error[PDD001]"),
                "{}",
                refused.text()
            );
            repo.write(
                "../message",
                b"feat(app): caf\xe9 au lait [TASK-001]\n\nGr\xfc\xdfe\n",
            );
            let committed = repo.git(&["commit", "-q", "-F", "../message"]).ok();
            assert!(
                !committed.stderr.contains("bypassed"),
                "{}",
                committed.text()
            );
            let object = std::process::Command::new(git.join("git"))
                .args(["cat-file", "commit", "HEAD"])
                .current_dir(repo.folder())
                .output()
                .unwrap()
                .stdout;
            let expected: &[u8] = match encoding {
                // Git takes bytes that are no UTF-8 for Latin-1 where UTF-8 is wanted, after commit-msg.
                "utf-8" => "feat(app): café au lait [TASK-001]\n\nGrüße\n".as_bytes(),
                _ => b"feat(app): caf\xe9 au lait [TASK-001]\n\nGr\xfc\xdfe\n",
            };
            let expected = [b"\n\n", expected, b"\nTask: TASK-001\nPersona: PM\n"].concat();
            assert!(
                object.ends_with(&expected),
                "{}",
                String::from_utf8_lossy(&object)
            );
            assert_eq!(repo.class_of("HEAD"), "enforced");
            let _ = repo.git(&["commit", "-q", "--amend", "--no-edit"]).ok();
            assert_eq!(repo.class_of("HEAD"), "enforced");
            assert_eq!(
                repo.ask(&["log", "-1", "--format=%(trailers:key=Task)"]),
                "Task: TASK-001"
            );
            assert_eq!(repo.pdd(&["audit"]).code(), 0);
        }
    }
}
