//! Full disks: a file that may not grow (EFBIG), and a file system without room (ENOSPC).

use pdd_hooks::evidence::ledger::{self, Entry, Event};

use crate::enrolled::HONEST;
use crate::support::{Output, Repo};

/// Fills the ledger up to `left` bytes below `size` with a line.
fn fill(repo: &Repo, size: u64, left: u64) {
    let pdd = repo.pdd_folder();
    let length = || std::fs::metadata(ledger::path(&pdd)).unwrap().len();
    let line = |how: usize| Entry {
        how: Some("x".repeat(how)),
        ..Entry::new(Event::Move)
    };
    let before = length();
    ledger::append(&pdd, line(0)).unwrap();
    let empty = length() - before;
    let how = usize::try_from(size - left - length() - empty).unwrap();
    ledger::append(&pdd, line(how)).unwrap();
    // The sequence number may have grown by a digit.
    assert!(size - left <= length() && length() < size, "{}", length());
}

/// Runs a commit that may write no file beyond this limit, in the units of `ulimit -f`.
fn limited(repo: &Repo, args: &str) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f 128; exec git commit -q {args} -m '{HONEST}'");
    repo.run(repo.command("sh", repo.folder()).args(["-c", &script]), b"")
}

/// That limit in bytes.
fn limit(repo: &Repo) -> u64 {
    let script = "ulimit -f 128; cat /proc/self/limits";
    let output = repo.run(repo.command("sh", repo.folder()).args(["-c", script]), b"");
    let text = output.ok().stdout;
    let line = text
        .lines()
        .find(|line| line.starts_with("Max file size"))
        .unwrap();
    line.split_whitespace().nth(3).unwrap().parse().unwrap()
}

#[test]
fn a_ledger_that_cannot_grow_stays_whole_and_the_commit_is_closed_later() {
    let repo = Repo::enrolled();
    fill(&repo, limit(&repo), 100);
    let before = std::fs::read(ledger::path(&repo.pdd_folder())).unwrap();
    repo.stage("a.txt", "a\n");
    let output = limited(&repo, "").ok();
    let expected = "error: could not add a line to the ledger `$REPO/.git/pdd/ledger.jsonl`\n  \
                    caused by: File too large (os error 27)\n  \
                    = help: make room on the disk, or the file writable; the next commit adds what is missing here\n";
    assert!(output.text().contains(expected), "{}", output.text());
    let after = std::fs::read(ledger::path(&repo.pdd_folder())).unwrap();
    assert!(after == before, "the ledger is not as it was");
    let committed = repo.head();

    repo.stage("b.txt", "b\n");
    let refused = limited(&repo, "");
    assert_eq!(refused.code(), 1, "{}", refused.text());
    assert!(refused.text().contains(expected), "{}", refused.text());
    assert_eq!(repo.head(), committed);

    let _ = repo.commit(HONEST).ok();
    assert_eq!(
        repo.class_of(&committed),
        "enforced (closed by the next attempt)"
    );
    assert_eq!(repo.class_of("HEAD"), "enforced");
    repo.hold_ledger();
}

/// A file system of its own for the folder of local state, full, in a mount namespace: `$1` is that folder, `$2` a copy
/// of what it held, `$3` where the ledger goes at the end.
const FULL: &str = r#"
set -e
mount -t tmpfs -o size=512k tmpfs "$1"
cp -a "$2/." "$1"
ln -sf "$4" "$1/pdd-hooks"
cat /dev/zero > "$1/fill" 2>/dev/null || true
git commit -q -m "$5" && echo 'committed on a full disk' || echo "refused: $?"
rm "$1/fill"
git commit -q -m "$5" && echo 'committed with room'
cp "$1/ledger.jsonl" "$3"
"#;

#[test]
fn a_full_file_system_refuses_the_commit_and_room_lets_it_through() {
    let repo = Repo::enrolled();
    let (pdd, copy, ledger) = (repo.pdd_folder(), repo.at("../copy"), repo.at("../ledger"));
    let _ = repo
        .run(
            repo.command("cp", repo.folder())
                .arg("-a")
                .args([&pdd, &copy]),
            b"",
        )
        .ok();
    let program = copy.join("pdd-hooks").canonicalize().unwrap();
    let moved = repo.at("../program");
    std::fs::rename(&program, &moved).unwrap();
    repo.stage("a.txt", "a\n");
    let mut command = repo.command("unshare", repo.folder());
    command.args(["-rm", "sh", "-c", FULL, "full"]);
    command.args([&pdd, &copy, &ledger, &moved]).arg(HONEST);
    let output = repo.run(&mut command, b"");
    assert!(
        output.code() == 0,
        "a mount namespace is needed (as root, or with user namespaces allowed): {}",
        output.text()
    );
    assert_eq!(
        output.stdout,
        "refused: 1\ncommitted with room\n",
        "{}",
        output.text()
    );
    assert!(
        output.stderr.contains("error: could not keep `"),
        "{}",
        output.text()
    );
    assert!(
        output.stderr.contains("No space left on device"),
        "{}",
        output.text()
    );
    assert!(
        output
            .stderr
            .contains("= help: make room on the disk, or the folder writable, and commit again\n"),
        "{}",
        output.text()
    );
    std::fs::copy(&ledger, pdd.join("ledger.jsonl")).unwrap();
    assert_eq!(repo.class_of("HEAD"), "enforced");
    repo.hold_ledger();
}
