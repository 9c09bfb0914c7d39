//! What `init` writes: a policy for the languages it finds, and the workflow's documents in their empty form.
//! Text in, text out; nothing here reads a file or asks git.

pub mod documents;
pub mod languages;

use std::fmt::Write as _;

use languages::Project;

use crate::policy::{BranchNames, Policy};

/// What the policy of a new repository says beyond the checks.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Random text for `[approval] repository`.
    pub name: String,
    /// The branch that lands only by approval.
    pub protected: String,
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
    text.push_str(&branch(&repository.protected));
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

fn branch(protected: &str) -> String {
    let defaults = BranchNames::default();
    let mut text = String::new();
    if !defaults.protected.iter().any(|name| name == protected) {
        let _ = write!(
            text,
            "\n[branch]\n# Takes changes only by approval.\nprotected = [{}]\n",
            quoted(protected)
        );
    }
    if defaults.integration.iter().any(|name| name == protected) {
        text.push_str("# The default, `dev`, is the protected branch here.\nintegration = []\n");
    }
    text
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
    let names_no_work =
        |name: &&str| matches!(defaults.role(name, &[]), Role::Protected | Role::Other);
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
        .or(current.filter(|name| defaults.role(name, &[]) == Role::Integration))
        .unwrap_or("main")
        .to_owned()
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
            (protected_branch(None, None, none), "main"),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
