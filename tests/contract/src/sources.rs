//! Time and randomness that a case decides.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use webim_model::{Clock, Millis, Random, Sources};

/// Moves one millisecond each time that it is asked, so that no two moments are the same.
pub struct Steps(AtomicI64);

impl Clock for Steps {
    fn now(&self) -> Millis {
        Millis(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// The same bytes in each run, never twice in one (SplitMix64).
pub struct Seeded(AtomicU64);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut word = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^= word >> 31;
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// Sources that begin at the same moment and the same bytes in each run.
pub fn sources() -> Sources {
    Sources {
        clock: Arc::new(Steps(AtomicI64::new(1_790_000_000_000))),
        random: Arc::new(Seeded(AtomicU64::new(7))),
    }
}
