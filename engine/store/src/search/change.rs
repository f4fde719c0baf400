//! Words that change after they were taken in: a message was edited, recalled or erased.

use uuid::Uuid;
use webim_model::{ConversationId, Millis};
use webim_text::postings::{Builder, Doc, Field, Segment, docs, merge};

use super::index::{Head, names_at};
use super::segments::{self, DOCS_AT, Line};
use super::write::Step;
use super::{Effect, Scope};
use crate::link::Link;
use crate::sql::{Row, id, number};
use crate::{Store, StoreError};

/// How often a change is tried again where somebody else has written the same segment meanwhile.
const TRIES: u32 = 5;

/// Messages of one conversation whose words change.
#[derive(Debug)]
pub(super) struct Change {
    conversation: ConversationId,
    scopes: Vec<Scope>,
    seqs: Vec<u64>,
    /// What they are found by instead; nothing where they are not to be found.
    words: Option<String>,
}

impl Change {
    /// What an entry that refers to another does to that one.
    pub fn new(head: &Head, refers: Option<u64>, effect: &Effect<'_>) -> Self {
        Self {
            conversation: head.conversation,
            scopes: head.scopes.clone(),
            seqs: refers.into_iter().collect(),
            words: match effect {
                Effect::Replace(words) | Effect::Words(words) => Some(words.to_string()),
                Effect::Forget | Effect::Nothing => None,
            },
        }
    }

    fn holds(&self, doc: &Doc) -> bool {
        doc.conversation == self.conversation && self.seqs.contains(&doc.seq)
    }
}

impl Store {
    /// A message is found by `words` (as [`super::searchable()`] gives them) from now on. One that was not taken in yet
    /// is left to the indexer.
    pub async fn reindex(
        &self,
        conversation: ConversationId,
        seq: u64,
        words: &str,
    ) -> Result<(), StoreError> {
        self.change(conversation, vec![seq], Some(words.to_owned()))
            .await
    }

    /// These messages are not found any more, and none of their words is left in the index. Blank their bodies first:
    /// those that were not taken in yet are left to the indexer.
    pub async fn forget_words(
        &self,
        conversation: ConversationId,
        seqs: &[u64],
    ) -> Result<(), StoreError> {
        self.change(conversation, seqs.to_vec(), None).await
    }

    async fn change(
        &self,
        conversation: ConversationId,
        mut seqs: Vec<u64>,
        words: Option<String>,
    ) -> Result<(), StoreError> {
        let heads = self.search_heads(&[conversation]).await?;
        let Some(head) = heads.into_iter().next() else {
            return Ok(());
        };
        seqs.retain(|seq| *seq <= head.done);
        let change = Change {
            conversation,
            scopes: head.scopes,
            seqs,
            words,
        };
        self.apply_change(&change, None).await
    }

    /// Writes the change, and how far the index goes with it.
    pub(super) async fn apply_change(
        &self,
        change: &Change,
        step: Option<Step>,
    ) -> Result<(), StoreError> {
        let mut tries = TRIES;
        loop {
            match self.try_change(change, step).await {
                Err(StoreError::Locked(_)) if tries > 1 => tries -= 1,
                done => return done,
            }
        }
    }

    async fn try_change(&self, change: &Change, step: Option<Step>) -> Result<(), StoreError> {
        let mut old: Vec<Line> = Vec::new();
        let mut new: Vec<(Scope, Uuid, Segment)> = Vec::new();
        let mut link = self.read().await?;
        let fresh = self.fresh(&mut link, change).await?;
        for scope in &change.scopes {
            for line in touched(&mut link, *scope, change).await? {
                let whole = segments::load(&mut link, std::slice::from_ref(&line)).await?;
                let rest = merge(&whole, |doc| !change.holds(doc)).ok_or_else(segments::damaged)?;
                new.push((*scope, self.sources().uuid(), rest));
                old.push(line);
            }
            if let Some(fresh) = &fresh {
                new.push((*scope, self.sources().uuid(), fresh.clone()));
            }
        }
        drop(link);
        let moved: Vec<Step> = step.into_iter().collect();
        if new.is_empty() && moved.is_empty() {
            return Ok(());
        }
        self.write_segments(&new, &old, &moved).await
    }

    /// A segment of the new words.
    async fn fresh(
        &self,
        link: &mut Link<'_>,
        change: &Change,
    ) -> Result<Option<Segment>, StoreError> {
        let (Some(words), [seq]) = (&change.words, change.seqs.as_slice()) else {
            return Ok(None);
        };
        let at = (change.conversation, *seq);
        let sql = "SELECT m.sent_at FROM messages m WHERE m.conversation_id = ? AND m.seq = ?";
        let rows = link.query(sql, vec![id(at.0.0), number(at.1)]).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let doc = Doc {
            time: Millis(Row(row).signed(0)?),
            conversation: at.0,
            seq: at.1,
        };
        let names = names_at(link, &[at]).await?.remove(&at).unwrap_or_default();
        let mut builder = Builder::default();
        builder.add(doc, &[(Field::Text, words), (Field::Names, &names)]);
        Ok(Some(builder.build()))
    }
}

/// The segments of a scope that hold a message which changes, the newest first: most changes come soon.
async fn touched(
    link: &mut Link<'_>,
    scope: Scope,
    change: &Change,
) -> Result<Vec<Line>, StoreError> {
    let mut all = segments::opened(link, &[scope]).await?;
    all.sort_unstable_by_key(|opened| std::cmp::Reverse(opened.line.newest));
    let mut missing = change.seqs.len();
    let mut found = Vec::new();
    for opened in all {
        if missing == 0 {
            break;
        }
        let pieces = match opened.whole {
            Some((_, texts)) => vec![texts],
            None => pieces(link, opened.line.id).await?,
        };
        let mut held = 0;
        for piece in pieces {
            let texts = docs(&piece).ok_or_else(segments::damaged)?;
            held += texts.iter().filter(|doc| change.holds(doc)).count();
        }
        missing = missing.saturating_sub(held);
        if held > 0 {
            found.push(opened.line);
        }
    }
    Ok(found)
}

/// The list of texts of a segment that has pages.
async fn pieces(link: &mut Link<'_>, segment: Uuid) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "SELECT p.data FROM search_pages p WHERE p.segment_id = ? AND p.page >= ?";
    let rows = link.query(sql, vec![id(segment), number(DOCS_AT)]).await?;
    rows.iter().map(|row| Row(row).blob(0)).collect()
}
