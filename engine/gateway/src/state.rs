//! What every handler sees: the router, the door, and what an operator can set about HTTP.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use webim_accounts::Accounts;
use webim_model::Sources;
use webim_router::Router;

use crate::figures::Figures;
use crate::licensed::Licensed;
use crate::origin::Origins;
use crate::socket::Pulse;

/// What an operator can set about HTTP.
#[derive(Clone)]
pub struct GatewayConfig {
    /// The address people use, such as `https://chat.example.com`; with https the session cookie is sent over TLS
    /// only. Empty if it is not known.
    pub public_url: String,
    /// Other sites whose pages may use the API with a session cookie, such as `https://intranet.example.com`.
    pub allowed_origins: Vec<String>,
    /// Whether the `X-Forwarded-For` of this address is believed.
    pub trusted_proxy: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// Connections, sockets among them, that may be open at the same time; beyond: `server_full`.
    pub connections: usize,
    /// How long connections and sockets may take to end once the server stops.
    pub farewell: Duration,
    /// Seconds that a signed address of a file holds at most.
    pub link_seconds: u32,
    /// A LayIM of the operator's own, in place of ours.
    pub layim: Option<Licensed>,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            public_url: String::new(),
            allowed_origins: Vec::new(),
            trusted_proxy: Arc::new(|_| false),
            connections: 100_000,
            farewell: Duration::from_secs(4),
            link_seconds: 3_600,
            layim: None,
        }
    }
}

/// What a gateway is made of.
pub struct Parts {
    /// Commands in, events out, and the queries.
    pub router: Router,
    /// Who may come in.
    pub accounts: Accounts,
    /// What an operator can set.
    pub config: GatewayConfig,
    /// The server's clock.
    pub sources: Sources,
    /// Cancelled when the server is to stop: nothing new is accepted, every socket is told `going_away`.
    pub stop: CancellationToken,
}

/// Everything the handlers share; cheap to clone. Made after the metrics recorder is installed, since it takes the
/// handles of its figures once.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// See [`AppState`].
pub struct Shared {
    pub(crate) router: Router,
    pub(crate) accounts: Accounts,
    pub(crate) config: GatewayConfig,
    pub(crate) sources: Sources,
    pub(crate) stop: CancellationToken,
    pub(crate) origins: Origins,
    /// Whether the session cookie is for TLS only.
    pub(crate) secure: bool,
    /// One clock for the heartbeats of all sockets.
    pub(crate) pulse: Arc<Pulse>,
    /// The tasks of all HTTP connections and sockets.
    pub(crate) tasks: TaskTracker,
    pub(crate) figures: Figures,
    /// `/openapi.json`, made when it is first asked for.
    pub(crate) document: OnceLock<Bytes>,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let config = parts.config;
        Self(Arc::new(Shared {
            origins: Origins::new(&config.public_url, &config.allowed_origins),
            secure: config.public_url.starts_with("https://"),
            pulse: Arc::new(Pulse::new(parts.router.config().heartbeat)),
            tasks: TaskTracker::new(),
            figures: Figures::new(),
            document: OnceLock::new(),
            router: parts.router,
            accounts: parts.accounts,
            sources: parts.sources,
            stop: parts.stop,
            config,
        }))
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
