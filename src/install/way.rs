//! Which way the hooks go: into the repository's own folder, into ours in front of another, or through configuration.

use std::path::PathBuf;

use super::forward::{self, Forward};
use super::manifest::{Manifest, Mode, Place};
use super::target::{Reason, Target};
use super::{Error, files};

/// Where the hooks go and what they chain to.
pub(super) struct Way {
    pub(super) mode: Mode,
    pub(super) hooks: PathBuf,
    pub(super) chain: Option<Place>,
    pub(super) reason: Option<Reason>,
}

impl Way {
    /// Finds the way: files in the repository's own folder, files in ours, or configuration.
    pub(super) fn find(
        target: &Target,
        old: Option<&Manifest>,
        by_config: bool,
    ) -> Result<Self, Error> {
        let own = target.own_hooks();
        if by_config {
            return Ok(Self {
                mode: Mode::Config,
                hooks: own,
                chain: None,
                reason: None,
            });
        }
        if files::resolved(&target.hooks) == own {
            // Our own setting is in effect: what it hid is in the manifest.
            let chain = old.and_then(|old| old.chain.clone());
            return Ok(Self {
                mode: Mode::Chain,
                hooks: own,
                chain: chain.or_else(|| Some(Place::raw(&target.common.join("hooks")))),
                reason: None,
            });
        }
        let Some(reason) = target.reason()? else {
            return Ok(Self {
                mode: Mode::Direct,
                hooks: files::resolved(&target.hooks),
                chain: None,
                reason: None,
            });
        };
        // A relative value stays relative: git resolves it in each work tree anew.
        let chain = match &target.setting {
            Some(setting) => PathBuf::from(&setting.value),
            None => target.hooks.clone(),
        };
        Ok(Self {
            mode: Mode::Chain,
            hooks: own,
            chain: Some(Place::raw(&chain)),
            reason: Some(reason),
        })
    }

    /// Returns the scripts for hooks of the chained folder that we have no program for, and notes on those that cannot be.
    pub(super) fn forwards(
        &self,
        target: &Target,
        old: Option<&Manifest>,
        ours: &[&str],
    ) -> Result<(Vec<Forward>, Vec<String>), Error> {
        let (Mode::Chain, Some(chain)) = (self.mode, &self.chain) else {
            return Ok(Default::default());
        };
        let chain = chain.as_written();
        let folder = target.top.as_deref().unwrap_or(&target.common).join(&chain);
        let mut forwards = Vec::new();
        let mut notes = Vec::new();
        for forward in forward::scripts(&self.hooks, &folder, &chain, ours) {
            let place = Place::of(&target.common, &forward.path);
            let is_free = match files::look(&forward.path)? {
                files::Found::Nothing => true,
                files::Found::File { sha256, .. } => {
                    sha256 == forward.sha256 || old.is_some_and(|old| old.wrote(&place, &sha256))
                }
                _ => false,
            };
            if is_free {
                forwards.push(forward);
            } else {
                notes.push(format!(
                    "{} is not ours and runs alone",
                    forward.path.display()
                ));
            }
        }
        Ok((forwards, notes))
    }
}
