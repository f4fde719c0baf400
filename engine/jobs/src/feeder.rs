//! Feeding durable hooks from the outbox: at least once, in order per conversation, again after a failure.

use uuid::Uuid;
use webim_model::Sources;
use webim_router::Router;
use webim_store::outbox::{Claim, OutboxRow};
use webim_store::{Store, StoreError};

/// How long a claim holds, in milliseconds: longer than all deadlines of hooks together.
const CLAIM: i64 = 60_000;
/// Rows claimed at once.
const ROWS: u64 = 64;
/// After so many attempts a row is given up; it stays in the table for whoever looks.
const ATTEMPTS: u32 = 12;

/// Claims rows and tells the hooks.
#[derive(Clone)]
pub(crate) struct Feeder {
    store: Store,
    router: Router,
    sources: Sources,
    by: Uuid,
}

impl Feeder {
    pub fn new(store: Store, router: Router, sources: Sources) -> Self {
        let by = sources.uuid();
        Self {
            store,
            router,
            sources,
            by,
        }
    }

    /// Tells the hooks of everything that is due.
    pub async fn turn(&self) {
        // Rows that wait for a hook that is not installed wait on; nobody else makes new ones then.
        while self.router.wants_outbox() {
            match self.some().await {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be fed");
                    return;
                }
            }
        }
    }

    async fn some(&self) -> Result<usize, StoreError> {
        let now = self.sources.now();
        let claim = Claim {
            topic: webim_router::HOOKS_TOPIC,
            by: self.by,
            now,
            until: now.plus(CLAIM),
            limit: ROWS,
        };
        let rows = self.store.claim_outbox(&claim).await?;
        for row in &rows {
            self.one(row).await?;
        }
        Ok(rows.len())
    }

    async fn one(&self, row: &OutboxRow) -> Result<(), StoreError> {
        let (conversation, seq) = (row.message.conversation, row.message.seq);
        if self.router.tell_durable(&row.message, row.depth).await {
            self.store.complete_outbox(row, self.by).await?;
        } else if row.attempts >= ATTEMPTS {
            tracing::error!(%conversation, seq, "a durable hook did not answer for too long and is told no more of this");
            self.store.abandon_outbox(row, self.by).await?;
        } else {
            let due = self.sources.now().plus(backoff(row.attempts));
            self.store.postpone_outbox(row, self.by, due).await?;
        }
        Ok(())
    }
}

/// Milliseconds to wait after so many attempts: 1 s, doubled each time, at most 5 minutes.
fn backoff(attempts: u32) -> i64 {
    let doubled = 1_000_i64.saturating_mul(1 << attempts.saturating_sub(1).min(20));
    doubled.min(300_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_stops_growing() {
        let waits: Vec<_> = [0, 1, 2, 3, 9, 10, 12, 90].map(backoff).into();
        assert_eq!(
            waits,
            [
                1_000, 1_000, 2_000, 4_000, 256_000, 300_000, 300_000, 300_000
            ]
        );
    }
}
