//! Ids that this tool gives out: cheap, unique, and of the same form as the server's.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;
use webim_model::Sources;

/// Gives out ids, one after the other.
pub struct Names {
    base: u128,
    next: AtomicU64,
}

impl Names {
    /// Names that no other run gives out.
    pub fn new(sources: &Sources) -> Self {
        // The last half keeps its two variant bits and leaves room to count.
        let base = sources.uuid().as_u128() & !0x0000_FFFF_FFFF_FFFF;
        Self {
            base,
            next: AtomicU64::new(0),
        }
    }

    /// The next one.
    pub fn next(&self) -> Uuid {
        Uuid::from_u128(self.base + u128::from(self.next.fetch_add(1, Ordering::Relaxed)))
    }
}
