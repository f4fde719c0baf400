//! Candidates: the newest messages that have what a query asks for, of those that the caller may read.

use std::cmp::Reverse;
use std::collections::HashMap;

use uuid::Uuid;
use webim_model::{ConversationId, ConversationKind, Millis, PersonId};
use webim_text::Query;
use webim_text::postings::{self, DOCS, Doc, Field, Wanted};

use super::Scope;
use super::segments::{self, DOCS_AT, Opened, Pages};
use crate::link::Link;
use crate::sql::{Row, id, number};
use crate::{Store, StoreError};

/// Conversations beside the direct ones that are searched, those with the newest messages.
const SCOPES: u64 = 256;

/// Segments whose texts are looked up in one query.
const WAVE: usize = 6;

/// How often a search begins again because segments were merged meanwhile.
const TRIES: u32 = 4;

/// What is looked for, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who asks: only what they may read is found.
    pub person: PersonId,
    /// What they ask for.
    pub query: &'a Query,
    /// Where it is to be found.
    pub field: Field,
    /// Only in this conversation.
    pub conversation: Option<ConversationId>,
    /// Only what was said by then.
    pub until: Millis,
    /// So many, the newest.
    pub limit: usize,
}

/// What the caller may read in one scope.
struct Readable {
    scope: Scope,
    /// Their own scope has conversations that each begin somewhere else; the others have one beginning.
    from_seq: u64,
}

impl Store {
    /// The newest messages that have what is asked for, newest first; none if the caller is not in the conversation
    /// that is named.
    pub async fn search(&self, asked: &Asked<'_>) -> Result<Option<Vec<Doc>>, StoreError> {
        let wanted = Wanted::new(asked.query, asked.field);
        let mut link = self.read().await?;
        let Some(readable) = readable(&mut link, asked).await? else {
            return Ok(None);
        };
        if asked.query.is_empty() {
            return Ok(Some(Vec::new()));
        }
        for _ in 0..TRIES {
            if let Some(found) = find(&mut link, asked, &wanted, &readable).await? {
                return Ok(Some(found));
            }
        }
        Err(segments::damaged())
    }
}

/// The scopes that have what the caller may read; none if they are not in the conversation that is named.
async fn readable(
    link: &mut Link<'_>,
    asked: &Asked<'_>,
) -> Result<Option<Vec<Readable>>, StoreError> {
    let own = Readable {
        scope: asked.person.0,
        from_seq: 0,
    };
    if let Some(conversation) = asked.conversation {
        let sql = "SELECT c.kind, m.from_seq FROM members m JOIN conversations c ON c.id = m.conversation_id \
                   WHERE m.conversation_id = ? AND m.person_id = ?";
        let values = vec![id(conversation.0), id(asked.person.0)];
        let rows = link.query(sql, values).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let row = Row(row);
        let one = if row.word(0, ConversationKind::parse)? == ConversationKind::Direct {
            own
        } else {
            Readable {
                scope: conversation.0,
                from_seq: row.number(1)?,
            }
        };
        return Ok(Some(vec![one]));
    }
    let sql = "SELECT c.id, m.from_seq FROM members m JOIN conversations c ON c.id = m.conversation_id \
               WHERE m.person_id = ? AND c.kind <> 'direct' ORDER BY c.last_time DESC, c.id DESC LIMIT ?";
    let rows = link
        .query(sql, vec![id(asked.person.0), number(SCOPES)])
        .await?;
    let mut all = vec![own];
    for row in &rows {
        let row = Row(row);
        all.push(Readable {
            scope: row.id(0)?,
            from_seq: row.number(1)?,
        });
    }
    Ok(Some(all))
}

/// None where a segment was merged into another between two queries.
async fn find(
    link: &mut Link<'_>,
    asked: &Asked<'_>,
    wanted: &Wanted,
    readable: &[Readable],
) -> Result<Option<Vec<Doc>>, StoreError> {
    let scopes: Vec<Scope> = readable.iter().map(|one| one.scope).collect();
    let begins: HashMap<Scope, u64> = readable
        .iter()
        .map(|one| (one.scope, one.from_seq))
        .collect();
    let segments = segments::opened(link, &scopes).await?;
    let mut hits = matching(link, wanted, segments).await?;
    let Some(hits) = &mut hits else {
        return Ok(None);
    };
    hits.sort_unstable_by_key(|(opened, _)| (Reverse(opened.line.newest), opened.line.id));
    let mut found: Vec<Doc> = Vec::new();
    for wave in hits.chunks_mut(WAVE) {
        let newest = wave.first().map_or(0, |(opened, _)| opened.line.newest);
        let enough = found.len() >= asked.limit;
        if enough && found.last().is_some_and(|last| last.time.0 > newest) {
            break;
        }
        for (opened, places) in wave.iter_mut() {
            // Twice as many: some may be newer than what is asked for. All of them where conversations lie mixed.
            if asked.conversation.is_none()
                || asked.conversation.map(|c| c.0) == Some(opened.line.scope)
            {
                places.drain(..places.len().saturating_sub(asked.limit.saturating_mul(2)));
            }
        }
        let Some(docs) = texts(link, wave).await? else {
            return Ok(None);
        };
        for (scope, doc) in docs {
            let begin = begins.get(&scope).copied().unwrap_or(u64::MAX);
            let asked_for = asked
                .conversation
                .is_none_or(|only| only == doc.conversation);
            if asked_for && doc.seq >= begin && doc.time <= asked.until {
                found.push(doc);
            }
        }
        found.sort_unstable_by_key(|doc| Reverse(*doc));
        found.dedup();
        found.truncate(asked.limit);
    }
    Ok(Some(found))
}

/// A segment, and where in its list of texts those are that have what is wanted.
type Hit = (Opened, Vec<u32>);

async fn matching(
    link: &mut Link<'_>,
    wanted: &Wanted,
    segments: Vec<Opened>,
) -> Result<Option<Vec<Hit>>, StoreError> {
    let mut needed: Vec<(Uuid, u64)> = Vec::new();
    for opened in segments.iter().filter(|opened| opened.whole.is_none()) {
        let directory = postings::Opened::new(&opened.directory).ok_or_else(segments::damaged)?;
        let pages = directory.needed(wanted);
        needed.extend(pages.into_iter().map(|at| (opened.line.id, at as u64)));
    }
    let pages = segments::pages(link, &needed).await?;
    if pages.len() < needed.len() {
        return Ok(None);
    }
    let mut hits = Vec::new();
    for opened in segments {
        let places = places(&opened, wanted, &pages).ok_or_else(segments::damaged)?;
        if !places.is_empty() {
            hits.push((opened, places));
        }
    }
    Ok(Some(hits))
}

fn places(opened: &Opened, wanted: &Wanted, pages: &Pages) -> Option<Vec<u32>> {
    let directory = postings::Opened::new(&opened.directory)?;
    match &opened.whole {
        Some((page, _)) => directory.find(wanted, |at| (at == 0).then_some(page.as_slice())),
        None => directory.find(wanted, |at| {
            pages.get(&(opened.line.id, at as u64)).map(Vec::as_slice)
        }),
    }
}

/// The texts at the places of some segments, with their scopes; none where one is gone.
async fn texts(link: &mut Link<'_>, hits: &[Hit]) -> Result<Option<Vec<(Scope, Doc)>>, StoreError> {
    let piece_of = |place: u32| u64::from(place) / DOCS as u64;
    let mut needed: Vec<(Uuid, u64)> = Vec::new();
    for (opened, places) in hits.iter().filter(|(opened, _)| opened.whole.is_none()) {
        let pieces = places
            .iter()
            .map(|place| (opened.line.id, DOCS_AT + piece_of(*place)));
        needed.extend(pieces);
    }
    // Ascending in each segment, so that those of one piece stand together.
    needed.dedup();
    let pieces = segments::pages(link, &needed).await?;
    if pages_missing(&pieces, &needed) {
        return Ok(None);
    }
    let mut found = Vec::new();
    for (opened, places) in hits {
        for same in places.chunk_by(|one, other| piece_of(*one) == piece_of(*other)) {
            let piece = piece_of(same[0]);
            let bytes = match &opened.whole {
                Some((_, texts)) => Some(texts),
                None => pieces.get(&(opened.line.id, DOCS_AT + piece)),
            };
            let docs = bytes.and_then(|bytes| postings::docs(bytes));
            let docs = docs.ok_or_else(segments::damaged)?;
            for place in same {
                let at = usize::try_from(u64::from(*place) % DOCS as u64).unwrap_or(usize::MAX);
                let doc = docs.get(at).ok_or_else(segments::damaged)?;
                found.push((opened.line.scope, *doc));
            }
        }
    }
    Ok(Some(found))
}

fn pages_missing(pages: &Pages, needed: &[(Uuid, u64)]) -> bool {
    needed.iter().any(|key| !pages.contains_key(key))
}
