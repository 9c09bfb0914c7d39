//! Wrappers, interpreters, virtual environments and toolchains.

use super::{Machine, check, touch};

#[test]
fn wrappers_are_followed_to_what_they_run() {
    let machine = Machine::new();
    machine.program("bin/tool", "");
    for wrapper in ["npx", "uv", "poetry", "node"] {
        machine.program(&format!("bin/{wrapper}"), "");
    }
    for run in [
        &["env", "A=B", "C=D", "tool"][..],
        &["env", "-i", "-u", "X", "tool", "x"],
        &["env", "-S", "A=B tool x"],
        &["env", "env", "tool"],
        &["npx", "--no-install", "tool"],
        &["npx", "-p", "other", "tool"],
        &["uv", "run", "tool"],
        &[
            "uv",
            "--project",
            "x",
            "run",
            "--with",
            "y",
            "--frozen",
            "tool",
        ],
        &["poetry", "run", "tool", "-q"],
    ] {
        assert!(machine.heeds(run, "bin/tool"), "{run:?}");
        assert!(machine.heeds(run, &format!("bin/{}", run[0])), "{run:?}");
    }
    assert!(machine.heeds(&["npx", "tool"], "bin/node"));
    for run in [&["uv", "sync", "tool"][..], &["x", "tool"], &["env"]] {
        assert!(!machine.heeds(run, "bin/tool"), "{run:?}");
    }
}

#[test]
fn a_path_that_the_check_sets_is_searched() {
    let machine = Machine::new();
    machine.program("other/tool", "");
    let other = machine.at("other");
    let other = other.to_str().unwrap();
    let mut check = check(&["tool"]);
    check.env.insert("PATH".into(), other.into());
    let before = machine.key_of(&check);
    touch(&machine.at("other/tool"), 1);
    assert_ne!(machine.key_of(&check), before);
    let assigned = format!("PATH={other}");
    assert!(machine.heeds(&["env", &assigned, "tool"], "other/tool"));
}

#[test]
fn a_script_is_followed_to_its_interpreter() {
    let machine = Machine::new();
    machine.program("bin/node", "");
    machine.program("other/sh", "");
    let sh = machine.at("other/sh");
    machine.program("bin/direct", &format!("#! {} -e\n", sh.display()));
    // The `env` of the first line is known by its name alone.
    let env = machine.at("bin/env");
    machine.program("bin/by-env", &format!("#!{} node\nx", env.display()));
    machine.program(
        "bin/split",
        &format!("#!{} -S A=B node --x\n", env.display()),
    );
    assert!(machine.heeds(&["direct"], "other/sh"));
    assert!(machine.heeds(&["by-env"], "bin/node"));
    assert!(machine.heeds(&["split"], "bin/node"));
    // A script that is its own interpreter, and one whose first line is no text, end the search.
    let ring = machine.at("bin/ring");
    machine.program("bin/ring", &format!("#!{}\n", ring.display()));
    assert!(machine.heeds(&["ring"], "bin/ring"));
    std::fs::write(machine.at("bin/ring"), b"#!/\xff\xfe\n").unwrap();
    assert!(machine.heeds(&["ring"], "bin/ring"));
}

#[test]
fn an_installed_package_of_python_changes_the_key() {
    let mut machine = Machine::new();
    let folders = [
        "base/lib/python3.12/site-packages",
        "base/lib/python3.12/dist-packages",
        "base/local/lib/python3.12/dist-packages",
        "venv/lib/python3.12/site-packages",
        "home/.local/lib/python3.12/site-packages",
        "conda/lib/python3.13/site-packages",
    ];
    for folder in folders {
        std::fs::create_dir_all(machine.at(folder)).unwrap();
        touch(&machine.at(folder), 0);
    }
    machine.program("base/bin/python3.12", "");
    machine.program("venv/pyvenv.cfg", "");
    std::fs::create_dir(machine.at("venv/bin")).unwrap();
    std::os::unix::fs::symlink(
        machine.at("base/bin/python3.12"),
        machine.at("venv/bin/python"),
    )
    .unwrap();
    let interpreter = machine.at("venv/bin/python");
    machine.program("bin/pytest", &format!("#!{}\n", interpreter.display()));
    machine.environment.set("CONDA_PREFIX", machine.at("conda"));
    let by_path = [interpreter.to_str().unwrap(), "-m", "pytest"];
    for run in [&by_path[..], &["pytest", "-q"]] {
        for path in folders
            .into_iter()
            .chain(["venv/pyvenv.cfg", "base/bin/python3.12"])
        {
            assert!(machine.heeds(run, path), "{run:?} {path}");
        }
    }
    for path in folders {
        assert!(!machine.heeds(&["env"], path), "{path}");
    }
}

#[test]
fn what_stands_behind_a_shim_is_noted() {
    let mut machine = Machine::new();
    let paths = [
        "pyenv/version",
        "pyenv/versions/3.12.1/bin/pytest",
        "pyenv/installs/python/3.13.0/bin/pytest",
        "home/.tool-versions",
        "home/.config/mise/config.toml",
    ];
    for path in paths.into_iter().chain(["pyenv/shims/pytest"]) {
        machine.program(path, "");
    }
    let packages = "pyenv/versions/3.12.1/lib/python3.12/site-packages";
    std::fs::create_dir_all(machine.at(packages)).unwrap();
    machine.environment.set("PATH", machine.at("pyenv/shims"));
    for path in paths.into_iter().chain([packages, "pyenv/shims/pytest"]) {
        assert!(machine.heeds(&["pytest"], path), "{path}");
    }
}

#[test]
fn an_upgraded_toolchain_of_rust_changes_the_key() {
    let mut machine = Machine::new();
    let paths = [
        "cargo/config.toml",
        "cargo/bin/cargo-nextest",
        "home/.rustup/settings.toml",
        "home/.rustup/toolchains/stable/bin/rustc",
        "home/.rustup/toolchains/stable/bin/clippy-driver",
        "home/.rustup/toolchains/stable/lib/rustlib/components",
        "bin/cargo",
        "bin/rustc",
    ];
    for path in paths {
        machine.program(path, "");
    }
    machine.environment.set("CARGO_HOME", machine.at("cargo"));
    let run = ["cargo", "+nightly", "--color", "never", "nextest", "run"];
    for path in paths.into_iter().chain(["home/.rustup/toolchains"]) {
        assert!(machine.heeds(&run, path), "{path}");
    }
    assert!(!machine.heeds(
        &["cargo", "test", "--", "nextest"],
        "cargo/bin/cargo-nextest"
    ));
}
