//! Fills conversations before a run, through the committer, so that the rows are what a server would have written.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, anyhow, ensure};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use webim_model::{About, Body, ClientId, ConversationId, MessageId, PersonId, Sources};
use webim_store::{Committer, CommitterConfig, NewMessage, Outcome, Settled, Sink, Store};

/// Writes messages.
pub struct Filler {
    committer: Committer<()>,
    tasks: JoinSet<()>,
    stop: CancellationToken,
    count: Arc<Count>,
    submitted: u64,
    sources: Sources,
}

#[derive(Default)]
struct Count(AtomicU64);

#[async_trait::async_trait]
impl Sink<()> for Count {
    async fn settled(&self, batch: Vec<Settled<()>>) {
        let stored = batch
            .iter()
            .filter(|settled| matches!(settled.outcome, Outcome::Stored { .. }));
        self.0.fetch_add(
            u64::try_from(stored.count()).unwrap_or(0),
            Ordering::Relaxed,
        );
    }
}

/// A conversation to fill, as its members stand now.
#[derive(Clone, Copy)]
pub struct Into {
    /// Which one.
    pub conversation: ConversationId,
    /// Who says it.
    pub sender: PersonId,
    /// Version of its membership.
    pub member_version: u64,
}

impl Filler {
    /// A filler of this database.
    pub fn new(store: &Store) -> Self {
        let count = Arc::new(Count::default());
        let config = CommitterConfig {
            batch: 500,
            ..CommitterConfig::default()
        };
        let (committer, shards) = store.committer(config, count.clone());
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for shard in shards {
            tasks.spawn(shard.run(stop.clone()));
        }
        Self {
            committer,
            tasks,
            stop,
            count,
            submitted: 0,
            sources: Sources::system(),
        }
    }

    /// Writes one message, and says its id.
    pub async fn say(&mut self, into: Into, text: &str) -> Result<MessageId> {
        let id = MessageId(self.sources.uuid());
        let message = NewMessage {
            conversation: into.conversation,
            sender: Some(into.sender),
            client_id: Some(ClientId(self.sources.uuid())),
            id,
            body: Body::Text { text: text.into() },
            about: About::default(),
            fingerprint: Some(self.sources.bytes()),
            time: self.sources.now(),
            member_version: into.member_version,
            lease: None,
            outbox: Vec::new(),
            files: Vec::new(),
        };
        let submitted = self.committer.submit(message, ()).await;
        submitted.map_err(|_| anyhow!("the committer has stopped"))?;
        self.submitted += 1;
        Ok(id)
    }

    /// Waits until all of it is stored.
    pub async fn end(mut self) -> Result<()> {
        self.stop.cancel();
        drop(self.committer);
        while let Some(task) = self.tasks.join_next().await {
            task.context("the committer")?;
        }
        let stored = self.count.0.load(Ordering::Relaxed);
        ensure!(
            stored == self.submitted,
            "{stored} of {} messages were stored",
            self.submitted
        );
        Ok(())
    }
}
