//! The backgrounds that people have chosen for their chats.

use webim_model::{FileId, PersonId};

use crate::sql::{Row, id, id_or_null, text};
use crate::{Backend, Store, StoreError};

/// A background. Name and address are empty where somebody wants none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkinRow {
    /// LayIM's name of it, at most 100 characters.
    pub name: String,
    /// Its address where the name is not enough, at most 500 characters.
    pub src: String,
    /// The file that it is: it is kept while it is somebody's background.
    pub file: Option<FileId>,
}

impl Store {
    /// What `person` has chosen; none before they chose anything.
    pub async fn skin(&self, person: PersonId) -> Result<Option<SkinRow>, StoreError> {
        let sql = "SELECT name, src, file_id FROM person_skins WHERE person_id = ?";
        let rows = self.read().await?.query(sql, vec![id(person.0)]).await?;
        let read = |row: Row<'_>| {
            Ok(SkinRow {
                name: row.text(0)?,
                src: row.text(1)?,
                file: row.id_or_null(2)?,
            })
        };
        rows.first().map(|row| read(Row(row))).transpose()
    }

    /// Keeps what `person` has chosen, in place of what they chose before.
    pub async fn set_skin(&self, person: PersonId, skin: &SkinRow) -> Result<(), StoreError> {
        let on_conflict = match self.backend() {
            Backend::Sqlite | Backend::Postgres => {
                "ON CONFLICT (person_id) DO UPDATE SET name = excluded.name, src = excluded.src, \
                 file_id = excluded.file_id"
            }
            Backend::MariaDb => {
                "ON DUPLICATE KEY UPDATE name = VALUES(name), src = VALUES(src), file_id = VALUES(file_id)"
            }
        };
        let sql = format!(
            "INSERT INTO person_skins (person_id, name, src, file_id) VALUES (?, ?, ?, ?) {on_conflict}"
        );
        let file = id_or_null(skin.file.map(|file| file.0));
        let values = vec![id(person.0), text(&skin.name), text(&skin.src), file];
        self.write().await?.execute(&sql, values).await.map(drop)
    }
}
