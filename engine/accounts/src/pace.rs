//! How fast one session may read over HTTP: far beyond what a person does, so that only a program that runs wild
//! meets it. What changes something has limits of its own, in the router.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use webim_model::Clock;

use crate::throttle::Ticks;

type Buckets<K> = RateLimiter<K, DefaultKeyedStateStore<K>, Ticks, NoOpMiddleware<Duration>>;

/// One bucket for each session, or address, that has asked lately.
pub(crate) struct Pace<K: Hash + Eq + Clone> {
    buckets: Buckets<K>,
    ticks: Ticks,
}

impl<K: Hash + Eq + Clone> Pace<K> {
    /// With so many requests in a second, and so many at once before that counts; 0 counts as 1.
    pub fn new(clock: Arc<dyn Clock>, per_second: u32, burst: u32) -> Self {
        let some = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(some(per_second)).allow_burst(some(burst));
        let ticks = Ticks(clock);
        Self {
            buckets: RateLimiter::new(quota, DefaultKeyedStateStore::default(), ticks.clone()),
            ticks,
        }
    }

    /// Counts one request; refused with the milliseconds to wait, at least 1.
    pub fn check(&self, who: &K) -> Result<(), u64> {
        self.buckets.check_key(who).map_err(|until| {
            let wait = until.wait_time_from(self.ticks.now());
            u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1)
        })
    }

    /// Forgets those who have been quiet.
    pub fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}
