//! When people were last here, for those who let it be seen. Nothing of it is on the way of a message: the ends of last
//! connections are gathered, and written by whoever keeps the clock.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use webim_model::{Millis, PersonId, SessionId};

use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

/// Those whose last connection has ended and is not written down.
#[derive(Default)]
pub(crate) struct Departed(Mutex<HashSet<PersonId>>);

impl Departed {
    /// The last connection of `person` has ended.
    pub fn add(&self, person: PersonId) {
        let mut departed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        departed.insert(person);
    }

    fn take(&self) -> Vec<PersonId> {
        let mut departed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *departed).into_iter().collect()
    }
}

impl Router {
    /// Whether the caller lets others see when they were last here.
    pub async fn shows_last_seen(&self, caller: &Caller) -> Result<bool, Nay> {
        let shown = self.0.store.shows_last_seen(caller.person).await;
        shown.map_err(store_failed)
    }

    /// Lets others see when the caller was last here, or does not any more: then it is forgotten, too.
    pub async fn set_show_last_seen(&self, caller: &Caller, show: bool) -> Result<(), Nay> {
        let (store, now) = (&self.0.store, self.0.journey.sources.now());
        let set = store.set_show_last_seen(caller.person, show, now).await;
        set.map_err(store_failed)
    }

    /// When `person` was last here. None while they are, and where they hide or do not let it be seen.
    pub async fn last_seen(&self, person: PersonId) -> Result<Option<Millis>, Nay> {
        if self.0.hub.connected(person) {
            return Ok(None);
        }
        self.0.store.last_seen(person).await.map_err(store_failed)
    }

    /// Writes down who has left; call it every second or so.
    pub async fn flush_seen(&self) {
        let departed = self.0.departed.take();
        if !departed.is_empty() {
            self.note(&departed).await;
        }
    }

    /// Writes down who is here, so that little is lost where the process dies; call it once a minute.
    pub async fn note_seen(&self) {
        let here = self.0.hub.people();
        if !here.is_empty() {
            self.note(&here).await;
        }
    }

    async fn note(&self, people: &[PersonId]) {
        let now = self.0.journey.sources.now();
        if let Err(error) = self.0.store.note_seen(people, now).await {
            tracing::warn!(%error, "it was not written down who was here");
        }
    }

    /// Under which sessions `person` has connections here.
    pub fn sessions_of(&self, person: PersonId) -> HashSet<SessionId> {
        self.0.hub.sessions_of(person)
    }
}
