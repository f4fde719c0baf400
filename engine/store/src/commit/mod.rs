//! The committer: every message is stored through it, in batches that grow with the load.

mod at_once;
mod beside;
mod faults;
mod heads;
mod plan;
mod recover;
mod shard;
mod task;
mod write;

use std::sync::Arc;

use tokio::sync::mpsc;
use webim_model::{
    About, Body, ClientId, ConversationId, FileId, Message, MessageId, Millis, PersonId, Refusal,
};

pub use faults::{Faults, Point};
pub use task::CommitterTask;

use crate::{Backend, Store};
use shard::Shard;

/// Most messages in one transaction, whatever is configured: what its statements are made for.
const LONGEST: usize = 256;

/// How the committer works.
#[derive(Clone, Copy, Debug)]
pub struct CommitterConfig {
    /// Messages that may wait at one shard; beyond, submitting waits.
    pub queue: usize,
    /// Most messages in one transaction.
    pub batch: usize,
    /// Transactions at the same time; a conversation always has the same one. SQLite always has 1.
    pub shards: usize,
}

impl Default for CommitterConfig {
    fn default() -> Self {
        Self {
            queue: 1_024,
            batch: 128,
            shards: 2,
        }
    }
}

/// Something that must happen after the message was stored; see [`crate::outbox`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Who handles it; at most 100 characters.
    pub topic: &'static str,
    /// How many hooks stand between the message and a person; handed back with the row, for the loop guard.
    pub depth: u8,
}

/// A message to store, authorised and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Where it goes.
    pub conversation: ConversationId,
    /// Who says it; none for the system's own lines.
    pub sender: Option<PersonId>,
    /// What the sender names it by.
    pub client_id: Option<ClientId>,
    /// Its id.
    pub id: MessageId,
    /// What it says.
    pub body: Body,
    /// What it carries beside that. An edit, a recall and a reaction name what they change; mentions are of members.
    pub about: About,
    /// Digest of what the client sent, before hooks changed it, made by the router: a repeat with another one is refused
    /// as `client_id_reused`. None for the system's own lines.
    pub fingerprint: Option<[u8; 16]>,
    /// When it was accepted.
    pub time: Millis,
    /// Version of the membership it was authorised under.
    pub member_version: u64,
    /// In a service conversation, for an agent's or a robot's answer: the lease it was written under.
    pub lease: Option<u64>,
    /// What must happen afterwards; usually nothing.
    pub outbox: Vec<OutboxEntry>,
    /// The files it shows, each named once: whoever may read it may have them.
    pub files: Vec<FileId>,
}

/// Where a message was stored the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its number.
    pub seq: u64,
    /// Its id.
    pub id: MessageId,
    /// When it was accepted.
    pub time: Millis,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is stored, for good.
    Stored {
        /// As it stands.
        message: Message,
        /// The membership is newer than the one it was authorised under (its sender is still in it): whoever keeps one in
        /// memory must read it again.
        stale: bool,
    },
    /// It had been stored before; nothing was done.
    Repeat(Stored),
    /// It was not stored; with [`Refusal::OutcomeUnknown`], it is not known whether it was.
    Refused(Refusal),
}

/// A message with what became of it and what its submitter attached.
#[derive(Debug)]
pub struct Settled<T> {
    /// As submitted.
    pub message: NewMessage,
    /// As submitted.
    pub ticket: T,
    /// What became of it.
    pub outcome: Outcome,
}

/// Who is told.
#[async_trait::async_trait]
pub trait Sink<T>: Send + Sync {
    /// One batch in commit order: the order of `seq` in each conversation, and of submission for each sender. The shard
    /// waits until this returns, so it should hand over and not work.
    async fn settled(&self, batch: Vec<Settled<T>>);
}

/// The committer has stopped; the message is handed back.
#[derive(Debug, thiserror::Error)]
#[error("the committer has stopped")]
pub struct Closed<T>(pub NewMessage, pub T);

/// Why nothing was submitted; the message is handed back.
#[derive(Debug, thiserror::Error)]
pub enum TrySubmit<T> {
    /// The queue is full.
    #[error("the committer's queue is full")]
    Full(Box<(NewMessage, T)>),
    /// The committer has stopped.
    #[error("the committer has stopped")]
    Closed(Box<(NewMessage, T)>),
}

type Item<T> = (NewMessage, T);

/// Takes messages to be stored; clones feed the same shards.
pub struct Committer<T> {
    shards: Arc<[mpsc::Sender<Item<T>>]>,
}

impl<T> Clone for Committer<T> {
    fn clone(&self) -> Self {
        Self {
            shards: self.shards.clone(),
        }
    }
}

impl<T: Send + 'static> Committer<T> {
    /// Submits a message, waiting while the queue is full. What becomes of it goes to the sink.
    pub async fn submit(&self, message: NewMessage, ticket: T) -> Result<(), Closed<T>> {
        self.shard(message.conversation)
            .send((message, ticket))
            .await
            .map_err(|mpsc::error::SendError((message, ticket))| Closed(message, ticket))
    }

    /// Submits a message unless the queue is full. What becomes of it goes to the sink.
    pub fn try_submit(&self, message: NewMessage, ticket: T) -> Result<(), TrySubmit<T>> {
        self.shard(message.conversation)
            .try_send((message, ticket))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(item) => TrySubmit::Full(Box::new(item)),
                mpsc::error::TrySendError::Closed(item) => TrySubmit::Closed(Box::new(item)),
            })
    }

    fn shard(&self, conversation: ConversationId) -> &mpsc::Sender<Item<T>> {
        // The last half of a version 7 id is random: it spreads as it is.
        let (_, spread) = conversation.0.as_u64_pair();
        let count = u64::try_from(self.shards.len()).expect("shards are few");
        let at = usize::try_from(spread % count).expect("less than the number of shards");
        &self.shards[at]
    }
}

impl Store {
    /// A committer and its tasks, one for each shard, which the caller spawns. Their sizes are at least 1; a batch is at
    /// most 256.
    pub fn committer<T: Send + 'static>(
        &self,
        config: CommitterConfig,
        sink: Arc<dyn Sink<T>>,
    ) -> (Committer<T>, Vec<CommitterTask<T>>) {
        self.committer_with(config, sink, None)
    }

    /// A committer whose database fails where `faults` says so; for tests.
    pub fn committer_with<T: Send + 'static>(
        &self,
        config: CommitterConfig,
        sink: Arc<dyn Sink<T>>,
        faults: Option<Arc<dyn Faults>>,
    ) -> (Committer<T>, Vec<CommitterTask<T>>) {
        let count = match self.backend() {
            Backend::Sqlite => 1,
            Backend::Postgres | Backend::MariaDb => {
                self.grow_writers(config.shards);
                config.shards.max(1)
            }
        };
        let mut shards = Vec::with_capacity(count);
        let mut tasks = Vec::with_capacity(count);
        for (sink, faults) in std::iter::repeat_n((sink, faults), count) {
            let (sender, queue) = mpsc::channel(config.queue.max(1));
            let shard = Shard::new(self.clone(), faults);
            let batch = config.batch.clamp(1, LONGEST);
            shards.push(sender);
            tasks.push(CommitterTask::new(queue, shard, sink, batch));
        }
        let shards = shards.into();
        (Committer { shards }, tasks)
    }
}
