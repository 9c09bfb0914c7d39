//! Python: pytest, and those of mypy, ruff and black that the project configures or requires.

use std::collections::BTreeSet;

use super::{Block, Folder, words};

/// What the manifests say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    mypy: Option<Mypy>,
    ruff: bool,
    black: bool,
    environment: Option<&'static str>,
}

impl Facts {
    /// Returns the folder of the virtual environment that the tools are taken from; none where PATH has them.
    pub(super) fn environment(&self) -> Option<&'static str> {
        self.environment
    }
}

/// Where mypy learns what to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mypy {
    /// Its configuration names the files.
    Configured,
    /// It is told the folder.
    Folder,
}

pub(super) fn look(folder: &Folder) -> Option<Facts> {
    let requirements: Vec<String> = folder
        .names()
        .filter(|name| name.starts_with("requirements") && name.ends_with(".txt"))
        .filter_map(|name| folder.text(name))
        .collect();
    if requirements.is_empty() && !folder.has("pyproject.toml") && !folder.has("setup.cfg") {
        return None;
    }
    // A manifest that cannot be read names no tool; its own tools will say what is wrong with it.
    let project: toml::Table = folder
        .text("pyproject.toml")
        .and_then(|text| text.parse().ok())
        .unwrap_or_default();
    let setup = folder.text("setup.cfg").unwrap_or_default();
    let mut tools = BTreeSet::new();
    names_in(&toml::Value::Table(project.clone()), &mut tools);
    for line in requirements
        .iter()
        .flat_map(|text| text.lines())
        .chain(setup.lines())
    {
        tools.insert(requirement(line.trim_start_matches('[')));
    }
    let mypy = tools.contains("mypy").then(|| {
        let section = project.get("tool").and_then(|tool| tool.get("mypy"));
        let configured = ["files", "packages", "modules"]
            .iter()
            .any(|key| section.is_some_and(|table| table.get(key).is_some()));
        if configured {
            Mypy::Configured
        } else {
            Mypy::Folder
        }
    });
    Some(Facts {
        mypy,
        ruff: tools.contains("ruff"),
        black: tools.contains("black"),
        environment: (folder.environment)(folder.name),
    })
}

/// Collects every key and the requirement name in every string: `[tool.mypy]`, `mypy = "^1"` and `"mypy>=1"` alike.
fn names_in(value: &toml::Value, names: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                names.insert(key.to_lowercase());
                names_in(value, names);
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| names_in(value, names)),
        toml::Value::String(text) => {
            names.insert(requirement(text));
        }
        _ => {}
    }
}

/// Returns the name at the head of a requirement such as `mypy[faster-cache]>=1.8; python_version > "3.8"`.
fn requirement(text: &str) -> String {
    text.trim()
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
        .collect::<String>()
        .to_lowercase()
}

pub(super) fn blocks(facts: &Facts) -> Vec<Block> {
    let tool = |rest: &[&str]| match facts.environment {
        // The scripts beside it name the interpreter that they were installed for, which is the user's and not the copy.
        Some(folder) => {
            let python = format!("{folder}/bin/python");
            [vec![python, "-m".to_owned()], words(rest)].concat()
        }
        None => words(rest),
    };
    let quality = |name: &str, run: &[&str], compiles| Block {
        name: name.to_owned(),
        run: tool(run),
        compiles,
        ..Block::default()
    };
    let mut blocks = vec![Block {
        comment: "A file that cannot be imported does not keep the others from being tested.",
        name: "tests".to_owned(),
        test: true,
        run: tool(&[
            "pytest",
            "-q",
            "--continue-on-collection-errors",
            "--junitxml={report}",
        ]),
        only: words(&["{tests}"]),
        report: Some("junit"),
        ..Block::default()
    }];
    match facts.mypy {
        Some(Mypy::Configured) => blocks.push(quality("mypy", &["mypy"], true)),
        Some(Mypy::Folder) => blocks.push(quality("mypy", &["mypy", "."], true)),
        None => {}
    }
    if facts.ruff {
        blocks.push(quality("ruff", &["ruff", "check", "."], false));
    }
    if facts.black {
        blocks.push(quality("black", &["black", "--check", "."], false));
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::super::tests::rendered;

    #[test]
    fn a_project_is_tested_by_pytest_and_by_the_tools_it_configures() {
        let project = "[project]\nname = \"a\"\n[dependency-groups]\ndev = [\"mypy>=1.8\"]\n[tool.ruff]\nline-length = 100\n";
        assert_eq!(
            rendered(&[("pyproject.toml", project)]),
            r#"# A file that cannot be imported does not keep the others from being tested.
[[check]]
name = "tests"
kind = "test"
run = ["pytest", "-q", "--continue-on-collection-errors", "--junitxml={report}"]
only = ["{tests}"]
report = "junit"

[[check]]
name = "mypy"
kind = "quality"
run = ["mypy", "."]
compiles = true

[[check]]
name = "ruff"
kind = "quality"
run = ["ruff", "check", "."]
"#
        );
    }

    #[test]
    fn mypy_is_told_no_folder_where_its_configuration_names_files() {
        let text = rendered(&[("pyproject.toml", "[tool.mypy]\nfiles = [\"src\"]\n")]);
        assert!(text.contains("run = [\"mypy\"]\n"), "{text}");
    }

    #[test]
    fn requirements_and_setup_cfg_name_tools_too() {
        let text = rendered(&[
            ("requirements-dev.txt", "# tools\nblack==24.1\n"),
            ("setup.cfg", "[mypy]\nstrict = true\n"),
        ]);
        let names: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("name"))
            .collect();
        assert_eq!(
            names,
            ["name = \"tests\"", "name = \"mypy\"", "name = \"black\""]
        );
    }

    #[test]
    fn a_manifest_that_is_not_toml_still_makes_a_python_project() {
        let text = rendered(&[("pyproject.toml", "[broken")]);
        assert_eq!(text.matches("[[check]]").count(), 1);
    }
}
