//! Counting and timing what clients see, and the window in which the server is measured.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;

use crate::book::Got;
use crate::proc::Process;
use crate::report::{Report, real};
use crate::server::Server;

/// What all clients of a run count together.
pub struct Tally {
    began: Instant,
    acked: AtomicU64,
    delivered: AtomicU64,
    recording: AtomicBool,
    ack: Mutex<Histogram<u64>>,
    delivery: Mutex<Histogram<u64>>,
}

/// What happened between two moments.
pub struct Window {
    /// Time that passed.
    pub wall: Duration,
    /// CPU that the server used.
    pub cpu: Duration,
    /// Messages acknowledged.
    pub acked: u64,
    /// Messages delivered, once for each who got one.
    pub delivered: u64,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
            acked: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            recording: AtomicBool::new(false),
            ack: Mutex::new(histogram()),
            delivery: Mutex::new(histogram()),
        }
    }

    /// Microseconds since this run began: what a text starts with, so that its receiver can tell its age.
    pub fn now(&self) -> u64 {
        self.at(Instant::now())
    }

    /// The same of another moment.
    pub fn at(&self, moment: Instant) -> u64 {
        let since = moment.saturating_duration_since(self.began);
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
    }

    /// An ack came for what was sent at `since`.
    fn acked(&self, since: u64) {
        self.acked.fetch_add(1, Ordering::Relaxed);
        self.record(&self.ack, since);
    }

    /// A message came that was sent at `since`.
    fn delivered(&self, since: u64) {
        self.delivered.fetch_add(1, Ordering::Relaxed);
        self.record(&self.delivery, since);
    }

    /// Deliveries so far.
    pub fn deliveries(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }

    /// Counts what a frame meant.
    pub fn got(&self, got: &Got) {
        match got {
            Got::Ack(since) => self.acked(*since),
            Got::Message(since) => self.delivered(*since),
            Got::Other => {}
        }
    }

    fn record(&self, histogram: &Mutex<Histogram<u64>>, since: u64) {
        if self.recording.load(Ordering::Relaxed) {
            let age = self.now().saturating_sub(since);
            histogram
                .lock()
                .expect("recording never panics")
                .saturating_record(age);
        }
    }

    /// Lets the run warm up, then measures it for as long as `length`.
    pub async fn measure(
        &self,
        server: &Process,
        warm: Duration,
        length: Duration,
    ) -> Result<Window> {
        pass(warm).await;
        self.recording.store(true, Ordering::Relaxed);
        let (began, cpu) = (Instant::now(), server.cpu()?);
        let (acked, delivered) = self.counts();
        pass(length).await;
        let (wall, cpu) = (began.elapsed(), server.cpu()?.saturating_sub(cpu));
        let (acked_after, delivered_after) = self.counts();
        self.recording.store(false, Ordering::Relaxed);
        Ok(Window {
            wall,
            cpu,
            acked: acked_after - acked,
            delivered: delivered_after - delivered,
        })
    }

    fn counts(&self) -> (u64, u64) {
        (self.acked.load(Ordering::Relaxed), self.deliveries())
    }

    /// Adds the latencies that were recorded.
    pub fn report(&self, report: &mut Report) {
        report.latency(
            "send to ack",
            &self.ack.lock().expect("recording never panics"),
        );
        report.latency(
            "send to delivered",
            &self.delivery.lock().expect("recording never panics"),
        );
    }
}

impl Window {
    /// `count` in a second.
    pub fn rate(&self, count: u64) -> f64 {
        real(count) / self.wall.as_secs_f64()
    }

    /// Adds what the server used.
    pub fn report(&self, server: &Server, report: &mut Report) -> Result<()> {
        let share = 100.0 * self.cpu.as_secs_f64() / self.wall.as_secs_f64();
        report.figure("server CPU", share, "% of a core");
        let mib = real(server.process.resident()?) / 1_048_576.0;
        report.figure("resident", mib, "MiB");
        Ok(())
    }
}

/// Lets time pass while the clients go on.
pub async fn pass(length: Duration) {
    tokio::time::sleep(length).await;
}

/// From a microsecond to a minute, three digits.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("these bounds are good ones")
}

/// A text of `bytes` that begins with when it was sent.
pub fn stamp(now: u64, bytes: usize) -> String {
    format!("{now:016x}{}", "x".repeat(bytes.saturating_sub(16)))
}

/// When a text was sent.
pub fn sent_at(text: &str) -> u64 {
    text.get(..16)
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_when_it_was_sent() {
        assert_eq!(sent_at(&stamp(123_456, 128)), 123_456);
        assert_eq!(stamp(1, 128).len(), 128);
        assert_eq!(sent_at("short"), 0);
    }
}
