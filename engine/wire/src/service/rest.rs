//! What customers, agents and supervisors read and write over REST.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::command::CustomerPage;
use super::event::{OfferMade, QueuePlace, Side};
use super::{Face, HolderName, WorkStateName};
use crate::server::Message;

/// Somebody comes to a channel. All of it may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PostVisitor {
    /// What to call them; at most 60 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A JWT (HS256) that the host system signed with the channel's secret: `sub`, `exp`, `aud` (the channel's key), and,
    /// if it likes, `name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<CustomerPage>,
}

/// Who they are from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Visitor {
    pub person: Uuid,
    pub name: String,
    /// A bearer token, good until it is not used for the channel's `visitor_days`, or revoked.
    pub token: String,
    /// Whether the host system says who they are.
    pub identified: bool,
    pub conversations: Vec<Lane>,
}

/// One service conversation, as its customer sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lane {
    pub conversation: Uuid,
    /// The channel's key.
    pub channel: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Uuid>,
    pub holder: HolderName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Face>,
    pub lease: u64,
    pub version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<QueuePlace>,
    pub last_seq: u64,
    pub read_seq: u64,
    pub unread: u64,
}

/// The caller's own lanes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lanes {
    pub items: Vec<Lane>,
}

/// An agent whom a customer can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentFace {
    #[serde(flatten)]
    pub face: Face,
    pub online: bool,
}

/// Those who are there first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentFaces {
    pub items: Vec<AgentFace>,
}

/// One line of an agent's list of customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Served {
    pub conversation: Uuid,
    pub customer: CustomerFace,
    /// The channel's key.
    pub channel: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Uuid>,
    pub holder: HolderName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Face>,
    pub lease: u64,
    pub version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Message>,
    pub last_seq: u64,
    pub read_seq: u64,
    pub unread: u64,
    /// Since when the customer waits for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<i64>,
    /// Whether the caller is the customer's own agent.
    pub owner: bool,
    /// No contact for the channel's `hide_after_days`.
    pub hidden: bool,
    /// When there was contact last.
    pub contact_at: i64,
}

/// A customer in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerFace {
    #[serde(flatten)]
    pub face: Face,
    pub online: bool,
}

/// A page of the list, newest contact first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServedPage {
    pub items: Vec<Served>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// All about one service conversation that an agent sees beside its messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServedDetail {
    #[serde(flatten)]
    pub served: Served,
    pub card: CustomerCard,
    /// Newest first, at most 50.
    pub visits: Vec<VisitItem>,
    /// Newest first, at most 50.
    pub transfers: Vec<TransferItem>,
    /// Newest first, at most 50.
    pub assignments: Vec<AssignmentItem>,
    /// What the caller is asked and has not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<OfferMade>,
}

/// What is known of a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CustomerCard {
    pub id: Uuid,
    pub name: String,
    /// What the host system calls them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    pub tags: Vec<String>,
    pub attributes: BTreeMap<String, String>,
    pub page: CustomerPage,
    pub device: String,
    pub language: String,
    pub blocked: bool,
    pub came_at: i64,
    pub seen_at: i64,
}

/// What agents change of a customer; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PutCustomer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most 50 of at most 60 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// At most 50; names of at most 60 characters, texts of at most 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BTreeMap<String, String>>,
    /// A blocked customer's messages are refused (`blocked`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
}

/// One episode. Times in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VisitItem {
    pub id: Uuid,
    pub opened_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Face>,
    pub transfers: u32,
    /// Time in queues.
    pub waited: u64,
    /// Time with agents.
    pub handled: u64,
}

/// One transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferItem {
    pub id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Face>,
    /// `agent`, `team`, `topic`, `queue`, `robot`.
    pub to_kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Face>,
    pub note: String,
    /// `offered`, `accepted`, `declined`, `timed_out`, `cancelled`.
    pub state: String,
    pub reason: String,
    pub offered_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
}

/// One decision about who answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssignmentItem {
    pub id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Face>,
    /// A stable word.
    pub reason: String,
    pub time: i64,
    /// In a sentence, in the language that the request asks for.
    pub sentence: String,
}

/// Why it was decided so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    #[serde(flatten)]
    pub assignment: AssignmentItem,
    pub sentence_zh: String,
    pub sentence_en: String,
    pub receipt: ReceiptShape,
}

/// What one decision was made from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReceiptShape {
    /// Who decided: `builtin`, `hook`, `agent`, `customer`, `owner`, `supervisor`, `system`.
    pub by: String,
    /// Which hook, if it was one, and whether it answered.
    pub hook: String,
    /// The policy that put the candidates in order.
    pub policy: String,
    /// Milliseconds that the customer had waited.
    pub waited: u64,
    /// Place in the queue.
    pub position: u32,
    /// Milliseconds that a hook took.
    pub took: u64,
    /// Given beyond the agent's capacity, by explicit choice.
    pub beyond: bool,
    /// In order; at most 50.
    pub candidates: Vec<CandidateShape>,
    /// How many more there were, by verdict.
    pub others: BTreeMap<String, u32>,
}

/// One agent who was looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CandidateShape {
    pub agent: Uuid,
    /// `chosen`, `fits`, or why not.
    pub verdict: String,
    pub load: u32,
    pub capacity: u32,
    pub weight: u32,
    /// Milliseconds since they were given somebody; absent: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle: Option<u64>,
}

/// A page of a side stream, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SidePage {
    pub items: Vec<Side>,
    pub more: bool,
}

/// An agent as desks see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentItem {
    #[serde(flatten)]
    pub face: Face,
    pub state: WorkStateName,
    pub connected: bool,
    pub load: u32,
    pub capacity: u32,
    pub weight: u32,
    pub skills: Vec<String>,
    pub languages: Vec<String>,
    pub teams: Vec<Uuid>,
    pub topics: Vec<Uuid>,
}

/// All agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agents {
    pub items: Vec<AgentItem>,
}

/// Somebody who waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Waiting {
    pub conversation: Uuid,
    pub customer: Face,
    /// The channel's key.
    pub channel: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Uuid>,
    pub since: i64,
    pub position: u32,
}

/// Who waits, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingList {
    pub items: Vec<Waiting>,
}

/// What supervisors see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Board {
    pub version: u64,
    pub channels: Vec<BoardChannel>,
    pub agents: Vec<AgentItem>,
    pub waiting: Vec<Waiting>,
    /// Who is served now.
    pub serving: Vec<Serving>,
}

/// One channel on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BoardChannel {
    pub key: String,
    pub name: String,
    pub waiting: u32,
    pub served: u32,
    /// Of those who wait, in milliseconds.
    pub longest_wait: u64,
    /// Mean error of the estimates given, in milliseconds; absent before there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_error: Option<u64>,
}

/// Somebody who is served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Serving {
    pub conversation: Uuid,
    pub customer: Face,
    /// The channel's key.
    pub channel: String,
    pub agent: Uuid,
    pub since: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<i64>,
}

/// A reply at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Canned {
    pub id: Uuid,
    /// What follows `/`; at most 64 characters, without spaces.
    pub shortcut: String,
    pub title: String,
    /// With `{{customer}}`, `{{agent}}` and `{{channel}}`; at most 5,000 characters.
    pub text: String,
    /// The caller's own; others are everybody's.
    pub mine: bool,
}

/// Everybody's and the caller's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CannedList {
    pub items: Vec<Canned>,
}

/// A reply to keep at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutCanned {
    pub shortcut: String,
    #[serde(default)]
    pub title: String,
    pub text: String,
    /// For everybody: supervisors and administrators only.
    #[serde(default)]
    pub shared: bool,
}
