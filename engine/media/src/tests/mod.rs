//! Files as they come, honest and not.

mod counting;
mod kinds;
mod names;
mod pictures;
mod ranges;
mod stores;

use proptest::test_runner::{Config, RngAlgorithm, RngSeed};

/// The same cases in every run.
fn seeded(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(0x006d_6564_6961),
        ..Config::default()
    }
}
