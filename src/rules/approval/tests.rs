//! The approval rule on hand-built landings.

use super::words::landing_words;
use super::*;
use crate::change::{
    Approvals, ApprovedStep, Approver, Moment, OpenStep, SetAside, SignersState, Voucher, WhyNot,
    Witness,
};
use crate::rules::sample::{id, landing, said};

fn ann() -> Approver {
    Approver {
        principal: "ann@example.org".into(),
        key: "SHA256:a".into(),
        is_hardware: false,
        signed_evidence: false,
        record: "1".repeat(64),
    }
}

fn open() -> OpenStep {
    OpenStep {
        from: id('a'),
        head: Some(id('b')),
        to: Some(id('b')),
        required: 1,
        by: Vec::new(),
        set_aside: Vec::new(),
    }
}

fn main(signers: SignersState, open: Option<OpenStep>, steps: Vec<ApprovedStep>) -> Landing {
    let mut main = landing("refs/heads/main", Some('a'), Some('b'), Moment::Push);
    main.approval = ApprovalState::Known(Box::new(Approvals {
        signers,
        steps,
        open,
    }));
    main
}

fn listed() -> SignersState {
    SignersState::Listed(vec!["ann@example.org".into(), "bob@example.org".into()])
}

fn judged(landing: &Landing) -> Vec<String> {
    said(&check(landing, &Policy::default()))
}

fn aside(why: WhyNot) -> Vec<String> {
    let mut step = open();
    step.set_aside = vec![SetAside {
        record: "2".repeat(64),
        principal: Some("ann@example.org".into()),
        why,
    }];
    judged(&main(listed(), Some(step), Vec::new()))
}

#[test]
fn what_is_no_landing_passes() {
    let other = landing("refs/heads/main", Some('a'), Some('b'), Moment::Push);
    assert_eq!(judged(&other), [""; 0]);
}

#[test]
fn a_move_that_nobody_approved_names_who_could() {
    assert_eq!(
        judged(&main(listed(), Some(open()), Vec::new())),
        [
            "`main` may not take bbbbbbbbbbbb: nobody has approved it; `pdd-hooks approve bbbbbbbbbbbb --into main`, by ann@example.org, bob@example.org"
        ]
    );
}

#[test]
fn a_merge_is_named_itself_and_approved_by_what_it_merges() {
    let mut step = open();
    step.to = Some(id('c'));
    assert_eq!(
        judged(&main(listed(), Some(step.clone()), Vec::new())),
        [
            "`main` may not take cccccccccccc: nobody has approved it; `pdd-hooks approve bbbbbbbbbbbb --into main`, which it merges, by ann@example.org, bob@example.org"
        ]
    );
    step.to = None;
    assert_eq!(
        judged(&main(listed(), Some(step), Vec::new())),
        [
            "`main` may not take bbbbbbbbbbbb: nobody has approved it; `pdd-hooks approve bbbbbbbbbbbb --into main`, by ann@example.org, bob@example.org"
        ]
    );
}

#[test]
fn where_nobody_is_listed_it_says_how_to_begin() {
    assert_eq!(
        judged(&main(SignersState::Missing, Some(open()), Vec::new())),
        [
            "`main` may not take bbbbbbbbbbbb: nobody is listed who could approve it; on a work branch: `pdd-hooks init --approver <public key>` or `--new-approver-key`; its landing is approved by that key"
        ]
    );
}

#[test]
fn too_few_are_counted_and_named() {
    let mut step = open();
    (step.required, step.by) = (2, vec![ann()]);
    assert_eq!(
        judged(&main(listed(), Some(step), Vec::new())),
        [
            "`main` may not take bbbbbbbbbbbb: 1 of 2 approvals, by ann@example.org; `pdd-hooks approve bbbbbbbbbbbb --into main`, by ann@example.org, bob@example.org"
        ]
    );
}

#[test]
fn an_approval_that_does_not_count_is_told_why() {
    for (why, words) in [
        (WhyNot::OtherRepository, "it is for another repository"),
        (
            WhyNot::OtherReference("refs/heads/x".into()),
            "it is for `refs/heads/x`",
        ),
        (
            WhyNot::OtherBase(id('c'), None),
            "it was made from another tip, cccccccccccc",
        ),
        (
            WhyNot::OtherHistory,
            "its tree is right, but other commits come along",
        ),
        (
            WhyNot::Expired("it ended at 2026-01-01T00:00:00Z".into()),
            "it ended at 2026-01-01T00:00:00Z",
        ),
        (
            WhyNot::Software,
            "its key stands on no device, and only such count here",
        ),
    ] {
        assert_eq!(
            aside(why),
            [format!(
                "`main` may not take bbbbbbbbbbbb: the approval 222222222222 of ann@example.org does not count: {words}; `pdd-hooks approve bbbbbbbbbbbb --into main`, by ann@example.org, bob@example.org"
            )]
        );
    }
}

#[test]
fn a_rejection_is_told_with_its_reason() {
    assert_eq!(
        aside(WhyNot::IsRejection(Some("breaks the index".into()))),
        [
            "`main` may not take bbbbbbbbbbbb: ann@example.org rejected it (222222222222): breaks the index; `pdd-hooks approve bbbbbbbbbbbb --into main`, by ann@example.org, bob@example.org"
        ]
    );
}

#[test]
fn a_server_begins_with_keys_that_it_was_told_of() {
    let mut first = landing("refs/heads/main", None, Some('b'), Moment::Receive);
    first.approval = ApprovalState::Begun(vec!["SHA256:x".into()]);
    assert_eq!(
        judged(&first),
        [
            "`main` may not begin here with the approver's key SHA256:x, which this server was not told of; on the server, where the key is a person's that you know: `git config --add pdd.root SHA256:x`"
        ]
    );
}

#[test]
fn a_landing_that_passes_says_by_whose_word() {
    let step = ApprovedStep {
        from: id('a'),
        to: id('b'),
        by: vec![Approver {
            signed_evidence: true,
            ..ann()
        }],
        is_replayed: false,
        is_bootstrap: true,
        is_squash: false,
        named: Default::default(),
        waivers: Vec::new(),
        policy: None,
    };
    let mut passed = main(listed(), None, vec![step]);
    passed.vouched = vec![
        Voucher {
            witness: Witness::SelfAttested,
            principal: "dev@example.org".into(),
        },
        Voucher {
            witness: Witness::Runner,
            principal: "ci@example.org".into(),
        },
    ];
    assert_eq!(judged(&passed), [""; 0]);
    assert_eq!(
        landing_words(&passed).unwrap(),
        "main: approved by ann@example.org (software key, which also signed evidence of it) (bootstrap: the first signers); validation self-attested by dev@example.org, by the runner ci@example.org"
    );
}
