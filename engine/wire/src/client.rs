//! Frames from the client. Each is one JSON object with `op` first; each but `hello` and `pong` carries `client_id`
//! and is answered by `ack` or `nack` with it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::payload::Mention;
use crate::service::command;

/// A frame from the client.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ClientFrame {
    Hello(Hello),
    Send(Send),
    Read(Read),
    Typing(Typing),
    Status(SetStatus),
    Watch(Watch),
    Pong(Pong),
    Edit(Edit),
    Recall(Recall),
    React(React),
    Forward(Forward),
    #[serde(rename = "service.open")]
    ServiceOpen(command::ServiceOpen),
    #[serde(rename = "service.close")]
    ServiceClose(command::ServiceClose),
    #[serde(rename = "service.leave_queue")]
    ServiceLeaveQueue(command::ServiceLeaveQueue),
    #[serde(rename = "service.keep_place")]
    ServiceKeepPlace(command::ServiceKeepPlace),
    #[serde(rename = "service.person")]
    ServicePerson(command::ServicePerson),
    #[serde(rename = "service.take")]
    ServiceTake(command::ServiceTake),
    #[serde(rename = "service.answer")]
    ServiceAnswer(command::ServiceAnswer),
    #[serde(rename = "service.transfer")]
    ServiceTransfer(command::ServiceTransfer),
    #[serde(rename = "service.cancel")]
    ServiceCancel(command::ServiceCancel),
    #[serde(rename = "service.state")]
    ServiceState(command::ServiceState),
    #[serde(rename = "service.note")]
    ServiceNote(command::ServiceNote),
    #[serde(rename = "service.whisper")]
    ServiceWhisper(command::ServiceWhisper),
    #[serde(rename = "service.join")]
    ServiceJoin(command::ServiceJoin),
    #[serde(rename = "service.watch")]
    ServiceWatch(command::ServiceWatch),
    #[serde(rename = "service.draft")]
    ServiceDraft(command::ServiceDraft),
}

/// The first frame of a socket; answered by `welcome`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// A name this device keeps over restarts; 1 to 64 characters.
    pub device: String,
    /// What the client already holds, if it wants only what it missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Resume>,
}

/// Where a client stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The epoch of the `welcome` that the positions were collected under.
    pub epoch: Uuid,
    /// For each conversation the number and the id of the last message held; at most 700 conversations, the
    /// liveliest ones.
    pub positions: HashMap<Uuid, (u64, Uuid)>,
}

/// Say something; answered by `ack` once it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Unique for this sender and conversation; the same again is the same message.
    pub client_id: Uuid,
    pub to: Target,
    #[serde(default)]
    pub kind: SendKind,
    pub body: SendBody,
    /// Number of the message that it answers, in the same conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<u64>,
    /// Whom it mentions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Mention>,
    /// For an agent's answer in a service conversation: the lease it was written under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<u64>,
    /// True if this was sent before and no answer came.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retry: bool,
}

/// Whom a message is for: exactly one of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// A conversation of the sender's.
    Conversation(Uuid),
    /// A member; the first message makes the conversation.
    Person(Uuid),
    /// A unit of the sender's.
    Unit(Uuid),
}

/// Which kind of message a client sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SendKind {
    /// Plain text with LayIM's micro-markup: `{text}`.
    #[default]
    Text,
    /// An uploaded picture: `{file}`.
    Picture,
    /// An uploaded file: `{file}`.
    File,
    /// An uploaded recording: `{file, seconds?}`.
    Voice,
    /// An uploaded film: `{file, seconds?}`.
    Video,
    /// `{title, text?, link?, picture?}`.
    Card,
}

/// The body of what a client sends; which fields it has depends on the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBody {
    /// 1 to 5,000 characters (by default), not only white space, without U+0000. Of a card: may be absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A file of the sender's, or one that a message shows which the sender may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<Uuid>,
    /// How long a voice or a video plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Of a card: 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Of a card: an address by http or https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Of a card: an uploaded picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Uuid>,
}

impl Send {
    /// A text, sent for the first time.
    pub fn text(client_id: Uuid, to: Target, text: impl Into<String>) -> Self {
        Self {
            client_id,
            to,
            kind: SendKind::Text,
            body: SendBody::text(text),
            reply: None,
            mention: None,
            lease: None,
            retry: false,
        }
    }
}

impl SendBody {
    /// The body of a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::default()
        }
    }
}

/// What I said there is to say this instead; within the time that `welcome` names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    pub client_id: Uuid,
    pub conversation: Uuid,
    /// Number of a text of mine.
    pub seq: u64,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Mention>,
}

/// I take back what I said there; within the time that `welcome` names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recall {
    pub client_id: Uuid,
    pub conversation: Uuid,
    /// Number of a message of mine.
    pub seq: u64,
}

/// My sign beside a message, put there or taken away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct React {
    pub client_id: Uuid,
    pub conversation: Uuid,
    pub seq: u64,
    /// One emoji.
    pub emoji: String,
    pub on: bool,
}

/// Say elsewhere what was said there, as it reads now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forward {
    pub client_id: Uuid,
    /// Where to.
    pub to: Target,
    /// Where it was said.
    pub conversation: Uuid,
    pub seq: u64,
}

/// I have read up to here; marks only grow, and one beyond the end means the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Read {
    pub client_id: Uuid,
    pub conversation: Uuid,
    /// Number of the last message read.
    pub seq: u64,
}

/// I am typing in this conversation; shown to the others for a few seconds, never stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Typing {
    pub client_id: Uuid,
    pub conversation: Uuid,
}

/// What I want to show to others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetStatus {
    pub client_id: Uuid,
    pub status: StatusName,
}

/// The people whose presence this connection looks at: replaces the earlier list. Their present state comes at once
/// as `presence`, changes follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    pub client_id: Uuid,
    /// At most 1,000 (by default).
    pub people: Vec<Uuid>,
}

/// The answer to `ping`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pong {}

/// A person's own choice of what to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusName {
    Online,
    Hide,
    Busy,
    Away,
}

impl From<StatusName> for webim_model::Status {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Online => Self::Online,
            StatusName::Hide => Self::Hide,
            StatusName::Busy => Self::Busy,
            StatusName::Away => Self::Away,
        }
    }
}

impl From<webim_model::Status> for StatusName {
    fn from(status: webim_model::Status) -> Self {
        match status {
            webim_model::Status::Online => Self::Online,
            webim_model::Status::Hide => Self::Hide,
            webim_model::Status::Busy => Self::Busy,
            webim_model::Status::Away => Self::Away,
        }
    }
}

impl From<Target> for webim_model::Target {
    fn from(target: Target) -> Self {
        match target {
            Target::Conversation(id) => Self::Conversation(id.into()),
            Target::Person(id) => Self::Person(id.into()),
            Target::Unit(id) => Self::Unit(id.into()),
        }
    }
}

impl From<webim_model::Target> for Target {
    fn from(target: webim_model::Target) -> Self {
        match target {
            webim_model::Target::Conversation(id) => Self::Conversation(id.0),
            webim_model::Target::Person(id) => Self::Person(id.0),
            webim_model::Target::Unit(id) => Self::Unit(id.0),
        }
    }
}

impl ClientFrame {
    /// Every operation a client may name, in the order of the table in the manual.
    pub const OPS: [&'static str; 26] = [
        "hello",
        "send",
        "read",
        "typing",
        "status",
        "watch",
        "pong",
        "edit",
        "recall",
        "react",
        "forward",
        "service.open",
        "service.close",
        "service.leave_queue",
        "service.keep_place",
        "service.person",
        "service.take",
        "service.answer",
        "service.transfer",
        "service.cancel",
        "service.state",
        "service.note",
        "service.whisper",
        "service.join",
        "service.watch",
        "service.draft",
    ];

    /// The id its answer will carry.
    pub fn client_id(&self) -> Option<Uuid> {
        match self {
            Self::Hello(_) | Self::Pong(_) => None,
            Self::Send(frame) => Some(frame.client_id),
            Self::Read(frame) => Some(frame.client_id),
            Self::Typing(frame) => Some(frame.client_id),
            Self::Status(frame) => Some(frame.client_id),
            Self::Watch(frame) => Some(frame.client_id),
            Self::Edit(frame) => Some(frame.client_id),
            Self::Recall(frame) => Some(frame.client_id),
            Self::React(frame) => Some(frame.client_id),
            Self::Forward(frame) => Some(frame.client_id),
            Self::ServiceOpen(frame) => Some(frame.client_id),
            Self::ServiceClose(frame) => Some(frame.client_id),
            Self::ServiceLeaveQueue(frame) => Some(frame.client_id),
            Self::ServiceKeepPlace(frame) => Some(frame.client_id),
            Self::ServicePerson(frame) => Some(frame.client_id),
            Self::ServiceTake(frame) => Some(frame.client_id),
            Self::ServiceAnswer(frame) => Some(frame.client_id),
            Self::ServiceTransfer(frame) => Some(frame.client_id),
            Self::ServiceCancel(frame) => Some(frame.client_id),
            Self::ServiceState(frame) => Some(frame.client_id),
            Self::ServiceNote(frame) => Some(frame.client_id),
            Self::ServiceWhisper(frame) => Some(frame.client_id),
            Self::ServiceJoin(frame) => Some(frame.client_id),
            Self::ServiceWatch(frame) => Some(frame.client_id),
            Self::ServiceDraft(frame) => Some(frame.client_id),
        }
    }
}
