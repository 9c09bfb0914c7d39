//! A move in words: "`refs/heads/main` was moved by `branch -C`, to 77c0…, at 2026-01-15T09:00:00Z (its reflog)".

use std::fmt;

use super::REPLACED;
use super::reflog::{BRANCH_COPY, BRANCH_RENAME, DIRECT, OFF, REWIND};
use crate::audit::moves::pushes::UNSEEN;
use crate::audit::report::RefMove;
use crate::evidence::ledger::BY_HAND;

impl fmt::Display for RefMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = self.how.as_str();
        write!(f, "`{}` was ", self.reference)?;
        match how {
            _ if self.to.is_none() => write!(f, "deleted round the hooks ({how})")?,
            _ if how == BY_HAND || how.starts_with(REPLACED) => write!(f, "{how}")?,
            DIRECT => f.write_str("written past git")?,
            OFF => f.write_str("moved with the hooks off")?,
            REWIND => f.write_str("taken back round the hooks")?,
            UNSEEN => f.write_str("pushed without pre-push (`--no-verify`, or hooks off)")?,
            BRANCH_COPY | BRANCH_RENAME => write!(f, "replaced by `{how}`")?,
            _ => write!(f, "moved by `{how}` round the hooks")?,
        }
        if let Some(to) = &self.to {
            write!(f, ", to {}", to.short())?;
        }
        if let Some(time) = &self.time {
            write!(f, ", at {time}")?;
        }
        match self.evidence.first() {
            Some(evidence) if evidence.kind == "ledger" => {
                write!(f, " (seq {} of the ledger)", evidence.name)
            }
            Some(evidence) if evidence.name.is_empty() => f.write_str(" (its reflog)"),
            Some(evidence) => write!(f, " (its reflog: {})", evidence.name),
            None => Ok(()),
        }
    }
}
