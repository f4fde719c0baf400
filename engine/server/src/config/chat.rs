//! `[chat]`: whether staff talk to each other, and how long they may change what they said.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webim_store::DirectoryRules;

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
    /// What who joins a department reads of its conversation: `from_joining` (only what is said from then on) or
    /// `everything`. Who leaves it reads nothing of it any more.
    pub joiners_see: JoinersSee,
    /// Who is in a department's conversation: `direct` (who is directly in it) or `subtree` (everybody of the
    /// departments below it, too).
    pub units_hold: UnitsHold,
    /// What the conversation is called in which your systems tell one person something; for those made from now on.
    #[schemars(length(min = 1, max = 100))]
    pub notices: String,
    /// What the conversation is called in which they tell everyone; if it is not made yet.
    #[schemars(length(min = 1, max = 100))]
    pub announcements: String,
}

/// What who joins a department reads of its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinersSee {
    /// What is said from then on.
    FromJoining,
    /// All that was ever said.
    Everything,
}

/// Who is in a department's conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitsHold {
    /// Who is directly in it.
    Direct,
    /// Everybody of the departments below it, too.
    Subtree,
}

impl Chat {
    /// How the conversations of departments follow the directory.
    pub fn rules(&self) -> DirectoryRules {
        DirectoryRules {
            history: self.joiners_see == JoinersSee::Everything,
            subtree: self.units_hold == UnitsHold::Subtree,
        }
    }
}

impl Default for Chat {
    fn default() -> Self {
        Self {
            enabled: true,
            edit_seconds: 900,
            recall_seconds: 120,
            joiners_see: JoinersSee::FromJoining,
            units_hold: UnitsHold::Direct,
            notices: "系统通知".into(),
            announcements: "全员通知".into(),
        }
    }
}
