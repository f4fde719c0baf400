//! What was done that somebody may want to know of later.

use uuid::Uuid;
use webim_model::{Millis, PersonId};

use crate::sql::{Row, id, id_or_null, number, signed, text};
use crate::{Store, StoreError};

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Which entry.
    pub id: Uuid,
    /// When.
    pub done: Millis,
    /// By whom; none: by the server.
    pub person: Option<PersonId>,
    /// A stable word; at most 64 characters.
    pub action: String,
    /// To what; at most 190 characters.
    pub object: String,
    /// What else there is to say.
    pub detail: String,
}

impl Store {
    /// Writes down what was done.
    pub async fn audit(&self, entry: &AuditRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO audit (id, done_at, person_id, action, object, detail) VALUES (?, ?, ?, ?, ?, ?)";
        let values = vec![
            id(entry.id),
            signed(entry.done.0),
            id_or_null(entry.person.map(|person| person.0)),
            text(&*entry.action),
            text(&*entry.object),
            text(&*entry.detail),
        ];
        self.write().await?.execute(sql, values).await.map(drop)
    }

    /// What was done, newest first.
    pub async fn audited(&self, limit: u64) -> Result<Vec<AuditRow>, StoreError> {
        let sql = "SELECT id, done_at, person_id, action, object, detail FROM audit ORDER BY done_at DESC, id DESC \
                   LIMIT ?";
        let rows = self.read().await?.query(sql, vec![number(limit)]).await?;
        let entries = rows.iter().map(|row| {
            let row = Row(row);
            Ok(AuditRow {
                id: row.id(0)?,
                done: Millis(row.signed(1)?),
                person: row.id_or_null(2)?,
                action: row.text(3)?,
                object: row.text(4)?,
                detail: row.text(5)?,
            })
        });
        entries.collect()
    }
}
