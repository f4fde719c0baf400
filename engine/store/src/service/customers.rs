//! Customers: visitors, and users of host systems.

use webim_model::{ChannelId, Millis, PersonId};

use crate::link::Link;
use crate::sql::{Row, flag, id, number, rows_of, signed, small, text};
use crate::{Store, StoreError};

/// Somebody who came through a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// Through which channel they came.
    pub channel: ChannelId,
    /// What the host system calls them.
    pub external: Option<String>,
    /// When they came first.
    pub came: Millis,
    /// When they came last.
    pub seen: Millis,
    /// A tag such as `zh-CN`; may be empty.
    pub language: String,
    /// What their browser calls itself; at most 255 characters.
    pub device: String,
    /// The page they were on: JSON, of the shape `wire` says.
    pub page: String,
    /// JSON: an array of words.
    pub tags: String,
    /// JSON: an object of texts.
    pub attributes: String,
    /// Whether their messages are refused.
    pub blocked: bool,
    /// Whom they turned out to be.
    pub merged: Option<PersonId>,
}

/// Somebody who comes for the first time, or comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomer {
    /// Their id, if they are new.
    pub person: PersonId,
    /// What they are called; at most 190 characters.
    pub name: String,
    /// Through which channel.
    pub channel: ChannelId,
    /// What the host system calls them; at most 190 characters.
    pub external: Option<String>,
    /// A tag such as `zh-CN`.
    pub language: String,
    /// At most 255 characters.
    pub device: String,
    /// JSON.
    pub page: String,
    /// The present.
    pub now: Millis,
}

const COLUMNS: &str = "k.person_id, p.name, k.channel_id, k.external_id, k.came_at, k.seen_at, k.language, k.device, \
                       k.page, k.tags, k.attributes, k.blocked, k.merged_into \
                       FROM customers k JOIN people p ON p.id = k.person_id";

fn row(row: &Row<'_>) -> Result<CustomerRow, StoreError> {
    Ok(CustomerRow {
        person: row.id(0)?,
        name: row.text(1)?,
        channel: row.id(2)?,
        external: row.text_or_null(3)?,
        came: Millis(row.signed(4)?),
        seen: Millis(row.signed(5)?),
        language: row.text(6)?,
        device: row.text(7)?,
        page: row.text(8)?,
        tags: row.text(9)?,
        attributes: row.text(10)?,
        blocked: row.flag(11)?,
        merged: row.id_or_null(12)?,
    })
}

impl Store {
    /// This customer.
    pub async fn customer(&self, person: PersonId) -> Result<Option<CustomerRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} WHERE k.person_id = ?");
        let rows = self.read().await?.query(&sql, vec![id(person.0)]).await?;
        rows.first().map(|one| row(&Row(one))).transpose()
    }

    /// The user of a host system who comes through `channel`.
    pub async fn customer_by_external(
        &self,
        channel: ChannelId,
        external: &str,
    ) -> Result<Option<CustomerRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} WHERE k.channel_id = ? AND k.external_id = ?");
        let values = vec![id(channel.0), text(external)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.first().map(|one| row(&Row(one))).transpose()
    }

    /// A customer, made if there is none with this external id; however many ask at once, one is made. Says who it is.
    pub async fn come(&self, new: &NewCustomer) -> Result<PersonId, StoreError> {
        if let Some(external) = &new.external
            && let Some(found) = self.customer_by_external(new.channel, external).await?
        {
            self.come_again(found.person, new).await?;
            return Ok(found.person);
        }
        let mut link = self.write().await?;
        link.begin().await?;
        insert_person(&mut link, new).await?;
        let (insert, keep) = link.backend().insert_or_keep();
        let sql = format!(
            "{insert} INTO customers (person_id, channel_id, external_id, came_at, seen_at, language, device, page, tags, \
             attributes, blocked) VALUES {}{keep}",
            rows_of(1, 11)
        );
        let values = vec![
            id(new.person.0),
            id(new.channel.0),
            sea_orm::Value::String(new.external.clone()),
            signed(new.now.0),
            signed(new.now.0),
            text(&*new.language),
            text(&*new.device),
            text(&*new.page),
            text("[]"),
            text("{}"),
            flag(false),
        ];
        if link.execute(&sql, values).await? > 0 {
            link.commit().await?;
            return Ok(new.person);
        }
        // Somebody was faster, and has committed, or this would still wait.
        link.rollback().await;
        let external = new.external.as_deref().unwrap_or_default();
        let found = self.customer_by_external(new.channel, external).await?;
        let found = found.ok_or_else(|| StoreError::Locked("a customer is being made".into()))?;
        Ok(found.person)
    }

    /// Somebody of the organisation's own comes as a customer: what is known of the visit is kept.
    pub async fn come_inside(&self, new: &NewCustomer) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        let (insert, keep) = link.backend().insert_or_keep();
        let sql = format!(
            "{insert} INTO customers (person_id, channel_id, came_at, seen_at, language, device, page, tags, \
             attributes, blocked) VALUES {}{keep}",
            rows_of(1, 10)
        );
        let values = vec![
            id(new.person.0),
            id(new.channel.0),
            signed(new.now.0),
            signed(new.now.0),
            text(&*new.language),
            text(&*new.device),
            text(&*new.page),
            text("[]"),
            text("{}"),
            flag(false),
        ];
        link.execute(&sql, values).await.map(drop)
    }

    /// Everybody whose messages are refused.
    pub async fn blocked(&self) -> Result<Vec<PersonId>, StoreError> {
        let sql = "SELECT person_id FROM customers WHERE blocked = TRUE ORDER BY person_id";
        let rows = self.read().await?.query(sql, Vec::new()).await?;
        rows.iter().map(|row| Row(row).id(0)).collect()
    }

    /// They are here again: what is known of the visit is new, what they are called only where the host says it.
    pub async fn come_again(&self, person: PersonId, new: &NewCustomer) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let sql = "UPDATE customers SET seen_at = ?, language = ?, device = ?, page = ? WHERE person_id = ?";
        let values = vec![
            signed(new.now.0),
            text(&*new.language),
            text(&*new.device),
            text(&*new.page),
            id(person.0),
        ];
        link.execute(sql, values).await?;
        if new.external.is_some() && !new.name.is_empty() {
            let sql =
                "UPDATE people SET name = ?, version = version + 1 WHERE id = ? AND name <> ?";
            let values = vec![text(&*new.name), id(person.0), text(&*new.name)];
            link.execute(sql, values).await?;
        }
        link.commit().await
    }

    /// What agents changed of a customer: name, tags, attributes, blocked.
    pub async fn put_customer(&self, customer: &CustomerRow) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let sql = "UPDATE customers SET tags = ?, attributes = ?, blocked = ? WHERE person_id = ?";
        let values = vec![
            text(&*customer.tags),
            text(&*customer.attributes),
            flag(customer.blocked),
            id(customer.person.0),
        ];
        link.execute(sql, values).await?;
        let sql = "UPDATE people SET name = ?, version = version + 1 WHERE id = ?";
        link.execute(sql, vec![text(&*customer.name), id(customer.person.0)])
            .await?;
        link.commit().await
    }
}

async fn insert_person(link: &mut Link<'_>, new: &NewCustomer) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO people (id, kind, name, avatar, sign, roles, active, status, version, created_at) VALUES {}",
        rows_of(1, 10)
    );
    let values = vec![
        id(new.person.0),
        text("customer"),
        text(&*new.name),
        text(""),
        text(""),
        small(0),
        flag(true),
        text("online"),
        number(1),
        signed(new.now.0),
    ];
    link.execute(&sql, values).await.map(drop)
}
