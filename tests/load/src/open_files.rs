//! The limit of open files: many systems give 1,024 where a test needs 15,000. It is raised to what is allowed by
//! starting once more through a shell, because the call itself would be unsafe code.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

const RAISED: &str = "WEBIM_LOAD_RAISED";
const SHELL: &str = r#"ulimit -n "$(ulimit -H -n)" && exec "$@""#;

/// Starts this program once more with the highest limit allowed, unless that was done already.
pub fn raise() -> Result<()> {
    if std::env::var_os(RAISED).is_some() {
        return Ok(());
    }
    let own = std::env::current_exe().context("where this program lies")?;
    let mut command = Command::new("sh");
    command
        .args(["-c", SHELL, "sh"])
        .arg(own)
        .args(std::env::args_os().skip(1));
    Err(command.env(RAISED, "1").exec()).context("sh")
}

/// A command that runs `program` with the highest limit allowed.
pub fn raised(program: &std::path::Path) -> tokio::process::Command {
    let mut command = tokio::process::Command::new("sh");
    command.args(["-c", SHELL, "sh"]).arg(program);
    command
}
