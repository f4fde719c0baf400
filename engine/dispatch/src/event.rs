//! What happens to the machine: facts that changed, what people ask for, answers of hooks, and time.

use std::collections::BTreeSet;

use webim_model::{
    AskId, ChannelId, ConversationId, HistoryShown, OfferId, PersonId, Roles, TopicId, TransferId,
    TransferTo, WorkState,
};

use crate::rules::{AgentFacts, ChannelRules};

/// Who asks, as the session says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// What they may do.
    pub roles: Roles,
}

/// One thing that happened. Those marked *asked* are answered by exactly one [`crate::Effect::Done`] or
/// [`crate::Effect::Refused`], the first of the effects; a refusal is then the only effect of the event itself
/// (deadlines that passed meanwhile may add theirs). The others have no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A channel is new or has other settings.
    ChannelSet(Box<ChannelRules>),
    /// A channel was deleted: no visit opens in it, the open ones go on.
    ChannelGone(ChannelId),
    /// An agent is new or has another record. One who is not active any more loses everything as with `AgentGone`.
    AgentSet(Box<AgentFacts>),
    /// An agent was deleted or is one no more: their customers are requeued at their old places, they own nobody.
    AgentGone(PersonId),
    /// A person's first socket came, or their last one ended: agents and customers alike.
    Presence {
        /// Who.
        person: PersonId,
        /// Whether they have a socket now.
        connected: bool,
    },
    /// A customer became another (a visitor signed in): all conversations of `from` are `into`'s.
    Merged {
        /// Who they were.
        from: PersonId,
        /// Who they are.
        into: PersonId,
    },
    /// A conversation is no more (erased): it leaves the machine, whatever was open in it ends.
    Forgotten(ConversationId),

    /// *Asked*: opens a visit, or continues the open one (then nothing but `wanted` may change, while it waits).
    Open(Box<Opening>),
    /// A customer's message was stored. In a conversation held by nobody it opens a visit as `Open` does; refused
    /// (and only then answered) with `channel_closed` or `conversation_unknown`.
    CustomerWrote {
        /// Where.
        conversation: ConversationId,
    },
    /// An answer was stored: by the holder, or by somebody beside them. Only the holder's counts as the answer. Refused
    /// (and only then answered), like the next, with `conversation_unknown`.
    AgentWrote {
        /// Where.
        conversation: ConversationId,
        /// Who.
        agent: PersonId,
    },
    /// The robot said something: no more than a sign of life.
    RobotWrote {
        /// Where.
        conversation: ConversationId,
    },
    /// *Asked* of the customer, or of the robot (then `actor` is the robot's person): on to the queue.
    ToPerson {
        /// Who asks.
        actor: Actor,
        /// Where.
        conversation: ConversationId,
        /// Becomes the topic asked for, if given.
        topic: Option<TopicId>,
    },
    /// *Asked* of customer, holder or supervisor.
    Close {
        /// Who asks.
        actor: Actor,
        /// Where.
        conversation: ConversationId,
    },
    /// *Asked* of the customer: gives up waiting, which closes the visit as abandoned.
    LeaveQueue {
        /// Who asks.
        actor: Actor,
        /// Where.
        conversation: ConversationId,
    },
    /// *Asked* of the customer: keeps the place while they are away, to be called back.
    KeepPlace {
        /// Who asks.
        actor: Actor,
        /// Where.
        conversation: ConversationId,
    },
    /// *Asked* of an agent (from queue, robot or, opening a visit, from nobody) or a supervisor (from anyone).
    Take {
        /// Who asks.
        actor: Actor,
        /// Where.
        conversation: ConversationId,
    },
    /// *Asked* of the agent an offer was made to.
    Answer {
        /// Who asks.
        actor: Actor,
        /// Which offer.
        offer: OfferId,
        /// Whether they take it.
        accept: bool,
        /// Why not.
        reason: Option<String>,
    },
    /// *Asked* of the holder or a supervisor.
    Transfer(Box<TransferAsk>),
    /// *Asked* of who offered the transfer, or a supervisor.
    CancelTransfer {
        /// Who asks.
        actor: Actor,
        /// Which.
        transfer: TransferId,
    },
    /// *Asked* of the agent, or a supervisor for them.
    SetState {
        /// Who asks.
        actor: Actor,
        /// Whose state.
        agent: PersonId,
        /// What it becomes.
        state: WorkState,
    },
    /// What an assignment hook said. Ignored when it comes after its deadline, or the conversation waits no more.
    PolicyAnswered {
        /// To which question.
        ask: AskId,
        /// What.
        answer: PolicyAnswer,
    },
    /// Time passed: deadlines, places in queues, and every queue examined anew.
    Tick,
}

/// What opens a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Who asks: the customer, or an agent or host system for them.
    pub actor: Actor,
    /// The conversation that the router keeps for this customer, channel, topic and expert.
    pub conversation: ConversationId,
    /// Where they come in.
    pub channel: ChannelId,
    /// Who.
    pub customer: PersonId,
    /// What they ask about.
    pub topic: Option<TopicId>,
    /// The agent they chose.
    pub wanted: Option<PersonId>,
    /// Higher is served first; 0 for most.
    pub priority: i32,
    /// Preferred, not required.
    pub language: Option<String>,
    /// Labels that the agent must have, beside the channel's.
    pub skills: BTreeSet<String>,
    /// Labels that the agent should have; the more the better.
    pub wishes: BTreeSet<String>,
    /// `true` to begin with the robot where the channel has one.
    pub robot_first: bool,
    /// Whether the customer has a socket now.
    pub connected: bool,
}

impl Opening {
    /// The plain case: the customer themselves, connected, no choices; the robot first where there is one.
    pub fn new(conversation: ConversationId, channel: ChannelId, customer: PersonId) -> Self {
        Self {
            actor: Actor {
                person: customer,
                roles: Roles::default(),
            },
            conversation,
            channel,
            customer,
            topic: None,
            wanted: None,
            priority: 0,
            language: None,
            skills: BTreeSet::new(),
            wishes: BTreeSet::new(),
            robot_first: true,
            connected: true,
        }
    }
}

/// A wish to move the holder.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferAsk {
    /// Who asks.
    pub actor: Actor,
    /// Which conversation.
    pub conversation: ConversationId,
    /// The lease they know; another one is `lease_stale`.
    pub lease: i64,
    /// Where to.
    pub to: TransferTo,
    /// For who comes next.
    pub note: Option<String>,
    /// How much the newcomer's view opens with.
    pub history: HistoryShown,
    /// Also to an agent who is full, on a break or offline. Offline: committed at once.
    pub force: bool,
}

/// What a hook wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyAnswer {
    /// Nothing: the built-in policy decides.
    Builtin,
    /// This agent, if they fit now; else the built-in policy, and the receipt says so.
    Choose(PersonId),
    /// The first of these who fits now; then the built-in order.
    Order(Vec<PersonId>),
    /// None of these, for the channel's veto time; then the built-in order.
    Veto(BTreeSet<PersonId>),
    /// Nobody now: it keeps its place and is looked at again after the channel's veto time.
    Queue,
    /// The robot again.
    Robot,
    /// This form first ([`crate::Effect::PushForm`]); meanwhile as with `Queue`.
    Form(String),
    /// It failed: the built-in policy decides at once, and the receipt says so.
    Failed,
}
