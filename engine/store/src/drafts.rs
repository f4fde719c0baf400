//! What people began to write and have not sent.

use webim_model::{Millis, PersonId, Target};

use crate::sql::{Row, id, number, signed, text};
use crate::{Backend, Store, StoreError};

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Whom it is for.
    pub to: Target,
    /// As typed.
    pub text: String,
    /// When it was last changed.
    pub updated: Millis,
}

impl Store {
    /// The drafts of `person`, newest first; at most `limit`.
    pub async fn drafts(&self, person: PersonId, limit: u64) -> Result<Vec<DraftRow>, StoreError> {
        let sql = "SELECT d.target_kind, d.target_id, d.body, d.updated_at FROM drafts d WHERE d.person_id = ? \
                   ORDER BY d.updated_at DESC, d.target_id LIMIT ?";
        let values = vec![id(person.0), number(limit)];
        let rows = self.read().await?.query(sql, values).await?;
        rows.iter()
            .map(|row| {
                let row = Row(row);
                let target = |word: &str| {
                    let which: uuid::Uuid = row.id(1).ok()?;
                    Some(match word {
                        "conversation" => Target::Conversation(which.into()),
                        "person" => Target::Person(which.into()),
                        "unit" => Target::Unit(which.into()),
                        _ => return None,
                    })
                };
                Ok(DraftRow {
                    to: row.word(0, target)?,
                    text: row.text(2)?,
                    updated: Millis(row.signed(3)?),
                })
            })
            .collect()
    }

    /// Keeps a draft of `person` instead of the one for the same target; an empty one is forgotten, and so are those
    /// beyond the newest `most`.
    pub async fn keep_draft(
        &self,
        person: PersonId,
        draft: &DraftRow,
        most: u64,
    ) -> Result<(), StoreError> {
        let (kind, target) = match draft.to {
            Target::Conversation(conversation) => ("conversation", conversation.0),
            Target::Person(person) => ("person", person.0),
            Target::Unit(unit) => ("unit", unit.0),
        };
        let mut link = self.write().await?;
        let mut values = vec![id(person.0), text(kind), id(target)];
        if draft.text.is_empty() {
            let sql =
                "DELETE FROM drafts WHERE person_id = ? AND target_kind = ? AND target_id = ?";
            return link.execute(sql, values).await.map(drop);
        }
        let conflict = match link.backend() {
            Backend::Sqlite | Backend::Postgres => {
                "ON CONFLICT (person_id, target_kind, target_id) DO UPDATE SET body = excluded.body, \
                 updated_at = excluded.updated_at"
            }
            Backend::MariaDb => {
                "ON DUPLICATE KEY UPDATE body = VALUES(body), updated_at = VALUES(updated_at)"
            }
        };
        let sql = format!(
            "INSERT INTO drafts (person_id, target_kind, target_id, body, updated_at) VALUES (?, ?, ?, ?, ?) {conflict}"
        );
        values.extend([text(&*draft.text), signed(draft.updated.0)]);
        link.execute(&sql, values).await?;
        let sql = "SELECT d.updated_at FROM drafts d WHERE d.person_id = ? ORDER BY d.updated_at DESC LIMIT 1 OFFSET ?";
        let rows = link.query(sql, vec![id(person.0), number(most)]).await?;
        if let Some(row) = rows.first() {
            let sql = "DELETE FROM drafts WHERE person_id = ? AND updated_at <= ?";
            let values = vec![id(person.0), signed(Row(row).signed(0)?)];
            link.execute(sql, values).await?;
        }
        Ok(())
    }
}
