//! Sessions: one row for each sign-in, found by the hash of its token.

use webim_model::{Millis, Person, PersonId, SessionId};

use crate::rows::{self, PERSON};
use crate::sql::{Row, bytes, chunks, id, marks, signed, text};
use crate::{Store, StoreError};

/// One sign-in of one person on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Which one.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// SHA-256 of its token; the token itself is nowhere.
    pub token_hash: [u8; 32],
    /// When it began.
    pub created: Millis,
    /// When it ends.
    pub expires: Millis,
    /// When it was last touched.
    pub seen: Millis,
    /// What the device calls itself; at most 100 characters.
    pub device: String,
}

impl Store {
    /// Keeps a new session.
    pub async fn insert_session(&self, session: &SessionRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO sessions \
                   (id, person_id, token_hash, created_at, expires_at, seen_at, device) \
                   VALUES (?, ?, ?, ?, ?, ?, ?)";
        let values = vec![
            id(session.id.0),
            id(session.person.0),
            bytes(&session.token_hash),
            signed(session.created.0),
            signed(session.expires.0),
            signed(session.seen.0),
            text(&*session.device),
        ];
        self.write().await?.execute(sql, values).await.map(drop)
    }

    /// The session with this token's hash, expired or not, and its person, active or not.
    pub async fn session_by_hash(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<(SessionRow, Person)>, StoreError> {
        let sql = format!(
            "SELECT s.id, s.person_id, s.created_at, s.expires_at, s.seen_at, s.device, {PERSON} \
             FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.token_hash = ?"
        );
        let values = vec![bytes(token_hash)];
        let rows = self.read().await?.query(&sql, values).await?;
        let Some(row) = rows.first().map(Row) else {
            return Ok(None);
        };
        let session = SessionRow {
            id: row.id(0)?,
            person: row.id(1)?,
            token_hash: *token_hash,
            created: Millis(row.signed(2)?),
            expires: Millis(row.signed(3)?),
            seen: Millis(row.signed(4)?),
            device: row.text(5)?,
        };
        Ok(Some((session, rows::person(&row, 6)?)))
    }

    /// The sessions of `person` that have not expired at `now`, the one used last first. Their tokens' hashes are left out:
    /// all zero.
    pub async fn sessions_of(
        &self,
        person: PersonId,
        now: Millis,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let sql = "SELECT id, created_at, expires_at, seen_at, device FROM sessions \
                   WHERE person_id = ? AND expires_at > ? ORDER BY seen_at DESC, id DESC";
        let values = vec![id(person.0), signed(now.0)];
        let rows = self.read().await?.query(sql, values).await?;
        let sessions = rows.iter().map(|row| {
            let row = Row(row);
            Ok(SessionRow {
                id: row.id(0)?,
                person,
                token_hash: [0; 32],
                created: Millis(row.signed(1)?),
                expires: Millis(row.signed(2)?),
                seen: Millis(row.signed(3)?),
                device: row.text(4)?,
            })
        });
        sessions.collect()
    }

    /// Moves the ends of `sessions`, never to an earlier time, and notes that they were used; those that are gone stay gone. Returns how many it
    /// moved.
    pub async fn touch_sessions(
        &self,
        sessions: &[SessionId],
        expires: Millis,
        seen: Millis,
    ) -> Result<u64, StoreError> {
        let mut moved = 0;
        let mut link = self.write().await?;
        for chunk in chunks(sessions) {
            let sql = format!(
                "UPDATE sessions SET expires_at = CASE WHEN expires_at > ? THEN expires_at ELSE ? END, seen_at = ? \
                 WHERE id IN ({})",
                marks(chunk.len())
            );
            let mut values = vec![signed(expires.0), signed(expires.0), signed(seen.0)];
            values.extend(chunk.iter().map(|session| id(session.0)));
            moved += link.execute(&sql, values).await?;
        }
        Ok(moved)
    }

    /// Ends a session. False if it was gone already.
    pub async fn delete_session(&self, session: SessionId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM sessions WHERE id = ?";
        let values = vec![id(session.0)];
        Ok(self.write().await?.execute(sql, values).await? > 0)
    }

    /// Ends a session if it is `person`'s. False if it is not, or was gone already.
    pub async fn delete_session_of(
        &self,
        person: PersonId,
        session: SessionId,
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM sessions WHERE id = ? AND person_id = ?";
        let values = vec![id(session.0), id(person.0)];
        Ok(self.write().await?.execute(sql, values).await? > 0)
    }

    /// Ends all sessions of `person` but `except`, and returns which ones.
    pub async fn delete_sessions_of(
        &self,
        person: PersonId,
        except: Option<SessionId>,
    ) -> Result<Vec<SessionId>, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let sql = format!(
            "SELECT id FROM sessions WHERE person_id = ?{}",
            link.backend().for_update()
        );
        let rows = link.query(&sql, vec![id(person.0)]).await?;
        let mut ended = Vec::with_capacity(rows.len());
        for row in &rows {
            ended.push(Row(row).id::<SessionId>(0)?);
        }
        ended.retain(|session| Some(*session) != except);
        // No session has the nil id.
        let kept = id(except.map_or(uuid::Uuid::nil(), |kept| kept.0));
        let sql = "DELETE FROM sessions WHERE person_id = ? AND id <> ?";
        link.execute(sql, vec![id(person.0), kept]).await?;
        link.commit().await?;
        Ok(ended)
    }

    /// Deletes sessions that ended before `now`, and returns how many.
    pub async fn delete_expired_sessions(&self, now: Millis) -> Result<u64, StoreError> {
        let sql = "DELETE FROM sessions WHERE expires_at < ?";
        self.write().await?.execute(sql, vec![signed(now.0)]).await
    }
}
