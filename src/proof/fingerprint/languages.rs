//! What the languages' own programs run and keep: wrappers, virtual environments, toolchains. Each of these says how a
//! changed or upgraded tool is known without asking it.

use std::path::{Path, PathBuf};

use super::tools::{Tools, base, entries};

/// Options of `uv run` that take a value of their own (uv's reference, "uv run").
const UV_VALUES: &[&str] = &[
    "--directory",
    "--env-file",
    "--extra",
    "--group",
    "--index",
    "--no-group",
    "--only-group",
    "--package",
    "--project",
    "--python",
    "--with",
    "--with-editable",
    "--with-requirements",
    "-p",
];

/// Programs that run what a file of the tree says, which nothing here reads.
const RUNNERS: &[&str] = &[
    "bash", "dash", "just", "make", "ninja", "nox", "npm", "pnpm", "sh", "task", "tox", "yarn",
    "zsh",
];

impl Tools<'_> {
    /// Takes a program that may run anything to run each known language's.
    pub(super) fn anything(&mut self) {
        for name in ["cargo", "go", "node", "python", "python3"] {
            if let Some(path) = self.find(name) {
                self.file(&path);
            }
        }
    }

    /// Follows what a wrapper runs, by its name.
    pub(super) fn wrapped(&mut self, program: &str, rest: &[String]) {
        match program {
            "env" => {
                let inner = self.after_env(rest);
                self.command(&inner);
            }
            "npx" => {
                self.program("node");
                self.command(after_options(rest, &["--package", "-p"]));
            }
            "uv" => self.run_by(rest, UV_VALUES),
            "poetry" => self.run_by(rest, &["--directory", "--project", "-C", "-P"]),
            "cargo" => self.cargo_commands(rest),
            name if RUNNERS.contains(&name) => self.anything(),
            _ => {}
        }
    }

    /// Notes what belongs to a program, by its name and place.
    pub(super) fn beside(&mut self, path: &Path) {
        let name = base(path);
        if name.starts_with("python") || name.starts_with("pypy") {
            self.python(path);
        }
        let is_rust = ["cargo", "rust", "clippy"];
        if is_rust.iter().any(|start| name.starts_with(start)) {
            self.rust();
        }
        if name == "go"
            && let Some(settings) = self.folder("GOENV", ".config/go/env")
        {
            self.stamp(&settings);
        }
        self.shim(path);
    }

    /// Returns the command behind the options and assignments of env(1), and keeps the assignments.
    fn after_env(&mut self, rest: &[String]) -> Vec<String> {
        let mut words = rest.iter();
        while let Some(word) = words.next() {
            let following = || words.clone().cloned();
            if matches!(word.as_str(), "-u" | "--unset" | "-C" | "--chdir") {
                words.next();
            } else if word == "-S" || word == "--split-string" {
                let mut following = following();
                let text = following.next().unwrap_or_default();
                let split = text.split_whitespace().map(str::to_owned);
                let inner: Vec<String> = split.chain(following).collect();
                return self.after_env(&inner);
            } else if word.starts_with('-') {
                // `-i`, `-0`, `--`: nothing that names a program.
            } else if let Some((name, value)) = word.split_once('=') {
                self.assign(name, value);
            } else {
                return std::iter::once(word.clone()).chain(following()).collect();
            }
        }
        Vec::new()
    }

    /// Follows `uv run …` and `poetry run …`.
    fn run_by(&mut self, rest: &[String], with_value: &[&str]) {
        self.python_environments();
        let inner = after_options(rest, with_value);
        if inner.first().is_some_and(|word| word == "run") {
            self.command(after_options(&inner[1..], with_value));
        }
    }

    /// Notes the packages of an interpreter: to install or upgrade one renames a folder in `site-packages`.
    fn python(&mut self, path: &Path) {
        for path in [Some(path.to_owned()), path.canonicalize().ok()] {
            let prefix = path
                .as_deref()
                .and_then(Path::parent)
                .and_then(Path::parent);
            if let Some(prefix) = prefix {
                self.packages(prefix);
                // Debian's interpreter also looks below `local` (its `site` module).
                self.packages(&prefix.join("local"));
            }
        }
        self.python_environments();
    }

    /// Notes the packages of the environments that variables and the user's home name.
    fn python_environments(&mut self) {
        for name in ["VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT"] {
            if let Some(prefix) = self.value(name) {
                self.packages(Path::new(&prefix));
            }
        }
        if let Some(base) = self.folder("PYTHONUSERBASE", ".local") {
            self.packages(&base);
        }
        // Which of its environments belongs to the tree, poetry alone knows: they are all noted.
        let named = self.value("POETRY_VIRTUALENVS_PATH").map(PathBuf::from);
        let cache = self.folder("POETRY_CACHE_DIR", ".cache/pypoetry");
        if let Some(folder) = named.or(cache.map(|cache| cache.join("virtualenvs"))) {
            for prefix in entries(&folder) {
                self.packages(&prefix);
            }
        }
    }

    fn packages(&mut self, prefix: &Path) {
        // A relative one is in the tree or carried.
        if !prefix.is_absolute() {
            return;
        }
        self.stamp(&prefix.join("pyvenv.cfg"));
        for library in ["lib", "lib64"] {
            for folder in entries(&prefix.join(library)) {
                if base(&folder).starts_with("py") {
                    self.stamp(&folder.join("site-packages"));
                    self.stamp(&folder.join("dist-packages"));
                }
            }
        }
    }

    /// Notes what stands behind a shim of pyenv and its like (`<root>/shims/<name>`), asdf or mise: the version that is
    /// chosen outside the tree, and the program and packages of each version.
    fn shim(&mut self, path: &Path) {
        let Some(shims) = path.parent().filter(|folder| base(folder) == "shims") else {
            return;
        };
        let Some(root) = shims.parent() else {
            return;
        };
        self.stamp(&root.join("version"));
        for chosen in [".tool-versions", ".config/mise/config.toml"] {
            self.stamp_in_home(chosen);
        }
        let installed = entries(&root.join("installs"));
        let families = std::iter::once(root.join("versions")).chain(installed);
        for version in families.flat_map(|family| entries(&family)) {
            self.stamp(&version.join("bin").join(base(path)));
            self.packages(&version);
        }
    }

    /// Notes the toolchains of rustup, whose `cargo` and `rustc` only choose among them. Which one is chosen may stand in
    /// the tree, so they are all noted.
    fn rust(&mut self) {
        if let Some(home) = self.folder("CARGO_HOME", ".cargo") {
            self.stamp(&home.join("config.toml"));
            self.stamp(&home.join("config"));
        }
        let Some(home) = self.folder("RUSTUP_HOME", ".rustup") else {
            return;
        };
        self.stamp(&home.join("settings.toml"));
        self.stamp(&home.join("toolchains"));
        for toolchain in entries(&home.join("toolchains")) {
            for part in [
                "bin/cargo",
                "bin/rustc",
                "bin/clippy-driver",
                "bin/rustfmt",
                // Rewritten with each component or target that comes or goes.
                "lib/rustlib/components",
                "lib/rustlib/multirust-channel-manifest.toml",
            ] {
                self.stamp(&toolchain.join(part));
            }
        }
    }

    /// Follows `cargo nextest` to `cargo-nextest`, which cargo looks for on PATH and in its own home.
    fn cargo_commands(&mut self, rest: &[String]) {
        for program in ["rustc", "clippy-driver"] {
            if let Some(path) = self.find(program) {
                self.stamp(&path);
            }
        }
        let home = self.folder("CARGO_HOME", ".cargo");
        // Any word may be the command, since options before it may take values.
        for word in rest.iter().take_while(|word| *word != "--") {
            if word.starts_with(['-', '+']) || word.contains('/') {
                continue;
            }
            let name = format!("cargo-{word}");
            let in_home = home.as_ref().map(|home| home.join("bin").join(&name));
            if let Some(path) = self.find(&name) {
                self.stamp(&path);
            }
            if let Some(path) = in_home {
                self.stamp(&path);
            }
        }
    }
}

/// Returns what follows the options at the beginning; those of `with_value` take the next word too.
fn after_options<'a>(words: &'a [String], with_value: &[&str]) -> &'a [String] {
    let mut rest = words;
    while let Some((word, following)) = rest.split_first() {
        if !word.starts_with('-') {
            break;
        }
        let takes = usize::from(with_value.contains(&word.as_str()) && !following.is_empty());
        rest = &following[takes..];
    }
    rest
}
