//! A day of 200 agents and 20,000 customers: waits, loads, violations and the hash of all decisions.
//! `cargo run --release -p webim-dispatch --example day [seed]`

#[path = "../tests/simulation/mod.rs"]
mod simulation;

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    let seed = std::env::args()
        .nth(1)
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(2026);
    let report = simulation::Day::new(seed).live();
    write!(std::io::stdout(), "{}", report.text())
}
