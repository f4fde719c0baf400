//! What was found, read by those who may read it.

use sea_orm::Value;
use webim_model::{ConversationId, FileId, Message, MessageId, Millis, PersonId};
use webim_text::postings::Doc;

use crate::rows::{self, MESSAGE};
use crate::sql::{Row, id, keys, number};
use crate::{Store, StoreError};

/// Messages in one statement; fewer are padded, so that one text stays prepared.
const AT_ONCE: usize = 128;

/// A file that a message shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    /// Where.
    pub conversation: ConversationId,
    /// The message's number there.
    pub seq: u64,
    /// The message.
    pub message: MessageId,
    /// Who said it.
    pub sender: Option<PersonId>,
    /// When.
    pub time: Millis,
    /// The file.
    pub file: FileId,
    /// Its name.
    pub name: String,
}

impl Store {
    /// Those of `docs` that `person` may read, in no order.
    pub async fn found_messages(
        &self,
        person: PersonId,
        docs: &[Doc],
    ) -> Result<Vec<Message>, StoreError> {
        let sql = format!(
            "SELECT m.conversation_id, {MESSAGE} FROM {{keys}} CROSS JOIN members mb {MAY_READ}"
        );
        let mut found = Vec::with_capacity(docs.len());
        self.found(&sql, person, docs, |row| {
            found.push(rows::message(row.id(0)?, row, 1)?);
            Ok(())
        })
        .await?;
        Ok(found)
    }

    /// The files that those of `docs` show which `person` may read, in no order.
    pub async fn found_files(
        &self,
        person: PersonId,
        docs: &[Doc],
    ) -> Result<Vec<FoundFile>, StoreError> {
        let sql = format!(
            "SELECT m.conversation_id, m.seq, m.id, m.sender_id, m.sent_at, f.id, f.name \
             FROM {{keys}} CROSS JOIN members mb {MAY_READ} \
             JOIN file_uses u ON u.conversation_id = m.conversation_id AND u.seq = m.seq \
             AND NOT EXISTS (SELECT 1 FROM amendments a WHERE a.conversation_id = u.conversation_id \
             AND a.seq = u.seq AND a.kind = 'recall') JOIN files f ON f.id = u.file_id"
        );
        let mut found = Vec::with_capacity(docs.len());
        self.found(&sql, person, docs, |row| {
            found.push(FoundFile {
                conversation: row.id(0)?,
                seq: row.number(1)?,
                message: row.id(2)?,
                sender: row.id_or_null(3)?,
                time: Millis(row.signed(4)?),
                file: row.id(5)?,
                name: row.text(6)?,
            });
            Ok(())
        })
        .await?;
        Ok(found)
    }

    async fn found(
        &self,
        sql: &str,
        person: PersonId,
        docs: &[Doc],
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if docs.is_empty() {
            return Ok(());
        }
        let mut link = self.read().await?;
        let keys = keys(link.backend(), &["conversation", "seq", "person"], AT_ONCE);
        let sql = sql.replace("{keys}", &keys);
        for chunk in docs.chunks(AT_ONCE) {
            let mut values: Vec<_> = chunk
                .iter()
                .flat_map(|doc| [id(doc.conversation.0), number(doc.seq), id(person.0)])
                .collect();
            for _ in chunk.len()..AT_ONCE {
                values.extend([Value::Uuid(None), Value::BigInt(None), Value::Uuid(None)]);
            }
            for row in link.query(&sql, values).await? {
                each(&Row(&row))?;
            }
        }
        Ok(())
    }
}

/// Members now, from where they may read: asked by the query that reads.
const MAY_READ: &str = "JOIN messages m ON m.conversation_id = k.conversation AND m.seq = k.seq AND m.seq >= mb.from_seq \
                        AND mb.conversation_id = k.conversation AND mb.person_id = k.person";
