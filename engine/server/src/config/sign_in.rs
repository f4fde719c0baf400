//! `[sign_in]`: guarding the door.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Guarding the door.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Wrong passwords a minute for one login; beyond: `login_throttled`.
    #[schemars(range(min = 1, max = 100_000))]
    pub failures_per_login: u32,
    /// Wrong passwords a minute from one IP address (IPv6: one /64); beyond: `login_throttled`.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub failures_per_address: u32,
    /// Passwords checked at the same time; each takes 19 MiB and most of a core for some 20 ms.
    #[schemars(range(min = 1, max = 256))]
    pub passwords_at_once: usize,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            failures_per_login: 10,
            failures_per_address: 100,
            passwords_at_once: 4,
        }
    }
}
