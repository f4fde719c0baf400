//! Taking in what was stored since the last time.

use std::collections::HashMap;

use sea_orm::Value;
use uuid::Uuid;
use webim_model::{Body, ConversationId, ConversationKind, Millis};
use webim_text::postings::{Builder, Doc, Field};
use webim_wire::payload;

use super::change::Change;
use super::write::{Step, stopped};
use super::{Effect, Scope, effect, scopes};
use crate::link::Link;
use crate::sql::{Row, chunks, id, keys, marks, number};
use crate::{Store, StoreError};

/// Messages that one call takes in. The larger, the fewer segments are written and merged again: with 50 pairs who talk
/// as fast as they can, 512 are ten of each conversation. Beyond, the texts and their words would take much memory.
const AT_ONCE: u64 = 2_048;

/// Conversations in one query for messages.
const RANGES: usize = 32;

/// What the index in the database was written with.
const VERSION: &str = "search_version";

/// What one call has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Entries of conversations that were taken in.
    pub messages: u64,
    /// Segments that were written for it, those included into which others were merged.
    pub segments: u64,
    /// Conversations of which there is more.
    pub left: Vec<ConversationId>,
}

/// How far a conversation was taken in.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub conversation: ConversationId,
    pub scopes: Vec<Scope>,
    pub last: u64,
    pub done: u64,
}

/// One entry of a conversation as the index reads it.
struct Entry {
    conversation: ConversationId,
    seq: u64,
    /// None where this version does not know it.
    body: Option<Body>,
    time: Millis,
    refers: Option<u64>,
    names: String,
}

/// What is to be written: entries of one batch and how far they go.
#[derive(Default)]
struct Batch {
    builders: HashMap<Scope, Builder>,
    moved: Vec<Step>,
    /// Entries that change earlier ones.
    changes: Vec<(Change, Step)>,
}

impl Batch {
    fn messages(&self) -> u64 {
        let steps = self.changes.iter().map(|(_, step)| step);
        let steps = steps.chain(&self.moved);
        steps.map(|step| step.to - step.from).sum()
    }
}

impl Store {
    /// Makes the index ready for this version of the program: one that was written by other rules is emptied, and
    /// filled again by [`Store::index`].
    pub async fn prepare_index(&self) -> Result<(), StoreError> {
        let version = webim_text::VERSION.to_string();
        match self.setting(VERSION).await? {
            Some(known) if known == version => return Ok(()),
            Some(_) => self.empty_index().await?,
            None => {}
        }
        self.set_setting(VERSION, &version).await
    }

    async fn empty_index(&self) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        for table in ["search_heads", "search_segments", "search_pages"] {
            let sql = format!("DELETE FROM {table}");
            if let Err(error) = link.execute(&sql, Vec::new()).await {
                link.rollback().await;
                return Err(error);
            }
        }
        link.commit().await
    }

    /// Conversations with entries that were not taken in yet, by id from after `after`.
    pub async fn behind(
        &self,
        after: Option<ConversationId>,
        limit: u64,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let sql = "SELECT c.id FROM conversations c LEFT JOIN search_heads h ON h.conversation_id = c.id \
                   WHERE c.id > ? AND c.last_seq > 0 AND (h.seq IS NULL OR h.seq < c.last_seq) \
                   ORDER BY c.id LIMIT ?";
        let values = vec![
            id(after.map_or(Uuid::nil(), |after| after.0)),
            number(limit),
        ];
        let rows = self.read().await?.query(sql, values).await?;
        rows.iter().map(|row| Row(row).id(0)).collect()
    }

    /// Takes in what `conversations` have that is new, up to a bound; one caller at a time.
    pub async fn index(&self, conversations: &[ConversationId]) -> Result<Progress, StoreError> {
        let mut wanted = conversations.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let mut room = AT_ONCE;
        // One that was silent for a year must not wait for one that never is.
        let share = (AT_ONCE / (wanted.len() as u64).max(1)).max(1);
        let mut part: Vec<(Head, u64)> = Vec::new();
        let mut left = Vec::new();
        for head in self.search_heads(&wanted).await? {
            let take = head.last.saturating_sub(head.done).min(room).min(share);
            room -= take;
            let to = head.done + take;
            if take > 0 {
                part.push((head, to));
            } else if head.done < head.last {
                left.push(head.conversation);
            }
        }
        let entries = self.entries(&part).await?;
        // Cutting texts into words is work that must not hold up who serves.
        let cut = tokio::task::spawn_blocking(move || batch(part, entries)).await;
        let (batch, more) = cut.map_err(stopped)?;
        left.extend(more);
        let messages = batch.messages();
        let segments = self.write_batch(batch).await?;
        Ok(Progress {
            messages,
            segments,
            left,
        })
    }

    pub(super) async fn search_heads(
        &self,
        conversations: &[ConversationId],
    ) -> Result<Vec<Head>, StoreError> {
        let mut heads = Vec::with_capacity(conversations.len());
        let mut link = self.read().await?;
        for chunk in chunks(conversations) {
            let sql = format!(
                "SELECT c.id, c.kind, c.direct_key, c.last_seq, h.seq FROM conversations c \
                 LEFT JOIN search_heads h ON h.conversation_id = c.id WHERE c.id IN ({})",
                marks(chunk.len())
            );
            let values = chunk.iter().map(|one| id(one.0)).collect();
            for row in link.query(&sql, values).await? {
                let row = Row(&row);
                let conversation = row.id(0)?;
                let kind = row.word(1, ConversationKind::parse)?;
                heads.push(Head {
                    conversation,
                    scopes: scopes(conversation, kind, row.bytes_or_null(2)?),
                    last: row.number(3)?,
                    done: row.number_or_null(4)?.unwrap_or(0),
                });
            }
        }
        Ok(heads)
    }

    /// The entries of these parts of conversations, by conversation and number.
    async fn entries(&self, part: &[(Head, u64)]) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        let mut link = self.read().await?;
        let keys = keys(link.backend(), &["conversation", "low", "high"], RANGES);
        // CROSS tells SQLite to begin with the ranges.
        let sql = format!(
            "SELECT m.conversation_id, m.seq, m.kind, m.body, m.sent_at FROM {keys} \
             CROSS JOIN messages m WHERE m.conversation_id = k.conversation AND m.seq > k.low AND m.seq <= k.high"
        );
        for chunk in part.chunks(RANGES) {
            let mut values: Vec<_> = chunk
                .iter()
                .flat_map(|(head, to)| [id(head.conversation.0), number(head.done), number(*to)])
                .collect();
            for _ in chunk.len()..RANGES {
                values.extend([Value::Uuid(None), Value::BigInt(None), Value::BigInt(None)]);
            }
            for row in link.query(&sql, values).await? {
                let row = Row(&row);
                let (body, about) = payload::load(&row.text(2)?, &row.text(3)?).unzip();
                entries.push(Entry {
                    conversation: row.id(0)?,
                    seq: row.number(1)?,
                    body,
                    time: Millis(row.signed(4)?),
                    refers: about.and_then(|about| about.refers),
                    names: String::new(),
                });
            }
        }
        entries.sort_unstable_by_key(|entry| (entry.conversation, entry.seq));
        let at: Vec<_> = entries
            .iter()
            .map(|entry| (entry.conversation, entry.seq))
            .collect();
        let mut names = names_at(&mut link, &at).await?;
        for entry in &mut entries {
            entry.names = names
                .remove(&(entry.conversation, entry.seq))
                .unwrap_or_default();
        }
        Ok(entries)
    }

    async fn write_batch(&self, batch: Batch) -> Result<u64, StoreError> {
        let mut new = Vec::with_capacity(batch.builders.len());
        for (scope, builder) in batch.builders {
            new.push((scope, self.sources().uuid(), builder.build()));
        }
        let touched: Vec<Scope> = new.iter().map(|(scope, ..)| *scope).collect();
        let mut written = new.len() as u64;
        if !batch.moved.is_empty() {
            self.write_segments(&new, &[], &batch.moved).await?;
            written += self.merge_scopes(&touched).await?;
        }
        for (change, step) in batch.changes {
            self.apply_change(&change, Some(step)).await?;
        }
        Ok(written)
    }
}

/// Cuts entries into words, for each scope. An entry that changes an earlier one is taken alone: what comes before it is
/// written first, and what comes after it is left for the next time.
fn batch(part: Vec<(Head, u64)>, entries: Vec<Entry>) -> (Batch, Vec<ConversationId>) {
    let mut batch = Batch::default();
    let mut left = Vec::new();
    let mut of: HashMap<ConversationId, Vec<Entry>> = HashMap::with_capacity(part.len());
    for entry in entries {
        of.entry(entry.conversation).or_default().push(entry);
    }
    for (head, to) in part {
        let mut step = Step {
            conversation: head.conversation,
            from: head.done,
            to,
        };
        let mut alone = false;
        for entry in of.remove(&head.conversation).unwrap_or_default() {
            match entry.body.as_ref().map_or(Effect::Nothing, effect) {
                Effect::Words(words) => add(&mut batch.builders, &head.scopes, &entry, &words),
                Effect::Nothing => {}
                changes => {
                    alone = entry.seq == head.done + 1;
                    step.to = if alone { entry.seq } else { entry.seq - 1 };
                    if alone {
                        let change = Change::new(&head, entry.refers, &changes);
                        batch.changes.push((change, step));
                    }
                    break;
                }
            }
        }
        if !alone && step.to > step.from {
            batch.moved.push(step);
        }
        if step.to < head.last {
            left.push(head.conversation);
        }
    }
    (batch, left)
}

fn add(builders: &mut HashMap<Scope, Builder>, scopes: &[Scope], entry: &Entry, words: &str) {
    let doc = Doc {
        time: entry.time,
        conversation: entry.conversation,
        seq: entry.seq,
    };
    for scope in scopes {
        let builder = builders.entry(*scope).or_default();
        builder.add(doc, &[(Field::Text, words), (Field::Names, &entry.names)]);
    }
}

/// Names of the files that messages show, of each message in one text.
pub(super) async fn names_at(
    link: &mut Link<'_>,
    at: &[(ConversationId, u64)],
) -> Result<HashMap<(ConversationId, u64), String>, StoreError> {
    let mut names: HashMap<(ConversationId, u64), String> = HashMap::new();
    for chunk in chunks(at) {
        let keys = keys(link.backend(), &["conversation", "seq"], chunk.len());
        let sql = format!(
            "SELECT u.conversation_id, u.seq, f.name FROM {keys} CROSS JOIN file_uses u \
             JOIN files f ON f.id = u.file_id WHERE u.conversation_id = k.conversation AND u.seq = k.seq \
             ORDER BY f.id"
        );
        let values = chunk
            .iter()
            .flat_map(|(conversation, seq)| [id(conversation.0), number(*seq)])
            .collect();
        for row in link.query(&sql, values).await? {
            let row = Row(&row);
            let all = names.entry((row.id(0)?, row.number(1)?)).or_default();
            all.push('\n');
            all.push_str(&row.text(2)?);
        }
    }
    Ok(names)
}
