//! The whole gate, in an order that lets stages share what cargo built: one profile for lints, documentation, tests
//! and the server that the end-to-end tests start.

use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::count::Count;
use crate::databases::DATABASES;
use crate::say;
use crate::stage::{Outcome, Stage, Step};

/// Runs the stages named in `only`, or all; prints the minutes of each and, last, how many tests passed and failed.
pub fn run(only: &[String], list: bool) -> Result<ExitCode> {
    let stages = stages();
    if list {
        for stage in &stages {
            say::line(&format!("{:10} {}", stage.name, stage.shows));
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(unknown) = only
        .iter()
        .find(|name| !stages.iter().any(|stage| stage.name == **name))
    {
        bail!("there is no stage {unknown}; `cargo xtask check --list` names them");
    }
    let began = Instant::now();
    let mut outcomes = Vec::new();
    for stage in stages {
        if only.is_empty() || only.iter().any(|name| name == stage.name) {
            outcomes.push(stage.run()?);
        }
    }
    summary(&outcomes, began);
    let good = outcomes.iter().all(|outcome| outcome.passed);
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn summary(outcomes: &[Outcome], began: Instant) {
    let mut count = Count::default();
    for outcome in outcomes {
        count += outcome.count;
    }
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| !outcome.passed)
        .map(|outcome| outcome.name)
        .collect();
    if !failed.is_empty() {
        say::line(&format!("failed: {}", failed.join(", ")));
    }
    let minutes = began.elapsed().as_secs_f64() / 60.0;
    say::line(&format!("{:10} {minutes:6.1} min", "in all"));
    say::line(&format!("{} passed, {} failed", count.passed, count.failed));
}

fn stages() -> Vec<Stage> {
    let mut stages = looks();
    stages.extend(compiled());
    stages.extend(tests());
    stages.extend(load());
    stages
}

/// Whether this is the run that counts, where nothing may be left out.
pub fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(&*value, "" | "0" | "false"))
}

/// One of this program's own commands.
fn own(words: &[&str]) -> Vec<Step> {
    let path = std::env::current_exe().expect("a running program has a path");
    vec![
        Step::new("")
            .words(&[&*path.to_string_lossy()])
            .words(words),
    ]
}

fn one(line: &str) -> Vec<Step> {
    vec![Step::new(line)]
}

/// What needs no compiler.
fn looks() -> Vec<Stage> {
    // `tests/run` puts it there. Its list of advisories is a clone of a repository, which not every place can reach.
    let deny = "target/tools/bin/cargo-deny --locked check bans licenses sources";
    vec![
        Stage::new("fmt", "formatting", one("cargo fmt --all --check")),
        Stage::new("tidy", "how files look; manifests", own(&["tidy"])),
        Stage::new("edges", "which crate may see which", own(&["edges"])),
        Stage::new("licences", "licences, sources, banned crates", one(deny)),
    ]
}

/// What compiles without running.
fn compiled() -> Vec<Stage> {
    let clippy = "cargo clippy --locked --workspace --all-targets -- -D warnings";
    let docs = Step::new("cargo doc --locked --workspace --no-deps --document-private-items")
        .with("RUSTDOCFLAGS", "-D warnings");
    let build = "cargo build --locked --workspace --all-targets";
    vec![
        Stage::new("clippy", "lints; a warning is an error", one(clippy)),
        Stage::new("docs", "documentation; a warning is an error", vec![docs]),
        Stage::new("build", "the server and all tests", one(build)),
        Stage::new(
            "types",
            "TypeScript types are what the server says",
            own(&["types", "--check"]),
        ),
    ]
}

/// What runs and counts.
fn tests() -> Vec<Stage> {
    let nextest = Command::new("cargo-nextest")
        .args(["nextest", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    let runner = if nextest {
        "cargo nextest run --locked --workspace"
    } else {
        "cargo test --locked --workspace --all-targets --no-fail-fast"
    };
    let rust = Step::new(runner).with("INSTA_UPDATE", "no");
    let doctests = "cargo test --locked --workspace --doc";
    let npm = |script: &str, folder| {
        vec![Step::new(&format!("npm run --silent {script}")).inside(folder)]
    };
    vec![
        Stage::new(
            "databases",
            "PostgreSQL and MariaDB answer; an S3 is there",
            own(&["databases"]),
        ),
        Stage::new(
            "rust",
            "unit, contract, property, end-to-end tests",
            vec![rust],
        )
        .counted(),
        Stage::new("doctests", "examples in the documentation", one(doctests)).counted(),
        Stage::new(
            "web",
            "the web client's types and unit tests",
            npm("check", "engine/web"),
        )
        .counted(),
        Stage::new(
            "browser",
            "two browsers in Chromium",
            npm("test", "tests/browser"),
        )
        .counted(),
    ]
}

/// The load tool with the development build: it judges guarantees, not speed.
fn load() -> Vec<Stage> {
    let tool = "target/debug/webim-load --server target/debug/webim";
    let mut kill = one(&format!("{tool} kill --rounds 10 --database sqlite"));
    if DATABASES[0].answers() {
        kill.push(Step::new(&format!(
            "{tool} kill --rounds 10 --database postgres"
        )));
    }
    vec![
        Stage::new(
            "load",
            "every load scenario, small",
            one(&format!("{tool} smoke")),
        ),
        Stage::new(
            "kill",
            "kill -9 under load, 10 rounds, SQLite and PostgreSQL",
            kill,
        ),
    ]
}
