//! What it costs to check a record's signature: as every verdict over a landing does for each record that it counts.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use pdd_hooks::evidence::envelope::Envelope;
use pdd_hooks::evidence::signers::{Namespace, Signers};
use pdd_hooks::evidence::statement::{Predicate, Statement};
use pdd_hooks::id::TreeId;
use pdd_hooks::signing::{Asks, Key};

use super::row::Row;
use super::support::{Programs, in_turns, run, run_timed, size};

/// The checks that make one sample: one alone is too quick for a clock.
const CHECKS: u32 = 200;

/// The kinds of key, with `ssh-keygen`'s words for them and the goal, in checks a second.
const KINDS: [(&str, &str, &str, Option<f64>); 3] = [
    ("Ed25519", "ed25519", "256", Some(5_000.0)),
    ("ECDSA P-256", "ecdsa", "256", None),
    ("RSA 3072", "rsa", "3072", None),
];

pub(crate) fn measure(_: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (name, kind, bits, goal) in KINDS {
        rows.extend(of_kind(name, [kind, bits], goal, folder)?);
    }
    Ok(rows)
}

fn of_kind(
    name: &str,
    [kind, bits]: [&str; 2],
    goal: Option<f64>,
    folder: &Path,
) -> io::Result<[Row; 2]> {
    let runs = size("PDD_BENCH_RUNS", 100)?;
    let path = folder.join(kind);
    let mut make = Command::new("ssh-keygen");
    make.args(["-q", "-t", kind, "-b", bits, "-N", "", "-f"]);
    run(make.arg(&path))?;
    let key = Key::at(&path).map_err(io::Error::other)?;
    let text = format!("ann@example.org {}\n", key.public());
    let signers = Signers::parse(&text).map_err(io::Error::other)?;
    let statements: Vec<Statement> = (0..CHECKS).map(statement).collect();
    let signed = key
        .sign(&statements, Namespace::Evidence, Asks::Never)
        .map_err(io::Error::other)?;
    let lines: Result<Vec<Vec<u8>>, _> = signed.iter().map(Envelope::to_line).collect();
    let lines = lines.map_err(io::Error::other)?;
    let plain = Plain::of(folder, &text, signed.first())?;
    let now = Timestamp::now();
    let [theirs, ours] = in_turns(runs, |variant, _| match variant {
        0 => plain.verify(),
        _ => {
            let start = Instant::now();
            for line in &lines {
                check(&signers, line, now)?;
            }
            Ok(start.elapsed() / CHECKS)
        }
    })?;
    let what = |how| format!("signature checks by {name}, {how}");
    Ok([
        Row::rate(what("line read and verified"), goal, runs, &ours),
        Row::rate(what("`ssh-keygen -Y verify`"), None, runs, &theirs),
    ])
}

/// A record of the size of a small validation's.
fn statement(number: u32) -> Statement {
    let mut body = serde_json::Map::new();
    body.insert("number".into(), number.into());
    body.insert("tests".into(), "a_claim_of_a_test ".repeat(100).into());
    let kind = "https://example.org/bench/v1".into();
    Statement::about(
        &TreeId::new(format!("{number:040x}")),
        None,
        Predicate::Other { kind, body },
    )
}

fn check(signers: &Signers, line: &[u8], now: Timestamp) -> io::Result<()> {
    let envelope = Envelope::parse(line).map_err(io::Error::other)?;
    let verdicts = signers.verify(&envelope, Namespace::Evidence, now);
    match verdicts.into_iter().next() {
        Some(Ok(_)) => Ok(()),
        // A check that fails early would look like a very good result.
        other => Err(io::Error::other(format!("{other:?}"))),
    }
}

/// One record as `ssh-keygen` reads it.
struct Plain {
    signers: PathBuf,
    signature: PathBuf,
    bytes: PathBuf,
}

impl Plain {
    fn of(folder: &Path, signers: &str, envelope: Option<&Envelope>) -> io::Result<Self> {
        let envelope = envelope.ok_or_else(|| io::Error::other("nothing was signed"))?;
        let [one] = envelope.signatures.as_slice() else {
            return Err(io::Error::other("it was not signed once"));
        };
        let plain = Self {
            signers: folder.join("signers"),
            signature: folder.join("signature"),
            bytes: folder.join("bytes"),
        };
        std::fs::write(&plain.signers, signers)?;
        std::fs::write(&plain.signature, &one.sig)?;
        std::fs::write(&plain.bytes, envelope.pae())?;
        Ok(plain)
    }

    fn verify(&self) -> io::Result<Duration> {
        let mut verify = Command::new("ssh-keygen");
        let namespace = Namespace::Evidence.as_str();
        verify.args(["-Y", "verify", "-n", namespace, "-I", "ann@example.org"]);
        verify.arg("-f").arg(&self.signers);
        verify.arg("-s").arg(&self.signature);
        run_timed(verify.stdin(std::fs::File::open(&self.bytes)?))
    }
}
