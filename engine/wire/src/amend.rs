//! REST bodies around messages that are there already, and drafts of those that are not yet.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::client::Target;
use crate::payload::Mention;
use crate::server::Message;

/// What a message of the caller's is to say instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutMessage {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<Mention>,
}

/// The caller's sign beside a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutReaction {
    /// One emoji.
    pub emoji: String,
    /// Put there, or taken away.
    pub on: bool,
}

/// Where a message is to be said again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostForward {
    pub to: Target,
}

/// Who has read a message, besides who said it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Readers {
    pub read: Vec<Uuid>,
    pub unread: Vec<Uuid>,
}

/// A message as it was said, and every entry that changed it, for those who audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Versions {
    /// Oldest first.
    pub items: Vec<Message>,
}

/// What the caller began to write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Drafts {
    /// Newest first.
    pub items: Vec<Draft>,
}

/// A text that was not sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Draft {
    pub to: Target,
    pub text: String,
    /// Milliseconds since 1970, UTC.
    pub time: i64,
}

/// A draft to keep; an empty text forgets it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutDraft {
    pub to: Target,
    pub text: String,
}
