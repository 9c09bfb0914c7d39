//! `ssh-keygen -Y sign`: one process for many files, in a folder of its own. It asks the agent, a device or the key's file;
//! what git would start in its place (`gpg.ssh.program`) is never looked at.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::{Asks, Error, Key};

/// How long an agent may take where nobody is asked.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most files that one process is given: names of files have an end somewhere (execve(2), E2BIG).
const MOST: usize = 1000;

/// Signs each of these bytes under a namespace; returns the armored signatures, in order.
pub(super) fn sign(
    key: &Key,
    messages: &[Vec<u8>],
    namespace: &str,
    asks: Asks,
) -> Result<Vec<Vec<u8>>, Error> {
    let folder = tempfile::tempdir().map_err(|source| Error::HandOver {
        path: std::env::temp_dir(),
        source,
    })?;
    let way = Way::of(key, folder.path(), asks)?;
    let mut signatures = Vec::with_capacity(messages.len());
    for messages in messages.chunks(MOST) {
        let names: Vec<String> = (0..messages.len()).map(|place| place.to_string()).collect();
        for (name, message) in names.iter().zip(messages) {
            let path = folder.path().join(name);
            std::fs::write(&path, message).map_err(|source| Error::HandOver { path, source })?;
        }
        let mut command = way.command(namespace, folder.path());
        run(command.args(&names), key, asks)?;
        for name in &names {
            let path = folder.path().join(format!("{name}.sig"));
            let taken = std::fs::read(&path).and_then(|signature| {
                std::fs::remove_file(&path)?;
                Ok(signature)
            });
            signatures.push(taken.map_err(|source| Error::HandOver { path, source })?);
        }
    }
    Ok(signatures)
}

/// How `ssh-keygen` gets at the key.
struct Way {
    /// What `-f` names.
    file: OsString,
    asks: Asks,
    /// Whether the key's own file does, so that no agent need be waited for.
    is_file: bool,
}

impl Way {
    fn of(key: &Key, folder: &Path, asks: Asks) -> Result<Self, Error> {
        let way = |file: OsString, is_file| Self {
            file,
            asks,
            is_file,
        };
        let named = key.certificate.as_ref().or(key.private.as_ref());
        if asks == Asks::Never {
            if key.is_hardware() {
                let key = key.fingerprint();
                return Err(Error::Touch { key });
            }
            if let Some(named) = named.filter(|_| key.is_open()) {
                return Ok(way(named.into(), true));
            }
            if std::env::var_os("SSH_AUTH_SOCK").is_none_or(|socket| socket.is_empty()) {
                let key = key.fingerprint();
                return Err(Error::Ask { key });
            }
        } else if let Some(named) = named.filter(|_| key.private.is_some()) {
            return Ok(way(named.into(), false));
        }
        // With the public half alone nothing but the agent can sign, and there is no passphrase to be asked for.
        let path = folder.join("key.pub");
        std::fs::write(&path, format!("{}\n", key.public())).map_err(|source| Error::HandOver {
            path: path.clone(),
            source,
        })?;
        Ok(way(path.into(), false))
    }

    fn command(&self, namespace: &str, folder: &Path) -> Command {
        let mut command = Command::new("ssh-keygen");
        command.current_dir(folder);
        command.args(["-q", "-Y", "sign", "-n", namespace, "-f"]);
        command.arg(&self.file);
        if self.asks == Asks::May {
            // The terminal is the person's: a passphrase, or the word that the device waits.
            return command;
        }
        command
            .env("SSH_ASKPASS", "false")
            .env("SSH_ASKPASS_REQUIRE", "force")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.is_file {
            command.env_remove("SSH_AUTH_SOCK");
        }
        command
    }
}

fn run(command: &mut Command, key: &Key, asks: Asks) -> Result<(), Error> {
    let child = command
        .spawn()
        .map_err(|source| Error::StartSshKeygen { source })?;
    let ended = match asks {
        Asks::May => child.wait_with_output(),
        Asks::Never => match in_time(child) {
            Some(ended) => ended,
            None => {
                let (key, patience) = (key.fingerprint(), PATIENCE);
                return Err(Error::Wait { key, patience });
            }
        },
    };
    let ended = ended.map_err(|source| Error::StartSshKeygen { source })?;
    if ended.status.success() {
        return Ok(());
    }
    Err(Error::Sign {
        key: key.fingerprint(),
        what: String::from_utf8_lossy(&ended.stderr).into_owned(),
    })
}

/// Waits for the end; none where it takes too long, and it is ended then: its agent asks somebody who is not there.
fn in_time(child: Child) -> Option<std::io::Result<Output>> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let (tell, told) = mpsc::channel();
    let waiter = std::thread::spawn(move || {
        // Nobody listens any more where it took too long.
        let _ = tell.send(child.wait_with_output());
    });
    let ended = told.recv_timeout(PATIENCE);
    if let (Err(RecvTimeoutError::Timeout), Some(pid)) = (&ended, pid) {
        // It was not waited for yet, so that the number is still its own.
        let _ = kill_process(pid, Signal::KILL);
        let _ = waiter.join();
    }
    ended.ok()
}
