//! Checks that a conversation is what was committed: numbers without a gap, counts, and the hash chain.

use sea_orm::QueryResult;
use uuid::Uuid;
use webim_model::{ConversationId, MessageId, MessageKind, Millis};

use crate::chain::{self, Entry, Hash};
use crate::sql::{Row, id, number};
use crate::{Store, StoreError};

/// The first thing found wrong with a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No message has this number, though later ones exist or the head says so.
    Gap(u64),
    /// The message with this number miscounts.
    Counted(u64),
    /// The body of the message with this number is not what was stored.
    Body(u64),
    /// The message with this number, or one before it, was changed, moved or replaced.
    Chain(u64),
    /// The conversation's head does not fit its last message.
    Head,
}

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Messages looked at.
    pub messages: u64,
    /// Those among them whose body was erased.
    pub erased: u64,
    /// The first fault, if any; looking ends there.
    pub fault: Option<Fault>,
}

/// Messages read at once.
const PAGE: u64 = 500;

/// What the message that comes next must fit.
struct Expected {
    seq: u64,
    counted: u64,
    hash: Hash,
    last: Option<MessageId>,
}

impl Store {
    /// Checks one conversation; none if there is no such one.
    pub async fn verify(
        &self,
        conversation: ConversationId,
    ) -> Result<Option<Verified>, StoreError> {
        // The head is read first: messages that are committed meanwhile are beyond it, and left for the next time.
        let sql = "SELECT last_seq, last_counted, last_message_id, last_hash FROM conversations WHERE id = ?";
        let values = vec![id(conversation.0)];
        let rows = self.read().await?.query(sql, values).await?;
        let Some(head) = rows.first().map(Row) else {
            return Ok(None);
        };
        let last_seq = head.number(0)?;
        let mut verified = Verified::default();
        let mut expected = Expected {
            seq: 1,
            counted: 0,
            hash: chain::genesis(conversation),
            last: None,
        };
        while expected.seq <= last_seq && verified.fault.is_none() {
            let page = self
                .page_to_verify(conversation, &expected, last_seq)
                .await?;
            if page.is_empty() {
                verified.fault = Some(Fault::Gap(expected.seq));
            }
            for row in &page {
                verified.fault = check(&Row(row), &mut expected, &mut verified)?;
                if verified.fault.is_some() {
                    break;
                }
            }
        }
        let fits = head.number(1)? == expected.counted
            && head.id_or_null(2)? == expected.last
            && head.bytes(3)? == expected.hash;
        if verified.fault.is_none() && !fits {
            verified.fault = Some(Fault::Head);
        }
        Ok(Some(verified))
    }

    async fn page_to_verify(
        &self,
        conversation: ConversationId,
        expected: &Expected,
        last_seq: u64,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let sql = "SELECT seq, id, sender_id, sent_at, kind, counted, salt, digest, hash, body FROM messages \
                   WHERE conversation_id = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT ?";
        let values = vec![
            id(conversation.0),
            number(expected.seq),
            number(last_seq),
            number(PAGE),
        ];
        self.read().await?.query(sql, values).await
    }

    /// All conversations' ids in order, after `after`, for going through them.
    pub async fn conversation_ids(
        &self,
        after: Option<ConversationId>,
        limit: u64,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let sql = "SELECT id FROM conversations WHERE id > ? ORDER BY id LIMIT ?";
        let after = after.map_or(Uuid::nil(), |after| after.0);
        let values = vec![id(after), number(limit)];
        let rows = self.read().await?.query(sql, values).await?;
        rows.iter().map(|row| Row(row).id(0)).collect()
    }
}

fn check(
    row: &Row<'_>,
    expected: &mut Expected,
    verified: &mut Verified,
) -> Result<Option<Fault>, StoreError> {
    let seq = expected.seq;
    if row.number(0)? != seq {
        return Ok(Some(Fault::Gap(seq)));
    }
    verified.messages += 1;
    let kind = row.text(4)?;
    let digest = row.bytes(7)?;
    let entry = Entry {
        seq,
        id: row.id(1)?,
        sender: row.id_or_null(2)?,
        time: Millis(row.signed(3)?),
        kind: &kind,
        digest: &digest,
    };
    let hash = entry.hash(&expected.hash);
    if hash != row.bytes(8)? {
        return Ok(Some(Fault::Chain(seq)));
    }
    match row.bytes_or_null(6)? {
        Some(salt) if chain::digest(&salt, &row.text(9)?) != digest => {
            return Ok(Some(Fault::Body(seq)));
        }
        Some(_) => {}
        None => verified.erased += 1,
    }
    let counts = MessageKind::parse(&kind).is_some_and(MessageKind::counts);
    expected.counted += u64::from(counts);
    if row.number(5)? != expected.counted {
        return Ok(Some(Fault::Counted(seq)));
    }
    expected.seq += 1;
    expected.hash = hash;
    expected.last = Some(entry.id);
    Ok(None)
}
