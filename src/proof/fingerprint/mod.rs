//! What decides a check's verdict, in one digest: the key under which a pass is cached (PROOF.md, section 6). It looks at
//! names and stamps of files; it starts no process, so that a cached pass costs none.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Environment;
use crate::evidence::ledger;
use crate::id::TreeId;
use crate::policy::{CheckBlock, CheckKind, Globs, ReportForm};

mod languages;
mod tools;

/// Everything in a check's block that decides its verdict, its keys sorted; `only` chooses among tests and decides none.
#[derive(Serialize)]
struct Definition<'a> {
    baseline: bool,
    compiles: bool,
    env: &'a BTreeMap<String, String>,
    kind: CheckKind,
    name: &'a str,
    paths: &'a Globs,
    report: ReportForm,
    run: &'a [String],
    timeout: &'a str,
}

/// Returns the digest of a check's block, SHA-256 in hexadecimal over its compact JSON; the same in every version.
pub fn definition(check: &CheckBlock) -> String {
    let definition = Definition {
        baseline: check.baseline,
        compiles: check.compiles,
        env: &check.env,
        kind: check.kind,
        name: &check.name,
        paths: &check.paths,
        report: check.report,
        run: &check.run,
        timeout: &check.timeout,
    };
    let json = serde_json::to_vec(&definition).expect("texts and flags are always JSON");
    ledger::digest(&json)
}

/// Returns the key of a pass, SHA-256 in hexadecimal: of the tree, the check's block, this version, the programs that run,
/// the variables that they heed, what was carried into the slot and, for a pass over a base alone, that base.
pub fn key(
    tree: &TreeId,
    check: &CheckBlock,
    environment: &Environment,
    carry: &str,
    base: Option<&TreeId>,
) -> String {
    let mut digest = Labelled(Sha256::new());
    digest.add("tree", tree.as_str());
    digest.add("definition", definition(check));
    digest.add("version", env!("CARGO_PKG_VERSION"));
    for line in tools::stamps(check, environment) {
        digest.add("tool", line);
    }
    for (name, value) in environment.iter() {
        let name = name.as_encoded_bytes();
        if is_heeded(name) {
            digest.add("name", name);
            digest.add("value", value.as_encoded_bytes());
        }
    }
    digest.add("carry", carry);
    if let Some(base) = base {
        digest.add("base", base.as_str());
    }
    digest.end()
}

/// A digest of labelled parts, each with its length before it, so that no two lists of parts read the same.
struct Labelled(Sha256);

impl Labelled {
    fn add(&mut self, label: &str, part: impl AsRef<[u8]>) {
        for bytes in [label.as_bytes(), part.as_ref()] {
            self.0.update((bytes.len() as u64).to_be_bytes());
            self.0.update(bytes);
        }
    }

    fn end(self) -> String {
        let digest = self.0.finalize();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The variables that programs of the known languages heed. Not all of them: a variable that differs from shell to shell
/// (`SSH_AUTH_SOCK`, `WINDOWID`) would make each new shell run everything again.
const HEEDED: &[&str] = &[
    "AR",
    "CC",
    "CONDA_PREFIX",
    "CXX",
    "HOME",
    "JAVA_HOME",
    "LANG",
    "PATH",
    "TZ",
    "VIRTUAL_ENV",
];

/// The beginnings of the names of further such variables.
const HEEDED_BEGINNINGS: &[&str] = &[
    "CARGO_",
    "DYLD_",
    "GO",
    "LC_",
    "LD_",
    "NODE_",
    "NPM_CONFIG_",
    "POETRY_",
    "PYENV_",
    "PYTHON",
    "RUST",
    "UV_",
    "npm_config_",
];

/// Their ends: `CFLAGS`, `RUSTFLAGS`.
const HEEDED_END: &str = "FLAGS";

/// What cargo and rustup tell the programs that they run (The Cargo Book, "Environment Variables"): these speak of the
/// surrounding run, not of the check's.
const OF_A_SURROUNDING_RUN: &[&str] = &[
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_MAKEFLAGS",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TARGET_TMPDIR",
    "RUST_RECURSION_COUNT",
];

fn is_heeded(name: &[u8]) -> bool {
    let begins = |list: &[&str]| list.iter().any(|start| name.starts_with(start.as_bytes()));
    let is_listed = HEEDED.iter().any(|listed| name == listed.as_bytes());
    let is_heeded = is_listed || begins(HEEDED_BEGINNINGS) || name.ends_with(HEEDED_END.as_bytes());
    is_heeded && !begins(OF_A_SURROUNDING_RUN)
}

#[cfg(test)]
mod tests;
