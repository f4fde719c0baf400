//! Erasure: a message's words go for good, its row stays, so that numbers have no gap and the chain of hashes holds.

use sea_orm::Value;
use uuid::Uuid;
use webim_model::{ConversationId, ConversationKind, Millis, PersonId};

use crate::link::Link;
use crate::sql::{Row, chunks, id, marks, number, text};
use crate::{Store, StoreError};

/// Messages looked at, and at most erased, in one transaction: others write in between.
const AT_ONCE: usize = 256;

/// What is to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erase {
    /// Everything that was said before this time.
    Before(Millis),
    /// Everything that this person said.
    SaidBy(PersonId),
}

/// How far erasing a conversation has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Go on after this number; none at the end.
    pub next: Option<u64>,
    /// Messages whose words were erased, edits of them included; in a dry run, that would be.
    pub messages: u64,
    /// Times that a file was shown by one of them.
    pub files: u64,
}

impl Store {
    /// Erases a part of a conversation: of the next few hundred messages after `after`, those that `what` names, and
    /// what was said instead of them by edits. With `dry` it only counts.
    pub async fn erase(
        &self,
        conversation: ConversationId,
        what: Erase,
        after: u64,
        dry: bool,
    ) -> Result<Step, StoreError> {
        let (named, next) = self.to_erase(conversation, what, after).await?;
        let mut step = Step {
            next,
            ..Step::default()
        };
        if named.is_empty() {
            return Ok(step);
        }
        let mut link = self.write().await?;
        if !dry {
            link.begin().await?;
        }
        let done = erase_all(&mut link, conversation, named, dry).await;
        match done {
            Ok((erased, files)) => {
                (step.messages, step.files) = (erased.len() as u64, files);
                if !dry {
                    link.commit().await?;
                    self.forget_words(conversation, &erased).await?;
                }
                Ok(step)
            }
            Err(error) => {
                if !dry {
                    link.rollback().await;
                }
                Err(error)
            }
        }
    }

    /// Numbers of messages that hold words still, and after which one to go on.
    async fn to_erase(
        &self,
        conversation: ConversationId,
        what: Erase,
        after: u64,
    ) -> Result<(Vec<u64>, Option<u64>), StoreError> {
        let (filter, value) = match what {
            Erase::Before(_) => ("", None),
            Erase::SaidBy(person) => ("AND m.sender_id = ? ", Some(id(person.0))),
        };
        let sql = format!(
            "SELECT m.seq, m.sent_at FROM messages m WHERE m.conversation_id = ? AND m.seq > ? \
             AND m.salt IS NOT NULL {filter}ORDER BY m.seq LIMIT ?"
        );
        let mut values = vec![id(conversation.0), number(after)];
        values.extend(value);
        values.push(number(AT_ONCE as u64));
        let rows = self.read().await?.query(&sql, values).await?;
        let mut named = Vec::with_capacity(rows.len());
        for row in &rows {
            let row = Row(row);
            let old = match what {
                Erase::Before(time) => row.signed(1)? < time.0,
                Erase::SaidBy(_) => true,
            };
            if !old {
                // Those behind it are newer.
                return Ok((named, None));
            }
            named.push(row.number(0)?);
        }
        let next = named.last().copied().filter(|_| named.len() == AT_ONCE);
        Ok((named, next))
    }

    /// Conversations and what they are for, in the order of their ids, after `after`.
    pub async fn conversation_kinds(
        &self,
        after: Option<ConversationId>,
        limit: u64,
    ) -> Result<Vec<(ConversationId, ConversationKind)>, StoreError> {
        let sql = "SELECT id, kind FROM conversations WHERE id > ? ORDER BY id LIMIT ?";
        let after = after.map_or(Uuid::nil(), |after| after.0);
        let values = vec![id(after), number(limit)];
        let rows = self.read().await?.query(sql, values).await?;
        rows.iter()
            .map(|row| Ok((Row(row).id(0)?, Row(row).word(1, ConversationKind::parse)?)))
            .collect()
    }

    /// Forgets what `person` began to write.
    pub async fn erase_drafts(&self, person: PersonId) -> Result<u64, StoreError> {
        let sql = "DELETE FROM drafts WHERE person_id = ?";
        self.write().await?.execute(sql, vec![id(person.0)]).await
    }
}

async fn erase_all(
    link: &mut Link<'_>,
    conversation: ConversationId,
    mut named: Vec<u64>,
    dry: bool,
) -> Result<(Vec<u64>, u64), StoreError> {
    // What was said instead goes with it, however young it is: readers would get it in the place of the old words.
    let mut edits = Vec::new();
    for chunk in chunks(&named) {
        let sql = format!(
            "SELECT a.by_seq FROM amendments a JOIN messages m ON m.conversation_id = a.conversation_id \
             AND m.seq = a.by_seq WHERE a.conversation_id = ? AND a.kind = 'edit' AND m.salt IS NOT NULL \
             AND a.seq IN ({})",
            marks(chunk.len())
        );
        for row in link.query(&sql, at(conversation, chunk)).await? {
            edits.push(Row(&row).number(0)?);
        }
    }
    named.extend(edits);
    named.sort_unstable();
    named.dedup();
    let mut files = 0;
    for chunk in chunks(&named) {
        let list = marks(chunk.len());
        if dry {
            let sql = format!(
                "SELECT u.seq FROM file_uses u WHERE u.conversation_id = ? AND u.seq IN ({list})"
            );
            files += link.query(&sql, at(conversation, chunk)).await?.len() as u64;
            continue;
        }
        let sql = format!("DELETE FROM file_uses WHERE conversation_id = ? AND seq IN ({list})");
        files += link.execute(&sql, at(conversation, chunk)).await?;
        let sql = format!(
            "UPDATE messages SET body = ?, salt = NULL, fingerprint = NULL \
             WHERE conversation_id = ? AND seq IN ({list})"
        );
        let mut values = vec![text("")];
        values.extend(at(conversation, chunk));
        link.execute(&sql, values).await?;
    }
    Ok((named, files))
}

fn at(conversation: ConversationId, seqs: &[u64]) -> Vec<Value> {
    let mut values = vec![id(conversation.0)];
    values.extend(seqs.iter().copied().map(number));
    values
}
