//! TypeScript types of the HTTP interface and the socket's frames, generated from the server's own OpenAPI document,
//! which the binary prints.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::edges::cargo;
use crate::{say, typescript};

const COMMITTED: &str = "engine/web/src/generated/types.ts";

/// Writes the types into the web client's sources or, with `check`, fails if they differ from what is there.
pub fn run(check: bool) -> Result<ExitCode> {
    let document = cargo(&[
        "run",
        "--quiet",
        "--locked",
        "--package",
        "webim",
        "--",
        "openapi",
    ])?;
    let document = serde_json::from_str(&document).context("webim openapi printed no JSON")?;
    let fresh = typescript::generate(&document)?;
    if fs::read_to_string(COMMITTED).is_ok_and(|committed| committed == fresh) {
        return Ok(ExitCode::SUCCESS);
    }
    if check {
        bail!("{COMMITTED} is not what the server says: run `cargo xtask types` and commit it");
    }
    if let Some(folder) = Path::new(COMMITTED).parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(COMMITTED, fresh)?;
    say::line(&format!("wrote {COMMITTED}"));
    Ok(ExitCode::SUCCESS)
}
