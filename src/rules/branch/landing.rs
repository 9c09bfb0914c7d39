//! Moves of guarded references: protected and integration branches, release tags.

use super::RULE;
use crate::change::{Landing, Moment, Role};
use crate::finding::Finding;
use crate::id::CommitId;
use crate::policy::Policy;

/// Judges one move of a reference.
pub(super) fn check(landing: &Landing, policy: &Policy) -> Vec<Finding> {
    if let Some(tag) = landing.reference.strip_prefix("refs/tags/") {
        let is_release = policy.is_release_tag(tag);
        return is_release
            .then(|| release_tag(tag, landing))
            .flatten()
            .into_iter()
            .collect();
    }
    let Some(branch) = landing.reference.strip_prefix("refs/heads/") else {
        return Vec::new();
    };
    let role = policy.role(branch, &[]);
    if let Some(other) = &landing.replaced_by
        && matches!(role, Role::Protected | Role::Integration)
    {
        return vec![replaced(branch, other)];
    }
    match role {
        Role::Protected => protected(branch, landing).into_iter().collect(),
        Role::Integration => integration(branch, landing),
        Role::Work(_) | Role::Other => Vec::new(),
    }
}

/// Says whether others will see the move: what one may do to an own copy, a server refuses.
fn is_shared(moment: Moment) -> bool {
    matches!(moment, Moment::Push | Moment::Receive)
}

fn protected(branch: &str, landing: &Landing) -> Option<Finding> {
    let Some(to) = &landing.to else {
        return is_shared(landing.moment).then(|| deleted(branch));
    };
    if landing.moment == Moment::Audit {
        return None;
    }
    let passes = match &landing.from {
        None if landing.last_recorded.is_none() => landing.is_pull || is_shared(landing.moment),
        None => landing.is_pull || landing.last_recorded.as_ref() == Some(to),
        Some(from) if from == to => true,
        Some(_) if is_shared(landing.moment) => landing.fast_forward,
        // Forward it goes by approval (PDD010).
        Some(_) => landing.is_pull || landing.fast_forward,
    };
    if passes {
        return None;
    }
    Some(match &landing.from {
        None => created(branch, to),
        Some(_) => rewound(branch, to),
    })
}

fn deleted(branch: &str) -> Finding {
    RULE.finding(format!("`{branch}` would be deleted, which is protected"))
        .help("a protected branch stays; take it out of `branch.protected` first")
}

fn replaced(branch: &str, other: &str) -> Finding {
    let other = other.strip_prefix("refs/heads/").unwrap_or(other);
    RULE.finding(format!("`{branch}` would be replaced by `{other}`"))
        .help(format!(
            "`{branch}` stands by itself and takes what others hold by a landing"
        ))
}

fn created(branch: &str, to: &CommitId) -> Finding {
    RULE.finding(format!(
        "`{branch}` would be created at {}, where it has not stood",
        to.short()
    ))
    .help(format!(
        "create it where its remote-tracking branch stands: `git branch {branch} origin/{branch}`"
    ))
}

fn rewound(branch: &str, to: &CommitId) -> Finding {
    RULE.finding(format!(
        "`{branch}` would move to {}, which does not descend from it",
        to.short()
    ))
    .help("a protected branch is never rewritten; take a change back with `git revert`")
}

fn integration(branch: &str, landing: &Landing) -> Vec<Finding> {
    if landing.to.is_none() {
        return Vec::new();
    }
    landing
        .chain
        .iter()
        .filter(|commit| !commit.is_merge && !commit.is_record_only)
        .map(|commit| {
            RULE.finding(format!(
                "`{branch}` takes merges and workflow documents alone, and commit {} (`{}`) is neither",
                commit.id.short(),
                commit.subject
            ))
            .help("merge the work branch with `git merge --no-ff`")
        })
        .collect()
}

fn release_tag(tag: &str, landing: &Landing) -> Option<Finding> {
    let Some(to) = &landing.to else {
        return is_shared(landing.moment).then(|| tag_deleted(tag));
    };
    let mut before = [&landing.from, &landing.last_recorded]
        .into_iter()
        .flatten();
    if let Some(other) = before.find(|&before| before != to) {
        return Some(tag_moved(tag, other, to));
    }
    let is_new = landing.from.is_none() && landing.last_recorded.is_none();
    (is_new && !landing.on_protected_chain).then(|| tag_elsewhere(tag, to))
}

fn tag_deleted(tag: &str) -> Finding {
    RULE.finding(format!("the release tag `{tag}` would be deleted"))
        .help("a release stays; publish a new one")
}

fn tag_moved(tag: &str, from: &CommitId, to: &CommitId) -> Finding {
    RULE.finding(format!(
        "the release tag `{tag}` would move from {} to {}",
        from.short(),
        to.short()
    ))
    .help("a release stays; give the new commit a tag of its own")
}

fn tag_elsewhere(tag: &str, to: &CommitId) -> Finding {
    RULE.finding(format!(
        "the release tag `{tag}` would name {}, which is no first-parent commit of a protected branch",
        to.short()
    ))
    .help("land the commit first, then tag the merge")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample::{id, landing, said};

    fn landed(landing: &Landing) -> Vec<String> {
        said(&check(landing, &Policy::default()))
    }

    #[test]
    fn a_protected_branch_moves_forward_or_by_a_pull() {
        let mut main = landing("refs/heads/main", Some('a'), Some('b'), Moment::Commit);
        assert_eq!(
            landed(&main),
            [""; 0],
            "whether it is approved, PDD010 says"
        );
        main.moment = Moment::Push;
        assert_eq!(landed(&main), [""; 0]);
        main.fast_forward = false;
        let want = "`main` would move to bbbbbbbbbbbb, which does not descend from it; a protected branch is never rewritten; take a change back with `git revert`";
        for moment in [Moment::Commit, Moment::Push, Moment::Receive] {
            main.moment = moment;
            assert_eq!(landed(&main), [want]);
        }
        (main.moment, main.is_pull) = (Moment::Commit, true);
        assert_eq!(landed(&main), [""; 0]);
    }

    #[test]
    fn a_guarded_branch_is_not_replaced_by_another() {
        for (name, count) in [("main", 1), ("dev", 1), ("topic", 0)] {
            let reference = format!("refs/heads/{name}");
            let mut branch = landing(&reference, Some('a'), Some('a'), Moment::Commit);
            branch.replaced_by = Some("refs/heads/evil".into());
            assert_eq!(landed(&branch).len(), count, "{name}");
        }
    }

    #[test]
    fn a_server_refuses_a_rewind_though_something_like_a_pull() {
        let mut main = landing("refs/heads/main", Some('a'), Some('b'), Moment::Receive);
        assert_eq!(landed(&main), [""; 0]);
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
                [
                    "`dev` takes merges and workflow documents alone, and commit bbbbbbbbbbbb (`feat: rank [TASK-007]`) is neither; merge the work branch with `git merge --no-ff`"
                ]
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
}
