//! The one place that writes to standard output.

use std::io::Write;

/// Writes one line; a reader that went away is not an error.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}
