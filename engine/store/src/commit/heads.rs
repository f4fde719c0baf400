//! The heads of conversations that were written lately: with them SQLite need not be asked before it is told.
//!
//! What is kept here may be old. So a batch that is planned with it says in its statements what it was planned on, and
//! fails as a whole where that is no longer so; see [`super::at_once`].

use std::collections::HashMap;

use webim_model::ConversationId;

use super::plan::{Head, Met, Plan};
use super::{NewMessage, Outcome};

/// Heads kept; about 200 bytes each. Beyond, all are forgotten: whoever is busy is back with the next batch.
const KEPT: usize = 16_384;

/// What is kept, by conversation.
#[derive(Default)]
pub(super) struct Heads(HashMap<ConversationId, Head>);

impl Heads {
    /// What the batch would meet, if all of it is known, and known to have the members that its messages were
    /// authorised under.
    pub(super) fn meet(&self, batch: &[NewMessage]) -> Option<Met> {
        let mut met = Met::default();
        for message in batch {
            let head = self.0.get(&message.conversation)?;
            if !head.open || head.member_version != message.member_version {
                return None;
            }
            met.heads.push(head.clone());
        }
        met.heads.sort_unstable_by_key(|head| head.conversation);
        met.heads.dedup_by_key(|head| head.conversation);
        Some(met)
    }

    /// Remembers the heads of a plan that is committed.
    pub(super) fn keep(&mut self, heads: Vec<Head>) {
        if self.0.len() + heads.len() > KEPT {
            self.0.clear();
        }
        for head in heads {
            self.0.insert(head.conversation, head.written());
        }
    }

    /// Forgets the conversations of a batch.
    pub(super) fn forget(&mut self, batch: &[NewMessage]) {
        for message in batch {
            self.0.remove(&message.conversation);
        }
    }
}

impl Plan<'_> {
    /// Whether its statements prove all that it says. A refusal stands in none of them, so one that was decided by
    /// what is kept may be wrong.
    pub(super) fn is_proved_by_writing(&self) -> bool {
        !self.rows.is_empty()
            && self
                .outcomes
                .iter()
                .all(|outcome| !matches!(outcome, Outcome::Refused(_)))
    }
}
