//! The binary under test and what its command line says.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tokio::process::Command;

use crate::soon;

/// How a run of the command line ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The exit code; -1 if a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ended {
    /// What it said, if it ended well.
    pub fn ok(self) -> Result<String> {
        ensure!(
            self.code == 0,
            "ended with {}:\n{}{}",
            self.code,
            self.out,
            self.err
        );
        Ok(self.out)
    }

    /// The object on standard output.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.out)
            .with_context(|| format!("no JSON: {}{}", self.out, self.err))
    }
}

/// The binary: `WEBIM_BIN`, or the one that cargo built beside the tests.
pub fn binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("WEBIM_BIN") {
        return Ok(path.into());
    }
    let path = built()?.join("webim");
    ensure!(
        path.exists(),
        "{} is not built: cargo build -p webim",
        path.display()
    );
    Ok(path)
}

/// The folder in which cargo puts binaries of this build.
pub(crate) fn built() -> Result<PathBuf> {
    let test = std::env::current_exe()?;
    let folder = test.parent().context("a program lies in a folder")?;
    let deps = folder.file_name().is_some_and(|name| name == "deps");
    Ok(if deps {
        folder.parent().unwrap_or(folder)
    } else {
        folder
    }
    .to_owned())
}

/// The file into which the servers of the running test log, emptied when `fresh`.
pub fn log_file(fresh: bool) -> Result<PathBuf> {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("main").replace("::", ".");
    let folder = built()?
        .parent()
        .map_or_else(PathBuf::new, Path::to_owned)
        .join("test-logs/e2e");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{name}.log"));
    if fresh {
        std::fs::write(&path, "")?;
    }
    Ok(path)
}

/// Runs `webim` with these arguments in `folder` to its end.
pub async fn webim(folder: &Path, arguments: &[&str]) -> Result<Ended> {
    let mut command = Command::new(binary()?);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = soon(
        &format!("the end of webim {}", arguments.join(" ")),
        command.output(),
    )
    .await??;
    Ok(Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}
