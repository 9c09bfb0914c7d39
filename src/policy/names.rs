//! The forms of names in a policy: words, paths, branches, variables. Pure text; nothing is looked up.

/// Says whether the text is one word: a type, a persona, a task's name.
pub(super) fn is_word(text: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.starts_with(char::is_alphanumeric) && text.chars().all(is_letter)
}

/// Says why a text cannot be the path of a file from the top of the repository.
pub(super) fn check_path(path: &str) -> Result<(), &'static str> {
    if path.is_empty() {
        return Err("is empty");
    }
    if path.starts_with(['/', '~']) {
        return Err("must be a path inside the repository, not an absolute one");
    }
    if path.chars().any(char::is_control) {
        return Err("holds a control character");
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err("must be a plain path, without `.`, `..` and empty parts");
    }
    if path
        .split('/')
        .any(|part| part.eq_ignore_ascii_case(".git"))
    {
        return Err("must not lead into `.git`, which git never commits");
    }
    Ok(())
}

/// Says whether git takes the text as a branch name (git-check-ref-format(1), with `--branch`'s ban on a leading `-`).
pub(super) fn is_branch(name: &str) -> bool {
    let is_bad = |c: char| {
        c.is_ascii_control() || matches!(c, ' ' | '~' | '^' | ':' | '?' | '*' | '[' | '\\')
    };
    let is_part =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    name.split('/').all(is_part)
        && !name.contains(is_bad)
        && !name.starts_with('-')
        && !name.ends_with('.')
        && !name.contains("..")
        && !name.contains("@{")
        && !matches!(name, "@" | "HEAD")
}

/// Says whether an environment variable can have this name.
pub(super) fn is_variable(name: &str) -> bool {
    !name.is_empty() && !name.contains(['=', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_name_is_what_git_takes_for_one() {
        for good in [
            "main",
            "release/1.x",
            "a-b",
            "été",
            "a@b",
            "@a",
            "feat/TASK-1_x",
        ] {
            assert!(is_branch(good), "{good}");
        }
        for bad in [
            "", "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.lock/b", "a..b", "a b", "a~", "a^",
            "a:b", "a?", "a*", "a[", "a\\", "a.", "a@{b", "@", "-a", "HEAD", "a\u{7f}",
        ] {
            assert!(!is_branch(bad), "{bad}");
        }
    }

    #[test]
    fn a_path_stays_inside_the_repository() {
        for good in [
            "a",
            ".pdd/allowed_signers",
            "a/b..c",
            "context/log of {task}.md",
        ] {
            assert_eq!(check_path(good), Ok(()), "{good}");
        }
        for bad in [
            "", "/a", "~/a", "a/../b", "..", "./a", "a//b", "a/", "a\nb", ".git/x", "a/.GIT",
        ] {
            assert!(check_path(bad).is_err(), "{bad}");
        }
    }
}
