//! What the allocator has yet to hear of: who wrote where, and whose presence changed. Nobody waits to say it, and it
//! takes as much room as there are conversations and people in it, however fast they write.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;
use webim_model::{ConversationId, PersonId};

/// Changes of writer that are kept of one conversation between two looks; more are as if the last ones had been all.
const TURNS: usize = 8;

#[derive(Default)]
struct Inner {
    wrote: HashMap<ConversationId, Vec<PersonId>>,
    moved: HashSet<PersonId>,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Heard {
    inner: Mutex<Inner>,
    news: Notify,
}

impl Heard {
    /// Somebody's message was stored.
    pub fn wrote(&self, conversation: ConversationId, sender: PersonId) {
        {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            let turns = inner.wrote.entry(conversation).or_default();
            if turns.last() == Some(&sender) {
                return;
            }
            if turns.len() == TURNS {
                turns.remove(0);
            }
            turns.push(sender);
        }
        self.news.notify_one();
    }

    /// Somebody came or went: which of the two is looked at when it is heard.
    pub fn moved(&self, person: PersonId) {
        {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            inner.moved.insert(person);
        }
        self.news.notify_one();
    }

    /// Waits until there is something.
    pub async fn news(&self) {
        self.news.notified().await;
    }

    /// All there is, in an order that does not depend on chance.
    pub fn take(&self) -> (Vec<(ConversationId, Vec<PersonId>)>, Vec<PersonId>) {
        let inner = {
            let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *inner)
        };
        let mut wrote: Vec<_> = inner.wrote.into_iter().collect();
        wrote.sort_unstable_by_key(|(conversation, _)| *conversation);
        let mut moved: Vec<_> = inner.moved.into_iter().collect();
        moved.sort_unstable();
        (wrote, moved)
    }
}
