//! The files of this repository as git sees them: committed ones and new ones that are not ignored.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// One file.
pub struct File {
    /// Path from the top, with `/` between folders.
    pub path: String,
    /// Its text; `None` if it is not UTF-8.
    pub text: Option<String>,
    /// Its size.
    pub bytes: usize,
}

impl File {
    /// Whether its name ends with `.` and one of `endings`.
    pub fn is(&self, endings: &[&str]) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Its name without the folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether it was made by a program, so that nobody keeps it tidy.
    pub fn is_generated(&self) -> bool {
        ["/generated/", "/snapshots/"]
            .iter()
            .any(|folder| self.path.contains(folder))
    }
}

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the top")
        .to_owned()
}

/// Every file that is committed or would be by `git add --all`.
pub fn all() -> Result<Vec<File>> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .output()
        .context("git ls-files")?;
    ensure!(
        listed.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let mut paths: Vec<&str> = std::str::from_utf8(&listed.stdout)
        .context("a file's name is not UTF-8")?
        .split_terminator('\0')
        .collect();
    paths.sort_unstable();
    paths.dedup();
    // A file that is deleted but not yet committed is still listed: it has no bytes to look at.
    Ok(paths
        .into_iter()
        .filter_map(|path| {
            let bytes = fs::read(path).ok()?;
            Some(File {
                path: path.to_owned(),
                bytes: bytes.len(),
                text: String::from_utf8(bytes).ok(),
            })
        })
        .collect())
}
