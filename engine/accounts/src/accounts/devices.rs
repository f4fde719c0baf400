//! One's own devices: the sessions that are open under one's name, and ending them.

use webim_model::{Refusal, SessionId};
use webim_store::SessionRow;

use super::{Accounts, refused};
use crate::{Ended, SignedIn};

impl Accounts {
    /// The caller's sessions, the one used last first.
    pub async fn sessions(&self, signed: &SignedIn) -> Result<Vec<SessionRow>, Refusal> {
        // What was used in the last second is said as it is.
        self.flush().await;
        let now = self.0.sources.now();
        let sessions = self.0.store.sessions_of(signed.person, now).await;
        sessions.map_err(refused)
    }

    /// Ends one of the caller's sessions. Refused with `session_unknown` if it is not theirs, or there is none.
    pub async fn end_session(&self, signed: &SignedIn, session: SessionId) -> Result<(), Refusal> {
        let person = signed.person;
        let deleted = self.0.store.delete_session_of(person, session).await;
        if !deleted.map_err(refused)? {
            return Err(Refusal::SessionUnknown);
        }
        self.0.tickets.forget(None, Some(session));
        self.ended(Ended::Session { person, session });
        tracing::info!(%person, %session, "a session was ended");
        Ok(())
    }
}
