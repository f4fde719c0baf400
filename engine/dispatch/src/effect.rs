//! What the machine answers: everything that is to be stored or told, and nothing that its state does not hold yet.

use webim_model::{
    AskId, AssignmentId, ChannelId, ConversationId, Holder, HolderReason, Millis, OfferId,
    OfferOutcome, PersonId, Refusal, TransferId, VisitId, WorkCause,
};

use crate::receipt::{Candidate, Receipt};
use crate::rows::{Assignment, Case, Offer, Transfer, Visit, Work};

/// One consequence. Those of one event come in an order in which they can be stored and told.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// *Answer*: it was done.
    Done(Done),
    /// *Answer*: it was not, and nothing has changed.
    Refused {
        /// Why.
        refusal: Refusal,
        /// Who holds the conversation, where that is the reason.
        holder: Option<PersonId>,
    },
    /// Store and tell: the holder changed. Also the row of every other thing that changed with it.
    Held(Box<Held>),
    /// Store: the row of a conversation changed, its holder did not.
    Row(Box<Case>),
    /// Store (and tell members and watchers of `Opened` and `Closed`): a visit's row changed. The last one of an event
    /// per visit is the one to keep.
    Visit(VisitChange, Box<Visit>),
    /// Store: an agent's turn began, was answered in, or ended. The one that begins is in [`Held`] too.
    Assignment(Box<Assignment>),
    /// Store and tell: a transfer was offered or ended.
    Transfer(Box<Transfer>),
    /// Tell the agent: they are asked. It is in the conversation's row.
    Offer(Box<Offer>),
    /// Tell the agent, and who transferred: the question is over.
    OfferEnded {
        /// The question.
        offer: Box<Offer>,
        /// How it ended.
        outcome: OfferOutcome,
        /// What the agent said.
        reason: Option<String>,
    },
    /// Store and tell: what an agent does, or how much they hold. At most one per agent and event, with the last state.
    Work {
        /// The row.
        work: Box<Work>,
        /// How much they may hold.
        capacity: u32,
        /// What changed it.
        cause: WorkCause,
    },
    /// Store: whom the channel's round robin came to.
    Cursor {
        /// Which channel.
        channel: ChannelId,
        /// Whom.
        agent: PersonId,
    },
    /// Tell the customer: their place, when it or the estimate changed; at most once a second per conversation.
    QueuePlace(QueuePlace),
    /// Tell the holder and the board: the customer waits for an answer; once per wait.
    Waited {
        /// Where.
        conversation: ConversationId,
        /// The first message without an answer.
        since: Millis,
        /// Who must answer.
        holder: Holder,
    },
    /// Tell the agent: they were silent and lost the customer, or the offer.
    Silent {
        /// Who.
        agent: PersonId,
        /// Where.
        conversation: ConversationId,
        /// To which question.
        what: Silence,
    },
    /// Ask the channel's hook, outside; answered by [`crate::Event::PolicyAnswered`].
    AskPolicy(Box<PolicyAsk>),
    /// Push this form to the customer: a hook asked for it.
    PushForm {
        /// Where.
        conversation: ConversationId,
        /// Which form.
        form: String,
    },
    /// Store: the conversation is no more.
    Forgotten(ConversationId),
}

/// What was done, for the ack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Done {
    /// The conversation it was about.
    pub conversation: Option<ConversationId>,
    /// Its lease after it (of the end of the event).
    pub lease: Option<i64>,
    /// The open visit.
    pub visit: Option<VisitId>,
    /// The transfer that was made, if one was.
    pub transfer: Option<TransferId>,
    /// The offer that was made or answered, if one was.
    pub offer: Option<OfferId>,
}

/// A change of holder, complete: written in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Who held it; the stored row must still say so, with `row.lease - 1`.
    pub before: Holder,
    /// The whole new row: holder, lease, version, owner, place, offer, deadlines, visit, assignment.
    pub row: Case,
    /// Why.
    pub reason: HolderReason,
    /// Whose doing: the agent who took, the supervisor, who transferred, the customer.
    pub by: Option<PersonId>,
    /// Service mode: whose list the customer left (the former owner or holder).
    pub leaves: Option<PersonId>,
    /// Why this agent; with every `Holder::Agent`. Stored under `row.assignment.id`.
    pub receipt: Option<Receipt>,
    /// The transfer that this commits, ended; [`Effect::Transfer`] follows with the same row.
    pub transfer: Option<Transfer>,
    /// The turn that ended with it; [`Effect::Assignment`] follows with the same row.
    pub ended: Option<Assignment>,
}

/// What changed in a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitChange {
    /// It began.
    Opened,
    /// An agent answered for the first time.
    Responded,
    /// Sums or the agent.
    Changed,
    /// It ended.
    Closed,
}

/// A customer's place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePlace {
    /// Where.
    pub conversation: ConversationId,
    /// Whom to tell.
    pub customer: PersonId,
    /// 1 is next.
    pub position: u32,
    /// Milliseconds until it is their turn, if enough were served lately to say.
    pub estimate: Option<i64>,
    /// They are told to leave a message: the channel is closed, or their agent away.
    pub leave_message: bool,
}

/// To what an agent was silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// An offer.
    Offer,
    /// A customer.
    Customer,
}

/// A question to a hook: everything it may know, as it was when asked.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyAsk {
    /// To be named in the answer.
    pub ask: AskId,
    /// The hook.
    pub hook: String,
    /// When the built-in policy decides.
    pub deadline: Millis,
    /// The waiting conversation.
    pub case: Case,
    /// Milliseconds it has waited.
    pub waited: i64,
    /// The agents that fit, in the built-in order, first; then up to [`crate::receipt::CANDIDATES`] in all with why not.
    pub candidates: Vec<Candidate>,
}

/// Which stored receipt explains an assignment.
pub type ReceiptId = AssignmentId;
