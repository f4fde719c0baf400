//! How fast one person may send commands, over all their devices.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{NotUntil, Quota, RateLimiter};
use webim_model::{Clock, Limits, PersonId, Refusal};

use crate::Nay;

/// The server's clock in governor's words, so that a test can move it.
#[derive(Clone)]
struct Ticks(Arc<dyn Clock>);

impl GovernorClock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.now().0).unwrap_or(0))
    }
}

/// One bucket for each person who has sent something lately.
pub(crate) struct Pace {
    buckets:
        RateLimiter<PersonId, DefaultKeyedStateStore<PersonId>, Ticks, NoOpMiddleware<Duration>>,
    ticks: Ticks,
}

impl Pace {
    pub fn new(limits: &Limits, clock: Arc<dyn Clock>) -> Self {
        let per_second = NonZeroU32::new(limits.commands_per_second).unwrap_or(NonZeroU32::MIN);
        let burst = NonZeroU32::new(limits.command_burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(per_second).allow_burst(burst);
        let ticks = Ticks(clock);
        Self {
            buckets: RateLimiter::new(quota, DefaultKeyedStateStore::default(), ticks.clone()),
            ticks,
        }
    }

    /// Counts one command of `person`; refused with the milliseconds to wait.
    pub fn check(&self, person: PersonId) -> Result<(), Nay> {
        self.buckets
            .check_key(&person)
            .map_err(|until| self.refusal(&until))
    }

    fn refusal(&self, until: &NotUntil<Duration>) -> Nay {
        let wait = until.wait_time_from(self.ticks.now());
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
        Nay {
            refusal: Refusal::RateLimited,
            detail: None,
            retry_after: Some(millis),
        }
    }

    /// Forgets those who have been quiet.
    pub fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}
