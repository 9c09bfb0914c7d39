//! One process of the user's: argv without a shell, a group of its own, a limit, bounded output. Whatever it started is
//! ended with it.

mod family;
mod output;
mod program;
mod signals;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};

pub use family::{MARKER, end_leftovers};

use super::{Environment, Error};
use output::{Output, Stream};

/// How a run ended, with what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub end: End,
    /// How long it ran.
    pub elapsed: Duration,
    /// Its stdout, as far as the bound allows: some report formats stand there.
    pub stdout: Vec<u8>,
    /// Whether stdout was longer than the bound.
    pub cut: bool,
    /// The last lines of stdout and stderr together, in the order in which they came, lossily decoded.
    pub tail: String,
    /// The file that holds both, as far as the bound allows.
    pub log: PathBuf,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Exit(i32),
    /// By this signal.
    Signal(i32),
    /// By the time limit.
    TimedOut,
    /// It never began: no such program.
    NotFound,
    /// It never began: what the system said.
    CannotStart(String),
}

/// What to start, and within which bounds.
#[derive(Clone, Copy, Debug)]
pub struct Launch<'a> {
    /// The arguments, program first.
    pub argv: &'a [String],
    /// Where it runs.
    pub folder: &'a Path,
    /// All the variables that it gets; the [`MARKER`] is among them.
    pub environment: &'a Environment,
    /// The longest run.
    pub limit: Duration,
    /// Whether stderr goes the way of stdout, in one pipe, so that the order of their lines is certain.
    pub one_stream: bool,
    /// The file that takes its output, written anew.
    pub log: &'a Path,
    /// The slot, whose path marks the processes.
    pub slot: &'a Path,
}

/// How often a signal to this process is looked for.
const BEAT: Duration = Duration::from_millis(50);
/// How long a pipe may be quiet once all processes are gone; who still holds it then has hidden from us.
const QUIET: Duration = Duration::from_millis(500);
/// How long such a process may go on to write.
const DRAIN: Duration = Duration::from_secs(10);

enum Event {
    Output(Stream, Vec<u8>),
    /// The process has ended and is not yet reaped, so that its id and its group's stay its own.
    Ended,
}

/// Runs a process to its end and hands its output to `watch` as it comes.
///
/// # Errors
/// [`Error::Interrupted`] where this process was asked to stop meanwhile: all that was started is ended then. The log
/// cannot be written, or the system cannot tell how the process ended.
pub fn run(launch: &Launch<'_>, watch: &mut dyn FnMut(&[u8])) -> Result<Ended, Error> {
    let failed = |action: &'static str| {
        move |source: io::Error| Error::Slot {
            action,
            path: launch.log.to_owned(),
            source,
        }
    };
    let signals = signals::Watch::begin();
    let mut output = Output::new(launch.log).map_err(failed("write"))?;
    let start = Instant::now();
    let end = match start_process(launch) {
        Err(end) => end,
        Ok(started) => {
            let mut running = Running::new(started, launch, start).map_err(failed("follow"))?;
            let mut take = |stream: Stream, bytes: &[u8]| {
                output.take(stream, bytes);
                watch(bytes);
            };
            let stop = running.follow(&signals, &mut take);
            let status = running.finish(&mut take).map_err(failed("follow"))?;
            match stop {
                Stop::Asked => return Err(Error::Interrupted),
                Stop::TimedOut => End::TimedOut,
                Stop::Ended => end_of(status),
            }
        }
    };
    let elapsed = start.elapsed();
    let (stdout, cut, tail) = output.finish().map_err(failed("write"))?;
    Ok(Ended {
        end,
        elapsed,
        stdout,
        cut,
        tail,
        log: launch.log.to_owned(),
    })
}

fn end_of(status: std::process::ExitStatus) -> End {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Exit(code),
        (None, Some(signal)) => End::Signal(signal),
        (None, None) => End::CannotStart(status.to_string()),
    }
}

/// A process that has begun, and the pipe that both its streams go to where they are one.
type Started = (Child, Option<io::PipeReader>);

fn start_process(launch: &Launch<'_>) -> Result<Started, End> {
    use std::os::unix::process::CommandExt as _;
    let said = |errno: Errno| End::CannotStart(io::Error::from(errno).to_string());
    let name = launch.argv.first().map_or("", String::as_str);
    let path = launch.environment.value("PATH");
    let program = match program::find(name, launch.folder, path) {
        Ok(program) => program,
        Err(Errno::NOENT) => return Err(End::NotFound),
        Err(errno) => return Err(said(errno)),
    };
    let mut command = Command::new(program);
    command
        .args(&launch.argv[1..])
        .current_dir(launch.folder)
        .env_clear()
        .envs(launch.environment.iter())
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // The program is there: what is missing is its interpreter, or a pipe.
    let failed = |error: io::Error| End::CannotStart(error.to_string());
    let mut both = None;
    if launch.one_stream {
        let (reader, writer) = io::pipe().map_err(failed)?;
        command.stdout(writer.try_clone().map_err(failed)?);
        command.stderr(writer);
        both = Some(reader);
    }
    // The command holds its ends of the pipe until it is dropped, here.
    let child = command.spawn().map_err(failed)?;
    Ok((child, both))
}

enum Stop {
    Ended,
    TimedOut,
    Asked,
}

struct Running<'a> {
    child: Child,
    group: Option<Pid>,
    slot: &'a Path,
    deadline: Option<Instant>,
    events: Receiver<Event>,
    ended: bool,
}

impl<'a> Running<'a> {
    fn new(started: Started, launch: &Launch<'a>, start: Instant) -> io::Result<Self> {
        let (mut child, both) = started;
        // Bounded, so that a process which writes faster than the log takes it waits.
        let (sender, events) = sync_channel(64);
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let followed = (|| {
            if let Some(pipe) = both {
                forward(pipe, Stream::Stdout, sender.clone())?;
            }
            if let Some(pipe) = child.stdout.take() {
                forward(pipe, Stream::Stdout, sender.clone())?;
            }
            if let Some(pipe) = child.stderr.take() {
                forward(pipe, Stream::Stderr, sender.clone())?;
            }
            tell_end(group, sender)
        })();
        let mut running = Self {
            child,
            group,
            slot: launch.slot,
            deadline: start.checked_add(launch.limit),
            events,
            ended: false,
        };
        match followed {
            Ok(()) => Ok(running),
            Err(error) => {
                // Without its threads a process cannot be followed, so it must not run on.
                family::kill(running.group, running.slot);
                let _ = running.child.wait();
                Err(error)
            }
        }
    }

    /// Waits for the end, for the limit, or for a signal to this process; in the last two cases asks all processes to
    /// end and gives them a grace.
    fn follow(&mut self, signals: &signals::Watch, take: &mut dyn FnMut(Stream, &[u8])) -> Stop {
        while !self.ended {
            if signals.asked_to_stop() {
                self.ask_to_end(take);
                return Stop::Asked;
            }
            let now = Instant::now();
            let left = self
                .deadline
                .map_or(BEAT, |deadline| deadline.saturating_duration_since(now));
            if left.is_zero() {
                self.ask_to_end(take);
                return Stop::TimedOut;
            }
            self.next(left.min(BEAT), take);
        }
        Stop::Ended
    }

    fn ask_to_end(&mut self, take: &mut dyn FnMut(Stream, &[u8])) {
        family::signal(self.group, self.slot, Signal::TERM);
        let begin = Instant::now();
        // The group is there until its first process is reaped, so only the others tell.
        while begin.elapsed() < family::GRACE && (!self.ended || family::is_alive(None, self.slot))
        {
            self.next(Duration::from_millis(20), take);
        }
    }

    /// Takes the next event; says whether one came, and more may come.
    fn next(&mut self, wait: Duration, take: &mut dyn FnMut(Stream, &[u8])) -> bool {
        match self.events.recv_timeout(wait) {
            Ok(Event::Output(stream, bytes)) => take(stream, &bytes),
            Ok(Event::Ended) => self.ended = true,
            Err(RecvTimeoutError::Timeout) => return false,
            Err(RecvTimeoutError::Disconnected) => {
                self.ended = true;
                return false;
            }
        }
        true
    }

    /// Kills what is left, reaps the process, and takes the rest of its output.
    fn finish(
        &mut self,
        take: &mut dyn FnMut(Stream, &[u8]),
    ) -> io::Result<std::process::ExitStatus> {
        family::kill(self.group, self.slot);
        let status = self.child.wait();
        let begin = Instant::now();
        while self.next(QUIET, take) && begin.elapsed() < DRAIN {}
        status
    }
}

/// Reads a pipe in a thread of its own, which may outlive the run: where a process that nobody knows of holds the pipe.
fn forward(
    mut pipe: impl Read + Send + 'static,
    stream: Stream,
    sender: SyncSender<Event>,
) -> io::Result<()> {
    std::thread::Builder::new().spawn(move || {
        let mut buffer = vec![0; 64 << 10];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => {
                    let bytes = buffer[..count].to_vec();
                    if sender.send(Event::Output(stream, bytes)).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    })?;
    Ok(())
}

/// Tells when the process has ended, without reaping it.
fn tell_end(process: Option<Pid>, sender: SyncSender<Event>) -> io::Result<()> {
    std::thread::Builder::new().spawn(move || {
        if let Some(process) = process {
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while matches!(waitid(WaitId::Pid(process), options), Err(Errno::INTR)) {}
        }
        let _ = sender.send(Event::Ended);
    })?;
    Ok(())
}
