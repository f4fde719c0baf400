//! What the rest of the server knows of a signed-in person, and how it learns that a session is over.

use webim_model::{Millis, PersonId, PersonKind, Roles, SessionId};

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
