//! `[search]`: finding what was said.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Finding messages, files and people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Search {
    /// False: nobody searches, and no index is kept. Switched on again, it is caught up in the background.
    pub enabled: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self { enabled: true }
    }
}
