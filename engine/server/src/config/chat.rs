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
    /// What the conversation is called in which your systems tell one person something; for those made from now on.
    #[schemars(length(min = 1, max = 100))]
    pub notices: String,
    /// What the conversation is called in which they tell everyone; if it is not made yet.
    #[schemars(length(min = 1, max = 100))]
    pub announcements: String,
}

impl Default for Chat {
    fn default() -> Self {
        Self {
            enabled: true,
            edit_seconds: 900,
            recall_seconds: 120,
            notices: "系统通知".into(),
            announcements: "全员通知".into(),
        }
    }
}
