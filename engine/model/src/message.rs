//! One entry of a conversation, and a reader's position in it.

use crate::{About, Body, ClientId, ConversationId, MessageId, Millis, PersonId};

/// A stored message: never changed in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where it stands.
    pub conversation: ConversationId,
    /// Its number there: from 1, without a gap.
    pub seq: u64,
    /// Which one it is.
    pub id: MessageId,
    /// Who said it; none for the system's own lines.
    pub sender: Option<PersonId>,
    /// What the sender named it by.
    pub client_id: Option<ClientId>,
    /// What it says.
    pub body: Body,
    /// What it carries beside that.
    pub about: About,
    /// When it was accepted.
    pub time: Millis,
    /// How many entries of this conversation, up to and with this one, are counted as unread by those who have not
    /// read them.
    pub counted: u64,
}

/// How far a reader has come: the number and the id of the last message they hold. Both, because a number alone
/// cannot tell a restored older database that has grown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Number of the last message held.
    pub seq: u64,
    /// Its id.
    pub message: MessageId,
}
