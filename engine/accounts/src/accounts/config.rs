//! What an operator can set about signing in.

use crate::host::Host;
use crate::master::MasterKeys;
use crate::rules::PasswordRules;

/// What an operator can set about signing in.
#[derive(Clone, Debug)]
pub struct AccountsConfig {
    /// Days without use after which a session ends.
    pub session_days: u32,
    /// Wrong passwords a minute for one login; beyond: `login_throttled`.
    pub failures_per_login: u32,
    /// Wrong passwords a minute from one address (IPv6: from one /64); beyond: `login_throttled`.
    pub failures_per_address: u32,
    /// Passwords checked at the same time; each takes 19 MiB and most of a core for some 20 ms.
    pub passwords_at_once: usize,
    /// What a new password must keep.
    pub passwords: PasswordRules,
    /// Host systems that sign their users in.
    pub hosts: Vec<Host>,
    /// What signs and seals; without any, a key of this process's own.
    pub master: Option<MasterKeys>,
    /// Requests that read, over HTTP, of one session in a second; beyond: `rate_limited`.
    pub requests_per_second: u32,
    /// Such requests of one session at once before the rate above counts.
    pub request_burst: u32,
}

impl Default for AccountsConfig {
    fn default() -> Self {
        Self {
            session_days: 30,
            failures_per_login: 10,
            failures_per_address: 100,
            passwords_at_once: 4,
            passwords: PasswordRules::default(),
            hosts: Vec::new(),
            master: None,
            requests_per_second: 100,
            request_burst: 1_000,
        }
    }
}
