//! Why the server closes a socket: one table of names, close codes and whether to come back.

macro_rules! byes {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $word:literal, $reconnect:literal, $en:literal;)*) => {
        /// The reason of a deliberate close; sent as `bye` and as the WebSocket close code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Bye { $($(#[$doc])* $name,)* }

        impl Bye {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// WebSocket close code, 4000 to 4999.
            pub fn code(self) -> u16 { match self { $(Self::$name => $code,)* } }

            /// The stable word on the wire.
            pub fn word(self) -> &'static str { match self { $(Self::$name => $word,)* } }

            /// Whether the client should connect again by itself.
            pub fn reconnect(self) -> bool { match self { $(Self::$name => $reconnect,)* } }

            /// One English sentence.
            pub fn english(self) -> &'static str { match self { $(Self::$name => $en,)* } }
        }
    };
}

byes! {
    /// The server stops or restarts.
    GoingAway, 4000, "going_away", true, "The server is restarting.";
    /// The reader did not take what was sent; resume brings it.
    SlowReader, 4001, "slow_reader", true, "You read too slowly; reconnect and resume.";
    /// Nothing was heard for two and a half heartbeats.
    HeartbeatLost, 4002, "heartbeat_lost", true, "Nothing was heard from you.";
    /// Signed out, expired or revoked.
    SessionEnded, 4003, "session_ended", false, "The session has ended; sign in again.";
    /// A frame over the limit.
    FrameTooLarge, 4004, "frame_too_large", true, "A frame was larger than the limit.";
    /// Binary frames, a missing or late `hello`, or too many wrong frames.
    ProtocolError, 4005, "protocol_error", false, "The protocol was not kept.";
    /// Went on after many `rate_limited`.
    Flood, 4006, "flood", true, "Too many frames.";
    /// Too many sockets of one person.
    TooManyConnections, 4007, "too_many_connections", false, "You have too many connections.";
    /// The person was deactivated.
    Deactivated, 4008, "deactivated", false, "The account is deactivated.";
}
