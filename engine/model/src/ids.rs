//! The identifiers: newtypes over UUIDs, so that a person can never be passed for a unit.
//!
//! They are made by [`crate::Sources::uuid`] (version 7: sorted by time, kind to indexes); the text form is the
//! hyphenated lower-case one, which is also safe inside a class name.

use std::fmt;

use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

id! {
    /// A customer, a member of staff or a robot.
    PersonId
    /// A department.
    UnitId
    /// A sequence of messages.
    ConversationId
    /// One entry of a conversation.
    MessageId
    /// What a client names its command by: unique per sender and conversation, the key to sending once.
    ClientId
    /// One sign-in of one person on one device.
    SessionId
    /// An entry through which customers come.
    ChannelId
    /// What an expert answers for.
    TopicId
    /// One service episode.
    VisitId
    /// A set of agents that channels route to.
    TeamId
    /// A question to an agent whether they take a customer.
    OfferId
    /// A move of the holder from one to another.
    TransferId
    /// One question to an assignment hook.
    AskId
    /// One agent's turn with a customer, and its stored reason.
    AssignmentId
    /// A file that somebody uploaded.
    FileId
    /// A token with which a program comes, and so the program itself.
    ApiTokenId
}

/// One socket of this process; never reused while the process lives, so that the late end of an old connection
/// cannot be taken for the end of a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);
