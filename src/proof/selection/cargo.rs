//! The names that cargo's test programs have for tests, by the file that holds them: where a file stands says which
//! program it belongs to and which module it is (Cargo book, "Package Layout"; Rust reference, "Modules"). Where it may
//! be several, all are named: a name that no test has selects nothing.

/// The folders of a package in which programs begin.
const FOLDERS: &[&str] = &["src", "tests", "examples", "benches"];

/// A program to which a file may belong, and the module that it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The file with which the program begins, from the package's folder; none where it is any of `folder`.
    root: Option<String>,
    folder: &'static str,
    module: Vec<String>,
    /// The name of the package's folder; empty at the top.
    package: String,
}

/// Lists the programs to which a file may belong.
pub(super) fn places(file: &str) -> Vec<Place> {
    let parts: Vec<&str> = file.split('/').collect();
    let mut found = Vec::new();
    for (at, part) in parts.iter().enumerate().take(parts.len() - 1) {
        let Some(folder) = FOLDERS.iter().find(|folder| *folder == part) else {
            continue;
        };
        let package = at.checked_sub(1).map_or("", |above| parts[above]);
        let mut add = |root: Option<String>, module: &[&str]| {
            found.push(Place {
                root,
                folder,
                module: module_of(module),
                package: package.replace('-', "_"),
            });
        };
        let inner = &parts[at + 1..];
        let own = Some(parts[at..].join("/"));
        match (*folder, inner) {
            ("src", ["lib.rs" | "main.rs"] | ["bin", _] | ["bin", _, "main.rs"]) => add(own, &[]),
            ("src", ["bin", program, rest @ ..]) => {
                add(Some(format!("src/bin/{program}/main.rs")), rest);
            }
            ("src", _) => {}
            (_, [_] | [_, "main.rs"]) => add(own, &[]),
            (_, [program, rest @ ..]) => {
                add(Some(format!("{folder}/{program}/main.rs")), rest);
                add(None, inner);
            }
            (_, []) => {}
        }
        if *folder == "src" && !matches!(inner, ["lib.rs" | "main.rs"]) {
            add(Some("src/lib.rs".to_owned()), inner);
            add(Some("src/main.rs".to_owned()), inner);
        }
    }
    found
}

/// Names the module of a file below the one with which its program begins.
fn module_of(parts: &[&str]) -> Vec<String> {
    let mut module: Vec<String> = parts.iter().map(|&part| part.to_owned()).collect();
    if let Some(last) = module.pop() {
        let name = last.strip_suffix(".rs").unwrap_or(&last);
        if name != "mod" {
            module.push(name.to_owned());
        }
    }
    module
}

impl Place {
    /// Names a test of the file as the program does: `a::b::tests::adds`.
    pub(super) fn name(&self, path: &[String]) -> String {
        [self.module.as_slice(), path].concat().join("::")
    }

    /// Says whether the program lies in a package of this name, as far as the name of its folder tells.
    pub(super) fn is_of(&self, package: &str) -> bool {
        self.package == package.replace('-', "_")
    }

    /// Splits the id of a test of this program as a report of `cargo test` has it into the program's name and the
    /// test's: `sample src/lib.rs::tests::adds`.
    pub(super) fn in_libtest<'i>(&self, id: &'i str) -> Option<(&'i str, &'i str)> {
        let Some((program, name)) = id
            .split_once("::")
            .filter(|(program, _)| program.contains(' '))
        else {
            // Without stderr the programs have no names.
            return Some(("", id));
        };
        let (program, source) = program.split_once(' ')?;
        let is_here = match &self.root {
            Some(root) => root == source,
            None => source.split('/').next() == Some(self.folder),
        };
        is_here.then_some((program, name))
    }

    /// Splits the id of a test of this program as nextest has it into the package's name and the test's:
    /// `sample::tests::adds` of a library, `sample::it::adds`, `sample::bin/tool::tests::adds`.
    pub(super) fn in_nextest<'i>(&self, id: &'i str) -> Option<(&'i str, &'i str)> {
        let (package, rest) = id.split_once("::")?;
        let name = match self.root.as_deref() {
            Some("src/lib.rs") => return Some((package, rest)),
            Some("src/main.rs") => {
                let (_, name) = rest.strip_prefix("bin/")?.split_once("::")?;
                name
            }
            _ => {
                let (program, name) = rest.split_once("::")?;
                let program = match self.folder {
                    "src" => program.strip_prefix("bin/")?,
                    "examples" => program.strip_prefix("example/")?,
                    "benches" => program.strip_prefix("bench/")?,
                    _ => program,
                };
                let is_here = self.program().is_none_or(|own| own == program);
                is_here.then_some(name)?
            }
        };
        Some((package, name))
    }

    /// Returns with what cargo begins to name this program where it was not compiled: `test "it"`, `lib test`.
    pub(super) fn target(&self) -> String {
        let program = self.program().unwrap_or_default();
        match (self.folder, self.root.as_deref()) {
            ("src", Some("src/lib.rs")) => "lib test".to_owned(),
            // The program of `src/main.rs` has the package's name, or another that the manifest gives it.
            ("src", Some("src/main.rs")) => "bin \"".to_owned(),
            ("src", _) => format!("bin \"{program}\""),
            ("tests", _) => format!("test \"{program}\""),
            ("examples", _) => format!("example \"{program}\""),
            _ => format!("bench \"{program}\""),
        }
    }

    /// Names the program by the file with which it begins; none where that is not known.
    fn program(&self) -> Option<&str> {
        let root = self.root.as_deref()?;
        let root = root.strip_suffix("/main.rs").unwrap_or(root);
        let name = root.rsplit('/').next()?;
        Some(name.strip_suffix(".rs").unwrap_or(name))
    }
}

#[cfg(test)]
mod tests {
    use super::places;

    fn names(file: &str, path: &[&str]) -> Vec<String> {
        let path: Vec<String> = path.iter().map(|&part| part.to_owned()).collect();
        let mut names: Vec<String> = places(file).iter().map(|it| it.name(&path)).collect();
        names.sort();
        names.dedup();
        names
    }

    #[test]
    fn a_test_in_a_source_file_has_the_name_of_its_module() {
        let inline = |file| names(file, &["tests", "x"]);
        assert_eq!(inline("src/lib.rs"), ["tests::x"]);
        assert_eq!(inline("crates/one/src/main.rs"), ["tests::x"]);
        assert_eq!(inline("src/a/b.rs"), ["a::b::tests::x"]);
        assert_eq!(inline("src/a/mod.rs"), ["a::tests::x"]);
    }

    #[test]
    fn a_program_of_its_own_has_no_module_unless_the_library_names_it() {
        assert_eq!(names("src/bin/tool.rs", &["x"]), ["bin::tool::x", "x"]);
        assert_eq!(
            names("src/bin/tool/part.rs", &["x"]),
            ["bin::tool::part::x", "part::x"]
        );
    }

    #[test]
    fn an_integration_test_is_named_by_each_program_that_may_hold_its_file() {
        assert_eq!(names("tests/it.rs", &["x"]), ["x"]);
        assert_eq!(names("tests/it/main.rs", &["x"]), ["x"]);
        assert_eq!(
            names("tests/it/part.rs", &["x"]),
            ["it::part::x", "part::x"]
        );
        assert_eq!(names("tests/common/mod.rs", &["x"]), ["common::x", "x"]);
    }

    #[test]
    fn a_folder_called_tests_within_the_sources_is_a_module_too() {
        let names = names("src/a/tests/b.rs", &["x"]);
        assert!(names.contains(&"a::tests::b::x".to_owned()), "{names:?}");
    }

    #[test]
    fn a_file_in_no_folder_of_a_package_has_no_place() {
        assert_eq!(places("build.rs"), []);
        assert_eq!(places("checks/it.rs"), []);
    }

    #[test]
    fn the_ids_of_nextest_are_those_of_the_program_that_holds_the_file() {
        let found = |file: &str, id: &'static str| {
            let mut found = places(file).into_iter();
            found.find_map(|place| place.in_nextest(id))
        };
        assert_eq!(
            found("tests/it.rs", "sample::it::adds"),
            Some(("sample", "adds"))
        );
        assert_eq!(found("tests/it.rs", "sample::other::adds"), None);
        assert_eq!(
            found("src/bin/tool.rs", "sample::bin/tool::tests::adds"),
            Some(("sample", "tests::adds"))
        );
        assert_eq!(
            found("src/lib.rs", "sample::tests::adds"),
            Some(("sample", "tests::adds"))
        );
    }
}
