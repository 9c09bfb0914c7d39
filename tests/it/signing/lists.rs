//! What the signers file says of a key that made a sound signature: what for, when, and under which name.

use pdd_hooks::evidence::signers::{Namespace, Signers};

use super::interop::sized;
use super::{NOW, signed, verdict};
use crate::keys::{APPROVAL, EVIDENCE};
use crate::support::Repo;

#[test]
fn a_key_that_nobody_lists_counts_for_nothing() {
    let repo = Repo::new();
    let (ann, eve) = (repo.key("ann"), repo.key("eve"));
    let envelope = signed(&eve.path, "hello", Namespace::Evidence);
    let why = verdict(
        &ann.line("ann", &[EVIDENCE]),
        &envelope,
        Namespace::Evidence,
        NOW,
    );
    let words = format!("nobody with the key {} is listed", eve.fingerprint);
    assert_eq!(why, Err(words));
}

#[test]
fn the_key_of_an_agent_cannot_approve() {
    let repo = Repo::new();
    let agent = repo.key("agent");
    let signers = agent.line("agent@example.org", &[EVIDENCE]);
    // What it signed for evidence is no approval.
    let evidence = signed(&agent.path, "hello", Namespace::Evidence);
    assert_eq!(
        verdict(&signers, &evidence, Namespace::Approval, NOW).unwrap_err(),
        "it was signed for `evidence@pdd-hooks`, not for `approval@pdd-hooks`"
    );
    // It may sign one, and is not listed for that.
    let approval = signed(&agent.path, "hello", Namespace::Approval);
    assert_eq!(
        verdict(&signers, &approval, Namespace::Approval, NOW).unwrap_err(),
        format!(
            "agent@example.org is listed with the key {}, but not for `approval@pdd-hooks`",
            agent.fingerprint
        )
    );
    let told = repo.plainly_verified(&signers, "agent@example.org", APPROVAL, &approval);
    assert_ne!(told.code(), 0);
}

#[test]
fn a_key_counts_in_its_time_by_the_time_that_is_asked_and_no_other() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let options = "valid-after=\"20260101Z\",valid-before=\"20260630235959Z\"";
    let signers = format!("ann {options} {}\n", ann.public);
    // Made today, whatever a commit beside it may claim.
    let envelope = signed(&ann.path, "hello", Namespace::Approval);
    let judged = |time| verdict(&signers, &envelope, Namespace::Approval, time);
    let told = |when: &str| Err(format!("the key {} of ann {when}", ann.fingerprint));
    let early = told("is good from 2026-01-01T00:00:00Z");
    let late = told("was good until 2026-06-30T23:59:59Z");
    assert_eq!(judged("2025-12-31T23:59:59Z"), early);
    for good in ["2026-01-01T00:00:00Z", NOW, "2026-06-30T23:59:59.9Z"] {
        assert_eq!(judged(good).unwrap().principal, "ann", "{good}");
    }
    assert_eq!(judged("2026-07-01T00:00:00Z"), late);
}

#[test]
fn of_several_lines_of_a_key_the_first_that_lets_it_counts() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let envelope = signed(&ann.path, "hello", Namespace::Approval);
    let old = format!("old valid-before=\"20200101Z\" {}\n", ann.public);
    let other = ann.line("other", &[EVIDENCE]);
    let (first, second) = (
        ann.line("first", &[APPROVAL]),
        ann.line("second", &[APPROVAL]),
    );
    let judged = |signers: &str| verdict(signers, &envelope, Namespace::Approval, NOW);
    let signers = format!("{old}{other}{first}{second}");
    assert_eq!(judged(&signers).unwrap().principal, "first");
    // Where none does, the time is told: that is the one that passes.
    let late = format!(
        "the key {} of old was good until 2020-01-01T00:00:00Z",
        ann.fingerprint
    );
    assert_eq!(judged(&format!("{old}{other}")), Err(late.clone()));
    assert_eq!(judged(&format!("{other}{old}")), Err(late));
}

#[test]
fn a_line_without_namespaces_counts_for_all_and_a_pattern_for_what_it_fits() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let envelope = signed(&ann.path, "hello", Namespace::Waiver);
    let judged = |options: &str| {
        let signers = format!("ann {options} {}\n", ann.public);
        verdict(&signers, &envelope, Namespace::Waiver, NOW).is_ok()
    };
    assert!(judged(""));
    assert!(judged("namespaces=\"*@pdd-hooks\""));
    assert!(judged("namespaces=\"git,waiver@pdd-hook?\""));
    assert!(!judged("namespaces=\"*@pdd-hooks,!waiver@pdd-hooks\""));
    assert!(!judged("namespaces=\"git\""));
}

#[test]
fn a_weak_key_spoils_the_file_that_lists_it_and_signs_nothing() {
    let repo = Repo::new();
    let weak = sized(&repo, "weak", "rsa", "1024");
    let fault = Signers::parse(&format!("# ours\n{}", weak.line("ann", &[EVIDENCE])));
    let words = "an RSA key of 1024 bits does not count: one of 2048 to 4096 does, an Ed25519 key is shorter";
    assert_eq!(fault.unwrap_err().to_string(), format!("line 2: {words}"));
    let envelope = repo.plainly_signed(&weak, EVIDENCE, "hello", &[]);
    assert_eq!(
        verdict("", &envelope, Namespace::Evidence, NOW).unwrap_err(),
        format!("its signature cannot be read: {words}")
    );
}
