//! The one place that writes to the terminal: results to standard output, notes and progress to standard error.

use std::io::{IsTerminal, Write, stderr, stdout};

/// A line of the result. A reader that has gone away is no error of ours.
pub fn line(text: &str) {
    drop(writeln!(stdout().lock(), "{text}"));
}

/// A note beside the result.
pub fn note(text: &str) {
    drop(writeln!(stderr().lock(), "{text}"));
}

/// One JSON object on one line.
pub fn json(value: &serde_json::Value) {
    let mut out = stdout().lock();
    drop(writeln!(out, "{value}").and_then(|()| out.flush()));
}

/// Tells how far long work has come: in place on a terminal, in ten lines elsewhere.
pub struct Progress {
    what: &'static str,
    terminal: bool,
    tenths: std::cell::Cell<usize>,
}

impl Progress {
    /// For work of this name.
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            terminal: stderr().is_terminal(),
            tenths: std::cell::Cell::new(0),
        }
    }

    /// `done` of `all` is done.
    pub fn at(&self, done: usize, all: usize) {
        let tenths = done * 10 / all.max(1);
        let mut err = stderr().lock();
        if self.terminal {
            let end = if done >= all { "\n" } else { "" };
            drop(write!(err, "\r{} {done} of {all}{end}", self.what));
        } else if tenths > self.tenths.get() {
            drop(writeln!(err, "{} {done} of {all}", self.what));
        }
        self.tenths.set(tenths);
    }
}

/// `text` filled up with spaces to `columns` of a terminal, where a Chinese character takes two.
pub fn pad(text: &str, columns: usize) -> String {
    let wide = |char: char| matches!(char as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x2_0000..=0x3_fffd);
    let width: usize = text
        .chars()
        .map(|char| if wide(char) { 2 } else { 1 })
        .sum();
    format!("{text}{}", " ".repeat(columns.saturating_sub(width)))
}
