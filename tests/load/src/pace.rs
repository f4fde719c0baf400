//! When somebody writes: at a steady rate, whatever the server does, or when something tells them to.

use std::time::{Duration, Instant};

use tokio::time::{Interval, MissedTickBehavior, interval_at};

/// A steady rate, or none.
pub struct Pace(Option<Interval>);

impl Pace {
    /// The pace of the `n`th of `writers` that together write `rate` times a second; they take turns. Without a rate
    /// it never ticks.
    pub fn new(rate: Option<u32>, writers: usize, n: usize) -> Self {
        Self(rate.map(|rate| {
            let share = |part: usize| {
                Duration::from_secs(1) * u32::try_from(part).unwrap_or(u32::MAX) / rate
            };
            let first = tokio::time::Instant::now() + share(n);
            let mut interval = interval_at(first, share(writers));
            // Who is late makes up for it: the rate is what was asked for.
            interval.set_missed_tick_behavior(MissedTickBehavior::Burst);
            interval
        }))
    }

    /// Waits for the next turn, and says when it was due: latencies are counted from there, so that a stall of the
    /// server is not hidden by messages that were never written.
    pub async fn turn(&mut self) -> Instant {
        match &mut self.0 {
            Some(interval) => interval.tick().await.into_std(),
            None => std::future::pending().await,
        }
    }
}
