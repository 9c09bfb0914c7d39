//! Files with stubs, judged by the programs that run them: all bodies replaced, they still load, and do what a stub is
//! there to do.

mod javascript;
mod python;

use std::path::{Path, PathBuf};

use pdd_hooks::syntax::{Language, Source, Stub};

use crate::support::Repo;

/// Returns the text of a sample.
fn sample(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/syntax/samples");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Writes a sample with all its bodies replaced; returns where.
fn stubbed(repo: &Repo, name: &str, stub: Stub) -> PathBuf {
    let text = sample(name);
    let source = Source::parse(Language::of(name).unwrap(), &text).unwrap();
    let stubbed = source.stubbed(stub, &|_| true);
    assert_eq!(stubbed.text.lines().count(), text.lines().count());
    let path = repo.folder().join(name);
    std::fs::write(&path, stubbed.text).unwrap();
    path
}

/// Writes a file of its own with the bodies of the functions of these names replaced, and what follows it as it is.
fn program(repo: &Repo, name: &str, text: &str, stub: Stub, names: &[&str]) -> PathBuf {
    let source = Source::parse(Language::of(name).unwrap(), text).unwrap();
    let stubbed = source.stubbed(stub, &|function| names.contains(&&function.name[..]));
    assert_eq!(stubbed.replaced, names);
    let path = repo.folder().join(name);
    std::fs::write(&path, stubbed.text).unwrap();
    path
}
