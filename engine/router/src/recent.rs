//! The `client_id`s of the last while: a repeat is answered without asking the database or a hook. Only a shortcut,
//! the store's unique key decides.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use webim_model::{ClientId, ConversationId, MessageId, Millis, PersonId};

const SHARDS: usize = 16;
/// Commands remembered in each shard; about 200 bytes each.
const PER_SHARD: usize = 2_048;

/// What names a command: unique in the whole store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub sender: PersonId,
    pub conversation: ConversationId,
    pub client_id: ClientId,
}

/// Where a command's message was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub conversation: ConversationId,
    pub message: MessageId,
    pub seq: u64,
    pub time: Millis,
}

/// What the memory knows of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It was stored here.
    Stored(Place),
    /// Its name was used for something else.
    Reused,
}

#[derive(Default)]
struct Shard {
    places: HashMap<Key, (Fingerprint, Place)>,
    order: VecDeque<Key>,
}

/// What a client sent, in short: two commands of one name are the same only if these are equal.
pub(crate) type Fingerprint = [u8; 16];

/// The last commands.
#[derive(Default)]
pub(crate) struct Recent {
    shards: [Mutex<Shard>; SHARDS],
}

impl Recent {
    fn shard(&self, key: &Key) -> &Mutex<Shard> {
        &self.shards[usize::from(key.client_id.0.as_bytes()[15]) % SHARDS]
    }

    /// What is known of `key`, said again with this fingerprint.
    pub fn find(&self, key: &Key, sent: &Fingerprint) -> Option<Known> {
        let shard = self
            .shard(key)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (first, place) = *shard.places.get(key)?;
        drop(shard);
        Some(if first == *sent {
            Known::Stored(place)
        } else {
            Known::Reused
        })
    }

    /// Remembers that `key`, sent with this fingerprint, was stored at `place`.
    pub fn insert(&self, key: Key, sent: Fingerprint, place: Place) {
        let mut shard = self
            .shard(&key)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if shard.places.insert(key, (sent, place)).is_some() {
            return;
        }
        shard.order.push_back(key);
        if shard.order.len() > PER_SHARD
            && let Some(oldest) = shard.order.pop_front()
        {
            shard.places.remove(&oldest);
        }
    }
}
