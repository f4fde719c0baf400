//! Bodies of the REST interface.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::client::{SendBody, SendKind, StatusName, Target};
use crate::payload::Mention;
use crate::server::Message;

/// Sign in: with `login` and `password`, or with the `token` of a host system and neither of them.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// A JWT that a host system signed for its user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// True: the answer holds the token for use as `Authorization: Bearer`, and no cookie is set.
    #[serde(default)]
    pub bearer: bool,
    /// What this device calls itself, shown among one's own devices; at most 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// The form behind the set-up link: who is to administer the server.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    /// From the link.
    pub token: String,
    pub login: String,
    pub name: String,
    pub password: String,
    /// The password once more.
    pub repeat: String,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    pub person: PersonCard,
    pub roles: Vec<RoleName>,
    pub status: StatusName,
    /// When it ends unless used before, in milliseconds since 1970, UTC.
    pub expires_at: i64,
    /// Only in the answer to a sign-in with `bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// What a member may do beyond chatting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    Agent,
    Supervisor,
    Admin,
    Auditor,
}

impl From<webim_model::Role> for RoleName {
    fn from(role: webim_model::Role) -> Self {
        match role {
            webim_model::Role::Agent => Self::Agent,
            webim_model::Role::Supervisor => Self::Supervisor,
            webim_model::Role::Admin => Self::Admin,
            webim_model::Role::Auditor => Self::Auditor,
        }
    }
}

/// A one-time ticket for opening a socket without a cookie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ticket {
    /// Give it as `/ws?ticket=`.
    pub ticket: String,
    /// Seconds until it is worth nothing.
    pub expires_in: u32,
}

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonCard {
    pub id: Uuid,
    pub kind: PersonKindName,
    pub name: String,
    /// Address of a picture.
    pub avatar: String,
    /// The line they write about themselves.
    pub sign: String,
}

/// What a person is to the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonKindName {
    Member,
    Customer,
    Robot,
}

impl From<webim_model::PersonKind> for PersonKindName {
    fn from(kind: webim_model::PersonKind) -> Self {
        match kind {
            webim_model::PersonKind::Member => Self::Member,
            webim_model::PersonKind::Customer => Self::Customer,
            webim_model::PersonKind::Robot => Self::Robot,
        }
    }
}

impl From<&webim_model::Person> for PersonCard {
    fn from(person: &webim_model::Person) -> Self {
        let avatar = if person.avatar.is_empty() {
            format!("/avatars/{}.svg", person.id)
        } else {
            person.avatar.clone()
        };
        Self {
            id: person.id.0,
            kind: person.kind.into(),
            name: person.name.clone(),
            avatar,
            sign: person.sign.clone(),
        }
    }
}

/// All units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Units {
    /// Version of the directory these belong to.
    pub version: u64,
    /// Parents before children, in the organisation's order.
    pub items: Vec<Unit>,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Unit {
    pub id: Uuid,
    /// The unit it belongs to; null at the top.
    pub parent: Option<Uuid>,
    pub name: String,
    /// How many people are directly in it.
    pub people: u64,
    /// Its conversation, if the caller is in it.
    pub conversation: Option<Uuid>,
}

/// A page of people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct People {
    /// Version of the directory these belong to.
    pub version: u64,
    pub items: Vec<PersonItem>,
    /// Give it as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// A person and the units they are in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonItem {
    #[serde(flatten)]
    pub card: PersonCard,
    pub units: Vec<Uuid>,
}

/// A page of the caller's conversations, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Conversations {
    pub items: Vec<Conversation>,
    /// Give it as `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// A conversation of the caller's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    pub id: Uuid,
    pub kind: ConversationKindName,
    /// The other person's name or the unit's.
    pub title: String,
    /// In a direct conversation, the other person.
    pub person: Option<PersonCard>,
    /// In a unit's conversation, the unit.
    pub unit: Option<Uuid>,
    /// Number of the newest message; 0 if there is none.
    pub last_seq: u64,
    /// The newest message.
    pub last: Option<Message>,
    /// Up to where the caller has read.
    pub read_seq: u64,
    /// How many messages of others the caller has not read.
    pub unread: u64,
    /// In a direct conversation, up to where the other has read.
    pub peer_read_seq: Option<u64>,
    /// Number of the newest message that mentions the caller and that they have not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentioned: Option<u64>,
}

/// What a conversation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKindName {
    Direct,
    Unit,
    Service,
    Notice,
}

impl From<webim_model::ConversationKind> for ConversationKindName {
    fn from(kind: webim_model::ConversationKind) -> Self {
        match kind {
            webim_model::ConversationKind::Direct => Self::Direct,
            webim_model::ConversationKind::Unit => Self::Unit,
            webim_model::ConversationKind::Service => Self::Service,
            webim_model::ConversationKind::Notice => Self::Notice,
        }
    }
}

/// A page of history, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct History {
    pub items: Vec<Message>,
    /// Whether there is more in the direction that was asked for.
    pub more: bool,
}

/// Say something over REST; the header `Idempotency-Key` (a UUID) is the message's `client_id`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Post {
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<u64>,
}

/// Up to where the caller has read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutRead {
    pub seq: u64,
}

/// What the caller shows to others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutStatus {
    pub status: StatusName,
}

/// What a link to a file is to be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeLink {
    /// How long it holds; 300 if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Whether it is for the small picture, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub small: Option<bool>,
}

/// A link to a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// The address, from the server's root on.
    pub url: String,
    /// When it ends.
    pub until: i64,
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Upload {
    pub id: Uuid,
    /// Its address, for messages: `img[url]`, `file(url)[name]`.
    pub url: String,
    /// Address of a small picture, if it is a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail: Option<String>,
    /// Its name, cleaned for showing.
    pub name: String,
    /// What its content says it is: `picture`, `image`, `video`, `audio`, `document`, `text`, `archive`, `program`,
    /// `page` or `other`.
    pub kind: String,
    /// Its media type, by content.
    pub media_type: String,
    pub bytes: u64,
    /// Of a picture, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Of a picture, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}
