//! Settings: names with values, for what the whole database agrees upon.

use crate::sql::{Row, text};
use crate::{Backend, Store, StoreError};

impl Store {
    /// The value of `name`, if it was ever set.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM settings WHERE name = ?";
        let rows = self.read().await?.query(sql, vec![text(name)]).await?;
        rows.first().map(|row| Row(row).text(0)).transpose()
    }

    /// Sets `name`, at most 100 characters, whether or not it was set before.
    pub async fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let on_conflict = match self.backend() {
            Backend::Sqlite | Backend::Postgres => {
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            }
            Backend::MariaDb => "ON DUPLICATE KEY UPDATE value = VALUES(value)",
        };
        let sql = format!("INSERT INTO settings (name, value) VALUES (?, ?) {on_conflict}");
        let values = vec![text(name), text(value)];
        self.write().await?.execute(&sql, values).await.map(drop)
    }
}
