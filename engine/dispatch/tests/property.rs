//! Thousands of random worlds, and after every step a second opinion and the machine's own.

mod world;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use world::World;

/// Lives through `steps` and says what was found wrong first.
fn live(seed: u64, steps: u32) -> Result<u64, String> {
    let mut world = World::new(seed, None);
    for step in 0..steps {
        world.live();
        let broken = world.machine.check();
        if let Some(found) = world.oracle.findings.first() {
            return Err(format!("seed {seed}, step {step}: {found}"));
        }
        if !broken.is_empty() {
            return Err(format!("seed {seed}, step {step}: {broken:?}"));
        }
    }
    Ok(world.served)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, rng_seed: RngSeed::Fixed(20_261_123), ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_there_is_one_holder_and_no_idle_queue(seed in any::<u64>()) {
        if let Err(found) = live(seed, 250) {
            return Err(TestCaseError::fail(found));
        }
    }
}

#[test]
fn the_worlds_are_busy() {
    let served: u64 = (0..20).map(|seed| live(seed, 250).unwrap()).sum();
    assert!(
        served > 400,
        "only {served} turns: the worlds prove nothing"
    );
}
