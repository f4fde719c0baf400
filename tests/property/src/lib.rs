//! Properties: what must hold for every input and every order of events, tried with generated ones.
//!
//! Cases come from a fixed seed, so that a run can be repeated; a failing case is shrunk and printed whole.

pub mod targets;

#[cfg(test)]
mod body;
#[cfg(test)]
mod breaker;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod frames;
#[cfg(test)]
mod outside;
#[cfg(test)]
mod presence;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod words;

#[cfg(test)]
use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

/// `cases` cases, the same in every run.
#[cfg(test)]
fn seeded(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(0x0077_6562_696d),
        ..Config::default()
    }
}
