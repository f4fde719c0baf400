//! Who must answer which conversation, held in memory for those who want to write there. The commit checks the lease
//! again, so an old seat can delay an answer and never let a wrong one through.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use moka::ops::compute::Op;
use moka::sync::Cache;
use webim_model::{ChannelId, ConversationId, ConversationKind, Holder, PersonId, VisitId};
use webim_store::{Store, StoreError};

/// Seats kept in memory.
const SEATS: u64 = 50_000;

/// Who must answer a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seat {
    pub conversation: ConversationId,
    pub channel: ChannelId,
    pub customer: PersonId,
    pub holder: Holder,
    pub lease: u64,
    /// Grows with each change.
    pub version: u64,
    pub visit: Option<VisitId>,
}

/// All seats that were asked for, and who sits beside them.
pub(crate) struct Seats {
    store: Store,
    known: Cache<ConversationId, Arc<Seat>>,
    joined: Mutex<HashMap<ConversationId, BTreeSet<PersonId>>>,
    blocked: RwLock<HashSet<PersonId>>,
}

impl Seats {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            known: Cache::new(SEATS),
            joined: Mutex::default(),
            blocked: RwLock::default(),
        }
    }

    /// The seat of a service conversation; none if there is no such conversation, or it is of another kind.
    pub async fn seat(&self, id: ConversationId) -> Result<Option<Arc<Seat>>, StoreError> {
        if let Some(seat) = self.known.get(&id) {
            return Ok(Some(seat));
        }
        let Some(row) = self.store.conversation(id).await? else {
            return Ok(None);
        };
        let (ConversationKind::Service, Some(channel), Some(customer)) =
            (row.kind, row.channel, row.customer)
        else {
            return Ok(None);
        };
        let visit = self.store.service(id).await?.and_then(|row| row.visit);
        let seat = Seat {
            conversation: id,
            channel,
            customer,
            holder: row.holder.unwrap_or(Holder::Nobody),
            lease: row.lease,
            version: row.version,
            visit,
        };
        self.put(seat);
        Ok(self.known.get(&id))
    }

    /// Keeps a seat, unless a newer one is known.
    pub fn put(&self, seat: Seat) {
        let entry = self.known.entry(seat.conversation);
        entry.and_compute_with(|known| match known {
            Some(known) if known.value().version > seat.version => Op::Nop,
            _ => Op::Put(Arc::new(seat)),
        });
    }

    /// Nothing that is remembered is used again.
    pub fn clear(&self) {
        self.known.invalidate_all();
    }

    /// Whether a supervisor answers beside the holder.
    pub fn beside(&self, conversation: ConversationId, person: PersonId) -> bool {
        let joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
        joined
            .get(&conversation)
            .is_some_and(|people| people.contains(&person))
    }

    /// A supervisor comes to answer beside the holder, or goes. False if nothing changes.
    pub fn join(&self, conversation: ConversationId, person: PersonId, on: bool) -> bool {
        let mut joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
        if on {
            return joined.entry(conversation).or_default().insert(person);
        }
        let Some(people) = joined.get_mut(&conversation) else {
            return false;
        };
        let left = people.remove(&person);
        if people.is_empty() {
            joined.remove(&conversation);
        }
        left
    }

    /// Those who answer beside the holder go: the visit is over.
    pub fn part(&self, conversation: ConversationId) -> BTreeSet<PersonId> {
        let mut joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
        joined.remove(&conversation).unwrap_or_default()
    }

    /// Whose messages are refused from now on.
    pub fn block_only(&self, people: Vec<PersonId>) {
        let mut blocked = self.blocked.write().unwrap_or_else(PoisonError::into_inner);
        *blocked = people.into_iter().collect();
    }

    pub fn block(&self, person: PersonId, on: bool) {
        let mut blocked = self.blocked.write().unwrap_or_else(PoisonError::into_inner);
        if on {
            blocked.insert(person);
        } else {
            blocked.remove(&person);
        }
    }

    pub fn blocked(&self, person: PersonId) -> bool {
        let blocked = self.blocked.read().unwrap_or_else(PoisonError::into_inner);
        blocked.contains(&person)
    }
}
