//! Erasing an account: who somebody was goes for good; the row stays, under a neutral name, since history names it.

use webim_model::PersonId;

use super::apply::{lock_version, raise_version};
use crate::link::Link;
use crate::sql::{Row, id, text};
use crate::{Store, StoreError};

/// What is shown in the place of the name of somebody whose account was erased.
const GONE: &str = "已注销 / deleted person";

/// What there was of an account beside its row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountParts {
    /// Sign-ins, with what their devices are called.
    pub sessions: u64,
    /// What the person set for themselves, with when they were last here.
    pub settings: u64,
    /// What they began to write.
    pub drafts: u64,
    /// What they were to the service: skills, teams, topics, replies of their own.
    pub service: u64,
}

/// How erasing an account ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountErasure {
    /// There is no such account: nobody, no member of staff, or erased before.
    Unknown,
    /// The person is active; nothing was done.
    Active,
    /// It is gone; in a dry run, it would be.
    Erased(AccountParts),
}

impl Store {
    /// Takes away all that says who an inactive member of staff was: name, login, password, picture, sign, roles,
    /// sessions, settings, drafts, their part in the service. The login is free from then on, and the directory's version
    /// grows. What they said stays, as do their files: see [`Store::erase`]. With `dry` it only counts.
    pub async fn erase_account(
        &self,
        person: PersonId,
        dry: bool,
    ) -> Result<AccountErasure, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        // Held, so that no import lets them in meanwhile.
        let before = lock_version(&mut link).await?;
        let ended = match may_go(&mut link, person).await? {
            None => AccountErasure::Unknown,
            Some(false) => AccountErasure::Active,
            Some(true) => AccountErasure::Erased(parts(&mut link, person, dry).await?),
        };
        if dry || !matches!(ended, AccountErasure::Erased(_)) {
            link.rollback().await;
            return Ok(ended);
        }
        let sql = "UPDATE people SET login = NULL, password_hash = NULL, name = ?, avatar = '', sign = '', roles = 0, \
                   status = 'online', version = version + 1 WHERE id = ?";
        link.execute(sql, vec![text(GONE), id(person.0)]).await?;
        raise_version(&mut link, before).await?;
        link.commit().await?;
        Ok(ended)
    }
}

/// Whether the account may be erased; none if there is none.
async fn may_go(link: &mut Link<'_>, person: PersonId) -> Result<Option<bool>, StoreError> {
    let sql = "SELECT active FROM people WHERE id = ? AND kind = 'member' AND login IS NOT NULL";
    let rows = link.query(sql, vec![id(person.0)]).await?;
    rows.first()
        .map(|row| Row(row).flag(0).map(|active| !active))
        .transpose()
}

/// Deletes, or counts, what belongs to `person` alone.
async fn parts(
    link: &mut Link<'_>,
    person: PersonId,
    dry: bool,
) -> Result<AccountParts, StoreError> {
    let mut parts = AccountParts::default();
    for (table, column, count) in [
        ("sessions", "person_id", &mut parts.sessions),
        ("person_settings", "person_id", &mut parts.settings),
        ("drafts", "person_id", &mut parts.drafts),
    ] {
        *count = of(link, (table, column), person, dry).await?;
    }
    for place in [
        ("agents", "person_id"),
        ("team_members", "person_id"),
        ("topic_experts", "person_id"),
        ("canned", "owner_id"),
    ] {
        parts.service += of(link, place, person, dry).await?;
    }
    Ok(parts)
}

async fn of(
    link: &mut Link<'_>,
    (table, column): (&str, &str),
    person: PersonId,
    dry: bool,
) -> Result<u64, StoreError> {
    let values = vec![id(person.0)];
    if !dry {
        let sql = format!("DELETE FROM {table} WHERE {column} = ?");
        return link.execute(&sql, values).await;
    }
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} = ?");
    let rows = link.query(&sql, values).await?;
    let count = rows.first().map(|row| Row(row).number(0)).transpose()?;
    Ok(count.unwrap_or_default())
}
