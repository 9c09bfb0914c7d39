//! The release programs, built as `install.sh` builds them, and the floor: an empty static C program.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::run;

/// The hooks that git runs in a client; `pre-receive` belongs to servers.
pub(crate) const CLIENT_HOOKS: [&str; 12] = [
    "applypatch-msg",
    "commit-msg",
    "post-applypatch",
    "post-commit",
    "post-merge",
    "post-rewrite",
    "pre-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "pre-push",
    "prepare-commit-msg",
    "reference-transaction",
];

/// Where the programs are.
pub(crate) struct Programs {
    release: PathBuf,
    empty: PathBuf,
    /// The compiler's own line.
    pub(crate) compiler: String,
}

impl Programs {
    /// Builds both kinds; the empty one goes to `folder`.
    pub(crate) fn build(folder: &Path) -> io::Result<Self> {
        let source = folder.join("empty.c");
        let empty = folder.join("empty");
        std::fs::write(&source, "int main(void) { return 0; }\n")?;
        run(Command::new("cc")
            .args(["-O2", "-static", "-o"])
            .args([&empty, &source]))?;
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let about = run(Command::new(rustc).arg("-vV"))?;
        let host = about
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .ok_or_else(|| io::Error::other("rustc does not name its host"))?;
        Ok(Self {
            release: build_release(host)?,
            empty,
            compiler: about.lines().next().unwrap_or_default().to_owned(),
        })
    }

    /// Returns the `pdd-hooks` command.
    pub(crate) fn pdd_hooks(&self) -> PathBuf {
        self.release.join("pdd-hooks")
    }

    /// Copies our program for a hook to `target`.
    pub(crate) fn copy_ours(&self, hook: &str, target: &Path) -> io::Result<()> {
        copy(&self.release.join(format!("pdd-{hook}")), target)
    }

    /// Copies the empty program to `target`.
    ///
    /// The floor too is a copy: a file that the linker wrote starts measurably slower than its own copy.
    pub(crate) fn copy_empty(&self, target: &Path) -> io::Result<()> {
        copy(&self.empty, target)
    }
}

fn copy(source: &Path, target: &Path) -> io::Result<()> {
    // Read and written whole: `std::fs::copy` may share blocks with the source and with them how they were laid out.
    std::fs::write(target, std::fs::read(source)?)?;
    std::fs::set_permissions(target, std::fs::metadata(source)?.permissions())
}

fn build_release(host: &str) -> io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let target = root.join(target);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .current_dir(root)
        .args(["build", "--release", "--locked", "--bins", "--target", host])
        .arg("--target-dir")
        .arg(&target);
    if host.ends_with("-linux-gnu") {
        build.env("RUSTFLAGS", "-C target-feature=+crt-static");
    }
    run(&mut build)?;
    Ok(target.join(host).join("release"))
}
