//! What `.gitattributes` says of a path, asked of git.

use super::Error;
use super::command::Git;

/// Returns the merge driver that the repository's attributes give each path, in the order of the paths; none where they say
/// nothing. The user's own attributes do not count: nobody else has them.
///
/// # Errors
/// git cannot be asked.
pub fn merge_drivers(git: &Git, paths: &[String]) -> Result<Vec<Option<String>>, Error> {
    let mut args = vec![
        "-c",
        "core.attributesFile=/dev/null",
        "check-attr",
        "-z",
        "merge",
        "--",
    ];
    args.extend(paths.iter().map(String::as_str));
    let said = git.line(&args)?;
    // git-check-attr(1): path, attribute and value, each followed by a NUL.
    let values = said.split('\0').skip(2).step_by(3);
    let values = values.map(|value| (value != "unspecified").then(|| value.to_owned()));
    Ok(values.take(paths.len()).collect())
}
