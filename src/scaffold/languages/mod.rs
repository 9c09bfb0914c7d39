//! Which projects a repository holds, at its top and one folder down, and the checks that each asks for.
//! It is handed file names and texts, and knows no file system.

mod go;
mod node;
mod python;
mod rust;

use std::collections::BTreeSet;

use super::{list, quoted};

/// A project: a language and the folder that holds its manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The language, with what its manifests say.
    pub language: Language,
    /// The folder from the top of the repository; empty for the top itself.
    pub folder: String,
}

/// A language, with what the manifests say about its tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Language {
    /// `Cargo.toml`.
    Rust(rust::Facts),
    /// `pyproject.toml`, `setup.cfg` or `requirements*.txt`.
    Python(python::Facts),
    /// `package.json`.
    Node(node::Facts),
    /// `go.mod`.
    Go,
}

/// One `[[check]]` to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    comment: &'static str,
    name: String,
    test: bool,
    run: Vec<String>,
    only: Vec<String>,
    report: Option<&'static str>,
    env: &'static [(&'static str, &'static str)],
    paths: Vec<String>,
    compiles: bool,
}

impl Block {
    pub(crate) fn render(&self) -> String {
        let mut lines = vec!["[[check]]".to_owned()];
        if !self.comment.is_empty() {
            lines.insert(0, format!("# {}", self.comment));
        }
        lines.push(format!("name = {}", quoted(&self.name)));
        let kind = if self.test { "test" } else { "quality" };
        lines.push(format!("kind = {}", quoted(kind)));
        lines.push(format!("run = {}", list(&self.run)));
        if !self.only.is_empty() {
            lines.push(format!("only = {}", list(&self.only)));
        }
        if let Some(report) = self.report {
            lines.push(format!("report = {}", quoted(report)));
        }
        if !self.env.is_empty() {
            let pairs: Vec<String> = self
                .env
                .iter()
                .map(|(name, value)| format!("{name} = {}", quoted(value)))
                .collect();
            lines.push(format!("env = {{ {} }}", pairs.join(", ")));
        }
        if !self.paths.is_empty() {
            lines.push(format!("paths = {}", list(&self.paths)));
        }
        if self.compiles {
            lines.push("compiles = true".to_owned());
        }
        lines.join("\n") + "\n"
    }
}

/// The manifests of one folder.
struct Folder<'a> {
    name: &'a str,
    files: &'a BTreeSet<&'a str>,
    read: &'a dyn Fn(&str) -> Option<String>,
    environment: &'a dyn Fn(&str) -> Option<&'static str>,
}

impl Folder<'_> {
    /// Returns the path of a file of this folder, from the top.
    fn path(&self, file: &str) -> String {
        if self.name.is_empty() {
            file.to_owned()
        } else {
            format!("{}/{file}", self.name)
        }
    }

    fn has(&self, file: &str) -> bool {
        self.files.contains(self.path(file).as_str())
    }

    /// Returns the text of a file; none where it is absent or cannot be read.
    fn text(&self, file: &str) -> Option<String> {
        if self.has(file) {
            (self.read)(&self.path(file))
        } else {
            None
        }
    }

    /// Returns the names of the files in this folder itself.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.files
            .iter()
            .filter(|path| folder_of(path) == self.name)
            .map(|path| path.rsplit('/').next().unwrap_or(path))
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

type Look = fn(&Folder) -> Option<Language>;

/// The order of the checks in the policy.
const LOOKS: [Look; 4] = [
    |folder| rust::look(folder).map(Language::Rust),
    |folder| python::look(folder).map(Language::Python),
    |folder| node::look(folder).map(Language::Node),
    |folder| folder.has("go.mod").then_some(Language::Go),
];

/// Finds the projects. `files` are the paths that git tracks or would track, from the top; `read` returns a text;
/// `environment` names the virtual environment that a Python project's tools have to be taken from, in its folder.
///
/// A language found at the top is not looked for in the folders below: those are its members, examples and fixtures.
pub fn detect(
    files: &[String],
    read: impl Fn(&str) -> Option<String>,
    environment: impl Fn(&str) -> Option<&'static str>,
) -> Vec<Project> {
    let files: BTreeSet<&str> = files.iter().map(String::as_str).collect();
    let below: BTreeSet<&str> = files
        .iter()
        .map(|path| folder_of(path))
        .filter(|folder| !folder.is_empty() && !folder.contains('/') && !folder.starts_with('.'))
        .collect();
    let project = |look: Look, name: &str| {
        let folder = Folder {
            name,
            files: &files,
            read: &read,
            environment: &environment,
        };
        look(&folder).map(|language| Project {
            language,
            folder: name.to_owned(),
        })
    };
    LOOKS
        .into_iter()
        .flat_map(|look| match project(look, "") {
            Some(top) => vec![top],
            None => below
                .iter()
                .filter_map(|name| project(look, name))
                .collect(),
        })
        .collect()
}

impl Project {
    /// Says which language it is and where, for people: `Rust`, `Node.js in web/`.
    pub fn describe(&self) -> String {
        let language = match self.language {
            Language::Rust(_) => "Rust",
            Language::Python(_) => "Python",
            Language::Node(_) => "Node.js",
            Language::Go => "Go",
        };
        if self.folder.is_empty() {
            language.to_owned()
        } else {
            format!("{language} in {}/", self.folder)
        }
    }

    /// Returns the untracked folder that its checks need, where there is one.
    pub(crate) fn carry(&self) -> Option<String> {
        match &self.language {
            Language::Node(facts) if facts.has_dependencies() => Some(self.path("node_modules")),
            Language::Python(facts) => Some(self.path(facts.environment()?)),
            _ => None,
        }
    }

    /// Returns a path inside the project's folder, from the top.
    fn path(&self, file: &str) -> String {
        if self.folder.is_empty() {
            file.to_owned()
        } else {
            format!("{}/{file}", self.folder)
        }
    }

    /// Returns its checks. Those of a folder run in it, since most tools look for their configuration where they are
    /// started, and `is_first` says that source which belongs to no project falls to them.
    fn blocks(&self, is_first: bool) -> Vec<Block> {
        let mut blocks = match &self.language {
            Language::Rust(facts) => rust::blocks(facts),
            Language::Python(facts) => python::blocks(facts),
            Language::Node(facts) => node::blocks(facts),
            Language::Go => go::blocks(),
        };
        if self.folder.is_empty() {
            return blocks;
        }
        for block in &mut blocks {
            let inside = words(&["env", "-C", &self.folder]);
            block.run.splice(0..0, inside);
            // Source that no test check looks at is refused.
            if !(is_first && block.test) {
                block.paths = vec![format!("{}/**", escaped(&self.folder))];
            }
        }
        blocks
    }
}

/// Writes a folder's name so that no letter of it means anything in a glob.
fn escaped(folder: &str) -> String {
    folder.chars().fold(String::new(), |mut text, letter| {
        if "*?[]{}\\!".contains(letter) {
            text.push('\\');
        }
        text.push(letter);
        text
    })
}

/// Returns the checks of all projects under names of their own: `tests`, or `tests-web` where another has that name.
pub(crate) fn checks(projects: &[Project]) -> Vec<Block> {
    let mut taken = BTreeSet::new();
    let mut blocks: Vec<Block> = Vec::new();
    for (place, project) in projects.iter().enumerate() {
        let is_first = place == 0 && projects.iter().all(|other| !other.folder.is_empty());
        for mut block in project.blocks(is_first) {
            let plain = block.name.clone();
            let place = if project.folder.is_empty() {
                project.describe().to_lowercase()
            } else {
                project.folder.clone()
            };
            let candidates = [plain.clone(), format!("{plain}-{place}")]
                .into_iter()
                .chain((2..).map(|number| format!("{plain}-{place}-{number}")));
            block.name = candidates
                .filter(|name| !taken.contains(name))
                .take(1)
                .collect();
            taken.insert(block.name.clone());
            blocks.push(block);
        }
    }
    blocks
}

/// Collects the arguments of a command.
fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Renders the checks of a repository that holds these files.
    pub(super) fn rendered(files: &[(&str, &str)]) -> String {
        let names: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        let projects = detect(
            &names,
            |path| {
                files
                    .iter()
                    .find(|(name, _)| *name == path)
                    .map(|(_, text)| (*text).to_owned())
            },
            |_| None,
        );
        checks(&projects)
            .iter()
            .map(Block::render)
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn described(files: &[&str]) -> Vec<String> {
        let names: Vec<String> = files.iter().map(|&name| name.to_owned()).collect();
        detect(&names, |_| Some(String::new()), |_| None)
            .iter()
            .map(Project::describe)
            .collect()
    }

    #[test]
    fn projects_stand_at_the_top_and_one_folder_down_and_no_deeper() {
        assert_eq!(
            described(&["Cargo.toml", "web/package.json", "a/b/go.mod"]),
            ["Rust", "Node.js in web/"]
        );
    }

    #[test]
    fn a_language_at_the_top_hides_its_members_and_hidden_folders_are_left_alone() {
        assert_eq!(
            described(&["Cargo.toml", "crates/Cargo.toml", ".github/package.json"]),
            ["Rust"]
        );
    }

    #[test]
    fn a_project_in_a_folder_runs_there_and_for_changes_there() {
        let text = rendered(&[("Cargo.toml", ""), ("[web]/package.json", "{}")]);
        let (_, web) = text.split_once("name = \"tests-[web]\"").unwrap();
        assert!(
            web.contains("run = [\"env\", \"-C\", \"[web]\", \"node\", \"--test\"")
                && web.contains(r"paths = ['\[web\]/**']"),
            "{web}"
        );
        assert_eq!(text.matches("paths").count(), 1);
    }

    #[test]
    fn where_the_top_has_no_project_the_first_one_s_tests_look_at_all_source() {
        let text = rendered(&[("api/go.mod", ""), ("cli/go.mod", "")]);
        let scopes: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("name") || line.starts_with("paths"))
            .collect();
        assert_eq!(
            scopes,
            [
                "name = \"tests\"",
                "name = \"vet\"",
                "paths = [\"api/**\"]",
                "name = \"tests-cli\"",
                "paths = [\"cli/**\"]",
                "name = \"vet-cli\"",
                "paths = [\"cli/**\"]",
            ]
        );
    }

    #[test]
    fn two_projects_of_one_language_get_checks_of_their_own_names() {
        let text = rendered(&[("api/go.mod", ""), ("cli/go.mod", "")]);
        let names: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("name"))
            .collect();
        assert_eq!(
            names,
            [
                "name = \"tests\"",
                "name = \"vet\"",
                "name = \"tests-cli\"",
                "name = \"vet-cli\""
            ]
        );
    }
}
