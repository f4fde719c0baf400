//! The outbox: what must happen after a message was stored, in order per topic and conversation.

use sea_orm::Value;
use uuid::Uuid;
use webim_model::{Message, Millis};

use crate::rows::{self, MESSAGE};
use crate::sql::{Row, id, number, signed, text};
use crate::{Backend, Store, StoreError};

/// A claimed row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// Who handles it.
    pub topic: String,
    /// What was stored.
    pub message: Message,
    /// As it was submitted.
    pub depth: u8,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// Who claims, how much and for how long.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// Whose rows.
    pub topic: &'a str,
    /// Names the claimer.
    pub by: Uuid,
    /// The present.
    pub now: Millis,
    /// When the claim ends if the row is not completed before.
    pub until: Millis,
    /// At most so many rows.
    pub limit: u64,
}

impl Store {
    /// Claims rows that are due, oldest first, at most one of each conversation: the next one only when that is
    /// completed or given up. Two claimers never get the same row.
    pub async fn claim_outbox(&self, claim: &Claim<'_>) -> Result<Vec<OutboxRow>, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let lock = match link.backend() {
            Backend::Sqlite => "",
            Backend::Postgres => " FOR UPDATE OF o SKIP LOCKED",
            Backend::MariaDb => " FOR UPDATE SKIP LOCKED",
        };
        let sql = format!(
            "SELECT o.conversation_id, o.depth, o.attempts, {MESSAGE} FROM outbox o \
             JOIN messages m ON m.conversation_id = o.conversation_id AND m.seq = o.seq \
             WHERE o.topic = ? AND o.state = 'open' AND o.due_at <= ? AND o.claimed_until <= ? \
             AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.topic = o.topic \
             AND e.conversation_id = o.conversation_id AND e.seq < o.seq AND e.state = 'open') \
             ORDER BY o.due_at, o.conversation_id LIMIT ?{lock}"
        );
        let now = signed(claim.now.0);
        let values = vec![text(claim.topic), now.clone(), now, number(claim.limit)];
        let mut claimed = Vec::new();
        for row in link.query(&sql, values).await? {
            let row = Row(&row);
            claimed.push(OutboxRow {
                topic: claim.topic.into(),
                message: rows::message(row.id(0)?, &row, 3)?,
                depth: u8::try_from(row.small(1)?).unwrap_or(u8::MAX),
                attempts: row.small(2)?.unsigned_abs() + 1,
            });
        }
        for row in &claimed {
            let sql = "UPDATE outbox SET claimed_by = ?, claimed_until = ?, attempts = attempts + 1 \
                       WHERE topic = ? AND conversation_id = ? AND seq = ?";
            let values = vec![
                id(claim.by),
                signed(claim.until.0),
                text(claim.topic),
                id(row.message.conversation.0),
                number(row.message.seq),
            ];
            link.execute(sql, values).await?;
        }
        link.commit().await?;
        Ok(claimed)
    }

    /// Done: the row goes. False if `by` does not hold it any more.
    pub async fn complete_outbox(&self, row: &OutboxRow, by: Uuid) -> Result<bool, StoreError> {
        self.settle_outbox("DELETE FROM outbox", Vec::new(), row, by)
            .await
    }

    /// Not done: again at `due`; those after it in its conversation wait. False if `by` does not hold it any more.
    pub async fn postpone_outbox(
        &self,
        row: &OutboxRow,
        by: Uuid,
        due: Millis,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox SET claimed_by = NULL, claimed_until = 0, due_at = ?";
        self.settle_outbox(sql, vec![signed(due.0)], row, by).await
    }

    /// Given up: the row stays for whoever looks, and those after it go on. False if `by` does not hold it any more.
    pub async fn abandon_outbox(&self, row: &OutboxRow, by: Uuid) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox SET claimed_by = NULL, claimed_until = 0, state = 'dead'";
        self.settle_outbox(sql, Vec::new(), row, by).await
    }

    async fn settle_outbox(
        &self,
        what: &str,
        mut values: Vec<Value>,
        row: &OutboxRow,
        by: Uuid,
    ) -> Result<bool, StoreError> {
        let sql = format!(
            "{what} WHERE topic = ? AND conversation_id = ? AND seq = ? AND claimed_by = ?"
        );
        values.extend([
            text(&*row.topic),
            id(row.message.conversation.0),
            number(row.message.seq),
            id(by),
        ]);
        Ok(self.write().await?.execute(&sql, values).await? > 0)
    }
}
