//! The hook that stood there before: when it runs, what it is given, and what becomes of its exit code.

use super::{Guarded, ONE, TWO, move_of};
use crate::support::set_mode;

#[test]
fn the_earlier_hook_runs_in_every_state_with_the_same_arguments_and_stdin() {
    let guarded = Guarded::new();
    guarded.chain_to(guarded.common.join("pdd").to_str().unwrap());
    guarded.program("reference-transaction", "#!/bin/sh\n", 0);
    for state in ["preparing", "prepared", "committed", "aborted"] {
        assert_eq!(guarded.hook(state, &move_of("refs/heads/work")).code(), 0);
        assert_eq!(
            guarded.recorded("reference-transaction"),
            format!("{state}\n{ONE} {TWO} refs/heads/work\n")
        );
    }
    assert_eq!(guarded.recorded("pdd-hooks"), "");
    assert_eq!(
        guarded.hook("prepared", &move_of("refs/heads/main")).code(),
        0
    );
    assert_eq!(
        guarded.recorded("pdd-hooks"),
        format!("hook reference-transaction prepared\n{ONE} {TWO} refs/heads/main\n")
    );
}

#[test]
fn the_exit_code_of_the_earlier_hook_is_kept_and_ends_the_matter() {
    let guarded = Guarded::new();
    guarded.chain_to(guarded.common.join("pdd").to_str().unwrap());
    guarded.program("reference-transaction", "#!/bin/sh\n", 7);
    assert_eq!(
        guarded.hook("prepared", &move_of("refs/heads/main")).code(),
        7
    );
    assert_eq!(guarded.hook("committed", b"").code(), 7);
    assert_eq!(guarded.recorded("pdd-hooks"), "");
}

#[test]
fn an_earlier_hook_that_a_signal_ends_refuses() {
    let guarded = Guarded::new();
    guarded.chain_to(guarded.common.join("pdd").to_str().unwrap());
    let hook = guarded.common.join("pdd/reference-transaction");
    std::fs::write(&hook, "#!/bin/sh\nkill -TERM $$\n").unwrap();
    set_mode(&hook, 0o755);
    assert_eq!(guarded.hook("committed", b"").code(), 128 + 15);
}

#[test]
fn an_earlier_hook_may_leave_a_long_stdin_unread() {
    let guarded = Guarded::new();
    guarded.chain_to(guarded.common.join("pdd").to_str().unwrap());
    let hook = guarded.common.join("pdd/reference-transaction");
    std::fs::write(&hook, "#!/bin/sh\nexit 0\n").unwrap();
    set_mode(&hook, 0o755);
    let stdin = move_of("refs/heads/work").repeat(20_000);
    assert_eq!(
        guarded.hook("prepared", &stdin).text(),
        "exit: 0\n--- stdout\n--- stderr\n"
    );
}

#[test]
fn an_earlier_script_without_an_interpreter_line_runs_as_git_would_run_it() {
    let guarded = Guarded::new();
    guarded.chain_to(guarded.common.join("pdd").to_str().unwrap());
    guarded.program("reference-transaction", "", 0);
    assert_eq!(
        guarded
            .hook("committed", &move_of("refs/heads/work"))
            .code(),
        0
    );
    assert_eq!(
        guarded.recorded("reference-transaction"),
        format!("committed\n{ONE} {TWO} refs/heads/work\n")
    );
}

#[test]
fn an_earlier_hook_that_cannot_start_refuses() {
    let guarded = Guarded::new();
    guarded.chain_to(".git/pdd");
    guarded.program("reference-transaction", "#!/no/such/interpreter\n", 0);
    assert_eq!(
        guarded.hook("committed", b"").text(),
        "exit: 2\n--- stdout\n--- stderr\n\
         error: could not run `.git/pdd/reference-transaction`, the hook that stood here before \
         (No such file or directory (os error 2))\n  \
         = help: mend that hook, or remove it and run `pdd-hooks install` again\n"
    );
}

#[test]
fn an_earlier_hook_that_git_would_ignore_is_not_run() {
    let guarded = Guarded::new();
    guarded.chain_to(guarded.common.join("pdd").to_str().unwrap());
    guarded.program("reference-transaction", "#!/bin/sh\n", 7);
    set_mode(&guarded.common.join("pdd/reference-transaction"), 0o644);
    assert_eq!(guarded.hook("committed", b"").code(), 0);
    guarded.chain_to("/no/such/folder");
    assert_eq!(guarded.hook("committed", b"").code(), 0);
}

#[test]
fn a_chain_that_leads_back_to_this_program_is_not_followed() {
    let guarded = Guarded::new();
    guarded.chain_to(".git/hooks");
    std::fs::create_dir(guarded.repo.at("../copy")).unwrap();
    let id = guarded.commit("second");
    let _ = guarded
        .repo
        .git(&["update-ref", "refs/heads/work", &id])
        .ok();
    std::os::unix::fs::symlink(
        guarded.common.join("hooks/reference-transaction"),
        guarded.repo.at("../copy/reference-transaction"),
    )
    .unwrap();
    guarded.chain_to("../copy");
    let _ = guarded
        .repo
        .git(&["update-ref", "-d", "refs/heads/work"])
        .ok();
    assert_eq!(
        guarded
            .repo
            .git(&["rev-parse", "-q", "--verify", "work"])
            .code(),
        1
    );
}

#[test]
fn without_a_guard_the_recorded_chain_is_followed() {
    let guarded = Guarded::new();
    std::fs::remove_file(guarded.common.join("pdd/guard")).unwrap();
    std::fs::write(guarded.common.join("pdd/chain"), ".git/pdd\n").unwrap();
    guarded.program("reference-transaction", "#!/bin/sh\n", 0);
    assert_eq!(guarded.hook("aborted", b"").code(), 0);
    assert_eq!(guarded.recorded("reference-transaction"), "aborted\n");
}
