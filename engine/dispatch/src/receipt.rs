//! Why this agent: the stored reason of one assignment, and the sentence that people read.

use std::collections::BTreeMap;

use webim_model::{ChannelId, ConversationId, DecidedBy, Millis, Order, PersonId, Verdict};

/// How many agents a receipt names; those that fit come first, the others are counted by reason.
pub const CANDIDATES: usize = 50;

/// Why an agent was assigned: inputs, each candidate's verdict, who decided, how long it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Through which channel.
    pub channel: ChannelId,
    /// Who was assigned.
    pub agent: PersonId,
    /// When.
    pub at: Millis,
    /// How many waited before this one in its line.
    pub ahead: u32,
    /// Milliseconds in the queue.
    pub waited: i64,
    /// The channel's built-in order.
    pub order: Order,
    /// Who decided.
    pub by: DecidedBy,
    /// The hook's name, where one was asked.
    pub hook: Option<String>,
    /// Milliseconds between the question to the hook and the decision; 0 without a hook.
    pub took: i64,
    /// Whether it went beyond the agent's capacity, by explicit choice.
    pub beyond: bool,
    /// The best of those looked at, those that fit first in the built-in order; at most [`CANDIDATES`].
    pub candidates: Vec<Candidate>,
    /// How many agents got each verdict, named or not.
    pub counts: BTreeMap<Verdict, u32>,
}

/// One agent as they were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub agent: PersonId,
    /// Fits, or why not.
    pub verdict: Verdict,
    /// What they held.
    pub load: u32,
    /// What they may hold, here.
    pub capacity: u32,
    /// Their share.
    pub weight: u32,
    /// Milliseconds since they last got a customer; `None`: never.
    pub idle: Option<i64>,
    /// Whether they speak the customer's language.
    pub language: bool,
    /// How many of the wished-for labels they have.
    pub wishes: u32,
    /// Their place in the built-in order, 1 is first; 0 where they do not fit.
    pub rank: u32,
}
