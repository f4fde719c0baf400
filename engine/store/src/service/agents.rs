//! Agents: what they take, and whether they take work now.

use sea_orm::Value;
use webim_model::{Millis, Person, WorkState};

use super::effects::WorkRow;
use super::{lines, lines_at, moment, moment_at, or_update};
use crate::link::Link;
use crate::rows::{self, PERSON, PERSON_COLUMNS};
use crate::sql::{Row, id, small, text};
use crate::{Store, StoreError};

/// How many customers an agent takes at a time where nothing was set.
const CAPACITY: i32 = 5;
/// What share they take where nothing was set.
const WEIGHT: i32 = 100;

/// A member with the role of an agent or of a supervisor.
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
    /// When finishing up ends by itself.
    pub wrap_up_until: Option<Millis>,
    /// How often in a row they did not answer.
    pub silences: u32,
    /// When somebody was given to them last.
    pub assigned: Option<Millis>,
    /// When their last connection ended.
    pub gone: Option<Millis>,
}

impl Store {
    /// All active members with the role of an agent or of a supervisor, in the order of ids; those of whom nothing was set
    /// are ready and take five.
    pub async fn agents(&self) -> Result<Vec<AgentRow>, StoreError> {
        let sql = format!(
            "SELECT {PERSON}, a.capacity, a.weight, a.skills, a.languages, a.work_state, \
             a.wrap_up_until, a.silences, a.assigned_at, a.gone_at \
             FROM people p LEFT JOIN agents a ON a.person_id = p.id \
             WHERE p.kind = 'member' AND p.active = TRUE AND (p.roles & 3) <> 0 ORDER BY p.id"
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
            "INSERT INTO agents (person_id, capacity, weight, skills, languages, work_state, silences) \
             VALUES (?, ?, ?, ?, ?, ?, 0){update}"
        );
        let values = vec![
            id(agent.person.id.0),
            count(agent.capacity),
            count(agent.weight),
            lines(&agent.skills),
            lines(&agent.languages),
            text(agent.state.name()),
        ];
        link.execute(&sql, values).await.map(drop)
    }
}

/// Whether agents take work, and when they were given somebody last.
pub(super) async fn write_states(link: &mut Link<'_>, rows: &[WorkRow]) -> Result<(), StoreError> {
    let update = or_update(
        link.backend(),
        "person_id",
        &[
            "work_state",
            "wrap_up_until",
            "silences",
            "assigned_at",
            "gone_at",
        ],
    );
    let sql = format!(
        "INSERT INTO agents (person_id, capacity, weight, skills, languages, work_state, wrap_up_until, silences, \
         assigned_at, gone_at) VALUES (?, {CAPACITY}, {WEIGHT}, '', '', ?, ?, ?, ?, ?){update}"
    );
    for row in rows {
        let values = vec![
            id(row.agent.0),
            text(row.state.name()),
            moment(row.wrap_up_until),
            count(row.silences),
            moment(row.assigned),
            moment(row.gone),
        ];
        link.execute(&sql, values).await?;
    }
    Ok(())
}

fn count(number: u32) -> Value {
    small(i32::try_from(number).unwrap_or(i32::MAX))
}

fn agent(row: &Row<'_>) -> Result<AgentRow, StoreError> {
    let person = rows::person(row, 0)?;
    let at = PERSON_COLUMNS;
    if row.text_or_null(at + 4)?.is_none() {
        return Ok(AgentRow {
            person,
            capacity: CAPACITY.unsigned_abs(),
            weight: WEIGHT.unsigned_abs(),
            skills: Vec::new(),
            languages: Vec::new(),
            state: WorkState::Ready,
            wrap_up_until: None,
            silences: 0,
            assigned: None,
            gone: None,
        });
    }
    Ok(AgentRow {
        person,
        capacity: row.small(at)?.unsigned_abs(),
        weight: row.small(at + 1)?.unsigned_abs(),
        skills: lines_at(row, at + 2)?,
        languages: lines_at(row, at + 3)?,
        state: row.word(at + 4, WorkState::parse)?,
        wrap_up_until: moment_at(row, at + 5)?,
        silences: row.small(at + 6)?.unsigned_abs(),
        assigned: moment_at(row, at + 7)?,
        gone: moment_at(row, at + 8)?,
    })
}
