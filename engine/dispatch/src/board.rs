//! What a supervisor sees at a glance.

use std::collections::BTreeMap;

use webim_model::{ChannelId, ConversationId, Millis, PersonId, WorkState};

/// The state of all channels and agents at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Grows with each change of what is shown.
    pub version: u64,
    /// Per channel.
    pub channels: BTreeMap<ChannelId, ChannelBoard>,
    /// Every active agent, by id.
    pub agents: Vec<AgentBoard>,
}

/// One channel at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChannelBoard {
    /// In the queue.
    pub waiting: u32,
    /// Since when the longest of them waits.
    pub longest_since: Option<Millis>,
    /// Which one that is.
    pub longest: Option<ConversationId>,
    /// Held by the robot.
    pub with_robot: u32,
    /// Held by agents.
    pub served: u32,
    /// Customers served who wait for an answer.
    pub unanswered: u32,
    /// Mean absolute error of the estimates told at the door, in milliseconds; `None` before the first was tried.
    pub estimate_error: Option<i64>,
}

/// One agent at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgentBoard {
    /// Who.
    pub agent: PersonId,
    /// What they chose.
    pub state: WorkState,
    /// Whether they have a socket.
    pub connected: bool,
    /// Customers and open offers.
    pub load: u32,
    /// What they may hold.
    pub capacity: u32,
}
