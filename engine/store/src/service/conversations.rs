//! Service conversations: one for each customer and channel, or for each lane.

use sha2::{Digest, Sha256};
use webim_model::{ChannelId, ConversationId, Millis, PersonId, TopicId, VisitId};

use crate::chain;
use crate::sql::{Row, bytes, id, id_or_null, number, signed, text};
use crate::{Store, StoreError};

/// Which service conversation is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLane {
    /// Through which channel.
    pub channel: ChannelId,
    /// Whose.
    pub customer: PersonId,
    /// What it is about, where that makes it one of its own.
    pub topic: Option<TopicId>,
    /// With whom, where that makes it one of its own.
    pub expert: Option<PersonId>,
}

/// What the allocator knows of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRow {
    /// Which one.
    pub conversation: ConversationId,
    /// Through which channel.
    pub channel: ChannelId,
    /// Whose.
    pub customer: PersonId,
    /// The open visit.
    pub visit: Option<VisitId>,
    /// In service mode, the customer's own agent.
    pub owner: Option<PersonId>,
    /// Everything else: JSON, of the shape `wire` says; empty where nothing has happened yet.
    pub state: String,
}

impl NewLane {
    /// What makes a second one impossible.
    fn key(&self) -> [u8; 32] {
        let nil = uuid::Uuid::nil();
        Sha256::new()
            .chain_update("service")
            .chain_update(self.channel.0.as_bytes())
            .chain_update(self.customer.0.as_bytes())
            .chain_update(self.topic.map_or(nil, |topic| topic.0).as_bytes())
            .chain_update(self.expert.map_or(nil, |expert| expert.0).as_bytes())
            .finalize()
            .into()
    }
}

impl Store {
    /// This lane's conversation; made, held by nobody, with its customer as its one member, if there is none. However
    /// many ask at once, one is made.
    pub async fn lane(&self, lane: &NewLane, now: Millis) -> Result<ConversationId, StoreError> {
        let key = lane.key();
        if let Some(found) = self.find_lane(&key).await? {
            return Ok(found);
        }
        let mut link = self.write().await?;
        link.begin().await?;
        let conversation = ConversationId(self.sources().uuid());
        let (insert, keep) = link.backend().insert_or_keep();
        let sql = format!(
            "{insert} INTO conversations (id, kind, state, title, created_at, direct_key, channel_id, topic_id, \
             customer_id, holder, lease, version, member_version, last_seq, last_counted, last_time, last_hash, \
             side_last_seq) VALUES (?, 'service', 'open', '', ?, ?, ?, ?, ?, 'nobody', 0, 0, 1, 0, 0, ?, ?, 0){keep}"
        );
        let values = vec![
            id(conversation.0),
            signed(now.0),
            bytes(&key),
            id(lane.channel.0),
            id_or_null(lane.topic.map(|topic| topic.0)),
            id(lane.customer.0),
            signed(now.0),
            bytes(&chain::genesis(conversation)),
        ];
        if link.execute(&sql, values).await? == 0 {
            link.rollback().await;
            let found = self.find_lane(&key).await?;
            return found.ok_or_else(|| StoreError::Locked("a lane is being made".into()));
        }
        let sql = "INSERT INTO members (conversation_id, person_id, from_seq, read_seq, read_counted) \
                   VALUES (?, ?, 1, 0, 0)";
        let values = vec![id(conversation.0), id(lane.customer.0)];
        link.execute(sql, values).await?;
        let sql = "INSERT INTO services (conversation_id, channel_id, customer_id, state) VALUES (?, ?, ?, ?)";
        let values = vec![
            id(conversation.0),
            id(lane.channel.0),
            id(lane.customer.0),
            text(""),
        ];
        link.execute(sql, values).await?;
        link.commit().await?;
        Ok(conversation)
    }

    async fn find_lane(&self, key: &[u8; 32]) -> Result<Option<ConversationId>, StoreError> {
        let sql = "SELECT id FROM conversations WHERE direct_key = ?";
        let rows = self.read().await?.query(sql, vec![bytes(key)]).await?;
        rows.first().map(|row| Row(row).id(0)).transpose()
    }

    /// What the allocator knows of this conversation.
    pub async fn service(
        &self,
        conversation: ConversationId,
    ) -> Result<Option<ServiceRow>, StoreError> {
        let sql = format!("{SERVICES} WHERE conversation_id = ?");
        let values = vec![id(conversation.0)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.first().map(|row| service(&Row(row))).transpose()
    }

    /// All conversations with an open visit, and those that somebody wrote in after their last visit was closed: what
    /// the allocator begins with.
    pub async fn open_services(&self) -> Result<Vec<ServiceRow>, StoreError> {
        let sql = format!("{SERVICES} WHERE visit_id IS NOT NULL");
        let rows = self.read().await?.query(&sql, Vec::new()).await?;
        rows.iter().map(|row| service(&Row(row))).collect()
    }

    /// All service conversations of a customer.
    pub async fn services_of(&self, customer: PersonId) -> Result<Vec<ServiceRow>, StoreError> {
        let sql = format!("{SERVICES} WHERE customer_id = ?");
        let rows = self.read().await?.query(&sql, vec![id(customer.0)]).await?;
        rows.iter().map(|row| service(&Row(row))).collect()
    }

    /// Conversations without an open visit whose newest message is their customer's and came after the last visit was
    /// closed: the server died between storing it and opening the next one. At most `limit`.
    pub async fn unattended(&self, limit: u64) -> Result<Vec<ConversationId>, StoreError> {
        let sql = "SELECT c.id FROM services s JOIN conversations c ON c.id = s.conversation_id \
                   JOIN messages m ON m.conversation_id = c.id AND m.seq = c.last_seq \
                   WHERE s.visit_id IS NULL AND m.sender_id = c.customer_id \
                   AND NOT EXISTS (SELECT 1 FROM visits v WHERE v.conversation_id = c.id AND v.closed_at >= m.sent_at) \
                   ORDER BY c.id LIMIT ?";
        let rows = self.read().await?.query(sql, vec![number(limit)]).await?;
        rows.iter().map(|row| Row(row).id(0)).collect()
    }
}

const SERVICES: &str =
    "SELECT conversation_id, channel_id, customer_id, visit_id, owner_id, state FROM services";

fn service(row: &Row<'_>) -> Result<ServiceRow, StoreError> {
    Ok(ServiceRow {
        conversation: row.id(0)?,
        channel: row.id(1)?,
        customer: row.id(2)?,
        visit: row.id_or_null(3)?,
        owner: row.id_or_null(4)?,
        state: row.text(5)?,
    })
}
