//! `[chat]`: whether staff talk to each other.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether staff talk to each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Chat {
    /// True: members talk to each other and in their units. False: everyone talks only to agents.
    pub enabled: bool,
}

impl Default for Chat {
    fn default() -> Self {
        Self { enabled: true }
    }
}
