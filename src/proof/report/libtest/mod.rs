//! The text of `cargo test`. It is written for people and can be forged by any test that writes past the harness's
//! capture, so that every block of results must agree with its own summary to the last line (PROOF.md, section 6).
//! This file finds the blocks; what is in one stands in `block.rs`.

mod block;

use super::{FailureKind, TestCase, Unreadable, append};
use block::Block;

/// The lines that follow the build, one program of tests after another.
#[derive(Default)]
struct Reading {
    /// `sample src/lib.rs`; empty where stderr is not part of the text.
    program: String,
    block: Option<Block>,
    blocks: usize,
    cases: Vec<TestCase>,
    /// What the compiler said since the last error that it ended with.
    compiler: String,
}

/// Reads stdout and stderr of `cargo test` as one text.
pub(super) fn read(text: &str) -> Result<Vec<TestCase>, Unreadable> {
    let mut reading = Reading::default();
    for line in text.lines() {
        reading.take(line)?;
    }
    reading.end_unfinished()?;
    if reading.blocks == 0 && reading.cases.is_empty() {
        return Err(Unreadable::new(
            "it has no line `running … tests` and no error of the compiler",
        ));
    }
    Ok(reading.cases)
}

impl Reading {
    fn take(&mut self, line: &str) -> Result<(), Unreadable> {
        if let Some(block) = &mut self.block {
            if block.quotes() {
                // Whatever a failed test wrote is quoted here, another run of `cargo test` included.
                if block.quoted(line) {
                    self.end_block();
                }
                return Ok(());
            }
            if block.is_summary(line)? {
                self.end_block();
                return Ok(());
            }
        }
        if let Some(program) = program(line) {
            self.end_unfinished()?;
            self.program = program;
        } else if let Some(count) = announced(line) {
            self.end_unfinished()?;
            self.blocks += 1;
            self.block = Some(Block::new(self.program.clone(), count));
        } else if let Some(block) = &mut self.block {
            block.take(line);
        } else {
            self.between(line)?;
        }
        Ok(())
    }

    /// Takes a line that stands in no block: cargo and the compiler.
    fn between(&mut self, line: &str) -> Result<(), Unreadable> {
        if line.starts_with("test result: ") || (self.blocks > 0 && block::is_result(line)) {
            return Err(Unreadable::new(
                "a result stands outside its block: a test wrote lines like those of the harness",
            ));
        }
        if let Some(target) = not_compiled(line) {
            let said = std::mem::take(&mut self.compiler);
            self.cases
                .push(TestCase::failed(target, FailureKind::Load, &said));
        } else if line.starts_with("error") || !self.compiler.is_empty() {
            append(&mut self.compiler, line);
            append(&mut self.compiler, "\n");
        }
        Ok(())
    }

    fn end_block(&mut self) {
        if let Some(block) = self.block.take() {
            self.cases.extend(block.cases());
        }
    }

    /// Ends a block that has no summary: its program crashed.
    fn end_unfinished(&mut self) -> Result<(), Unreadable> {
        if let Some(block) = self.block.take() {
            self.cases.extend(block.unfinished()?);
        }
        Ok(())
    }
}

/// Names the program that cargo is about to run: `sample src/lib.rs` of
/// `Running unittests src/lib.rs (target/debug/deps/sample-c949c1892e8b348d)`.
fn program(line: &str) -> Option<String> {
    if let Some(name) = line.strip_prefix("   Doc-tests ") {
        return Some(format!("{name} doc"));
    }
    let rest = line.strip_prefix("     Running ")?;
    let (source, path) = rest.strip_suffix(')')?.rsplit_once(" (")?;
    let source = source.strip_prefix("unittests ").unwrap_or(source);
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let file = file.strip_suffix(".exe").unwrap_or(file);
    // Cargo's hash differs between compilers and machines.
    let name = file.rsplit_once('-').map_or(file, |(name, _)| name);
    Some(format!("{name} {source}"))
}

/// Reads `running 3 tests`.
fn announced(line: &str) -> Option<usize> {
    let count = line.strip_prefix("running ")?;
    let count = count
        .strip_suffix(" tests")
        .or_else(|| count.strip_suffix(" test"))?;
    count.parse().ok()
}

/// Names the target of ``error: could not compile `sample` (test "it") due to 1 previous error``.
fn not_compiled(line: &str) -> Option<String> {
    let rest = line.strip_prefix("error: could not compile `")?;
    let (name, rest) = rest.split_once('`')?;
    match rest.strip_prefix(" (").and_then(|it| it.split_once(')')) {
        Some((target, _)) => Some(format!("{name} ({target})")),
        None => Some(name.to_owned()),
    }
}

#[cfg(test)]
mod tests;
