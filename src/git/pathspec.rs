//! Pathspecs (gitglossary(7)), matched as `git log -- <pathspec>` matches the paths that a commit changes. libgit2's own know
//! none of the words before the pattern.

use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};

use super::{Error, Repository};

/// Which paths are meant: those that one pattern takes and no excluding one does.
#[derive(Clone, Debug)]
pub struct Pathspec {
    takes: Vec<Pattern>,
    excludes: Vec<Pattern>,
}

/// One pattern.
#[derive(Clone, Debug)]
struct Pattern {
    /// As it stands, for a file of this name and a folder with all in it.
    text: Vec<u8>,
    ignores_case: bool,
    /// None where nothing in it is special.
    glob: Option<GlobMatcher>,
}

/// What stands before a pattern: `:(icase,glob)`, `:!`, `:/`.
#[derive(Debug, Default)]
struct Magic {
    excludes: bool,
    ignores_case: bool,
    is_glob: bool,
    is_literal: bool,
    is_from_top: bool,
}

impl Repository {
    /// Reads pathspecs, which hold from the current folder.
    ///
    /// # Errors
    /// One of them is malformed, or leads out of the repository.
    pub fn pathspec(&self, texts: &[String]) -> Result<Pathspec, Error> {
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        let top = self.work_tree().map(Path::canonicalize);
        let top = top.and_then(Result::ok);
        let prefix = match (here, &top) {
            (Ok(here), Some(top)) => here
                .strip_prefix(top)
                .map(|path| path.to_string_lossy().into_owned())
                .unwrap_or_default(),
            _ => String::new(),
        };
        let texts: Vec<String> = texts
            .iter()
            .map(|text| in_repository(text, top.as_deref()))
            .collect::<Result<_, Error>>()?;
        Pathspec::parse(&texts, &prefix)
    }
}

/// Writes a path from the root of the file system as one from the top of the repository, and refuses what names nothing in it.
fn in_repository(text: &str, top: Option<&Path>) -> Result<String, Error> {
    let failed = |fault: &str| Error::ReadPathspec {
        pathspec: text.to_owned(),
        fault: fault.to_owned(),
    };
    if text.is_empty() {
        return Err(failed("it is empty; `.` names everything here"));
    }
    if !text.starts_with('/') {
        return Ok(text.to_owned());
    }
    let path = Path::new(text);
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let inside = top.and_then(|top| real.strip_prefix(top).or(path.strip_prefix(top)).ok());
    match inside {
        Some(inside) => Ok(format!(":/{}", inside.to_string_lossy())),
        None => Err(failed("it is outside of the repository")),
    }
}

impl Pathspec {
    fn parse(texts: &[String], prefix: &str) -> Result<Self, Error> {
        let mut spec = Self {
            takes: Vec::new(),
            excludes: Vec::new(),
        };
        for text in texts {
            let failed = |fault: String| Error::ReadPathspec {
                pathspec: text.clone(),
                fault,
            };
            let (magic, rest) = Magic::parse(text).map_err(failed)?;
            let pattern = Pattern::new(&magic, rest, prefix).map_err(failed)?;
            match magic.excludes {
                true => spec.excludes.push(pattern),
                false => spec.takes.push(pattern),
            }
        }
        Ok(spec)
    }

    /// Says whether a path is meant.
    pub fn takes(&self, path: &[u8]) -> bool {
        let fits = |pattern: &Pattern| pattern.fits(path);
        // Where all are left out of something, it is everything.
        (self.takes.is_empty() || self.takes.iter().any(fits)) && !self.excludes.iter().any(fits)
    }
}

impl Magic {
    fn parse(text: &str) -> Result<(Self, &str), String> {
        let mut magic = Self::default();
        let Some(rest) = text.strip_prefix(':') else {
            return Ok((magic, text));
        };
        if let Some(rest) = rest.strip_prefix('(') {
            let (words, rest) = rest.split_once(')').ok_or("no `)` ends its words")?;
            for word in words.split(',').filter(|word| !word.is_empty()) {
                match word {
                    "top" => magic.is_from_top = true,
                    "literal" => magic.is_literal = true,
                    "icase" => magic.ignores_case = true,
                    "glob" => magic.is_glob = true,
                    "exclude" => magic.excludes = true,
                    word => return Err(format!("`{word}` is none of the words known here")),
                }
            }
            if magic.is_literal && magic.is_glob {
                return Err("`literal` and `glob` exclude each other".into());
            }
            return Ok((magic, rest));
        }
        for (at, sign) in rest.char_indices() {
            match sign {
                '/' => magic.is_from_top = true,
                '!' | '^' => magic.excludes = true,
                ':' => return Ok((magic, &rest[at + 1..])),
                sign if sign.is_ascii_punctuation() && !"*?[\\.-_".contains(sign) => {
                    return Err(format!("`{sign}` is none of the signs known here"));
                }
                _ => return Ok((magic, &rest[at..])),
            }
        }
        Ok((magic, ""))
    }
}

impl Pattern {
    fn new(magic: &Magic, text: &str, prefix: &str) -> Result<Self, String> {
        let prefix = if magic.is_from_top { "" } else { prefix };
        let text = from_top(prefix, text)?;
        let is_special = text.contains(['*', '?', '[', '\\']);
        let glob = match is_special && !magic.is_literal {
            true => Some(glob(&text, magic)?),
            false => None,
        };
        Ok(Self {
            text: text.into_bytes(),
            ignores_case: magic.ignores_case,
            glob,
        })
    }

    fn fits(&self, path: &[u8]) -> bool {
        use std::os::unix::ffi::OsStrExt as _;
        if self.is_at_or_above(path) {
            return true;
        }
        let path = std::ffi::OsStr::from_bytes(path);
        self.glob.as_ref().is_some_and(|glob| glob.is_match(path))
    }

    fn is_at_or_above(&self, path: &[u8]) -> bool {
        let text = self.text.as_slice();
        let Some((start, rest)) = path.split_at_checked(text.len()) else {
            return false;
        };
        let is_same = match self.ignores_case {
            true => start.eq_ignore_ascii_case(text),
            false => start == text,
        };
        is_same && (rest.is_empty() || rest[0] == b'/' || text.is_empty() || text.ends_with(b"/"))
    }
}

fn glob(text: &str, magic: &Magic) -> Result<GlobMatcher, String> {
    // git's patterns have no alternatives.
    let mut text = text.replace('{', "[{]").replace('}', "[}]");
    if !magic.is_glob {
        // There two stars are one, which passes slashes.
        while text.contains("**") {
            text = text.replace("**", "*");
        }
    }
    GlobBuilder::new(&text)
        .literal_separator(magic.is_glob)
        .case_insensitive(magic.ignores_case)
        .backslash_escape(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| error.kind().to_string())
}

/// Puts a path behind the current folder's, and takes `.` and `..` out of it.
fn from_top(prefix: &str, text: &str) -> Result<String, String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in prefix.split('/').chain(text.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                let left = parts.pop();
                left.ok_or_else(|| "it leads out of the repository".to_owned())?;
            }
            part => parts.push(part),
        }
    }
    let is_folder = text.ends_with('/') && !parts.is_empty();
    Ok(parts.join("/") + if is_folder { "/" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn takes(texts: &[&str], prefix: &str, path: &str) -> bool {
        let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        let spec = Pathspec::parse(&texts, prefix).unwrap();
        spec.takes(path.as_bytes())
    }

    #[test]
    fn patterns_hold_from_the_current_folder_unless_they_say_otherwise() {
        assert!(takes(&["a.rs"], "src", "src/a.rs"));
        assert!(takes(&["../docs"], "src", "docs/a.md"));
        assert!(takes(&[":/docs"], "src", "docs/a.md"));
        assert!(takes(&[":(top)docs"], "src", "docs/a.md"));
        assert!(takes(&["."], "src", "src/a.rs"));
        assert!(!takes(&["."], "src", "docs/a.md"));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let fault = |text: &str| match Pathspec::parse(&[text.to_owned()], "") {
            Err(error) => error.to_string(),
            Ok(_) => "none".into(),
        };
        assert_eq!(
            fault(":(attr:x)a"),
            "could not read the pathspec `:(attr:x)a`: `attr:x` is none of the words known here"
        );
        assert_eq!(
            fault(":(top"),
            "could not read the pathspec `:(top`: no `)` ends its words"
        );
        assert_eq!(
            fault("../x"),
            "could not read the pathspec `../x`: it leads out of the repository"
        );
    }

    proptest! {
        #[test]
        fn any_pathspec_is_read_or_refused(text in "[:!/()a,*?\\[\\]{}\\\\.\u{e9}-]{0,12}", path: Vec<u8>) {
            if let Ok(spec) = Pathspec::parse(&[text], "a") {
                let _ = spec.takes(&path);
            }
        }
    }
}
