//! What people set for themselves, and when those who let it be seen were last here.

use webim_model::{Millis, PersonId};

use crate::sql::{Row, chunks, flag, id, marks, signed};
use crate::{Backend, Store, StoreError};

impl Store {
    /// Whether `person` lets others see when they were last here; nobody does who has not said so.
    pub async fn shows_last_seen(&self, person: PersonId) -> Result<bool, StoreError> {
        let sql = "SELECT show_last_seen FROM person_settings WHERE person_id = ?";
        let rows = self.read().await?.query(sql, vec![id(person.0)]).await?;
        let shown = rows.first().map(|row| Row(row).flag(0)).transpose()?;
        Ok(shown.unwrap_or_default())
    }

    /// Lets others see when `person` was last here, from `now` on; or forgets it.
    pub async fn set_show_last_seen(
        &self,
        person: PersonId,
        show: bool,
        now: Millis,
    ) -> Result<(), StoreError> {
        let on_conflict = match self.backend() {
            Backend::Sqlite | Backend::Postgres => {
                "ON CONFLICT (person_id) DO UPDATE SET show_last_seen = excluded.show_last_seen, \
                 seen_at = excluded.seen_at"
            }
            Backend::MariaDb => {
                "ON DUPLICATE KEY UPDATE show_last_seen = VALUES(show_last_seen), seen_at = VALUES(seen_at)"
            }
        };
        let sql = format!(
            "INSERT INTO person_settings (person_id, show_last_seen, seen_at) VALUES (?, ?, ?) {on_conflict}"
        );
        let seen = if show { now.0 } else { 0 };
        let values = vec![id(person.0), flag(show), signed(seen)];
        self.write().await?.execute(&sql, values).await.map(drop)
    }

    /// When `person` was last here; none for those who do not let it be seen, and for those who hide.
    pub async fn last_seen(&self, person: PersonId) -> Result<Option<Millis>, StoreError> {
        let sql = "SELECT s.seen_at FROM person_settings s JOIN people p ON p.id = s.person_id \
                   WHERE s.person_id = ? AND s.show_last_seen = TRUE AND p.active = TRUE AND p.status <> 'hide'";
        let rows = self.read().await?.query(sql, vec![id(person.0)]).await?;
        let seen = rows.first().map(|row| Row(row).signed(0)).transpose()?;
        Ok(seen.map(Millis))
    }

    /// Notes that `people` are, or were until now, here: of those who let it be seen, and do not hide.
    pub async fn note_seen(&self, people: &[PersonId], now: Millis) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        for chunk in chunks(people) {
            let sql = format!(
                "UPDATE person_settings SET seen_at = ? WHERE show_last_seen = TRUE AND person_id IN ({}) \
                 AND EXISTS (SELECT 1 FROM people p WHERE p.id = person_settings.person_id AND p.status <> 'hide')",
                marks(chunk.len())
            );
            let mut values = vec![signed(now.0)];
            values.extend(chunk.iter().map(|person| id(person.0)));
            link.execute(&sql, values).await?;
        }
        Ok(())
    }
}
