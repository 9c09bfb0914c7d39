//! What the user or the system asks of this process while it waits for one of theirs: INT, TERM and HUP end the check
//! first. At any other time they do what they always do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

struct State {
    /// Nobody waits: a signal takes its default way.
    idle: Arc<AtomicBool>,
    asked: Arc<AtomicBool>,
    waiting: Mutex<usize>,
}

/// While this lives, a signal to stop is noted and not obeyed.
pub(super) struct Watch {
    state: &'static State,
}

impl Watch {
    pub(super) fn begin() -> Self {
        static STATE: OnceLock<State> = OnceLock::new();
        let state = STATE.get_or_init(install);
        let mut waiting = state.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting += 1;
        state.idle.store(false, Ordering::SeqCst);
        Self { state }
    }

    /// Says whether this process was asked to stop.
    pub(super) fn asked_to_stop(&self) -> bool {
        self.state.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let waiting = &self.state.waiting;
        let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting -= 1;
        if *waiting == 0 {
            self.state.idle.store(true, Ordering::SeqCst);
        }
    }
}

fn install() -> State {
    let idle = Arc::new(AtomicBool::new(true));
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if is_ignored(signal) {
            continue;
        }
        // The default must be registered first: both run, in this order. A signal that cannot be caught ends this
        // process at once, and the next one repairs the slot.
        let _ = flag::register_conditional_default(signal, Arc::clone(&idle))
            .and_then(|_| flag::register(signal, Arc::clone(&asked)));
    }
    State {
        idle,
        asked,
        waiting: Mutex::new(0),
    }
}

/// Says whether this process was started with the signal ignored, as nohup(1) does; that is to stay.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
