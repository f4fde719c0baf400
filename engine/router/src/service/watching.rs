//! What connections read along, unseen: conversations that they are no member of, and the board. A connection that
//! says what it watches is a desk; an agent is at work while they have one.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use webim_hub::{Frame, Outlet};
use webim_model::{ConnectionId, ConversationId, PersonId};

/// What one connection reads along.
struct Desk {
    outlet: Outlet,
    conversations: Vec<ConversationId>,
    board: bool,
}

#[derive(Default)]
struct Inner {
    desks: HashMap<ConnectionId, Desk>,
    readers: HashMap<ConversationId, HashSet<ConnectionId>>,
    people: HashMap<PersonId, usize>,
}

/// All desks.
#[derive(Default)]
pub(crate) struct Watching(Mutex<Inner>);

impl Watching {
    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a connection reads along from now on. True if it is its person's first desk.
    pub fn set(&self, outlet: &Outlet, conversations: Vec<ConversationId>, board: bool) -> bool {
        let mut inner = self.lock();
        let id = outlet.id();
        let known = inner.forget_readers(id);
        for conversation in &conversations {
            inner.readers.entry(*conversation).or_default().insert(id);
        }
        let desk = Desk {
            outlet: outlet.clone(),
            conversations,
            board,
        };
        inner.desks.insert(id, desk);
        if known {
            return false;
        }
        let desks = inner.people.entry(outlet.person()).or_default();
        *desks += 1;
        *desks == 1
    }

    /// A connection has ended. True if it was its person's last desk.
    pub fn forget(&self, outlet: &Outlet) -> bool {
        let mut inner = self.lock();
        if !inner.forget_readers(outlet.id()) {
            return false;
        }
        inner.desks.remove(&outlet.id());
        let left = inner.people.get_mut(&outlet.person()).map(|desks| {
            *desks = desks.saturating_sub(1);
            *desks
        });
        if left == Some(0) {
            inner.people.remove(&outlet.person());
        }
        left == Some(0)
    }

    /// Whether a person has a desk open.
    pub fn at_work(&self, person: PersonId) -> bool {
        self.lock().people.contains_key(&person)
    }

    /// Everybody who has a desk open.
    pub fn people(&self) -> Vec<PersonId> {
        self.lock().people.keys().copied().collect()
    }

    /// Tells who reads a conversation along, but those who are told as its members.
    pub fn tell(&self, conversation: ConversationId, members: &[PersonId], frame: &Frame) {
        let inner = self.lock();
        let Some(readers) = inner.readers.get(&conversation) else {
            return;
        };
        for id in readers {
            if let Some(desk) = inner.desks.get(id)
                && !members.contains(&desk.outlet.person())
            {
                desk.outlet.push(frame.clone());
            }
        }
    }

    /// Whether anybody looks at the board.
    pub fn any_board(&self) -> bool {
        self.lock().desks.values().any(|desk| desk.board)
    }

    /// Tells who looks at the board.
    pub fn tell_board(&self, frame: &Frame) {
        for desk in self.lock().desks.values().filter(|desk| desk.board) {
            desk.outlet.push(frame.clone());
        }
    }
}

impl Inner {
    /// Whether the connection was known.
    fn forget_readers(&mut self, id: ConnectionId) -> bool {
        let Some(desk) = self.desks.get(&id) else {
            return false;
        };
        for conversation in &desk.conversations {
            if let Some(readers) = self.readers.get_mut(conversation) {
                readers.remove(&id);
                if readers.is_empty() {
                    self.readers.remove(conversation);
                }
            }
        }
        true
    }
}
