//! The limits a server states and keeps.

/// What one person may send; each has a stated answer when it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Characters (Unicode scalar values) in one text; beyond: `text_too_long`.
    pub text_chars: usize,
    /// Bytes in one socket frame or REST body; beyond: `bye frame_too_large` or HTTP 413.
    pub frame_bytes: usize,
    /// Commands one person may send in a second, over all their devices; beyond: `rate_limited`.
    pub commands_per_second: u32,
    /// Commands one person may send at once before the rate above counts.
    pub command_burst: u32,
    /// Sockets one person may have open; beyond: `bye too_many_connections`.
    pub connections_per_person: usize,
    /// Messages one `welcome` brings for one conversation; the rest comes by history.
    pub missed_per_conversation: u64,
    /// Messages one `welcome` brings in all.
    pub missed_in_all: u64,
    /// Messages in one page of history.
    pub page: u64,
    /// People one connection may look at (see presence).
    pub watched: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text_chars: 5_000,
            frame_bytes: 64 * 1024,
            commands_per_second: 20,
            command_burst: 60,
            connections_per_person: 20,
            missed_per_conversation: 100,
            missed_in_all: 1_000,
            page: 100,
            watched: 1_000,
        }
    }
}
