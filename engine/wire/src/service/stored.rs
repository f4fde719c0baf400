//! What is stored of a service conversation beyond its own columns. Only the server reads it; fields are added with a
//! default, never taken away.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The allocator's row, beside who holds it and under which lease.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "a row: any mixture occurs")]
pub struct StoredCase {
    pub topic: Option<Uuid>,
    pub team: Option<Uuid>,
    pub language: Option<String>,
    pub skills: Vec<String>,
    pub wishes: Vec<String>,
    pub wanted: Option<Uuid>,
    pub former: Option<Uuid>,
    pub only_for: Option<Uuid>,
    pub owner_deadline: Option<i64>,
    pub substitute: bool,
    pub leave_message: bool,
    pub held_until: Option<i64>,
    pub priority: i32,
    pub enqueued_at: Option<i64>,
    pub waiting_offline: bool,
    pub vanished_at: Option<i64>,
    pub waiting_since: Option<i64>,
    pub waited_told: bool,
    pub last_said_at: Option<i64>,
    pub vetoes: Vec<(Uuid, i64)>,
    pub moves: Vec<(Uuid, Uuid, i64)>,
    pub offer: Option<StoredOffer>,
    pub transfer: Option<StoredTransfer>,
    pub visit: Option<StoredVisit>,
    pub assignment: Option<StoredAssignment>,
}

/// An open question to an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOffer {
    pub id: Uuid,
    pub agent: Uuid,
    pub transfer: bool,
    pub made_at: i64,
    pub until: i64,
}

/// An open transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredTransfer {
    pub id: Uuid,
    pub by: Uuid,
    pub from: Option<Uuid>,
    pub to_kind: String,
    pub to: Option<Uuid>,
    pub note: Option<String>,
    pub history: String,
    pub forced: bool,
    pub offered_at: i64,
}

/// The open visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredVisit {
    pub id: Uuid,
    pub topic: Option<Uuid>,
    pub opened_at: i64,
    pub agent: Option<Uuid>,
    pub queued_at: Option<i64>,
    pub assigned_at: Option<i64>,
    pub responded_at: Option<i64>,
    pub queued_ms: i64,
    pub handled_ms: i64,
    pub holder_since: i64,
    pub assignments: u32,
    pub transfers: u32,
    pub asked: u32,
}

/// The holder's turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAssignment {
    pub id: Uuid,
    pub agent: Uuid,
    pub reason: String,
    pub began_at: i64,
    pub answered_at: Option<i64>,
    pub answered_ms: Option<i64>,
    pub owner_before: Option<Uuid>,
    pub beyond: bool,
}

/// An entry of a side stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredSide {
    pub text: String,
    pub about: Option<Uuid>,
}

impl StoredCase {
    /// As it is stored.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("it has string keys and no failing serializers")
    }

    /// From what was stored; none if it is broken. Nothing, where nothing has happened yet.
    pub fn decode(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        serde_json::from_str(text).ok()
    }
}

impl StoredSide {
    /// As it is stored.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("it has string keys and no failing serializers")
    }

    /// From what was stored; the text itself where it is not of this shape.
    pub fn decode(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| Self {
            text: text.to_owned(),
            about: None,
        })
    }
}

impl super::rest::ReceiptShape {
    /// As it is stored.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("it has string keys and no failing serializers")
    }

    /// From what was stored; empty where it is not of this shape.
    pub fn decode(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl crate::channel::ChannelConfig {
    /// As it is stored.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("it has string keys and no failing serializers")
    }

    /// From what was stored; none if it is broken.
    pub fn decode(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

impl super::command::CustomerPage {
    /// As it is stored.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("it has string keys and no failing serializers")
    }

    /// From what was stored; empty where it is not of this shape.
    pub fn decode(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

/// Words, as they are stored.
pub fn words(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// Names with texts, as they are stored.
pub fn texts(text: &str) -> std::collections::BTreeMap<String, String> {
    serde_json::from_str(text).unwrap_or_default()
}

/// Words or texts, to be stored.
pub fn encode<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("it has string keys and no failing serializers")
}
