//! Who joins and who leaves which unit, and its conversation with it.

use std::collections::{BTreeMap, BTreeSet};

use webim_model::{ConversationId, PersonId, UnitId};

use super::DirectoryPlan;
use super::apply::each_of;
use super::rules::DirectoryRules;
use crate::StoreError;
use crate::link::Link;
use crate::sql::{Row, chunks, id, marks, number, rows_of};

/// Who joins and who leaves, unit by unit.
#[derive(Default)]
pub(super) struct Memberships {
    join: BTreeMap<UnitId, BTreeSet<PersonId>>,
    leave: BTreeMap<UnitId, BTreeSet<PersonId>>,
}

/// Where a unit's conversation stands.
pub(super) struct Head {
    pub(super) conversation: ConversationId,
    last_seq: u64,
    last_counted: u64,
}

impl Head {
    /// From a row of unit, id, `last_seq`, `last_counted`.
    pub(super) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            conversation: row.id(1)?,
            last_seq: row.number(2)?,
            last_counted: row.number(3)?,
        })
    }
}

impl Memberships {
    /// What the plan says, and that nobody stays in a unit that is no more, nor anybody who left.
    pub(super) async fn of(link: &mut Link<'_>, plan: &DirectoryPlan) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for (unit, person) in &plan.memberships_add {
            all.join.entry(*unit).or_default().insert(*person);
        }
        for (unit, person) in &plan.memberships_remove {
            all.leave.entry(*unit).or_default().insert(*person);
        }
        let updated = plan.units_update.iter().filter(|unit| !unit.active);
        let units = plan.units_remove.iter().copied();
        let units: Vec<_> = units.chain(updated.map(|unit| unit.id)).collect();
        all.leave_where(link, "unit_id", units.iter().map(|unit| unit.0).collect())
            .await?;
        let updated = plan.people_update.iter().filter(|person| !person.active);
        let people = plan.people_deactivate.iter().copied();
        let people: Vec<_> = people.chain(updated.map(|person| person.id)).collect();
        all.leave_where(
            link,
            "person_id",
            people.iter().map(|person| person.0).collect(),
        )
        .await?;
        Ok(all)
    }

    pub(super) async fn leave_where(
        &mut self,
        link: &mut Link<'_>,
        column: &'static str,
        ids: Vec<uuid::Uuid>,
    ) -> Result<(), StoreError> {
        for chunk in chunks(&ids) {
            let sql = format!(
                "SELECT unit_id, person_id FROM unit_members WHERE {column} IN ({})",
                marks(chunk.len())
            );
            let values = chunk.iter().copied().map(id).collect();
            for row in link.query(&sql, values).await? {
                let row = Row(&row);
                self.leave.entry(row.id(0)?).or_default().insert(row.id(1)?);
            }
        }
        Ok(())
    }

    /// Writes them; the conversations too, unless these hold the units below: then they are put right as a whole.
    pub(super) async fn apply(
        &self,
        link: &mut Link<'_>,
        rules: DirectoryRules,
    ) -> Result<(), StoreError> {
        let units: BTreeSet<_> = self.join.keys().chain(self.leave.keys()).copied().collect();
        let units: Vec<_> = units.into_iter().collect();
        let heads = heads(link, &units).await?;
        for (unit, people) in &self.leave {
            let people: Vec<_> = people.iter().copied().collect();
            let head = heads.get(unit).ok_or_else(missing)?;
            leave_unit(link, *unit, &people).await?;
            if !rules.subtree {
                leave_conversation(link, head, &people).await?;
            }
        }
        let mut joiners = Vec::new();
        for (unit, people) in &self.join {
            let head = heads.get(unit).ok_or_else(missing)?;
            joiners.extend(people.iter().map(|person| (head, *person)));
            join_unit(link, *unit, people).await?;
        }
        if rules.subtree {
            return Ok(());
        }
        join_conversations(link, rules, &joiners).await?;
        let sql = "UPDATE conversations SET member_version = member_version + 1 WHERE id IN";
        let touched = heads.values().map(|head| head.conversation.0);
        each_of(link, sql, touched).await
    }
}

fn missing() -> StoreError {
    StoreError::Constraint("a membership names a unit that is not there".into())
}

/// The heads of these units' conversations, held until the transaction ends: who joins reads on from them.
async fn heads(
    link: &mut Link<'_>,
    units: &[UnitId],
) -> Result<BTreeMap<UnitId, Head>, StoreError> {
    let mut heads = BTreeMap::new();
    for chunk in chunks(units) {
        // In the order of ids, as the committer does, so that the two wait and do not lock each other out.
        let sql = format!(
            "SELECT unit_id, id, last_seq, last_counted FROM conversations WHERE unit_id IN ({}) ORDER BY id{}",
            marks(chunk.len()),
            link.backend().for_update()
        );
        let values = chunk.iter().map(|unit| id(unit.0)).collect();
        for row in link.query(&sql, values).await? {
            let row = Row(&row);
            heads.insert(row.id(0)?, Head::read(&row)?);
        }
    }
    Ok(heads)
}

async fn leave_unit(
    link: &mut Link<'_>,
    unit: UnitId,
    people: &[PersonId],
) -> Result<(), StoreError> {
    remove(link, ("unit_members", "unit_id", unit.0), people).await
}

/// They read nothing there any more.
pub(super) async fn leave_conversation(
    link: &mut Link<'_>,
    head: &Head,
    people: &[PersonId],
) -> Result<(), StoreError> {
    let of = ("members", "conversation_id", head.conversation.0);
    remove(link, of, people).await
}

async fn remove(
    link: &mut Link<'_>,
    (table, column, owner): (&str, &str, uuid::Uuid),
    people: &[PersonId],
) -> Result<(), StoreError> {
    for chunk in chunks(people) {
        let sql = format!(
            "DELETE FROM {table} WHERE {column} = ? AND person_id IN ({})",
            marks(chunk.len())
        );
        let people = chunk.iter().map(|person| id(person.0));
        let values = std::iter::once(id(owner)).chain(people).collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}

async fn join_unit(
    link: &mut Link<'_>,
    unit: UnitId,
    people: &BTreeSet<PersonId>,
) -> Result<(), StoreError> {
    let people: Vec<_> = people.iter().copied().collect();
    for chunk in chunks(&people) {
        let sql = format!(
            "INSERT INTO unit_members (unit_id, person_id) VALUES {}",
            rows_of(chunk.len(), 2)
        );
        let values = chunk
            .iter()
            .flat_map(|person| [id(unit.0), id(person.0)])
            .collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}

/// They read on from here, or from the beginning; nothing that was said before is unread to them.
pub(super) async fn join_conversations(
    link: &mut Link<'_>,
    rules: DirectoryRules,
    joiners: &[(&Head, PersonId)],
) -> Result<(), StoreError> {
    for chunk in chunks(joiners) {
        let sql = format!(
            "INSERT INTO members (conversation_id, person_id, from_seq, read_seq, read_counted) VALUES {}",
            rows_of(chunk.len(), 5)
        );
        let values = chunk
            .iter()
            .flat_map(|(head, person)| {
                let from = if rules.history { 1 } else { head.last_seq + 1 };
                [
                    id(head.conversation.0),
                    id(person.0),
                    number(from),
                    number(head.last_seq),
                    number(head.last_counted),
                ]
            })
            .collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}
