//! `[database]`: where everything is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webim_store::CommitterConfig;

use super::Finding;

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://webim.db` (a file, relative to this one; made at the first start),
    /// `postgres://user:password@host/name` or `mysql://user:password@host/name` (MariaDB).
    pub url: String,
    /// Connections for reading; writing has its own.
    #[schemars(range(min = 1, max = 256))]
    pub readers: u32,
    /// Messages that may wait to be stored; beyond, senders wait.
    #[schemars(range(min = 16, max = 1_000_000))]
    pub queue: usize,
    /// Messages stored in one transaction at most.
    #[schemars(range(min = 1, max = 5_000))]
    pub batch: usize,
    /// Transactions that store messages at the same time; SQLite always has one.
    #[schemars(range(min = 1, max = 64))]
    pub shards: usize,
}

impl Default for Database {
    fn default() -> Self {
        let committer = CommitterConfig::default();
        Self {
            url: "sqlite://webim.db".to_owned(),
            readers: 4,
            queue: committer.queue,
            batch: committer.batch,
            shards: committer.shards,
        }
    }
}

impl Database {
    pub(super) fn validate(&self) -> Option<Finding> {
        let known = ["sqlite:", "postgres:", "postgresql:", "mysql:"];
        if known.iter().any(|scheme| self.url.starts_with(scheme)) {
            return None;
        }
        let message = "must begin with sqlite://, postgres:// or mysql://";
        Some(Finding::new("database.url", message))
    }
}
