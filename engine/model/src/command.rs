//! Commands: what somebody asks the router to do. Identity is filled in from the session, never from the frame.

use crate::{About, Body, ClientId, ConversationId, PersonId, UnitId};

/// Whom a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// This conversation.
    Conversation(ConversationId),
    /// The direct conversation with this member; it is made by the first message.
    Person(PersonId),
    /// This unit's conversation.
    Unit(UnitId),
}

/// What caused a command, for the loop guard and the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A person through a socket or the API.
    Person,
    /// A hook, by its name.
    Hook(String),
    /// A task of the server's own.
    Job(&'static str),
}

/// Say something; `B` is what it says, which is a [`Body`] once nothing has to be looked up for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendCommand<B = Body> {
    /// Who says it, from the session.
    pub sender: PersonId,
    /// What the sender names it by; the same name twice is the same message.
    pub client_id: ClientId,
    /// Whom it is for.
    pub to: Target,
    /// What it says.
    pub body: B,
    /// What it carries beside that.
    pub about: About,
    /// For an agent's or robot's answer in a service conversation: the lease it was written under.
    pub lease: Option<u64>,
    /// Whether the client has sent this before without learning what became of it.
    pub retry: bool,
    /// What caused it.
    pub origin: Origin,
    /// How many hooks stand between it and a person; the loop guard refuses deep ones.
    pub depth: u8,
}

impl<B> SendCommand<B> {
    /// The same command, saying `body`.
    pub fn saying<C>(self, body: C) -> SendCommand<C> {
        SendCommand {
            body,
            sender: self.sender,
            client_id: self.client_id,
            to: self.to,
            about: self.about,
            lease: self.lease,
            retry: self.retry,
            origin: self.origin,
            depth: self.depth,
        }
    }
}
