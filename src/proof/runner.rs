//! What is known of test runners and quality tools: which programs a command line comes to, and which files at the top of
//! a tree would take a Python tool's place. It reads no file.

/// The Python tools that are modules, each with the modules that its own code loads by name.
const MODULES: &[(&str, &[&str])] = &[
    ("bandit", &["bandit"]),
    ("behave", &["behave"]),
    ("black", &["black", "blib2to3"]),
    ("coverage", &["coverage"]),
    ("flake8", &["flake8", "pycodestyle", "pyflakes", "mccabe"]),
    ("isort", &["isort"]),
    ("mypy", &["mypy", "mypyc"]),
    ("nose2", &["nose2"]),
    ("nox", &["nox"]),
    ("pycodestyle", &["pycodestyle"]),
    ("pyflakes", &["pyflakes"]),
    ("pylint", &["pylint", "astroid"]),
    ("pyright", &["pyright"]),
    ("pytest", &["pytest", "_pytest", "pluggy", "iniconfig"]),
    ("tox", &["tox"]),
    ("trial", &["twisted"]),
    ("unittest", &["unittest"]),
];

/// Programs that run another one, with their options that take a value of their own.
const WRAPPERS: &[(&str, &[&str], &[&str])] = &[
    ("env", &[], &["-u", "-C", "--unset", "--chdir"]),
    ("nice", &[], &["-n"]),
    ("timeout", &[], &["-s", "-k"]),
    ("npx", &[], &["-p", "--package"]),
    ("bunx", &[], &["-p", "--package"]),
    ("pnpm", &["exec"], &["-C", "--dir", "--filter"]),
    ("yarn", &["run"], &["--cwd"]),
    (
        "uv",
        &["run"],
        &[
            "-p",
            "--python",
            "--with",
            "--extra",
            "--group",
            "--project",
        ],
    ),
    (
        "poetry",
        &["run"],
        &["-C", "--directory", "-P", "--project"],
    ),
    ("pipenv", &["run"], &[]),
    ("pdm", &["run"], &["-p", "--project"]),
    ("rye", &["run"], &[]),
    ("hatch", &["run"], &["-e", "--env"]),
    (
        "coverage",
        &["run"],
        &["--rcfile", "--source", "--data-file", "--include", "--omit"],
    ),
];

/// Names the programs that a command line comes to, from the outermost to the one that does the work: `uv run python -m
/// pytest` gives `uv`, `python` and `pytest`.
pub fn programs(argv: &[String]) -> Vec<&str> {
    let commands = commands(argv).into_iter();
    commands.map(|command| base_name(&command[0])).collect()
}

/// Returns the option by which a command line has Python ignore the variables that it is given: `-I` and `-E`.
pub fn ignored_environment(argv: &[String]) -> Option<&str> {
    let mut pythons = commands(argv)
        .into_iter()
        .filter(|command| is_python(base_name(&command[0])));
    pythons.find_map(|command| deaf(&command[1..]))
}

/// Returns the folder in which a command line's work is done, from where it is started: what `env -C` names. None where
/// that is the same place, or none below it.
pub fn folder(argv: &[String]) -> Option<String> {
    let mut parts = Vec::new();
    for command in commands(argv) {
        if base_name(&command[0]) != "env" {
            continue;
        }
        let Some(named) = changed_folder(&command[1..]) else {
            continue;
        };
        if named.starts_with('/') || named.split('/').any(|part| part == "..") {
            return None;
        }
        let named = named.split('/');
        parts.extend(named.filter(|part| !part.is_empty() && *part != "."));
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Returns what `env` is told by `-C folder`, `-Cfolder`, `--chdir folder` or `--chdir=folder` (env(1)).
fn changed_folder(args: &[String]) -> Option<&str> {
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        match arg {
            "-C" | "--chdir" => return args.next(),
            "-u" | "--unset" => _ = args.next(),
            _ => {}
        }
        let joined = arg
            .strip_prefix("--chdir=")
            .or_else(|| arg.strip_prefix("-C"));
        if joined.is_some() {
            return joined;
        }
        if !arg.starts_with('-') && !arg.contains('=') {
            return None;
        }
    }
    None
}

/// Lists the command lines that one comes to; each has a program.
fn commands(argv: &[String]) -> Vec<&[String]> {
    let mut found = Vec::new();
    let mut rest = argv;
    while let [first, more @ ..] = rest {
        let name = base_name(first);
        found.push(rest);
        // Wrappers nest a few times at most; what goes on longer is no command line of ours.
        if found.len() > 8 {
            break;
        }
        rest = if is_python(name) {
            match after_module_option(more) {
                Some(module) => module,
                None => break,
            }
        } else {
            match WRAPPERS.iter().find(|(wrapper, ..)| *wrapper == name) {
                Some((_, words, options)) => inner(name, words, options, more),
                None => break,
            }
        };
    }
    found
}

/// Returns the Python tools among them, each with the modules that a file at the top of the tree could take the place of.
pub fn python_modules(argv: &[String]) -> Vec<(&'static str, &'static [&'static str])> {
    let programs = programs(argv);
    MODULES
        .iter()
        .filter(|(tool, _)| programs.iter().any(|program| module_of(program) == *tool))
        .copied()
        .collect()
}

/// Returns where an option of `cargo nextest run` can be added; none where the command is another one.
pub fn end_of_nextest_options(argv: &[String]) -> Option<usize> {
    let cargo = argv.iter().position(|arg| {
        let name = base_name(arg);
        name == "cargo" || name == "cargo-nextest"
    })?;
    let end = argv[cargo..]
        .iter()
        .position(|arg| arg == "--")
        .map_or(argv.len(), |at| cargo + at);
    let mut words = argv[cargo + 1..end]
        .iter()
        .filter(|arg| !arg.starts_with(['-', '+']));
    let runs =
        words.any(|word| word == "nextest") && words.any(|word| word == "run" || word == "r");
    runs.then_some(end)
}

/// `py.test` is pytest; `pytest-3` and `python -m pytest.__main__` are too.
fn module_of(program: &str) -> &str {
    let name = program.strip_suffix(".py").unwrap_or(program);
    if name == "py.test" {
        return "pytest";
    }
    let end = name.find(['.', '-']).unwrap_or(name.len());
    &name[..end]
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

fn is_python(name: &str) -> bool {
    ["python", "pypy"].iter().any(|python| {
        name.strip_prefix(python).is_some_and(|version| {
            version
                .bytes()
                .all(|byte| byte == b'.' || byte.is_ascii_digit())
        })
    })
}

/// Returns the first of Python's options that holds `I` or `E`: letters stand together, and those after one that takes a
/// value are the value (python(1)).
fn deaf(args: &[String]) -> Option<&str> {
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        let letters = arg
            .strip_prefix('-')
            .filter(|letters| !letters.is_empty())?;
        let valued = letters.find(['c', 'm', 'W', 'X']);
        let flags = &letters[..valued.unwrap_or(letters.len())];
        if !arg.starts_with("--") && flags.contains(['I', 'E']) {
            return Some(arg);
        }
        match valued.map(|place| letters.split_at(place)) {
            Some((_, rest)) if rest.starts_with(['c', 'm']) => return None,
            Some((_, "W" | "X")) => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// Returns what stands after `-m` before any other word; none where a file or a text is run.
fn after_module_option(args: &[String]) -> Option<&[String]> {
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        match arg.as_str() {
            "-m" => return Some(&args[at + 1..]),
            "-W" | "-X" => at += 2,
            _ if arg.starts_with('-') && arg != "-c" && arg != "-" => at += 1,
            _ => return None,
        }
    }
    None
}

/// Returns what a wrapper runs: after its word (`run`), its options and, for `env`, its assignments.
fn inner<'a>(name: &str, words: &[&str], valued: &[&str], args: &'a [String]) -> &'a [String] {
    let mut words = words.iter().peekable();
    let mut at = 0;
    // `timeout` has the time before the command.
    let mut skipped = usize::from(name == "timeout");
    while let Some(arg) = args.get(at) {
        let arg = arg.as_str();
        if arg == "-m" && name == "coverage" {
            return &args[at + 1..];
        }
        if valued.contains(&arg) {
            at += 2;
        } else if arg.starts_with('-') || name == "env" && arg.contains('=') {
            at += 1;
        } else if words.peek().is_some_and(|word| **word == arg) {
            words.next();
            at += 1;
        } else if words.peek().is_some() && name != "yarn" && name != "pnpm" {
            // `uv sync`, `coverage report`: it runs nothing.
            return &[];
        } else if skipped > 0 {
            skipped -= 1;
            at += 1;
        } else {
            return &args[at..];
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argv(line: &str) -> Vec<String> {
        line.split_whitespace().map(Into::into).collect()
    }

    #[test]
    fn a_command_line_is_looked_through_to_what_does_the_work() {
        let cases = [
            ("pytest -q", "pytest"),
            (".venv/bin/pytest --junitxml={report}", "pytest"),
            (
                "env A=B -u C python3.11 -B -W error -m pytest -m slow",
                "env python3.11 pytest",
            ),
            ("uv run --python 3.12 python -m mypy src", "uv python mypy"),
            (
                "poetry run coverage run --source src -m pytest",
                "poetry coverage pytest",
            ),
            (
                "python -m coverage run -m unittest",
                "python coverage unittest",
            ),
            ("npx --no-install jest --ci", "npx jest"),
            ("pnpm exec vitest run", "pnpm vitest"),
            ("yarn jest", "yarn jest"),
            ("timeout -k 5 60 ruff check", "timeout ruff"),
            ("uv sync", "uv"),
            ("python run.py -m pytest", "python"),
            ("python -c print(1) -m pytest", "python"),
            ("cargo nextest run", "cargo"),
            ("", ""),
        ];
        for (line, expected) in cases {
            assert_eq!(programs(&argv(line)).join(" "), expected, "{line}");
        }
    }

    #[test]
    fn python_tools_are_known_with_what_could_take_their_place() {
        let tools = |line| {
            let argv = argv(line);
            let found = python_modules(&argv).into_iter().map(|(tool, _)| tool);
            found.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(tools("python -m pytest"), "pytest");
        assert_eq!(tools("py.test"), "pytest");
        assert_eq!(tools("pytest-3 tests"), "pytest");
        assert_eq!(tools("coverage run -m unittest"), "coverage unittest");
        assert_eq!(tools("ruff check"), "");
        assert_eq!(tools("python -m app.tests"), "");
    }

    #[test]
    fn a_python_that_ignores_its_environment_is_seen() {
        for (line, option) in [
            ("python -I -m pytest", Some("-I")),
            ("python3.11 -W error -X dev -BE -m pytest", Some("-BE")),
            ("env A=B uv run python -sIm pytest", Some("-sIm")),
            ("coverage run -m pytest -I", None),
            ("python -m pytest -I", None),
            ("python -mI -E", None),
            ("python -WI -m pytest", None),
            ("python -c 'I' -E", None),
            ("python run.py -E", None),
            ("python --check-hash-based-pycs default -m pytest", None),
            ("ruff check -I", None),
        ] {
            assert_eq!(ignored_environment(&argv(line)), option, "{line}");
        }
    }

    #[test]
    fn the_folder_in_which_the_work_is_done_is_the_one_that_env_names() {
        for (line, expected) in [
            ("env -C api pytest", Some("api")),
            ("env A=B -u X -C ./api/ pytest", Some("api")),
            ("env -Capi env --chdir=v1 uv run pytest", Some("api/v1")),
            ("timeout 60 env --chdir api pytest", Some("api")),
            ("env A=B pytest -C api", None),
            ("env -C . pytest", None),
            ("env -C ../api pytest", None),
            ("env -C /api pytest", None),
            ("pytest -C api", None),
        ] {
            assert_eq!(folder(&argv(line)).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn nextest_is_told_from_other_cargo_commands() {
        for (line, end) in [
            ("cargo nextest run", Some(3)),
            ("cargo +1.89 nextest run --profile ci", Some(6)),
            ("env A=B cargo --locked nextest run -- name", Some(6)),
            ("uv run -- cargo nextest run --lib -- name", Some(7)),
            ("/x/cargo-nextest nextest run", Some(3)),
            ("cargo test", None),
            ("cargo nextest list", None),
            ("cargo test -- nextest run", None),
            ("nextest run", None),
            ("", None),
        ] {
            assert_eq!(end_of_nextest_options(&argv(line)), end, "{line}");
        }
    }
}
