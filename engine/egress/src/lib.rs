//! The one HTTP client for what the outside asks of us to call: scripts, plugins, webhooks, the keys of host systems.
//!
//! Whoever names an address here is not trusted to name a good one. So [`Egress`] calls only hosts on its list, never
//! an address inside (loopback, private, link-local, metadata...) unless the operator named it, and connects to the
//! very addresses that it has checked: a name that resolves differently a moment later changes nothing. Redirects are
//! followed by hand and each is checked like the first address. Everything is bounded, and each bound has its word in
//! [`EgressError`].

mod address;
mod call;
mod error;
mod lookup;
mod network;
mod rules;
#[cfg(test)]
mod tests;

pub use call::{Egress, Request, Response};
pub use error::EgressError;
pub use lookup::{Lookup, SystemLookup};
pub use network::Network;
pub use reqwest::Method;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use rules::{HostRule, Inside, Limits, RuleError, Rules};
