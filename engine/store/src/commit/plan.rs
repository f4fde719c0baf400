//! What a batch becomes, given the rows that it meets: who is refused, who repeats, and the numbers, counts and hashes
//! of the others. No I/O.

use std::collections::{HashMap, HashSet};

use webim_model::{ClientId, ConversationId, Message, MessageId, Millis, PersonId, Refusal};
use webim_wire::payload;

use super::{NewMessage, Outcome, Stored};
use crate::chain::{self, Entry, Hash, Salt};

/// What a sender named a message in a conversation.
pub(super) type Name = (ConversationId, PersonId, ClientId);

/// A conversation's row, as far as a message changes it or is checked against it.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) conversation: ConversationId,
    pub(super) open: bool,
    pub(super) customer: Option<PersonId>,
    pub(super) lease: u64,
    pub(super) member_version: u64,
    pub(super) last_seq: u64,
    pub(super) last_counted: u64,
    pub(super) last_hash: Hash,
    /// `last_seq` as the database has it.
    pub(super) before: u64,
    /// The newest message and its time, if the batch brings one.
    pub(super) last: Option<(MessageId, Millis)>,
}

/// A message that was stored before, or earlier in the batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Earlier {
    pub(super) stored: Stored,
    pub(super) fingerprint: Option<[u8; 16]>,
}

/// What the batch meets in the database.
#[derive(Default)]
pub(super) struct Met {
    /// In the order of ids; those that do not exist are missing.
    pub(super) heads: Vec<Head>,
    pub(super) repeats: HashMap<Name, Earlier>,
    /// Senders whose membership was read again, because it may have changed since they were authorised.
    pub(super) still_members: HashSet<(ConversationId, PersonId)>,
}

/// A message's row.
pub(super) struct NewRow<'a> {
    pub(super) message: &'a NewMessage,
    pub(super) seq: u64,
    pub(super) counted: u64,
    pub(super) body: String,
    pub(super) salt: Salt,
    pub(super) digest: Hash,
    pub(super) hash: Hash,
}

/// What is to be written, and what each message is told once it is.
pub(super) struct Plan<'a> {
    pub(super) rows: Vec<NewRow<'a>>,
    /// The heads that change.
    pub(super) heads: Vec<Head>,
    pub(super) outcomes: Vec<Outcome>,
}

impl Head {
    /// As it is once what was planned is committed.
    pub(super) fn written(self) -> Self {
        Self {
            before: self.last_seq,
            last: None,
            ..self
        }
    }
}

impl NewMessage {
    /// Whether anything is written beside its row.
    pub(super) fn has_beside(&self) -> bool {
        !self.outbox.is_empty()
            || !self.files.is_empty()
            || self.about.mention.is_some()
            || self.body.kind().amends()
    }

    pub(super) fn name(&self) -> Option<Name> {
        Some((self.conversation, self.sender?, self.client_id?))
    }
}

impl Met {
    pub(super) fn head(&self, conversation: ConversationId) -> Option<usize> {
        self.heads
            .binary_search_by_key(&conversation, |head| head.conversation)
            .ok()
    }

    /// Whose membership must be read again.
    pub(super) fn doubtful(&self, batch: &[NewMessage]) -> Vec<(ConversationId, PersonId)> {
        batch
            .iter()
            .filter_map(|message| {
                let head = &self.heads[self.head(message.conversation)?];
                let moved = head.member_version != message.member_version;
                Some((message.conversation, message.sender?)).filter(|_| moved)
            })
            .collect()
    }

    /// Decides each message in turn; `salts` holds one for each.
    pub(super) fn plan<'a>(mut self, batch: &'a [NewMessage], salts: &[Salt]) -> Plan<'a> {
        let mut rows = Vec::with_capacity(batch.len());
        let mut outcomes = Vec::with_capacity(batch.len());
        for (message, salt) in batch.iter().zip(salts) {
            outcomes.push(match self.decide(message) {
                Err(outcome) => *outcome,
                Ok((at, stale)) => {
                    let row = next(&mut self.heads[at], message, *salt);
                    let stored = row.message();
                    if let Some(name) = message.name() {
                        self.repeats.insert(name, row.as_earlier());
                    }
                    rows.push(row);
                    Outcome::Stored {
                        message: stored,
                        stale,
                    }
                }
            });
        }
        self.heads.retain(|head| head.last.is_some());
        Plan {
            rows,
            heads: self.heads,
            outcomes,
        }
    }

    /// Where the conversation's head is, and whether the membership has moved; or why nothing is stored.
    fn decide(&self, message: &NewMessage) -> Result<(usize, bool), Box<Outcome>> {
        if let Some(earlier) = message.name().and_then(|name| self.repeats.get(&name)) {
            return Err(earlier.outcome(message.fingerprint).into());
        }
        let refused = |refusal| Box::new(Outcome::Refused(refusal));
        let Some(at) = self.head(message.conversation) else {
            return Err(refused(Refusal::ConversationUnknown));
        };
        let head = &self.heads[at];
        let stale = head.member_version != message.member_version;
        // The system's own lines are not anybody's to refuse.
        let Some(sender) = message.sender else {
            return Ok((at, stale));
        };
        if !head.open || (stale && !self.still_members.contains(&(message.conversation, sender))) {
            return Err(refused(Refusal::ConversationUnknown));
        }
        match (head.customer, message.lease) {
            (Some(customer), None) if customer != sender => Err(refused(Refusal::LeaseRequired)),
            (Some(customer), Some(lease)) if customer != sender && lease != head.lease => {
                Err(refused(Refusal::LeaseStale))
            }
            _ => Ok((at, stale)),
        }
    }
}

impl Earlier {
    fn outcome(&self, fingerprint: Option<[u8; 16]>) -> Outcome {
        // After an erasure it cannot be told any more what the first one said.
        let same = self.fingerprint.is_none() || self.fingerprint == fingerprint;
        if same {
            Outcome::Repeat(self.stored)
        } else {
            Outcome::Refused(Refusal::ClientIdReused)
        }
    }
}

/// The row that comes next in a conversation; moves its head.
fn next<'a>(head: &mut Head, message: &'a NewMessage, salt: Salt) -> NewRow<'a> {
    let kind = message.body.kind();
    let body = payload::store(&message.body, &message.about);
    let digest = chain::digest(&salt, &body);
    head.last_seq += 1;
    head.last_counted += u64::from(kind.counts());
    let entry = Entry {
        seq: head.last_seq,
        id: message.id,
        sender: message.sender,
        time: message.time,
        kind: kind.name(),
        digest: &digest,
    };
    head.last_hash = entry.hash(&head.last_hash);
    head.last = Some((message.id, message.time));
    NewRow {
        message,
        seq: head.last_seq,
        counted: head.last_counted,
        body,
        salt,
        digest,
        hash: head.last_hash,
    }
}

impl NewRow<'_> {
    fn message(&self) -> Message {
        Message {
            conversation: self.message.conversation,
            seq: self.seq,
            id: self.message.id,
            sender: self.message.sender,
            client_id: self.message.client_id,
            body: self.message.body.clone(),
            about: self.message.about.clone(),
            time: self.message.time,
            counted: self.counted,
        }
    }

    fn as_earlier(&self) -> Earlier {
        Earlier {
            stored: Stored {
                seq: self.seq,
                id: self.message.id,
                time: self.message.time,
            },
            fingerprint: self.message.fingerprint,
        }
    }
}
