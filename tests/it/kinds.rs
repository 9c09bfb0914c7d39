//! Every kind of change, each judged as its row in the table of kinds says. Nobody approves the landings here: that each of
//! them asks for it is passed over (`but_approval`).

use crate::enrolled::{HONEST, WORK};
use crate::moments::{at_push, at_receive, with_server};
use crate::support::{Output, Repo};

const OTHER: &str = "feat/TASK-001-other";

/// The codes that a program printed, each once.
fn codes(output: &Output) -> Vec<String> {
    let lines = output.stderr.lines();
    let codes = lines.filter_map(|line| line.strip_prefix("error[")?.split(']').next());
    let mut codes: Vec<String> = codes.map(String::from).collect();
    codes.dedup();
    codes
}

#[track_caller]
fn refused(output: &Output, expected: &[&str]) {
    assert_eq!(codes(output), expected, "{}", output.text());
    assert_ne!(output.code(), 0);
}

/// Expects `HEAD` to be of this class, with these findings.
#[track_caller]
fn became(repo: &Repo, class: &str, findings: &[&str]) {
    assert_eq!(repo.class_of("HEAD"), class);
    assert_eq!(repo.codes_of("HEAD"), findings);
}

/// A second work branch with a commit of `path`; `HEAD` goes back to the first, which makes one of its own.
fn forked(path: &str, text: &str) -> Repo {
    let repo = Repo::enrolled();
    let _ = repo.git(&["switch", "-q", "-c", OTHER]).ok();
    repo.stage(path, text);
    let _ = repo.commit(HONEST).ok();
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    repo.step("a.txt");
    repo
}

fn merge(repo: &Repo, branches: &[&str]) -> Output {
    repo.git(&[&["merge", "-q", "--no-edit"], branches].concat())
}

#[test]
fn an_ordinary_change_meets_every_rule() {
    let repo = Repo::enrolled();
    repo.stage("a.txt", "a\n");
    refused(&repo.commit("words"), &["PDD001", "PDD002"]);
    refused(&repo.commit("feat: x [TASK-002]"), &["PDD004", "PDD007"]);
    let _ = repo.commit(HONEST).ok();
    became(&repo, "enforced", &[]);
    let _ = repo
        .git(&["switch", "-q", "--orphan", "feat/TASK-001-root"])
        .ok();
    repo.stage("a.txt", "a\n");
    refused(&repo.commit("words"), &["PDD001", "PDD002"]);
}

#[test]
fn adoption_and_what_stands_before_it_are_free() {
    let repo = Repo::enrolled();
    for (revision, class) in [("main", "adoption"), ("main~1", "pre-adoption")] {
        assert_eq!(repo.class_of(revision), class);
        assert_eq!(repo.codes_of(revision), [""; 0]);
    }
    let repo = Repo::new();
    let _ = repo.pdd(&["install"]).ok();
    repo.write(
        ".pdd.toml",
        "policy = 1\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n",
    );
    repo.commit_all("a root that adopts");
    became(&repo, "adoption", &[]);
}

#[test]
fn an_automatic_merge_is_not_judged_again() {
    let repo = forked("b.txt", "b\n");
    let _ = merge(&repo, &[OTHER]).ok();
    became(&repo, "merge", &[]);
}

#[test]
fn a_merge_with_conflicts_is_judged_where_it_was_settled() {
    let repo = forked("a.txt", "other\n");
    assert_eq!(merge(&repo, &[OTHER]).code(), 1);
    repo.stage("a.txt", "both\n");
    refused(&repo.commit("Merge the other branch"), &["PDD001"]);
    // A merge has no type, and its task may stand in the trailer.
    let _ = repo.commit("Merge the other branch\n\nTask: TASK-001").ok();
    became(&repo, "enforced", &[]);
}

/// Both branches declare: the log conflicts, and the union of the entries settles it.
#[test]
fn a_merge_of_logs_keeps_the_entries_of_both_sides() {
    let repo = Repo::enrolled();
    let log = "context/personalog/TASK-001.md";
    let _ = repo.git(&["switch", "-q", "-c", OTHER]).ok();
    let _ = repo.pdd(&["persona", "PM", "TASK-001", "other plan"]).ok();
    let _ = repo.commit(HONEST).ok();
    let other = repo.read(log);
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    repo.declare("QA");
    let _ = repo.commit(HONEST).ok();
    let own = repo.read(log);
    assert_eq!(merge(&repo, &[OTHER]).code(), 1);
    repo.stage(log, &own);
    let message = "Merge the other branch [TASK-001]";
    refused(&repo.commit(message), &["PDD005"]);
    let start = other.find("## ").unwrap();
    let end = start + other[start + 1..].find("## ").unwrap() + 1;
    let at = own.rfind("## ").unwrap();
    let both = format!("{}{}{}", &own[..at], &other[start..end], &own[at..]);
    repo.stage(log, &both);
    let _ = repo.commit(message).ok();
    became(&repo, "enforced", &[]);
}

/// What is said of a landing, but for the approval that it lacks.
fn but_approval(said: Vec<String>) -> Vec<String> {
    let asks = |line: &String| line.starts_with("PDD010: ");
    assert!(said.iter().any(asks), "{said:?}");
    said.into_iter().filter(|line| !asks(line)).collect()
}

const THIRD: &str = "feat/TASK-001-third";

/// Three work branches, each with a file of its own; `HEAD` is on the first.
fn octopus() -> Repo {
    let repo = forked("b.txt", "b\n");
    let _ = repo.git(&["switch", "-q", "-c", THIRD, "HEAD~1"]).ok();
    repo.step("c.txt");
    let _ = repo.git(&["switch", "-q", WORK]).ok();
    repo
}

#[test]
fn an_octopus_takes_nothing_back_and_leaves_nothing_out() {
    for (tree, parents) in [
        // Those that stand below the first bring nothing.
        ("main^{tree}", ["HEAD", "HEAD~1", "main"]),
        ("HEAD~1^{tree}", ["HEAD", "HEAD~1", OTHER]),
        // What others changed is to be there.
        ("HEAD^{tree}", ["HEAD", OTHER, THIRD]),
    ] {
        let repo = octopus();
        let [one, two, three] = parents;
        let merge = repo.ask(&[
            "commit-tree",
            tree,
            "-p",
            one,
            "-p",
            two,
            "-p",
            three,
            "-m",
            HONEST,
        ]);
        let _ = repo.git(&["reset", "-q", "--hard", &merge]).ok();
        assert_eq!(repo.class_of("HEAD"), "foreign (plumbing)", "{tree}");
    }
    let repo = octopus();
    let _ = merge(&repo, &[OTHER, THIRD, "HEAD~1"]).ok();
    became(&repo, "merge", &[]);
}

#[test]
fn an_octopus_is_judged_where_it_equals_no_parent() {
    let branches = [OTHER, THIRD];
    let repo = octopus();
    let _ = merge(&repo, &branches).ok();
    became(&repo, "merge", &[]);
    assert_eq!(
        repo.ask(&["rev-list", "--no-walk", "--parents", "HEAD"])
            .split(' ')
            .count(),
        4
    );
    let repo = octopus();
    let _ = repo
        .git(&[&["merge", "-q", "--no-commit"][..], &branches].concat())
        .ok();
    repo.stage("b.txt", "of no parent\n");
    refused(&repo.commit("Merge both"), &["PDD001"]);
    let _ = repo.commit("Merge both [TASK-001]").ok();
    became(&repo, "enforced", &[]);
}

#[test]
fn no_merge_lands_on_a_protected_branch() {
    let repo = forked("b.txt", "b\n");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    refused(
        &repo.git(&["merge", "-q", "--no-ff", "--no-edit", WORK]),
        &["PDD010"],
    );
    let _ = repo.git(&["merge", "--abort"]).ok();
    refused(
        &repo.git(&["merge", "-q", "--no-ff", "--no-edit", WORK, OTHER]),
        &["PDD010"],
    );
}

#[test]
fn an_exact_revert_needs_no_form_and_no_declaration() {
    let repo = Repo::enrolled();
    repo.step("a.txt");
    let _ = repo.git(&["revert", "--no-edit", "HEAD"]).ok();
    became(&repo, "replayed (revert)", &[]);
    let _ = repo.git(&["revert", "--no-edit", "HEAD"]).ok();
    became(&repo, "replayed (revert)", &[]);
    let _ = repo.git(&["revert", "--no-commit", "HEAD"]).ok();
    let of = repo.ask(&["rev-parse", "HEAD"]);
    let words = format!("Take it back\n\nThis reverts commit {of}.");
    let _ = repo.git(&["revert", "--quit"]).ok();
    let _ = repo.commit(&words).ok();
    became(&repo, "enforced", &[]);
}

/// Written over a commit that changes documents too, it is told how: they stay as they are.
#[test]
fn a_revert_leaves_the_documents_as_they_are() {
    let repo = Repo::enrolled();
    repo.declare("QA");
    repo.step("a.txt");
    let of = repo.ask(&["rev-parse", "HEAD"]);
    let words = format!("Revert \"{HONEST}\"\n\nThis reverts commit {of}.");
    let _ = repo.git(&["revert", "--no-commit", "HEAD"]).ok();
    let said = repo.commit(&words);
    refused(&said, &["PDD002", "PDD005"]);
    let restore = "`git restore --staged --worktree -- <document>`";
    assert!(said.stderr.contains(restore), "{}", said.text());
    let log = "context/personalog/TASK-001.md";
    let _ = repo
        .git(&[
            "restore",
            "--staged",
            "--worktree",
            "--source=HEAD",
            "--",
            log,
        ])
        .ok();
    let _ = repo.commit(&words).ok();
    became(&repo, "enforced", &[]);
}

#[test]
fn a_replay_is_judged_by_its_message_later() {
    let repo = forked("b.txt", "b\n");
    with_server(&repo);
    let _ = repo.git(&["cherry-pick", OTHER]).ok();
    became(&repo, "replayed (cherry-pick)", &[]);
    assert_eq!(at_push(&repo, &["origin", WORK]), [""; 0]);
    let branch = "feat/TASK-002-picks";
    let _ = repo.git(&["switch", "-q", "-c", branch, "HEAD~1"]).ok();
    let _ = repo.git(&["cherry-pick", "-x", OTHER]).ok();
    became(&repo, "replayed (cherry-pick)", &[]);
    let expected =
        format!("PDD007: a commit for `TASK-001` on `{branch}`, the branch of `TASK-002`");
    assert_eq!(at_push(&repo, &["origin", branch]), [expected]);
}

#[test]
fn an_unfolded_commit_is_made_freely_and_does_not_land() {
    let repo = Repo::enrolled();
    with_server(&repo);
    repo.step("a.txt");
    for word in ["fixup", "squash", "amend"] {
        repo.stage("a.txt", &format!("{word}\n"));
        let _ = repo.commit(&format!("{word}! {HONEST}")).ok();
        became(&repo, "enforced", &[]);
    }
    assert_eq!(
        at_push(&repo, &["origin", WORK]),
        [""; 0],
        "work in progress"
    );
    let received = at_receive(&repo, &["origin", "HEAD:main"]);
    assert_eq!(but_approval(received).len(), 3);
    let check = repo.pdd(&["check", "main..HEAD", "--into", "main"]);
    let unfolded = check.stdout.matches("error[PDD001]").count();
    assert_eq!((check.code(), unfolded), (1, 3), "{}", check.text());
}

#[test]
fn an_unfolded_commit_does_not_land_in_a_merge_either() {
    let repo = Repo::enrolled();
    with_server(&repo);
    let subject = "feat(app): a file [TASK-001]";
    repo.stage("a.txt", "a\n");
    let _ = repo.commit(subject).ok();
    repo.stage("a.txt", "better\n");
    let _ = repo.commit(&format!("fixup! {subject}")).ok();
    let _ = repo.git(&["switch", "-q", "-c", "landing", "main"]).ok();
    let _ = repo
        .git(&["merge", "-q", "--no-ff", "--no-edit", WORK])
        .ok();
    let id = &repo.ask(&["rev-parse", WORK])[..12];
    let expected = format!("PDD001: commit {id} (`fixup! {subject}`) is not folded yet");
    let push = ["origin", "HEAD:main"];
    assert_eq!(but_approval(at_receive(&repo, &push)), [expected.as_str()]);
    assert_eq!(at_push(&repo, &push)[0], expected);
    let folded = repo.git_with(
        &[("GIT_SEQUENCE_EDITOR", "true")],
        &["rebase", "-q", "-i", "--autosquash", "main", WORK],
    );
    let _ = folded.ok();
    let _ = repo.git(&["switch", "-q", "-C", "landing", "main"]).ok();
    let _ = repo
        .git(&["merge", "-q", "--no-ff", "--no-edit", WORK])
        .ok();
    assert_eq!(but_approval(at_receive(&repo, &push)), [""; 0]);
}

#[test]
fn a_record_alone_may_go_straight_to_the_integration_branch() {
    let repo = Repo::enrolled();
    let _ = repo.git(&["switch", "-q", "-c", "dev", "main"]).ok();
    repo.declare("PM");
    repo.stage("context/Tasklist.md", "# Tasks\n");
    let _ = repo.commit("docs(plan): a task [TASK-001]").ok();
    became(&repo, "enforced", &[]);
    repo.stage("context/run.sh", "a program is no record\n");
    refused(&repo.commit("docs(plan): more [TASK-001]"), &["PDD007"]);
}

#[test]
fn a_standing_task_is_for_documents_and_manifests_alone() {
    let repo = Repo::enrolled();
    let _ = repo.git(&["switch", "-q", "-c", "topic"]).ok();
    for path in ["README.md", "Cargo.toml", "context/Devlog.md"] {
        repo.stage(path, "words\n");
        let _ = repo.commit("docs: words [MAINT-1]").ok();
        became(&repo, "enforced", &[]);
    }
    for path in ["src/a.rs", "tests/a.rs", "Makefile", ".pdd.toml"] {
        repo.stage(path, "policy = 2\n");
        refused(&repo.commit("docs: words [MAINT-1]"), &["PDD004"]);
        let _ = repo.git(&["reset", "-q", "--hard"]).ok();
    }
}

/// Merges three commits into a tree that was put together by hand.
fn by_hand(repo: &Repo, parents: [&str; 3], taken: &[(&str, &str)]) -> String {
    for (of, path) in taken {
        let _ = repo.git(&["checkout", "-q", of, "--", path]).ok();
    }
    let tree = repo.ask(&["write-tree"]);
    let [one, two, three] = parents;
    let parents = ["-p", one, "-p", two, "-p", three];
    let args = [
        &["commit-tree", &tree, "-m", "Merge [TASK-001]"][..],
        &parents,
    ];
    let merge = repo.ask(&args.concat());
    let _ = repo.git(&["reset", "-q", "--hard", &merge]).ok();
    repo.class_of("HEAD")
}

#[test]
fn an_octopus_does_not_take_back_what_the_first_parent_changed() {
    let repo = octopus();
    repo.stage("b.txt", "of the first\n");
    let _ = repo.commit(HONEST).ok();
    let taken = [(OTHER, "b.txt"), (THIRD, "c.txt")];
    let class = by_hand(&repo, ["HEAD", OTHER, THIRD], &taken);
    assert_eq!(class, "foreign (plumbing)");
}

#[test]
fn of_two_parents_of_an_octopus_that_stand_above_each_other_the_upper_one_counts() {
    for (from, class) in [(THIRD, "merge"), ("below", "foreign (plumbing)")] {
        let repo = octopus();
        let _ = repo.git(&["switch", "-q", THIRD]).ok();
        let _ = repo.git(&["branch", "below"]).ok();
        repo.stage("c.txt", "mended\n");
        let _ = repo.commit(HONEST).ok();
        let _ = repo.git(&["switch", "-q", WORK]).ok();
        let class_of = by_hand(&repo, ["HEAD", "below", THIRD], &[(from, "c.txt")]);
        assert_eq!(class_of, class, "{from}");
    }
}
