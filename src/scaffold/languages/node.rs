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

pub(super) fn blocks(facts: &Facts) -> Vec<Block> {
    let mut blocks = vec![Block {
        name: "tests".to_owned(),
        test: true,
        ..tests(facts)
    }];
    if facts.lists("eslint") {
        blocks.push(Block {
            name: "eslint".to_owned(),
            run: installed(&["eslint", "."]),
            ..Block::default()
        });
    }
    if facts.lists("prettier") {
        blocks.push(Block {
            name: "prettier".to_owned(),
            // The workflow's documents are written by this program, which has a form of its own.
            run: installed(&["prettier", "--check", ".", "!context/**"]),
            ..Block::default()
        });
    }
    if facts.typescript {
        blocks.push(Block {
            name: "types".to_owned(),
            run: installed(&["tsc", "--noEmit"]),
            compiles: true,
            ..Block::default()
        });
    }
    blocks
}

/// Runs a program of the project's own `node_modules`. Not by npx: what is not there must be named, not looked for.
fn installed(command: &[&str]) -> Vec<String> {
    let mut run = words(command);
    run[0] = format!("node_modules/.bin/{}", run[0]);
    run
}

/// Returns `run`, `only`, `report` and `env` of the project's runner.
fn tests(facts: &Facts) -> Block {
    let block = Block {
        only: words(&["{tests}"]),
        report: Some("junit"),
        ..Block::default()
    };
    if facts.lists("vitest") {
        return Block {
            run: installed(&[
                "vitest",
                "run",
                "--reporter=default",
                "--reporter=junit",
                "--outputFile.junit={report}",
            ]),
            ..block
        };
    }
    if facts.lists("jest") {
        return jest(facts, block);
    }
    match &facts.script {
        // A runner that we do not know: its exit code is all that can be read.
        Some(script) if !script.contains("node --test") => Block {
            comment: "The runner is not one whose report is known, so only its exit code is read.",
            run: words(&["npm", "test"]),
            report: Some("exit-code"),
            ..Block::default()
        },
        _ => Block {
            run: words(&[
                "node",
                "--test",
                "--test-reporter=spec",
                "--test-reporter-destination=stdout",
                "--test-reporter=junit",
                "--test-reporter-destination={report}",
            ]),
            ..block
        },
    }
}

fn jest(facts: &Facts, block: Block) -> Block {
    if !facts.lists("jest-junit") {
        return Block {
            comment: "Add jest-junit to the project and its report here to have each test judged by itself.",
            run: installed(&["jest", "--ci"]),
            report: Some("exit-code"),
            ..Block::default()
        };
    }
    Block {
        run: installed(&[
            "jest",
            "--ci",
            "--reporters=default",
            "--reporters=jest-junit",
        ]),
        // Without an option before them the files would be taken for reporters.
        only: words(&["--runTestsByPath", "{tests}"]),
        env: JEST_JUNIT,
        ..block
    }
}

/// jest-junit is configured by the environment alone. By itself it names no files, and leaves out those that cannot be
/// loaded.
const JEST_JUNIT: &[(&str, &str)] = &[
    ("JEST_JUNIT_OUTPUT_FILE", "{report}"),
    ("JEST_JUNIT_ADD_FILE_ATTRIBUTE", "true"),
    ("JEST_JUNIT_REPORT_TEST_SUITE_ERRORS", "true"),
];

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
run = ["node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=junit", "--test-reporter-destination={report}"]
only = ["{tests}"]
report = "junit"
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
run = ["node_modules/.bin/vitest", "run", "--reporter=default", "--reporter=junit", "--outputFile.junit={report}"]
only = ["{tests}"]
report = "junit"

[[check]]
name = "eslint"
kind = "quality"
run = ["node_modules/.bin/eslint", "."]

[[check]]
name = "types"
kind = "quality"
run = ["node_modules/.bin/tsc", "--noEmit"]
compiles = true
"#
        );
    }

    #[test]
    fn jest_gives_a_report_only_with_its_reporter() {
        let plain = rendered(&[("package.json", r#"{"devDependencies": {"jest": "30"}}"#)]);
        assert!(plain.contains("report = \"exit-code\""), "{plain}");
        // An exit code tells nothing of one test, so that none can be chosen.
        assert!(!plain.contains("only"), "{plain}");
        let with = r#"{"devDependencies": {"jest": "30", "jest-junit": "16"}}"#;
        let with = rendered(&[("package.json", with)]);
        assert!(
            with.contains("JEST_JUNIT_OUTPUT_FILE = \"{report}\"") && with.contains("\"junit\""),
            "{with}"
        );
        assert!(
            with.contains(r#"only = ["--runTestsByPath", "{tests}"]"#),
            "{with}"
        );
    }

    #[test]
    fn an_unknown_runner_is_started_by_npm_and_read_by_its_exit_code() {
        let text = rendered(&[("web/package.json", r#"{"scripts": {"test": "mocha"}}"#)]);
        assert!(
            text.contains(
                "run = [\"env\", \"-C\", \"web\", \"npm\", \"test\"]\nreport = \"exit-code\""
            ),
            "{text}"
        );
    }
}
