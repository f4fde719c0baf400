//! What people show, for those who look: a connection names whom it watches, changes are gathered and sent at most
//! once in each flush, so that ten thousand arrivals at once cost as much as there are lookers.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use webim_model::{ConnectionId, PersonId, Status};

use crate::{Frame, Outlet};

/// What others see of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shows {
    /// Here.
    Online,
    /// Here, and not to be disturbed.
    Busy,
    /// Here, but not at the keyboard.
    Away,
    /// Not here, or hiding.
    Offline,
}

impl From<Status> for Shows {
    fn from(status: Status) -> Self {
        match status {
            Status::Online => Self::Online,
            Status::Busy => Self::Busy,
            Status::Away => Self::Away,
            Status::Hide => Self::Offline,
        }
    }
}

#[derive(Default)]
struct Book {
    /// Only people who are connected.
    shown: HashMap<PersonId, Status>,
    watchers: HashMap<PersonId, HashMap<ConnectionId, Outlet>>,
    watched_by: HashMap<ConnectionId, HashSet<PersonId>>,
    changed: HashSet<PersonId>,
}

impl Book {
    fn shows(&self, person: PersonId) -> Shows {
        self.shown
            .get(&person)
            .map_or(Shows::Offline, |status| Shows::from(*status))
    }

    fn unwatch(&mut self, connection: ConnectionId) {
        for person in self.watched_by.remove(&connection).into_iter().flatten() {
            if let Some(watchers) = self.watchers.get_mut(&person) {
                watchers.remove(&connection);
                if watchers.is_empty() {
                    self.watchers.remove(&person);
                }
            }
        }
    }

    fn mark(&mut self, person: PersonId) {
        if self.watchers.contains_key(&person) {
            self.changed.insert(person);
        }
    }
}

/// The presence of everybody connected here.
#[derive(Default)]
pub struct Presence(Mutex<Book>);

impl Presence {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `person` is connected and shows `status`, or has changed it.
    pub fn show(&self, person: PersonId, status: Status) {
        let mut book = self.book();
        let before = book.shows(person);
        book.shown.insert(person, status);
        if before != book.shows(person) {
            book.mark(person);
        }
    }

    /// The last connection of `person` has ended, unless `still` says that a newer one came meanwhile: asked under
    /// this book's lock, so that an arrival that overtakes a departure is not undone by it.
    pub fn leave(&self, person: PersonId, still: impl FnOnce() -> bool) {
        let mut book = self.book();
        if still() {
            return;
        }
        if book
            .shown
            .remove(&person)
            .is_some_and(|status| status != Status::Hide)
        {
            book.mark(person);
        }
    }

    /// What others see of `person`.
    pub fn shows(&self, person: PersonId) -> Shows {
        self.book().shows(person)
    }

    /// Replaces whom `outlet` watches, and says what they show now.
    pub fn watch(&self, outlet: &Outlet, people: &[PersonId]) -> Vec<(PersonId, Shows)> {
        let mut book = self.book();
        book.unwatch(outlet.id());
        if people.is_empty() {
            return Vec::new();
        }
        for person in people {
            book.watchers
                .entry(*person)
                .or_default()
                .insert(outlet.id(), outlet.clone());
        }
        book.watched_by
            .insert(outlet.id(), people.iter().copied().collect());
        people
            .iter()
            .map(|person| (*person, book.shows(*person)))
            .collect()
    }

    /// Forgets what `connection` watched.
    pub fn unwatch(&self, connection: ConnectionId) {
        self.book().unwatch(connection);
    }

    /// Sends what has changed since the last flush: to each watcher one frame, made by `encode`.
    pub fn flush(&self, encode: impl Fn(&[(PersonId, Shows)]) -> Frame) {
        let mut batches: HashMap<ConnectionId, (Outlet, Vec<(PersonId, Shows)>)> = HashMap::new();
        let mut book = self.book();
        for person in std::mem::take(&mut book.changed) {
            let shows = book.shows(person);
            for outlet in book
                .watchers
                .get(&person)
                .into_iter()
                .flat_map(HashMap::values)
            {
                let batch = batches
                    .entry(outlet.id())
                    .or_insert_with(|| (outlet.clone(), Vec::new()));
                batch.1.push((person, shows));
            }
        }
        drop(book);
        for (outlet, people) in batches.into_values() {
            outlet.push(encode(&people));
        }
    }
}
