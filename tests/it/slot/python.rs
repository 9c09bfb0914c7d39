//! Python loads the tree under test, whatever is installed from the user's work tree, or the run says that it did not.

use std::path::PathBuf;

use pdd_hooks::git::Oid;
use pdd_hooks::proof::outcome::Fault;
use pdd_hooks::proof::process::End;

use super::{Scene, check};

/// A work tree whose package is newer than the tree under test, with an environment in `.venv` that is on PATH.
fn scene() -> (Scene, Oid) {
    let mut scene = Scene::new();
    scene
        .repo
        .write("src/app/__init__.py", "from app.part import NAME\n");
    scene.repo.write("src/app/part.py", "NAME = 'the tree'\n");
    scene.repo.write(".gitignore", ".venv/\n*.egg-info/\n");
    let tree = scene.commit();
    scene.repo.write("src/app/part.py", "NAME = 'the user'\n");
    let venv = ["-m", "venv", "--without-pip", ".venv"];
    let _ = scene
        .repo
        .run(
            scene
                .repo
                .command("/usr/bin/env", scene.repo.folder())
                .arg("python3")
                .args(venv),
            b"",
        )
        .ok();
    let bin = scene.repo.at(".venv/bin");
    scene.repo.prepend_path(&bin);
    (scene, tree)
}

fn site_packages(scene: &Scene) -> PathBuf {
    let lib = scene.repo.at(".venv/lib");
    let python = std::fs::read_dir(lib).unwrap().next().unwrap().unwrap();
    python.path().join("site-packages")
}

const ASK: &str = "python3 -c 'import app; print(app.NAME)'";

/// Without the guard the user's files decide; with it the tree's.
#[track_caller]
fn hold(scene: &Scene, tree: Oid) {
    let mut plain = scene.repo.command("python3", scene.repo.root());
    let plain = scene
        .repo
        .run(plain.args(["-c", "import app; print(app.NAME)"]), b"");
    assert_eq!(plain.text(), "exit: 0\n--- stdout\nthe user\n--- stderr\n");
    assert_eq!(scene.ask(tree, ASK), "the tree\n");
    assert_eq!(
        scene.ask(tree, "cd /; python3 -c 'import app; print(app.NAME)'"),
        "the tree\n"
    );
}

#[test]
fn an_editable_install_by_path_leads_to_the_tree() {
    let (scene, tree) = scene();
    let source = format!("{}\n", scene.repo.at("src").display());
    std::fs::write(site_packages(&scene).join("app.pth"), source).unwrap();
    hold(&scene, tree);
}

#[test]
fn an_editable_install_by_finder_leads_to_the_tree() {
    let (scene, tree) = scene();
    let site = site_packages(&scene);
    let mapping = format!(
        "MAPPING = {{'app': '{}'}}\n",
        scene.repo.at("src/app").display()
    );
    let finder = "NAMESPACES = {}
import sys
from importlib.util import spec_from_file_location
class _EditableFinder:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname in MAPPING:
            place = MAPPING[fullname]
            return spec_from_file_location(fullname, place + '/__init__.py', submodule_search_locations=[place])
def install():
    sys.meta_path.append(_EditableFinder)
";
    std::fs::write(site.join("__editable___app_1_finder.py"), mapping + finder).unwrap();
    std::fs::write(
        site.join("__editable__.app-1.pth"),
        "import __editable___app_1_finder; __editable___app_1_finder.install()\n",
    )
    .unwrap();
    hold(&scene, tree);
}

#[test]
fn what_pip_installs_editable_leads_to_the_tree() {
    let (scene, _) = scene();
    let python = |args: &[&str]| {
        let mut command = scene.repo.command("python3", scene.repo.folder());
        command.args(args).env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        scene.repo.run(&mut command, b"")
    };
    let _ = python(&["-m", "ensurepip"]).ok();
    // Where the machine's Python does not bring them along, the registry does.
    if python(&["-c", "import setuptools, wheel"]).code() != 0 {
        let _ = python(&["-m", "pip", "install", "-q", "setuptools", "wheel"]).ok();
    }
    let project = "[build-system]\nrequires = ['setuptools']\nbuild-backend = 'setuptools.build_meta'\n[project]\nname = 'app'\nversion = '1'\n";
    // By path, and by setuptools' finder.
    for layout in [
        "[tool.setuptools.packages.find]\nwhere = ['src']\n",
        "[tool.setuptools]\npackages = ['app']\npackage-dir = { app = 'src/app' }\n",
    ] {
        scene
            .repo
            .write("pyproject.toml", format!("{project}{layout}"));
        scene.repo.write("src/app/part.py", "NAME = 'the tree'\n");
        let tree = scene.commit();
        scene.repo.write("src/app/part.py", "NAME = 'the user'\n");
        let install = "-m pip install -q --no-build-isolation --no-deps -e .";
        let _ = python(&install.split(' ').collect::<Vec<_>>()).ok();
        hold(&scene, tree);
    }
}

#[test]
fn a_path_variable_leads_to_the_tree_and_nowhere_else() {
    let (mut scene, tree) = scene();
    let source = scene.repo.at("src");
    scene.repo.write("../other/other.py", "NAME = 'other'\n");
    let other = scene.repo.at("../other").canonicalize().unwrap();
    scene.env.push((
        "PYTHONPATH".into(),
        format!("{}:{}", source.display(), other.display()),
    ));
    assert_eq!(
        scene.ask(
            tree,
            "python3 -c 'import app; print(app.NAME)'; python3 -c 'import other' 2>&1 | tail -1"
        ),
        "the tree\nModuleNotFoundError: No module named 'other'\n"
    );
}

#[test]
fn code_that_comes_from_the_users_work_tree_all_the_same_is_a_fault() {
    let (scene, tree) = scene();
    let source = scene.repo.at("src");
    let path = source.join("app/part.py").display().to_string();
    for (script, what) in [
        (
            "python3 -c 'import sys; sys.path.insert(0, \"SRC\"); import app'",
            "by path",
        ),
        (
            "python3 -c 'import os, sys; sys.path.insert(0, \"SRC\"); import app; os._exit(0)'",
            "without an orderly end",
        ),
        (
            "python3 -c 'import multiprocessing as m, sys\ndef f():\n sys.path.insert(0, \"SRC\"); import app\np = m.get_context(\"fork\").Process(target=f); p.start(); p.join()'",
            "in a worker",
        ),
    ] {
        let attempted = scene.sh(tree, &script.replace("SRC", &source.display().to_string()));
        assert_eq!(
            attempted.ended.end,
            End::Exit(0),
            "{what}: {}",
            attempted.ended.tail
        );
        let expected = Fault::Foreign { path: path.clone() };
        assert_eq!(attempted.fault, Some(expected), "{what}");
    }
    assert_eq!(scene.sh(tree, "python3 -c 'import json'").fault, None);
}

#[test]
fn another_work_tree_of_the_same_repository_is_foreign_too() {
    let (mut scene, _) = scene();
    let source = format!("{}\n", scene.repo.at("src").display());
    std::fs::write(site_packages(&scene).join("app.pth"), source).unwrap();
    let _ = scene
        .repo
        .git(&["worktree", "add", "-q", "--detach", "../linked"])
        .ok();
    scene.folder = scene.repo.at("../linked");
    let tree = scene.tree("HEAD");
    hold(&scene, tree);
}

#[test]
fn what_is_installed_in_the_users_environment_is_used() {
    let (scene, tree) = scene();
    let site = site_packages(&scene);
    std::fs::write(site.join("third.py"), "NAME = 'third'\n").unwrap();
    std::fs::write(
        site.join("sitecustomize.py"),
        "import sys; sys.chained = 'chained'\n",
    )
    .unwrap();
    let script = "python3 -c 'import sys, third; print(third.NAME, sys.chained)'";
    assert_eq!(scene.ask(tree, script), "third chained\n");
    assert!(!site.join("__pycache__").exists());
}

#[test]
fn a_carried_environment_is_used_from_its_copy() {
    let (mut scene, tree) = scene();
    let source = format!("{}\n", scene.repo.at("src").display());
    std::fs::write(site_packages(&scene).join("app.pth"), source).unwrap();
    scene.carry = vec![".venv".into()];
    hold(&scene, tree);
    let slot = scene
        .slot()
        .folder()
        .join("tree/.venv")
        .display()
        .to_string();
    assert_eq!(
        scene.ask(tree, "python3 -c 'import sys; print(sys.prefix)'"),
        format!("{slot}\n")
    );
}

#[test]
fn a_file_in_the_runners_place_is_a_fault() {
    let scene = Scene::new();
    scene.repo.write("tests/pytest.py", "");
    scene.repo.write("black/notes.txt", "");
    scene.repo.write("conftest.py", "");
    let honest = scene.commit();
    for (file, run, runner) in [
        ("pytest.py", "['pytest', '-q']", "pytest"),
        (
            "_pytest/__init__.py",
            "['env', 'A=B', 'python3', '-m', 'pytest']",
            "pytest",
        ),
        (
            "mypy.cpython-311-x86_64-linux-gnu.so",
            "['uv', 'run', 'mypy', '.']",
            "mypy",
        ),
        (
            "unittest/__init__.py",
            "['python3', '-m', 'unittest']",
            "unittest",
        ),
    ] {
        let check = check(&format!("run = {run}\n"));
        assert_eq!(scene.run(honest, &check).fault, None, "{file}");
        scene.repo.write(file, "import sys; sys.exit(0)\n");
        let tree = scene.commit();
        let expected = Fault::Shadowed {
            path: file.into(),
            runner: runner.into(),
        };
        assert_eq!(scene.run(tree, &check).fault, Some(expected), "{file}");
        let _ = scene.repo.git(&["rm", "-q", file]).ok();
    }
}
