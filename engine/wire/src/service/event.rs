//! What customers and agents are told.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Face, HolderName, SideKindName, WorkStateName};
use crate::server::Message;

/// Who must answer a conversation now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HolderIs {
    pub conversation: Uuid,
    pub holder: HolderName,
    /// Which agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Face>,
    /// Grows with each change of holder; an agent's answer names it.
    pub lease: u64,
    /// Grows with each change of what this frame says: an older one is dropped.
    pub version: u64,
    /// A stable word: why it is so now.
    pub reason: String,
    /// The open visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Uuid>,
}

/// Where a customer stands in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueuePlace {
    pub conversation: Uuid,
    /// 1: next.
    pub position: u32,
    /// How many are before.
    pub ahead: u32,
    /// Seconds until an agent is likely to be there; absent where that is not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_seconds: Option<u64>,
    /// Nobody is there: what is written waits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leave_message: bool,
}

/// What an agent is asked to take over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    Assignment,
    Transfer,
}

/// Do I take this customer?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OfferMade {
    pub offer: Uuid,
    pub conversation: Uuid,
    pub kind: OfferKind,
    /// Until then; milliseconds since 1970.
    pub until: i64,
    pub customer: Face,
    /// The channel's key.
    pub channel: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Uuid>,
    /// Who transfers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Face>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The last messages, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preview: Vec<Message>,
}

/// How an offer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OfferOutcome {
    Accepted,
    Declined,
    TimedOut,
    Cancelled,
    /// The customer has gone, or somebody else took them.
    Gone,
}

/// An offer is over: to whom it was made, and to who transferred.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferEnded {
    pub offer: Uuid,
    pub conversation: Uuid,
    pub outcome: OfferOutcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An agent's state of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkIs {
    pub agent: Uuid,
    pub state: WorkStateName,
    pub connected: bool,
    /// Customers they have now, open offers among them.
    pub load: u32,
    pub capacity: u32,
    /// A stable word: why it is so now.
    pub cause: String,
}

/// A visit began or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitIs {
    pub conversation: Uuid,
    pub visit: Uuid,
    pub open: bool,
    /// `agent`, `customer`, `supervisor`, `idle`, `left_queue`, `system`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
}

/// Something beside a service conversation that its customer never sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Side {
    pub conversation: Uuid,
    /// From 1 in each side stream, without a gap.
    pub seq: u64,
    pub id: Uuid,
    pub kind: SideKindName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Uuid>,
    pub text: String,
    /// Of a receipt: the assignment, for `GET /api/v1/assignments/{id}/why`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Uuid>,
    pub time: i64,
    /// The newest message when it was written.
    pub beside_seq: u64,
}

/// A customer waits for an answer for longer than the channel allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Waited {
    pub conversation: Uuid,
    /// Since when.
    pub since: i64,
}

/// What the customer has typed and not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TypedAhead {
    pub conversation: Uuid,
    pub text: String,
}

/// The board has changed: read it anew. At most once a second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BoardIs {
    pub version: u64,
}

/// What a move of customer service led to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ServiceDone {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Uuid>,
    /// Its lease now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lease: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Uuid>,
}
