//! The loop of one shard: take all that waits, store it, tell.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::shard::Shard;
use super::{Item, Settled, Sink};

/// One shard's work; the caller spawns it and owns it.
pub struct CommitterTask<T> {
    queue: mpsc::Receiver<Item<T>>,
    shard: Shard,
    sink: Arc<dyn Sink<T>>,
    batch: usize,
}

impl<T: Send + 'static> CommitterTask<T> {
    pub(super) fn new(
        queue: mpsc::Receiver<Item<T>>,
        shard: Shard,
        sink: Arc<dyn Sink<T>>,
        batch: usize,
    ) -> Self {
        Self {
            queue,
            shard,
            sink,
            batch,
        }
    }

    /// Stores what is submitted until `token` is cancelled, then takes nothing more, settles what waits and returns.
    /// It returns as well when the last [`super::Committer`] is gone and nothing waits.
    pub async fn run(mut self, token: CancellationToken) {
        let mut waiting = Vec::with_capacity(self.batch);
        let mut open = true;
        loop {
            let count = tokio::select! {
                biased;
                () = token.cancelled(), if open => {
                    open = false;
                    self.queue.close();
                    continue;
                }
                // Whatever waits, up to the bound: batches grow with the load, and nothing sleeps to fill one.
                count = self.queue.recv_many(&mut waiting, self.batch) => count,
            };
            if count == 0 {
                return;
            }
            let settled = self.settle(&mut waiting).await;
            self.sink.settled(settled).await;
        }
    }

    async fn settle(&mut self, waiting: &mut Vec<Item<T>>) -> Vec<Settled<T>> {
        let mut messages = Vec::with_capacity(waiting.len());
        let mut tickets = Vec::with_capacity(waiting.len());
        for (message, ticket) in waiting.drain(..) {
            messages.push(message);
            tickets.push(ticket);
        }
        let outcomes = self.shard.store(&messages).await;
        messages
            .into_iter()
            .zip(tickets)
            .zip(outcomes)
            .map(|((message, ticket), outcome)| Settled {
                message,
                ticket,
                outcome,
            })
            .collect()
    }
}
