//! Regular expressions and globs as policy values: kept as they were written, compiled on first use.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use globset::{Candidate, Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::literal::may_match;
use crate::id::TaskId;

/// The weight up to which an expression is taken to compile: at 64 bytes for each state, which is more than the regex
/// crate needs, this stays below the 10 MiB that it allows.
const SAFE_WEIGHT: usize = 100_000;

/// The most that a heavier `task.id` may take when compiled, in bytes; the expressions built round it need little more.
const ID_SIZE: usize = 4 << 20;

/// The same for `branch.work`: what the regex crate allows by itself.
const WORK_SIZE: usize = 10 << 20;

/// The deepest nesting of groups; the regex crate takes 250, and groups of ours come on top.
const NESTING: u32 = 100;

/// A regular expression, checked when it is read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Regexp {
    text: String,
    #[serde(skip)]
    #[schemars(skip)]
    bracketed: OnceLock<Regex>,
    #[serde(skip)]
    #[schemars(skip)]
    whole: OnceLock<Regex>,
}

impl PartialEq for Regexp {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Regexp {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            bracketed: OnceLock::new(),
            whole: OnceLock::new(),
        }
    }

    /// Returns the expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn bracketed(&self, text: &str) -> Vec<TaskId> {
        let regex = self
            .bracketed
            .get_or_init(|| compile(&format!(r"\[({})\]", self.text)));
        regex
            .captures_iter(text)
            .filter_map(|found| found.get(1).map(|id| TaskId::new(id.as_str())))
            .collect()
    }

    pub(crate) fn matches_whole(&self, text: &str) -> bool {
        let regex = self.whole.get_or_init(|| compile(&whole(&self.text)));
        regex.is_match(text)
    }

    pub(crate) fn task_of_branch(&self, branch: &str, id: &Self) -> Option<TaskId> {
        let regex = self.whole.get_or_init(|| compile(&whole(&self.with(id))));
        let found = regex.captures(branch)?;
        found.name("task").map(|task| TaskId::new(task.as_str()))
    }

    /// Says why the text cannot be `task.id`.
    pub(super) fn check_id(&self) -> Result<(), String> {
        let syntax = parse_expression(&self.text)?;
        if syntax.properties().minimum_len() == Some(0) {
            return Err("matches the empty text, so it names no task".into());
        }
        self.check_size(&syntax, &self.text, ID_SIZE)
    }

    /// Says why the text cannot be `branch.work` where tasks look like `id`.
    pub(super) fn check_work(&self, id: &Self) -> Result<(), String> {
        if self.text.matches("{task}").count() != 1 {
            return Err("must hold `{task}` exactly once: a work branch names its task".into());
        }
        let text = self.with(id);
        self.check_size(&parse_expression(&text)?, &text, WORK_SIZE)
    }

    /// Compiles only what may be too large, since compiling takes many times as long as parsing; what was compiled is
    /// kept for its first use.
    fn check_size(&self, syntax: &Hir, text: &str, size: usize) -> Result<(), String> {
        if weight(syntax) <= SAFE_WEIGHT {
            return Ok(());
        }
        let regex = RegexBuilder::new(&whole(text)).size_limit(size).build();
        let regex = regex.map_err(|_| "is too large when compiled")?;
        // Already set only if the text was checked before.
        let _ = self.whole.set(regex);
        Ok(())
    }

    fn with(&self, id: &Self) -> String {
        self.text
            .replace("{task}", &format!("(?P<task>{})", id.text))
    }
}

fn whole(text: &str) -> String {
    format!("^(?:{text})$")
}

fn compile(text: &str) -> Regex {
    Regex::new(text).expect("the policy was checked when it was read")
}

/// Takes the one sentence out of an error that by itself prints a drawing of several lines.
fn sentence(error: &regex_syntax::Error) -> String {
    let (why, at) = match error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), error.span().start),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), error.span().start),
        _ => return "is not a regular expression".into(),
    };
    format!(
        "is not a regular expression: {why} (at its character {})",
        at.column
    )
}

/// Parses an expression on its own, since `a)(b` is sound inside a group alone, and where a comment may swallow the end
/// of the group that it will stand in, as in `(?x)a # b`, inside one as well.
fn parse_expression(text: &str) -> Result<Hir, String> {
    let syntax = ParserBuilder::new()
        .nest_limit(NESTING)
        .build()
        .parse(text)
        .map_err(|error| sentence(&error))?;
    if text.contains('#') && regex_syntax::parse(&whole(text)).is_err() {
        return Err("is no regular expression once it stands inside a group".into());
    }
    Ok(syntax)
}

/// Counts at least as many states as the compiled expression has. A range of characters becomes a handful of byte
/// sequences, four bytes long at most.
fn weight(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() + 1,
        HirKind::Class(Class::Unicode(class)) => 1 + class.ranges().len().saturating_mul(28),
        HirKind::Class(Class::Bytes(class)) => 1 + class.ranges().len(),
        HirKind::Capture(capture) => weight(&capture.sub).saturating_add(2),
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            weight(&repetition.sub)
                .saturating_add(2)
                .saturating_mul(times.saturating_add(1))
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(weight).fold(2, usize::saturating_add)
        }
    }
}

/// How many paths are looked at one by one before the globs are compiled: a commit has a few, a history thousands.
const PATIENCE: u32 = 256;

/// A list of globs; `**` crosses folders, `*` does not.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Globs {
    list: Vec<String>,
    #[serde(skip)]
    #[schemars(skip)]
    set: OnceLock<GlobSet>,
    #[serde(skip)]
    #[schemars(skip)]
    asked: Asked,
}

/// How often the globs were asked before they were compiled.
#[derive(Debug, Default)]
struct Asked(AtomicU32);

impl Asked {
    fn often(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) >= PATIENCE
    }
}

impl Clone for Asked {
    fn clone(&self) -> Self {
        Self(self.0.load(Ordering::Relaxed).into())
    }
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl Globs {
    /// Takes globs that are known to be good.
    pub fn new<const N: usize>(list: [&str; N]) -> Self {
        Self::of(list.map(String::from).to_vec())
    }

    /// Takes a list of globs that are known to be good.
    pub(super) fn of(list: Vec<String>) -> Self {
        Self {
            list,
            set: OnceLock::new(),
            asked: Asked::default(),
        }
    }

    /// Returns the globs as they were written.
    pub fn as_slice(&self) -> &[String] {
        &self.list
    }

    /// Says whether a path (bytes, from the top of the repository) matches any of them.
    pub fn matches(&self, path: &[u8]) -> bool {
        let may_match = || self.list.iter().any(|glob| may_match(glob, path));
        if self.list.is_empty() || self.set.get().is_none() && !self.asked.often() && !may_match() {
            return false;
        }
        let set = self
            .set
            .get_or_init(|| build(&self.list).expect("the policy was checked when it was read"));
        set.is_match_candidate(&Candidate::from_bytes(path))
    }

    /// Says whether the set was built.
    #[cfg(test)]
    pub(super) fn is_compiled(&self) -> bool {
        self.set.get().is_some()
    }

    /// Says whether one glob matches a path, by building it.
    #[cfg(test)]
    pub(super) fn matches_compiled(glob: &str, path: &[u8]) -> Result<bool, globset::Error> {
        Ok(build(&[glob.to_owned()])?.is_match_candidate(&Candidate::from_bytes(path)))
    }

    /// Says whether the list is longer than what a set can surely be built of.
    pub(super) fn is_too_long(&self) -> bool {
        self.list.iter().map(String::len).sum::<usize>() > 16 << 10
    }

    /// Says why a text is no glob, with the mend where there is an obvious one. The set is not built for it.
    pub(super) fn check(glob: &str) -> Result<(), (String, Option<String>)> {
        if glob.is_empty() {
            return Err(("is empty".into(), None));
        }
        if glob.starts_with('/') || glob.starts_with("./") {
            let rest = glob.trim_start_matches(['.', '/']);
            return Err((
                "can match nothing: paths start at the top without `/`".into(),
                Some(format!("write `{rest}`")),
            ));
        }
        if let Some(folder) = glob.strip_suffix('/') {
            return Err((
                "can match nothing: it ends in `/`".into(),
                Some(format!("write `{folder}/**` for all that is in the folder")),
            ));
        }
        // Only these characters can make a glob fail, and most globs have none of them.
        if !glob.contains(['[', ']', '{', '}', '\\']) {
            return Ok(());
        }
        // Parsing takes any depth of alternatives, building the set does not.
        if glob.matches('{').count() > 32 {
            return Err(("has more than 32 groups of alternatives".into(), None));
        }
        let why = match parse(glob) {
            Ok(_) => return Ok(()),
            Err(error) => error.kind().to_string(),
        };
        Err((format!("is malformed: {why}"), None))
    }
}

fn parse(glob: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(glob)
        .literal_separator(true)
        // Without this a policy would mean something else on Windows.
        .backslash_escape(true)
        .build()
}

fn build(list: &[String]) -> Result<GlobSet, globset::Error> {
    let mut builder = GlobSetBuilder::new();
    for glob in list {
        builder.add(parse(glob)?);
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_pass_the_checks_that_reading_skips() {
        let (id, work) = (
            Regexp::new(super::super::defaults::TASK_ID),
            Regexp::new(super::super::defaults::WORK_BRANCH),
        );
        assert_eq!(id.check_id(), Ok(()));
        assert_eq!(work.check_work(&id), Ok(()));
        let policy = super::super::Policy::default();
        for (table, key, list) in super::super::meaning::glob_lists(&policy) {
            assert!(!list.as_slice().is_empty(), "{table}.{key}");
            assert!(
                list.as_slice()
                    .iter()
                    .all(|glob| Globs::check(glob).is_ok())
            );
        }
    }

    /// The heaviest of each shape that is taken unseen: using it must not panic.
    #[test]
    fn what_is_taken_without_compiling_compiles() {
        let shapes = [
            "a",
            r"\w",
            r"\PL",
            ".",
            "[^a]",
            "(?i)k",
            "(a|bc|d)",
            "(a?)",
            r"\b",
            "(x*y{2,3})",
            "(?s-u:[a-c])",
            "é",
        ];
        for part in shapes {
            let fits = |text: &str| weight(&regex_syntax::parse(text).unwrap()) <= SAFE_WEIGHT;
            let repeated = |count: usize| format!("X({part}){{{count}}}");
            let optional = |count: usize| format!("X({part}){{0,{count}}}");
            let written_out = |count: usize| format!("X{}", part.repeat(count.min(2000)));
            for shape in [
                &repeated as &dyn Fn(usize) -> String,
                &optional,
                &written_out,
            ] {
                let sizes = (0..17).map(|power| shape(1 << power));
                let text = sizes.take_while(|text| fits(text)).last().unwrap();
                let (id, work) = (Regexp::new(&text), Regexp::new("feat/{task}"));
                assert_eq!(id.check_id(), Ok(()));
                assert!(id.whole.get().is_none());
                assert_eq!(work.check_work(&id), Ok(()));
                assert!(id.bracketed("[]").is_empty());
                assert!(!id.matches_whole(""));
                assert!(work.task_of_branch("", &id).is_none());
            }
        }
    }

    #[test]
    fn what_nests_deepest_still_stands_inside_our_groups() {
        let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        let id = Regexp::new(&nested(90));
        assert_eq!(id.check_id(), Ok(()));
        assert!(id.matches_whole("a"));
        assert_eq!(id.bracketed("[a]").len(), 1);
        assert!(Regexp::new(&nested(101)).check_id().is_err());
    }

    #[test]
    fn a_heavy_expression_is_compiled_to_find_out() {
        let id = Regexp::new(r"\w{2,10}-[0-9]+");
        assert_eq!(id.check_id(), Ok(()));
        assert!(id.whole.get().is_some());
        assert!(id.matches_whole("task-1"));
    }
}
