//! `[log]`: what is written to standard error.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use super::Finding;

/// What is written to standard error. It holds ids and never what a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`, or by part, such as `info,webim_router=debug`.
    pub level: String,
    /// `text` for people, `json` for machines.
    pub format: Format,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    #[default]
    Text,
    Json,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: Format::Text,
        }
    }
}

impl Log {
    pub(super) fn validate(&self) -> Option<Finding> {
        let error = EnvFilter::try_new(&self.level).err()?;
        let message = format!("\"{}\" is not a level: {error}", self.level);
        Some(Finding::new("log.level", message))
    }
}
