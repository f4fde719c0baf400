//! Segments as rows.

use std::collections::HashMap;

use uuid::Uuid;
use webim_text::postings::Segment;

use super::Scope;
use crate::StoreError;
use crate::link::Link;
use crate::sql::{Row, bytes, chunks, id, marks, number, rows_of, signed, small};

/// Texts of a segment that is one row, if one page holds their postings.
const SMALL: usize = 64;

/// The number of the first piece of the list of texts.
pub(super) const DOCS_AT: u64 = 1_000_000;

/// So many segments of one level become one of a higher one.
pub(super) const FAN: usize = 8;

/// Segments of this level stay as they are.
const TOP: i32 = 5;

/// Most texts of a merged segment: what one transaction writes.
pub(super) const MOST: u64 = 65_536;

/// How large a segment of `count` texts is, in powers of [`FAN`].
pub(super) fn level(count: usize) -> i32 {
    let level = count.max(1).ilog(FAN);
    i32::try_from(level).unwrap_or(TOP).min(TOP)
}

/// A segment's row without its contents.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub scope: Scope,
    pub id: Uuid,
    pub level: i32,
    pub docs: u64,
    pub newest: i64,
}

const LINE: &str = "s.scope_id, s.id, s.level, s.docs, s.newest";

fn line(row: &Row<'_>) -> Result<Line, StoreError> {
    Ok(Line {
        scope: row.id(0)?,
        id: row.id(1)?,
        level: row.small(2)?,
        docs: row.number(3)?,
        newest: row.signed(4)?,
    })
}

/// A segment's row with what it holds itself.
pub(super) struct Opened {
    pub line: Line,
    pub directory: Vec<u8>,
    /// Its only page and its only list of texts, if it is small.
    pub whole: Option<(Vec<u8>, Vec<u8>)>,
}

pub(super) fn damaged() -> StoreError {
    StoreError::Corrupt("a segment of the search".into())
}

/// The segments of these scopes, in no order.
pub(super) async fn lines(link: &mut Link<'_>, scopes: &[Scope]) -> Result<Vec<Line>, StoreError> {
    let mut found = Vec::new();
    for chunk in chunks(scopes) {
        let sql = format!(
            "SELECT {LINE} FROM search_segments s WHERE s.scope_id IN ({})",
            marks(chunk.len())
        );
        let values = chunk.iter().map(|scope| id(*scope)).collect();
        for row in link.query(&sql, values).await? {
            found.push(line(&Row(&row))?);
        }
    }
    Ok(found)
}

/// The segments of these scopes with their directories, in no order.
pub(super) async fn opened(
    link: &mut Link<'_>,
    scopes: &[Scope],
) -> Result<Vec<Opened>, StoreError> {
    let mut found = Vec::new();
    for chunk in chunks(scopes) {
        let sql = format!(
            "SELECT {LINE}, s.directory, s.whole FROM search_segments s WHERE s.scope_id IN ({})",
            marks(chunk.len())
        );
        let values = chunk.iter().map(|scope| id(*scope)).collect();
        for row in link.query(&sql, values).await? {
            let row = Row(&row);
            let whole = row.blob(6)?;
            found.push(Opened {
                line: line(&row)?,
                directory: row.blob(5)?,
                whole: if whole.is_empty() {
                    None
                } else {
                    Some(unpack(&whole).ok_or_else(damaged)?)
                },
            });
        }
    }
    Ok(found)
}

/// Pages of segments, by segment and number.
pub(super) type Pages = HashMap<(Uuid, u64), Vec<u8>>;

/// These pages; those that are not there are left out.
pub(super) async fn pages(
    link: &mut Link<'_>,
    wanted: &[(Uuid, u64)],
) -> Result<Pages, StoreError> {
    let mut found = HashMap::with_capacity(wanted.len());
    for chunk in chunks(wanted) {
        let keys = crate::sql::keys(link.backend(), &["segment", "page"], chunk.len());
        // CROSS tells SQLite to begin with the keys.
        let sql = format!(
            "SELECT p.segment_id, p.page, p.data FROM {keys} CROSS JOIN search_pages p \
             WHERE p.segment_id = k.segment AND p.page = k.page"
        );
        let values = chunk
            .iter()
            .flat_map(|(segment, page)| [id(*segment), number(*page)])
            .collect();
        for row in link.query(&sql, values).await? {
            let row = Row(&row);
            found.insert((row.id(0)?, row.number(1)?), row.blob(2)?);
        }
    }
    Ok(found)
}

/// Whole segments, in the order of `lines`.
pub(super) async fn load(link: &mut Link<'_>, lines: &[Line]) -> Result<Vec<Segment>, StoreError> {
    let mut found = Vec::with_capacity(lines.len());
    for line in lines {
        let sql =
            "SELECT s.directory, s.whole FROM search_segments s WHERE s.scope_id = ? AND s.id = ?";
        let rows = link.query(sql, vec![id(line.scope), id(line.id)]).await?;
        let row = Row(rows.first().ok_or_else(damaged)?);
        let mut segment = Segment {
            count: usize::try_from(line.docs).map_err(|_| damaged())?,
            newest: line.newest,
            directory: row.blob(0)?,
            ..Segment::default()
        };
        let whole = row.blob(1)?;
        if whole.is_empty() {
            let sql =
                "SELECT p.page, p.data FROM search_pages p WHERE p.segment_id = ? ORDER BY p.page";
            for row in link.query(sql, vec![id(line.id)]).await? {
                let row = Row(&row);
                if row.number(0)? < DOCS_AT {
                    segment.pages.push(row.blob(1)?);
                } else {
                    segment.docs.push(row.blob(1)?);
                }
            }
        } else {
            let (page, texts) = unpack(&whole).ok_or_else(damaged)?;
            segment.pages.push(page);
            segment.docs.push(texts);
        }
        found.push(segment);
    }
    Ok(found)
}

/// Writes new segments; those without texts are left out.
pub(super) async fn insert(
    link: &mut Link<'_>,
    segments: &[(Scope, Uuid, Segment)],
) -> Result<(), StoreError> {
    let some: Vec<_> = segments
        .iter()
        .filter(|(_, _, segment)| segment.count > 0)
        .collect();
    let mut spread: Vec<(Uuid, u64, &[u8])> = Vec::new();
    for chunk in chunks(&some) {
        let sql = format!(
            "INSERT INTO search_segments (scope_id, id, level, docs, newest, directory, whole) VALUES {}",
            rows_of(chunk.len(), 7)
        );
        let mut values = Vec::with_capacity(chunk.len() * 7);
        for (scope, segment_id, segment) in chunk {
            let whole = pack(segment);
            if whole.is_none() {
                let postings = (0..).zip(&segment.pages);
                let texts = (DOCS_AT..).zip(&segment.docs);
                let all = postings.chain(texts);
                spread.extend(all.map(|(at, data)| (*segment_id, at, data.as_slice())));
            }
            values.extend([
                id(*scope),
                id(*segment_id),
                small(level(segment.count)),
                number(segment.count as u64),
                signed(segment.newest),
                bytes(&segment.directory),
                bytes(&whole.unwrap_or_default()),
            ]);
        }
        link.execute(&sql, values).await?;
    }
    // Few at a time: they are large.
    for few in spread.chunks(64) {
        for chunk in chunks(few) {
            let sql = format!(
                "INSERT INTO search_pages (segment_id, page, data) VALUES {}",
                rows_of(chunk.len(), 3)
            );
            let values = chunk
                .iter()
                .flat_map(|(segment, at, data)| [id(*segment), number(*at), bytes(data)])
                .collect();
            link.execute(&sql, values).await?;
        }
    }
    Ok(())
}

/// Removes segments of one scope; all of them must still be there.
pub(super) async fn delete(link: &mut Link<'_>, lines: &[Line]) -> Result<(), StoreError> {
    for chunk in chunks(lines) {
        let ids = chunk.iter().map(|line| id(line.id));
        let sql = format!(
            "DELETE FROM search_segments WHERE scope_id = ? AND id IN ({})",
            marks(chunk.len())
        );
        let values = [id(chunk[0].scope)].into_iter().chain(ids.clone());
        if link.execute(&sql, values.collect()).await? != chunk.len() as u64 {
            return Err(StoreError::Locked("another indexer is at work".into()));
        }
        let sql = format!(
            "DELETE FROM search_pages WHERE segment_id IN ({})",
            marks(chunk.len())
        );
        link.execute(&sql, ids.collect()).await?;
    }
    Ok(())
}

/// A small segment as one value: the length of the list of texts, the list, the page.
fn pack(segment: &Segment) -> Option<Vec<u8>> {
    let ([page], [texts]) = (segment.pages.as_slice(), segment.docs.as_slice()) else {
        return None;
    };
    if segment.count > SMALL {
        return None;
    }
    let length = u32::try_from(texts.len()).ok()?;
    let mut whole = Vec::with_capacity(4 + texts.len() + page.len());
    whole.extend_from_slice(&length.to_le_bytes());
    whole.extend_from_slice(texts);
    whole.extend_from_slice(page);
    Some(whole)
}

fn unpack(whole: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (length, rest) = whole.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (texts, page) = rest.split_at_checked(length)?;
    Some((page.to_vec(), texts.to_vec()))
}
