//! Rooms: what the router keeps in memory of a conversation to authorise and fan out without asking the database.
//!
//! A room carries the `member_version` it was read under. The commit checks it again, so an old room can delay an
//! answer but never let a stranger in; whoever learns that one is old forgets it here.

use std::sync::Arc;

use moka::sync::Cache;
use webim_model::{ConversationId, ConversationKind, PersonId, UnitId};
use webim_store::{Store, StoreError};

/// Rooms kept; one of a thousand members takes 16 KB.
const ROOMS: u64 = 20_000;
/// Pairs and units kept.
const NAMES: u64 = 200_000;

/// A conversation as the router knows it.
#[derive(Debug)]
pub(crate) struct Room {
    pub id: ConversationId,
    pub kind: ConversationKind,
    /// Grows with each change of who is in it.
    pub member_version: u64,
    /// Sorted, so that asking for one is a search.
    pub members: Arc<[PersonId]>,
}

impl Room {
    pub fn has(&self, person: PersonId) -> bool {
        self.members.binary_search(&person).is_ok()
    }

    /// In a direct conversation, the one who is not `person`.
    pub fn peer(&self, person: PersonId) -> Option<PersonId> {
        (self.kind == ConversationKind::Direct)
            .then(|| self.members.iter().copied().find(|other| *other != person))
            .flatten()
    }
}

/// The rooms in memory, and the ways to them.
pub(crate) struct Rooms {
    store: Store,
    known: Cache<ConversationId, Arc<Room>>,
    pairs: Cache<(PersonId, PersonId), ConversationId>,
    units: Cache<UnitId, ConversationId>,
}

impl Rooms {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            known: Cache::new(ROOMS),
            pairs: Cache::new(NAMES),
            units: Cache::new(NAMES),
        }
    }

    /// The room of a conversation; `None` if there is none.
    pub async fn room(&self, id: ConversationId) -> Result<Option<Arc<Room>>, StoreError> {
        if let Some(room) = self.known.get(&id) {
            return Ok(Some(room));
        }
        self.reload(id).await
    }

    /// The room as it is now.
    pub async fn reload(&self, id: ConversationId) -> Result<Option<Arc<Room>>, StoreError> {
        let Some(row) = self.store.conversation(id).await? else {
            self.known.invalidate(&id);
            return Ok(None);
        };
        let (member_version, rows) = self.store.members(id).await?;
        let mut members: Vec<_> = rows.into_iter().map(|row| row.person).collect();
        members.sort_unstable();
        let room = Arc::new(Room {
            id,
            kind: row.kind,
            member_version,
            members: members.into(),
        });
        self.known.insert(id, room.clone());
        Ok(Some(room))
    }

    /// The direct conversation of two members; made if there is none yet.
    pub async fn direct(&self, a: PersonId, b: PersonId) -> Result<ConversationId, StoreError> {
        let pair = (a.min(b), a.max(b));
        if let Some(id) = self.pairs.get(&pair) {
            return Ok(id);
        }
        let id = self.store.direct(a, b).await?;
        self.pairs.insert(pair, id);
        Ok(id)
    }

    /// Whether the direct conversation of two is known already, so that neither has to be looked up again.
    pub fn known_direct(&self, a: PersonId, b: PersonId) -> Option<ConversationId> {
        self.pairs.get(&(a.min(b), a.max(b)))
    }

    /// The conversation of a unit; `None` if there is no such unit.
    pub async fn unit(&self, unit: UnitId) -> Result<Option<ConversationId>, StoreError> {
        if let Some(id) = self.units.get(&unit) {
            return Ok(Some(id));
        }
        let id = self.store.unit_conversation(unit).await?;
        if let Some(id) = id {
            self.units.insert(unit, id);
        }
        Ok(id)
    }

    /// Forgets all: the directory has changed.
    pub fn clear(&self) {
        self.known.invalidate_all();
        self.pairs.invalidate_all();
        self.units.invalidate_all();
    }
}
