//! `[chat]`: whether staff talk to each other, and how long they may change what they said.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether staff talk to each other, and how long they may change what they said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Chat {
    /// True: members talk to each other and in their units. False: everyone talks only to agents.
    pub enabled: bool,
    /// Seconds in which people may edit a text of theirs; 0: never. What it said first is kept for auditors.
    #[schemars(range(min = 0, max = 31_536_000))]
    pub edit_seconds: u32,
    /// Seconds in which people may recall a message of theirs; 0: never. What it said is kept for auditors.
    #[schemars(range(min = 0, max = 31_536_000))]
    pub recall_seconds: u32,
}

impl Default for Chat {
    fn default() -> Self {
        Self {
            enabled: true,
            edit_seconds: 900,
            recall_seconds: 120,
        }
    }
}
