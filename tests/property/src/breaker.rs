//! The breaker against a few lines that say what it should do.

use proptest::prelude::*;
use webim_hooks::{Breaker, BreakerState};
use webim_model::Millis;

use crate::seeded;

/// Failures in a row that open it, and for how long: what the manual says.
const FAILURES: u32 = 5;
const OPEN_FOR: i64 = 10_000;

/// What the breaker should know.
#[derive(Default)]
struct Expected {
    failures: u32,
    open_until: Option<i64>,
    trying: bool,
}

impl Expected {
    fn admits(&mut self, now: i64) -> bool {
        match self.open_until {
            None => true,
            Some(_) if self.trying => false,
            Some(until) => {
                self.trying = now >= until;
                self.trying
            }
        }
    }

    fn record(&mut self, now: i64, success: bool) {
        if success {
            *self = Self::default();
            return;
        }
        self.failures += 1;
        if self.failures >= FAILURES || self.trying {
            self.open_until = Some(now + OPEN_FOR);
            self.trying = false;
        }
    }
}

proptest! {
    #![proptest_config(seeded(500))]

    /// Calls one after the other: it lets through exactly what it should, and never lies about its state.
    #[test]
    fn it_admits_what_it_should(calls in proptest::collection::vec((0_i64..6_000, any::<bool>()), 1..60)) {
        let (breaker, mut expected, mut now) = (Breaker::default(), Expected::default(), 0);
        for (pause, success) in calls {
            now += pause;
            let admitted = breaker.admits(Millis(now));
            prop_assert_eq!(admitted, expected.admits(now));
            if admitted {
                breaker.record(Millis(now), success);
                expected.record(now, success);
            }
            let state = match expected.open_until {
                None => BreakerState::Closed,
                Some(until) => BreakerState::Open(Millis(until)),
            };
            prop_assert_eq!(breaker.state(), state);
        }
    }

    /// However many ask while it is open, one call at a time is tried; and it never stays shut for good.
    #[test]
    fn one_trial_at_a_time(askers in 1_usize..20, early in 1_i64..OPEN_FOR) {
        let breaker = Breaker::default();
        for _ in 0..FAILURES {
            prop_assert!(breaker.admits(Millis(0)));
            breaker.record(Millis(0), false);
        }
        prop_assert!(!breaker.admits(Millis(OPEN_FOR - early)));
        let admitted = (0..askers).filter(|_| breaker.admits(Millis(OPEN_FOR))).count();
        prop_assert_eq!(admitted, 1);
        breaker.record(Millis(OPEN_FOR), false);
        prop_assert!(!breaker.admits(Millis(OPEN_FOR + early)));
        prop_assert!(breaker.admits(Millis(2 * OPEN_FOR)));
    }
}
