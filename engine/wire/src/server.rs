//! Frames to the client.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use webim_model::{Bye, Refusal};

use crate::client::StatusName;
use crate::payload::{Forwarded, Mention, Payload};
use crate::rest::PersonCard;
use crate::service::event;

/// A frame from the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ServerFrame {
    Welcome(Box<Welcome>),
    Ack(Ack),
    Nack(Nack),
    Message(Message),
    Read(ReadMark),
    Unread(Unread),
    Typing(TypingBy),
    Presence(Presence),
    Directory(Directory),
    Ping(Ping),
    Bye(ByeFrame),
    Holder(event::HolderIs),
    Queue(event::QueuePlace),
    Offer(Box<event::OfferMade>),
    OfferEnded(event::OfferEnded),
    Work(event::WorkIs),
    Visit(event::VisitIs),
    Side(event::Side),
    Waited(event::Waited),
    Ahead(event::TypedAhead),
    Board(event::BoardIs),
}

/// The answer to `hello`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Welcome {
    pub me: PersonCard,
    /// What I show to others.
    pub status: StatusName,
    /// Names this database; positions are worth something only under the epoch they were collected under.
    pub epoch: Uuid,
    /// Seconds of silence after which the server says `ping`; a client that hears nothing for twice as long should
    /// connect again.
    pub heartbeat: u32,
    /// Longest text in characters.
    pub text_chars: u32,
    /// Seconds in which a text can be edited by who said it; 0 where that is switched off.
    pub edit_seconds: u32,
    /// Seconds in which a message can be recalled by who said it; 0 where that is switched off.
    pub recall_seconds: u32,
    /// Version of units and people; `directory` says when it grows.
    pub directory: u64,
    /// Without `resume`: empty (read the list over REST). With it: one entry for each conversation named there that
    /// is still the caller's or can no longer be trusted, and for each other conversation of the caller's that is not
    /// empty.
    pub recovered: Vec<Recovered>,
    /// What was missed, by conversation and number; bounded per conversation and in all.
    pub missed: Vec<Message>,
}

/// How one conversation came out of a resume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recovered {
    pub conversation: Uuid,
    /// True: `missed` continues exactly where the client stood. False: forget what you hold of this conversation and
    /// read it anew.
    pub recovered: bool,
    /// True if `missed` does not reach `last_seq`: read the rest by history, `after` the last one given.
    pub more: bool,
    /// Number of the newest message; 0 in an empty conversation and in one that is no longer the caller's.
    pub last_seq: u64,
    /// Up to where I have read.
    pub read_seq: u64,
    /// How many messages others wrote that I have not read.
    pub unread: u64,
}

/// Done. For `send` the message is stored when this arrives; for other operations only `client_id` is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ack {
    pub client_id: Uuid,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub stored: Option<Stored>,
    /// For the moves of customer service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<event::ServiceDone>,
}

/// Where a sent message was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stored {
    pub conversation: Uuid,
    /// The message's id.
    pub message: Uuid,
    /// Its number in the conversation.
    pub seq: u64,
    /// When it was accepted, in milliseconds since 1970, UTC.
    pub time: i64,
}

/// Not done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Nack {
    /// Null where the frame was too broken to hold one.
    pub client_id: Option<Uuid>,
    /// Stable; see the table of codes.
    pub code: String,
    /// A sentence in English for people.
    pub reason: String,
    /// What exactly was wrong, where there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Whether the same frame can succeed later.
    pub retry: bool,
    /// Milliseconds to wait before trying again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// A message was stored in a conversation of mine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    pub conversation: Uuid,
    /// From 1 in each conversation, without a gap.
    pub seq: u64,
    /// Its id.
    pub message: Uuid,
    /// Who said it; null for the system's own lines.
    pub sender: Option<Uuid>,
    /// What its sender named it by; lets a sender's other devices find their own local copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Uuid>,
    #[serde(flatten)]
    pub payload: Payload,
    /// Milliseconds since 1970, UTC.
    pub time: i64,
    /// Number of the message that it answers or, for `edit`, `recall` and `reaction`, that it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers: Option<u64>,
    /// Of an answer: what it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Box<Quote>>,
    /// Whom it mentions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Mention>,
    /// Where it was forwarded from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// In history and `welcome`: when it was edited last. Its body is the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<i64>,
    /// In history and `welcome`: the signs beside it, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reactions>,
}

/// What an answer answers, as it reads now; shortened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    pub seq: u64,
    /// Null for the system's own lines.
    pub sender: Option<Uuid>,
    /// Its kind; `recalled` if it was.
    pub kind: String,
    /// At most 120 characters of it; of a file, its name.
    pub text: String,
}

/// One sign beside a message, and whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reactions {
    pub emoji: String,
    pub people: Vec<Uuid>,
}

/// Somebody else in a direct conversation has read up to here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReadMark {
    pub conversation: Uuid,
    pub person: Uuid,
    pub seq: u64,
}

/// I have read up to here, on whichever of my devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Unread {
    pub conversation: Uuid,
    pub read_seq: u64,
    /// How many messages of others remain unread.
    pub unread: u64,
}

/// Somebody is typing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TypingBy {
    pub conversation: Uuid,
    pub person: Uuid,
}

/// What people show now, for those among them whom this connection watches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Presence {
    pub people: Vec<Shown>,
}

/// What one person shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Shown {
    pub person: Uuid,
    pub shows: Shows,
}

/// What others see of a person: who hides is offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    Online,
    Busy,
    Away,
    Offline,
}

/// Units or people have changed: read them anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Directory {
    pub version: u64,
}

/// Answer with `pong`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ping {}

/// The server is about to close this socket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ByeFrame {
    /// Also the WebSocket close code.
    pub code: u16,
    /// The stable word for it.
    pub word: String,
    /// Whether to connect again by oneself.
    pub reconnect: bool,
    /// A sentence in English for people.
    pub reason: String,
}

impl From<Bye> for ByeFrame {
    fn from(bye: Bye) -> Self {
        Self {
            code: bye.code(),
            word: bye.word().into(),
            reconnect: bye.reconnect(),
            reason: bye.english().into(),
        }
    }
}

impl Nack {
    /// The answer for `refusal`.
    pub fn new(client_id: Option<Uuid>, refusal: Refusal, detail: Option<String>) -> Self {
        Self {
            client_id,
            code: refusal.code().into(),
            reason: refusal.english().into(),
            detail,
            retry: refusal.retry(),
            retry_after: None,
        }
    }
}

impl ServerFrame {
    /// The frame as it goes onto the socket.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("frames have string keys and no failing serializers")
    }
}
