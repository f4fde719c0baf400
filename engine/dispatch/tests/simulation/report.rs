//! What came of a day, for the test and for people.

use std::fmt::Write as _;

use super::CAPACITY;

/// What came of it.
#[derive(Debug, Default)]
pub struct Report {
    pub visits: u64,
    pub abandoned: u64,
    pub turns: u64,
    pub transfers: u64,
    pub events: u64,
    pub most_waiting: u32,
    pub highest_load: u32,
    pub wait_median: i64,
    pub wait_95: i64,
    pub wait_longest: i64,
    pub still_open: usize,
    pub estimate_error: Option<i64>,
    pub violations: Vec<String>,
    pub digest: String,
}

impl Report {
    /// For people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let seconds = |millis: i64| millis / 1000;
        let _ = writeln!(
            text,
            "visits {}, abandoned {}, turns {}, transfers {}",
            self.visits, self.abandoned, self.turns, self.transfers
        );
        let _ = writeln!(
            text,
            "waits: median {} s, 95 % {} s, longest {} s; at most {} at once; estimates off by {:?} ms",
            seconds(self.wait_median),
            seconds(self.wait_95),
            seconds(self.wait_longest),
            self.most_waiting,
            self.estimate_error
        );
        let _ = writeln!(
            text,
            "highest load {} of {CAPACITY}; events {}; still open {}",
            self.highest_load, self.events, self.still_open
        );
        let _ = writeln!(
            text,
            "violations {:?}; decisions {}",
            self.violations, self.digest
        );
        text
    }
}
