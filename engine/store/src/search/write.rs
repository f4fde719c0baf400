//! Writing segments and heads, and making fewer of many.

use std::collections::BTreeMap;

use tokio::task::JoinError;
use uuid::Uuid;
use webim_model::ConversationId;
use webim_text::postings::{Segment, merge};

use super::Scope;
use super::segments::{self, FAN, Line, MOST};
use crate::link::Link;
use crate::sql::{chunks, id, keys, number};
use crate::{Store, StoreError};

/// A head that moves.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub conversation: ConversationId,
    pub from: u64,
    pub to: u64,
}

/// A thread did not come back: the process is about to end.
pub(super) fn stopped(_: JoinError) -> StoreError {
    StoreError::Unavailable("the indexer was stopped".into())
}

impl Store {
    /// One transaction: new segments instead of others, and how far they go.
    pub(super) async fn write_segments(
        &self,
        new: &[(Scope, Uuid, Segment)],
        old: &[Line],
        moved: &[Step],
    ) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let written = async {
            for lines in old.chunk_by(|one, other| one.scope == other.scope) {
                segments::delete(&mut link, lines).await?;
            }
            segments::insert(&mut link, new).await?;
            move_heads(&mut link, moved).await
        };
        match written.await {
            Ok(()) => link.commit().await,
            Err(error) => {
                link.rollback().await;
                Err(error)
            }
        }
    }

    /// Makes fewer and larger segments where there are many small ones, and says how many it made.
    pub(super) async fn merge_scopes(&self, scopes: &[Scope]) -> Result<u64, StoreError> {
        let lines = segments::lines(&mut self.read().await?, scopes).await?;
        let mut alike: BTreeMap<(Scope, i32), Vec<Line>> = BTreeMap::new();
        for line in lines {
            alike
                .entry((line.scope, line.level))
                .or_default()
                .push(line);
        }
        let (mut new, mut old) = (Vec::new(), Vec::new());
        let (mut texts, mut made) = (0, 0);
        for ((scope, level), mut lines) in alike {
            if lines.len() < FAN || level >= segments::level(usize::MAX) {
                continue;
            }
            lines.sort_unstable_by_key(|line| line.newest);
            let mut docs = 0;
            lines.retain(|line| {
                docs += line.docs;
                docs <= MOST
            });
            let parts = segments::load(&mut self.read().await?, &lines).await?;
            let merged = tokio::task::spawn_blocking(move || merge(&parts, |_| true)).await;
            let merged = merged.map_err(stopped)?.ok_or_else(segments::damaged)?;
            texts += merged.count as u64;
            made += 1;
            new.push((scope, self.sources().uuid(), merged));
            old.append(&mut lines);
            // Many in one transaction, but none that holds up those who write messages.
            if texts >= MOST / 8 {
                self.write_segments(&new, &old, &[]).await?;
                (new, old, texts) = (Vec::new(), Vec::new(), 0);
            }
        }
        if !new.is_empty() {
            self.write_segments(&new, &old, &[]).await?;
        }
        Ok(made)
    }
}

/// Moves heads from where they were read; somebody else must not have moved them meanwhile.
async fn move_heads(link: &mut Link<'_>, moved: &[Step]) -> Result<(), StoreError> {
    let (insert, keep) = link.backend().insert_or_keep();
    for chunk in chunks(moved) {
        let sql = format!(
            "{insert} INTO search_heads (conversation_id, seq) VALUES {}{keep}",
            crate::sql::rows_of(chunk.len(), 2)
        );
        let values = chunk
            .iter()
            .flat_map(|step| [id(step.conversation.0), number(0)])
            .collect();
        link.execute(&sql, values).await?;
        let keys = keys(
            link.backend(),
            &["conversation", "low", "high"],
            chunk.len(),
        );
        let sql = crate::sql::update_from(
            link.backend(),
            "search_heads",
            &keys,
            "seq = k.high",
            "search_heads.conversation_id = k.conversation AND search_heads.seq = k.low",
        );
        let values = chunk
            .iter()
            .flat_map(|step| [id(step.conversation.0), number(step.from), number(step.to)])
            .collect();
        let changed = link.execute(&sql, values).await?;
        if changed != chunk.len() as u64 {
            return Err(StoreError::Locked("another indexer is at work".into()));
        }
    }
    Ok(())
}
