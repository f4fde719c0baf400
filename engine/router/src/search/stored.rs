//! Which conversations have something new for the index: noted as it is stored, so that nobody has to look for it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use webim_model::ConversationId;
use webim_store::{Committer, CommitterConfig, CommitterTask, Outcome, Settled, Sink, Store};

/// Conversations in which something was stored. A process that dies forgets them; the next one looks for them once.
#[derive(Default)]
pub(crate) struct StoredSince(Mutex<HashSet<ConversationId>>);

impl StoredSince {
    /// All since the last time.
    pub fn take(&self) -> Vec<ConversationId> {
        let mut some = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        some.drain().collect()
    }

    fn note<T>(&self, batch: &[Settled<T>]) {
        let mut some = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        some.extend(batch.iter().filter_map(|settled| match &settled.outcome {
            Outcome::Stored { message, .. } => Some(message.conversation),
            Outcome::Repeat(_) | Outcome::Refused(_) => None,
        }));
    }
}

/// Notes what a committer has stored, and tells another one.
struct Noted<S> {
    next: S,
    /// None where search is switched off.
    since: Option<Arc<StoredSince>>,
}

/// A committer that tells `next`, its tasks, and what is noted of it.
pub(crate) fn noted<T: Send + 'static, S: Sink<T> + 'static>(
    store: &Store,
    config: CommitterConfig,
    next: S,
    search: bool,
) -> (Committer<T>, Vec<CommitterTask<T>>, Arc<StoredSince>) {
    let since = Arc::new(StoredSince::default());
    let noted = Noted {
        next,
        since: search.then(|| since.clone()),
    };
    let (committer, tasks) = store.committer(config, Arc::new(noted));
    (committer, tasks, since)
}

#[async_trait]
impl<T: Send + 'static, S: Sink<T>> Sink<T> for Noted<S> {
    async fn settled(&self, batch: Vec<Settled<T>>) {
        if let Some(since) = &self.since {
            since.note(&batch);
        }
        self.next.settled(batch).await;
    }
}
