//! The registry of connections by person, in shards, so that a busy unit does not hold up a quiet one.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use webim_model::{Bye, ConnectionId, PersonId, SessionId};

use crate::queue::queue;
use crate::{Frame, Inlet, Outlet, QueueLimits};

const SHARDS: usize = 64;

/// Who is connected here.
pub struct Hub {
    limits: QueueLimits,
    per_person: usize,
    last: AtomicU64,
    shards: [Mutex<HashMap<PersonId, Vec<Outlet>>>; SHARDS],
}

impl Hub {
    /// An empty hub; one person may have `per_person` connections.
    pub fn new(limits: QueueLimits, per_person: usize) -> Self {
        Self {
            limits,
            per_person,
            last: AtomicU64::new(0),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    fn shard(&self, person: PersonId) -> MutexGuard<'_, HashMap<PersonId, Vec<Outlet>>> {
        // The last byte of a version 7 id is random.
        let index = usize::from(person.0.as_bytes()[15]) % SHARDS;
        self.shards[index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers a connection; from now on events reach its queue. Refused with [`Bye::TooManyConnections`] beyond
    /// the limit. Says also whether it is the person's first.
    pub fn connect(
        &self,
        person: PersonId,
        session: SessionId,
    ) -> Result<(Outlet, Inlet, bool), Bye> {
        let mut shard = self.shard(person);
        let outlets = shard.entry(person).or_insert_with(|| Vec::with_capacity(1));
        if outlets.len() >= self.per_person {
            return Err(Bye::TooManyConnections);
        }
        let id = ConnectionId(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let (outlet, inlet) = queue(id, person, session, self.limits);
        let first = outlets.is_empty();
        outlets.push(outlet.clone());
        Ok((outlet, inlet, first))
    }

    /// Forgets a connection; says whether it was the person's last.
    pub fn disconnect(&self, outlet: &Outlet) -> bool {
        let mut shard = self.shard(outlet.person());
        let Some(outlets) = shard.get_mut(&outlet.person()) else {
            return false;
        };
        outlets.retain(|other| other.id() != outlet.id());
        let last = outlets.is_empty();
        if last {
            shard.remove(&outlet.person());
        }
        last
    }

    /// Puts `frame` into the queue of every connection of `person` but `except`.
    pub fn deliver(&self, person: PersonId, except: Option<ConnectionId>, frame: &Frame) {
        let shard = self.shard(person);
        for outlet in shard.get(&person).into_iter().flatten() {
            if Some(outlet.id()) != except {
                outlet.push(frame.clone());
            }
        }
    }

    /// Whether `person` has a connection here.
    pub fn connected(&self, person: PersonId) -> bool {
        self.shard(person).contains_key(&person)
    }

    /// Under which sessions `person` has connections here.
    pub fn sessions_of(&self, person: PersonId) -> HashSet<SessionId> {
        let shard = self.shard(person);
        let outlets = shard.get(&person).into_iter().flatten();
        outlets.map(Outlet::session).collect()
    }

    /// Who has a connection here.
    pub fn people(&self) -> Vec<PersonId> {
        self.each_shard()
            .flat_map(|shard| shard.keys().copied().collect::<Vec<_>>())
            .collect()
    }

    /// How many connections there are.
    pub fn len(&self) -> usize {
        self.each_shard()
            .map(|shard| shard.values().map(Vec::len).sum::<usize>())
            .sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Ends every connection that was opened under `session`.
    pub fn end_session(&self, person: PersonId, session: SessionId, bye: Bye) {
        for outlet in self.shard(person).get(&person).into_iter().flatten() {
            if outlet.session() == session {
                outlet.close(bye);
            }
        }
    }

    /// Ends every connection of `person`.
    pub fn end_person(&self, person: PersonId, bye: Bye) {
        for outlet in self.shard(person).get(&person).into_iter().flatten() {
            outlet.close(bye);
        }
    }

    /// Ends every connection.
    pub fn end_all(&self, bye: Bye) {
        for shard in self.each_shard() {
            for outlet in shard.values().flatten() {
                outlet.close(bye);
            }
        }
    }

    /// Puts `frame` into every connection's queue.
    pub fn deliver_to_all(&self, frame: &Frame) {
        for shard in self.each_shard() {
            for outlet in shard.values().flatten() {
                outlet.push(frame.clone());
            }
        }
    }

    fn each_shard(&self) -> impl Iterator<Item = MutexGuard<'_, HashMap<PersonId, Vec<Outlet>>>> {
        self.shards
            .iter()
            .map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
