//! The binary `webim`: settings, wiring, lifecycle, telemetry and the command line. It holds no logic of the chat.

mod cli;
mod commands;
mod config;
mod demo;
mod exit;
mod lifecycle;
mod node;
mod output;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::exit::Exit;

/// What one thread allocates another frees, a dozen times for each message: half of what the system's allocator costs
/// there is saved. It serves SQLite too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(&format!("webim: the runtime does not start: {error}"));
            return Exit::Failed.into();
        }
    };
    match runtime.block_on(commands::run(cli.command)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::note(&format!("webim: {failure}"));
            failure.exit.into()
        }
    }
}
