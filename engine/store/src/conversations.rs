//! Conversations and their members.

use sea_orm::Value;
use webim_model::{
    ChannelId, ClientId, ConversationId, ConversationKind, Holder, MessageId, Millis, PersonId,
    TopicId, UnitId,
};

use crate::chain;
use crate::link::Link;
use crate::sql::{Row, bytes, chunks, id, id_or_null, keys, number, rows_of, signed, text};
use crate::{Store, StoreError};

/// Whether a conversation takes messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversationState {
    /// It does.
    Open,
    /// Only the system's own lines.
    Closed,
}

impl ConversationState {
    /// The word in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Open, Self::Closed]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// A conversation as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationRow {
    /// Which one.
    pub id: ConversationId,
    /// What it is for.
    pub kind: ConversationKind,
    /// Whether it takes messages.
    pub state: ConversationState,
    /// The unit whose conversation it is.
    pub unit: Option<UnitId>,
    /// A title of its own; empty where it is named after its members or its unit.
    pub title: String,
    /// Service: the channel the customer came through.
    pub channel: Option<ChannelId>,
    /// Service: what it is about.
    pub topic: Option<TopicId>,
    /// Service: the customer.
    pub customer: Option<PersonId>,
    /// Service: who must answer now.
    pub holder: Option<Holder>,
    /// Service: grows with each change of holder; an answer names it.
    pub lease: u64,
    /// Grows with each change of anything but messages and members.
    pub version: u64,
    /// Grows with each change of members.
    pub member_version: u64,
    /// Number of the newest message; 0 if there is none.
    pub last_seq: u64,
    /// How many messages count as unread by those who have not read them.
    pub last_counted: u64,
    /// The newest message.
    pub last_message: Option<MessageId>,
    /// When the newest message was accepted, or the conversation made.
    pub last_time: Millis,
    /// Number of the newest entry of the side stream; 0 if there is none.
    pub side_last_seq: u64,
}

/// A member of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Who.
    pub person: PersonId,
    /// The first message they may read.
    pub from_seq: u64,
    /// Up to where they have read.
    pub read_seq: u64,
    /// `counted` of the message at `read_seq`.
    pub read_counted: u64,
}

/// A stored message that was looked up by what its sender named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// Where it stands.
    pub conversation: ConversationId,
    /// Who sent it.
    pub sender: PersonId,
    /// What they named it.
    pub client_id: ClientId,
    /// Its number.
    pub seq: u64,
    /// Its id.
    pub id: MessageId,
    /// When it was accepted.
    pub time: Millis,
    /// Digest of what the client sent, as the committer was given it.
    pub fingerprint: Option<[u8; 16]>,
}

impl Store {
    /// The direct conversation between two different people; made, with version 1 of its members, if there is none.
    /// However many ask at once, one is made.
    pub async fn direct(&self, a: PersonId, b: PersonId) -> Result<ConversationId, StoreError> {
        if let Some(found) = self.find_direct(a, b).await? {
            return Ok(found);
        }
        let mut link = self.write().await?;
        link.begin().await?;
        let conversation = ConversationId(self.sources().uuid());
        let new = NewConversation {
            id: conversation,
            kind: ConversationKind::Direct,
            direct_key: Some(direct_key(a, b)),
            unit: None,
            title: String::new(),
            now: self.sources().now(),
        };
        if insert_conversations(&mut link, &[new]).await? == 0 {
            // Somebody was faster, and has committed, or this would still wait.
            link.rollback().await;
            return self
                .find_direct(a, b)
                .await?
                .ok_or_else(|| StoreError::Locked("a direct conversation is being made".into()));
        }
        let sql = "INSERT INTO members (conversation_id, person_id, from_seq, read_seq, read_counted) \
                   VALUES (?, ?, 1, 0, 0), (?, ?, 1, 0, 0)";
        let values = vec![id(conversation.0), id(a.0), id(conversation.0), id(b.0)];
        link.execute(sql, values).await?;
        link.commit().await?;
        Ok(conversation)
    }

    /// The direct conversation between two people, if there is one.
    pub async fn find_direct(
        &self,
        a: PersonId,
        b: PersonId,
    ) -> Result<Option<ConversationId>, StoreError> {
        let sql = "SELECT id FROM conversations WHERE direct_key = ?";
        let values = vec![bytes(&direct_key(a, b))];
        let rows = self.read().await?.query(sql, values).await?;
        rows.first().map(|row| Row(row).id(0)).transpose()
    }

    /// This conversation.
    pub async fn conversation(
        &self,
        conversation: ConversationId,
    ) -> Result<Option<ConversationRow>, StoreError> {
        let sql = "SELECT kind, state, unit_id, title, channel_id, topic_id, customer_id, holder, holder_id, lease, \
                   version, member_version, last_seq, last_counted, last_message_id, last_time, side_last_seq \
                   FROM conversations WHERE id = ?";
        let values = vec![id(conversation.0)];
        let rows = self.read().await?.query(sql, values).await?;
        let Some(row) = rows.first().map(Row) else {
            return Ok(None);
        };
        Ok(Some(ConversationRow {
            id: conversation,
            kind: row.word(0, ConversationKind::parse)?,
            state: row.word(1, ConversationState::parse)?,
            unit: row.id_or_null(2)?,
            title: row.text(3)?,
            channel: row.id_or_null(4)?,
            topic: row.id_or_null(5)?,
            customer: row.id_or_null(6)?,
            holder: holder(row.text_or_null(7)?.as_deref(), row.id_or_null(8)?)?,
            lease: row.number(9)?,
            version: row.number(10)?,
            member_version: row.number(11)?,
            last_seq: row.number(12)?,
            last_counted: row.number(13)?,
            last_message: row.id_or_null(14)?,
            last_time: Millis(row.signed(15)?),
            side_last_seq: row.number(16)?,
        }))
    }

    /// The conversation of this active unit.
    pub async fn unit_conversation(
        &self,
        unit: UnitId,
    ) -> Result<Option<ConversationId>, StoreError> {
        let sql = "SELECT c.id FROM conversations c JOIN units u ON u.id = c.unit_id \
                   WHERE c.unit_id = ? AND u.active = TRUE";
        let rows = self.read().await?.query(sql, vec![id(unit.0)]).await?;
        rows.first().map(|row| Row(row).id(0)).transpose()
    }

    /// The members, and the version of the membership they make up; version 0 and nobody if there is no such
    /// conversation.
    pub async fn members(
        &self,
        conversation: ConversationId,
    ) -> Result<(u64, Vec<MemberRow>), StoreError> {
        // One statement, so that version and members belong together.
        let sql = "SELECT c.member_version, m.person_id, m.from_seq, m.read_seq, m.read_counted \
                   FROM conversations c LEFT JOIN members m ON m.conversation_id = c.id WHERE c.id = ?";
        let values = vec![id(conversation.0)];
        let rows = self.read().await?.query(sql, values).await?;
        let mut version = 0;
        let mut members = Vec::with_capacity(rows.len());
        for row in &rows {
            let row = Row(row);
            version = row.number(0)?;
            if let Some(person) = row.id_or_null(1)? {
                members.push(MemberRow {
                    person,
                    from_seq: row.number(2)?,
                    read_seq: row.number(3)?,
                    read_counted: row.number(4)?,
                });
            }
        }
        Ok((version, members))
    }

    /// Those of the named messages that are stored, in no order.
    pub async fn find_by_client_ids(
        &self,
        names: &[(ConversationId, PersonId, ClientId)],
    ) -> Result<Vec<StoredRow>, StoreError> {
        let mut found = Vec::new();
        let mut link = self.read().await?;
        for chunk in chunks(names) {
            let keys = keys(
                link.backend(),
                &["conversation", "sender", "client"],
                chunk.len(),
            );
            let sql = format!(
                "SELECT {STORED} FROM {keys} JOIN messages m ON m.conversation_id = k.conversation \
                 AND m.sender_id = k.sender AND m.client_id = k.client"
            );
            let values = chunk
                .iter()
                .flat_map(|(conversation, sender, client)| {
                    [id(conversation.0), id(sender.0), id(client.0)]
                })
                .collect();
            for row in link.query(&sql, values).await? {
                found.push(stored(&Row(&row), 0)?);
            }
        }
        Ok(found)
    }
}

/// The columns that [`stored`] reads, of a table called `m`.
pub(crate) const STORED: &str =
    "m.conversation_id, m.sender_id, m.client_id, m.seq, m.id, m.sent_at, m.fingerprint";

/// A looked-up message from the columns of [`STORED`], which begin at `at`.
pub(crate) fn stored(row: &Row<'_>, at: usize) -> Result<StoredRow, StoreError> {
    Ok(StoredRow {
        conversation: row.id(at)?,
        sender: row.id(at + 1)?,
        client_id: row.id(at + 2)?,
        seq: row.number(at + 3)?,
        id: row.id(at + 4)?,
        time: Millis(row.signed(at + 5)?),
        fingerprint: row.bytes_or_null(at + 6)?,
    })
}

/// A conversation about to be made.
pub(crate) struct NewConversation {
    pub(crate) id: ConversationId,
    pub(crate) kind: ConversationKind,
    pub(crate) direct_key: Option<[u8; 32]>,
    pub(crate) unit: Option<UnitId>,
    pub(crate) title: String,
    pub(crate) now: Millis,
}

/// Inserts conversations without members or messages, but for those whose unique key is taken; says how many.
pub(crate) async fn insert_conversations(
    link: &mut Link<'_>,
    conversations: &[NewConversation],
) -> Result<u64, StoreError> {
    let (insert, keep) = link.backend().insert_or_keep();
    let mut inserted = 0;
    for chunk in chunks(conversations) {
        let sql = format!(
            "{insert} INTO conversations (id, kind, state, title, created_at, direct_key, unit_id, lease, version, \
             member_version, last_seq, last_counted, last_time, last_hash, side_last_seq) VALUES {}{keep}",
            rows_of(chunk.len(), 15)
        );
        let values = chunk.iter().flat_map(NewConversation::values).collect();
        inserted += link.execute(&sql, values).await?;
    }
    Ok(inserted)
}

impl NewConversation {
    fn values(&self) -> [Value; 15] {
        [
            id(self.id.0),
            text(self.kind.name()),
            text(ConversationState::Open.name()),
            text(&*self.title),
            signed(self.now.0),
            Value::Bytes(self.direct_key.map(Into::into)),
            id_or_null(self.unit.map(|unit| unit.0)),
            number(0),
            number(1),
            number(1),
            number(0),
            number(0),
            signed(self.now.0),
            bytes(&chain::genesis(self.id)),
            number(0),
        ]
    }
}

pub(crate) fn direct_key(a: PersonId, b: PersonId) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(a.min(b).0.as_bytes());
    key[16..].copy_from_slice(a.max(b).0.as_bytes());
    key
}

pub(crate) fn holder(
    word: Option<&str>,
    agent: Option<PersonId>,
) -> Result<Option<Holder>, StoreError> {
    Ok(match (word, agent) {
        (None, None) => None,
        (Some("robot"), _) => Some(Holder::Robot),
        (Some("queue"), _) => Some(Holder::Queue),
        (Some("nobody"), _) => Some(Holder::Nobody),
        (Some("agent"), Some(agent)) => Some(Holder::Agent(agent)),
        _ => return Err(StoreError::Corrupt("the holder of a conversation".into())),
    })
}
