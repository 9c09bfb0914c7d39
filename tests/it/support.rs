//! The repository that tests work on: a temporary folder, a cleared environment, one fixed author, date and zone.
//! It starts real programs and knows nothing of what they should say.

#![expect(
    dead_code,
    reason = "a fixture offers more than the tests of one room use"
)]

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use assert_fs::TempDir;

/// A repository in `$TMP/repo`, with `$TMP/home` as the user's home.
pub(crate) struct Repo {
    temp: TempDir,
    root: PathBuf,
    folder: PathBuf,
    path: OsString,
    more: Vec<(&'static str, OsString)>,
}

impl Repo {
    /// Makes a repository on branch `main` without a commit.
    pub(crate) fn new() -> Self {
        Self::init(&[])
    }

    /// Makes a repository on branch `main`, with further arguments of `git init`: `--object-format=sha256`.
    pub(crate) fn init(args: &[&str]) -> Self {
        let repo = Self::bare_folder();
        repo.init_here(args);
        repo
    }

    /// Makes a repository on branch `main` by the git in this folder, which comes first on PATH from then on.
    pub(crate) fn init_with(git: &Path, args: &[&str]) -> Self {
        let repo = Self::bare_folder().with_git(git);
        repo.init_here(args);
        repo
    }

    /// Makes the folders alone: no repository is in `$TMP/repo` yet.
    pub(crate) fn bare_folder() -> Self {
        let temp = TempDir::new().unwrap();
        let root = temp.path().canonicalize().unwrap();
        let folder = root.join("repo");
        std::fs::create_dir(&folder).unwrap();
        std::fs::create_dir(root.join("home")).unwrap();
        Self {
            temp,
            root,
            folder,
            path: std::env::var_os("PATH").unwrap(),
            more: Vec::new(),
        }
    }

    fn init_here(&self, args: &[&str]) {
        let mut all = vec!["init", "-q", "-b", "main"];
        all.extend_from_slice(args);
        let _ = self.git(&all).ok();
    }

    /// Puts a folder with a `git` first on PATH.
    pub(crate) fn with_git(mut self, folder: &Path) -> Self {
        self.prepend_path(folder);
        self
    }

    /// Puts a folder first on PATH: a hook manager's programs.
    pub(crate) fn prepend_path(&mut self, folder: &Path) {
        let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&self.path));
        self.path = std::env::join_paths(folders).unwrap();
    }

    /// Takes the folders that hold a program off PATH.
    pub(crate) fn hide(&mut self, program: &str) {
        let kept = std::env::split_paths(&self.path).filter(|it| !it.join(program).is_file());
        self.path = std::env::join_paths(kept).unwrap();
    }

    /// Hands on the user's compiler, which is found by the home folder.
    pub(crate) fn with_rust(mut self) -> Self {
        let home = PathBuf::from(std::env::var_os("HOME").unwrap());
        for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            let value = std::env::var_os(name).unwrap_or_else(|| home.join(folder).into());
            self.more.push((name, value));
        }
        self
    }

    /// Returns `$TMP`, canonical.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns `$TMP/repo`, canonical.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns an absolute path: `path` from the top of the work tree (`../other` leaves it).
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// Runs git at the top of the work tree.
    pub(crate) fn git(&self, args: &[&str]) -> Output {
        self.git_with(&[], args)
    }

    /// Runs git at the top of the work tree with further variables.
    pub(crate) fn git_with(&self, env: &[(&str, &str)], args: &[&str]) -> Output {
        self.run(
            self.command("git", &self.folder)
                .args(args)
                .envs(env.iter().copied()),
            b"",
        )
    }

    /// Runs git in another folder.
    pub(crate) fn git_in(&self, folder: &Path, args: &[&str]) -> Output {
        self.run(self.command("git", folder).args(args), b"")
    }

    /// Runs `pdd-hooks` at the top of the work tree.
    pub(crate) fn pdd(&self, args: &[&str]) -> Output {
        self.pdd_in(&self.folder, args)
    }

    /// Runs `pdd-hooks` in another folder. An audit must say the same of what it kept and of what it judges anew.
    pub(crate) fn pdd_in(&self, folder: &Path, args: &[&str]) -> Output {
        let run = |args: &[&str]| self.run(self.command(pdd_hooks(), folder).args(args), b"");
        let others = ["--output", "html", "--no-cache"];
        let is_compared =
            args.first() == Some(&"audit") && !others.iter().any(|word| args.contains(word));
        if is_compared && folder.join(".git").is_dir() {
            // Where no hooks are, nothing would be kept.
            std::fs::create_dir_all(folder.join(".git/pdd")).unwrap();
        }
        let output = run(args);
        if is_compared {
            let anew = run(&[args, &["--no-cache"]].concat());
            assert_eq!(anew.stdout, output.stdout, "{args:?} with --no-cache");
            assert_eq!(anew.code, output.code, "{args:?} with --no-cache");
        }
        output
    }

    /// Runs `pdd-hooks` at the top of the work tree with further variables.
    pub(crate) fn pdd_with(&self, env: &[(&str, &str)], args: &[&str]) -> Output {
        self.run(
            self.command(pdd_hooks(), &self.folder)
                .args(args)
                .envs(env.iter().copied()),
            b"",
        )
    }

    /// Prepares any program in `folder`, in the fixed environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(on_path(program.as_ref(), &self.path));
        command
            .current_dir(folder)
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", self.root.join("home"))
            .env("TMPDIR", std::env::temp_dir())
            .env("LC_ALL", "C")
            .env("TZ", "Europe/Berlin")
            .env("TERM", "dumb")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.root.join("home/.gitconfig"))
            // A temporary folder inside another repository must not find that one.
            .env("GIT_CEILING_DIRECTORIES", &self.root)
            // Whoever lets an editor open by mistake is told so.
            .env("GIT_EDITOR", "false")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_ALLOW_PROTOCOL", "file")
            .envs(self.more.iter().map(|(name, value)| (name, value)));
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Ann Example")
                .env(format!("GIT_{role}_EMAIL"), "ann@example.org")
                .env(format!("GIT_{role}_DATE"), "2026-01-15T10:00:00+01:00");
        }
        command
    }

    /// Runs a prepared program to its end, with these bytes on stdin.
    pub(crate) fn run(&self, command: &mut Command, stdin: &[u8]) -> Output {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut pipe = child.stdin.take().unwrap();
        let bytes = stdin.to_vec();
        // A program that does not read its stdin closes the pipe; that is no fault.
        let writer = std::thread::spawn(move || {
            let _ = pipe.write_all(&bytes);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Output {
            command: format!("{command:?}"),
            code: output
                .status
                .code()
                .or_else(|| output.status.signal().map(|signal| 128 + signal))
                .unwrap(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            repo: self.folder.to_str().unwrap().to_owned(),
            root: self.root.to_str().unwrap().to_owned(),
        }
    }

    /// Writes a file below the top of the work tree, with its folders.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Writes an executable file, mode 755.
    pub(crate) fn write_program(&self, path: &str, text: &str) {
        self.write(path, text);
        set_mode(&self.at(path), 0o755);
    }

    /// Reads a file below the top of the work tree.
    pub(crate) fn read(&self, path: &str) -> String {
        let path = self.at(path);
        let bytes =
            std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Says whether something (a broken symlink too) stands at the path.
    pub(crate) fn has(&self, path: &str) -> bool {
        std::fs::symlink_metadata(self.at(path)).is_ok()
    }

    /// Stages everything and commits it; the commit must succeed.
    pub(crate) fn commit_all(&self, message: &str) {
        let _ = self.git(&["add", "-A"]).ok();
        let _ = self
            .git(&["commit", "-q", "--allow-empty", "-m", message])
            .ok();
    }

    /// Returns what git says on stdout, without the last line feed; git must succeed.
    pub(crate) fn ask(&self, args: &[&str]) -> String {
        self.git(args).ok().stdout.trim_end_matches('\n').to_owned()
    }
}

/// What a program did.
#[must_use]
#[derive(Debug)]
pub(crate) struct Output {
    command: String,
    code: i32,
    /// Its stdout, lossily decoded.
    pub(crate) stdout: String,
    /// Its stderr, lossily decoded.
    pub(crate) stderr: String,
    repo: String,
    root: String,
}

impl Output {
    /// Passes the output on, if the program ended with 0.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(self.code == 0, "{}\n{}", self.command, self.text());
        self
    }

    /// Returns the exit code; 128 and the signal's number where a signal ended it.
    pub(crate) fn code(&self) -> i32 {
        self.code
    }

    /// Writes exit code, stdout and stderr with temporary paths as `$REPO` and `$TMP`, for comparisons of the whole.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("exit: {}\n", self.code);
        for (name, part) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            let part = part
                .replace(&self.repo, "$REPO")
                .replace(&self.root, "$TMP");
            // Writing to a String cannot fail.
            let _ = write!(text, "--- {name}\n{part}");
            if !part.is_empty() && !part.ends_with('\n') {
                text.push('\n');
            }
        }
        text
    }
}

/// Returns the folders that hold a `git`, one for each version on the machine: those on PATH, `/usr/bin`, and the
/// folders that the variable PDD_TEST_GITS lists, joined by colons.
pub(crate) fn gits() -> Vec<PathBuf> {
    let mut folders = folders_in("PATH");
    folders.push("/usr/bin".into());
    folders.extend(folders_in("PDD_TEST_GITS"));
    let mut found = BTreeMap::new();
    for folder in folders {
        let Ok(output) = Command::new(folder.join("git")).arg("--version").output() else {
            continue;
        };
        found.entry(output.stdout).or_insert(folder);
    }
    assert!(!found.is_empty(), "no git on PATH");
    found.into_values().collect()
}

/// Returns the version of the git in a folder as numbers: `(2, 47)`.
pub(crate) fn version_of(git: &Path) -> (u32, u32) {
    let output = Command::new(git.join("git"))
        .arg("--version")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut numbers = text
        .split_whitespace()
        .nth(2)
        .unwrap()
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap(), numbers.next().unwrap())
}

/// Everything below a path, or the one file there: path, kind, permission bits, and content or target.
pub(crate) type Snapshot = BTreeMap<PathBuf, (&'static str, u32, Vec<u8>)>;

/// Looks at everything below some paths, symlinks not followed; what is not there is left out.
pub(crate) fn snapshot(paths: &[PathBuf]) -> Snapshot {
    let mut found = Snapshot::new();
    for path in paths {
        look(path, &mut found);
    }
    found
}

fn look(path: &Path, found: &mut Snapshot) {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(facts) = std::fs::symlink_metadata(path) else {
        return;
    };
    let mode = facts.permissions().mode();
    if facts.is_symlink() {
        let target = std::fs::read_link(path).unwrap();
        let target = target.as_os_str().as_bytes().to_vec();
        found.insert(path.to_owned(), ("symlink", mode, target));
    } else if facts.is_dir() {
        found.insert(path.to_owned(), ("folder", mode, Vec::new()));
        for entry in std::fs::read_dir(path).unwrap() {
            look(&entry.unwrap().path(), found);
        }
    } else {
        let content = std::fs::read(path).unwrap();
        found.insert(path.to_owned(), ("file", mode, content));
    }
}

/// Compares two snapshots and names each path that differs; contents of programs would fill the screen.
#[track_caller]
pub(crate) fn assert_same(before: &Snapshot, after: &Snapshot) {
    let paths = before.keys().chain(after.keys());
    let different: Vec<_> = paths
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    assert!(different.is_empty(), "not as before: {different:#?}");
}

/// Sets the permission bits of a file.
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Returns the `pdd-hooks` that this test run built; the hook programs stand beside it.
pub(crate) fn pdd_hooks() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_pdd-hooks"))
}

fn folders_in(variable: &str) -> Vec<PathBuf> {
    std::env::var_os(variable)
        .map(|value| std::env::split_paths(&value).collect())
        .unwrap_or_default()
}

/// Finds the program by the PATH it will get: `Command` itself would search the PATH of this process.
fn on_path(program: &OsStr, path: &OsStr) -> PathBuf {
    if Path::new(program).components().count() > 1 {
        return program.into();
    }
    std::env::split_paths(path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("no {} on PATH", program.display()))
}
