//! The lists that customers and agents look at.

use sea_orm::Value;
use webim_model::{ChannelId, ConversationId, Holder, Message, Millis, PersonId, TopicId, VisitId};

use crate::rows::{self, MESSAGE};
use crate::sql::{Row, id, number, signed, text};
use crate::{Store, StoreError};

/// One service conversation as its customer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneRow {
    /// Which one.
    pub conversation: ConversationId,
    /// Through which channel.
    pub channel: ChannelId,
    /// What it is about.
    pub topic: Option<TopicId>,
    /// Who must answer.
    pub holder: Holder,
    /// Grows with each change of holder.
    pub lease: u64,
    /// Grows with each change beside the messages.
    pub version: u64,
    /// The open visit.
    pub visit: Option<VisitId>,
    /// Number of the newest message.
    pub last_seq: u64,
    /// Up to where they have read.
    pub read_seq: u64,
    /// Counted messages after that.
    pub unread: u64,
}

/// One line of an agent's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedRow {
    /// As the customer sees it, but for the reading marks, which are the agent's.
    pub lane: LaneRow,
    /// Whose.
    pub customer: PersonId,
    /// What they are called.
    pub name: String,
    /// Their picture; may be empty.
    pub avatar: String,
    /// The customer's own agent.
    pub owner: Option<PersonId>,
    /// When there was contact last; with the id, the key to the next page.
    pub contact: Millis,
    /// The newest message that the agent may read.
    pub last: Option<Message>,
}

/// Which lines.
#[derive(Clone, Debug, Default)]
pub struct ServedFilter {
    /// Before this one, in the order of the list.
    pub before: Option<(Millis, ConversationId)>,
    /// In these channels, only with contact from then on; empty: all.
    pub since: Vec<(ChannelId, Millis)>,
    /// Part of the customer's name, whatever the case; empty: all.
    pub name: String,
    /// Only this one.
    pub only: Option<ConversationId>,
    /// Whether those are meant, too, in which the agent is no member.
    pub everybodys: bool,
}

const LANE: &str = "c.id, c.channel_id, c.topic_id, c.holder, c.holder_id, c.lease, c.version, s.visit_id, c.last_seq, \
                    me.read_seq, c.last_counted, me.read_counted";

impl Store {
    /// The service conversations of a customer, the newest contact first.
    pub async fn lanes_of(&self, customer: PersonId) -> Result<Vec<LaneRow>, StoreError> {
        let sql = format!(
            "SELECT {LANE} FROM services s JOIN conversations c ON c.id = s.conversation_id \
             LEFT JOIN members me ON me.conversation_id = c.id AND me.person_id = s.customer_id \
             WHERE s.customer_id = ? ORDER BY c.last_time DESC, c.id"
        );
        let rows = self.read().await?.query(&sql, vec![id(customer.0)]).await?;
        rows.iter().map(|row| lane(&Row(row))).collect()
    }

    /// The customers of an agent, newest contact first.
    pub async fn served_by(
        &self,
        agent: PersonId,
        filter: &ServedFilter,
        limit: u64,
    ) -> Result<Vec<ServedRow>, StoreError> {
        let (conditions, conditioned) = filter.sql();
        let join = if filter.everybodys {
            "LEFT JOIN"
        } else {
            "JOIN"
        };
        let sql = format!(
            "SELECT {LANE}, s.customer_id, p.name, p.avatar, s.owner_id, c.last_time, {MESSAGE} \
             FROM services s JOIN conversations c ON c.id = s.conversation_id \
             {join} members me ON me.conversation_id = c.id AND me.person_id = ? \
             JOIN people p ON p.id = s.customer_id \
             LEFT JOIN messages m ON m.conversation_id = c.id AND m.seq = c.last_seq \
             AND m.seq >= COALESCE(me.from_seq, 1) \
             WHERE (c.last_seq > 0 OR s.visit_id IS NOT NULL) AND s.customer_id <> ?{conditions} \
             ORDER BY c.last_time DESC, c.id DESC LIMIT ?"
        );
        let mut values = vec![id(agent.0), id(agent.0)];
        values.extend(conditioned);
        values.push(number(limit));
        let rows = self.read().await?.query(&sql, values).await?;
        rows.iter().map(|row| served(&Row(row))).collect()
    }
}

impl ServedFilter {
    fn sql(&self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::new(), Vec::new());
        if let Some((time, conversation)) = self.before {
            sql.push_str(" AND (c.last_time < ? OR (c.last_time = ? AND c.id < ?))");
            values.extend([signed(time.0), signed(time.0), id(conversation.0)]);
        }
        if !self.since.is_empty() {
            let each = ["(s.channel_id = ? AND c.last_time >= ?)"].repeat(self.since.len());
            // Who is served now is never hidden.
            sql.push_str(&format!(
                " AND (s.visit_id IS NOT NULL OR {})",
                each.join(" OR ")
            ));
            for (channel, since) in &self.since {
                values.extend([id(channel.0), signed(since.0)]);
            }
        }
        if !self.name.is_empty() {
            sql.push_str(" AND LOWER(p.name) LIKE ? ESCAPE '!'");
            values.push(text(format!("%{}%", literal(&self.name.to_lowercase()))));
        }
        if let Some(only) = self.only {
            sql.push_str(" AND c.id = ?");
            values.push(id(only.0));
        }
        (sql, values)
    }
}

/// A text in a pattern, meaning itself.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern
}

fn lane(row: &Row<'_>) -> Result<LaneRow, StoreError> {
    let word = row.text_or_null(3)?;
    let holder = crate::conversations::holder(word.as_deref(), row.id_or_null(4)?)?;
    Ok(LaneRow {
        conversation: row.id(0)?,
        channel: row.id(1)?,
        topic: row.id_or_null(2)?,
        holder: holder.unwrap_or(Holder::Nobody),
        lease: row.number(5)?,
        version: row.number(6)?,
        visit: row.id_or_null(7)?,
        last_seq: row.number(8)?,
        read_seq: row.number_or_null(9)?.unwrap_or_default(),
        // Who is no member has nothing to read.
        unread: match row.number_or_null(11)? {
            Some(read) => row.number(10)?.saturating_sub(read),
            None => 0,
        },
    })
}

fn served(row: &Row<'_>) -> Result<ServedRow, StoreError> {
    let lane = lane(row)?;
    let last = match row.number_or_null(17)? {
        Some(_) => Some(rows::message(lane.conversation, row, 17)?),
        None => None,
    };
    Ok(ServedRow {
        customer: row.id(12)?,
        name: row.text(13)?,
        avatar: row.text(14)?,
        owner: row.id_or_null(15)?,
        contact: Millis(row.signed(16)?),
        last,
        lane,
    })
}
