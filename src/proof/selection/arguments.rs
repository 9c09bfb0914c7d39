//! The arguments that make a runner run some tests. What each takes, and what it does where a test is missing, was read
//! off runs of the real ones (tests/it/selection).

use std::collections::BTreeSet;

use super::cargo;
use super::which::Runner;
use crate::policy::CheckBlock;
use crate::proof::target::Target;

/// What stands for the tests in a check.
pub(super) const PLACEHOLDER: &str = "{tests}";
/// The most arguments of one run that name tests.
const COUNT_LIMIT: usize = 1000;
/// The most bytes of them: Linux takes 128 KiB in one argument (`MAX_ARG_STRLEN` in execve(2)).
const SIZE_LIMIT: usize = 100 << 10;
/// The most names in one expression of pytest, which nests as deep as it has names.
const EXPRESSION_LIMIT: usize = 200;

/// What stands in the place of [`PLACEHOLDER`].
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    /// Options that go before the tests, where those are arguments of their own.
    options: Vec<String>,
    /// The tests, one by one.
    tests: Vec<String>,
}

/// Returns a check's `only` for these tests; none where nothing but the whole suite is sure to hold them.
pub(super) fn only(
    runner: Runner,
    check: &CheckBlock,
    folder: Option<&str>,
    targets: &[&Target],
) -> Option<Vec<String>> {
    let wanted = wanted(runner, check, folder, targets)?;
    let wanted = if fits(&wanted.tests) {
        wanted
    } else {
        by_file(runner, folder, targets).filter(|other| fits(&other.tests))?
    };
    Some(filled(runner, &check.only, &wanted, targets))
}

fn fits(tests: &[String]) -> bool {
    let size: usize = tests.iter().map(|test| test.len() + 1).sum();
    !tests.is_empty() && tests.len() <= COUNT_LIMIT && size <= SIZE_LIMIT
}

/// Returns the path of a file as a runner in `folder` names it; none where it does not lie there.
pub(super) fn relative<'f>(file: &'f str, folder: Option<&str>) -> Option<&'f str> {
    match folder {
        Some(folder) => file.strip_prefix(folder)?.strip_prefix('/'),
        None => Some(file),
    }
}

fn wanted(
    runner: Runner,
    check: &CheckBlock,
    folder: Option<&str>,
    targets: &[&Target],
) -> Option<Wanted> {
    match runner {
        Runner::Pytest => Some(pytest(check, folder, targets)),
        Runner::CargoTest | Runner::Nextest => {
            let tests = targets.iter().map(|target| rust(runner, target));
            let tests: Vec<Vec<String>> = tests.collect();
            let known = tests.iter().all(|names| !names.is_empty());
            known.then(|| Wanted {
                tests: distinct(tests.into_iter().flatten()),
                ..Wanted::default()
            })
        }
        Runner::Node => {
            let files = files(folder, targets);
            // From version 21 on these are patterns, before it paths: no form is right for both.
            let is_plain = files
                .iter()
                .all(|file| !file.contains(['*', '?', '[', ']', '{', '}', '!']));
            is_plain.then(|| Wanted {
                tests: files,
                ..Wanted::default()
            })
        }
        Runner::Jest => Some(jest(check, files(folder, targets))),
        Runner::Go => go(targets),
        Runner::Vitest => by_file(runner, folder, targets),
        Runner::Unknown => {
            let ids = |target: &&Target| match target.ids.as_slice() {
                [] => relative(&target.file, folder)
                    .map(plain)
                    .into_iter()
                    .collect(),
                ids => ids.to_vec(),
            };
            let tests = distinct(targets.iter().flat_map(ids));
            Some(Wanted {
                tests,
                ..Wanted::default()
            })
        }
    }
}

/// Names the files alone, for a runner that takes files.
fn by_file(runner: Runner, folder: Option<&str>, targets: &[&Target]) -> Option<Wanted> {
    let takes_files = matches!(runner, Runner::Vitest | Runner::Unknown);
    takes_files.then(|| Wanted {
        tests: files(folder, targets),
        ..Wanted::default()
    })
}

fn files(folder: Option<&str>, targets: &[&Target]) -> Vec<String> {
    let files = targets.iter().filter_map(|it| relative(&it.file, folder));
    distinct(files.map(plain))
}

/// Writes a path so that it cannot be taken for an option.
fn plain(path: &str) -> String {
    if path.starts_with('-') {
        format!("./{path}")
    } else {
        path.to_owned()
    }
}

/// Removes what was there before; the order is kept.
fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    all.filter(|one| seen.insert(one.clone())).collect()
}

/// Names files, and the functions in them by an expression. Not by node ids: where one of them is missing, or its file
/// cannot be imported, pytest runs none of the others and ends with 4.
fn pytest(check: &CheckBlock, folder: Option<&str>, targets: &[&Target]) -> Wanted {
    let places = targets.iter().filter_map(|target| {
        let file = relative(&target.file, folder)?;
        // What follows a bracket or two colons is no path to pytest, but the folder that holds it may be given.
        let named = file.match_indices('/').map(|(at, _)| &file[..at]);
        let named = named
            .chain([file])
            .take_while(|part| !part.contains("::") && !part.contains('['));
        Some(plain(named.last().unwrap_or(".")))
    });
    let tests = distinct(places);
    let is_said = |arg: &String| arg.starts_with("-k") || arg == "--";
    let names: Option<Vec<String>> = targets
        .iter()
        .map(|target| target.path.last().cloned())
        .collect();
    let names = distinct(names.unwrap_or_default().into_iter());
    let is_name = |name: &String| name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let can_be_said = !names.is_empty()
        && names.len() <= EXPRESSION_LIMIT
        && names.iter().all(is_name)
        && !check.run.iter().any(|arg| arg.starts_with("-k"))
        && !check.only.iter().any(is_said);
    let options = if can_be_said {
        vec!["-k".to_owned(), names.join(" or ")]
    } else {
        Vec::new()
    };
    Wanted { options, tests }
}

/// Names a Rust test as its program does: every name that it may have, since one that no test has is passed over.
fn rust(runner: Runner, target: &Target) -> Vec<String> {
    if target.path.is_empty() && target.ids.is_empty() {
        return Vec::new();
    }
    let ids = target.ids.iter().flat_map(|id| match runner {
        // The program comes first: `sample::adds`, `sample::it::adds`.
        Runner::Nextest => {
            let tails = id.match_indices("::").map(|(at, _)| &id[at + 2..]);
            tails.take(2).map(str::to_owned).collect()
        }
        _ => match id.split_once("::") {
            Some((program, name)) if program.contains(' ') => vec![name.to_owned()],
            _ => vec![id.clone()],
        },
    });
    let places = cargo::places(&target.file);
    let places = places.iter().filter(|_| !target.path.is_empty());
    let names = places.map(|place| place.name(&target.path));
    ids.chain(names).collect()
}

/// Names top-level functions, with which their subtests run.
fn go(targets: &[&Target]) -> Option<Wanted> {
    let names = targets.iter().map(|target| {
        let of_id = target
            .ids
            .first()
            .map(|id| id.rsplit("::").next().unwrap_or(id));
        let name = target.path.first().map(String::as_str).or(of_id)?;
        name.split('/').next().map(str::to_owned)
    });
    let names: Vec<String> = names.collect::<Option<_>>()?;
    Some(Wanted {
        tests: distinct(names.into_iter()),
        ..Wanted::default()
    })
}

/// Names files: by themselves after jest's option for that, else as the patterns that its arguments are.
fn jest(check: &CheckBlock, files: Vec<String>) -> Wanted {
    const BY_PATH: &str = "--runTestsByPath";
    let mut args = check.run.iter().chain(&check.only);
    let (options, tests) = if args.any(|arg| arg == BY_PATH) {
        (Vec::new(), files)
    } else if check.only.iter().any(|arg| arg == "--") {
        let patterns = files.iter().map(|file| pattern_of_file(file)).collect();
        (Vec::new(), patterns)
    } else {
        // It also ends the list of an option such as `--reporters=default`, which would take the files for its own.
        (vec![BY_PATH.to_owned()], files)
    };
    Wanted { options, tests }
}

fn pattern_of_file(file: &str) -> String {
    format!("{}$", regex::escape(file.trim_start_matches("./")))
}

/// Fills the tests in: as arguments of their own, or as one text in a longer argument.
fn filled(runner: Runner, only: &[String], wanted: &Wanted, targets: &[&Target]) -> Vec<String> {
    let patterns: Vec<String> = wanted
        .tests
        .iter()
        .map(|test| regex::escape(test))
        .collect();
    let text = patterns.join("|");
    let is_go = runner == Runner::Go;
    // A case that a macro adds has a longer name than its function, and only a report tells it.
    let has_unknown_cases = matches!(runner, Runner::CargoTest | Runner::Nextest)
        && targets
            .iter()
            .any(|target| !target.is_exact && target.ids.is_empty());
    let only = only
        .iter()
        .filter(|arg| !(has_unknown_cases && *arg == "--exact"));
    let mut args = Vec::new();
    for arg in only {
        if arg != PLACEHOLDER {
            args.push(arg.replace(PLACEHOLDER, &text));
        } else if is_go {
            // Go takes one pattern, and no tests.
            args.push(format!("^({text})$"));
        } else {
            args.extend(wanted.options.iter().chain(&wanted.tests).cloned());
        }
    }
    args
}
