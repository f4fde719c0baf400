//! What a message carries beside what it says: what it speaks of, whom it mentions, where it was forwarded from.

use std::sync::Arc;

use crate::{Millis, PersonId};

/// Whom a message wants to notice it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mention {
    /// These members of the conversation; sorted, each once.
    pub people: Vec<PersonId>,
    /// All who are in it.
    pub everyone: bool,
}

/// Where a forwarded message was said first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Forwarded {
    /// Who said it; none for the system's own lines.
    pub sender: Option<PersonId>,
    /// When.
    pub time: Millis,
}

/// What a message carries beside its body; mostly nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct About {
    /// The number of the message that it answers, or, for an edit, a recall and a reaction, that it changes.
    pub refers: Option<u64>,
    /// Whom it mentions.
    pub mention: Option<Arc<Mention>>,
    /// Where it was forwarded from.
    pub forwarded: Option<Forwarded>,
}

impl About {
    /// Nothing beside the body.
    pub fn is_empty(&self) -> bool {
        self.refers.is_none() && self.mention.is_none() && self.forwarded.is_none()
    }

    /// Only that it speaks of this message.
    pub fn of(seq: u64) -> Self {
        Self {
            refers: Some(seq),
            ..Self::default()
        }
    }
}

impl Mention {
    /// Nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty() && !self.everyone
    }
}
