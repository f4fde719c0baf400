//! `webim-load`: puts a real server under load, measures what it costs the server, and checks afterwards in the
//! database that everything that was acknowledged is stored once, in order and without a gap.
//!
//! Each scenario makes its own database and starts the server itself, from `webim config sample` with only the limits
//! of rate raised. Everything stays on the loopback addresses and is bounded in number and time.

mod book;
mod cli;
mod crowd;
mod device;
mod figures;
mod filler;
mod frames;
mod held;
mod ledger;
mod names;
mod open_files;
mod pace;
mod place;
mod proc;
mod report;
mod scenario;
mod server;
mod socket;
mod tally;
mod world;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

// One thread: the server under test is to have the other cores, and no lock of ours is ever waited for.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let cli = cli::Cli::parse();
    open_files::raise()?;
    // What TLS is made of: no HTTP client is made without it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let reports = scenario::run(&cli.common, &cli.scenario).await?;
    let mut good = true;
    for report in &reports {
        report.print(cli.common.json);
        good &= report.faults.is_empty();
    }
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
