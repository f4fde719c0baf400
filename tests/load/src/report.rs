//! What a scenario found: figures in the order they were taken, and faults. A run with a fault has failed.

use std::io::Write;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

/// Faults that are named; the rest is only counted.
const NAMED: usize = 20;

/// A scenario's result.
pub struct Report {
    scenario: String,
    figures: Vec<(String, f64, &'static str)>,
    /// What must not be, one sentence each.
    pub faults: Vec<String>,
}

impl Report {
    /// An empty one; `scenario` names it with what it was asked.
    pub fn new(scenario: impl Into<String>) -> Self {
        Self {
            scenario: scenario.into(),
            figures: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Adds a figure.
    pub fn figure(&mut self, name: &str, value: f64, unit: &'static str) {
        self.figures.push((name.into(), value, unit));
    }

    /// Adds a number of things.
    pub fn count(&mut self, name: &str, value: u64) {
        self.figure(name, real(value), "");
    }

    /// Adds a latency's p50, p90, p99 and maximum from microseconds.
    pub fn latency(&mut self, name: &str, histogram: &Histogram<u64>) {
        for (quantile, word) in [(0.5, "p50"), (0.9, "p90"), (0.99, "p99"), (1.0, "max")] {
            let micros = histogram.value_at_quantile(quantile);
            self.figure(&format!("{name} {word}"), real(micros) / 1_000.0, "ms");
        }
    }

    /// Adds what something cost each of `count` things.
    pub fn each(&mut self, name: &str, cost: Duration, count: u64) {
        let micros = cost.as_secs_f64() * 1e6 / real(count.max(1));
        self.figure(name, micros, "us");
    }

    /// Prints a table, or one line of JSON.
    pub fn print(&self, json: bool) {
        let text = if json {
            self.json().to_string()
        } else {
            self.table()
        };
        let mut out = std::io::stdout().lock();
        // Whoever closed the pipe does not want to read it.
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }

    fn table(&self) -> String {
        let mut lines = vec![self.scenario.clone()];
        for (name, value, unit) in &self.figures {
            lines.push(format!("  {name:32} {:>14} {unit}", short(*value)));
        }
        for fault in self.faults.iter().take(NAMED) {
            lines.push(format!("  FAULT {fault}"));
        }
        lines.push(match self.faults.len() {
            0 => "  no fault".into(),
            count => format!("  {count} faults"),
        });
        lines.join("\n")
    }

    fn json(&self) -> Value {
        let figure = |(name, value, unit): &(String, f64, &str)| {
            (
                format!("{name} {unit}").trim().replace(' ', "_"),
                json!(value),
            )
        };
        let figures: Map<String, Value> = self.figures.iter().map(figure).collect();
        let faults: Vec<&String> = self.faults.iter().take(NAMED).collect();
        json!({
            "scenario": self.scenario,
            "figures": figures,
            "faults": faults,
            "faults_in_all": self.faults.len(),
        })
    }
}

/// Three digits that mean something are enough to read.
fn short(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 1_000.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.3}")
    }
}

/// A count as a number to calculate with.
#[expect(
    clippy::cast_precision_loss,
    reason = "no run counts as far as 2 to the 52nd"
)]
pub fn real(count: u64) -> f64 {
    count as f64
}
