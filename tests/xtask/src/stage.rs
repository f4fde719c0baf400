//! One stage of the gate: its commands run one after the other, all they write goes into a log, and the reader sees
//! one line, or the end of the log when something failed.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::count::Count;
use crate::say;

/// Where the logs lie.
pub const LOGS: &str = "target/test-logs";

/// Lines of a failed stage's log that are shown.
const TAIL: usize = 60;

/// A named part of the gate.
pub struct Stage {
    /// What it is called for `--only` and in the table.
    pub name: &'static str,
    /// What it shows, for the list.
    pub shows: &'static str,
    /// Run in this order; the first that fails ends the stage.
    pub steps: Vec<Step>,
    /// Whether its log counts tests.
    pub counts: bool,
}

/// One command.
pub struct Step {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Variables set for it.
    pub set: Vec<(String, String)>,
    /// Where it is run; the top of the repository if empty.
    pub folder: PathBuf,
}

/// How a stage ended.
pub struct Outcome {
    pub name: &'static str,
    pub passed: bool,
    pub took: Duration,
    pub count: Count,
}

impl Step {
    /// A command line of plain words.
    pub fn new(line: &str) -> Self {
        Self {
            words: line.split_whitespace().map(Into::into).collect(),
            set: Vec::new(),
            folder: PathBuf::new(),
        }
    }

    /// The same with these arguments behind it.
    pub fn words(mut self, more: &[&str]) -> Self {
        self.words.extend(more.iter().map(|word| (*word).into()));
        self
    }

    /// The same with a variable set.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set.push((name.into(), value.into()));
        self
    }

    /// The same, run in `folder`.
    pub fn inside(mut self, folder: &str) -> Self {
        self.folder = folder.into();
        self
    }

    fn run(&self, log: &File) -> Result<bool> {
        let (program, arguments) = self.words.split_first().context("an empty command")?;
        let status = Command::new(program)
            .args(arguments)
            .envs(self.set.iter().map(|(name, value)| (name, value)))
            .env("NO_COLOR", "1")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("FORCE_COLOR")
            .current_dir(std::env::current_dir()?.join(&self.folder))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log.try_clone()?)
            .status()
            .with_context(|| format!("{program} cannot be started"))?;
        Ok(status.success())
    }
}

impl Stage {
    /// A stage of these steps that counts no tests.
    pub fn new(name: &'static str, shows: &'static str, steps: Vec<Step>) -> Self {
        Self {
            name,
            shows,
            steps,
            counts: false,
        }
    }

    /// The same, of tests that its log counts.
    pub fn counted(mut self) -> Self {
        self.counts = true;
        self
    }

    /// Runs the steps, and says how it went.
    pub fn run(&self) -> Result<Outcome> {
        fs::create_dir_all(LOGS)?;
        let path = format!("{LOGS}/{}.log", self.name);
        let log = File::create(&path)?;
        let began = Instant::now();
        let mut passed = true;
        for step in &self.steps {
            if !step
                .run(&log)
                .with_context(|| format!("stage {}", self.name))?
            {
                passed = false;
                break;
            }
        }
        let took = began.elapsed();
        let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
        let mut count = if self.counts {
            Count::read(&text)
        } else {
            Count::default()
        };
        // A stage that failed before its runner could count anything must not hide behind "0 failed".
        if !passed && count.failed == 0 {
            count.failed = 1;
        }
        let outcome = Outcome {
            name: self.name,
            passed,
            took,
            count,
        };
        say::line(&outcome.line());
        if !passed {
            show_tail(&text, &path);
        }
        Ok(outcome)
    }
}

impl Outcome {
    /// `clippy      3.2 min  ok`.
    pub fn line(&self) -> String {
        let minutes = self.took.as_secs_f64() / 60.0;
        let verdict = if self.passed { "ok" } else { "FAILED" };
        format!("{:10} {minutes:6.1} min  {verdict}", self.name)
    }
}

fn show_tail(text: &str, path: &str) {
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(TAIL);
    say::line(&format!("--- the end of {path} ---"));
    for line in &lines[from..] {
        say::line(line);
    }
    say::line("---");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_printed_per_stage() {
        let outcome = Outcome {
            name: "clippy",
            passed: true,
            took: Duration::from_secs(93),
            count: Count::default(),
        };
        assert_eq!(outcome.line(), "clippy        1.6 min  ok");
    }
}
