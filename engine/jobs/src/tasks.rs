//! Tasks with a name, an owner and an end.

use std::future::Future;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// The tasks of one server; cheap to clone.
#[derive(Clone, Default)]
pub struct Jobs {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Jobs {
    /// Runs `work` every `period`, one turn at a time; a turn that has begun is finished before the task ends.
    pub fn every<W, F>(&self, name: &'static str, period: Duration, mut work: W)
    where
        W: FnMut() -> F + Send + 'static,
        F: Future<Output = ()> + Send,
    {
        let stop = self.stop.clone();
        let task = async move {
            let mut ticks = tokio::time::interval(period);
            // After a long turn the next one waits its period: there is nothing to catch up with.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks.tick().await;
            while stop.run_until_cancelled(ticks.tick()).await.is_some() {
                work().await;
            }
        };
        let span = tracing::info_span!("job", name);
        self.tracker.spawn(task.instrument(span));
    }

    /// Tells all tasks to end and waits until they have.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_turn_is_finished_and_then_no_other_comes() {
        let jobs = Jobs::default();
        let (began, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (in_turn, gate) = (began.clone(), finish.clone());
        let turns = Arc::new(());
        let counted = turns.clone();
        jobs.every("test", Duration::from_secs(5), move || {
            let (began, finish, turn) = (in_turn.clone(), gate.clone(), counted.clone());
            async move {
                began.notify_one();
                finish.notified().await;
                drop(turn);
            }
        });
        began.notified().await;
        let stopping = tokio::spawn(jobs.stop());
        tokio::task::yield_now().await;
        assert!(!stopping.is_finished(), "the turn is still under way");
        finish.notify_one();
        stopping.await.unwrap();
        assert_eq!(
            Arc::strong_count(&turns),
            1,
            "the task and what it held are gone"
        );
    }
}
