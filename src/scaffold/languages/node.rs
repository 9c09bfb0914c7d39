//! Node.js: the runner and the quality tools that `package.json` lists, else Node's own runner.

use std::collections::BTreeSet;

use super::{Block, Folder, words};

/// What the manifests say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    packages: BTreeSet<String>,
    /// `scripts.test`, unless it is the one that `npm init` writes.
    script: Option<String>,
    /// There is a `tsconfig.json`.
    typescript: bool,
}

impl Facts {
    /// Says whether the checks need `node_modules`.
    pub(super) fn has_dependencies(&self) -> bool {
        !self.packages.is_empty()
    }

    fn lists(&self, package: &str) -> bool {
        self.packages.contains(package)
    }
}

pub(super) fn look(folder: &Folder) -> Option<Facts> {
    if !folder.has("package.json") {
        return None;
    }
    // A manifest that cannot be read names no tool; npm itself will say what is wrong with it.
    let manifest: serde_json::Value = folder
        .text("package.json")
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let packages: BTreeSet<String> = ["dependencies", "devDependencies"]
        .iter()
        .filter_map(|key| manifest.get(key)?.as_object())
        .flat_map(|object| object.keys().cloned())
        .collect();
    let script = manifest
        .pointer("/scripts/test")
        .and_then(|text| text.as_str())
        .filter(|text| !text.contains("no test specified"))
        .map(str::to_owned);
    Some(Facts {
        typescript: packages.contains("typescript") && folder.has("tsconfig.json"),
        packages,
        script,
    })
}

/// Snapshots and watch modes of the runners behave only where CI is set.
const CI: &[(&str, &str)] = &[("CI", "1")];

pub(super) fn blocks(facts: &Facts, folder: &str) -> Vec<Block> {
    let mut blocks = vec![Block {
        name: "tests".to_owned(),
        test: true,
        env: CI,
        ..tests(facts, folder)
    }];
    let place = if folder.is_empty() { "." } else { folder };
    if facts.lists("eslint") {
        blocks.push(Block {
            name: "eslint".to_owned(),
            run: npx(folder, &["eslint", place]),
            ..Block::default()
        });
    }
    if facts.typescript {
        blocks.push(Block {
            name: "types".to_owned(),
            run: npx(folder, &["tsc", "--noEmit", "--project", place]),
            compiles: true,
            ..Block::default()
        });
    }
    blocks
}

/// Runs a program of the project's own `node_modules`; never downloads one.
fn npx(folder: &str, rest: &[&str]) -> Vec<String> {
    let mut run = words(&["npx", "--no-install"]);
    if !folder.is_empty() {
        // The programs of a folder below are found by their place; npx looks only upwards.
        let program = format!("{folder}/node_modules/.bin/{}", rest[0]);
        run = vec![program];
        run.extend(words(&rest[1..]));
        return run;
    }
    run.extend(words(rest));
    run
}

/// Returns `run`, `only` and `report` of the project's runner.
fn tests(facts: &Facts, folder: &str) -> Block {
    if facts.lists("vitest") {
        return vitest(folder);
    }
    if facts.lists("jest") {
        return jest(facts, folder);
    }
    match &facts.script {
        // A runner that we do not know: its exit code is all that can be read.
        Some(script) if !script.contains("node --test") => {
            let mut run = words(&["npm"]);
            if !folder.is_empty() {
                run.extend(words(&["--prefix", folder]));
            }
            run.push("test".to_owned());
            Block {
                comment: "The runner is not one whose report is known, so only its exit code is read.",
                run,
                report: Some("exit-code"),
                ..Block::default()
            }
        }
        _ => node_test(folder),
    }
}

fn vitest(folder: &str) -> Block {
    let mut rest = vec!["vitest", "run", "--reporter=junit", "--outputFile={report}"];
    if !folder.is_empty() {
        rest.extend(["--root", folder]);
    }
    Block {
        run: npx(folder, &rest),
        only: words(&["{tests}"]),
        report: Some("junit"),
        ..Block::default()
    }
}

fn jest(facts: &Facts, folder: &str) -> Block {
    let mut rest = vec!["jest", "--ci"];
    if !folder.is_empty() {
        rest.extend(["--rootDir", folder]);
    }
    if !facts.lists("jest-junit") {
        return Block {
            comment: "Add jest-junit to the project and its report here to have each test judged by itself.",
            run: npx(folder, &rest),
            only: words(&["{tests}"]),
            report: Some("exit-code"),
            ..Block::default()
        };
    }
    rest.extend(["--reporters=default", "--reporters=jest-junit"]);
    // jest-junit takes the place of its report from the environment alone.
    let mut run = words(&["env", "JEST_JUNIT_OUTPUT_FILE={report}"]);
    run.extend(npx(folder, &rest));
    Block {
        run,
        only: words(&["{tests}"]),
        report: Some("junit"),
        ..Block::default()
    }
}

fn node_test(folder: &str) -> Block {
    let mut run = words(&[
        "node",
        "--test",
        "--test-reporter=junit",
        "--test-reporter-destination={report}",
    ]);
    let mut only = words(&["{tests}"]);
    if !folder.is_empty() {
        // A pattern for Node itself (21 and later): there is no shell to expand it.
        run.push(format!("{folder}/**/*.test.?(c|m)js"));
        only.clear();
    }
    Block {
        run,
        only,
        report: Some("junit"),
        ..Block::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rendered;

    #[test]
    fn a_package_without_a_runner_is_tested_by_nodes_own() {
        let manifest = r#"{"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}}"#;
        assert_eq!(
            rendered(&[("package.json", manifest)]),
            r#"[[check]]
name = "tests"
kind = "test"
run = ["node", "--test", "--test-reporter=junit", "--test-reporter-destination={report}"]
only = ["{tests}"]
report = "junit"
env = { CI = "1" }
"#
        );
    }

    #[test]
    fn vitest_eslint_and_the_compiler_are_used_where_they_are_listed() {
        let manifest = r#"{"devDependencies": {"vitest": "3", "eslint": "9", "typescript": "5"}}"#;
        assert_eq!(
            rendered(&[("package.json", manifest), ("tsconfig.json", "{}")]),
            r#"[[check]]
name = "tests"
kind = "test"
run = ["npx", "--no-install", "vitest", "run", "--reporter=junit", "--outputFile={report}"]
only = ["{tests}"]
report = "junit"
env = { CI = "1" }

[[check]]
name = "eslint"
kind = "quality"
run = ["npx", "--no-install", "eslint", "."]

[[check]]
name = "types"
kind = "quality"
run = ["npx", "--no-install", "tsc", "--noEmit", "--project", "."]
compiles = true
"#
        );
    }

    #[test]
    fn jest_gives_a_report_only_with_its_reporter() {
        let plain = rendered(&[("package.json", r#"{"devDependencies": {"jest": "30"}}"#)]);
        assert!(plain.contains("report = \"exit-code\""), "{plain}");
        let with = r#"{"devDependencies": {"jest": "30", "jest-junit": "16"}}"#;
        let with = rendered(&[("package.json", with)]);
        assert!(
            with.contains("run = [\"env\", \"JEST_JUNIT_OUTPUT_FILE={report}\", \"npx\""),
            "{with}"
        );
    }

    #[test]
    fn an_unknown_runner_is_started_by_npm_and_read_by_its_exit_code() {
        let text = rendered(&[("web/package.json", r#"{"scripts": {"test": "mocha"}}"#)]);
        assert!(
            text.contains(
                "run = [\"npm\", \"--prefix\", \"web\", \"test\"]\nreport = \"exit-code\""
            ),
            "{text}"
        );
    }
}
