//! Customer service: what channels, agents and the customer's episodes are called, wherever they are spoken of.

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
}
