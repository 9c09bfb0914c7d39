//! All that a check has started: its process group, and whatever else carries the slot's name in its environment, which
//! a process keeps that leaves the group (setsid(2)).

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process_group};

/// The variable that every process of a slot carries; its value is the slot's path.
pub const MARKER: &str = "PDD_HOOKS_SLOT";

/// How long processes get to end by themselves.
pub(super) const GRACE: Duration = Duration::from_secs(2);
/// How long killed processes get to be gone.
const GONE: Duration = Duration::from_secs(2);

/// Sends a signal to the group and to all that carry the marker.
pub(super) fn signal(group: Option<Pid>, slot: &Path, signal: Signal) {
    if let Some(group) = group {
        // A group that is gone is what was wanted.
        let _ = kill_process_group(group, signal);
    }
    for pid in carriers(slot) {
        let _ = kill_process(pid, signal);
    }
}

/// Says whether any process of the group or with the marker is left.
pub(super) fn is_alive(group: Option<Pid>, slot: &Path) -> bool {
    group.is_some_and(|group| test_kill_process_group(group).is_ok()) || !carriers(slot).is_empty()
}

/// Kills the group and all that carry the marker, again and again while there are any: they may start others meanwhile.
pub(super) fn kill(group: Option<Pid>, slot: &Path) {
    let begin = Instant::now();
    loop {
        signal(group, slot, Signal::KILL);
        if !is_alive(None, slot) || begin.elapsed() > GONE {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Ends what an earlier run of this slot has left running: a process that was killed cannot end its checks.
pub fn end_leftovers(slot: &Path) {
    if !is_alive(None, slot) {
        return;
    }
    signal(None, slot, Signal::TERM);
    let begin = Instant::now();
    while is_alive(None, slot) && begin.elapsed() < GRACE {
        std::thread::sleep(Duration::from_millis(10));
    }
    kill(None, slot);
}

/// Lists the processes that carry the marker, this one left out. Only Linux shows the environment of others; elsewhere
/// the group is all that is known.
fn carriers(slot: &Path) -> Vec<Pid> {
    let mut marker = OsString::from(MARKER);
    marker.push("=");
    marker.push(slot);
    let marker = marker.as_bytes();
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&id: &i32| id.unsigned_abs() != std::process::id())
        .filter(|id| {
            // A process that has ended meanwhile, or is somebody else's, has no environment to read.
            std::fs::read(format!("/proc/{id}/environ"))
                .is_ok_and(|text| text.split(|&byte| byte == 0).any(|entry| entry == marker))
        })
        .filter_map(Pid::from_raw)
        .collect()
}
