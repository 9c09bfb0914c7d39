//! What a check sees is the tree and nothing else, whatever the run before has left.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use pdd_hooks::git::Oid;
use pdd_hooks::proof::outcome::Fault;
use pdd_hooks::proof::process::End;

use super::{Repo, Scene, part, role, set_mode, shell};

/// Two trees with all kinds of entries, and everything that can turn into something else between them.
fn two_trees(scene: &Scene) -> [Oid; 2] {
    let repo = &scene.repo;
    repo.write("same.txt", "same\n");
    repo.write("changed.txt", "one\n");
    repo.write("same-size.txt", "1\n");
    repo.write("first/only/file.txt", "first\n");
    repo.write("flip", "a file\n");
    repo.write("flop/inside/file.txt", "in a folder\n");
    repo.write_program("program.sh", "#!/bin/sh\n");
    repo.write("Case.txt", "upper\n");
    repo.write("empty", "");
    std::fs::write(
        repo.at("x")
            .with_file_name(OsStr::from_bytes(b"\xff\xfe name\n")),
        "bytes",
    )
    .unwrap();
    symlink("same.txt", repo.at("link")).unwrap();
    symlink("/nowhere", repo.at("broken")).unwrap();
    let first = scene.commit();
    repo.write("changed.txt", "two and more\n");
    repo.write("same-size.txt", "2\n");
    for path in ["first", "flop", "Case.txt"] {
        let _ = repo.git(&["rm", "-rq", path]).ok();
    }
    std::fs::remove_file(repo.at("flip")).unwrap();
    std::fs::remove_file(repo.at("link")).unwrap();
    repo.write("case.txt", "lower\n");
    repo.write("flip/inside/file.txt", "in a folder\n");
    repo.write("flop", "a file\n");
    repo.write("link/now/a/folder.txt", "f\n");
    set_mode(&repo.at("program.sh"), 0o644);
    let second = scene.commit();
    [first, second]
}

#[test]
fn trees_flipped_to_and_fro_are_exact() {
    let scene = Scene::new();
    let [first, second] = two_trees(&scene);
    for (tree, what) in [first, second, first, second, second].into_iter().zip(1..) {
        scene.assert_exact(tree, &what.to_string());
    }
}

/// What a suite may do, each with what is then said of its own run.
const SPOILING: &[(&str, &str, bool)] = &[
    ("a changed file", "echo more >> changed.txt", true),
    ("a change of the same size", "echo 9 > same-size.txt", true),
    ("a deleted file", "rm same.txt", true),
    ("a changed mode", "chmod -x program.sh", true),
    (
        "a file that nobody may read",
        "chmod 000 same.txt && chmod 644 same.txt",
        false,
    ),
    (
        "a file in place of a folder",
        "rm -r first && echo x > first",
        true,
    ),
    (
        "a folder in place of a file",
        "rm flip && mkdir -p flip/deep && echo x > flip/deep/file",
        true,
    ),
    (
        "a link in place of a folder",
        "rm -r first && ln -s flop first",
        true,
    ),
    ("another link", "ln -sf changed.txt link", true),
    ("an old time stamp", "touch -d 2020-01-01 same.txt", false),
    (
        "new content under an old time stamp",
        "echo 9 > same-size.txt; touch -d 2020-01-01 same-size.txt",
        true,
    ),
    (
        "content put back",
        "cp same.txt x && echo y > same.txt && cat x > same.txt",
        false,
    ),
    (
        "an ignored file",
        "echo '*.o' > .git/info/exclude && echo x > a.o && echo b > flop/b.o",
        false,
    ),
    (
        "left folders",
        "mkdir -p left/over/empty flop/empty && echo x > left/file",
        false,
    ),
    (
        "a closed folder",
        "mkdir -p left/closed && echo x > left/closed/file && chmod 000 left/closed left",
        false,
    ),
    (
        "closed tracked folders",
        "chmod 700 flop && chmod 755 flop/inside && chmod 777 .",
        false,
    ),
    (
        "a nested repository",
        "git init -q nested && cd nested && echo x > file && git add . && git commit -qm x",
        false,
    ),
    (
        "a repository in a tracked folder",
        "git init -q flop/inside && echo x > flop/inside/.git/hooks/x",
        false,
    ),
    (
        "attributes that nobody tracks",
        "echo '*.txt text eol=crlf ident' > .gitattributes && cp .gitattributes flop",
        false,
    ),
    (
        "its own repository's flags",
        "git update-index --skip-worktree same.txt && git update-index --assume-unchanged changed.txt && echo x >> same.txt && echo x >> changed.txt",
        true,
    ),
    (
        "its own repository's attributes",
        "git config filter.f.smudge 'sed s/e/E/' && echo '* filter=f' > .git/info/attributes && rm same.txt && git checkout -q .",
        true,
    ),
    ("its own repository gone", "rm -rf .git", false),
    (
        "its own branch moved",
        "git checkout -q --orphan other && git rm -rqf . && git commit -q --allow-empty -m none",
        true,
    ),
    (
        "another sparse tree",
        "git sparse-checkout set --no-cone /flop",
        true,
    ),
    (
        "the other repository's flags",
        "g() { git --git-dir=../git --work-tree=. \"$@\"; }; g update-index --skip-worktree same.txt && g update-index --assume-unchanged changed.txt && echo x >> same.txt && echo x >> changed.txt",
        true,
    ),
    (
        "the other repository's attributes",
        "git --git-dir=../git config filter.f.smudge 'sed s/e/E/' && mkdir -p ../git/info && echo '* filter=f' > ../git/info/attributes && rm same.txt",
        true,
    ),
    (
        "the other repository's configuration",
        "printf '[core]\\nworktree = /nowhere\\nsparseCheckout = true\\n' >> ../git/config && mkdir -p ../git/info && echo /flop > ../git/info/sparse-checkout",
        false,
    ),
    ("a damaged index", "echo x > ../git/index", true),
    ("an index lock", "echo x > ../git/index.lock", false),
    ("no index", "rm ../git/index; echo x >> same.txt", true),
    ("no repository", "rm -rf ../git", true),
    (
        "a linked repository",
        "mv ../git ../moved && ln -s moved ../git",
        true,
    ),
    ("no work tree", "rm -rf ../tree", true),
];

#[test]
fn whatever_a_run_leaves_the_next_one_sees_the_tree() {
    let scene = Scene::new();
    let [first, second] = two_trees(&scene);
    for (what, script, is_change) in SPOILING {
        let spoilt = scene.sh(first, script);
        assert_eq!(
            spoilt.ended.end,
            End::Exit(0),
            "{what}: {}",
            spoilt.ended.tail
        );
        let said = matches!(spoilt.fault, Some(Fault::TreeChanged { .. }));
        assert_eq!(said, *is_change, "{what}: {:?}", spoilt.fault);
        scene.assert_exact(first, what);
        scene.sh(first, script);
        scene.assert_exact(second, what);
    }
}

#[test]
fn changed_paths_are_named() {
    let scene = Scene::new();
    let [first, _] = two_trees(&scene);
    let attempted = scene.sh(
        first,
        "rm same.txt; echo x > changed.txt; chmod -x program.sh; echo x > new",
    );
    let paths = ["changed.txt", "program.sh", "same.txt"]
        .map(String::from)
        .into();
    assert_eq!(attempted.fault, Some(Fault::TreeChanged { paths }));
}

#[test]
fn changed_files_have_fresh_time_stamps() {
    let scene = Scene::new();
    let [first, second] = two_trees(&scene);
    scene.ask(first, "true");
    let stamp = scene.repo.root().join("stamp");
    std::fs::write(&stamp, "").unwrap();
    let newer = format!(
        "find . -newer '{}' -type f -not -path './.git/*' | sort",
        stamp.display()
    );
    assert_eq!(scene.ask(first, &newer), "");
    let changed = "./case.txt\n./changed.txt\n./flip/inside/file.txt\n./flop\n./link/now/a/folder.txt\n./same-size.txt\n";
    let found = scene.ask(second, &newer);
    let found = found.replace("./program.sh\n", "");
    assert_eq!(found, changed);
    // A file that only got an old time stamp counts as changed too: builds go by it.
    scene.ask(second, "touch -d 2020-01-01 same.txt");
    assert!(scene.ask(second, &newer).contains("./same.txt\n"));
}

#[test]
fn nothing_temporary_outlives_its_run() {
    let scene = Scene::new();
    let [first, _] = two_trees(&scene);
    let one = scene.ask(first, "echo x > \"$TMPDIR/left\" && printf %s \"$TMPDIR\"");
    assert!(!Path::new(&one).exists());
    let other = scene.ask(first, "ls -A \"$TMPDIR\" && printf %s \"$TMPDIR\"");
    assert_ne!(one, other);
    let slot = scene.slot();
    let mut names: Vec<_> = std::fs::read_dir(slot.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["git", "guard", "lock", "logs", "owner.json", "tree"]
    );
}

#[test]
fn the_users_own_filters_and_attributes_never_run() {
    const NAME: &str = "slot::exact::the_users_own_filters_and_attributes_never_run";
    if role().is_some() {
        // The part that runs with the user's home: what it is to test stands in the current folder.
        let repository = pdd_hooks::git::Repository::open().unwrap();
        let tree = repository.index_tree().unwrap();
        let mut slot = pdd_hooks::proof::Slot::take(&repository, &mut || {}).unwrap();
        let content = pdd_hooks::proof::Content {
            tree,
            parents: &[],
            carry: &[],
        };
        let check = shell("cat file.txt; git status --short");
        let attempted = slot
            .run(&repository, &content, &check, &[], &mut |_| {})
            .unwrap();
        assert_eq!(attempted.fault, None);
        assert_eq!(String::from_utf8(attempted.ended.stdout).unwrap(), "text\n");
        return;
    }
    let repo = Repo::new();
    repo.write(".gitattributes", "*.txt filter=lfs\n");
    repo.write("file.txt", "text\n");
    repo.commit_all("first");
    let home = "../home/.config/git";
    repo.write(
        &format!("{home}/attributes"),
        "*.txt filter=mine text eol=crlf\n",
    );
    let filters: String = ["mine", "lfs"]
        .map(|name| format!("[filter \"{name}\"]\n\tsmudge = touch '{0}/ran'; cat\n\tclean = touch '{0}/ran'; cat\n\trequired = true\n", repo.root().display()))
        .concat();
    repo.write(&format!("{home}/config"), &filters);
    repo.write(
        "../home/.gitconfig",
        format!("{filters}[core]\n\tautocrlf = true\n"),
    );
    let output = repo.run(
        part(&repo, NAME, "run").env_remove("GIT_CONFIG_GLOBAL"),
        b"",
    );
    assert_eq!(output.code(), 0, "{}", output.text());
    assert!(output.stdout.contains("1 passed"), "{}", output.text());
    let ran = repo.root().join("ran");
    assert!(!ran.exists());
    // They are there, and run where the user's own git writes the file.
    let mut checkout = repo.command("git", repo.folder());
    checkout.env_remove("GIT_CONFIG_GLOBAL");
    let _ = repo
        .run(checkout.args(["checkout-index", "-f", "file.txt"]), b"")
        .ok();
    assert!(ran.exists());
}
