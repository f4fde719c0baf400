//! Time and chance in the test's hands.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use uuid::{Builder, Uuid};
use webim_model::{Clock, Millis, Random, Sources};

/// 2026-11-02, 08:00 UTC.
const START: i64 = 1_793_606_400_000;

/// A clock that stands still until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    /// Moves it by so many milliseconds; backwards too.
    pub fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(START))
    }
}

impl Clock for TestClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// Numbers that look random and are the same in every run with the same seed (splitmix64).
pub struct Dice(Mutex<u64>);

impl Dice {
    /// From this seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    /// The next number.
    pub fn roll(&self) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `least` to `most`.
    pub fn between(&self, least: u64, most: u64) -> u64 {
        least + self.roll() % (most - least + 1)
    }

    /// A UUID.
    pub fn uuid(&self) -> Uuid {
        let (one, other) = (u128::from(self.roll()), u128::from(self.roll()));
        Builder::from_u128(one << 64 | other).into_uuid()
    }
}

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let number = self.roll().to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
    }
}

/// A clock that stands still and numbers from `seed`, as a server takes them.
pub fn sources(seed: u64) -> (Arc<TestClock>, Sources) {
    let clock = Arc::new(TestClock::default());
    let sources = Sources {
        clock: clock.clone(),
        random: Arc::new(Dice::new(seed)),
    };
    (clock, sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_rolls_the_same() {
        let (one, other) = (Dice::new(7), Dice::new(7));
        let ids: Vec<Uuid> = (0..100).map(|_| one.uuid()).collect();
        assert!(ids.iter().all(|id| *id == other.uuid()));
        assert!((0..100).all(|_| (3..=5).contains(&one.between(3, 5))));
    }
}
