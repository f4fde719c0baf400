//! The machine's rows: what of its state is stored, and what it is rebuilt from. The edges give them their shapes.

use std::collections::BTreeSet;

use webim_model::{
    AskId, AssignmentId, ChannelId, ClosedBy, ConversationId, HistoryShown, Holder, HolderReason,
    Millis, OfferId, OfferKind, PersonId, TeamId, TopicId, TransferId, TransferState, TransferTo,
    VisitId, WorkState,
};

use crate::rules::{AgentFacts, ChannelRules};

/// One service conversation. It lives for ever; `visit` is its open episode.
///
/// Invariants: `visit` is open exactly when `holder` is not `Nobody`; `lease` grows by one with each change of
/// `holder`; `version` grows with each emitted change of the row; at most one of `offer` and `ask` is set, and only
/// while `holder` is `Queue` (an offer of kind `Transfer`: also `Agent` and `Robot`, together with `transfer`).
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row: each is a column of its own and any mixture occurs"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its channel.
    pub channel: ChannelId,
    /// Its customer.
    pub customer: PersonId,
    /// Whether the customer has a socket. Not stored: false after a restart.
    pub customer_connected: bool,
    /// What it is about (expert mode), or was transferred to.
    pub topic: Option<TopicId>,
    /// The team it was transferred to, for the rest of the visit.
    pub team: Option<TeamId>,
    /// The customer's language.
    pub language: Option<String>,
    /// Labels the agent must have.
    pub skills: BTreeSet<String>,
    /// Labels the agent should have.
    pub wishes: BTreeSet<String>,
    /// Who must answer.
    pub holder: Holder,
    /// Grows by one with each change of holder.
    pub lease: i64,
    /// Grows with each change of the row.
    pub version: i64,
    /// Service mode: the agent who stays the customer's between visits.
    pub owner: Option<PersonId>,
    /// The agent the customer chose; kept, so that an expert's lane stays theirs.
    pub wanted: Option<PersonId>,
    /// Who held it before the present holder.
    pub former: Option<PersonId>,
    /// Waits for this agent alone.
    pub only_for: Option<PersonId>,
    /// Until when it waits for `only_for`, before the channel's `owner_away` decides; `None`: for ever.
    pub owner_deadline: Option<Millis>,
    /// Somebody else than the owner may serve this visit, and does not become the owner.
    pub substitute: bool,
    /// The customer was told to leave a message.
    pub leave_message: bool,
    /// Not looked at before this moment: the channel is closed, or a hook said so. `Millis(i64::MAX)`: never by itself.
    pub held_until: Option<Millis>,
    /// Higher first.
    pub priority: i32,
    /// Its place in the queue; kept while an agent holds it, for who is requeued without fault of their own.
    pub enqueued_at: Option<Millis>,
    /// The customer keeps their place while away.
    pub waiting_offline: bool,
    /// When the customer's socket ended while they waited, if they did not keep the place.
    pub vanished_at: Option<Millis>,
    /// The customer's first message that has no answer.
    pub waiting_since: Option<Millis>,
    /// The present wait was pointed out.
    pub waited_told: bool,
    /// The last sign of life of anybody; a change of holder is one.
    pub last_said_at: Option<Millis>,
    /// Agents not to be asked, and until when.
    pub vetoes: Vec<(PersonId, Millis)>,
    /// Committed hand-overs (from, to, when) since the last message: a circle shows here. At most 8.
    pub moves: Vec<(PersonId, PersonId, Millis)>,
    /// The open question to an agent.
    pub offer: Option<Offer>,
    /// The open transfer.
    pub transfer: Option<Transfer>,
    /// The open question to a hook and its deadline. Not stored: asked again after a restart.
    pub ask: Option<(AskId, Millis)>,
    /// The open visit.
    pub visit: Option<Visit>,
    /// The holder's turn, while an agent holds it.
    pub assignment: Option<Assignment>,
}

impl Case {
    /// A conversation in which nothing has happened yet: held by nobody, lease and version 0.
    pub fn new(conversation: ConversationId, channel: ChannelId, customer: PersonId) -> Self {
        Self {
            conversation,
            channel,
            customer,
            customer_connected: false,
            topic: None,
            team: None,
            language: None,
            skills: BTreeSet::new(),
            wishes: BTreeSet::new(),
            holder: Holder::Nobody,
            lease: 0,
            version: 0,
            owner: None,
            wanted: None,
            former: None,
            only_for: None,
            owner_deadline: None,
            substitute: false,
            leave_message: false,
            held_until: None,
            priority: 0,
            enqueued_at: None,
            waiting_offline: false,
            vanished_at: None,
            waiting_since: None,
            waited_told: false,
            last_said_at: None,
            vetoes: Vec::new(),
            moves: Vec::new(),
            offer: None,
            transfer: None,
            ask: None,
            visit: None,
            assignment: None,
        }
    }
}

/// One episode, open or closed. Sums are complete up to the row's last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Which.
    pub id: VisitId,
    /// Where it was.
    pub conversation: ConversationId,
    /// Through which channel.
    pub channel: ChannelId,
    /// Whose.
    pub customer: PersonId,
    /// What it was about when it opened.
    pub topic: Option<TopicId>,
    /// When it began.
    pub opened_at: Millis,
    /// When it ended.
    pub closed_at: Option<Millis>,
    /// Who ended it.
    pub closed_by: Option<ClosedBy>,
    /// Who held it last, if any agent ever did.
    pub agent: Option<PersonId>,
    /// When it first entered a queue.
    pub queued_at: Option<Millis>,
    /// When an agent first held it.
    pub assigned_at: Option<Millis>,
    /// When an agent first answered the customer.
    pub responded_at: Option<Millis>,
    /// Milliseconds in queues, all turns together.
    pub queued_ms: i64,
    /// Milliseconds held by agents, all turns together.
    pub handled_ms: i64,
    /// Since when the present holder holds it: the open end of the two sums above.
    pub holder_since: Millis,
    /// Agents' turns.
    pub assignments: u32,
    /// Committed transfers.
    pub transfers: u32,
    /// Customer's messages.
    pub asked: u32,
    /// Closed while waiting for an agent, without one ever having held it.
    pub abandoned: bool,
    /// Closed while a customer's message had no answer.
    pub unanswered: bool,
}

/// One agent's turn with a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Which; its receipt is stored under it.
    pub id: AssignmentId,
    /// In which visit.
    pub visit: VisitId,
    /// Where.
    pub conversation: ConversationId,
    /// Through which channel.
    pub channel: ChannelId,
    /// Who.
    pub agent: PersonId,
    /// Why it began.
    pub reason: HolderReason,
    /// When it began.
    pub began_at: Millis,
    /// When the agent first answered in it.
    pub answered_at: Option<Millis>,
    /// How long the customer had waited for that answer: from the later of the turn's beginning and the customer's
    /// first unanswered message.
    pub answered_ms: Option<i64>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// Why it ended.
    pub ended: Option<HolderReason>,
    /// Who owned the customer before; put back when the agent loses them unanswered.
    pub owner_before: Option<PersonId>,
    /// Given by explicit choice beyond capacity, work state or presence (forced transfer, supervisor's take-over):
    /// neither the grace nor the reply deadline takes it away.
    pub beyond: bool,
}

/// A question to an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub id: OfferId,
    /// Where.
    pub conversation: ConversationId,
    /// To whom.
    pub agent: PersonId,
    /// What for.
    pub kind: OfferKind,
    /// When it was made.
    pub made_at: Millis,
    /// When it is over.
    pub until: Millis,
}

/// A move of the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which.
    pub id: TransferId,
    /// Where.
    pub conversation: ConversationId,
    /// In which visit.
    pub visit: VisitId,
    /// Who asked for it.
    pub by: PersonId,
    /// Who held it, if an agent did.
    pub from: Option<PersonId>,
    /// Where to; `Former` is stored as the agent it meant.
    pub to: TransferTo,
    /// For who comes next.
    pub note: Option<String>,
    /// How much the newcomer's view opens with.
    pub history: HistoryShown,
    /// Beyond capacity, break or absence.
    pub forced: bool,
    /// What became of it.
    pub state: TransferState,
    /// Why it was declined.
    pub reason: Option<String>,
    /// When it was asked for.
    pub offered_at: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
}

/// What is stored of an agent's work, beside their record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Who.
    pub agent: PersonId,
    /// What they chose.
    pub state: WorkState,
    /// When `wrap_up` ends by itself.
    pub wrap_up_until: Option<Millis>,
    /// Silences in a row.
    pub silences: u32,
    /// When they last got a customer.
    pub assigned_at: Option<Millis>,
    /// Whether they have a socket. Not stored: false after a restart.
    pub connected: bool,
    /// When their last socket ended.
    pub gone_at: Option<Millis>,
    /// Customers they hold and open offers to them. Derived: ignored by `restore`.
    pub load: u32,
}

impl Work {
    /// Somebody who never worked: on a break, not connected.
    pub fn new(agent: PersonId) -> Self {
        Self {
            agent,
            state: WorkState::Break,
            wrap_up_until: None,
            silences: 0,
            assigned_at: None,
            connected: false,
            gone_at: None,
            load: 0,
        }
    }
}

/// Everything the machine is rebuilt from. `cases` may leave out conversations without an open visit whose row is
/// given in another way later ([`crate::Dispatch::recall`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// Every channel.
    pub channels: Vec<ChannelRules>,
    /// Every agent, and what is stored of their work.
    pub agents: Vec<(AgentFacts, Work)>,
    /// The conversations; those with an open visit must all be there.
    pub cases: Vec<Case>,
    /// Whom each channel's round robin came to last.
    pub cursors: Vec<(ChannelId, PersonId)>,
}
