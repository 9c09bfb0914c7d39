//! `install --server` and its `uninstall`: two hooks, pinned keys and a key of its own, and nothing left behind.

use crate::keys::{APPROVAL, EVIDENCE, Key, SIGNERS};
use crate::support::{Output, Repo, Snapshot, assert_same, set_mode, snapshot};

/// Makes an empty bare repository `$TMP/server.git`.
pub(super) fn bare(repo: &Repo) {
    bare_in(repo, &[]);
}

/// Makes it with further arguments of `git init`.
pub(super) fn bare_in(repo: &Repo, form: &[&str]) {
    let start = ["init", "-q", "--bare", "-b", "main", "../server.git"];
    let _ = repo.git(&[&start[..], form].concat()).ok();
}

/// Runs `pdd-hooks` in the server.
pub(super) fn on_server(repo: &Repo, args: &[&str]) -> Output {
    repo.pdd_in(&repo.at("../server.git"), args)
}

/// Makes a server that pins a key.
fn pinned(repo: &Repo) -> Key {
    bare(repo);
    let ann = repo.key("ann");
    let args = ["install", "--server", "--root", &ann.fingerprint];
    let _ = on_server(repo, &args).ok();
    ann
}

/// Returns all values of a configuration key of the server.
fn config(repo: &Repo, key: &str) -> String {
    let args = ["config", "--get-all", key];
    repo.git_in(&repo.at("../server.git"), &args).stdout
}

fn state(repo: &Repo) -> Snapshot {
    snapshot(&[repo.at("../server.git")])
}

/// Returns the line that the install prints for the signers file.
fn line(repo: &Repo) -> String {
    let public = repo.read("../server.git/pdd/server_ed25519.pub");
    let key: Vec<&str> = public.split(' ').take(2).collect();
    format!("server namespaces=\"{EVIDENCE}\" {}", key.join(" "))
}

#[test]
fn a_server_gets_two_hooks_a_pinned_key_and_a_key_of_its_own() {
    use std::os::unix::fs::PermissionsExt as _;
    let repo = Repo::new();
    bare(&repo);
    let ann = repo.key("ann");
    let args = ["install", "--server", "--root", &ann.fingerprint];
    let installed = on_server(&repo, &args).ok();
    let expected = format!(
        "exit: 0
--- stdout
installed 2 hooks in $TMP/server.git/hooks
config: pdd.root = {} (local)
config: pdd.signingKey = $TMP/server.git/pdd/server_ed25519 (local)
key: $TMP/server.git/pdd/server_ed25519 signs the record of each landing; clones verify it by this line of the signers file:
  {}
undo: pdd-hooks uninstall
--- stderr
",
        ann.fingerprint,
        line(&repo)
    );
    assert_eq!(installed.text(), expected);
    let mut hooks: Vec<_> = std::fs::read_dir(repo.at("../server.git/hooks"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".sample"))
        .collect();
    hooks.sort();
    assert_eq!(hooks, ["post-receive", "pre-receive"]);
    let key = std::fs::metadata(repo.at("../server.git/pdd/server_ed25519")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_second_install_changes_nothing() {
    let repo = Repo::new();
    let ann = pinned(&repo);
    let before = state(&repo);
    for args in [
        &["install", "--server"][..],
        &["install", "--server", "--root", &ann.fingerprint],
    ] {
        let again = on_server(&repo, args).ok();
        assert!(
            again.stdout.starts_with("already installed: version "),
            "{}",
            again.stdout
        );
        assert_same(&before, &state(&repo));
    }
}

#[test]
fn a_key_and_a_protected_name_may_be_added_later() {
    let repo = Repo::new();
    let ann = pinned(&repo);
    let bob = repo.key("bob");
    let key = repo.read("../server.git/pdd/server_ed25519");
    let args = [
        "install",
        "--server",
        "--root",
        &bob.fingerprint,
        "--protected",
        "release",
    ];
    let _ = on_server(&repo, &args).ok();
    let both = format!("{}\n{}\n", ann.fingerprint, bob.fingerprint);
    assert_eq!(config(&repo, "pdd.root"), both);
    assert_eq!(config(&repo, "pdd.protected"), "release\n");
    assert_eq!(repo.read("../server.git/pdd/server_ed25519"), key);
}

#[test]
fn a_dry_run_says_what_would_be_done_and_writes_nothing() {
    let repo = Repo::new();
    bare(&repo);
    let ann = repo.key("ann");
    let before = state(&repo);
    let args = [
        "install",
        "--server",
        "--dry-run",
        "--root",
        &ann.fingerprint,
    ];
    let expected = format!(
        "exit: 0
--- stdout
would install 2 hooks in $TMP/server.git/hooks
  pre-receive           install
  post-receive          install
config: pdd.root = {} (local)
config: pdd.signingKey = $TMP/server.git/pdd/server_ed25519 (local)
key: $TMP/server.git/pdd/server_ed25519 is made
nothing was written
--- stderr
",
        ann.fingerprint
    );
    assert_eq!(on_server(&repo, &args).ok().text(), expected);
    assert_same(&before, &state(&repo));
}

#[test]
fn an_uninstall_leaves_the_server_as_it_was() {
    let repo = Repo::new();
    bare(&repo);
    let hook = "../server.git/hooks/post-receive";
    repo.write_program(hook, "#!/bin/sh\nexit 0\n");
    set_mode(&repo.at(hook), 0o750);
    let before = state(&repo);
    let _ = pinned(&repo);
    let gone = on_server(&repo, &["uninstall"]).ok();
    assert_eq!(
        gone.text(),
        "exit: 0\n--- stdout\nuninstalled: $TMP/server.git/hooks is as it was\n--- stderr\n"
    );
    assert_same(&before, &state(&repo));
}

#[test]
fn roots_are_read_from_public_keys_and_from_signers_files() {
    let repo = Repo::new();
    bare(&repo);
    let [ann, bob, agent] = ["ann", "bob", "agent"].map(|name| repo.key(name));
    let signers = ann.line("ann", &[APPROVAL, EVIDENCE]) + &agent.line("agent", &[EVIDENCE]);
    repo.write("signers", signers);
    let (file, public) = (repo.at("signers"), bob.path.with_extension("pub"));
    let args = [
        "install",
        "--server",
        "--root",
        file.to_str().unwrap(),
        "--root",
        public.to_str().unwrap(),
    ];
    let _ = on_server(&repo, &args).ok();
    let both = format!("{}\n{}\n", ann.fingerprint, bob.fingerprint);
    assert_eq!(config(&repo, "pdd.root"), both);
}

#[test]
fn the_keys_that_may_approve_on_the_protected_branch_are_the_roots_of_its_server() {
    let repo = Repo::new();
    let [ann, agent] = ["ann", "agent"].map(|name| repo.key(name));
    let signers = ann.line("ann", &[APPROVAL]) + &agent.line("agent", &[EVIDENCE]);
    repo.write(SIGNERS, signers);
    repo.write(".pdd.toml", "policy = 1\n");
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    bare(&repo);
    let _ = repo.git(&["push", "-q", "../server.git", "main"]).ok();
    let _ = on_server(&repo, &["install", "--server"]).ok();
    assert_eq!(config(&repo, "pdd.root"), format!("{}\n", ann.fingerprint));
}

#[test]
fn a_key_that_the_server_has_already_is_left_in_place() {
    let repo = Repo::new();
    bare(&repo);
    let own = repo.key("own");
    let path = own.path.to_str().unwrap();
    let server = repo.at("../server.git");
    let _ = repo
        .git_in(&server, &["config", "pdd.signingKey", path])
        .ok();
    let args = ["install", "--server", "--root", &own.fingerprint];
    let _ = on_server(&repo, &args).ok();
    assert_eq!(config(&repo, "pdd.signingKey"), format!("{path}\n"));
    assert!(!repo.has("../server.git/pdd/server_ed25519"));
}

#[test]
fn an_empty_server_without_a_pinned_key_is_refused() {
    let repo = Repo::new();
    bare(&repo);
    assert_eq!(
        on_server(&repo, &["install", "--server"]).text(),
        "exit: 2
--- stdout
--- stderr
error: could not install a server: no key is pinned, and no protected branch lists one that may approve
  = help: `pdd-hooks install --server --root <clone>/.pdd/allowed_signers`, or the fingerprint that `ssh-keygen -lf key.pub` prints
"
    );
    assert!(!repo.has("../server.git/pdd"));
}

#[test]
fn what_is_no_key_is_not_pinned() {
    let repo = Repo::new();
    bare(&repo);
    let _ = repo.key("agent");
    repo.write("empty", "# nobody yet\n");
    let mut said = String::new();
    let empty = repo.at("empty");
    let private = repo.at("../keys/agent");
    for root in [
        "SHA256:short",
        empty.to_str().unwrap(),
        private.to_str().unwrap(),
        "missing",
    ] {
        let text = on_server(&repo, &["install", "--server", "--root", root]).text();
        said.push_str(text.split_once("--- stderr\n").unwrap().1);
    }
    assert_eq!(
        said,
        "error: could not understand the fingerprint `SHA256:short`
  = help: `ssh-keygen -lf key.pub` prints it: `SHA256:` and 43 characters
error: could not find a key that may approve in $REPO/empty
  = help: name a file of public keys, or a signers file that lists a key for `approval@pdd-hooks`
error: could not read the keys in $REPO/../keys/agent
  caused by: line 1: neither a key type nor an option that is known: `OPENSSH`; write `<principals> \
  [cert-authority,namespaces=\"…\",valid-after=\"…\",valid-before=\"…\"] <key type> <key>`
  = help: name a file of public keys, or a signers file that lists a key for `approval@pdd-hooks`
error: could not read missing
  caused by: No such file or directory (os error 2)
"
    );
}

#[test]
fn each_side_refuses_the_hooks_of_the_other() {
    let repo = Repo::new();
    let ann = repo.key("ann");
    let serve = ["install", "--server", "--root", &ann.fingerprint];
    assert_eq!(
        repo.pdd(&serve).text(),
        "exit: 2
--- stdout
--- stderr
error: could not install a server: $REPO is a work tree
  = help: run it in the bare repository that is pushed to; `pdd-hooks install` is for clones
"
    );
    bare(&repo);
    assert_eq!(
        on_server(&repo, &["install"]).text(),
        "exit: 2
--- stdout
--- stderr
error: could not install the hooks of a clone: $TMP/server.git is bare
  = help: `pdd-hooks install --server` judges what is pushed to it
"
    );
    let _ = on_server(&repo, &serve).ok();
    assert_eq!(
        on_server(&repo, &["install"]).text(),
        "exit: 2
--- stdout
--- stderr
error: could not install twice: the hooks are already installed for a server, as files in the hooks folder
  = help: run `pdd-hooks uninstall` first
"
    );
    let args = ["install", "--root", &ann.fingerprint];
    assert_eq!(repo.pdd(&args).code(), 2);
}

#[test]
fn hooks_that_were_there_run_first_and_read_the_same_lines() {
    let repo = Repo::new();
    bare(&repo);
    for hook in ["pre-receive", "post-receive"] {
        let script = format!("#!/bin/sh\n{{ echo {hook}; cat; }} >>\"$HOME/log\"\n");
        repo.write_program(&format!("../server.git/hooks/{hook}"), &script);
    }
    let _ = pinned(&repo);
    repo.commit_all("start");
    let tip = repo.ask(&["rev-parse", "HEAD"]);
    let _ = repo.git(&["push", "-q", "../server.git", "main"]).ok();
    let line = format!("{} {tip} refs/heads/main", "0".repeat(40));
    let log = repo.read("../home/log");
    assert_eq!(log, format!("pre-receive\n{line}\npost-receive\n{line}\n"));
}
