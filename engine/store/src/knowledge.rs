//! Questions and answers. Who asks and what fits comes with the knowledge base; here they are kept.

use std::collections::HashMap;

use sea_orm::Value;
use uuid::Uuid;
use webim_model::Millis;

use crate::link::Link;
use crate::sql::{Row, chunks, flag, id, marks, number, rows_of, signed, text};
use crate::{Store, StoreError};

/// A question and its answer. The caller keeps texts within what the table takes: 200 characters of `code`, `topic` and
/// `channel`, and none with U+0000.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KbEntry {
    /// What it is called where it came from; unique.
    pub code: String,
    /// The question.
    pub title: String,
    /// Words by which it is found, too.
    pub keywords: String,
    /// The answer.
    pub answer: String,
    /// Where more is said; empty for nowhere.
    pub link: String,
    /// What it is about; empty for everything.
    pub topic: String,
    /// Where it is answered; empty for everywhere.
    pub channel: String,
    /// From when on it holds; none for ever.
    pub valid_from: Option<Millis>,
    /// Until when it holds; none for ever.
    pub valid_until: Option<Millis>,
    /// Since when it is known.
    pub created: Millis,
    /// When it was last changed.
    pub updated: Millis,
    /// Whether it is given as an answer.
    pub active: bool,
}

impl KbEntry {
    /// Whether both say the same, whenever they were written.
    fn same(&self, other: &Self) -> bool {
        let timeless = |one: &Self| Self {
            created: Millis(0),
            updated: Millis(0),
            ..one.clone()
        };
        timeless(self) == timeless(other)
    }
}

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KbRow {
    /// Which one.
    pub id: Uuid,
    /// Grows with each change; the first is 1.
    pub version: u64,
    /// What it says.
    pub entry: KbEntry,
}

/// What became of entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KbKept {
    /// New ones.
    pub added: u64,
    /// Those that said something else before.
    pub changed: u64,
    /// Those that were there already.
    pub same: u64,
}

const ENTRY: &str = "e.id, e.version, e.code, e.title, e.keywords, e.answer, e.link, e.topic, e.channel, \
                     e.valid_from, e.valid_until, e.created_at, e.updated_at, e.active";

impl Store {
    /// Keeps `entries`, each code of which comes once, in the place of those with the same codes. With `dry` it only
    /// counts. What is kept before an error stays.
    pub async fn keep_knowledge(
        &self,
        entries: &[KbEntry],
        dry: bool,
    ) -> Result<KbKept, StoreError> {
        let mut kept = KbKept::default();
        for chunk in chunks(entries) {
            let mut link = self.write().await?;
            link.begin().await?;
            let done = self.keep(&mut link, chunk, dry).await;
            match done {
                Ok(some) => {
                    link.commit().await?;
                    kept.added += some.added;
                    kept.changed += some.changed;
                    kept.same += some.same;
                }
                Err(error) => {
                    link.rollback().await;
                    return Err(error);
                }
            }
        }
        Ok(kept)
    }

    async fn keep(
        &self,
        link: &mut Link<'_>,
        entries: &[KbEntry],
        dry: bool,
    ) -> Result<KbKept, StoreError> {
        let sql = format!(
            "SELECT {ENTRY} FROM kb_entries e WHERE e.code IN ({}){}",
            marks(entries.len()),
            link.backend().for_update()
        );
        let codes = entries.iter().map(|entry| text(&*entry.code)).collect();
        let mut stored: HashMap<String, KbRow> = HashMap::new();
        for row in link.query(&sql, codes).await? {
            let row = row_of(&Row(&row))?;
            stored.insert(row.entry.code.clone(), row);
        }
        let mut kept = KbKept::default();
        let mut new = Vec::new();
        for entry in entries {
            match stored.get(&entry.code) {
                None => new.push(entry),
                Some(row) if row.entry.same(entry) => kept.same += 1,
                Some(row) => {
                    kept.changed += 1;
                    if !dry {
                        change(link, row, entry).await?;
                    }
                }
            }
        }
        kept.added = new.len() as u64;
        if !dry {
            self.add(link, &new).await?;
        }
        Ok(kept)
    }

    async fn add(&self, link: &mut Link<'_>, entries: &[&KbEntry]) -> Result<(), StoreError> {
        for chunk in chunks(entries) {
            let sql = format!(
                "INSERT INTO kb_entries (title, keywords, answer, link, topic, channel, valid_from, valid_until, \
                 updated_at, active, id, code, version, created_at) VALUES {}",
                rows_of(chunk.len(), 14)
            );
            let values = chunk.iter().flat_map(|entry| {
                let first = [
                    id(self.sources().uuid()),
                    text(&*entry.code),
                    number(1),
                    signed(entry.created.0),
                ];
                said(entry).into_iter().chain(first)
            });
            link.execute(&sql, values.collect()).await?;
        }
        Ok(())
    }

    /// Entries in the order of their ids, after `after`; at most `limit`.
    pub async fn knowledge(
        &self,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<KbRow>, StoreError> {
        let sql = format!("SELECT {ENTRY} FROM kb_entries e WHERE e.id > ? ORDER BY e.id LIMIT ?");
        let values = vec![id(after.unwrap_or(Uuid::nil())), number(limit)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.iter().map(|row| row_of(&Row(row))).collect()
    }

    /// How many entries there are.
    pub async fn count_knowledge(&self) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(*) FROM kb_entries";
        let rows = self.read().await?.query(sql, Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| Row(row).number(0))
    }
}

async fn change(link: &mut Link<'_>, row: &KbRow, entry: &KbEntry) -> Result<(), StoreError> {
    let sql = "UPDATE kb_entries SET title = ?, keywords = ?, answer = ?, link = ?, topic = ?, channel = ?, \
               valid_from = ?, valid_until = ?, updated_at = ?, active = ?, version = version + 1 WHERE id = ?";
    let values = said(entry).into_iter().chain([id(row.id)]).collect();
    link.execute(sql, values).await.map(drop)
}

/// What changes with an entry.
fn said(entry: &KbEntry) -> [Value; 10] {
    let time = |time: Option<Millis>| Value::BigInt(time.map(|time| time.0));
    [
        text(&*entry.title),
        text(&*entry.keywords),
        text(&*entry.answer),
        text(&*entry.link),
        text(&*entry.topic),
        text(&*entry.channel),
        time(entry.valid_from),
        time(entry.valid_until),
        signed(entry.updated.0),
        flag(entry.active),
    ]
}

fn row_of(row: &Row<'_>) -> Result<KbRow, StoreError> {
    Ok(KbRow {
        id: row.id(0)?,
        version: row.number(1)?,
        entry: KbEntry {
            code: row.text(2)?,
            title: row.text(3)?,
            keywords: row.text(4)?,
            answer: row.text(5)?,
            link: row.text(6)?,
            topic: row.text(7)?,
            channel: row.text(8)?,
            valid_from: row.signed_or_null(9)?.map(Millis),
            valid_until: row.signed_or_null(10)?.map(Millis),
            created: Millis(row.signed(11)?),
            updated: Millis(row.signed(12)?),
            active: row.flag(13)?,
        },
    })
}
