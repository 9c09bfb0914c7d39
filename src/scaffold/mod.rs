//! What `init` writes: a policy for the languages it finds, and the workflow's documents in their empty form.
//! Text in, text out; nothing here reads a file or asks git.

pub mod documents;
pub mod existing;
pub mod languages;

use std::fmt::Write as _;

use existing::Kind;
use languages::Project;

use crate::policy::{BranchNames, Policy};

/// What the policy of a new repository says beyond the checks.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Random text for `[approval] repository`.
    pub name: String,
    /// The branch that lands only by approval.
    pub protected: String,
    /// The branch where work meets before that, where there is one.
    pub integration: Option<String>,
    /// Documents that are there already, at other places than the default ones.
    pub documents: Vec<(Kind, String)>,
}

/// Writes `.pdd.toml`: only what differs from the defaults, and the checks of every project.
pub fn policy(repository: &Repository, projects: &[Project]) -> String {
    let mut text = String::from(
        "# How Persona-Driven Development is kept in this repository. A key that is absent has its default:\n\
         # `pdd-hooks schema` lists every key, `pdd-hooks rules` the rules.\n\
         \n\
         # Raise this number with every change of this file.\n\
         policy = 1\n",
    );
    text.push_str(&documents_elsewhere(&repository.documents));
    text.push_str(&branch(
        &repository.protected,
        repository.integration.as_deref(),
    ));
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\n[approval]\n\
         # Names this repository in what is signed; an approval for another repository does not count here.\n\
         repository = {}\n",
        quoted(&repository.name)
    );
    text.push_str(&validation(projects));
    for block in languages::checks(projects) {
        text.push('\n');
        text.push_str(&block.render());
    }
    if projects.is_empty() {
        text.push_str(NO_PROJECT);
    }
    text
}

/// What stands in place of checks where no language was found.
const NO_PROJECT: &str = "
# No Cargo.toml, pyproject.toml, package.json or go.mod was found. Say how this project is tested:
#
# [[check]]
# name = \"tests\"
# kind = \"test\"
# run = [\"make\", \"test\"]
# report = \"exit-code\"
";

/// Names the documents that are elsewhere, and makes records of them.
fn documents_elsewhere(documents: &[(Kind, String)]) -> String {
    if documents.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n[task]\n# Documents that were there before.\n");
    for (kind, path) in documents {
        text.push_str(&format!("{} = {}\n", kind.key(), quoted(path)));
    }
    let default = Policy::default().paths.record;
    let is_other = |path: &&String| !default.matches(path.as_bytes());
    let others = documents.iter().map(|(_, path)| path).filter(is_other);
    let globs: Vec<String> = default.as_slice().iter().chain(others).cloned().collect();
    if globs.len() > default.as_slice().len() {
        text.push_str(&format!(
            "\n[paths]\n# The default, and those documents.\nrecord = {}\n",
            list(&globs)
        ));
    }
    text
}

fn branch(protected: &str, integration: Option<&str>) -> String {
    let defaults = BranchNames::default();
    let mut lines = String::new();
    if !defaults.protected.iter().any(|name| name == protected) {
        lines.push_str(&format!(
            "# Takes changes only by approval.\nprotected = [{}]\n",
            quoted(protected)
        ));
    }
    let is_default = |name: &str| defaults.integration.iter().any(|it| it == name);
    match integration {
        Some(name) if !is_default(name) => lines.push_str(&format!(
            "# Where work meets before it lands.\nintegration = [{}]\n",
            quoted(name)
        )),
        None if is_default(protected) => lines
            .push_str("# The default, `dev`, is the protected branch here.\nintegration = []\n"),
        _ => {}
    }
    match lines.is_empty() {
        true => lines,
        false => format!("\n[branch]\n{lines}"),
    }
}

fn validation(projects: &[Project]) -> String {
    let carry: Vec<String> = projects.iter().filter_map(Project::carry).collect();
    if carry.is_empty() {
        return String::new();
    }
    format!(
        "\n[validation]\n# Untracked, and needed by the checks: copied to where they run.\ncarry = {}\n",
        list(&carry)
    )
}

/// Writes a TOML basic string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Writes a TOML array of strings on one line.
pub(crate) fn list(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("[{}]", words.join(", "))
}

/// Returns the branch that a new policy should protect: the remote's default branch, else the usual names, else the
/// branch that is checked out, if it is no work branch.
///
/// `remote` is what `origin/HEAD` names, `current` the branch checked out, both without `refs/`; `exists` says whether a
/// local branch exists.
pub fn protected_branch(
    remote: Option<&str>,
    current: Option<&str>,
    exists: impl Fn(&str) -> bool,
) -> String {
    use crate::change::Role;
    let defaults = Policy::default();
    let role = |name: &str| match USUAL.contains(&name) {
        true => Role::Integration,
        false => defaults.role(name, &[]),
    };
    let names_no_work = |name: &&str| matches!(role(name), Role::Protected | Role::Other);
    remote
        .filter(names_no_work)
        .or_else(|| {
            ["main", "master", "trunk"]
                .into_iter()
                .find(|name| exists(name))
        })
        .or(current.filter(names_no_work))
        // A repository that has nothing but `dev` lands there.
        .or(remote)
        .or(current.filter(|name| role(name) == Role::Integration))
        .unwrap_or("main")
        .to_owned()
}

/// What people call the branch where work meets.
const USUAL: [&str; 2] = ["dev", "develop"];

/// Returns the branch where work meets before it lands, of the usual names; `exists` says whether it is there, here or on a
/// remote.
pub fn integration_branch(protected: &str, exists: impl Fn(&str) -> bool) -> Option<&'static str> {
    let mut usual = USUAL.into_iter();
    usual.find(|name| *name != protected && exists(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use languages::detect;

    fn written(files: &[(&str, &str)], protected: &str) -> (String, Policy) {
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
        let repository = Repository {
            name: "00112233445566778899aabbccddeeff".into(),
            protected: protected.into(),
            integration: None,
            documents: Vec::new(),
        };
        let text = policy(&repository, &projects);
        let parsed =
            Policy::parse(&text, ".pdd.toml").unwrap_or_else(|error| panic!("{error}\n{text}"));
        (text, parsed)
    }

    #[test]
    fn a_repository_without_a_language_gets_a_policy_that_says_what_to_add() {
        let (text, policy) = written(&[("README.md", "")], "main");
        assert_eq!(
            text,
            "# How Persona-Driven Development is kept in this repository. A key that is absent has its default:\n\
             # `pdd-hooks schema` lists every key, `pdd-hooks rules` the rules.\n\
             \n\
             # Raise this number with every change of this file.\n\
             policy = 1\n\
             \n\
             [approval]\n\
             # Names this repository in what is signed; an approval for another repository does not count here.\n\
             repository = \"00112233445566778899aabbccddeeff\"\n\
             \n\
             # No Cargo.toml, pyproject.toml, package.json or go.mod was found. Say how this project is tested:\n\
             #\n\
             # [[check]]\n\
             # name = \"tests\"\n\
             # kind = \"test\"\n\
             # run = [\"make\", \"test\"]\n\
             # report = \"exit-code\"\n"
        );
        let mut expected = Policy::default();
        expected.approval.repository = "00112233445566778899aabbccddeeff".into();
        assert_eq!(policy, expected);
        let sample: String = text
            .lines()
            .skip_while(|line| *line != "# [[check]]")
            .map(|line| line.trim_start_matches("# ").to_owned() + "\n")
            .collect();
        assert_eq!(Policy::parse(&sample, "sample").unwrap().check.len(), 1);
    }

    #[test]
    fn another_protected_branch_is_written_and_dev_is_then_no_integration_branch() {
        let (_, policy) = written(&[], "trunk");
        assert_eq!(policy.branch.protected, ["trunk"]);
        assert_eq!(policy.branch.integration, ["dev"]);
        let (_, policy) = written(&[], "dev");
        assert_eq!(policy.branch.protected, ["dev"]);
        assert!(policy.branch.integration.is_empty());
    }

    #[test]
    fn an_integration_branch_of_another_name_is_written() {
        for (protected, there, expected) in [
            ("main", &["main", "develop"][..], &["develop"][..]),
            ("main", &["dev", "develop"], &["dev"]),
            ("dev", &["dev", "develop"], &["develop"]),
            ("develop", &["develop"], &["dev"]),
        ] {
            let text = branch(
                protected,
                integration_branch(protected, |name| there.contains(&name)),
            );
            let policy = Policy::parse(&text, "test").unwrap();
            assert_eq!(policy.branch.integration, expected, "{text}");
            assert_eq!(policy.branch.protected, [protected]);
        }
    }

    #[test]
    fn documents_elsewhere_are_named_and_become_records() {
        let place = |kind, path: &str| (kind, path.to_owned());
        let text = documents_elsewhere(&[
            place(Kind::Tasklist, "docs/Tasklist.md"),
            place(Kind::Devlog, "context/DEVLOG.md"),
        ]);
        assert_eq!(
            text,
            "\n[task]\n# Documents that were there before.\ntasklist = \"docs/Tasklist.md\"\ndevlog = \"context/DEVLOG.md\"\n\
             \n[paths]\n# The default, and those documents.\nrecord = [\"context/**\", \"docs/Tasklist.md\"]\n"
        );
        let own = documents_elsewhere(&[place(Kind::Devlog, "context/DEVLOG.md")]);
        assert!(!own.contains("[paths]"), "{own}");
    }

    #[test]
    fn every_language_and_all_of_them_together_give_a_policy_that_parses() {
        let files = [
            ("Cargo.toml", "[package]\nname = \"a\"\n"),
            ("pyproject.toml", "[tool.mypy]\n[tool.ruff]\n[tool.black]\n"),
            (
                "web/package.json",
                r#"{"devDependencies": {"vitest": "3", "eslint": "9"}}"#,
            ),
            ("go.mod", "module example.org/a\n"),
        ];
        for file in files {
            let (_, policy) = written(&[file], "main");
            assert!(!policy.check.is_empty(), "{}", file.0);
        }
        let (text, policy) = written(&files, "main");
        let mut names: Vec<_> = policy.check.iter().map(|check| &check.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), policy.check.len(), "{text}");
        assert_eq!(policy.validation.carry, ["web/node_modules"]);
    }

    #[test]
    fn the_protected_branch_is_the_remotes_then_a_usual_name_then_the_current_one() {
        let none = |_: &str| false;
        let cases = [
            (protected_branch(Some("trunk"), Some("dev"), none), "trunk"),
            (
                protected_branch(None, Some("feat/TASK-1-x"), |name| name == "master"),
                "master",
            ),
            (
                protected_branch(Some("dev"), Some("dev"), |name| name == "main"),
                "main",
            ),
            (protected_branch(None, Some("release"), none), "release"),
            (protected_branch(None, Some("feat/TASK-1-x"), none), "main"),
            (protected_branch(None, Some("dev"), none), "dev"),
            (
                protected_branch(Some("develop"), Some("develop"), |name| name == "main"),
                "main",
            ),
            (protected_branch(Some("develop"), None, none), "develop"),
            (protected_branch(None, None, none), "main"),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
