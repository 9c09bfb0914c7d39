//! Commits on branches, and moves of references at each moment. A file of its own: the table of moves is long.

use super::super::sample::{change, merge, message, path, revert, said};
use super::*;
use crate::change::{ChainCommit, PathChange, Status};

const SUBJECT: &str = "fix(search): rank [TASK-007]";

fn on(branch: &str, change: Change) -> Change {
    Change {
        branch: Branch::Named(branch.into()),
        ..change
    }
}

fn with_paths(paths: Vec<PathChange>) -> Change {
    Change { paths, ..change() }
}

fn judged(change: &Change, subject: &str) -> Vec<String> {
    said(&check(change, &message(subject), &Policy::default()))
}

fn id(digit: char) -> CommitId {
    CommitId::new(digit.to_string().repeat(40))
}

fn landing(reference: &str, from: Option<char>, to: Option<char>, moment: Moment) -> Landing {
    Landing {
        reference: reference.into(),
        from: from.map(id),
        to: to.map(id),
        fast_forward: true,
        moment,
        is_pull: false,
        last_recorded: None,
        on_protected_chain: false,
        chain: vec![ChainCommit {
            id: id('b'),
            subject: SUBJECT.into(),
            is_merge: false,
            is_record_only: false,
        }],
    }
}

fn landed(landing: &Landing) -> Vec<String> {
    said(&check_landing(landing, &Policy::default()))
}

const NEW_BRANCH: &str = "`git switch -c fix/TASK-007` takes the change along, nothing is lost";

#[test]
fn a_direct_commit_on_a_protected_branch_is_refused() {
    let want = format!("a direct commit on `main`, which is protected; {NEW_BRANCH}");
    for kind in [
        change(),
        with_paths(vec![path("context/a.md", Class::Record, Status::Added)]),
    ] {
        assert_eq!(judged(&on("main", kind), SUBJECT), [want.as_str()]);
    }
    assert_eq!(
        judged(&on("main", revert("x [TASK-007]")), "odd"),
        [want.replace("fix/", "feat/")]
    );
    assert_eq!(
        judged(&on("main", change()), "odd"),
        [want.replace("fix/TASK-007", "<branch of the task>")]
    );
}

#[test]
fn a_merge_into_a_protected_branch_is_refused_even_an_automatic_one() {
    assert_eq!(
        judged(&on("main", merge(&[])), "Merge x"),
        [
            "a merge into `main` needs the approval of a human, which this version cannot check; land it through the forge, then `git pull`; `git merge --abort` undoes this merge"
        ]
    );
}

#[test]
fn an_integration_branch_takes_merges_and_records() {
    assert_eq!(judged(&on("dev", merge(&["a"])), "Merge x"), [""; 0]);
    let record = path("context/Tasklist.md", Class::Record, Status::Modified);
    let source = path("src/a.rs", Class::Source, Status::Modified);
    assert_eq!(
        judged(&on("dev", with_paths(vec![record.clone()])), SUBJECT),
        [""; 0]
    );
    assert_eq!(
        judged(&on("dev", with_paths(vec![record, source])), SUBJECT),
        [format!(
            "a direct commit of `src/a.rs` on `dev`, which takes merges and workflow documents alone (src/a.rs); {NEW_BRANCH}"
        )]
    );
    assert_eq!(
        judged(&on("dev", with_paths(Vec::new())), SUBJECT),
        [format!(
            "a direct commit on `dev`, which takes merges and workflow documents alone; {NEW_BRANCH}"
        )]
    );
}

#[test]
fn a_work_branch_takes_its_own_task_alone() {
    let branch = "feat/TASK-008-other";
    assert_eq!(judged(&change(), SUBJECT), [""; 0]);
    let want = [format!(
        "a commit for `TASK-007` on `{branch}`, the branch of `TASK-008`; {NEW_BRANCH}"
    )];
    assert_eq!(judged(&on(branch, change()), SUBJECT), want);
    assert_eq!(
        judged(
            &on(branch, revert(SUBJECT)),
            &format!("Revert \"{SUBJECT}\"")
        )
        .len(),
        1
    );
    for subject in [
        "fix: rank",
        "fixup! fix: rank [TASK-007]",
        "fix: [A-1] [A-2]",
    ] {
        assert_eq!(judged(&on(branch, change()), subject), [""; 0], "{subject}");
    }
    assert_eq!(
        judged(&on(branch, merge(&["a"])), "Merge [TASK-007]"),
        [""; 0]
    );
}

#[test]
fn adoption_unknown_names_and_no_branch_pass() {
    let adoption = Change {
        kind: Kind::Adoption,
        ..change()
    };
    assert_eq!(judged(&on("main", adoption), "adopt"), [""; 0]);
    assert_eq!(judged(&on("topic", change()), SUBJECT), [""; 0]);
    for branch in [Branch::Detached, Branch::Unknown] {
        assert_eq!(judged(&Change { branch, ..change() }, SUBJECT), [""; 0]);
    }
}

#[test]
fn a_protected_branch_moves_only_by_a_pull() {
    let mut main = landing("refs/heads/main", Some('a'), Some('b'), Moment::Commit);
    let want = "`main` would move to bbbbbbbbbbbb without approval; until approvals exist it takes only what its remote-tracking branch contains: land through the forge, then `git pull` on `main`";
    assert_eq!(landed(&main), [want]);
    main.moment = Moment::Push;
    assert_eq!(landed(&main), [want]);
    main.chain.clear();
    assert_eq!(landed(&main), [""; 0], "nothing of its own to push");
    main.fast_forward = false;
    assert_eq!(landed(&main), [want], "a rewind has no chain either");
    main.moment = Moment::Commit;
    main.is_pull = true;
    assert_eq!(landed(&main), [""; 0]);
    assert_eq!(
        landed(&landing(
            "refs/heads/main",
            Some('a'),
            Some('a'),
            Moment::Commit
        )),
        [""; 0]
    );
}

#[test]
fn a_server_refuses_a_rewind_though_something_like_a_pull() {
    let mut main = landing("refs/heads/main", Some('a'), Some('b'), Moment::Receive);
    assert_eq!(landed(&main), [""; 0], "approval is not judged yet");
    (main.fast_forward, main.is_pull) = (false, true);
    assert_eq!(
        landed(&main),
        [
            "`main` would move to bbbbbbbbbbbb, which does not descend from it; a protected branch is never rewritten; take a change back with `git revert`"
        ]
    );
    main.moment = Moment::Audit;
    assert_eq!(landed(&main), [""; 0]);
}

#[test]
fn a_protected_branch_is_deleted_locally_alone() {
    for (moment, count) in [
        (Moment::Commit, 0),
        (Moment::Push, 1),
        (Moment::Receive, 1),
        (Moment::Audit, 0),
    ] {
        let main = landing("refs/heads/main", Some('a'), None, moment);
        assert_eq!(landed(&main).len(), count, "{moment:?}");
    }
}

#[test]
fn a_protected_branch_is_created_where_it_stood() {
    let mut main = landing("refs/heads/main", None, Some('b'), Moment::Commit);
    let want = "`main` would be created at bbbbbbbbbbbb, where it has not stood; create it where its remote-tracking branch stands: `git branch main origin/main`";
    assert_eq!(landed(&main), [want]);
    main.moment = Moment::Push;
    assert_eq!(landed(&main), [""; 0], "the first push");
    main.last_recorded = Some(id('a'));
    assert_eq!(landed(&main), [want]);
    main.moment = Moment::Commit;
    main.last_recorded = Some(id('b'));
    assert_eq!(landed(&main), [""; 0]);
    (main.last_recorded, main.is_pull) = (None, true);
    assert_eq!(landed(&main), [""; 0]);
}

#[test]
fn an_integration_branch_is_not_forwarded_onto_work() {
    for moment in [Moment::Commit, Moment::Push, Moment::Receive, Moment::Audit] {
        let mut dev = landing("refs/heads/dev", Some('a'), Some('b'), moment);
        assert_eq!(
            landed(&dev),
            [format!(
                "`dev` takes merges and workflow documents alone, and commit bbbbbbbbbbbb (`{SUBJECT}`) is neither; merge the work branch with `git merge --no-ff`"
            )]
        );
        dev.chain[0].is_merge = true;
        assert_eq!(landed(&dev), [""; 0]);
        (dev.chain[0].is_merge, dev.chain[0].is_record_only) = (false, true);
        assert_eq!(landed(&dev), [""; 0]);
    }
    assert_eq!(
        landed(&landing("refs/heads/dev", Some('a'), None, Moment::Commit)),
        [""; 0]
    );
}

#[test]
fn a_release_tag_stands_on_the_protected_chain_and_stays() {
    let mut tag = landing("refs/tags/v1", None, Some('b'), Moment::Commit);
    assert_eq!(
        landed(&tag),
        [
            "the release tag `v1` would name bbbbbbbbbbbb, which is no first-parent commit of a protected branch; land the commit first, then tag the merge"
        ]
    );
    tag.on_protected_chain = true;
    assert_eq!(landed(&tag), [""; 0]);
    let want = "the release tag `v1` would move from aaaaaaaaaaaa to bbbbbbbbbbbb; a release stays; give the new commit a tag of its own";
    tag.last_recorded = Some(id('a'));
    assert_eq!(landed(&tag), [want]);
    (tag.from, tag.last_recorded) = (Some(id('a')), None);
    assert_eq!(landed(&tag), [want]);
    (tag.from, tag.last_recorded) = (Some(id('b')), Some(id('a')));
    assert_eq!(
        landed(&tag),
        [want],
        "back to where it was recorded is the only way"
    );
}

#[test]
fn a_release_tag_is_deleted_locally_alone() {
    for (moment, count) in [(Moment::Commit, 0), (Moment::Push, 1), (Moment::Receive, 1)] {
        let tag = landing("refs/tags/v1", Some('a'), None, moment);
        assert_eq!(landed(&tag).len(), count, "{moment:?}");
    }
}

#[test]
fn other_references_move_freely() {
    for reference in [
        "refs/heads/feat/TASK-7",
        "refs/heads/topic",
        "refs/tags/nightly",
        "refs/stash",
        "HEAD",
    ] {
        assert_eq!(
            landed(&landing(reference, Some('a'), Some('b'), Moment::Commit)),
            [""; 0]
        );
    }
}
