//! How many tests have run so far, as far as a runner's output tells while it runs. It decides nothing.

use crate::policy::ReportForm;

/// Counts tests in output as it comes.
#[derive(Debug, Default)]
pub struct Tally {
    form: ReportForm,
    /// The line that is not complete yet.
    line: Vec<u8>,
    count: usize,
}

/// Longer lines name no test.
const LONGEST: usize = 4096;

impl Tally {
    /// Will read what a runner with this report writes.
    pub fn of(form: ReportForm) -> Self {
        Self {
            form,
            ..Self::default()
        }
    }

    /// Returns how many tests were seen.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Reads on.
    pub fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            self.append(&rest[..end]);
            let line = std::mem::take(&mut self.line);
            self.count += self.tests_in(&String::from_utf8_lossy(&line));
            rest = &rest[end + 1..];
        }
        self.append(rest);
    }

    fn append(&mut self, part: &[u8]) {
        let room = LONGEST.saturating_sub(self.line.len());
        self.line.extend_from_slice(&part[..part.len().min(room)]);
    }

    fn tests_in(&self, line: &str) -> usize {
        match self.form {
            ReportForm::Libtest => {
                let ended = ["... ok", "... FAILED", "... ignored"];
                let is_test =
                    line.starts_with("test ") && ended.iter().any(|end| line.contains(end));
                usize::from(is_test)
            }
            ReportForm::GoJson => {
                let ended = ["\"pass\"", "\"fail\"", "\"skip\""];
                let is_test = line.contains("\"Test\":")
                    && ended
                        .iter()
                        .any(|end| line.contains(&format!("\"Action\":{end}")));
                usize::from(is_test)
            }
            ReportForm::Ndjson => {
                usize::from(line.contains("\"id\"") && line.contains("\"state\""))
            }
            ReportForm::Junit => dots(line).max(nextest(line)),
            ReportForm::ExitCode => 0,
        }
    }
}

/// pytest's line of progress: a letter a test, then how far it is.
fn dots(line: &str) -> usize {
    let letters = line.split_whitespace().next().unwrap_or_default();
    let is_progress = !letters.is_empty()
        && letters.chars().all(|letter| ".FEsxX".contains(letter))
        && (line.ends_with("%]") || letters == line);
    if is_progress { letters.len() } else { 0 }
}

/// nextest's line of one test: `PASS [   0.004s] ( 1/12) crate test`.
fn nextest(line: &str) -> usize {
    let line = line.trim_start();
    let ended = ["PASS [", "FAIL [", "TIMEOUT ["];
    usize::from(ended.iter().any(|end| line.starts_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(form: ReportForm, parts: &[&str]) -> usize {
        let mut tally = Tally::of(form);
        for part in parts {
            tally.feed(part.as_bytes());
        }
        tally.count()
    }

    #[test]
    fn each_runners_lines_are_counted_however_they_are_cut() {
        let libtest = [
            "running 2 tests\ntest a ... o",
            "k\ntest b ... FAILED\n\ntest result: FAILED\n",
        ];
        assert_eq!(counted(ReportForm::Libtest, &libtest), 2);
        let pytest = ["..F.s   [ 50%]\n", ".....   [100%]\n1 failed, 8 passed\n"];
        assert_eq!(counted(ReportForm::Junit, &pytest), 10);
        let nextest = ["        PASS [   0.004s] (1/2) a b\n        FAIL [   0.004s] (2/2) a c\n"];
        assert_eq!(counted(ReportForm::Junit, &nextest), 2);
        let go = [
            "{\"Action\":\"run\",\"Test\":\"A\"}\n{\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"A\"}\n{\"Action\":\"pass\",\"Package\":\"p\"}\n",
        ];
        assert_eq!(counted(ReportForm::GoJson, &go), 1);
        assert_eq!(
            counted(
                ReportForm::Ndjson,
                &["{\"id\":\"a\",\"state\":\"passed\"}\n"]
            ),
            1
        );
        assert_eq!(counted(ReportForm::ExitCode, &["test a ... ok\n"]), 0);
    }
}
