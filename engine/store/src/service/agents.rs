//! Agents: what they take, and whether they take work now.

use webim_model::{Millis, Person, PersonId, WorkState};

use super::{lines, lines_at, moment, moment_at, or_update};
use crate::rows::{self, PERSON, PERSON_COLUMNS};
use crate::sql::{Row, id, signed, small, text};
use crate::{Store, StoreError};

/// How many customers an agent takes at a time where nothing was set.
const CAPACITY: i32 = 5;

/// A member with the role of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRow {
    /// Who.
    pub person: Person,
    /// Customers at a time.
    pub capacity: u32,
    /// How much more than others they take.
    pub weight: u32,
    /// Free labels.
    pub skills: Vec<String>,
    /// Tags such as `zh-CN`.
    pub languages: Vec<String>,
    /// Whether they take work.
    pub state: WorkState,
    /// Since when.
    pub since: Millis,
    /// When somebody was given to them last.
    pub assigned: Option<Millis>,
}

impl Store {
    /// All active members with the role of an agent, in the order of ids; those of whom nothing was set are ready and take
    /// five.
    pub async fn agents(&self) -> Result<Vec<AgentRow>, StoreError> {
        let sql = format!(
            "SELECT {PERSON}, a.capacity, a.weight, a.skills, a.languages, a.work_state, a.state_since, a.assigned_at \
             FROM people p LEFT JOIN agents a ON a.person_id = p.id \
             WHERE p.kind = 'member' AND p.active = TRUE AND (p.roles & 1) = 1 ORDER BY p.id"
        );
        let rows = self.read().await?.query(&sql, Vec::new()).await?;
        rows.iter().map(|row| agent(&Row(row))).collect()
    }

    /// What an agent takes from now on.
    pub async fn put_agent(&self, agent: &AgentRow) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        let update = or_update(
            link.backend(),
            "person_id",
            &["capacity", "weight", "skills", "languages"],
        );
        let sql = format!(
            "INSERT INTO agents (person_id, capacity, weight, skills, languages, work_state, state_since, assigned_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?){update}"
        );
        let count = |number: u32| small(i32::try_from(number).unwrap_or(i32::MAX));
        let values = vec![
            id(agent.person.id.0),
            count(agent.capacity),
            count(agent.weight),
            lines(&agent.skills),
            lines(&agent.languages),
            text(agent.state.name()),
            signed(agent.since.0),
            moment(agent.assigned),
        ];
        link.execute(&sql, values).await.map(drop)
    }
}

/// Whether agents take work, and when they were given somebody last.
pub(super) async fn write_states(
    link: &mut crate::link::Link<'_>,
    states: &[(PersonId, WorkState, Millis, Option<Millis>)],
) -> Result<(), StoreError> {
    let update = or_update(
        link.backend(),
        "person_id",
        &["work_state", "state_since", "assigned_at"],
    );
    let sql = format!(
        "INSERT INTO agents (person_id, capacity, weight, skills, languages, work_state, state_since, assigned_at) \
         VALUES (?, {CAPACITY}, 1, '', '', ?, ?, ?){update}"
    );
    for (person, state, since, assigned) in states {
        let values = vec![
            id(person.0),
            text(state.name()),
            signed(since.0),
            moment(*assigned),
        ];
        link.execute(&sql, values).await?;
    }
    Ok(())
}

fn agent(row: &Row<'_>) -> Result<AgentRow, StoreError> {
    let person = rows::person(row, 0)?;
    let at = PERSON_COLUMNS;
    if row.text_or_null(at + 4)?.is_none() {
        return Ok(AgentRow {
            person,
            capacity: CAPACITY.unsigned_abs(),
            weight: 1,
            skills: Vec::new(),
            languages: Vec::new(),
            state: WorkState::Ready,
            since: Millis(0),
            assigned: None,
        });
    }
    Ok(AgentRow {
        person,
        capacity: row.small(at)?.unsigned_abs(),
        weight: row.small(at + 1)?.unsigned_abs(),
        skills: lines_at(row, at + 2)?,
        languages: lines_at(row, at + 3)?,
        state: row.word(at + 4, WorkState::parse)?,
        since: Millis(row.signed(at + 5)?),
        assigned: moment_at(row, at + 6)?,
    })
}
