//! `[sign_in]`: guarding the door.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Finding;
use super::hosts::{self, HostSection};

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
    /// Characters that a new password needs at least. A new password is also neither login nor name, nor one of the
    /// first that are tried.
    #[schemars(range(min = 8, max = 128))]
    pub password_chars: usize,
    /// Host systems that sign their users in by a JWT (`POST /api/v1/session` with `token`): for each a
    /// `[[sign_in.hosts]]` of its own, after the other keys of this section, with `name`; `issuer`, the token's `iss`;
    /// `audience`, which must be in its `aud`; `secret`, shared, at least 32 bytes (HS256), or in its place
    /// `jwks_file`, public keys, relative to this file and read again when it changes, or `jwks_url`, where they are
    /// fetched when a token comes (see `[egress]` for one in your own network); and if need be `claim`, which holds the
    /// login ("sub"), `skew_seconds`, by which the clocks may differ (60), and `max_age_seconds` after `iat`, whatever
    /// `exp` says (300). A token signs in once: again within its life it is `host_token_used`.
    pub hosts: Vec<HostSection>,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            failures_per_login: 10,
            failures_per_address: 100,
            passwords_at_once: 4,
            password_chars: 8,
            hosts: Vec::new(),
        }
    }
}

impl SignIn {
    pub(super) fn validate(&self) -> Vec<Finding> {
        hosts::validate(&self.hosts)
    }
}
