//! Notice conversations: what the system tells one person, and what it tells everyone.
//!
//! They are conversations with a key, as direct ones are: a person twice, or nobody twice, which no direct conversation
//! can have. So however many ask at once, one is made.

use std::collections::HashMap;

use sea_orm::Value;
use uuid::Uuid;
use webim_model::{ConversationId, ConversationKind, Message, PersonId};

use crate::conversations::{NewConversation, direct_key, insert_conversations};
use crate::link::Link;
use crate::rows::{self, MESSAGE};
use crate::sql::{Row, bytes, chunks, flag, id, marks, number, rows_of, signed, small, text};
use crate::{Store, StoreError};

/// A message of one's notices, and whether one has read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// What was told.
    pub message: Message,
    /// Whether the person has read it.
    pub read: bool,
}

/// Whose key it is.
fn key(of: Uuid) -> [u8; 32] {
    direct_key(PersonId(of), PersonId(of))
}

impl Store {
    /// The notice conversations of `people`, each once; those that were missing are made, called `title`.
    pub async fn notices(
        &self,
        people: &[PersonId],
        title: &str,
    ) -> Result<Vec<(PersonId, ConversationId)>, StoreError> {
        let mut people = people.to_vec();
        people.sort_unstable();
        people.dedup();
        let mut found = self.find_notices(&people).await?;
        let missing: Vec<_> = people
            .iter()
            .copied()
            .filter(|person| !found.contains_key(&key(person.0)))
            .collect();
        if !missing.is_empty() {
            self.make_notices(&missing, title).await?;
            found.extend(self.find_notices(&missing).await?);
        }
        people
            .into_iter()
            .map(|person| {
                let conversation = found.get(&key(person.0)).copied();
                let being_made =
                    || StoreError::Locked("a notice conversation is being made".into());
                Ok((person, conversation.ok_or_else(being_made)?))
            })
            .collect()
    }

    async fn find_notices(
        &self,
        people: &[PersonId],
    ) -> Result<HashMap<[u8; 32], ConversationId>, StoreError> {
        let mut found = HashMap::with_capacity(people.len());
        let mut link = self.read().await?;
        for chunk in chunks(people) {
            let sql = format!(
                "SELECT direct_key, id FROM conversations WHERE direct_key IN ({})",
                marks(chunk.len())
            );
            let values = chunk.iter().map(|person| bytes(&key(person.0))).collect();
            for row in link.query(&sql, values).await? {
                let row = Row(&row);
                found.insert(row.bytes(0)?, row.id(1)?);
            }
        }
        Ok(found)
    }

    async fn make_notices(&self, people: &[PersonId], title: &str) -> Result<(), StoreError> {
        for chunk in chunks(people) {
            let mut link = self.write().await?;
            let new: Vec<_> = chunk
                .iter()
                .map(|person| self.new_notice(person.0, title))
                .collect();
            link.begin().await?;
            insert_conversations(&mut link, &new).await?;
            // Those that somebody else has made meanwhile have their member already.
            let made = made(&mut link, &new).await?;
            let ours: Vec<_> = new
                .iter()
                .zip(chunk)
                .filter(|(new, _)| made.contains(&new.id))
                .collect();
            if !ours.is_empty() {
                let sql = format!(
                    "INSERT INTO members (conversation_id, person_id, from_seq, read_seq, read_counted) VALUES {}",
                    rows_of(ours.len(), 5)
                );
                let values = ours
                    .iter()
                    .flat_map(|(new, person)| {
                        [id(new.id.0), id(person.0), number(1), number(0), number(0)]
                    })
                    .collect();
                link.execute(&sql, values).await?;
            }
            link.commit().await?;
        }
        Ok(())
    }

    fn new_notice(&self, of: Uuid, title: &str) -> NewConversation {
        NewConversation {
            id: ConversationId(self.sources().uuid()),
            kind: ConversationKind::Notice,
            direct_key: Some(key(of)),
            unit: None,
            // As much as the column takes.
            title: title.chars().take(190).collect(),
            now: self.sources().now(),
        }
    }

    /// The one notice conversation for everyone, made at first use and called `title`: all active members are in it from
    /// now on. Who came since it was asked for last reads on from what is said next, and who was deactivated is out.
    pub async fn notice_for_everyone(&self, title: &str) -> Result<ConversationId, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let everyone = key(Uuid::nil());
        let find = format!(
            "SELECT id FROM conversations WHERE direct_key = ?{}",
            link.backend().for_update()
        );
        let mut rows = link.query(&find, vec![bytes(&everyone)]).await?;
        if rows.is_empty() {
            insert_conversations(&mut link, &[self.new_notice(Uuid::nil(), title)]).await?;
            rows = link.query(&find, vec![bytes(&everyone)]).await?;
        }
        let Some(row) = rows.first().map(Row) else {
            link.rollback().await;
            return Err(StoreError::Locked(
                "the notice conversation is being made".into(),
            ));
        };
        let conversation: ConversationId = row.id(0)?;
        let come = "INSERT INTO members (conversation_id, person_id, from_seq, read_seq, read_counted) \
                    SELECT c.id, p.id, c.last_seq + 1, c.last_seq, c.last_counted FROM people p \
                    JOIN conversations c ON c.id = ? WHERE p.kind = 'member' AND p.active = TRUE \
                    AND NOT EXISTS (SELECT 1 FROM members m WHERE m.conversation_id = c.id AND m.person_id = p.id)";
        let mut moved = link.execute(come, vec![id(conversation.0)]).await?;
        let gone = "DELETE FROM members WHERE conversation_id = ? AND person_id IN \
                    (SELECT p.id FROM people p WHERE p.active = FALSE)";
        moved += link.execute(gone, vec![id(conversation.0)]).await?;
        if moved > 0 {
            let sql = "UPDATE conversations SET member_version = member_version + 1 WHERE id = ?";
            link.execute(sql, vec![id(conversation.0)]).await?;
        }
        link.commit().await?;
        Ok(conversation)
    }

    /// What the notice conversations of `person` say, newest first, of their own and of everyone's; and how much there is
    /// in all.
    pub async fn notices_page(
        &self,
        person: PersonId,
        skip: u64,
        limit: u64,
    ) -> Result<(Vec<NoticeRow>, u64), StoreError> {
        const FROM: &str = "FROM members me JOIN conversations c ON c.id = me.conversation_id AND c.kind = 'notice' \
                            JOIN messages m ON m.conversation_id = c.id AND m.seq >= me.from_seq WHERE me.person_id = ?";
        let mut link = self.read().await?;
        let rows = link
            .query(&format!("SELECT COUNT(*) {FROM}"), vec![id(person.0)])
            .await?;
        let all = rows.first().map_or(Ok(0), |row| Row(row).number(0))?;
        let sql = format!(
            "SELECT {MESSAGE}, c.id, me.read_seq {FROM} ORDER BY m.sent_at DESC, m.id DESC LIMIT ? OFFSET ?"
        );
        let skip = skip.min(i64::MAX.unsigned_abs());
        let values = vec![id(person.0), number(limit), number(skip)];
        let rows = link.query(&sql, values).await?;
        let notices = rows.iter().map(|row| {
            let row = Row(row);
            let message = rows::message(row.id(8)?, &row, 0)?;
            let read = message.seq <= row.number(9)?;
            Ok(NoticeRow { message, read })
        });
        Ok((notices.collect::<Result<_, StoreError>>()?, all))
    }

    /// Makes a program somebody who can say things: a robot called `name`, unless it is there already.
    pub async fn keep_program(&self, program: PersonId, name: &str) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        let (insert, keep) = link.backend().insert_or_keep();
        let sql = format!(
            "{insert} INTO people (id, kind, name, avatar, sign, roles, active, status, version, created_at) \
             VALUES {}{keep}",
            rows_of(1, 10)
        );
        let values = vec![
            id(program.0),
            text("robot"),
            text(name),
            text(""),
            text(""),
            small(0),
            flag(true),
            text("online"),
            number(1),
            signed(self.sources().now().0),
        ];
        link.execute(&sql, values).await.map(drop)
    }

    /// The active unit that the organisation's own systems call `code`.
    pub async fn unit_by_code(
        &self,
        code: &str,
    ) -> Result<Option<webim_model::UnitId>, StoreError> {
        let sql = "SELECT id FROM units WHERE code = ? AND active = TRUE";
        let rows = self.read().await?.query(sql, vec![text(code)]).await?;
        rows.first().map(|row| Row(row).id(0)).transpose()
    }
}

/// Which of these are there.
async fn made(
    link: &mut Link<'_>,
    new: &[NewConversation],
) -> Result<Vec<ConversationId>, StoreError> {
    let sql = format!(
        "SELECT id FROM conversations WHERE id IN ({})",
        marks(new.len())
    );
    let values: Vec<Value> = new.iter().map(|new| id(new.id.0)).collect();
    let rows = link.query(&sql, values).await?;
    rows.iter().map(|row| Row(row).id(0)).collect()
}
