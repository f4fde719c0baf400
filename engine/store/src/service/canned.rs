//! Replies at hand.

use uuid::Uuid;
use webim_model::PersonId;

use super::or_update;
use crate::sql::{Row, id, id_or_null, text};
use crate::{Store, StoreError};

/// A reply at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannedRow {
    /// Which one.
    pub id: Uuid,
    /// Whose; none: everybody's.
    pub owner: Option<PersonId>,
    /// At most 64 characters.
    pub shortcut: String,
    /// At most 190 characters.
    pub title: String,
    /// What it says.
    pub body: String,
}

impl Store {
    /// Everybody's replies and `person`'s own, by shortcut.
    pub async fn canned(&self, person: PersonId) -> Result<Vec<CannedRow>, StoreError> {
        let sql = "SELECT id, owner_id, shortcut, title, body FROM canned WHERE owner_id IS NULL OR owner_id = ? \
                   ORDER BY shortcut, id";
        let rows = self.read().await?.query(sql, vec![id(person.0)]).await?;
        rows.iter().map(|row| canned(&Row(row))).collect()
    }

    /// This reply.
    pub async fn canned_one(&self, reply: Uuid) -> Result<Option<CannedRow>, StoreError> {
        let sql = "SELECT id, owner_id, shortcut, title, body FROM canned WHERE id = ?";
        let rows = self.read().await?.query(sql, vec![id(reply)]).await?;
        rows.first().map(|row| canned(&Row(row))).transpose()
    }

    /// Keeps a reply: a new one, or what the one with this id says from now on.
    pub async fn put_canned(&self, reply: &CannedRow) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        let update = or_update(
            link.backend(),
            "id",
            &["owner_id", "shortcut", "title", "body"],
        );
        let sql = format!(
            "INSERT INTO canned (id, owner_id, shortcut, title, body) VALUES (?, ?, ?, ?, ?){update}"
        );
        let values = vec![
            id(reply.id),
            id_or_null(reply.owner.map(|owner| owner.0)),
            text(&*reply.shortcut),
            text(&*reply.title),
            text(&*reply.body),
        ];
        link.execute(&sql, values).await.map(drop)
    }

    /// Takes a reply away. False if there is none.
    pub async fn delete_canned(&self, reply: Uuid) -> Result<bool, StoreError> {
        let sql = "DELETE FROM canned WHERE id = ?";
        Ok(self.write().await?.execute(sql, vec![id(reply)]).await? > 0)
    }
}

fn canned(row: &Row<'_>) -> Result<CannedRow, StoreError> {
    Ok(CannedRow {
        id: row.id(0)?,
        owner: row.id_or_null(1)?,
        shortcut: row.text(2)?,
        title: row.text(3)?,
        body: row.text(4)?,
    })
}
