//! The git that runs a hook: which process, and with which arguments, where the system tells (Linux, proc(5)). Good for
//! telling one attempt from the next and for naming how; never the proof that something is allowed.

use std::path::Path;

use crate::evidence::attempt::Process;

/// The nearest git above the hook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Caller {
    /// The process; none where the system does not tell.
    pub(super) process: Option<Process>,
    /// Its arguments.
    pub(super) args: Option<Args>,
    /// The arguments of the git that started it directly, as a rebase starts `git commit`.
    pub(super) parent: Option<Args>,
}

/// The arguments of a git command after `git` and its own options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Args {
    /// `commit`, `merge`, …
    pub(super) command: String,
    /// What follows.
    pub(super) rest: Vec<String>,
}

impl Caller {
    /// Looks at the processes above this one.
    pub(super) fn find() -> Self {
        let mut pid = std::os::unix::process::parent_id();
        // A shell, or another hook manager, may stand between git and this program.
        for _ in 0..8 {
            let Some(found) = look(pid) else {
                return Self::default();
            };
            if is_git(&found.argv) {
                let parent = look(found.parent).filter(|above| is_git(&above.argv));
                return Self {
                    process: Some(Process {
                        pid,
                        started: found.started,
                    }),
                    args: Args::parse(&found.argv),
                    parent: parent.and_then(|above| Args::parse(&above.argv)),
                };
            }
            pid = found.parent;
        }
        Self::default()
    }

    /// Returns the command that decides what kind of commit this is: the sequencer's where it started `git commit`.
    pub(super) fn operation(&self) -> Option<&str> {
        let sequencer = self
            .parent
            .as_ref()
            .map(|above| above.command.as_str())
            .filter(|command| matches!(*command, "rebase" | "cherry-pick" | "revert"));
        sequencer.or(self.args.as_ref().map(|args| args.command.as_str()))
    }

    /// Says whether `--no-verify` was given by hand; a rebase passes it to its own `git commit`.
    pub(super) fn skips_hooks(&self) -> bool {
        self.args.as_ref().is_some_and(|args| {
            self.operation() == Some(args.command.as_str()) && args.skips_hooks()
        })
    }

    /// Says whether the commit replaces the last one; none where the arguments cannot be seen.
    pub(super) fn amends(&self) -> Option<bool> {
        self.args
            .as_ref()
            .map(|args| args.command == "commit" && args.amends())
    }
}

impl Args {
    /// Reads a command line, program first; none where it names no command.
    pub(super) fn parse(argv: &[String]) -> Option<Self> {
        let mut args = argv.iter().skip(1);
        while let Some(arg) = args.next() {
            if !arg.starts_with('-') {
                return Some(Self {
                    command: arg.clone(),
                    rest: args.cloned().collect(),
                });
            }
            if matches!(
                arg.as_str(),
                "-C" | "-c"
                    | "--git-dir"
                    | "--work-tree"
                    | "--namespace"
                    | "--super-prefix"
                    | "--config-env"
            ) {
                args.next();
            }
        }
        None
    }

    fn options(&self) -> impl Iterator<Item = &str> {
        self.rest
            .iter()
            .map(String::as_str)
            .take_while(|&arg| arg != "--")
    }

    /// Says whether a long option is given, whole or shortened down to `shortest`, which git still takes as unique.
    pub(super) fn has(&self, option: &str, shortest: &str) -> bool {
        self.options().any(|arg| {
            arg.len() >= shortest.len() && option.starts_with(arg) && arg.starts_with(shortest)
        })
    }

    /// The last of `--amend` and `--no-amend` counts; neither stands as the value of another option.
    fn amends(&self) -> bool {
        let last = self
            .longs()
            .rfind(|arg| is_short_for(arg, "--amend", 4) || is_short_for(arg, "--no-amend", 6));
        last.is_some_and(|arg| !arg.starts_with("--no"))
    }

    /// Returns the value of a long option, whole or shortened down to `shortest`, from `--name=value` or `--name value`;
    /// the last one counts.
    pub(super) fn value(&self, option: &str, shortest: &str) -> Option<String> {
        let mut found = None;
        let mut args = self.options();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (arg, None),
            };
            if option.starts_with(name) && name.starts_with(shortest) {
                found = value.or_else(|| args.next()).map(str::to_owned);
            }
        }
        found
    }

    /// Returns the long options, without the values that stand as arguments of their own.
    pub(super) fn longs(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.given().into_iter().filter_map(|given| match given {
            Given::Long(arg) => Some(arg),
            Given::Short(_) => None,
        })
    }

    /// Returns the short options, clusters taken apart.
    pub(super) fn letters(&self) -> Vec<char> {
        let letter = |given| match given {
            Given::Short(letter) => Some(letter),
            Given::Long(_) => None,
        };
        self.given().into_iter().filter_map(letter).collect()
    }

    fn given(&self) -> Vec<Given<'_>> {
        let mut given = Vec::new();
        let mut args = self.options();
        while let Some(arg) = args.next() {
            if arg.starts_with("--") {
                given.push(Given::Long(arg));
                if TAKE_VALUES.contains(&arg) {
                    args.next();
                }
            } else if let Some(short) = arg.strip_prefix('-') {
                // `-anm text`: a letter that takes a value ends the cluster; the value may be the next argument.
                for (index, letter) in short.char_indices() {
                    given.push(Given::Short(letter));
                    match letter {
                        'm' | 'F' | 'C' | 'c' | 't' => {
                            if index + 1 == short.len() {
                                args.next();
                            }
                            break;
                        }
                        'S' | 'u' | 'p' => break,
                        _ => {}
                    }
                }
            }
        }
        given
    }

    /// Returns what is neither an option nor the value of `-m`, `-F`, `-s` or `-X`, which `git merge` takes.
    pub(super) fn operands(&self) -> Vec<&str> {
        let mut operands = Vec::new();
        let mut args = self.rest.iter().map(String::as_str);
        while let Some(arg) = args.next() {
            if matches!(
                arg,
                "-m" | "-F"
                    | "-s"
                    | "-X"
                    | "--strategy"
                    | "--strategy-option"
                    | "--file"
                    | "--cleanup"
            ) {
                args.next();
            } else if !arg.starts_with('-') {
                operands.push(arg);
            }
        }
        operands
    }

    /// Says whether `git branch` renames: `-m`, `-M`, `-fm`, `--move`.
    pub(super) fn renames(&self) -> bool {
        let is_short = |arg: &str| !arg.starts_with("--") && arg.contains(['m', 'M']);
        self.has("--move", "--mov")
            || self
                .options()
                .any(|arg| arg.starts_with('-') && is_short(arg))
    }

    fn skips_hooks(&self) -> bool {
        // The last of `--verify` and `--no-verify` counts; `-n` is short for the latter in these two alone.
        let has_letter = matches!(self.command.as_str(), "commit" | "am");
        let said = self
            .given()
            .into_iter()
            .rev()
            .find_map(|given| match given {
                Given::Long("--verify") => Some(false),
                Given::Long(arg) => {
                    (arg.len() >= 9 && "--no-verify".starts_with(arg)).then_some(true)
                }
                Given::Short(letter) => (has_letter && letter == 'n').then_some(true),
            });
        said.unwrap_or(false)
    }
}

/// One option as it is given.
enum Given<'a> {
    Long(&'a str),
    Short(char),
}

/// Long options whose value may be the next argument.
const TAKE_VALUES: [&str; 10] = [
    "--message",
    "--file",
    "--author",
    "--date",
    "--cleanup",
    "--template",
    "--reuse-message",
    "--reedit-message",
    "--fixup",
    "--trailer",
];

/// Whether `arg` is a long option or a beginning of it of at least `shortest` characters.
fn is_short_for(arg: &str, option: &str, shortest: usize) -> bool {
    arg.len() >= shortest && option.starts_with(arg)
}

struct Found {
    argv: Vec<String>,
    parent: u32,
    started: u64,
}

fn look(pid: u32) -> Option<Found> {
    let folder = Path::new("/proc").join(pid.to_string());
    let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
    // The name, field 2, stands in parentheses and may hold anything; field 3 follows the last one.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let parent = fields.get(1)?.parse().ok()?;
    let started = fields.get(19)?.parse().ok()?;
    let line = std::fs::read(folder.join("cmdline")).ok()?;
    let argv = line
        .strip_suffix(b"\0")
        .unwrap_or(&line)
        .split(|&b| b == 0)
        .map(|arg| String::from_utf8_lossy(arg).into_owned())
        .collect();
    Some(Found {
        argv,
        parent,
        started,
    })
}

fn is_git(argv: &[String]) -> bool {
    argv.first()
        .is_some_and(|program| program == "git" || program.ends_with("/git"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        let argv: Vec<String> = line.split(' ').map(String::from).collect();
        Args::parse(&argv).unwrap()
    }

    #[test]
    fn gits_own_options_are_passed_over() {
        let found = args("git -C x -c a.b=c --no-pager --git-dir y commit -m n");
        assert_eq!(
            (found.command.as_str(), found.rest.join(" ").as_str()),
            ("commit", "-m n")
        );
    }

    #[test]
    fn no_verify_is_found_in_every_spelling() {
        for line in [
            "commit -n",
            "commit -anm x",
            "commit --no-verify",
            "commit --no-veri",
            "merge --no-verify x",
            "am -n",
        ] {
            assert!(args(&format!("git {line}")).skips_hooks(), "{line}");
        }
    }

    #[test]
    fn what_only_looks_like_no_verify_is_not_taken_for_it() {
        for line in [
            "commit -m -n",
            "commit -mn",
            "commit -- -n",
            "commit -a",
            "merge -n x",
            "commit -Sn",
            "commit -n --verify",
        ] {
            assert!(!args(&format!("git {line}")).skips_hooks(), "{line}");
        }
    }

    #[test]
    fn a_rebase_that_commits_is_the_operation() {
        let caller = Caller {
            process: None,
            args: Some(args("git commit -n -F x")),
            parent: Some(args("git rebase --continue")),
        };
        assert_eq!(
            (caller.operation(), caller.skips_hooks()),
            (Some("rebase"), false)
        );
    }

    #[test]
    fn an_amend_is_seen_in_every_spelling() {
        for (line, amends) in [
            ("commit --amend", true),
            ("commit --ame -m x", true),
            ("commit --allow-empty", false),
            ("commit -m --amend", false),
            ("commit --amend --no-amend", false),
        ] {
            let caller = Caller {
                args: Some(args(&format!("git {line}"))),
                ..Caller::default()
            };
            assert_eq!(caller.amends(), Some(amends), "{line}");
        }
    }
}
