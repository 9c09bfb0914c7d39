//! What a check starts ends with it, however it ends and wherever it has hidden.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use pdd_hooks::git::Repository;
use pdd_hooks::proof::process::End;
use pdd_hooks::proof::{Content, Error, Found, Slot};

use super::{Scene, check, part, role, shell};

/// Waits until a file is there and has a line.
fn line_of(file: &Path) -> String {
    let begin = Instant::now();
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if text.ends_with('\n') {
            return text.trim().to_owned();
        }
        assert!(
            begin.elapsed() < Duration::from_secs(20),
            "{}",
            file.display()
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn is_running(pid: &str) -> bool {
    // A zombie has no command line.
    std::fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|text| !text.is_empty())
}

fn scene() -> (Scene, pdd_hooks::git::Oid) {
    let scene = Scene::new();
    scene.repo.write("a.txt", "a\n");
    let tree = scene.commit();
    (scene, tree)
}

/// A script that starts processes of all kinds and writes their ids: children of the group, of a session of its own, and
/// one that ignores a polite end.
const HIDING: &str = "out=$1
note() { echo $$ > \"$out/$1.new\"; mv \"$out/$1.new\" \"$out/$1\"; }
sh -c 'echo $$ > \"$0/child\"; sleep 1000' \"$out\" &
setsid sh -c 'echo $$ > \"$0/session\"; sleep 1000; :' \"$out\" &
setsid setsid sh -c 'trap \"\" TERM HUP; echo $$ > \"$0/deaf\"; while :; do sleep 1; done' \"$out\" &
setsid sh -c 'exec >/dev/null 2>&1 </dev/null; echo $$ > \"$0/silent\"; sleep 1000; :' \"$out\" &
while ! [ -s \"$out/child\" ] || ! [ -s \"$out/session\" ] || ! [ -s \"$out/deaf\" ] || ! [ -s \"$out/silent\" ]; do sleep 0.01; done
echo started
";

const HIDERS: [&str; 4] = ["child", "session", "deaf", "silent"];

fn hiding(scene: &Scene, rest: &str) -> (pdd_hooks::policy::CheckBlock, std::path::PathBuf) {
    let out = scene.repo.at("../pids");
    std::fs::create_dir_all(&out).unwrap();
    let mut check = shell(&format!("{HIDING}{rest}"));
    check.run.extend(["sh".into(), out.display().to_string()]);
    (check, out)
}

fn assert_all_ended(out: &Path) {
    for name in HIDERS {
        let pid = line_of(&out.join(name));
        assert!(!is_running(&pid), "{name} runs on as {pid}");
    }
}

#[test]
fn what_a_check_leaves_running_is_ended() {
    let (scene, tree) = scene();
    let (check, out) = hiding(&scene, "exit 3\n");
    let begin = Instant::now();
    let attempted = scene.run(tree, &check);
    assert_eq!(attempted.ended.end, End::Exit(3));
    assert_eq!(attempted.ended.tail, "started\n");
    assert_all_ended(&out);
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_check_beyond_its_limit_is_ended_with_all_it_started() {
    let (scene, tree) = scene();
    let (mut check, out) = hiding(&scene, "sleep 1000\n");
    check.timeout = "1s".into();
    let attempted = scene.run(tree, &check);
    assert_eq!(attempted.ended.end, End::TimedOut);
    assert_eq!(attempted.ended.stdout, b"started\n");
    assert!(attempted.ended.elapsed > Duration::from_secs(1));
    assert!(
        attempted.ended.elapsed < Duration::from_secs(8),
        "{:?}",
        attempted.ended.elapsed
    );
    assert_all_ended(&out);
}

#[test]
fn a_check_that_ends_politely_gets_the_time_to() {
    let (scene, tree) = scene();
    let mut check = shell("trap 'echo bye; exit 0' TERM; echo begin; while :; do :; done");
    check.timeout = "1s".into();
    let attempted = scene.run(tree, &check);
    assert_eq!(attempted.ended.end, End::TimedOut);
    assert_eq!(attempted.ended.tail, "begin\nbye\n");
}

#[test]
fn a_hidden_process_that_holds_the_output_does_not_hold_the_run() {
    let (scene, tree) = scene();
    let attempted = scene.sh(tree, "setsid env -i sh -c 'echo $$ > ../../../hidden; sleep 8' & while ! [ -s ../../../hidden ]; do sleep 0.01; done; echo done");
    assert_eq!(attempted.ended.end, End::Exit(0));
    assert_eq!(attempted.ended.tail, "done\n");
    assert!(
        attempted.ended.elapsed < Duration::from_secs(6),
        "{:?}",
        attempted.ended.elapsed
    );
}

#[test]
fn an_end_is_told_as_it_was() {
    let (scene, tree) = scene();
    assert_eq!(scene.sh(tree, "exit 7").ended.end, End::Exit(7));
    assert_eq!(scene.sh(tree, "kill -9 $$").ended.end, End::Signal(9));
    let end = |run: &str| scene.run(tree, &check(&format!("run = {run}\n"))).ended.end;
    assert_eq!(end("['no-such-program-here']"), End::NotFound);
    assert_eq!(end("['./no-such-file']"), End::NotFound);
    assert_eq!(
        end("['./a.txt']"),
        End::CannotStart("Permission denied (os error 13)".into())
    );
    scene
        .repo
        .write_program("interpreted", "#!/no/such/interpreter\n");
    scene
        .repo
        .write_program("local.sh", "#!/bin/sh\necho \"$0 $1\"\n");
    let tree = scene.commit();
    let run = |run: &str| scene.run(tree, &check(&format!("run = {run}\n"))).ended;
    assert_eq!(
        run("['./interpreted']").end,
        End::CannotStart("No such file or directory (os error 2)".into())
    );
    let ended = run("['./local.sh', '$HOME *']");
    assert_eq!(ended.end, End::Exit(0));
    assert!(ended.tail.ends_with("local.sh $HOME *\n"), "{}", ended.tail);
}

#[test]
fn output_is_kept_apart_and_together() {
    let (scene, tree) = scene();
    let attempted = scene.sh(
        tree,
        "echo out; sleep 0.1; echo err >&2; sleep 0.1; echo out; cat",
    );
    assert_eq!(attempted.ended.stdout, b"out\nout\n");
    assert_eq!(attempted.ended.tail, "out\nerr\nout\n");
    assert_eq!(
        std::fs::read_to_string(&attempted.ended.log).unwrap(),
        "out\nerr\nout\n"
    );
    assert_eq!(attempted.report, Found::Missing);
}

#[test]
fn a_flood_of_output_is_taken_whole() {
    let (scene, tree) = scene();
    let attempted = scene.sh(tree, "yes 0123456789 | head -c 30000000");
    assert_eq!(attempted.ended.end, End::Exit(0));
    assert_eq!(
        (attempted.ended.stdout.len(), attempted.ended.cut),
        (30_000_000, false)
    );
}

/// Runs a check in the slot of the current folder's repository, as a part of a test.
fn run_here(check: &pdd_hooks::policy::CheckBlock) -> Result<(), Error> {
    let repository = Repository::open().unwrap();
    let slots = std::env::var_os("PDD_TEST_SLOTS").unwrap();
    let base = pdd_hooks::proof::Environment::base();
    let mut slot = Slot::take_in(Path::new(&slots), base, &repository, &mut || {})?;
    let content = Content {
        tree: repository.index_tree().unwrap(),
        parents: &[],
        carry: &[],
    };
    slot.run(&repository, &content, check, &[], &mut |_| {})?;
    Ok(())
}

fn hiding_here() -> pdd_hooks::policy::CheckBlock {
    let mut check = shell(&format!("{HIDING}rm a.txt; echo x > left; sleep 1000\n"));
    check.run.extend(["sh".into(), "../../../pids".into()]);
    check
}

#[test]
fn a_killed_runs_orphans_are_ended_by_the_next() {
    const NAME: &str = "slot::processes::a_killed_runs_orphans_are_ended_by_the_next";
    if role().is_some() {
        run_here(&hiding_here()).unwrap();
        return;
    }
    let (scene, tree) = scene();
    let out = scene.repo.at("../pids");
    std::fs::create_dir_all(&out).unwrap();
    let mut command = part(&scene.repo, NAME, "run");
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let pids: Vec<_> = HIDERS.iter().map(|name| line_of(&out.join(name))).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(pids.iter().all(|pid| is_running(pid)));
    drop(scene.slot());
    assert_all_ended(&out);
    scene.assert_exact(tree, "after a kill");
}

#[test]
fn a_run_that_is_asked_to_stop_ends_its_check_and_says_so() {
    const NAME: &str = "slot::processes::a_run_that_is_asked_to_stop_ends_its_check_and_says_so";
    if let Some(role) = role() {
        let result = run_here(&hiding_here());
        assert!(
            matches!(result, Err(Error::Interrupted)),
            "{role}: {result:?}"
        );
        // Once the check is over, the same signal does what it always does.
        let status = std::process::Command::new("kill")
            .args([format!("-{role}"), std::process::id().to_string()])
            .status();
        std::thread::sleep(Duration::from_secs(5));
        panic!("{status:?}: the signal was swallowed");
    }
    for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let (scene, tree) = scene();
        let out = scene.repo.at("../pids");
        std::fs::create_dir_all(&out).unwrap();
        let mut command = part(&scene.repo, NAME, name);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        for name in HIDERS {
            line_of(&out.join(name));
        }
        let pid = child.id().to_string();
        let _ = scene
            .repo
            .run(
                scene
                    .repo
                    .command("kill", scene.repo.root())
                    .args([&format!("-{name}"), &pid]),
                b"",
            )
            .ok();
        let output = child.wait_with_output().unwrap();
        let signal = std::os::unix::process::ExitStatusExt::signal(&output.status);
        assert_eq!(
            signal,
            Some(number),
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_all_ended(&out);
        scene.assert_exact(tree, name);
    }
}

#[test]
fn who_comes_second_waits_and_says_so_once() {
    let (scene, tree) = scene();
    let first = scene.slot();
    let mut told = 0;
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            let repository = scene.repository();
            let slot = Slot::take_in(&scene.slots(), scene.base(), &repository, &mut || told += 1);
            drop(slot.unwrap());
            told
        });
        std::thread::sleep(Duration::from_millis(300));
        assert!(!second.is_finished());
        assert!(!pdd_hooks::proof::slot::discard(first.folder()).unwrap());
        drop(first);
        assert_eq!(second.join().unwrap(), 1);
    });
    scene.assert_exact(tree, "after waiting");
}

#[test]
fn a_slot_that_was_removed_is_made_again() {
    let (scene, tree) = scene();
    scene.assert_exact(tree, "before");
    let folder = scene.slot().folder().to_owned();
    let begin = Instant::now();
    // Another test's thread may have a copy of the lock for a moment.
    while !pdd_hooks::proof::slot::discard(&folder).unwrap() {
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
    assert!(!folder.exists());
    scene.assert_exact(tree, "after");
}
