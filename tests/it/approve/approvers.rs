//! `init --approver` and `init --new-approver-key`: the signers file, the policy's number, the key.

use super::{PERSON, Scene};
use crate::keys::SIGNERS;
use crate::support::Repo;

/// What a new signers file begins with.
const HEAD: &str = "# Who may sign what, in the form of allowed_signers (ssh-keygen(1)).\n";

/// A repository without a policy in which git knows an address, and a public key file with this comment.
fn empty(comment: &str) -> (Repo, crate::keys::Key) {
    let repo = Repo::new();
    let _ = repo.git(&["config", "user.email", "bob@example.org"]).ok();
    let key = repo.key("bob");
    repo.write("../bob.pub", format!("{} {comment}\n", key.public));
    (repo, key)
}

#[test]
fn a_new_repository_gets_signers_with_its_policy() {
    let (repo, key) = empty("carol@example.org");
    let output = repo.pdd(&["init", "--approver", "../bob.pub"]).ok();
    assert!(
        output.stdout.contains("wrote .pdd/allowed_signers\n"),
        "{}",
        output.stdout
    );
    assert!(
        output
            .stdout
            .contains("2. git add .pdd.toml .pdd .gitattributes context && git commit"),
        "{}",
        output.stdout
    );
    assert_eq!(
        repo.read(SIGNERS),
        format!("{HEAD}{}", key.line("carol@example.org", &PERSON))
    );
    assert!(repo.has(".pdd.toml"));
}

#[test]
fn a_comment_that_is_no_address_gives_way_to_gits() {
    let (repo, key) = empty("my laptop");
    let _ = repo.pdd(&["init", "--approver", "../bob.pub"]).ok();
    assert_eq!(
        repo.read(SIGNERS),
        format!("{HEAD}{}", key.line("bob@example.org", &PERSON))
    );
    let (repo, _) = empty("");
    let _ = repo.git(&["config", "--unset", "user.email"]).ok();
    assert_eq!(
        repo.pdd(&["init", "--approver", "../bob.pub"]).text(),
        "exit: 2
--- stdout
--- stderr
error: nobody can be named in the signers file: git knows no `user.email`
  = help: git config user.email <address>
"
    );
}

#[test]
fn what_holds_no_public_key_is_refused_and_nothing_written() {
    let (repo, key) = empty("");
    repo.write("../bad.pub", "ssh-ed25519 AAAA bob@example.org\n");
    repo.write("../empty.pub", "\n# nobody\n");
    for (file, what) in [
        (key.path.to_str().unwrap(), "it is a private key"),
        ("../empty.pub", "it is empty"),
    ] {
        let output = repo.pdd(&["init", "--approver", file]);
        let first = output.stderr.lines().next().unwrap().to_owned();
        assert_eq!(
            first,
            format!("error: `{file}` holds no public key: {what}")
        );
    }
    let bad = repo.pdd(&["init", "--approver", "../bad.pub"]);
    assert!(
        bad.stderr
            .starts_with("error: `../bad.pub` holds no public key: the key cannot be read"),
        "{}",
        bad.stderr
    );
    assert!(!repo.has(SIGNERS) && !repo.has(".pdd.toml"));
}

#[test]
fn in_an_adopted_repository_the_number_rises_and_all_else_stays() {
    let scene = Scene::without_signers();
    let repo = &scene.repo;
    let policy = repo.read(".pdd.toml");
    let public = scene.ann.path.with_extension("pub");
    repo.write(
        "../ann.pub",
        format!("{} ann@example.org\n", scene.ann.public),
    );
    let line = scene.ann.line("ann@example.org", &PERSON);
    let init = |args: &[&str]| {
        let mut all = vec!["init", "--approver", "../ann.pub"];
        all.extend_from_slice(args);
        repo.pdd(&all).ok().text()
    };
    assert_eq!(
        init(&["--dry-run"]),
        format!(
            "exit: 0
--- stdout
would write .pdd/allowed_signers
  {line}would write .pdd.toml: policy = 2
--- stderr
"
        )
    );
    assert_eq!(repo.ask(&["status", "--short"]), "");
    assert_eq!(
        init(&[]),
        format!(
            "exit: 0
--- stdout
wrote .pdd/allowed_signers
  {line}wrote .pdd.toml: policy = 2

next:
  1. git add .pdd.toml .pdd/allowed_signers && git commit -m \"chore(pdd): list who approves [TASK-001]\"
  2. pdd-hooks approve HEAD --into main --policy, by somebody whom it lists
  3. git switch main && git merge -
--- stderr
"
        )
    );
    assert_eq!(
        repo.read(".pdd.toml"),
        policy.replace("policy = 1\n", "policy = 2\n")
    );
    assert_eq!(repo.read(SIGNERS), format!("{HEAD}{line}"));
    assert_eq!(
        init(&[]),
        "exit: 0\n--- stdout\nkept .pdd/allowed_signers: every line is there already\n--- stderr\n"
    );
    assert!(public.is_file());
}

#[test]
fn lines_are_added_below_those_that_are_there() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let old = repo.read(SIGNERS);
    let bob = repo.key("bob");
    let line = bob.line("bob@example.org", &["approval@pdd-hooks"]);
    repo.write("../signers", format!("# ours\n{old}{line}"));
    let output = repo.pdd(&["init", "--approver", "../signers"]).ok();
    assert_eq!(repo.read(SIGNERS), format!("{old}{line}"));
    assert!(
        output
            .stdout
            .contains("--policy, by somebody who is listed already\n"),
        "{}",
        output.stdout
    );
    assert!(repo.read(".pdd.toml").starts_with("policy = 2\n"));
}

#[test]
fn a_key_is_made_listed_and_used_and_approves_its_own_beginning() {
    let scene = Scene::without_signers();
    let repo = &scene.repo;
    let _ = repo.git(&["config", "user.email", "ann@example.org"]).ok();
    let dry = repo.pdd(&["init", "--new-approver-key", "--dry-run"]).ok();
    assert_eq!(
        dry.text(),
        "exit: 0
--- stdout
would make $TMP/home/.ssh/pdd_approver_ed25519 for ann@example.org
would write .pdd/allowed_signers
  ann@example.org namespaces=\"approval@pdd-hooks,waiver@pdd-hooks,evidence@pdd-hooks\" ssh-ed25519 <key>
would write .pdd.toml: policy = 2
--- stderr
"
    );
    assert!(!repo.has("../home/.ssh"));
    let output = repo.pdd(&["init", "--new-approver-key"]).ok().text();
    let begin = "exit: 0
--- stdout
made $TMP/home/.ssh/pdd_approver_ed25519; `pdd.approvalKey` of this repository names it
it signs the records of your checks too, for want of another key: `pdd.signingKey` names it as well
note: it has no passphrase, for want of a terminal: any program that runs as you can approve with it; `ssh-keygen -p -f $TMP/home/.ssh/pdd_approver_ed25519` gives it one
wrote .pdd/allowed_signers
  ann@example.org namespaces=\"approval@pdd-hooks,waiver@pdd-hooks,evidence@pdd-hooks\" ssh-ed25519 ";
    assert!(output.starts_with(begin), "{output}");
    let key = repo.root().join("home/.ssh/pdd_approver_ed25519");
    assert_eq!(
        repo.ask(&["config", "--local", "pdd.approvalKey"]),
        key.to_str().unwrap()
    );
    assert_eq!(
        repo.ask(&["config", "--local", "pdd.signingKey"]),
        key.to_str().unwrap()
    );
    repo.commit_all("chore(pdd): list who approves [TASK-001]");
    let said = scene.record(&scene.approved(&["--policy"])).predicate();
    assert_eq!(said["bootstrap"], true);
    let again = repo.pdd(&["init", "--new-approver-key"]);
    assert_eq!(
        again.text(),
        "exit: 2
--- stdout
--- stderr
error: `$TMP/home/.ssh/pdd_approver_ed25519` is there already, and no key is written over
  = help: use it: `pdd-hooks init --approver $TMP/home/.ssh/pdd_approver_ed25519.pub`, `git config pdd.approvalKey $TMP/home/.ssh/pdd_approver_ed25519`, and where no other key signs your records `git config pdd.signingKey $TMP/home/.ssh/pdd_approver_ed25519`
"
    );
}

#[test]
fn at_a_terminal_the_key_gets_the_passphrase_that_is_asked_for() {
    let scene = Scene::without_signers();
    let repo = &scene.repo;
    let _ = repo.git(&["config", "user.email", "ann@example.org"]).ok();
    // What is typed before the question is thrown away, so that a program answers it.
    repo.write_program("../answer", "#!/bin/sh\necho secret words\n");
    let program = crate::support::pdd_hooks().to_str().unwrap().to_owned();
    let script = format!("exec script -qec '{program} init --new-approver-key' /dev/null");
    let mut shell = repo.command("sh", repo.folder());
    shell
        .args(["-c", &script])
        .env("SSH_ASKPASS", repo.root().join("answer"))
        .env("SSH_ASKPASS_REQUIRE", "force");
    let output = repo.run(&mut shell, b"").ok();
    assert!(
        !output.stdout.contains("it has no passphrase"),
        "{}",
        output.stdout
    );
    let key = repo.root().join("home/.ssh/pdd_approver_ed25519");
    let opened = |words: &str| {
        let mut ask = repo.command("ssh-keygen", repo.folder());
        repo.run(ask.args(["-y", "-P", words, "-f"]).arg(&key), b"")
            .code()
    };
    assert_eq!((opened("secret words"), opened("") != 0), (0, true));
}

#[test]
fn the_doctor_says_who_may_approve_and_what_the_key_here_may_do() {
    let doctor = |repo: &Repo| {
        let text = repo.pdd(&["doctor"]).stdout;
        let is_ours = |line: &&str| {
            ["approvers", "approval key", "records"]
                .iter()
                .any(|name| line.contains(&format!(" {name}: ")))
        };
        text.lines()
            .filter(is_ours)
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let scene = Scene::without_signers();
    assert_eq!(
        doctor(&scene.repo),
        "ok      approvers: nobody may approve: `main` holds no `.pdd/allowed_signers`
ok      records: stay unsigned, and count at no landing: there is no SSH key to sign with
"
    );
    let scene = Scene::new();
    scene.repo.sign_with(&scene.ann);
    let key = &scene.ann.fingerprint;
    assert_eq!(
        doctor(&scene.repo),
        format!(
            "ok      approvers: ann@example.org may approve, 1 must
ok      approval key: {key} of ann@example.org, software, listed for approval@pdd-hooks, waiver@pdd-hooks, evidence@pdd-hooks
ok      records: are signed
"
        )
    );
    let eve = scene.repo.key("eve");
    scene.use_key(&eve);
    let lines = doctor(&scene.repo);
    let unlisted = format!(
        "ok      approval key: nobody with the key {} is listed\n",
        eve.fingerprint
    );
    assert!(lines.contains(&unlisted), "{lines}");
}

#[test]
fn records_that_would_not_count_are_a_problem_with_the_command_that_mends_it() {
    let scene = Scene::new();
    let repo = &scene.repo;
    let records = || {
        let text = repo.pdd(&["doctor"]).stdout;
        let lines = text.lines().skip_while(|line| !line.contains(" records: "));
        lines
            .take(2)
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let key = scene.ann.path.to_str().unwrap();
    for name in ["pdd.signingKey", "gpg.format", "user.signingKey"] {
        // Not each of them is set.
        let _ = repo.git(&["config", "--unset-all", name]);
    }
    let _ = repo.git(&["config", "pdd.approvalKey", key]).ok();
    let help = format!(
        "  = help: `git config pdd.signingKey {key}`; what was made before is signed by `pdd-hooks validate <range>`\n"
    );
    assert_eq!(
        records(),
        format!(
            "problem records: stay unsigned, and count at no landing: there is no SSH key to sign with\n{help}"
        )
    );
    let eve = repo.key("eve");
    repo.sign_with(&eve);
    let _ = repo.git(&["config", "pdd.approvalKey", key]).ok();
    assert_eq!(
        records(),
        format!(
            "problem records: are signed, and count at no landing: nobody with the key {} is listed\n{help}",
            eve.fingerprint
        )
    );
    let _ = repo.git(&["config", "pdd.signingKey", key]).ok();
    assert!(records().starts_with("ok      records: are signed\n"));
}
