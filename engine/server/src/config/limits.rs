//! `[limits]`: what one person may send, and how much one answer holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webim_accounts::AccountsConfig;
use webim_gateway::GatewayConfig;
use webim_model::Limits;

use super::Finding;

/// What one person may send, and how much one answer holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Characters in one text; beyond: `text_too_long`.
    #[schemars(range(min = 1, max = 100_000))]
    pub text_chars: usize,
    /// Bytes in one socket frame or REST body; beyond: `frame_too_large`.
    #[schemars(range(min = 1_024, max = 1_048_576))]
    pub frame_bytes: usize,
    /// Commands one person may send in a second, over all their devices; beyond: `rate_limited`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub commands_per_second: u32,
    /// Commands one person may send at once before the rate above counts.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub command_burst: u32,
    /// Requests that read, over HTTP, of one session in a second; beyond: `rate_limited`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub requests_per_second: u32,
    /// Such requests of one session at once before the rate above counts.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub request_burst: u32,
    /// Connections of all people together, sockets among them, that may be open; beyond: `server_full`.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub connections: usize,
    /// Sockets one person may have open.
    #[schemars(range(min = 1, max = 10_000))]
    pub connections_per_person: usize,
    /// Messages that a client coming back gets at once for one conversation; the rest comes by history.
    #[schemars(range(min = 0, max = 1_000))]
    pub missed_per_conversation: u64,
    /// The same, for all conversations together.
    #[schemars(range(min = 0, max = 20_000))]
    pub missed_in_all: u64,
    /// Messages or people in one page.
    #[schemars(range(min = 1, max = 1_000))]
    pub page: u64,
    /// People whose presence one connection may look at.
    #[schemars(range(min = 1, max = 20_000))]
    pub watched: usize,
}

impl Default for LimitsSection {
    fn default() -> Self {
        let limits = Limits::default();
        let accounts = AccountsConfig::default();
        Self {
            text_chars: limits.text_chars,
            frame_bytes: limits.frame_bytes,
            commands_per_second: limits.commands_per_second,
            command_burst: limits.command_burst,
            requests_per_second: accounts.requests_per_second,
            request_burst: accounts.request_burst,
            connections: GatewayConfig::default().connections,
            connections_per_person: limits.connections_per_person,
            missed_per_conversation: limits.missed_per_conversation,
            missed_in_all: limits.missed_in_all,
            page: limits.page,
            watched: limits.watched,
        }
    }
}

impl From<&LimitsSection> for Limits {
    fn from(section: &LimitsSection) -> Self {
        Self {
            text_chars: section.text_chars,
            frame_bytes: section.frame_bytes,
            commands_per_second: section.commands_per_second,
            command_burst: section.command_burst,
            connections_per_person: section.connections_per_person,
            missed_per_conversation: section.missed_per_conversation,
            missed_in_all: section.missed_in_all,
            page: section.page,
            watched: section.watched,
        }
    }
}

impl LimitsSection {
    pub(super) fn validate(&self) -> Option<Finding> {
        // Four bytes a character, and the frame around the text.
        let needed = self.text_chars * 4 + 512;
        (self.frame_bytes < needed).then(|| {
            let message =
                format!("must be at least {needed}, so that a text of limits.text_chars fits");
            Finding::new("limits.frame_bytes", message)
        })
    }
}
