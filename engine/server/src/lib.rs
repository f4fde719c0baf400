//! The program `webim`: settings, wiring, lifecycle, telemetry and the command line. It holds no logic of the chat.
//!
//! It is a library beside its binary so that tests reach the settings without starting a process.

mod cli;
mod commands;
pub mod config;
mod demo;
mod exit;
pub mod files;
mod keys;
mod lifecycle;
mod node;
mod output;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::exit::Exit;

/// Does what the command line says, and returns how the process is to end.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // What TLS is made of, for the database as for calls to the outside; nobody has chosen another one before.
    let _ = rustls::crypto::ring::default_provider().install_default();
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
