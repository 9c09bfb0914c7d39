//! What changes a key and what does not, on a machine of files.

mod languages;

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::*;

fn check(run: &[&str]) -> CheckBlock {
    CheckBlock {
        name: "tests".into(),
        kind: CheckKind::Test,
        run: run.iter().map(|&word| word.into()).collect(),
        only: vec!["{tests}".into()],
        report: ReportForm::Junit,
        timeout: "10m".into(),
        paths: Globs::new(["src/**", "tests/**"]),
        env: BTreeMap::from([
            ("B".to_owned(), "2".to_owned()),
            ("A".to_owned(), "1".to_owned()),
        ]),
        compiles: false,
        baseline: true,
    }
}

/// A machine of files: `bin` is on PATH, `home` is the user's.
struct Machine {
    root: tempfile::TempDir,
    environment: Environment,
}

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let mut environment = Environment::default();
        environment.set("PATH", root.path().join("bin"));
        environment.set("HOME", root.path().join("home"));
        let machine = Self { root, environment };
        machine.program("bin/env", "");
        machine
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Writes an executable file, with one fixed time.
    fn program(&self, path: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&path, mode).unwrap();
        touch(&path, 0);
    }

    fn key(&self, run: &[&str]) -> String {
        self.key_of(&check(run))
    }

    fn key_of(&self, check: &CheckBlock) -> String {
        key(&TreeId::new("ab"), check, &self.environment, "", None)
    }

    /// Says whether a newer file at `path` gives another key.
    #[track_caller]
    fn heeds(&self, run: &[&str], path: &str) -> bool {
        let path = self.at(path);
        assert!(path.exists(), "{path:?}");
        touch(&path, 0);
        let before = self.key(run);
        assert_eq!(self.key(run), before, "nothing changed");
        touch(&path, 1);
        let after = self.key(run);
        touch(&path, 0);
        after != before
    }
}

/// Sets a file's or a folder's time: some nanoseconds after a fixed one.
fn touch(path: &std::path::Path, nanoseconds: u64) {
    let time = SystemTime::UNIX_EPOCH
        + Duration::from_secs(1_700_000_000)
        + Duration::from_nanos(nanoseconds);
    std::fs::File::open(path)
        .unwrap()
        .set_modified(time)
        .unwrap();
}

#[test]
fn the_digest_of_a_definition_is_the_same_in_every_version() {
    // SHA-256 of {"baseline":true,"compiles":false,"env":{"A":"1","B":"2"},"kind":"test","name":"tests",
    // "paths":["src/**","tests/**"],"report":"junit","run":["pytest","-q"],"timeout":"10m"}, without the line feed.
    assert_eq!(
        definition(&check(&["pytest", "-q"])),
        "978ab481873686496e5da8f1d5862bb5562bb50692aa8a8e86d005af36773356"
    );
}

#[test]
fn every_key_of_a_check_but_only_is_part_of_its_definition() {
    let same = definition(&CheckBlock {
        only: vec![],
        ..check(&["x"])
    });
    assert_eq!(same, definition(&check(&["x"])));
    let changes: [fn(&mut CheckBlock); 9] = [
        |check| check.name.push('x'),
        |check| check.kind = CheckKind::Quality,
        |check| check.run.push("x".into()),
        |check| check.report = ReportForm::ExitCode,
        |check| check.timeout = "9m".into(),
        |check| drop(check.env.insert("C".into(), "3".into())),
        |check| check.paths = Globs::new(["**"]),
        |check| check.compiles = true,
        |check| check.baseline = false,
    ];
    let mut digests = std::collections::BTreeSet::from([same]);
    for change in changes {
        let mut changed = check(&["x"]);
        change(&mut changed);
        digests.insert(definition(&changed));
    }
    assert_eq!(digests.len(), changes.len() + 1);
}

#[test]
fn tree_definition_carry_and_base_are_each_part_of_the_key() {
    let machine = Machine::new();
    let (ab, cd) = (TreeId::new("ab"), TreeId::new("cd"));
    let of =
        |tree, run: &[&str], carry, base| key(tree, &check(run), &machine.environment, carry, base);
    let keys = [
        of(&ab, &["x"], "", None),
        of(&cd, &["x"], "", None),
        of(&ab, &["x", "y"], "", None),
        of(&ab, &["x"], "carried", None),
        of(&ab, &["x"], "", Some(&ab)),
        of(&ab, &["x"], "", Some(&cd)),
    ];
    let different: std::collections::BTreeSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len());
    assert_eq!(of(&ab, &["x"], "", None), keys[0]);
    assert!(keys.iter().all(|key| key.len() == 64));
}

#[test]
fn a_variable_that_programs_heed_is_part_of_the_key_and_another_is_not() {
    for (name, is_part) in [
        ("PYTHONHASHSEED", true),
        ("LC_ALL", true),
        ("LANG", true),
        ("LANGUAGE", false),
        ("CFLAGS", true),
        ("CARGO_BUILD_TARGET", true),
        ("CARGO_PKG_NAME", false),
        ("CARGO_MANIFEST_DIR", false),
        ("CARGO_BIN_EXE_pdd-hooks", false),
        ("CARGO_CRATE_NAME", false),
        ("RUSTUP_TOOLCHAIN", true),
        ("RUST_RECURSION_COUNT", false),
        ("SSH_AUTH_SOCK", false),
        ("WINDOWID", false),
    ] {
        let mut machine = Machine::new();
        let without = machine.key(&["x"]);
        machine.environment.set(name, "");
        let empty = machine.key(&["x"]);
        machine.environment.set(name, "1");
        let one = machine.key(&["x"]);
        let expected = [is_part, is_part];
        assert_eq!([without != empty, empty != one], expected, "{name}");
    }
}

#[test]
fn a_program_is_known_by_place_time_and_size() {
    let mut machine = Machine::new();
    let missing = machine.key(&["tool"]);
    machine.program("bin/tool", "1");
    let small = machine.key(&["tool"]);
    machine.program("bin/tool", "22");
    let large = machine.key(&["tool"]);
    assert!(machine.heeds(&["tool"], "bin/tool"));
    std::fs::rename(machine.at("bin/tool"), machine.at("bin/real")).unwrap();
    std::os::unix::fs::symlink("real", machine.at("bin/tool")).unwrap();
    let linked = machine.key(&["tool"]);
    let keys = std::collections::BTreeSet::from([missing, small, large, linked]);
    assert_eq!(keys.len(), 4);
    let absolute = machine.at("bin/real");
    assert!(machine.heeds(&[absolute.to_str().unwrap()], "bin/real"));
    // What comes earlier on PATH is what runs.
    machine.program("first/tool", "1");
    let path = std::env::join_paths([machine.at("first"), machine.at("bin")]).unwrap();
    machine.environment.set("PATH", path);
    assert!(machine.heeds(&["tool"], "first/tool"));
    assert!(!machine.heeds(&["tool"], "bin/real"));
}

#[test]
fn what_stands_in_the_tree_is_known_by_the_tree() {
    let machine = Machine::new();
    let before = machine.key(&["./run", "x"]);
    machine.program("home/run", "1");
    machine.program("bin/run", "1");
    assert_eq!(machine.key(&["./run", "x"]), before);
}

#[test]
fn a_program_that_may_run_anything_is_taken_to_run_each_known_language() {
    let machine = Machine::new();
    for program in ["make", "sh", "go", "node", "python3", "cargo"] {
        machine.program(&format!("bin/{program}"), "");
    }
    // One that leads back to a shell ends the search.
    let sh = machine.at("bin/sh");
    machine.program("bin/python", &format!("#!{}\n", sh.display()));
    for run in [
        &["make", "test"][..],
        &["sh", "-c", "x"],
        &["./run"],
        &[".venv/bin/pytest"],
    ] {
        for language in ["cargo", "go", "node", "python", "python3"] {
            assert!(
                machine.heeds(run, &format!("bin/{language}")),
                "{run:?} {language}"
            );
        }
    }
    assert!(!machine.heeds(&["make"], "bin/env"));
}

#[test]
fn any_command_has_a_key_in_an_empty_environment() {
    let environment = Environment::default();
    for run in [
        &[][..],
        &[""],
        &["/"],
        &["env", "-u"],
        &["env", "-S"],
        &["npx", "-p"],
        &["uv", "run"],
    ] {
        let key = key(&TreeId::new(""), &check(run), &environment, "", None);
        assert_eq!(key.len(), 64, "{run:?}");
    }
}
