//! `[egress]`: what the server itself may call.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webim_egress::Inside;

use super::Finding;

/// What the server itself may call: the keys of host systems.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EgressSection {
    /// Hosts (`sso.corp.example`, `*.corp.example`) and networks (`10.0.0.0/8`) of your own that may be called. Without
    /// it nothing on this machine or in a private network is, whatever a name resolves to; link-local addresses, where
    /// clouds hand out credentials, only by their network.
    pub inside: Vec<String>,
}

impl EgressSection {
    /// The same as the client wants to know it.
    pub(super) fn inside(&self) -> Vec<Inside> {
        let parsed = self.inside.iter().map(|text| Inside::parse(text));
        parsed.filter_map(Result::ok).collect()
    }

    pub(super) fn validate(&self) -> Vec<Finding> {
        let wrong = self.inside.iter().enumerate().filter_map(|(at, text)| {
            let error = Inside::parse(text).err()?;
            let message = format!("{error}, nor an IP address or network");
            Some(Finding::new(format!("egress.inside[{at}]"), message))
        });
        wrong.collect()
    }
}
