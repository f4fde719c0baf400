//! Teams and topics: which agents a channel routes to, and what experts answer for.

use std::collections::HashMap;

use webim_model::{ChannelId, PersonId, TeamId, TopicId};

use super::or_update;
use crate::link::Link;
use crate::sql::{Row, chunks, flag, id, rows_of, small, text};
use crate::{Store, StoreError};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRow {
    /// Which one.
    pub id: TeamId,
    /// At most 190 characters, unique.
    pub name: String,
    /// Who is in it, in the order of ids.
    pub members: Vec<PersonId>,
}

/// A topic of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRow {
    /// Which one.
    pub id: TopicId,
    /// Whose.
    pub channel: ChannelId,
    /// What host systems call it; at most 64 characters, unique in its channel.
    pub code: String,
    /// At most 190 characters.
    pub name: String,
    /// Lower ones first.
    pub position: i32,
    /// Whether customers see it.
    pub active: bool,
    /// Who answers for it, in the order of ids.
    pub experts: Vec<PersonId>,
}

impl Store {
    /// Keeps a team: a new one, or what the one with this id is from now on.
    pub async fn put_team(&self, team: &TeamRow) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let update = or_update(link.backend(), "id", &["name"]);
        let sql = format!("INSERT INTO teams (id, name) VALUES (?, ?){update}");
        link.execute(&sql, vec![id(team.id.0), text(&*team.name)])
            .await?;
        let of = ("team_members", "team_id", "person_id");
        let members: Vec<_> = team.members.iter().map(|member| member.0).collect();
        replace(&mut link, of, team.id.0, &members).await?;
        link.commit().await
    }

    /// Takes a team away. False if there is none.
    pub async fn delete_team(&self, team: TeamId) -> Result<bool, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let sql = "DELETE FROM team_members WHERE team_id = ?";
        link.execute(sql, vec![id(team.0)]).await?;
        let sql = "DELETE FROM teams WHERE id = ?";
        let gone = link.execute(sql, vec![id(team.0)]).await?;
        link.commit().await?;
        Ok(gone > 0)
    }

    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<TeamRow>, StoreError> {
        let mut members = self.pairs("team_members", "team_id", "person_id").await?;
        let sql = "SELECT id, name FROM teams ORDER BY name";
        let rows = self.read().await?.query(sql, Vec::new()).await?;
        let teams = rows.iter().map(|row| {
            let row = Row(row);
            let team: TeamId = row.id(0)?;
            Ok(TeamRow {
                id: team,
                name: row.text(1)?,
                members: members.remove(&team.0).unwrap_or_default(),
            })
        });
        teams.collect()
    }

    /// Keeps a topic: a new one, or what the one with this id is from now on.
    pub async fn put_topic(&self, topic: &TopicRow) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let update = or_update(link.backend(), "id", &["name", "position", "active"]);
        let sql = format!(
            "INSERT INTO topics (id, channel_id, code, name, position, active) VALUES (?, ?, ?, ?, ?, ?){update}"
        );
        let values = vec![
            id(topic.id.0),
            id(topic.channel.0),
            text(&*topic.code),
            text(&*topic.name),
            small(topic.position),
            flag(topic.active),
        ];
        link.execute(&sql, values).await?;
        let of = ("topic_experts", "topic_id", "person_id");
        let experts: Vec<_> = topic.experts.iter().map(|expert| expert.0).collect();
        replace(&mut link, of, topic.id.0, &experts).await?;
        link.commit().await
    }

    /// All topics of all channels, in the order in which they are shown.
    pub async fn topics(&self) -> Result<Vec<TopicRow>, StoreError> {
        let mut experts = self.pairs("topic_experts", "topic_id", "person_id").await?;
        let sql = "SELECT id, channel_id, code, name, position, active FROM topics ORDER BY position, name, id";
        let rows = self.read().await?.query(sql, Vec::new()).await?;
        let topics = rows.iter().map(|row| {
            let row = Row(row);
            let topic: TopicId = row.id(0)?;
            Ok(TopicRow {
                id: topic,
                channel: row.id(1)?,
                code: row.text(2)?,
                name: row.text(3)?,
                position: row.small(4)?,
                active: row.flag(5)?,
                experts: experts.remove(&topic.0).unwrap_or_default(),
            })
        });
        topics.collect()
    }

    /// Who belongs to whom, by the first; the others in the order of ids.
    async fn pairs(
        &self,
        table: &str,
        one: &str,
        other: &str,
    ) -> Result<HashMap<uuid::Uuid, Vec<PersonId>>, StoreError> {
        let sql = format!("SELECT {one}, {other} FROM {table} ORDER BY {one}, {other}");
        let rows = self.read().await?.query(&sql, Vec::new()).await?;
        let mut pairs: HashMap<uuid::Uuid, Vec<PersonId>> = HashMap::new();
        for row in &rows {
            let row = Row(row);
            pairs.entry(row.id(0)?).or_default().push(row.id(1)?);
        }
        Ok(pairs)
    }
}

/// Puts these in place of all that belonged to `whose`.
async fn replace(
    link: &mut Link<'_>,
    (table, one, other): (&str, &str, &str),
    whose: uuid::Uuid,
    to: &[uuid::Uuid],
) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM {table} WHERE {one} = ?");
    link.execute(&sql, vec![id(whose)]).await?;
    for chunk in chunks(to) {
        let sql = format!(
            "INSERT INTO {table} ({one}, {other}) VALUES {}",
            rows_of(chunk.len(), 2)
        );
        let values = chunk.iter().flat_map(|other| [id(whose), id(*other)]);
        link.execute(&sql, values.collect()).await?;
    }
    Ok(())
}
