//! People: looking them up, and what they change about themselves.

use std::collections::HashMap;

use sea_orm::QueryResult;
use webim_model::{Person, PersonId, Status, UnitId};

use crate::rows::{self, PERSON, PERSON_COLUMNS};
use crate::sql::{self, Row, chunks, id, marks, number, text};
use crate::{Store, StoreError};

impl Store {
    /// This person, active or not.
    pub async fn person(&self, person: PersonId) -> Result<Option<Person>, StoreError> {
        let sql = format!("SELECT {PERSON} FROM people p WHERE p.id = ?");
        let rows = self.read().await?.query(&sql, vec![id(person.0)]).await?;
        Ok(rows::people(&rows)?.pop())
    }

    /// The person who signs in with `login` (compared exactly) and the hash of their password, active or not.
    pub async fn person_by_login(
        &self,
        login: &str,
    ) -> Result<Option<(Person, Option<String>)>, StoreError> {
        let sql = format!("SELECT {PERSON}, p.password_hash FROM people p WHERE p.login = ?");
        let rows = self.read().await?.query(&sql, vec![text(login)]).await?;
        with_password(&rows)
    }

    /// This person and the hash of their password, active or not.
    pub async fn person_with_password(
        &self,
        person: PersonId,
    ) -> Result<Option<(Person, Option<String>)>, StoreError> {
        let sql = format!("SELECT {PERSON}, p.password_hash FROM people p WHERE p.id = ?");
        let rows = self.read().await?.query(&sql, vec![id(person.0)]).await?;
        with_password(&rows)
    }

    /// Those of `ids` that exist, in no order.
    pub async fn people_cards(&self, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
        let mut people = Vec::with_capacity(ids.len());
        let mut link = self.read().await?;
        for chunk in chunks(ids) {
            let sql = format!(
                "SELECT {PERSON} FROM people p WHERE p.id IN ({})",
                marks(chunk.len())
            );
            let values = chunk.iter().map(|person| id(person.0)).collect();
            people.extend(rows::people(&link.query(&sql, values).await?)?);
        }
        Ok(people)
    }

    /// Active members ordered by id, after `after`, of `unit` or of the whole organisation, each with the active units
    /// they are directly in.
    pub async fn people_page(
        &self,
        after: Option<PersonId>,
        unit: Option<UnitId>,
        limit: u64,
    ) -> Result<Vec<(Person, Vec<UnitId>)>, StoreError> {
        let mut values = vec![id(after.map_or(uuid::Uuid::nil(), |after| after.0))];
        let from = match unit {
            None => "people p WHERE p.id > ?",
            Some(unit) => {
                values.push(id(unit.0));
                "people p JOIN unit_members u ON u.person_id = p.id WHERE p.id > ? AND u.unit_id = ?"
            }
        };
        values.push(number(limit));
        let sql = format!(
            "SELECT {PERSON} FROM {from} AND p.kind = 'member' AND p.active = TRUE ORDER BY p.id LIMIT ?"
        );
        let people = rows::people(&self.read().await?.query(&sql, values).await?)?;
        let mut units = self.units_of(&people).await?;
        Ok(people
            .into_iter()
            .map(|person| {
                let units = units.remove(&person.id).unwrap_or_default();
                (person, units)
            })
            .collect())
    }

    async fn units_of(
        &self,
        people: &[Person],
    ) -> Result<HashMap<PersonId, Vec<UnitId>>, StoreError> {
        let mut units: HashMap<PersonId, Vec<UnitId>> = HashMap::with_capacity(people.len());
        let mut link = self.read().await?;
        for chunk in chunks(people) {
            let sql = format!(
                "SELECT m.person_id, m.unit_id FROM unit_members m \
                 JOIN units u ON u.id = m.unit_id AND u.active = TRUE \
                 WHERE m.person_id IN ({}) ORDER BY m.unit_id",
                marks(chunk.len())
            );
            let values = chunk.iter().map(|person| id(person.id.0)).collect();
            for row in link.query(&sql, values).await? {
                let row = Row(&row);
                units.entry(row.id(0)?).or_default().push(row.id(1)?);
            }
        }
        Ok(units)
    }

    /// What `person` shows from now on. False if there is no such person.
    pub async fn set_status(&self, person: PersonId, status: Status) -> Result<bool, StoreError> {
        self.set(person, "status", status.name()).await
    }

    /// The hash of `person`'s password. False if there is no such person.
    pub async fn set_password(&self, person: PersonId, hash: &str) -> Result<bool, StoreError> {
        self.set(person, "password_hash", hash).await
    }

    async fn set(
        &self,
        person: PersonId,
        column: &'static str,
        value: &str,
    ) -> Result<bool, StoreError> {
        let sql = format!("UPDATE people SET {column} = ?, version = version + 1 WHERE id = ?");
        let values = vec![sql::text(value), id(person.0)];
        Ok(self.write().await?.execute(&sql, values).await? > 0)
    }
}

/// The first of rows with the columns of [`PERSON`] and the hash of the password.
fn with_password(rows: &[QueryResult]) -> Result<Option<(Person, Option<String>)>, StoreError> {
    let first = rows.first().map(|row| {
        let row = Row(row);
        Ok((rows::person(&row, 0)?, row.text_or_null(PERSON_COLUMNS)?))
    });
    first.transpose()
}
