//! A repository for each thread.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Error;
use crate::git::{Repository, Seed};

/// One repository, opened once by each thread that asks for it.
#[derive(Debug)]
pub struct Pool {
    seed: Seed,
    /// Tells it from others of the same process.
    number: usize,
}

static COUNT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static OPEN: RefCell<Option<(usize, Repository)>> = const { RefCell::new(None) };
}

impl Pool {
    /// Begins with none.
    pub fn of(repository: &Repository) -> Self {
        Self {
            seed: repository.seed(),
            number: COUNT.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// Hands this thread its own; `work` must not come back here.
    ///
    /// # Errors
    /// It cannot be opened, and what `work` fails with.
    pub fn with<T>(&self, work: impl FnOnce(&Repository) -> Result<T, Error>) -> Result<T, Error> {
        OPEN.with_borrow_mut(|open| {
            let repository = match open.take() {
                Some((number, repository)) if number == self.number => repository,
                _ => self.seed.open()?,
            };
            let (_, repository) = open.insert((self.number, repository));
            work(repository)
        })
    }
}
