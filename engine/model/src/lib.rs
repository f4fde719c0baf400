//! The nouns of webim: ids, commands, events, refusals and the ports' plain types.
//!
//! Every other crate sees this one and it sees none of them. It does no I/O beyond the two sources in
//! [`sources`], and nothing here is serialisable: shapes on the wire and in tables belong to the edge.

pub mod about;
pub mod body;
pub mod bye;
pub mod command;
pub mod conversation;
pub mod ids;
pub mod limits;
pub mod message;
pub mod person;
pub mod refusal;
pub mod scope;
pub mod service;
pub mod sources;

pub use about::{About, Forwarded, Mention};
pub use body::{Attachment, Body, BodyError, Card, MessageKind, Show};
pub use bye::Bye;
pub use command::{Origin, SendCommand, Target};
pub use conversation::{ConversationKind, Holder};
pub use ids::{
    ApiTokenId, AskId, AssignmentId, ChannelId, ClientId, ConnectionId, ConversationId, FileId,
    MessageId, OfferId, PersonId, SessionId, TeamId, TopicId, TransferId, UnitId, VisitId,
};
pub use limits::Limits;
pub use message::{Message, Position};
pub use person::{Person, PersonKind, Role, Roles, Status};
pub use refusal::Refusal;
pub use scope::{Scope, Scopes};
pub use service::{
    Audience, ChannelMode, ClosedBy, DecidedBy, HistoryShown, HolderReason, OfferKind,
    OfferOutcome, Order, OwnerAway, SideKind, TransferState, TransferTo, Verdict, WorkCause,
    WorkState,
};
pub use sources::{Clock, Millis, Random, Sources};
