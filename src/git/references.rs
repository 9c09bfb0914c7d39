//! References: `HEAD`, branches, remote-tracking branches. libgit2 reads files, git itself reftables.

use git2::{ErrorCode, ObjectType, Oid};

use super::{Error, Repository};

/// Where `HEAD` stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The branch it names, without `refs/heads/`; none where it is detached.
    pub branch: Option<String>,
    /// The commit; none on a branch that has none yet.
    pub commit: Option<Oid>,
}

impl Repository {
    /// Reads `HEAD`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn head(&self) -> Result<Head, Error> {
        let target = if self.is_reftable {
            self.git.find(&["symbolic-ref", "-q", "HEAD"])?
        } else {
            let head =
                self.inner
                    .find_reference("HEAD")
                    .map_err(|source| Error::ReadReference {
                        name: "HEAD".into(),
                        source,
                    })?;
            head.symbolic_target_bytes()
                .map(|name| String::from_utf8_lossy(name).into_owned())
        };
        let commit = self.find_commit_at(target.as_deref().unwrap_or("HEAD"))?;
        let branch =
            target.map(|name| name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned());
        Ok(Head { branch, commit })
    }

    /// Returns the commit that a reference (full name, or a pseudo-reference such as `CHERRY_PICK_HEAD`) names, tags
    /// peeled; none where it does not exist or names no commit.
    ///
    /// # Errors
    /// It exists and cannot be read.
    pub fn find_commit_at(&self, name: &str) -> Result<Option<Oid>, Error> {
        if self.is_reftable {
            let revision = format!("{name}^{{commit}}");
            return match self
                .git
                .find(&["rev-parse", "--verify", "--quiet", &revision])?
            {
                Some(text) => Ok(Some(self.oid(&text)?)),
                None => Ok(None),
            };
        }
        let failed = |source| Error::ReadReference {
            name: name.into(),
            source,
        };
        let reference = match self
            .inner
            .find_reference(name)
            .and_then(|found| found.resolve())
        {
            Ok(reference) => reference,
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => {
                return Ok(None);
            }
            Err(error) => return Err(failed(error)),
        };
        let Some(oid) = reference.target() else {
            return Ok(None);
        };
        self.peel(oid)
    }

    /// Follows annotated tags to a commit; none where they end in something else.
    ///
    /// # Errors
    /// An object is missing.
    pub fn peel(&self, oid: Oid) -> Result<Option<Oid>, Error> {
        let odb = self.odb()?;
        let mut oid = oid;
        loop {
            // Read raw: libgit2 takes no commit whose author or date it does not understand.
            let (_, kind) = self.with_object(oid, || odb.read_header(oid))?;
            match kind {
                ObjectType::Commit => return Ok(Some(oid)),
                ObjectType::Tag => {}
                _ => return Ok(None),
            }
            let tag = self.with_object(oid, || odb.read(oid))?;
            let line = tag.data().split(|&byte| byte == b'\n').next();
            let target = line.and_then(|line| line.strip_prefix(b"object "));
            match target.and_then(|id| std::str::from_utf8(id).ok()) {
                Some(id) => oid = self.oid(id)?,
                None => return Ok(None),
            }
        }
    }

    /// Returns the object that a reference names by itself, tags not peeled; none where it does not exist.
    ///
    /// # Errors
    /// It exists and cannot be read.
    pub fn object_at(&self, name: &str) -> Result<Option<Oid>, Error> {
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", name];
        match self.git.find(&args)? {
            Some(text) => Ok(Some(self.oid(&text)?)),
            None => Ok(None),
        }
    }

    /// Returns what a symbolic reference names; none where it does not exist or is not symbolic.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn symbolic_target(&self, name: &str) -> Result<Option<String>, Error> {
        if self.is_reftable {
            return self.git.find(&["symbolic-ref", "-q", name]);
        }
        match self.inner.find_reference(name) {
            Ok(found) => Ok(found
                .symbolic_target_bytes()
                .map(|name| String::from_utf8_lossy(name).into_owned())),
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => {
                Ok(None)
            }
            Err(source) => Err(Error::ReadReference {
                name: name.into(),
                source,
            }),
        }
    }

    /// Returns the remote-tracking names of a branch: its configured upstream, then `refs/remotes/origin/<branch>`.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn tracking_names(&self, branch: &str) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        // On a server anybody who pushes can write what looks like one.
        if self.is_bare() {
            return Ok(names);
        }
        let remote = self
            .config_values(&format!("branch.{branch}.remote"))?
            .pop();
        let merge = self.config_values(&format!("branch.{branch}.merge"))?.pop();
        if let (Some(remote), Some(merge)) = (remote, merge)
            && remote != "."
            && let Some(upstream) = merge.strip_prefix("refs/heads/")
        {
            names.push(format!("refs/remotes/{remote}/{upstream}"));
        }
        let origin = format!("refs/remotes/origin/{branch}");
        if !names.contains(&origin) {
            names.push(origin);
        }
        Ok(names)
    }

    /// Returns where a branch stands, here and then at remotes: the full names, each with its commit.
    ///
    /// # Errors
    /// The configuration or a reference cannot be read.
    pub fn branch_tips(&self, branch: &str) -> Result<Vec<(String, Oid)>, Error> {
        let here = [format!("refs/heads/{branch}")];
        let names = here.into_iter().chain(self.tracking_names(branch)?);
        let tips = names.map(|name| Ok(self.find_commit_at(&name)?.map(|tip| (name, tip))));
        tips.filter_map(Result::transpose).collect()
    }

    /// Returns every reference below `prefix` that names a commit, with its name, sorted by name.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn commits_below(&self, prefix: &str) -> Result<Vec<(String, Oid)>, Error> {
        let format =
            "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)";
        let mut found = Vec::new();
        if self.is_reftable {
            for line in self.git.line(&["for-each-ref", format, prefix])?.lines() {
                let fields: Vec<&str> = line.split(' ').collect();
                let name = (*fields.last().unwrap_or(&"")).to_owned();
                let commit = fields.windows(2).find(|pair| pair[0] == "commit");
                if let Some(pair) = commit {
                    found.push((name, self.oid(pair[1])?));
                }
            }
            return Ok(found);
        }
        let failed = |source| Error::ReadReference {
            name: prefix.into(),
            source,
        };
        for reference in self
            .inner
            .references_glob(&format!("{prefix}*"))
            .map_err(failed)?
        {
            let reference = reference.map_err(failed)?;
            let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
            let target = reference.resolve().ok().and_then(|found| found.target());
            if let Some(Ok(Some(commit))) = target.map(|oid| self.peel(oid)) {
                found.push((name, commit));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Resolves a revision (gitrevisions(7)) to a commit.
    ///
    /// # Errors
    /// It names none.
    pub fn resolve(&self, revision: &str) -> Result<Oid, Error> {
        let text = self
            .git
            .find(&[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &format!("{revision}^{{commit}}"),
            ])
            .ok()
            .flatten()
            .ok_or_else(|| self.unknown(revision))?;
        self.oid(&text)
    }

    /// Says that a revision names nothing here.
    pub fn unknown(&self, revision: &str) -> Error {
        let revision = revision.into();
        match self.is_shallow() {
            true => Error::UnknownBeyondEdge { revision },
            false => Error::UnknownRevision { revision },
        }
    }
}
