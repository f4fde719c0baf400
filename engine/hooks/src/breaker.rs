//! The breaker: a hook that fails again and again is left out for a while, then tried with one call.

use std::sync::{Mutex, PoisonError};

use webim_model::Millis;

/// Failures in a row that open the breaker.
const FAILURES: u32 = 5;
/// Milliseconds for which it stays open before one call is tried.
const OPEN_FOR: i64 = 10_000;

/// What a breaker does with the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakerState {
    /// Lets it through.
    Closed,
    /// Leaves it out until this moment.
    Open(Millis),
    /// One call is being tried; others are left out.
    Trying,
}

struct Inner {
    state: BreakerState,
    failures: u32,
}

/// One hook's breaker.
pub struct Breaker(Mutex<Inner>);

impl Default for Breaker {
    fn default() -> Self {
        Self(Mutex::new(Inner {
            state: BreakerState::Closed,
            failures: 0,
        }))
    }
}

impl Breaker {
    /// Whether a call may be made at `now`; each `true` must be followed by [`Self::record`].
    pub fn admits(&self, now: Millis) -> bool {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.state {
            BreakerState::Closed => true,
            BreakerState::Open(until) if now >= until => {
                inner.state = BreakerState::Trying;
                true
            }
            BreakerState::Open(_) | BreakerState::Trying => false,
        }
    }

    /// How a call that was admitted came out.
    pub fn record(&self, now: Millis, success: bool) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if success {
            *inner = Inner {
                state: BreakerState::Closed,
                failures: 0,
            };
            return;
        }
        inner.failures = inner.failures.saturating_add(1);
        if inner.failures >= FAILURES || inner.state == BreakerState::Trying {
            inner.state = BreakerState::Open(now.plus(OPEN_FOR));
        }
    }

    /// Its state, for the admin's page.
    pub fn state(&self) -> BreakerState {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_after_failures_in_a_row_and_closes_after_a_good_trial() {
        let breaker = Breaker::default();
        for _ in 0..FAILURES {
            assert!(breaker.admits(Millis(0)));
            breaker.record(Millis(0), false);
        }
        assert!(!breaker.admits(Millis(OPEN_FOR - 1)));
        assert!(breaker.admits(Millis(OPEN_FOR)));
        assert!(!breaker.admits(Millis(OPEN_FOR)), "one trial at a time");
        breaker.record(Millis(OPEN_FOR), false);
        assert_eq!(breaker.state(), BreakerState::Open(Millis(2 * OPEN_FOR)));
        assert!(breaker.admits(Millis(2 * OPEN_FOR)));
        breaker.record(Millis(2 * OPEN_FOR), true);
        assert!(breaker.admits(Millis(2 * OPEN_FOR)));
    }
}
