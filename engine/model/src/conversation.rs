//! Conversations: what kinds there are, and who must answer one with a customer.

use crate::PersonId;

/// What a conversation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConversationKind {
    /// Two members.
    Direct,
    /// The members of a unit.
    Unit,
    /// A customer and the organisation; in expert mode one for each topic (a lane).
    Service,
    /// What the system tells one person.
    Notice,
}

impl ConversationKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Direct, Self::Unit, Self::Service, Self::Notice];

    /// The word in tables and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Unit => "unit",
            Self::Service => "service",
            Self::Notice => "notice",
        }
    }

    /// The kind with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Who must answer a service conversation now: exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A script or plugin.
    Robot,
    /// It waits for an agent.
    Queue,
    /// This agent.
    Agent(PersonId),
    /// It is closed.
    Nobody,
}

impl Holder {
    /// The word in tables and on the wire; the agent is a column of its own.
    pub fn name(self) -> &'static str {
        match self {
            Self::Robot => "robot",
            Self::Queue => "queue",
            Self::Agent(_) => "agent",
            Self::Nobody => "nobody",
        }
    }
}
