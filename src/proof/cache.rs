//! Passes of checks, kept in `<git common dir>/pdd/validated/<key>.json` so that nothing runs twice. Files of the user's
//! own: a pass saves time, the record that it names is the evidence.

use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Error;
use super::report::TestCase;
use crate::evidence::statement::Counts;
use crate::id::TreeId;

/// One check that passed on one tree. No other outcome is ever kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pass {
    /// The check's name.
    pub check: String,
    /// The tree.
    pub tree: TreeId,
    /// The tree over which it passed; none for a pass that needs no other.
    pub base: Option<TreeId>,
    /// When it ended, RFC 3339 in UTC.
    pub time: String,
    /// How many tests came to what.
    pub counts: Counts,
    /// The ids of the tests that failed and were forgiven.
    pub failing: Vec<String>,
    /// Those of them that are sealed as red. Empty where none is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed: Vec<String>,
    /// The name of its record in `refs/pdd/evidence`.
    pub record: String,
}

/// How long ago something was; its `Display` is what people read: `2 h ago`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// This long.
    Past(Duration),
    /// No time is given that has been: it cannot be read, or lies ahead.
    Unknown,
}

/// The passes of one repository.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Pass {
    /// Returns how long ago the check ended.
    pub fn age(&self, now: Timestamp) -> Age {
        // Two clocks of one machine may differ by this much; a time further ahead is no time to speak of.
        const SLACK: Duration = Duration::from_secs(60);
        let Ok(time) = self.time.parse::<Timestamp>() else {
            return Age::Unknown;
        };
        let elapsed = now.duration_since(time);
        match Duration::try_from(elapsed) {
            Ok(elapsed) => Age::Past(elapsed),
            Err(_) if elapsed.unsigned_abs() <= SLACK => Age::Past(Duration::ZERO),
            Err(_) => Age::Unknown,
        }
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        const DAY: u64 = 24 * HOUR;
        match self {
            Self::Unknown => f.write_str("at an unknown time"),
            Self::Past(age) => match age.as_secs() {
                0..MINUTE => f.write_str("just now"),
                seconds @ MINUTE..HOUR => write!(f, "{} min ago", seconds / MINUTE),
                seconds @ HOUR..DAY => write!(f, "{} h ago", seconds / HOUR),
                seconds => write!(f, "{} d ago", seconds / DAY),
            },
        }
    }
}

impl Cache {
    /// Names the cache in the folder of local state; nothing is made yet.
    pub fn new(pdd: &Path) -> Self {
        Self {
            folder: pdd.join("validated"),
        }
    }

    /// Finds the pass under a key; one that cannot be read counts as none.
    pub fn find(&self, key: &str) -> Option<Pass> {
        serde_json::from_slice(&std::fs::read(self.path(key)).ok()?).ok()
    }

    /// Keeps a pass under a key, in place of the one that was there: written beside, then renamed over it, so that a
    /// reader sees the one or the other.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep(&self, key: &str, pass: &Pass) -> Result<(), Error> {
        self.write(&self.path(key), pass)
    }

    /// Removes the passes that were kept longer ago than `age`, with what killed writers left, and counts them.
    ///
    /// # Errors
    /// The folder cannot be read, or a file in it not be removed.
    pub fn prune(&self, age: Duration) -> Result<usize, Error> {
        let failed = |path: &Path, source| Error::KeepPass {
            path: path.to_owned(),
            source,
        };
        let files = match std::fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            Err(source) => return Err(failed(&self.folder, source)),
        };
        let mut count = 0;
        for path in files.flatten().map(|file| file.path()) {
            if !is_older(&path, age) {
                continue;
            }
            match std::fs::remove_file(&path) {
                Ok(()) => count += 1,
                // Another one was at it too.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(source) => return Err(failed(&path, source)),
            }
        }
        Ok(count)
    }

    /// Finds what became of each test in the run of a pass; none where it was not kept or cannot be read.
    pub fn tests(&self, key: &str) -> Option<Vec<TestCase>> {
        serde_json::from_slice(&std::fs::read(self.tests_path(key)).ok()?).ok()
    }

    /// Keeps what became of each test under the key of its pass, beside it: a hook that only asks whether there is a pass
    /// must not take the longer the more tests there are.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep_tests(&self, key: &str, tests: &[TestCase]) -> Result<(), Error> {
        self.write(&self.tests_path(key), tests)
    }

    /// Finds what the tests of a red proof said; none where it was not kept or cannot be read.
    pub fn said<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_slice(&std::fs::read(self.said_path(key)).ok()?).ok()
    }

    /// Keeps what the tests of a red proof said.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn keep_said<T: Serialize + ?Sized>(&self, key: &str, said: &T) -> Result<(), Error> {
        self.write(&self.said_path(key), said)
    }

    fn said_path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.said.json"))
    }

    fn path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.json"))
    }

    fn tests_path(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.tests.json"))
    }

    fn write<T: Serialize + ?Sized>(&self, path: &Path, content: &T) -> Result<(), Error> {
        let write = || -> io::Result<()> {
            std::fs::create_dir_all(&self.folder)?;
            // Two writers of one key must not write to one file.
            let mut beside = tempfile::NamedTempFile::new_in(&self.folder)?;
            beside.write_all(&serde_json::to_vec(content)?)?;
            beside.persist(path)?;
            Ok(())
        };
        write().map_err(|source| Error::KeepPass {
            path: path.to_owned(),
            source,
        })
    }
}

/// Whether a file was written longer ago than `age`; one of the future was not.
fn is_older(path: &Path, age: Duration) -> bool {
    let written = path.symlink_metadata().and_then(|data| data.modified());
    written.is_ok_and(|time| {
        SystemTime::now()
            .duration_since(time)
            .is_ok_and(|elapsed| elapsed > age)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "ab12";

    fn pass() -> Pass {
        Pass {
            check: "tests".into(),
            tree: TreeId::new("ab"),
            base: None,
            time: "2026-01-15T10:00:00Z".into(),
            counts: Counts {
                passed: 3,
                failed: 1,
                skipped: 2,
            },
            failing: vec!["a::b".into()],
            sealed: Vec::new(),
            record: "cd".into(),
        }
    }

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder.join("validated"))
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_pass_is_found_as_it_was_kept_and_under_no_other_key() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        assert_eq!(cache.find(KEY), None);
        cache.keep(KEY, &pass()).unwrap();
        assert_eq!(cache.find(KEY), Some(pass()));
        assert_eq!(cache.find("ab13"), None);
        let newer = Pass {
            base: Some(TreeId::new("ef")),
            ..pass()
        };
        cache.keep(KEY, &newer).unwrap();
        assert_eq!(cache.find(KEY), Some(newer));
        assert_eq!(files(folder.path()), ["ab12.json"]);
    }

    #[test]
    fn the_file_of_a_pass_reads_plainly() {
        let folder = tempfile::tempdir().unwrap();
        Cache::new(folder.path()).keep(KEY, &pass()).unwrap();
        let text = std::fs::read_to_string(folder.path().join("validated/ab12.json")).unwrap();
        let expected = concat!(
            r#"{"check":"tests","tree":"ab","base":null,"time":"2026-01-15T10:00:00Z","#,
            r#""counts":{"passed":3,"failed":1,"skipped":2},"failing":["a::b"],"record":"cd"}"#,
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn a_pass_that_cannot_be_kept_is_an_error_and_is_not_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("validated"), "").unwrap();
        let cache = Cache::new(folder.path());
        let error = cache.keep(KEY, &pass()).unwrap_err();
        let path = folder.path().join("validated/ab12.json");
        assert_eq!(
            error.to_string(),
            format!("could not keep `{}`", path.display())
        );
        assert_eq!(cache.find(KEY), None);
    }

    #[test]
    fn writers_of_one_key_at_once_leave_one_whole_pass() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        let passes = ["a", "b", "c", "d"].map(|check| Pass {
            check: check.repeat(50_000),
            ..pass()
        });
        cache.keep(KEY, &passes[0]).unwrap();
        std::thread::scope(|scope| {
            for pass in &passes {
                scope.spawn(|| {
                    for _ in 0..20 {
                        cache.keep(KEY, pass).unwrap();
                        let found = cache.find(KEY).unwrap();
                        assert!(passes.contains(&found));
                    }
                });
            }
        });
        assert_eq!(files(folder.path()), ["ab12.json"]);
    }

    #[test]
    fn an_age_is_told_in_words() {
        let age = |now: &str| pass().age(now.parse().unwrap()).to_string();
        for (now, words) in [
            ("2026-01-15T10:00:00Z", "just now"),
            ("2026-01-15T09:59:01Z", "just now"),
            ("2026-01-15T10:00:59Z", "just now"),
            ("2026-01-15T10:01:00Z", "1 min ago"),
            ("2026-01-15T10:59:59Z", "59 min ago"),
            ("2026-01-15T12:00:00Z", "2 h ago"),
            ("2026-01-15T14:30:00+02:00", "2 h ago"),
            ("2026-01-16T09:59:59Z", "23 h ago"),
            ("2026-01-16T10:00:00Z", "1 d ago"),
            ("2027-01-15T10:00:00Z", "365 d ago"),
            ("2026-01-15T09:50:00Z", "at an unknown time"),
        ] {
            assert_eq!(age(now), words, "{now}");
        }
        let bad = Pass {
            time: "yesterday".into(),
            ..pass()
        };
        assert_eq!(bad.age(Timestamp::now()), Age::Unknown);
    }

    #[test]
    fn what_was_kept_too_long_ago_is_pruned() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path());
        let day = Duration::from_secs(86_400);
        assert_eq!(cache.prune(day).unwrap(), 0);
        cache.keep("old", &pass()).unwrap();
        cache.keep("new", &pass()).unwrap();
        let left = cache.folder.join(".tmpKilled");
        std::fs::write(&left, "{").unwrap();
        let paths = [
            (cache.path("old"), day * 2),
            (left, day * 2),
            (cache.path("new"), day / 2),
        ];
        for (path, age) in paths {
            let file = std::fs::File::open(path).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        }
        assert_eq!(cache.prune(day).unwrap(), 2);
        assert_eq!(files(folder.path()), ["new.json"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, cut in 0usize..300, flip in 0usize..300) {
            let folder = tempfile::tempdir().unwrap();
            let cache = Cache::new(folder.path());
            cache.keep(KEY, &pass()).unwrap();
            let mut near = std::fs::read(cache.path(KEY)).unwrap();
            let at = flip % near.len();
            near[at] ^= 0x11;
            near.truncate(cut);
            std::fs::write(cache.path(KEY), &bytes).unwrap();
            prop_assert_eq!(cache.find(KEY), None);
            std::fs::write(cache.path(KEY), &near).unwrap();
            if let Some(found) = cache.find(KEY) {
                let _ = found.age(Timestamp::UNIX_EPOCH).to_string();
            }
        }
    }
}
