//! What customers and agents do. Each is answered by `ack` or `nack` with its `client_id`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{HistoryName, WorkStateName};

/// The page that a customer is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerPage {
    /// At most 2,000 characters, as `referrer`.
    pub url: String,
    /// At most 200 characters.
    pub title: String,
    pub referrer: String,
    /// A tag such as `zh-CN`.
    pub language: String,
}

/// I come to this channel: opens a visit, or goes on with the one that is open. The `ack` names the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceOpen {
    pub client_id: Uuid,
    /// The channel's key.
    pub channel: String,
    /// In expert mode: what it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Uuid>,
    /// Whom I want, where the channel lists its agents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<CustomerPage>,
}

macro_rules! moves {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            pub client_id: Uuid,
            pub conversation: Uuid,
        }
    )*};
}

moves! {
    /// The visit is over.
    ServiceClose
    /// I wait no longer.
    ServiceLeaveQueue
    /// I go, and want my place kept: whoever takes me writes to me.
    ServiceKeepPlace
    /// I want a person instead of the robot.
    ServicePerson
    /// I take this customer: from the queue, from nobody, or, as a supervisor, from whoever has them.
    ServiceTake
}

/// Whether I take the customer whom I was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceAnswer {
    pub client_id: Uuid,
    pub offer: Uuid,
    pub accept: bool,
    /// Why not; at most 200 characters, shown to who offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Where a customer is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TransferTarget {
    Agent(Uuid),
    Team(Uuid),
    /// In expert mode, one of the channel's.
    Topic(Uuid),
    /// Back into the queue.
    Queue(bool),
    Robot(bool),
    /// To who had them before.
    Former(bool),
}

/// Somebody else is to go on with this customer. The `ack` comes when it is offered or, where nobody is asked, done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceTransfer {
    pub client_id: Uuid,
    pub conversation: Uuid,
    /// The lease under which I hold the customer.
    pub lease: u64,
    pub to: TransferTarget,
    /// For who comes next; at most 2,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default)]
    pub history: HistoryName,
    /// Also where the agent is not there or has no room: they find the customer waiting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force: bool,
}

/// I take back a transfer that nobody has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceCancel {
    pub client_id: Uuid,
    pub conversation: Uuid,
}

/// Whether I take work now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceState {
    pub client_id: Uuid,
    pub state: WorkStateName,
    /// As a supervisor: somebody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Uuid>,
}

/// For those who serve this customer, never for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceNote {
    pub client_id: Uuid,
    pub conversation: Uuid,
    pub text: String,
}

/// As a supervisor, to the agent who serves this customer; never for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceWhisper {
    pub client_id: Uuid,
    pub conversation: Uuid,
    pub text: String,
}

/// As a supervisor: I answer this customer, too; or no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceJoin {
    pub client_id: Uuid,
    pub conversation: Uuid,
    pub on: bool,
}

/// What this connection reads along, unseen: replaces the earlier list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceWatch {
    pub client_id: Uuid,
    /// At most 50.
    pub conversations: Vec<Uuid>,
    /// As a supervisor: when the board changes, too.
    #[serde(default)]
    pub board: bool,
}

/// What I have typed and not sent: for who serves me, never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceDraft {
    pub client_id: Uuid,
    pub conversation: Uuid,
    /// At most 500 characters; empty: nothing any more.
    pub text: String,
}
