//! The directory: units, and the one transaction in which an import changes units, people and memberships.

pub(crate) mod account;
mod apply;
mod memberships;
pub(crate) mod rules;

use std::collections::{HashMap, HashSet, VecDeque};

use webim_model::{ConversationId, PersonId, Roles, UnitId};

use crate::sql::Row;
use crate::{Store, StoreError};

/// An active unit as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// Which one.
    pub id: UnitId,
    /// The unit it belongs to; none at the top.
    pub parent: Option<UnitId>,
    /// What it is called.
    pub name: String,
    /// Its place among its siblings, smallest first.
    pub position: i32,
    /// Its conversation.
    pub conversation: ConversationId,
    /// How many active people are directly in it.
    pub people: u64,
}

/// A unit as an import compares and writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRecord {
    /// Which one; an import makes new ids with [`webim_model::Sources::uuid`].
    pub id: UnitId,
    /// What the organisation's own systems call it; unique, at most 190 characters.
    pub code: String,
    /// The unit it belongs to; none at the top.
    pub parent: Option<UnitId>,
    /// What it is called; at most 190 characters.
    pub name: String,
    /// Its place among its siblings, smallest first.
    pub position: i32,
    /// False once it was removed; its conversation stays readable for nobody but the auditors.
    pub active: bool,
}

/// A member of staff as an import compares and writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// Who; an import makes new ids with [`webim_model::Sources::uuid`].
    pub id: PersonId,
    /// What they sign in with; unique, at most 190 characters.
    pub login: String,
    /// What others call them; at most 190 characters.
    pub name: String,
    /// Address of a picture; empty where one is drawn from the name; at most 1,000 characters.
    pub avatar: String,
    /// What they may do.
    pub roles: Roles,
    /// Whether they may sign in and be written to.
    pub active: bool,
}

/// A member of staff who is not in the database yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    /// The person.
    pub record: PersonRecord,
    /// The hash of their password; without one they cannot sign in by password.
    pub password_hash: Option<String>,
}

/// Everything an import compares a file against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectorySnapshot {
    /// The version it shows; a plan made from it is refused if this has moved.
    pub version: u64,
    /// All units, removed ones too.
    pub units: Vec<UnitRecord>,
    /// All staff, deactivated ones too.
    pub people: Vec<PersonRecord>,
    /// Who is directly in which unit.
    pub memberships: Vec<(UnitId, PersonId)>,
}

/// What an import changes. Units and people are never deleted: history names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryPlan {
    /// The snapshot's version this was made from.
    pub version: u64,
    /// New units, in any order.
    pub units_insert: Vec<UnitRecord>,
    /// Units whose record changes; `active: true` brings a removed one back.
    pub units_update: Vec<UnitRecord>,
    /// Units that are no more: nobody is in them and nobody can write there.
    pub units_remove: Vec<UnitId>,
    /// New people.
    pub people_insert: Vec<NewPerson>,
    /// People whose record changes; `active: true` brings a deactivated one back.
    pub people_update: Vec<PersonRecord>,
    /// People who left: their sessions end and they are in no unit.
    pub people_deactivate: Vec<PersonId>,
    /// Who joins which unit: they read its conversation from now on.
    pub memberships_add: Vec<(UnitId, PersonId)>,
    /// Who leaves which unit.
    pub memberships_remove: Vec<(UnitId, PersonId)>,
}

impl DirectoryPlan {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.units_insert.is_empty()
            && self.units_update.is_empty()
            && self.units_remove.is_empty()
            && self.people_insert.is_empty()
            && self.people_update.is_empty()
            && self.people_deactivate.is_empty()
            && self.memberships_add.is_empty()
            && self.memberships_remove.is_empty()
    }
}

/// The setting that holds the directory's version.
pub(crate) const VERSION: &str = "directory_version";

impl Store {
    /// Grows with every change of units, people or memberships.
    pub async fn directory_version(&self) -> Result<u64, StoreError> {
        version(self.setting(VERSION).await?.as_deref())
    }

    /// All active units: parents before children, siblings by position and then name.
    pub async fn units(&self) -> Result<Vec<UnitRow>, StoreError> {
        let sql = "SELECT u.id, u.parent_id, u.name, u.position, c.id, \
                   (SELECT COUNT(*) FROM unit_members m JOIN people p ON p.id = m.person_id \
                   WHERE m.unit_id = u.id AND p.active = TRUE) \
                   FROM units u JOIN conversations c ON c.unit_id = u.id WHERE u.active = TRUE";
        let rows = self.read().await?.query(sql, Vec::new()).await?;
        let mut units = Vec::with_capacity(rows.len());
        for row in &rows {
            let row = Row(row);
            units.push(UnitRow {
                id: row.id(0)?,
                parent: row.id_or_null(1)?,
                name: row.text(2)?,
                position: row.small(3)?,
                conversation: row.id(4)?,
                people: row.number(5)?,
            });
        }
        Ok(parents_first(units))
    }

    /// Units, staff and memberships as they are now.
    pub async fn directory_snapshot(&self) -> Result<DirectorySnapshot, StoreError> {
        // The version comes first: what changes afterwards makes the plan too old, and it is refused.
        let version = self.directory_version().await?;
        let mut link = self.read().await?;
        let sql = "SELECT id, code, parent_id, name, position, active FROM units ORDER BY id";
        let rows = link.query(sql, Vec::new()).await?;
        let units = rows
            .iter()
            .map(|row| unit(&Row(row)))
            .collect::<Result<_, _>>()?;
        let sql = "SELECT id, login, name, avatar, roles, active FROM people \
                   WHERE kind = 'member' AND login IS NOT NULL ORDER BY id";
        let rows = link.query(sql, Vec::new()).await?;
        let people = rows
            .iter()
            .map(|row| person(&Row(row)))
            .collect::<Result<_, _>>()?;
        let sql = "SELECT unit_id, person_id FROM unit_members ORDER BY unit_id, person_id";
        let rows = link.query(sql, Vec::new()).await?;
        let memberships = rows
            .iter()
            .map(|row| Ok((Row(row).id(0)?, Row(row).id(1)?)))
            .collect::<Result<_, StoreError>>()?;
        Ok(DirectorySnapshot {
            version,
            units,
            people,
            memberships,
        })
    }
}

fn version(setting: Option<&str>) -> Result<u64, StoreError> {
    setting
        .and_then(|version| version.parse().ok())
        .ok_or_else(|| StoreError::Corrupt("the directory's version".into()))
}

fn unit(row: &Row<'_>) -> Result<UnitRecord, StoreError> {
    Ok(UnitRecord {
        id: row.id(0)?,
        code: row.text(1)?,
        parent: row.id_or_null(2)?,
        name: row.text(3)?,
        position: row.small(4)?,
        active: row.flag(5)?,
    })
}

fn person(row: &Row<'_>) -> Result<PersonRecord, StoreError> {
    Ok(PersonRecord {
        id: row.id(0)?,
        login: row.text(1)?,
        name: row.text(2)?,
        avatar: row.text(3)?,
        roles: Roles(row.small(4)?.cast_unsigned()),
        active: row.flag(5)?,
    })
}

/// Orders a tree from its tops down. A unit whose parent is not among them stands at the top, so that nobody in it
/// disappears.
fn parents_first(mut units: Vec<UnitRow>) -> Vec<UnitRow> {
    units.sort_by(|a, b| (a.position, &a.name, a.id).cmp(&(b.position, &b.name, b.id)));
    let known: HashSet<_> = units.iter().map(|unit| unit.id).collect();
    let mut children: HashMap<Option<UnitId>, VecDeque<UnitRow>> = HashMap::new();
    for unit in units {
        let parent = unit.parent.filter(|parent| known.contains(parent));
        children.entry(parent).or_default().push_back(unit);
    }
    let mut ordered = Vec::with_capacity(known.len());
    let mut path = vec![None];
    while let Some(parent) = path.last() {
        match children.get_mut(parent).and_then(VecDeque::pop_front) {
            Some(unit) => {
                path.push(Some(unit.id));
                ordered.push(unit);
            }
            None => {
                path.pop();
            }
        }
    }
    ordered
}
