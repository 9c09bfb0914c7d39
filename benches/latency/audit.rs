//! What it costs to audit a history from its first commit to its last: the time, against git that walks the same commits
//! with the paths that they change, and the memory.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::row::Row;
use super::support::{
    Programs, Repository, Samples, in_turns, path_of, run, run_timed, size, small,
};

const FILES: usize = 1_000;
const AUTHORS: usize = 50;
/// The goal for memory, in MiB: what a million commits may take, so that fewer must do with it.
const ROOM: f64 = 300.0;
/// How often memory is looked at: it hardly moves.
const LOOKS: usize = 3;
const LOG: [&str; 3] = ["log", "--raw", "--no-renames"];

pub(crate) fn measure(programs: &Programs, folder: &Path) -> io::Result<Vec<Row>> {
    let commits = size("PDD_BENCH_HISTORY", 10_000)?;
    let runs = size("PDD_BENCH_RUNS", 100)?.div_ceil(10);
    let whole = History::grown(programs, folder, "whole", commits)?;
    let expected = whole.insist()?;
    let [floor, cold, warm] = in_turns(runs, |variant, _| match variant {
        0 => whole.log(),
        1 => {
            whole.forget()?;
            whole.judged(&expected)
        }
        // A cold one was somewhere before it, of the first in the warm-up.
        _ => whole.judged(&expected),
    })?;
    let half = History::grown(programs, folder, "half", commits.div_ceil(2))?;
    half.insist()?;
    let (half_most, most) = (half.peaks()?, whole.peaks()?);
    let log = (0..LOOKS).map(|_| whole.peak(Path::new("git"), &LOG));
    let log: Samples = log.collect::<io::Result<_>>()?;
    let what = |how| format!("audit of {commits} commits, {how}");
    Ok(vec![
        Row::seconds(
            what("beside it `git log --raw --no-renames`"),
            None,
            runs,
            &floor,
        ),
        Row::seconds(what("cold"), None, runs, &cold),
        Row::seconds(what("warm"), None, runs, &warm),
        Row::plain(
            what("cold: ours to `git log --raw --no-renames`"),
            Some(1.0),
            runs,
            [floor.clone(), cold],
        ),
        Row::plain(
            what("warm: ours to `git log --raw --no-renames`"),
            Some(0.1),
            runs,
            [floor, warm],
        ),
        Row::peak(
            what("beside it `git log --raw --no-renames`: peak memory"),
            None,
            LOOKS,
            &log,
        ),
        Row::peak(what("cold: peak memory"), Some(ROOM), LOOKS, &most),
        Row::growth(
            what("cold: what each commit of its second half adds to the peak"),
            None,
            LOOKS,
            commits - half.commits,
            [half_most, most],
        ),
    ])
}

/// A repository whose `main` is so many commits long, the adoption counted.
struct History {
    repository: Repository,
    program: PathBuf,
    commits: usize,
}

impl History {
    fn grown(programs: &Programs, parent: &Path, name: &str, commits: usize) -> io::Result<Self> {
        let repository = Repository::adopted(parent, name, FILES, small)?;
        repository.import(|pipe| grow(pipe, commits))?;
        repository.git(&["switch", "-q", "main"])?;
        repository.git(&["repack", "-adq"])?;
        // As where the hooks are installed: elsewhere an audit keeps nothing.
        std::fs::create_dir_all(repository.folder().join(".git/pdd"))?;
        Ok(Self {
            repository,
            program: programs.pdd_hooks(),
            commits,
        })
    }

    fn audit(&self) -> Command {
        let mut audit = self.repository.command(&self.program);
        audit.arg("audit");
        audit
    }

    /// Takes from the audit what it has kept for the next one, so that it starts cold.
    fn forget(&self) -> io::Result<()> {
        let verdicts = self.repository.folder().join(".git/pdd/audit");
        match std::fs::remove_dir_all(verdicts) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Has git walk what the audit judges, with the paths that it looks at.
    fn log(&self) -> io::Result<Duration> {
        let mut log = self.repository.command("git");
        run_timed(log.args(LOG).stdout(Stdio::null()))
    }

    /// Audits, and insists on the same report as ever: another one would be the time of something else.
    fn judged(&self, expected: &str) -> io::Result<Duration> {
        let start = Instant::now();
        let report = run(&mut self.audit())?;
        let took = start.elapsed();
        match report == expected {
            true => Ok(took),
            false => Err(io::Error::other(format!(
                "the audit says\n{report}\nand said\n{expected}"
            ))),
        }
    }

    /// Refuses a history that is not judged as a whole, which would look like a very good result. Returns the report.
    fn insist(&self) -> io::Result<String> {
        let rows = run(self.audit().args(["--format", "jsonl"]))?;
        let count = |part: &str| rows.lines().filter(|row| row.contains(part)).count();
        let kinds = (1..self.commits).map(|number| Kind::of(number, self.commits));
        let merges = kinds.filter(|kind| *kind == Kind::Merge).count();
        let careless = (1..self.commits).filter(|&number| is_careless(number));
        let expected = [
            ("", self.commits),
            (r#""class":"adoption""#, 1),
            (r#""class":"merge""#, merges),
            (r#""class":"foreign""#, self.commits - 1 - merges),
            (r#""code":"PDD001""#, careless.count()),
            (r#""code":"PDD008""#, self.commits - 1),
        ];
        for (part, expected) in expected {
            let found = count(part);
            if found != expected {
                return Err(io::Error::other(format!(
                    "of {} commits the audit has {found} with `{part}`, not {expected}",
                    self.commits
                )));
            }
        }
        self.forget()?;
        run(&mut self.audit())
    }

    /// Runs the audit cold, a few times; returns the most memory that each had.
    fn peaks(&self) -> io::Result<Samples> {
        let looks = (0..LOOKS).map(|_| {
            self.forget()?;
            self.peak(&self.program, &["audit"])
        });
        looks.collect()
    }

    /// Runs a program; returns the most memory that it, or the largest of those that it starts, had at once, in MiB.
    ///
    /// It is the kernel's own count (`ru_maxrss`, getrusage(2)): what was resident, of mapped files too, so that what is read
    /// of packs counts. GNU time asks for it, and not this program: a child begins with the count of who forks it.
    fn peak(&self, program: &Path, args: &[&str]) -> io::Result<f64> {
        let file = self.repository.folder().join(".git/peak");
        let mut time = self.repository.command("time");
        time.args(["--format", "%M", "--output"]).arg(&file);
        run(time.arg(program).args(args).stdout(Stdio::null())).map_err(|error| {
            io::Error::other(format!("memory is measured by GNU time: {error}"))
        })?;
        let kibibytes = std::fs::read_to_string(&file)?;
        let kibibytes: f64 = kibibytes.trim().parse().map_err(io::Error::other)?;
        Ok(kibibytes / 1024.0)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// On `main`.
    Step,
    /// The one commit of a side branch.
    Side,
    /// Of the side branch: it brings what that one changed, and nothing of its own.
    Merge,
}

impl Kind {
    /// Of ten commits one is a merge; none where its side branch would be the end of the history.
    fn of(number: usize, commits: usize) -> Self {
        match number % 10 {
            7 if number + 2 < commits => Self::Side,
            9 => Self::Merge,
            _ => Self::Step,
        }
    }
}

/// Writes what follows the adoption, as `git fast-import` reads it.
fn grow(pipe: &mut dyn Write, commits: usize) -> io::Result<()> {
    for number in 1..commits {
        let (parents, source) = match Kind::of(number, commits) {
            Kind::Merge => (vec![number - 1, number - 2], number - 2),
            _ if Kind::of(number - 1, commits) == Kind::Side => (vec![number - 2], number),
            _ => (vec![number - 1], number),
        };
        let (author, time) = (number % AUTHORS, 1_768_467_600 + number * 60);
        let person = format!("Author {author} <author{author}@example.org> {time} +0100");
        let message = message(number, parents.len());
        write!(
            pipe,
            "commit refs/heads/main\nmark :{number}\nauthor {person}\ncommitter {person}\ndata {}\n{message}\n",
            message.len(),
        )?;
        for (word, parent) in ["from", "merge"].iter().zip(parents) {
            match parent {
                0 => writeln!(pipe, "{word} refs/heads/main^0")?,
                _ => writeln!(pipe, "{word} :{parent}")?,
            }
        }
        for file in changed(source, Kind::of(source, commits)) {
            let (path, content) = (path_of(file), small(FILES + source));
            let length = content.len();
            write!(pipe, "M 100644 inline {path}\ndata {length}\n{content}\n")?;
        }
    }
    Ok(())
}

/// One file or two, all over the folders; side branches never change those of `main`, so that no merge has a conflict.
fn changed(number: usize, kind: Kind) -> Vec<usize> {
    // Knuth's multiplicative hash: the same files in every series.
    let spread = |number: usize| (number.wrapping_mul(2_654_435_761) >> 7) % (FILES / 2);
    let of = |number| spread(number) * 2 + usize::from(kind == Kind::Side);
    let mut files = vec![of(number)];
    if number.is_multiple_of(3) {
        files.push(of(number + FILES));
    }
    files
}

/// Not everybody keeps the form.
fn is_careless(number: usize) -> bool {
    number % 20 == 3
}

fn message(number: usize, parents: usize) -> String {
    let part = number % 40;
    let subject = match parents {
        2 => format!("Merge branch 'side' at {number}"),
        _ if is_careless(number) => format!("quick fix of part {part}"),
        _ => format!("feat(part-{part}): take step {number} [TASK-001]"),
    };
    format!("{subject}\n\nWhat part {part} is asked for most comes first now.\n")
}
