//! What the machine is told about channels and agents: settings, kept by whoever administers them.

use std::collections::{BTreeMap, BTreeSet};

use webim_model::{ChannelId, ChannelMode, Order, OwnerAway, PersonId, TeamId, TopicId};

use crate::hours::Hours;

/// One channel's settings. All durations are milliseconds; `None` switches a deadline off.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelRules {
    /// Which channel.
    pub id: ChannelId,
    /// One agent for everything, or lanes by topic.
    pub mode: ChannelMode,
    /// Whether visits may be opened; those that are open go on in a channel that is not active.
    pub active: bool,
    /// How the built-in policy orders agents that fit.
    pub order: Order,
    /// Whose members serve here; empty: every agent does.
    pub teams: BTreeSet<TeamId>,
    /// What customers may ask about; an expert is an agent with one of these.
    pub topics: BTreeSet<TopicId>,
    /// When it is open; `None`: always.
    pub hours: Option<Hours>,
    /// What opening a visit outside the hours does.
    pub when_closed: WhenClosed,
    /// Whether a robot answers first.
    pub robot: bool,
    /// The assignment hook, if one is installed.
    pub hook: Option<PolicyHook>,
    /// What happens when the customer's own (or chosen) agent is not there.
    pub owner_away: OwnerAway,
    /// How long a customer waits for their own agent who is connected but has no room, before `owner_away` decides.
    pub owner_deadline: i64,
    /// How long an agent may take to accept; `None`: assigned at once, without an offer.
    pub accept_deadline: Option<i64>,
    /// How long an agent may take to answer first, counted from their assignment or the customer's first unanswered
    /// message, whichever is later.
    pub reply_deadline: Option<i64>,
    /// How long a transfer to an agent waits for its answer.
    pub transfer_deadline: i64,
    /// How long an agent who declined, was silent or passed the customer on is not asked again for them.
    pub veto_for: i64,
    /// After how many silences in a row an agent is sent on a break.
    pub silences_before_break: u32,
    /// How long an agent without a socket keeps their customers.
    pub grace: i64,
    /// After the grace: requeue a customer who waits for an answer at once (`true`), or with their next message.
    /// A customer who does not wait for an answer is requeued with their next message in any case.
    pub requeue_after_grace: bool,
    /// How long a waiting customer without a socket, who did not keep their place, stays in the queue.
    pub vanished_after: Option<i64>,
    /// A visit in which nobody said anything for this long is closed (not while it waits in the queue).
    pub idle_close: Option<i64>,
    /// How long an agent is in `wrap_up` after a visit.
    pub wrap_up: Option<i64>,
    /// After how long without an answer the agent is told that the customer waits.
    pub waited_after: Option<i64>,
    /// What every agent here must have.
    pub skills: BTreeSet<String>,
}

impl ChannelRules {
    /// A channel with the defaults: service mode, always open, least loaded first, no robot, no hook, no offers;
    /// transfers wait 60 s, vetoes last 5 min, the owner is waited for 60 s and then substituted, grace 45 s,
    /// a customer is pointed out after 120 s, a visit is closed after an hour of silence.
    pub fn new(id: ChannelId) -> Self {
        Self {
            id,
            mode: ChannelMode::Service,
            active: true,
            order: Order::LeastLoaded,
            teams: BTreeSet::new(),
            topics: BTreeSet::new(),
            hours: None,
            when_closed: WhenClosed::LeaveMessage,
            robot: false,
            hook: None,
            owner_away: OwnerAway::Substitute,
            owner_deadline: 60_000,
            accept_deadline: None,
            reply_deadline: None,
            transfer_deadline: 60_000,
            veto_for: 300_000,
            silences_before_break: 2,
            grace: 45_000,
            requeue_after_grace: true,
            vanished_after: None,
            idle_close: Some(3_600_000),
            wrap_up: None,
            waited_after: Some(120_000),
            skills: BTreeSet::new(),
        }
    }
}

/// What opening a visit outside a channel's hours does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenClosed {
    /// The customer waits with `leave_message` set until the channel opens, or an agent takes them.
    LeaveMessage,
    /// Refused with `channel_closed`.
    Refuse,
}

/// A channel's assignment hook, as far as the machine needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyHook {
    /// Named in receipts.
    pub name: String,
    /// How long it may take; then the built-in policy decides.
    pub deadline: i64,
}

/// What is known about one person who may serve customers; supervisors who take customers over are told too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentFacts {
    /// Who.
    pub id: PersonId,
    /// Not deactivated and with the role agent (or supervisor): may hold a conversation at all.
    pub active: bool,
    /// Whether customers are given to them by themselves; `false` for a supervisor who is no agent.
    pub serves: bool,
    /// How many customers at once, in all channels; 0: none by themselves.
    pub capacity: u32,
    /// How many of one channel, where that is fewer.
    pub per_channel: BTreeMap<ChannelId, u32>,
    /// Their share under `least_loaded`: 200 takes twice what 100 takes. 0 counts as 1.
    pub weight: u32,
    /// The teams they are in.
    pub teams: BTreeSet<TeamId>,
    /// The topics they are an expert of.
    pub topics: BTreeSet<TopicId>,
    /// Their labels.
    pub skills: BTreeSet<String>,
    /// Languages they speak (BCP 47 tags, compared as they are).
    pub languages: BTreeSet<String>,
}

impl AgentFacts {
    /// An active agent with this capacity, weight 100, in no team, without topics and labels.
    pub fn new(id: PersonId, capacity: u32) -> Self {
        Self {
            id,
            active: true,
            serves: true,
            capacity,
            per_channel: BTreeMap::new(),
            weight: 100,
            teams: BTreeSet::new(),
            topics: BTreeSet::new(),
            skills: BTreeSet::new(),
            languages: BTreeSet::new(),
        }
    }
}
