//! `[service]`: agents and their customers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Serving customers. What concerns one channel is set with the channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// Whether every agent may read every customer's record; what they read of another's customers is written down.
    /// False: only those whom they serve, from where the transfer lets it begin.
    pub agents_read_all: bool,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            agents_read_all: true,
        }
    }
}
