//! `webim.toml`: one file per section. The doc comments, defaults and ranges here are what `webim config sample` and
//! `webim config schema` print, and what a value is checked against.

mod chat;
mod database;
mod egress;
mod files;
mod heartbeat;
mod hosts;
mod layim;
mod limits;
mod load;
mod log;
mod metrics;
mod retention;
mod sample;
mod schema;
mod search;
mod security;
mod server;
mod service;
mod sessions;
mod sign_in;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use chat::Chat;
pub use database::Database;
pub use egress::EgressSection;
pub use files::FilesSection;
pub use heartbeat::Heartbeat;
pub use hosts::{HostSection, Secret, open_hosts};
pub use layim::LayimSection;
pub use limits::LimitsSection;
pub use load::{ConfigError, load, read};
pub use log::{Format, Log};
pub use metrics::Metrics;
pub use retention::RetentionSection;
pub use sample::sample;
pub use schema::schema;
pub use search::Search;
pub use security::SecuritySection;
pub use server::Server;
pub use service::Service;
pub use sessions::Sessions;
pub use sign_in::SignIn;

/// Settings of a webim server. Every key can also be set by an environment variable: `WEBIM__DATABASE__URL` is `url`
/// in `[database]`; lists are separated by commas there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub sign_in: SignIn,
    pub sessions: Sessions,
    pub chat: Chat,
    pub files: FilesSection,
    pub layim: LayimSection,
    pub retention: RetentionSection,
    pub search: Search,
    pub service: Service,
    pub egress: EgressSection,
    pub security: SecuritySection,
    pub heartbeat: Heartbeat,
    pub limits: LimitsSection,
    pub metrics: Metrics,
    pub log: Log,
}

/// What is wrong with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Dotted path of the key.
    pub path: String,
    /// What is wrong, in one sentence.
    pub message: String,
}

impl Finding {
    fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }
}

impl Config {
    /// What the types and ranges cannot say: rules about the form of a text, and between keys.
    fn validate(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        findings.extend(self.server.validate());
        findings.extend(self.database.validate());
        findings.extend(self.sign_in.validate());
        findings.extend(self.egress.validate());
        findings.extend(self.files.validate());
        findings.extend(self.limits.validate());
        findings.extend(self.log.validate());
        if self.metrics.enabled
            && self.metrics.listen == self.server.listen
            && self.server.listen.port() != 0
        {
            let message = "is the same address as server.listen; metrics need their own";
            findings.push(Finding::new("metrics.listen", message));
        }
        findings
    }
}
