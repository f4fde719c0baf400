//! What programs push: to a person, a unit, everyone, or everyone who is online.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::client::{SendBody, SendKind};
use crate::rest::Post;
use crate::server::Stored;

/// What a program says with an API token; the header `Idempotency-Key` (a UUID) makes it once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Push {
    pub to: PushTarget,
    /// `text` or `card`.
    #[serde(default)]
    pub kind: SendKind,
    pub body: SendBody,
}

/// Whom a program tells something: exactly one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PushTarget {
    /// A member: it comes into their notices.
    Person(Uuid),
    /// The same, by what they sign in with.
    Login(String),
    /// A unit: it comes into its conversation.
    Unit(Uuid),
    /// The same, by the organisation's own key for it.
    UnitCode(String),
    /// `true`: all active members, also those who are not online. It is stored once.
    Everyone(bool),
    /// `true`: each member who is online now, into their notices.
    Online(bool),
}

/// What `POST /api/v1/messages` takes: from somebody who is signed in, or from a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PostMessage {
    Person(Post),
    Program(Push),
}

/// What became of it: where it is stored, or, of what went to those who are online, how many have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Posted {
    Stored(Stored),
    Online(Reached),
}

/// How many have what was pushed to those who are online. The same again reaches those who came since; nobody gets it
/// twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reached {
    pub count: u64,
}
