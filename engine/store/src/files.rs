//! What is known of uploaded files. Their bytes lie elsewhere.

use webim_model::{ConversationId, FileId, Millis, PersonId};

use crate::link::Link;
use crate::sql::{Row, bytes, chunks, flag, id, marks, number, rows_of, signed, text};
use crate::{Store, StoreError};

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Which one.
    pub id: FileId,
    /// Who uploaded it.
    pub owner: PersonId,
    /// Its name, cleaned for showing; at most 240 bytes.
    pub name: String,
    /// What its content says it is, in one word.
    pub kind: String,
    /// Its media type, by content.
    pub media_type: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256.
    pub digest: [u8; 32],
    /// Of a picture, in pixels; 0 for others.
    pub width: u32,
    /// Of a picture, in pixels; 0 for others.
    pub height: u32,
    /// Whether there is a small picture of it.
    pub thumbnail: bool,
    /// When it was uploaded.
    pub created: Millis,
}

/// The columns that [`file()`] reads, of a table called `f`.
const FILE: &str = "f.id, f.owner_id, f.name, f.kind, f.media_type, f.bytes, f.digest, f.width, f.height, \
                    f.thumbnail, f.created_at";

impl Store {
    /// Remembers a file whose bytes are stored.
    pub async fn insert_file(&self, file: &FileRow) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO files (id, owner_id, name, kind, media_type, bytes, digest, width, height, thumbnail, \
             created_at) VALUES {}",
            rows_of(1, 11)
        );
        let values = vec![
            id(file.id.0),
            id(file.owner.0),
            text(&*file.name),
            text(&*file.kind),
            text(&*file.media_type),
            number(file.bytes),
            bytes(&file.digest),
            number(file.width.into()),
            number(file.height.into()),
            flag(file.thumbnail),
            signed(file.created.0),
        ];
        self.write().await?.execute(&sql, values).await.map(drop)
    }

    /// Those of `files` that `person` may have: their own, and what is shown where they may read it by a message that
    /// was not recalled.
    pub async fn files_for(
        &self,
        person: PersonId,
        files: &[FileId],
    ) -> Result<Vec<FileRow>, StoreError> {
        let mut found = Vec::with_capacity(files.len());
        let mut link = self.read().await?;
        for chunk in chunks(files) {
            let sql = format!(
                "SELECT {FILE} FROM files f WHERE f.id IN ({}) AND (f.owner_id = ? OR EXISTS (SELECT 1 \
                 FROM file_uses u JOIN members m ON m.conversation_id = u.conversation_id AND m.person_id = ? \
                 WHERE u.file_id = f.id AND u.seq >= m.from_seq AND NOT EXISTS (SELECT 1 FROM amendments a \
                 WHERE a.conversation_id = u.conversation_id AND a.seq = u.seq AND a.kind = 'recall')))",
                marks(chunk.len())
            );
            let mut values: Vec<_> = chunk.iter().map(|file| id(file.0)).collect();
            values.extend([id(person.0), id(person.0)]);
            for row in link.query(&sql, values).await? {
                found.push(file(&Row(&row))?);
            }
        }
        Ok(found)
    }

    /// Bytes of all files that `person` has uploaded.
    pub async fn file_bytes_of(&self, person: PersonId) -> Result<u64, StoreError> {
        // A sum has a type of its own in each database, and none where there is no row.
        let sql = "SELECT f.bytes FROM files f WHERE f.owner_id = ?";
        let rows = self.read().await?.query(sql, vec![id(person.0)]).await?;
        rows.iter().map(|row| Row(row).number(0)).sum()
    }

    /// Files that were uploaded before `before`, that no message shows and that are nobody's background; at most
    /// `limit`.
    pub async fn unused_files(
        &self,
        before: Millis,
        limit: u64,
    ) -> Result<Vec<FileId>, StoreError> {
        let sql = "SELECT f.id FROM files f WHERE f.created_at < ? \
                   AND NOT EXISTS (SELECT 1 FROM file_uses u WHERE u.file_id = f.id) \
                   AND NOT EXISTS (SELECT 1 FROM person_skins s WHERE s.file_id = f.id) LIMIT ?";
        let values = vec![signed(before.0), number(limit)];
        let rows = self.read().await?.query(sql, values).await?;
        rows.iter().map(|row| Row(row).id(0)).collect()
    }

    /// Forgets those of `files` that no message shows and that are nobody's background, and says which.
    pub async fn forget_files(&self, files: &[FileId]) -> Result<Vec<FileId>, StoreError> {
        let mut forgotten = Vec::with_capacity(files.len());
        for one in files {
            // The key from a use to its file makes a message that shows it meanwhile fail or win, never both.
            let sql = "DELETE FROM files WHERE id = ? \
                       AND NOT EXISTS (SELECT 1 FROM file_uses u WHERE u.file_id = files.id) \
                       AND NOT EXISTS (SELECT 1 FROM person_skins s WHERE s.file_id = files.id)";
            let mut link = self.write().await?;
            if link.execute(sql, vec![id(one.0)]).await? > 0 {
                forgotten.push(*one);
            }
        }
        Ok(forgotten)
    }

    /// Which of `files` are known.
    pub async fn known_files(&self, files: &[FileId]) -> Result<Vec<FileId>, StoreError> {
        let mut known = Vec::with_capacity(files.len());
        let mut link = self.read().await?;
        for chunk in chunks(files) {
            let sql = format!("SELECT id FROM files WHERE id IN ({})", marks(chunk.len()));
            let values = chunk.iter().map(|file| id(file.0)).collect();
            for row in link.query(&sql, values).await? {
                known.push(Row(&row).id(0)?);
            }
        }
        Ok(known)
    }
}

/// Writes down which messages show which files, in the transaction that stores the messages. A file that is gone
/// meanwhile is left out.
pub(crate) async fn insert_uses(
    link: &mut Link<'_>,
    uses: &[(FileId, ConversationId, u64)],
) -> Result<(), StoreError> {
    for chunk in chunks(uses) {
        let keys = crate::sql::keys(
            link.backend(),
            &["file", "conversation", "seq"],
            chunk.len(),
        );
        let sql = format!(
            "INSERT INTO file_uses (file_id, conversation_id, seq) \
             SELECT k.file, k.conversation, k.seq FROM {keys} JOIN files f ON f.id = k.file"
        );
        let values = chunk
            .iter()
            .flat_map(|(file, conversation, seq)| [id(file.0), id(conversation.0), number(*seq)])
            .collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}

fn file(row: &Row<'_>) -> Result<FileRow, StoreError> {
    let pixels = |at| {
        let number = row.number(at)?;
        u32::try_from(number).map_err(|_| StoreError::Corrupt("the size of a picture".into()))
    };
    Ok(FileRow {
        id: row.id(0)?,
        owner: row.id(1)?,
        name: row.text(2)?,
        kind: row.text(3)?,
        media_type: row.text(4)?,
        bytes: row.number(5)?,
        digest: row.bytes(6)?,
        width: pixels(7)?,
        height: pixels(8)?,
        thumbnail: row.flag(9)?,
        created: Millis(row.signed(10)?),
    })
}
