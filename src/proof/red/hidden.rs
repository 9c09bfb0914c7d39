//! Source that stands among tests or fixtures: a changed file there that a source file loads is source, whatever its
//! folder is called (DESIGN.md, section 3).

use super::parts::Part;
use crate::git::{Error, Oid, Repository};
use crate::policy::{Class, FileKind, Policy};
use crate::syntax::{Language, Source};

/// Marks the changed test and support files that source of `tree` loads.
///
/// # Errors
/// An object is missing.
pub(super) fn mark(
    repository: &Repository,
    policy: &Policy,
    tree: Oid,
    files: &mut [Part],
) -> Result<(), Error> {
    let mut suspects: Vec<&mut Part> = files.iter_mut().filter(|part| is_suspect(part)).collect();
    if suspects.is_empty() {
        return Ok(());
    }
    for file in repository.diff(None, Some(tree))? {
        let Some(entry) = file.new else { continue };
        let importer = String::from_utf8_lossy(&file.path);
        let Some(language) = Language::of(&importer) else {
            continue;
        };
        if policy.class(&file.path, FileKind::Plain) != Class::Source
            || !suspects.iter().any(|part| !part.is_hidden)
        {
            continue;
        }
        let Ok(text) = String::from_utf8(repository.blob(entry.oid)?) else {
            continue;
        };
        for part in &mut suspects {
            if !part.is_hidden && loads(&importer, language, &text, part) {
                part.is_hidden = true;
                part.class = Class::Source;
            }
        }
    }
    Ok(())
}

/// Whether a file could be loaded by source at all: it says something beside tests.
fn is_suspect(part: &Part) -> bool {
    let Some(text) = &part.new else {
        return false;
    };
    matches!(part.class, Class::Test | Class::Support)
        && part.parsed(text, |source| {
            let tests = source.tests();
            let is_test = |name: &str| {
                let mut tests = tests.iter();
                tests.any(|test| test.path.last().is_some_and(|last| name.ends_with(last)))
            };
            let mut functions = source.functions().into_iter();
            let has_function = functions.any(|function| !is_test(&function.name));
            has_function || tests.is_empty()
        })
}

/// Says whether the text of a source file loads another one.
fn loads(importer: &str, language: Language, text: &str, part: &Part) -> bool {
    let Some((folder, name)) = part.path.rsplit_once('/') else {
        return false;
    };
    let stem = name.split('.').next().unwrap_or(name);
    let parent = folder.rsplit('/').next().unwrap_or(folder);
    // The package itself is loaded by the name of its folder.
    let (stem, around) = if matches!(stem, "__init__" | "index" | "mod") {
        let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
        (parent, above.rsplit('/').next().unwrap_or(above))
    } else {
        (stem, parent)
    };
    // Most files do not so much as name it.
    if !text.contains(stem) {
        return false;
    }
    if text.contains(&format!("{parent}/{name}")) {
        return true;
    }
    let imports = Source::parse(language, text).map(|source| source.imports());
    let imports = imports.unwrap_or_default();
    imports.iter().any(|import| {
        let steps = steps(importer, import);
        let wanted = module_steps(&part.path);
        match steps.as_slice() {
            [] => false,
            // One name alone may be anybody's; with the folder's name somewhere in the text it is this one.
            [one] => wanted.last() == Some(one) && !around.is_empty() && text.contains(around),
            steps => wanted.ends_with(steps) || is_inside(&wanted, steps),
        }
    })
}

/// Whether an import names something inside the module: `from tests.fixtures import impl` and what it holds.
fn is_inside(wanted: &[String], steps: &[String]) -> bool {
    let mut tail = steps;
    while let [rest @ .., _] = tail {
        if rest.len() < 2 {
            return false;
        }
        if wanted.ends_with(rest) {
            return true;
        }
        tail = rest;
    }
    false
}

/// The folders and the module that a path comes to.
fn module_steps(path: &str) -> Vec<String> {
    let mut steps: Vec<String> = path.split('/').map(str::to_owned).collect();
    if let Some(name) = steps.pop() {
        let stem = name.split('.').next().unwrap_or(&name);
        if !matches!(stem, "__init__" | "index" | "mod") {
            steps.push(stem.to_owned());
        }
    }
    steps
}

/// The steps of an import, as far as it says where it begins: a relative one from the importing file's folder.
fn steps(importer: &str, import: &str) -> Vec<String> {
    let mut folders: Vec<&str> = importer.split('/').collect();
    folders.pop();
    let is_path = import.starts_with("./") || import.starts_with("../");
    if is_path {
        let mut steps: Vec<String> = folders.iter().map(|&step| step.to_owned()).collect();
        for step in import.split('/') {
            match step {
                "." | "" => {}
                ".." => {
                    steps.pop();
                }
                name => steps.push(name.split('.').next().unwrap_or(name).to_owned()),
            }
        }
        return steps;
    }
    let dots = import.len() - import.trim_start_matches('.').len();
    let rest = &import[dots..];
    let mut steps: Vec<String> = Vec::new();
    if dots > 0 {
        let kept = folders.len().saturating_sub(dots - 1);
        steps.extend(folders[..kept].iter().map(|&step| step.to_owned()));
    }
    let named = rest
        .split("::")
        .flat_map(|part| part.split(['.', '/']))
        .filter(|step| !matches!(*step, "" | "crate" | "self" | "super"));
    steps.extend(named.map(str::to_owned));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_comes_to_the_steps_of_a_module() {
        let cases = [
            ("app/a.py", "tests.fixtures.impl", "tests fixtures impl"),
            ("app/a.py", ".b", "app b"),
            ("app/x/a.py", "..b.c", "app b c"),
            ("src/a.js", "../test/impl.js", "test impl"),
            ("src/a.rs", "crate::fixtures::impl_a", "fixtures impl_a"),
        ];
        for (importer, import, expected) in cases {
            assert_eq!(steps(importer, import).join(" "), expected, "{import}");
        }
    }

    #[test]
    fn a_package_is_its_folder() {
        assert_eq!(
            module_steps("tests/fixtures/__init__.py"),
            ["tests", "fixtures"]
        );
        assert_eq!(
            module_steps("tests/fixtures/a.test.js"),
            ["tests", "fixtures", "a"]
        );
    }
}
