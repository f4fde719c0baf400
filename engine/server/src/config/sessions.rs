//! `[sessions]`: how long a sign-in lasts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long a sign-in lasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// Days without use after which a session ends.
    #[schemars(range(min = 1, max = 3_650))]
    pub days: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { days: 30 }
    }
}
