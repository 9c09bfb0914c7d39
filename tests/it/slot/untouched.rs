//! Nothing of the user's is written, whatever a suite does and however the run ends.

use std::path::Path;
use std::process::Stdio;

use pdd_hooks::git::{Oid, Repository};
use pdd_hooks::proof::{Content, Environment, Slot};

use super::{Repo, Scene, part, role, shell};
use crate::whole::Whole;

/// A repository with all that a user may have: a remote, a stash, staged and unstaged changes, ignored build folders.
fn busy() -> (Scene, Oid) {
    let scene = Scene::new();
    let repo = &scene.repo;
    repo.write("a.txt", "one\n");
    repo.write(".gitignore", "target/\nnode_modules/\n.venv/\n");
    repo.commit_all("first");
    let _ = repo.git(&["remote", "add", "origin", "../nowhere"]).ok();
    let _ = repo.git(&["tag", "v1"]).ok();
    repo.write("a.txt", "stashed\n");
    let _ = repo.git(&["stash", "-q"]).ok();
    repo.write("a.txt", "staged\n");
    let _ = repo.git(&["add", "a.txt"]).ok();
    let tree = scene.repository().index_tree().unwrap();
    repo.write("a.txt", "in the work tree\n");
    for path in [
        "target/debug/app",
        "node_modules/x/index.js",
        ".venv/pyvenv.cfg",
        "left.txt",
    ] {
        repo.write(path, "the user's\n");
    }
    repo.write("../home/.gitconfig", "[user]\n\tname = Ann\n");
    (scene, tree)
}

/// What a suite may do with git, in its own folder and in a temporary one.
const SUITE: &str = "set -e
work() {
  git init -q .; git config user.name Test; git config --global init.templateDir ''
  git config --global user.email test@example.org
  echo x > new.txt; git add .; git commit -q -m test; git tag test; git branch other; git checkout -q other
  git log -g --format=%gs >/dev/null; git reset -q --hard HEAD; git update-ref refs/heads/main HEAD; git gc -q; git worktree prune
  git rev-parse --git-dir --show-toplevel
}
cat a.txt
mkdir \"$TMPDIR/own\"; (cd \"$TMPDIR/own\"; work)
work
rm new.txt
echo built > target; rm target; mkdir target node_modules; echo x > target/app; echo x > node_modules/x
env | grep '^GIT_' | sed 's/=.*//' | sort
";

fn said(text: &str) -> String {
    // The two places are random and the machine's own.
    let lines = text
        .lines()
        .map(|line| line.rsplit('/').next().unwrap_or(line));
    lines.collect::<Vec<_>>().join(" ")
}

const SAID: &str = "staged .git own .git tree GIT_ALLOW_PROTOCOL GIT_CEILING_DIRECTORIES GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GIT_TERMINAL_PROMPT";

fn run_suite(slots: &Path, base: Environment, repository: &Repository) -> String {
    let mut slot = Slot::take_in(slots, base, repository, &mut || {}).unwrap();
    let content = Content {
        tree: repository.index_tree().unwrap(),
        parents: &[],
        carry: &[],
    };
    let attempted = slot
        .run(repository, &content, &shell(SUITE), &[], &mut |_| {})
        .unwrap();
    assert_eq!(attempted.fault, None, "{}", attempted.ended.tail);
    said(&attempted.ended.tail)
}

#[test]
fn a_suite_that_uses_git_changes_nothing_of_the_users() {
    const NAME: &str = "slot::untouched::a_suite_that_uses_git_changes_nothing_of_the_users";
    if role().is_some() {
        // The part of a hook: git has exported where its repository is.
        let repository = Repository::open().unwrap();
        let slots = std::env::var_os("PDD_TEST_SLOTS").unwrap();
        assert_eq!(
            run_suite(Path::new(&slots), Environment::base(), &repository),
            SAID
        );
        return;
    }
    let (scene, tree) = busy();
    let home = scene.repo.at("../home");
    let places = [scene.repo.folder().to_owned(), home];
    let before = Whole::of(&places);
    let repository = scene.repository();
    assert_eq!(repository.index_tree().unwrap(), tree);
    assert_eq!(run_suite(&scene.slots(), scene.base(), &repository), SAID);

    let git = scene.repo.at(".git");
    let output = scene.repo.run(
        part(&scene.repo, NAME, "hook")
            .env("GIT_DIR", &git)
            .env("GIT_WORK_TREE", scene.repo.folder())
            .env("GIT_INDEX_FILE", git.join("index"))
            .env("GIT_OBJECT_DIRECTORY", git.join("objects"))
            .env("GIT_PREFIX", "")
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "user.name")
            .env("GIT_CONFIG_VALUE_0", "Hook"),
        b"",
    );
    assert_eq!(output.code(), 0, "{}", output.text());
    assert!(output.stdout.contains("1 passed"), "{}", output.text());

    before.assert_same(&Whole::of(&places));
}

#[test]
fn a_run_killed_at_any_moment_changes_nothing_of_the_users() {
    const NAME: &str = "slot::untouched::a_run_killed_at_any_moment_changes_nothing_of_the_users";
    if role().is_some() {
        let repository = Repository::open().unwrap();
        let slots = std::env::var_os("PDD_TEST_SLOTS").unwrap();
        run_suite(Path::new(&slots), Environment::base(), &repository);
        return;
    }
    let (scene, tree) = busy();
    let repo = &scene.repo;
    for number in 0..200 {
        repo.write(&format!("many/{number}.txt"), format!("{number}\n"));
    }
    let _ = repo.git(&["add", "many"]).ok();
    let larger = scene.repository().index_tree().unwrap();
    let places = [repo.folder().to_owned()];
    let before = Whole::of(&places);
    for step in 0..24 {
        let mut command = part(repo, NAME, "run");
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(4 + 9 * step));
        child.kill().unwrap();
        child.wait().unwrap();
        let next = if step % 2 == 0 { tree } else { larger };
        scene.assert_exact(next, &format!("killed at step {step}"));
    }
    before.assert_same(&Whole::of(&places));
}

#[test]
fn the_environment_names_nothing_of_gits_in_any_version() {
    for git in crate::support::gits() {
        let repo = Repo::init_with(&git, &[]);
        let names = repo.ask(&["rev-parse", "--local-env-vars"]);
        assert!(names.lines().count() > 10, "{names}");
        let all = names.lines().map(|name| (name.into(), "x".into()));
        let scrubbed = Environment::scrubbed(all);
        let left: Vec<_> = names
            .lines()
            .filter(|name| scrubbed.value(name).is_some())
            .collect();
        assert_eq!(left, Vec::<&str>::new());
    }
}
