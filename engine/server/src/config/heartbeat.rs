//! `[heartbeat]`: how soon a dead connection is noticed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How soon a dead connection is noticed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Heartbeat {
    /// Seconds of silence after which a socket is asked whether it lives; after two and a half times as many it is
    /// closed. Keep it below the idle limit of the proxies in between.
    #[schemars(range(min = 1, max = 600))]
    pub seconds: u32,
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self { seconds: 45 }
    }
}
