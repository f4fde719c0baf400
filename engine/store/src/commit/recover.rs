//! What became of a batch when the answer to its COMMIT was lost.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use webim_model::{ConversationId, MessageId};

use super::write::lock_heads;
use super::{Faults, Point};
use crate::history::messages_at;
use crate::{Store, StoreError};

/// The first wait between two looks; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// What is known of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is stored.
    Stored,
    /// It is not, and will not be.
    Missing,
    /// The database could not be asked in time.
    Unknown,
}

/// The rows of a batch: where each was to be, and its id.
pub(super) struct Lost {
    rows: Vec<(ConversationId, u64, MessageId)>,
}

impl Lost {
    pub(super) fn new(rows: impl Iterator<Item = (ConversationId, u64, MessageId)>) -> Self {
        Self {
            rows: rows.collect(),
        }
    }

    /// Looks until the database answers or `patience` is over.
    pub(super) async fn look(
        &self,
        store: &Store,
        faults: Option<&dyn Faults>,
        patience: Duration,
    ) -> Verdict {
        let until = Instant::now() + patience;
        let mut wait = FIRST_WAIT;
        loop {
            match self.once(store, faults).await {
                Ok(true) => return Verdict::Stored,
                Ok(false) => return Verdict::Missing,
                Err(_) if Instant::now() + wait > until => return Verdict::Unknown,
                Err(_) => {}
            }
            sleep(wait).await;
            wait *= 2;
        }
    }

    async fn once(&self, store: &Store, faults: Option<&dyn Faults>) -> Result<bool, StoreError> {
        if let Some(faults) = faults {
            faults.at(Point::Look)?;
        }
        let mut link = store.write().await?;
        link.begin().await?;
        // Whoever still carries out that COMMIT holds these rows: once they are ours it has happened, or never will.
        let mut conversations: Vec<_> = self.rows.iter().map(|(at, _, _)| *at).collect();
        conversations.sort_unstable();
        conversations.dedup();
        lock_heads(&mut link, &conversations).await?;
        let at: Vec<_> = self.rows.iter().map(|(at, seq, _)| (*at, *seq)).collect();
        let there = messages_at(&mut link, &at).await?;
        link.rollback().await;
        Ok(self.rows.iter().all(|row| there.contains(row)))
    }
}
