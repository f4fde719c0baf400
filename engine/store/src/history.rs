//! History: pages of messages by (conversation, seq), never by offset.

use webim_model::{ConversationId, Message, MessageId, PersonId};

use crate::link::Link;
use crate::rows::{self, MESSAGE};
use crate::sql::{Row, chunks, id, keys, number};
use crate::{Store, StoreError};

/// Which part of a conversation's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The newest messages.
    Latest,
    /// Those right before this number.
    Before(u64),
    /// Those right after this number.
    After(u64),
}

impl Store {
    /// Up to `limit` messages, oldest first, that `person` may read, and whether there are more in the direction asked
    /// for; none if `person` is not a member.
    pub async fn history(
        &self,
        person: PersonId,
        conversation: ConversationId,
        page: Page,
        limit: u64,
    ) -> Result<Option<(Vec<Message>, bool)>, StoreError> {
        let end = i64::MAX.unsigned_abs();
        let (from, before, order) = match page {
            Page::Latest => (0, end, "DESC"),
            Page::Before(seq) => (0, seq.min(end), "DESC"),
            Page::After(seq) => (seq.min(end - 1) + 1, end, "ASC"),
        };
        // One lower bound, so that every database begins right there: given two, SQLite takes the first for the index
        // and reads its way to the other. The conversation is named twice so that the index's own order will do.
        let sql = format!(
            "SELECT {MESSAGE} FROM members mb JOIN messages m ON m.conversation_id = mb.conversation_id \
             AND m.seq >= CASE WHEN mb.from_seq > ? THEN mb.from_seq ELSE ? END AND m.seq < ? \
             WHERE mb.conversation_id = ? AND mb.person_id = ? AND m.conversation_id = ? \
             ORDER BY m.seq {order} LIMIT ?"
        );
        let values = vec![
            number(from),
            number(from),
            number(before),
            id(conversation.0),
            id(person.0),
            id(conversation.0),
            number(limit.saturating_add(1).min(end)),
        ];
        let mut link = self.read().await?;
        let rows = link.query(&sql, values).await?;
        if rows.is_empty() && !is_member(&mut link, conversation, person).await? {
            return Ok(None);
        }
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut messages = rows
            .iter()
            .take(shown)
            .map(|row| rows::message(conversation, &Row(row), 0))
            .collect::<Result<Vec<_>, _>>()?;
        if order == "DESC" {
            messages.reverse();
        }
        Ok(Some((messages, rows.len() > shown)))
    }

    /// The same for somebody who may read all of it, member or not: whoever calls has seen to that.
    pub async fn transcript(
        &self,
        conversation: ConversationId,
        page: Page,
        limit: u64,
    ) -> Result<(Vec<Message>, bool), StoreError> {
        let end = i64::MAX.unsigned_abs();
        let (bound, order, seq) = match page {
            Page::Latest => ("<", "DESC", end),
            Page::Before(seq) => ("<", "DESC", seq.min(end)),
            Page::After(seq) => (">", "ASC", seq.min(end)),
        };
        let sql = format!(
            "SELECT {MESSAGE} FROM messages m WHERE m.conversation_id = ? AND m.seq {bound} ? \
             ORDER BY m.seq {order} LIMIT ?"
        );
        let most = limit.saturating_add(1).min(end);
        let values = vec![id(conversation.0), number(seq), number(most)];
        let rows = self.read().await?.query(&sql, values).await?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let messages = rows.iter().take(shown);
        let mut messages = messages
            .map(|row| rows::message(conversation, &Row(row), 0))
            .collect::<Result<Vec<_>, _>>()?;
        if order == "DESC" {
            messages.reverse();
        }
        Ok((messages, rows.len() > shown))
    }

    /// Which message has this number; membership is not asked.
    pub async fn position(
        &self,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<Option<MessageId>, StoreError> {
        let found = self.positions(&[(conversation, seq)]).await?;
        Ok(found.first().map(|(_, _, message)| *message))
    }

    /// Which messages have these numbers, in no order; pairs without a message are left out. Membership is not asked.
    pub async fn positions(
        &self,
        at: &[(ConversationId, u64)],
    ) -> Result<Vec<(ConversationId, u64, MessageId)>, StoreError> {
        let mut link = self.read().await?;
        messages_at(&mut link, at).await
    }
}

/// Which messages have these numbers, in no order.
pub(crate) async fn messages_at(
    link: &mut Link<'_>,
    at: &[(ConversationId, u64)],
) -> Result<Vec<(ConversationId, u64, MessageId)>, StoreError> {
    let mut found = Vec::with_capacity(at.len());
    for chunk in chunks(at) {
        let keys = keys(link.backend(), &["conversation", "seq"], chunk.len());
        let sql = format!(
            "SELECT m.conversation_id, m.seq, m.id FROM {keys} \
                 JOIN messages m ON m.conversation_id = k.conversation AND m.seq = k.seq"
        );
        let values = chunk
            .iter()
            .flat_map(|(conversation, seq)| {
                [
                    id(conversation.0),
                    number((*seq).min(i64::MAX.unsigned_abs())),
                ]
            })
            .collect();
        for row in link.query(&sql, values).await? {
            let row = Row(&row);
            found.push((row.id(0)?, row.number(1)?, row.id(2)?));
        }
    }
    Ok(found)
}

async fn is_member(
    link: &mut Link<'_>,
    conversation: ConversationId,
    person: PersonId,
) -> Result<bool, StoreError> {
    let sql = "SELECT person_id FROM members WHERE conversation_id = ? AND person_id = ?";
    let values = vec![id(conversation.0), id(person.0)];
    Ok(!link.query(sql, values).await?.is_empty())
}
