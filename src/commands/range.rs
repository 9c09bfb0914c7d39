//! Which commits a command is about, and by which policy.

use crate::error::Error;
use crate::git::{InForce, Oid, Repository};
use crate::id::BlobId;
use crate::policy::Policy;

/// What was asked for.
#[derive(Debug)]
pub(super) enum Range<'a> {
    /// As `git rev-list` takes it: `main..HEAD`, or one revision with all that it reaches.
    Given(&'a str),
    /// All that `HEAD` reaches since the adoption.
    Head,
    /// All that branches, remote-tracking branches and the `HEAD` of any worktree reach since the adoption.
    AllBranches,
}

impl Range<'_> {
    /// Says it as a report shows it.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Given(range) => range,
            Self::Head => "HEAD",
            Self::AllBranches => "--all",
        }
    }
}

/// Finds the policy in force, or that of the branch that was named, as `main` or, for exactly that reference, as
/// `origin/main`.
pub(super) fn policy(repository: &Repository, into: Option<&str>) -> Result<InForce, Error> {
    let found = match into {
        Some(branch) => {
            let (found, exists) = repository.policy_of_branch(branch)?;
            match exists {
                true => found,
                false => policy_at_remote(repository, branch)?,
            }
        }
        None => repository.policy_in_force()?,
    };
    found.ok_or(Error::NoPolicy)
}

/// Finds the policy at a remote-tracking branch, `<remote>/<branch>`; what it says is asked of the branch.
fn policy_at_remote(repository: &Repository, name: &str) -> Result<Option<InForce>, Error> {
    let unknown = || repository.unknown(name);
    let tip = repository.find_commit_at(&format!("refs/remotes/{name}"))?;
    let tip = tip.ok_or_else(unknown)?;
    // The remote whose name is the longest: names may hold slashes.
    let places = name.match_indices('/').rev();
    let mut places = places.map(|(place, _)| (&name[..place], &name[place + 1..]));
    let is_remote = |remote: &str| {
        let fetched = repository.config_values(&format!("remote.{remote}.fetch"));
        fetched.is_ok_and(|values| !values.is_empty())
    };
    let found = places.find(|(remote, _)| is_remote(remote));
    let (_, branch) = found.ok_or_else(unknown)?;
    Ok(repository.policy_at(tip, branch)?)
}

/// Makes a policy that was given stand for the one in force.
pub(super) fn assumed(repository: &Repository, policy: &Policy) -> Result<InForce, Error> {
    let tip = repository.head()?.commit.ok_or(Error::NoPolicy)?;
    Ok(InForce {
        policy: policy.clone(),
        blob: BlobId::new(""),
        branch: "HEAD".into(),
        tip,
    })
}

/// Lists the commits, parents before children; `since` is the adoption, which is listed too.
pub(super) fn commits(
    repository: &Repository,
    range: &Range<'_>,
    since: Option<Oid>,
) -> Result<Vec<Oid>, Error> {
    let mut args: Vec<String> = vec!["rev-list".into(), "--reverse".into(), "--topo-order".into()];
    match range {
        Range::Given(range) => args.extend(["--end-of-options".into(), (*range).to_owned()]),
        Range::Head => args.push("HEAD".into()),
        Range::AllBranches => args.extend(["--branches".into(), "--remotes".into()]),
    }
    if !matches!(range, Range::Given(_))
        && let Some(since) = since
    {
        args.push("--not".into());
        let parents = repository.commit(since)?.parents;
        let known = parents.iter().filter(|&&oid| repository.has_object(oid));
        args.extend(known.map(Oid::to_string));
    }
    args.push("--".into());
    let (code, stdout, stderr) = repository.git().run(&args, &[])?;
    if code != Some(0) {
        let revision = match range {
            Range::Given(range) => (*range).to_owned(),
            _ => String::from_utf8_lossy(&stderr).trim().to_owned(),
        };
        return Err(repository.unknown(&revision).into());
    }
    let text = String::from_utf8_lossy(&stdout).into_owned();
    text.lines().map(|line| Ok(repository.oid(line)?)).collect()
}

/// The ends of a range: what is asked for is all that the first reach and the second do not.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) tips: Vec<Oid>,
    pub(super) without: Vec<Oid>,
}

/// Finds the ends of a range (gitrevisions(7)).
pub(super) fn ends(repository: &Repository, range: &Range<'_>) -> Result<Ends, Error> {
    let args: Vec<&str> = match range {
        Range::Given(range) => vec!["rev-parse", "--revs-only", "--end-of-options", range],
        Range::Head => vec!["rev-parse", "--revs-only", "HEAD"],
        Range::AllBranches => vec!["rev-parse", "--revs-only", "--branches", "--remotes"],
    };
    let (code, stdout, _) = repository.git().run(&args, &[])?;
    let text = String::from_utf8_lossy(&stdout).into_owned();
    let mut ends = Ends {
        tips: Vec::new(),
        without: Vec::new(),
    };
    let heads = match range {
        Range::AllBranches => heads(repository)?,
        Range::Given(_) | Range::Head => Vec::new(),
    };
    for line in text.lines().chain(heads.iter().map(String::as_str)) {
        let (list, id) = match line.strip_prefix('^') {
            Some(id) => (&mut ends.without, id),
            None => (&mut ends.tips, line),
        };
        list.extend(repository.peel(repository.oid(id)?)?);
    }
    match range {
        Range::Given(range) if code != Some(0) || ends.tips.is_empty() => {
            Err(repository.unknown(range).into())
        }
        _ => Ok(ends),
    }
}

/// Lists where the worktrees stand (git-worktree(1)): on a branch, or on a commit that none holds.
fn heads(repository: &Repository) -> Result<Vec<String>, Error> {
    let args = ["worktree", "list", "--porcelain"];
    let (_, stdout, _) = repository.git().run(&args, &[])?;
    let text = String::from_utf8_lossy(&stdout);
    let ids = text.lines().filter_map(|line| line.strip_prefix("HEAD "));
    // One without any commit stands on zeros.
    let ids = ids.filter(|id| id.bytes().any(|byte| byte != b'0'));
    Ok(ids.map(str::to_owned).collect())
}
