//! The side stream: what stands beside a service conversation and its customer never sees.

use uuid::Uuid;
use webim_model::{ClientId, ConversationId, Millis, PersonId, SideKind};

use crate::link::Link;
use crate::sql::{Row, id, id_or_null, number, signed, text};
use crate::{Store, StoreError};

/// Something to be said beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSide {
    /// Which entry it will be.
    pub id: Uuid,
    /// Where.
    pub conversation: ConversationId,
    /// Who says it; none: the system.
    pub author: Option<PersonId>,
    /// What its author names it by.
    pub client_id: Option<ClientId>,
    /// What it is.
    pub kind: SideKind,
    /// JSON, of the shape `wire` says.
    pub body: String,
    /// When.
    pub time: Millis,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideRow {
    /// Where.
    pub conversation: ConversationId,
    /// From 1, without a gap.
    pub seq: u64,
    /// Which one.
    pub id: Uuid,
    /// Who said it; none: the system.
    pub author: Option<PersonId>,
    /// What it is.
    pub kind: SideKind,
    /// JSON.
    pub body: String,
    /// When.
    pub time: Millis,
    /// The newest message when it was written.
    pub beside: u64,
}

const COLUMNS: &str = "conversation_id, seq, id, author_id, kind, body, sent_at, beside_seq";

impl Store {
    /// Says something beside; the same of the same author again is the same entry.
    pub async fn append_side(&self, entry: &NewSide) -> Result<SideRow, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let row = append(&mut link, entry).await?;
        link.commit().await?;
        Ok(row)
    }

    /// Up to `limit` entries before `before`, oldest first, and whether there are more before them.
    pub async fn side_page(
        &self,
        conversation: ConversationId,
        before: Option<u64>,
        limit: u64,
    ) -> Result<(Vec<SideRow>, bool), StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM side_entries WHERE conversation_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?"
        );
        let end = i64::MAX.unsigned_abs();
        let values = vec![
            id(conversation.0),
            number(before.unwrap_or(end).min(end)),
            number(limit.saturating_add(1).min(end)),
        ];
        let rows = self.read().await?.query(&sql, values).await?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut entries = rows
            .iter()
            .take(shown)
            .map(|row| side(&Row(row)))
            .collect::<Result<Vec<_>, _>>()?;
        entries.reverse();
        Ok((entries, rows.len() > shown))
    }
}

/// Says something beside, in the transaction that `link` is in.
pub(super) async fn append(link: &mut Link<'_>, entry: &NewSide) -> Result<SideRow, StoreError> {
    let lock = format!(
        "SELECT side_last_seq, last_seq FROM conversations WHERE id = ?{}",
        link.backend().for_update()
    );
    let rows = link.query(&lock, vec![id(entry.conversation.0)]).await?;
    let head = rows.first().map(Row);
    let head = head.ok_or_else(|| StoreError::Corrupt("a conversation is missing".into()))?;
    if let (Some(author), Some(client_id)) = (entry.author, entry.client_id) {
        let sql = format!(
            "SELECT {COLUMNS} FROM side_entries WHERE conversation_id = ? AND author_id = ? AND client_id = ?"
        );
        let values = vec![id(entry.conversation.0), id(author.0), id(client_id.0)];
        if let Some(row) = link.query(&sql, values).await?.first() {
            return side(&Row(row));
        }
    }
    let row = SideRow {
        conversation: entry.conversation,
        seq: head.number(0)? + 1,
        id: entry.id,
        author: entry.author,
        kind: entry.kind,
        body: entry.body.clone(),
        time: entry.time,
        beside: head.number(1)?,
    };
    let sql = "INSERT INTO side_entries (conversation_id, seq, id, author_id, client_id, kind, body, sent_at, \
               beside_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = vec![
        id(row.conversation.0),
        number(row.seq),
        id(row.id),
        id_or_null(row.author.map(|author| author.0)),
        id_or_null(entry.client_id.map(|name| name.0)),
        text(row.kind.name()),
        text(&*row.body),
        signed(row.time.0),
        number(row.beside),
    ];
    link.execute(sql, values).await?;
    let sql = "UPDATE conversations SET side_last_seq = ? WHERE id = ?";
    link.execute(sql, vec![number(row.seq), id(row.conversation.0)])
        .await?;
    Ok(row)
}

fn side(row: &Row<'_>) -> Result<SideRow, StoreError> {
    Ok(SideRow {
        conversation: row.id(0)?,
        seq: row.number(1)?,
        id: row.id(2)?,
        author: row.id_or_null(3)?,
        kind: row.word(4, SideKind::parse)?,
        body: row.text(5)?,
        time: Millis(row.signed(6)?),
        beside: row.number(7)?,
    })
}
