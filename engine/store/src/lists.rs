//! A person's conversations: their heads for resuming, and the list they look at.

use sea_orm::Value;
use webim_model::{ConversationId, ConversationKind, Message, MessageId, Millis, PersonId, UnitId};

use crate::amendments::EVERYONE;
use crate::rows::{self, MESSAGE};
use crate::sql::{Row, id, number, signed};
use crate::{Store, StoreError};

/// How far a conversation has come, and how far one of its members has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadRow {
    /// Which one.
    pub conversation: ConversationId,
    /// What it is for.
    pub kind: ConversationKind,
    /// Number of the newest message; 0 if there is none.
    pub last_seq: u64,
    /// The newest message.
    pub last_message: Option<MessageId>,
    /// The first message the person may read.
    pub from_seq: u64,
    /// Up to where they have read.
    pub read_seq: u64,
    /// Counted messages after that; whoever marks what a person sends as read by them makes this "of others".
    pub unread: u64,
}

/// One line of a person's list of conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// Which one.
    pub conversation: ConversationId,
    /// What it is for.
    pub kind: ConversationKind,
    /// When its newest message was accepted, or it was made; with the id, the key to the next page.
    pub time: Millis,
    /// The unit's name, or a title of its own; empty in a direct one.
    pub title: String,
    /// In a direct one, the other person.
    pub peer: Option<PersonId>,
    /// In a unit's, the unit.
    pub unit: Option<UnitId>,
    /// Number of the newest message; 0 if there is none.
    pub last_seq: u64,
    /// The newest message, unless it is from before the person joined.
    pub last: Option<Message>,
    /// The first message the person may read.
    pub from_seq: u64,
    /// Up to where they have read.
    pub read_seq: u64,
    /// Counted messages after that.
    pub unread: u64,
    /// In a direct one, up to where the other has read.
    pub peer_read_seq: Option<u64>,
    /// Number of the newest message that mentions the person and that they have not read.
    pub mentioned: Option<u64>,
}

impl Store {
    /// The heads of all conversations that `person` is in, in no order; one query.
    pub async fn heads_of(&self, person: PersonId) -> Result<Vec<HeadRow>, StoreError> {
        let sql = format!("{HEADS} WHERE m.person_id = ?");
        let rows = self.read().await?.query(&sql, vec![id(person.0)]).await?;
        rows.iter().map(|row| head(&Row(row))).collect()
    }

    /// The head of one conversation for one of its members; none for others.
    pub async fn head(
        &self,
        person: PersonId,
        conversation: ConversationId,
    ) -> Result<Option<HeadRow>, StoreError> {
        let sql = format!("{HEADS} WHERE m.conversation_id = ? AND m.person_id = ?");
        let values = vec![id(conversation.0), id(person.0)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.first().map(|row| head(&Row(row))).transpose()
    }

    /// The conversations of `person`, newest first, older than `before`: all but direct ones and notices in which nothing
    /// was ever said.
    pub async fn list(
        &self,
        person: PersonId,
        before: Option<(Millis, ConversationId)>,
        limit: u64,
    ) -> Result<Vec<ListRow>, StoreError> {
        let mut values = vec![id(person.0)];
        let mut filter = String::from("AND (c.last_seq > 0 OR c.kind NOT IN ('direct', 'notice'))");
        if let Some((time, conversation)) = before {
            filter.push_str(" AND (c.last_time < ? OR (c.last_time = ? AND c.id < ?))");
            values.extend([signed(time.0), signed(time.0), id(conversation.0)]);
        }
        self.lines(&filter, values, limit).await
    }

    /// One conversation of `person` as their list shows it, even where it would not; none for others.
    pub async fn list_one(
        &self,
        person: PersonId,
        conversation: ConversationId,
    ) -> Result<Option<ListRow>, StoreError> {
        let values = vec![id(person.0), id(conversation.0)];
        Ok(self.lines("AND c.id = ?", values, 1).await?.pop())
    }

    async fn lines(
        &self,
        filter: &str,
        mut values: Vec<Value>,
        limit: u64,
    ) -> Result<Vec<ListRow>, StoreError> {
        values.insert(0, id(EVERYONE));
        values.push(number(limit));
        // The page is cut before anything is joined to it: what is not shown is not looked up.
        let sql = format!(
            "SELECT c.id, c.kind, c.last_time, c.title, c.unit_id, c.last_seq, c.last_counted, \
             c.from_seq, c.read_seq, c.read_counted, u.name, peer.person_id, peer.read_seq, {MESSAGE}, \
             {MENTIONED} \
             FROM (SELECT c.id, c.kind, c.last_time, c.title, c.unit_id, c.last_seq, c.last_counted, \
             me.person_id, me.from_seq, me.read_seq, me.read_counted \
             FROM members me JOIN conversations c ON c.id = me.conversation_id \
             WHERE me.person_id = ? {filter} ORDER BY c.last_time DESC, c.id DESC LIMIT ?) c \
             LEFT JOIN units u ON u.id = c.unit_id \
             LEFT JOIN members peer ON c.kind = 'direct' AND peer.conversation_id = c.id \
             AND peer.person_id <> c.person_id \
             LEFT JOIN messages m ON m.conversation_id = c.id AND m.seq = c.last_seq \
             AND m.seq >= c.from_seq \
             ORDER BY c.last_time DESC, c.id DESC"
        );
        let rows = self.read().await?.query(&sql, values).await?;
        rows.iter().map(|row| line(&Row(row))).collect()
    }
}

/// The newest unread mention of a member; begins behind what they have read, and an index holds it.
const MENTIONED: &str = "(SELECT MAX(x.seq) FROM mentions x WHERE x.conversation_id = c.id AND x.seq > c.read_seq \
                         AND x.seq >= c.from_seq AND x.person_id = c.person_id), \
                         (SELECT MAX(x.seq) FROM mentions x WHERE x.conversation_id = c.id AND x.seq > c.read_seq \
                         AND x.seq >= c.from_seq AND x.person_id = ?)";

const HEADS: &str = "SELECT c.id, c.kind, c.last_seq, c.last_message_id, m.from_seq, m.read_seq, c.last_counted, \
                     m.read_counted FROM members m JOIN conversations c ON c.id = m.conversation_id";

fn head(row: &Row<'_>) -> Result<HeadRow, StoreError> {
    Ok(HeadRow {
        conversation: row.id(0)?,
        kind: row.word(1, ConversationKind::parse)?,
        last_seq: row.number(2)?,
        last_message: row.id_or_null(3)?,
        from_seq: row.number(4)?,
        read_seq: row.number(5)?,
        unread: row.number(6)?.saturating_sub(row.number(7)?),
    })
}

fn line(row: &Row<'_>) -> Result<ListRow, StoreError> {
    let conversation = row.id(0)?;
    let last = match row.number_or_null(13)? {
        Some(_) => Some(rows::message(conversation, row, 13)?),
        None => None,
    };
    Ok(ListRow {
        conversation,
        kind: row.word(1, ConversationKind::parse)?,
        time: Millis(row.signed(2)?),
        title: match row.text_or_null(10)? {
            Some(unit) => unit,
            None => row.text(3)?,
        },
        unit: row.id_or_null(4)?,
        last_seq: row.number(5)?,
        from_seq: row.number(7)?,
        read_seq: row.number(8)?,
        unread: row.number(6)?.saturating_sub(row.number(9)?),
        peer: row.id_or_null(11)?,
        peer_read_seq: row.number_or_null(12)?,
        mentioned: row.number_or_null(21)?.max(row.number_or_null(22)?),
        last,
    })
}
