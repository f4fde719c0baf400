//! What later entries made of messages: edits, recalls, reactions; and whom messages mention.

use sea_orm::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use webim_model::{Body, ConversationId, Mention, Message, MessageKind, PersonId};

use crate::link::Link;
use crate::rows::{self, MESSAGE};
use crate::sql::{Row, bytes, chunks, id, keys, number, rows_of, text};
use crate::{Range, Store, StoreError};

/// Stands for everyone where a person is named.
pub(crate) const EVERYONE: Uuid = Uuid::nil();

/// Ranges in one statement; fewer are padded, so that one text stays prepared.
const AT_ONCE: usize = 8;

/// A message and an entry that changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Number of the message that was changed.
    pub seq: u64,
    /// The edit, recall or reaction. Of an edit that was recalled with its message, the recall.
    pub by: Message,
}

impl Store {
    /// What changed the messages of all `ranges`, in the order in which it was said. Membership is not asked.
    pub async fn amendments(&self, ranges: &[Range]) -> Result<Vec<Amendment>, StoreError> {
        let mut found = Vec::new();
        if ranges.is_empty() {
            return Ok(found);
        }
        let mut link = self.read().await?;
        let keys = keys(link.backend(), &["conversation", "low", "high"], AT_ONCE);
        // CROSS as for the messages themselves; there are few of these.
        let sql = format!(
            "SELECT {MESSAGE}, a.conversation_id, a.seq FROM {keys} CROSS JOIN amendments a \
             JOIN messages m ON m.conversation_id = a.conversation_id AND m.seq = a.by_seq \
             WHERE a.conversation_id = k.conversation AND a.seq >= k.low AND a.seq <= k.high"
        );
        let end = i64::MAX.unsigned_abs();
        for chunk in ranges.chunks(AT_ONCE) {
            let mut values: Vec<_> = chunk
                .iter()
                .flat_map(|range| {
                    [
                        id(range.conversation.0),
                        number(range.from.min(end)),
                        number(range.to.min(end)),
                    ]
                })
                .collect();
            for _ in chunk.len()..AT_ONCE {
                values.extend([Value::Uuid(None), Value::BigInt(None), Value::BigInt(None)]);
            }
            for row in link.query(&sql, values).await? {
                found.push(amendment(&Row(&row))?);
            }
        }
        in_order(&mut found);
        Ok(found)
    }

    /// The same for messages that lie apart.
    pub async fn amendments_of(
        &self,
        at: &[(ConversationId, u64)],
    ) -> Result<Vec<Amendment>, StoreError> {
        let mut found = Vec::new();
        let mut link = self.read().await?;
        for chunk in chunks(at) {
            let sql = format!(
                "SELECT {MESSAGE}, a.conversation_id, a.seq FROM {} CROSS JOIN amendments a \
                 JOIN messages m ON m.conversation_id = a.conversation_id AND m.seq = a.by_seq \
                 WHERE a.conversation_id = k.conversation AND a.seq = k.seq",
                keys(link.backend(), &["conversation", "seq"], chunk.len())
            );
            let values = chunk
                .iter()
                .flat_map(|(conversation, seq)| [id(conversation.0), number(*seq)])
                .collect();
            for row in link.query(&sql, values).await? {
                found.push(amendment(&Row(&row))?);
            }
        }
        in_order(&mut found);
        Ok(found)
    }

    /// Who has read up to `seq` and who has not, of those who may read it; by person.
    pub async fn readers(
        &self,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Vec<(PersonId, bool)>, StoreError> {
        let sql = "SELECT m.person_id, m.read_seq FROM members m WHERE m.conversation_id = ? AND m.from_seq <= ? \
                   ORDER BY m.person_id";
        let values = vec![id(conversation.0), number(seq)];
        let rows = self.read().await?.query(sql, values).await?;
        rows.iter()
            .map(|row| Ok((Row(row).id(0)?, Row(row).number(1)? >= seq)))
            .collect()
    }
}

fn amendment(row: &Row<'_>) -> Result<Amendment, StoreError> {
    Ok(Amendment {
        seq: row.number(9)?,
        by: rows::message(row.id(8)?, row, 0)?,
    })
}

fn in_order(found: &mut [Amendment]) {
    found.sort_unstable_by_key(|amendment| {
        let by = &amendment.by;
        (by.conversation, by.seq, amendment.seq)
    });
}

/// An entry that changes an earlier one, as it is stored.
pub(crate) struct Amending {
    pub conversation: ConversationId,
    pub seq: u64,
    pub by: u64,
    pub kind: MessageKind,
    /// Of a reaction: whose it is and which sign, of which one entry at a message counts.
    pub slot: Option<[u8; 16]>,
}

/// What one person's reactions with one sign have in common. Short, and no words: what is erased leaves none here.
pub(crate) fn slot(sender: Option<PersonId>, body: &Body) -> Option<[u8; 16]> {
    let Body::Reaction { emoji, .. } = body else {
        return None;
    };
    let mut hash = Sha256::new();
    hash.update(sender?.0);
    hash.update(emoji.as_bytes());
    hash.finalize().first_chunk().copied()
}

/// Writes down what changes what, in the transaction that stores the entries.
pub(crate) async fn insert_amendments(
    link: &mut Link<'_>,
    amending: &[Amending],
) -> Result<(), StoreError> {
    for chunk in chunks(amending) {
        let sql = format!(
            "INSERT INTO amendments (conversation_id, seq, by_seq, kind) VALUES {}",
            rows_of(chunk.len(), 4)
        );
        let values = chunk
            .iter()
            .flat_map(|one| {
                [
                    id(one.conversation.0),
                    number(one.seq),
                    number(one.by),
                    text(one.kind.name()),
                ]
            })
            .collect();
        link.execute(&sql, values).await?;
    }
    for one in amending {
        if let Some(slot) = &one.slot {
            replace_reaction(link, one, slot).await?;
        }
        if one.kind == MessageKind::Recall {
            // What was said instead is taken back with it: those entries hold its text, too.
            // The sum tells PostgreSQL what the bound value is.
            let sql = "INSERT INTO amendments (conversation_id, seq, by_seq, kind) \
                       SELECT a.conversation_id, a.by_seq, ? + 0 * a.seq, 'recall' FROM amendments a \
                       WHERE a.conversation_id = ? AND a.seq = ? AND a.kind = 'edit'";
            let values = vec![number(one.by), id(one.conversation.0), number(one.seq)];
            link.execute(sql, values).await?;
        }
    }
    Ok(())
}

/// Puts a reaction in the place of the same person's earlier one with the same sign: who plays with a sign for hours
/// must not make the message slow for its readers. The entries themselves stay messages like all others.
async fn replace_reaction(
    link: &mut Link<'_>,
    one: &Amending,
    slot: &[u8; 16],
) -> Result<(), StoreError> {
    let at = || vec![id(one.conversation.0), number(one.seq), bytes(slot)];
    let sql =
        "SELECT r.by_seq FROM reactions r WHERE r.conversation_id = ? AND r.seq = ? AND r.slot = ?";
    let rows = link.query(sql, at()).await?;
    let Some(earlier) = rows.first().map(|row| Row(row).number(0)).transpose()? else {
        let sql = "INSERT INTO reactions (conversation_id, seq, slot, by_seq) VALUES (?, ?, ?, ?)";
        let values = at().into_iter().chain([number(one.by)]).collect();
        return link.execute(sql, values).await.map(drop);
    };
    let sql = "DELETE FROM amendments WHERE conversation_id = ? AND seq = ? AND by_seq = ?";
    let values = vec![id(one.conversation.0), number(one.seq), number(earlier)];
    link.execute(sql, values).await?;
    let sql = "UPDATE reactions SET by_seq = ? WHERE conversation_id = ? AND seq = ? AND slot = ?";
    let values = [number(one.by)].into_iter().chain(at()).collect();
    link.execute(sql, values).await.map(drop)
}

/// Writes down whom messages mention, in the transaction that stores them.
pub(crate) async fn insert_mentions(
    link: &mut Link<'_>,
    mentioning: impl Iterator<Item = (ConversationId, u64, &Mention)>,
) -> Result<(), StoreError> {
    let rows: Vec<_> = mentioning
        .flat_map(|(conversation, seq, mention)| {
            let everyone = mention.everyone.then_some(PersonId(EVERYONE));
            let people = mention.people.iter().copied().chain(everyone);
            people.map(move |person| (conversation, person, seq))
        })
        .collect();
    for chunk in chunks(&rows) {
        let sql = format!(
            "INSERT INTO mentions (conversation_id, person_id, seq) VALUES {}",
            rows_of(chunk.len(), 3)
        );
        let values = chunk
            .iter()
            .flat_map(|(conversation, person, seq)| {
                [id(conversation.0), id(person.0), number(*seq)]
            })
            .collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}
