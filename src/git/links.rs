//! The symbolic links of a tree: what a link names is loaded as if it stood where the link stands.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use git2::Oid;

use super::tree::FOLDER;
use super::{Error, Repository};

/// The mode of a symbolic link in a tree.
const LINK: i32 = 0o120_000;

/// A link's path from the top of its tree, and the text that it holds.
type Link = (Vec<u8>, Vec<u8>);

/// The links of trees that were walked, by tree: trees of one history share most of their folders.
pub(super) type Memo = RefCell<HashMap<Oid, Arc<Vec<Link>>>>;

impl Repository {
    /// Returns what the symbolic links of a tree name inside it: files and folders, from the top, without a final slash.
    ///
    /// # Errors
    /// An object is missing.
    pub fn link_targets(&self, tree: Oid) -> Result<Vec<Vec<u8>>, Error> {
        let links = self.links_of(tree)?;
        let targets = links.iter().filter_map(|(path, text)| resolved(path, text));
        Ok(targets.collect())
    }

    fn links_of(&self, tree: Oid) -> Result<Arc<Vec<Link>>, Error> {
        if let Some(known) = self.links.borrow().get(&tree) {
            return Ok(Arc::clone(known));
        }
        let object = self.with_object(tree, || self.inner.find_tree(tree))?;
        let mut links = Vec::new();
        for entry in &object {
            match entry.filemode_raw() {
                FOLDER => {
                    let below = self.links_of(entry.id())?;
                    let name = entry.name_bytes();
                    let path = |path: &[u8]| [name, b"/", path].concat();
                    links.extend(below.iter().map(|(p, text)| (path(p), text.clone())));
                }
                LINK => links.push((entry.name_bytes().to_vec(), self.blob(entry.id())?)),
                _ => {}
            }
        }
        let links = Arc::new(links);
        self.links.borrow_mut().insert(tree, Arc::clone(&links));
        Ok(links)
    }
}

/// Follows a link's text from where the link stands; none where it leads out of the tree.
fn resolved(path: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    if text.starts_with(b"/") {
        return None;
    }
    let folder = path.split(|&byte| byte == b'/');
    let mut parts: Vec<&[u8]> = folder.collect();
    parts.pop();
    for part in text.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join(&b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(path: &str, text: &str) -> Option<String> {
        let found = resolved(path.as_bytes(), text.as_bytes())?;
        Some(String::from_utf8(found).unwrap())
    }

    #[test]
    fn a_link_is_followed_from_where_it_stands() {
        for (path, text, target) in [
            ("src/a.py", "../docs/a.md", Some("docs/a.md")),
            ("a.py", "docs/./a.md", Some("docs/a.md")),
            ("a/b/c", "../../docs/", Some("docs")),
            ("a", "..", None),
            ("a/b", "../../x", None),
            ("a", "/etc/passwd", None),
        ] {
            assert_eq!(leads(path, text).as_deref(), target, "{path} -> {text}");
        }
    }
}
