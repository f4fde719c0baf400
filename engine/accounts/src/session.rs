//! What the rest of the server knows of a signed-in person, and how it learns that a session is over.

use std::fmt;

use webim_model::{Millis, PersonId, PersonKind, Roles, SessionId};

/// What a session is looked up by: the SHA-256 of its token. Whoever holds it cannot sign in with it, so it may be kept
/// where the token must not be.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct SessionKey(pub(crate) [u8; 32]);

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(…)")
    }
}

/// A person behind a valid token or ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub person: PersonId,
    /// What they are to the organisation.
    pub kind: PersonKind,
    /// Which sign-in of theirs.
    pub session: SessionId,
    /// What they may do; at most a few seconds old.
    pub roles: Roles,
    /// When the session ends unless it is used before.
    pub expires: Millis,
    /// For [`Accounts::authenticate_again`](crate::Accounts::authenticate_again), however they proved it this time.
    pub key: SessionKey,
}

/// Sessions that are over; whoever holds sockets of theirs closes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// This one: signed out.
    Session {
        /// Whose.
        person: PersonId,
        /// Which.
        session: SessionId,
    },
    /// All of this person's: deactivated.
    Person {
        /// Who.
        person: PersonId,
    },
}
