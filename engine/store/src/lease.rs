//! The lease row: which process serves this database. A second one is refused, until nodes can share.

use uuid::Uuid;
use webim_model::Millis;

use crate::sql::{Row, id, number, signed, text};
use crate::{Store, StoreError};

/// A process that serves, or wants to serve, the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Names this run of the process.
    pub id: Uuid,
    /// The machine's name.
    pub host: String,
    /// The process on that machine.
    pub pid: u32,
}

/// Why the lease was not given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeaseError {
    /// Another process has it.
    #[error("process {pid} on {host} serves this database")]
    Held {
        /// The machine it runs on.
        host: String,
        /// Its process number there.
        pid: u32,
        /// When its lease ends if it is not renewed.
        until: Millis,
    },
    /// The database could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Takes the lease until `now` + `ttl_ms`, if it is free, has ended, is `holder`'s own, or belongs to a process that
    /// is no more: one whose place `holder` has, or for which `alive(host, pid)` says false. So a start after a kill
    /// does not wait.
    pub async fn acquire_lease(
        &self,
        holder: &Holder,
        now: Millis,
        ttl_ms: i64,
        alive: impl Fn(&str, u32) -> bool + Send,
    ) -> Result<(), LeaseError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let (insert, keep) = link.backend().insert_or_keep();
        let sql = format!(
            "{insert} INTO instance (id, holder_id, host, pid, until_at) VALUES (1, ?, '', 0, 0){keep}"
        );
        link.execute(&sql, vec![id(Uuid::nil())]).await?;
        let sql = format!(
            "SELECT holder_id, host, pid, until_at FROM instance WHERE id = 1{}",
            link.backend().for_update()
        );
        let rows = link.query(&sql, Vec::new()).await?;
        let row = rows
            .first()
            .map(Row)
            .ok_or_else(|| StoreError::Corrupt("the lease row".into()))?;
        let (held_by, host, until) = (row.id::<Uuid>(0)?, row.text(1)?, Millis(row.signed(3)?));
        let pid = u32::try_from(row.number(2)?).unwrap_or(0);
        let own = held_by == holder.id || (host == holder.host && pid == holder.pid);
        if until > now && !own && alive(&host, pid) {
            link.rollback().await;
            return Err(LeaseError::Held { host, pid, until });
        }
        let sql = "UPDATE instance SET holder_id = ?, host = ?, pid = ?, until_at = ? WHERE id = 1";
        let values = vec![
            id(holder.id),
            text(&*holder.host),
            number(holder.pid.into()),
            signed(now.plus(ttl_ms).0),
        ];
        link.execute(sql, values).await?;
        Ok(link.commit().await?)
    }

    /// Prolongs the lease to `now` + `ttl_ms`. False if it is another's by now: stop serving.
    pub async fn renew_lease(
        &self,
        holder: &Holder,
        now: Millis,
        ttl_ms: i64,
    ) -> Result<bool, StoreError> {
        self.end_lease_at(holder, now.plus(ttl_ms)).await
    }

    /// Gives the lease back, if it is `holder`'s.
    pub async fn release_lease(&self, holder: &Holder) -> Result<(), StoreError> {
        self.end_lease_at(holder, Millis(0)).await.map(drop)
    }

    async fn end_lease_at(&self, holder: &Holder, until: Millis) -> Result<bool, StoreError> {
        let sql = "UPDATE instance SET until_at = ? WHERE id = 1 AND holder_id = ?";
        let values = vec![signed(until.0), id(holder.id)];
        Ok(self.write().await?.execute(sql, values).await? > 0)
    }
}
