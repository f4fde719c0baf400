//! Customer service: what channels, agents and the customer's episodes are called, wherever they are spoken of.

use crate::{PersonId, TeamId, TopicId};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$item])* $variant,)* }

        impl $name {
            /// All of them, in the order of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in tables and on the wire.
            pub fn name(self) -> &'static str { match self { $(Self::$variant => $word,)* } }

            /// The one with this name, if there is one.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    )*};
}

words! {
    /// How a channel's customers are served.
    ChannelMode {
        /// One customer, one agent, from start to end.
        Service = "service",
        /// Several experts at once, each with their own lane.
        Expert = "expert",
    }
    /// Who may come in through a channel.
    Audience {
        /// Visitors and users of host systems.
        Customers = "customers",
        /// The organisation's own staff.
        Members = "members",
        /// Both.
        Both = "both",
    }
    /// Whether an agent takes work; whether they are connected is another thing.
    WorkState {
        /// Takes new customers.
        Ready = "ready",
        /// Serves those they have, takes no new ones.
        Occupied = "occupied",
        /// Not at work for a while.
        Break = "break",
        /// Finishing what a closed visit left to do.
        WrapUp = "wrap_up",
    }
    /// In which order the built-in policies take agents that fit.
    Order {
        /// The smallest load for their weight.
        LeastLoaded = "least_loaded",
        /// The next in turn.
        RoundRobin = "round_robin",
        /// Who got nothing for the longest time.
        LongestIdle = "longest_idle",
        /// Anyone.
        Random = "random",
        /// Nobody by itself: agents take.
        Manual = "manual",
    }
    /// What happens when a customer's own agent is not there.
    OwnerAway {
        /// The customer waits for them.
        Wait = "wait",
        /// The customer leaves a message for them.
        Message = "message",
        /// Somebody else serves this visit.
        Substitute = "substitute",
    }
    /// What became of a transfer.
    TransferState {
        /// Its answer is waited for; the former holder answers until then.
        Offered = "offered",
        /// It has moved the holder.
        Accepted = "accepted",
        /// Refused by whom it was offered to.
        Declined = "declined",
        /// Not answered in time.
        TimedOut = "timed_out",
        /// Taken back by who offered it.
        Cancelled = "cancelled",
    }
    /// What an entry of the side stream is.
    SideKind {
        /// An agent's note.
        Note = "note",
        /// A supervisor's word to the agent.
        Whisper = "whisper",
        /// Why somebody was assigned.
        Receipt = "receipt",
        /// What became of a transfer.
        Transfer = "transfer",
        /// A line of the system's own.
        System = "system",
        /// What a robot did.
        Robot = "robot",
    }
    /// How much of what was said before somebody's view opens with.
    HistoryShown {
        /// All of it.
        All = "all",
        /// This visit.
        Visit = "visit",
        /// What comes from now on.
        Nothing = "none",
    }
    /// Why the holder of a conversation changed.
    HolderReason {
        /// A visit was opened.
        Opened = "opened",
        /// The robot, or somebody for it, asked for a person.
        ToPerson = "to_person",
        /// The policy chose the agent.
        Assigned = "assigned",
        /// The customer's own agent.
        Owner = "owner",
        /// The agent that the customer chose.
        Chosen = "chosen",
        /// The agent took it.
        Taken = "taken",
        /// A supervisor took it over.
        TakenOver = "taken_over",
        /// A transfer was committed.
        Transferred = "transferred",
        /// The agent did not answer in time.
        Silent = "silent",
        /// The agent was gone for longer than the grace.
        Disconnected = "disconnected",
        /// The agent is not one any more.
        AgentGone = "agent_gone",
        /// A hook gave it to the robot.
        Hook = "hook",
        /// The visit was closed.
        Closed = "closed",
    }
    /// What an offer asks the agent for.
    OfferKind {
        /// Whether they take a waiting customer.
        Assignment = "assignment",
        /// Whether they take over from another.
        Transfer = "transfer",
    }
    /// How an offer ended.
    OfferOutcome {
        /// Taken.
        Accepted = "accepted",
        /// Refused by the agent.
        Declined = "declined",
        /// Not answered in time.
        TimedOut = "timed_out",
        /// Taken back by who transferred.
        Cancelled = "cancelled",
        /// What was offered is there no more: closed, taken by somebody else, or the agent left.
        Gone = "gone",
    }
    /// Who or what ended a visit.
    ClosedBy {
        /// The agent that held it.
        Agent = "agent",
        /// The customer.
        Customer = "customer",
        /// The customer, while waiting: they left the queue.
        LeftQueue = "left_queue",
        /// The customer went away while waiting and did not keep their place.
        Vanished = "vanished",
        /// A supervisor.
        Supervisor = "supervisor",
        /// Nobody said anything for the channel's idle time.
        Idle = "idle",
    }
    /// Who decided an assignment.
    DecidedBy {
        /// The built-in policy of the channel.
        Builtin = "builtin",
        /// A hook chose, ordered or vetoed.
        Hook = "hook",
        /// The built-in policy, because the hook did not answer in time.
        HookSilent = "hook_silent",
        /// The built-in policy, because the hook chose somebody who does not fit.
        HookWrong = "hook_wrong",
        /// The agent took the customer.
        Agent = "agent",
        /// The customer chose the agent.
        Customer = "customer",
        /// The customer's own agent.
        Owner = "owner",
        /// A supervisor.
        Supervisor = "supervisor",
        /// Whoever transferred.
        Transfer = "transfer",
    }
    /// What was found about one agent when one was looked for.
    Verdict {
        /// Could be assigned.
        Fits = "fits",
        /// Deactivated, or without the role.
        Inactive = "inactive",
        /// The customer themselves.
        Itself = "itself",
        /// In none of the teams, or not in the one asked for.
        Team = "team",
        /// Not an expert of the topic.
        Topic = "topic",
        /// Lacks a required skill.
        Skill = "skill",
        /// The customer waits for another agent.
        Reserved = "reserved",
        /// No socket.
        NotConnected = "not_connected",
        /// Occupied, on a break or wrapping up.
        NotReady = "not_ready",
        /// As many customers as they may have.
        Full = "full",
        /// As many customers of this channel as they may have.
        ChannelFull = "channel_full",
        /// Declined, was silent, passed it on, or a hook vetoed.
        Vetoed = "vetoed",
    }
    /// Why an agent's row of work changed.
    WorkCause {
        /// They said so.
        Chosen = "chosen",
        /// A supervisor said so.
        Supervisor = "supervisor",
        /// A socket came, or the last one ended.
        Presence = "presence",
        /// They were silent too often.
        Silent = "silent",
        /// A visit of theirs was closed, or wrapping it up is over.
        WrapUp = "wrap_up",
        /// What they hold, or may hold, changed.
        Load = "load",
        /// Their record changed.
        Facts = "facts",
    }
}

/// Where a transfer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TransferTo {
    /// This agent.
    Agent(PersonId),
    /// Anybody of this team.
    Team(TeamId),
    /// Anybody who answers for this topic.
    Topic(TopicId),
    /// Anybody of the channel.
    Queue,
    /// The channel's robot.
    Robot,
    /// The agent who held it before.
    Former,
}
