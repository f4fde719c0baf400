//! Parts of many conversations at once: what a client that comes back has missed.

use sea_orm::Value;
use webim_model::{ConversationId, Message};

use crate::rows::{self, MESSAGE};
use crate::sql::{Row, id, keys, number};
use crate::{Store, StoreError};

/// Part of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Which one.
    pub conversation: ConversationId,
    /// The first number.
    pub from: u64,
    /// The last number.
    pub to: u64,
}

/// Ranges in one statement; fewer are padded, so that one text stays prepared.
const AT_ONCE: usize = 32;

impl Store {
    /// The messages of all `ranges`, which name each conversation once, by conversation and number. Membership is not
    /// asked, and nothing is cut: the caller keeps the ranges short.
    pub async fn ranges(&self, ranges: &[Range]) -> Result<Vec<Message>, StoreError> {
        let mut found = Vec::new();
        if ranges.is_empty() {
            return Ok(found);
        }
        let mut link = self.read().await?;
        let keys = keys(link.backend(), &["conversation", "low", "high"], AT_ONCE);
        // CROSS tells SQLite to begin with the ranges, which it would otherwise search for each message there is; sorted
        // here, since an order asked of it has the same effect.
        let sql = format!(
            "SELECT {MESSAGE}, m.conversation_id FROM {keys} CROSS JOIN messages m \
             WHERE m.conversation_id = k.conversation AND m.seq >= k.low AND m.seq <= k.high"
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
                let row = Row(&row);
                found.push(rows::message(row.id(8)?, &row, 0)?);
            }
        }
        found.sort_unstable_by_key(|message: &Message| (message.conversation, message.seq));
        Ok(found)
    }
}
