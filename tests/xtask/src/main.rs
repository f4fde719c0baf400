//! `cargo xtask`: what checks and generates. `check` is the whole gate that `tests/run` calls; the other commands are
//! its parts, for developers.

mod count;
mod databases;
mod edges;
mod files;
mod gate;
mod law;
mod manifests;
mod say;
mod stage;
mod tidy;
mod types;
mod typescript;
mod unused;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Checks and generates what is in this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every stage and print its minutes; the last line counts the tests.
    Check {
        /// Run only this stage, by its name; may be given several times.
        #[arg(long, value_name = "STAGE")]
        only: Vec<String>,
        /// Print the stages and end.
        #[arg(long)]
        list: bool,
    },
    /// How files look: opening words, lengths, stubs, spaces, the top level, manifests.
    Tidy,
    /// Which crate may see which: the law of edges.
    Edges,
    /// Which database servers answer; with `CI=true` one that does not is an error.
    Databases,
    /// Generate the TypeScript types of the HTTP interface from the server's OpenAPI document.
    Types {
        /// Change nothing; fail if the committed file differs.
        #[arg(long)]
        check: bool,
    },
    /// Build the documentation; a warning is an error.
    Docs,
}

fn main() -> Result<ExitCode> {
    std::env::set_current_dir(files::root())?;
    match Cli::parse().command {
        Command::Check { only, list } => gate::run(&only, list),
        Command::Tidy => Ok(report(&tidy::findings()?)),
        Command::Edges => Ok(report(&edges::findings()?)),
        Command::Databases => Ok(report(&databases::findings(gate::is_ci()))),
        Command::Types { check } => types::run(check),
        Command::Docs => gate::run(&["docs".into()], false),
    }
}

/// Prints what was found, one line each; nothing found is success.
fn report(findings: &[String]) -> ExitCode {
    for finding in findings {
        say::line(finding);
    }
    if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        say::line(&format!("{} to mend", findings.len()));
        ExitCode::FAILURE
    }
}
