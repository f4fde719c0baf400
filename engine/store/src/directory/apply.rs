//! Applying a plan: one transaction over units, people, memberships and the units' conversations.

use sea_orm::Value;
use webim_model::{ConversationId, ConversationKind, Millis, PersonId, UnitId};

use super::memberships::Memberships;
use super::rules::{DirectoryRules, align};
use super::{DirectoryPlan, NewPerson, PersonRecord, UnitRecord, VERSION, version};
use crate::conversations::{NewConversation, insert_conversations};
use crate::link::Link;
use crate::sql::{
    Row, chunks, flag, id, id_or_null, keys, marks, number, rows_of, signed, small, text,
    update_from,
};
use crate::{Store, StoreError};

impl Store {
    /// Applies `plan` in one transaction, all or nothing, keeping each unit's conversation and its members in step, and
    /// returns the directory's version afterwards. An empty plan changes nothing, not even the version.
    ///
    /// [`StoreError::Locked`] if the directory has changed since the plan's snapshot: take a new one.
    pub async fn apply_directory(&self, plan: &DirectoryPlan) -> Result<u64, StoreError> {
        if plan.is_empty() {
            return self.directory_version().await;
        }
        let now = self.sources().now();
        let mut link = self.write().await?;
        link.begin().await?;
        let before = lock_version(&mut link).await?;
        if before != plan.version {
            link.rollback().await;
            return Err(StoreError::Locked("the directory has changed".into()));
        }
        insert_people(&mut link, &plan.people_insert, now).await?;
        update_people(&mut link, &plan.people_update).await?;
        deactivate_people(&mut link, &plan.people_deactivate).await?;
        insert_units(&mut link, &plan.units_insert).await?;
        let conversations: Vec<_> = plan
            .units_insert
            .iter()
            .map(|unit| self.conversation_of(unit.id, now))
            .collect();
        insert_conversations(&mut link, &conversations).await?;
        update_units(&mut link, &plan.units_update).await?;
        remove_units(&mut link, &plan.units_remove).await?;
        let memberships = Memberships::of(&mut link, plan).await?;
        let rules = DirectoryRules::of(&mut link).await?;
        memberships.apply(&mut link, rules).await?;
        if rules.subtree {
            align(&mut link, rules).await?;
        }
        raise_version(&mut link, before).await?;
        link.commit().await?;
        Ok(before + 1)
    }

    /// The line `person` writes about themselves, at most 255 characters; the directory's version grows with it. False if there is no such
    /// person.
    pub async fn set_sign(&self, person: PersonId, sign: &str) -> Result<bool, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let before = lock_version(&mut link).await?;
        let sql = "UPDATE people SET sign = ?, version = version + 1 WHERE id = ?";
        if link.execute(sql, vec![text(sign), id(person.0)]).await? == 0 {
            link.rollback().await;
            return Ok(false);
        }
        raise_version(&mut link, before).await?;
        link.commit().await?;
        Ok(true)
    }

    fn conversation_of(&self, unit: UnitId, now: Millis) -> NewConversation {
        NewConversation {
            id: ConversationId(self.sources().uuid()),
            kind: ConversationKind::Unit,
            direct_key: None,
            unit: Some(unit),
            title: String::new(),
            now,
        }
    }
}

/// The directory's version, held so that imports wait for each other.
pub(super) async fn lock_version(link: &mut Link<'_>) -> Result<u64, StoreError> {
    let sql = format!(
        "SELECT value FROM settings WHERE name = ?{}",
        link.backend().for_update()
    );
    let rows = link.query(&sql, vec![text(VERSION)]).await?;
    let value = rows.first().map(|row| Row(row).text(0)).transpose()?;
    version(value.as_deref())
}

/// The directory has changed.
pub(super) async fn raise_version(link: &mut Link<'_>, before: u64) -> Result<(), StoreError> {
    let sql = "UPDATE settings SET value = ? WHERE name = ?";
    let values = vec![text((before + 1).to_string()), text(VERSION)];
    link.execute(sql, values).await.map(drop)
}

async fn insert_people(
    link: &mut Link<'_>,
    people: &[NewPerson],
    now: Millis,
) -> Result<(), StoreError> {
    for chunk in chunks(people) {
        let sql = format!(
            "INSERT INTO people (id, kind, login, password_hash, name, avatar, sign, roles, active, status, version, \
             created_at) VALUES {}",
            rows_of(chunk.len(), 12)
        );
        let values = chunk
            .iter()
            .flat_map(
                |NewPerson {
                     record,
                     password_hash,
                 }| {
                    [
                        id(record.id.0),
                        text("member"),
                        text(&*record.login),
                        Value::String(password_hash.clone()),
                        text(&*record.name),
                        text(&*record.avatar),
                        text(""),
                        roles(record),
                        flag(record.active),
                        text("online"),
                        number(1),
                        signed(now.0),
                    ]
                },
            )
            .collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}

fn roles(record: &PersonRecord) -> Value {
    small(record.roles.0.cast_signed())
}

async fn update_people(link: &mut Link<'_>, people: &[PersonRecord]) -> Result<(), StoreError> {
    for chunk in chunks(people) {
        let names = [
            "person",
            "to_login",
            "to_name",
            "to_avatar",
            "to_roles",
            "to_active",
        ];
        let sql = update_from(
            link.backend(),
            "people",
            &keys(link.backend(), &names, chunk.len()),
            "login = k.to_login, name = k.to_name, avatar = k.to_avatar, roles = k.to_roles, active = k.to_active, \
             version = version + 1",
            "people.id = k.person",
        );
        let values = chunk
            .iter()
            .flat_map(|record| {
                [
                    id(record.id.0),
                    text(&*record.login),
                    text(&*record.name),
                    text(&*record.avatar),
                    roles(record),
                    flag(record.active),
                ]
            })
            .collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}

async fn deactivate_people(link: &mut Link<'_>, people: &[PersonId]) -> Result<(), StoreError> {
    let sql = "UPDATE people SET active = FALSE, version = version + 1 WHERE id IN";
    each_of(link, sql, people.iter().map(|person| person.0)).await?;
    let sql = "DELETE FROM sessions WHERE person_id IN";
    each_of(link, sql, people.iter().map(|person| person.0)).await
}

async fn insert_units(link: &mut Link<'_>, units: &[UnitRecord]) -> Result<(), StoreError> {
    for chunk in chunks(units) {
        let sql = format!(
            "INSERT INTO units (id, code, parent_id, name, position, active) VALUES {}",
            rows_of(chunk.len(), 6)
        );
        let values = chunk.iter().flat_map(unit_values).collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}

fn unit_values(unit: &UnitRecord) -> [Value; 6] {
    [
        id(unit.id.0),
        text(&*unit.code),
        id_or_null(unit.parent.map(|parent| parent.0)),
        text(&*unit.name),
        small(unit.position),
        flag(unit.active),
    ]
}

async fn update_units(link: &mut Link<'_>, units: &[UnitRecord]) -> Result<(), StoreError> {
    for chunk in chunks(units) {
        let names = [
            "unit",
            "to_code",
            "to_parent",
            "to_name",
            "to_position",
            "to_active",
        ];
        let sql = update_from(
            link.backend(),
            "units",
            &keys(link.backend(), &names, chunk.len()),
            "code = k.to_code, parent_id = k.to_parent, name = k.to_name, position = k.to_position, active = k.to_active",
            "units.id = k.unit",
        );
        let values = chunk.iter().flat_map(unit_values).collect();
        link.execute(&sql, values).await?;
    }
    let back = units.iter().filter(|unit| unit.active);
    let sql = "UPDATE conversations SET state = 'open', version = version + 1 \
               WHERE state <> 'open' AND unit_id IN";
    each_of(link, sql, back.map(|unit| unit.id.0)).await?;
    let gone: Vec<_> = units
        .iter()
        .filter(|unit| !unit.active)
        .map(|unit| unit.id)
        .collect();
    remove_units(link, &gone).await
}

async fn remove_units(link: &mut Link<'_>, units: &[UnitId]) -> Result<(), StoreError> {
    let sql = "UPDATE units SET active = FALSE WHERE id IN";
    each_of(link, sql, units.iter().map(|unit| unit.0)).await?;
    let sql = "UPDATE conversations SET state = 'closed', version = version + 1 \
               WHERE state <> 'closed' AND unit_id IN";
    each_of(link, sql, units.iter().map(|unit| unit.0)).await
}

/// Runs a statement that ends in `IN` for all `ids`.
pub(super) async fn each_of(
    link: &mut Link<'_>,
    sql: &str,
    ids: impl Iterator<Item = uuid::Uuid>,
) -> Result<(), StoreError> {
    let ids: Vec<_> = ids.collect();
    for chunk in chunks(&ids) {
        let sql = format!("{sql} ({})", marks(chunk.len()));
        link.execute(&sql, chunk.iter().copied().map(id).collect())
            .await?;
    }
    Ok(())
}
