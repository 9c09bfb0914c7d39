//! `validation.carry`: copies, never links, and never older than what they copy.

use std::os::unix::fs::{MetadataExt as _, symlink};

use pdd_hooks::git::Oid;
use pdd_hooks::proof::outcome::Fault;
use pdd_hooks::proof::process::End;
use pdd_hooks::proof::slot::carry::fingerprint;

use super::{Scene, set_mode};

fn scene(carry: &[&str]) -> (Scene, Oid) {
    let mut scene = Scene::new();
    scene.repo.write("src/app.txt", "tracked\n");
    scene.repo.write(".gitignore", "env/\nsrc/made.txt\n");
    let tree = scene.commit();
    scene.repo.write("env/bin/tool", "#!/bin/sh\necho tool\n");
    set_mode(&scene.repo.at("env/bin/tool"), 0o755);
    scene.repo.write("env/deep/er/data.txt", "data\n");
    scene.repo.write("src/made.txt", "made\n");
    scene.carry = carry.iter().map(ToString::to_string).collect();
    (scene, tree)
}

#[test]
fn files_and_folders_are_copied_with_modes_and_time_stamps() {
    let (scene, tree) = scene(&["env/", "src/made.txt"]);
    let data = scene.repo.at("env/deep/er/data.txt");
    let script = "env/bin/tool && cat env/deep/er/data.txt src/made.txt src/app.txt && stat -c %Y.%y env/deep/er/data.txt | cut -d. -f1,3";
    let facts = std::fs::metadata(&data).unwrap();
    let stamp = format!("{}.{:09}", facts.mtime(), facts.mtime_nsec());
    let said = scene.ask(tree, script);
    let (before, last) = said.trim_end().rsplit_once('\n').unwrap();
    assert_eq!(before, "tool\ndata\nmade\ntracked");
    assert!(last.starts_with(&stamp), "{last} {stamp}");
    let inode = |path: &str| scene.ask(tree, &format!("stat -c %i {path}"));
    assert_ne!(
        inode("env/deep/er/data.txt").trim(),
        facts.ino().to_string()
    );
    // What is unchanged is not copied again.
    assert_eq!(inode("env/deep/er/data.txt"), inode("env/deep/er/data.txt"));
}

#[test]
fn a_changed_source_and_a_touched_copy_are_copied_again() {
    let (scene, tree) = scene(&["env"]);
    let read = "cat env/deep/er/data.txt; ls env";
    assert_eq!(scene.ask(tree, read), "data\nbin\ndeep\n");
    scene.ask(tree, "echo evil > env/deep/er/data.txt; echo x > env/more");
    assert_eq!(scene.ask(tree, read), "data\nbin\ndeep\n");
    scene.ask(tree, "cp -p env/deep/er/data.txt x; echo evil > env/deep/er/data.txt; touch -r x env/deep/er/data.txt");
    assert_eq!(scene.ask(tree, read), "data\nbin\ndeep\n");
    scene.repo.write("env/deep/er/data.txt", "new\n");
    assert_eq!(scene.ask(tree, read), "new\nbin\ndeep\n");
    assert_eq!(scene.repo.read("env/deep/er/data.txt"), "new\n");
    let folder = scene.repo.at("env");
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "a file now\n").unwrap();
    assert_eq!(scene.ask(tree, "cat env"), "a file now\n");
}

#[test]
fn what_is_no_longer_carried_is_gone() {
    let (mut scene, tree) = scene(&["env"]);
    scene.ask(tree, "test -e env");
    scene.carry.clear();
    scene.ask(tree, "test ! -e env");
}

#[test]
fn links_lead_to_the_slot_and_never_into_the_users_work_tree() {
    let (scene, tree) = scene(&["env"]);
    let top = scene.repo.folder().to_owned();
    let links = scene.repo.at("env/links");
    std::fs::create_dir(&links).unwrap();
    symlink(top.join("src/app.txt"), links.join("absolute")).unwrap();
    symlink("../../src/app.txt", links.join("relative")).unwrap();
    symlink("/usr", links.join("elsewhere")).unwrap();
    symlink("../../../home", links.join("outside")).unwrap();
    symlink("nowhere", links.join("broken")).unwrap();
    let slot = scene.slot().folder().join("tree");
    let said = scene.ask(
        tree,
        "cd env/links; for l in *; do echo \"$l $(readlink $l)\"; done; cat absolute relative",
    );
    let expected = format!(
        "absolute {}/src/app.txt\nbroken nowhere\nelsewhere /usr\noutside {}\nrelative ../../src/app.txt\ntracked\ntracked\n",
        slot.display(),
        scene.repo.root().join("home").display()
    );
    assert_eq!(said, expected);
}

#[test]
fn what_cannot_be_carried_is_a_fault() {
    let cases = [
        ("none", "it is not there"),
        ("../home", "it is no path below the work tree"),
        ("/etc/passwd", "it is no path below the work tree"),
        (".git/config", "it is no path below the work tree"),
        ("src", "`src/app.txt` is tracked"),
        ("src/app.txt", "`src/app.txt` is tracked"),
        ("src/app.txt/x", "`src/app.txt` is tracked"),
    ];
    for (path, reason) in cases {
        let (scene, tree) = scene(&["env", path]);
        let attempted = scene.sh(tree, "exit 0");
        let expected = Fault::Carry {
            path: path.into(),
            reason: reason.into(),
        };
        assert_eq!(attempted.fault, Some(expected), "{path}");
        let end = End::CannotStart("the check was not started".into());
        assert_eq!(attempted.ended.end, end);
    }
}

#[test]
fn nothing_is_copied_through_a_tracked_link() {
    let (mut scene, _) = scene(&["env"]);
    symlink("../home", scene.repo.at("out")).unwrap();
    let tree = scene.commit();
    scene.repo.write("../home/file", "the user's\n");
    scene.carry = vec!["out/file".into()];
    let expected = Fault::Carry {
        path: "out/file".into(),
        reason: "`out` is tracked".into(),
    };
    assert_eq!(scene.sh(tree, "exit 0").fault, Some(expected));
    assert_eq!(scene.repo.read("../home/file"), "the user's\n");
}

#[test]
fn the_carried_part_of_the_users_tools_is_used_from_the_copy() {
    let (mut scene, tree) = scene(&["env"]);
    let top = scene.repo.folder().display().to_string();
    let path = format!("{top}/env/bin:{top}/other/bin:/usr/bin:/bin");
    scene.env = vec![
        ("PATH".into(), path),
        ("VIRTUAL_ENV".into(), format!("{top}/env")),
    ];
    let slot = scene.slot().folder().join("tree").display().to_string();
    let said = scene.ask(tree, "echo $PATH; echo $VIRTUAL_ENV; tool; command -v tool");
    assert_eq!(
        said,
        format!(
            "{slot}/env/bin:{top}/other/bin:/usr/bin:/bin\n{slot}/env\ntool\n{slot}/env/bin/tool\n"
        )
    );
}

#[test]
fn a_fingerprint_tells_every_change_of_what_is_carried() {
    let (scene, _) = scene(&[]);
    let carry = ["env".to_owned(), "none".to_owned()];
    let print = || fingerprint(scene.repo.folder(), &carry);
    let mut seen = vec![print()];
    assert_eq!(seen[0].len(), 64);
    assert_eq!(print(), seen[0]);
    scene.repo.write("env/new", "");
    seen.push(print());
    scene.repo.write("env/new", "content");
    seen.push(print());
    set_mode(&scene.repo.at("env/new"), 0o600);
    seen.push(print());
    symlink("new", scene.repo.at("env/link")).unwrap();
    seen.push(print());
    scene.repo.write("none", "");
    seen.push(print());
    scene.repo.write("unrelated", "");
    assert_eq!(print(), seen[5]);
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count);
}
