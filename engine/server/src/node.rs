//! One running server: what is wired to what, in which order it starts, and in which it stops.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use webim_accounts::{Accounts, AccountsConfig, Ended, Host, MasterKeys, PasswordRules};
use webim_gateway::{AppState, GatewayConfig, Licensed};
use webim_hub::QueueLimits;
use webim_jobs::{Jobs, Lease};
use webim_model::Sources;
use webim_router::{Files, Router, RouterConfig, Running};
use webim_store::{CommitterConfig, Store, StoreConfig, StoreError};

use crate::config::{self, Config, Database};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::telemetry;

/// A server that runs.
pub struct Node {
    /// Where it listens.
    pub address: SocketAddr,
    /// The address people use, as far as it is known.
    pub public_url: String,
    /// Commands and queries, for whoever wires more to it.
    pub router: Router,
    store: Store,
    running: Running,
    jobs: Jobs,
    lease: Lease,
    gateway: JoinHandle<()>,
    metrics: Option<JoinHandle<()>>,
    stop: CancellationToken,
    /// How long stopping may take.
    patience: Duration,
}

/// Opens the database, or says in one sentence why it cannot be.
pub async fn open(database: &Database, sources: &Sources) -> Result<Store, Failure> {
    let config = StoreConfig {
        url: database.url.clone(),
        readers: database.readers,
    };
    Store::open(&config, sources.clone())
        .await
        .map_err(|error| unusable(&database.url, &error))
}

/// Opens the database and brings its tables up to this version.
pub async fn open_migrated(database: &Database, sources: &Sources) -> Result<Store, Failure> {
    let store = open(database, sources).await?;
    let migrated = store.migrate().await;
    migrated.map_err(|error| unusable(&database.url, &error))?;
    Ok(store)
}

fn unusable(url: &str, error: &StoreError) -> Failure {
    let why = match (missing_folder(url), error) {
        (Some(folder), _) => format!("the folder {folder} does not exist"),
        (None, StoreError::Corrupt(_)) => format!("it is damaged or not a database: {error}"),
        (None, _) => error.to_string(),
    };
    let message = format!("{} cannot be used: {why}", without_secret(url));
    Failure::new(Exit::Database, message)
}

/// The folder of an SQLite file, if it is not there.
fn missing_folder(url: &str) -> Option<String> {
    let path = url.strip_prefix("sqlite://")?;
    let path = path.split('?').next().unwrap_or(path);
    let folder = std::path::Path::new(path).parent()?;
    let missing = !folder.as_os_str().is_empty() && !folder.exists();
    missing.then(|| folder.display().to_string())
}

/// An address without its password, for people to read.
fn without_secret(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{}", rest.split('?').next().unwrap_or(rest)),
    }
}

/// Listens, or says in one sentence why it cannot.
pub async fn listen(address: SocketAddr, key: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "is in use by another program".to_owned(),
            io::ErrorKind::AddrNotAvailable => "is not an address of this machine".to_owned(),
            io::ErrorKind::PermissionDenied => {
                "needs more rights; take a port from 1024 on".to_owned()
            }
            _ => format!("cannot be listened on: {error}"),
        };
        Failure::new(
            Exit::Address,
            format!("{address} {why}; choose another with {key}"),
        )
    })
}

impl Node {
    /// Starts a server on a listener and a migrated store. `lost` is cancelled if another process takes the database.
    pub async fn start(
        config: &Config,
        listener: TcpListener,
        store: Store,
        sources: Sources,
        lost: CancellationToken,
    ) -> Result<Self, Failure> {
        let lease = Lease::take(&store, &sources, webim_jobs::identity()).await?;
        let figures = if config.metrics.enabled {
            let listener = listen(config.metrics.listen, "metrics.listen").await?;
            let address = listener.local_addr().map_err(anyhow::Error::from)?;
            tracing::info!(%address, "figures are served");
            Some((listener, telemetry::metrics()?))
        } else {
            None
        };
        let (files, hosts) = (
            files::open(&config.files).await?,
            config::open_hosts(config)?,
        );
        let door = door(config, hosts, crate::keys::master(config, &sources)?);
        directory_rules(config, &store).await?;
        let (router, running) = Router::start(parts(config, &store, &sources, files)).await?;
        let accounts = accounts(door, &store, &sources, &router);
        let jobs = Jobs::default();
        lease.keep(&jobs, lost);
        upkeep(&jobs, &store, &router, &sources, &accounts);
        webim_jobs::retention(&jobs, &store, &sources, config.retention.into());
        let stop = CancellationToken::new();
        let metrics = figures.map(|(listener, handle)| {
            upkeep_of(&jobs, &handle);
            let pages = telemetry::pages(handle);
            let stopped = stop.clone().cancelled_owned();
            tokio::spawn(async move {
                let served = axum::serve(listener, pages).with_graceful_shutdown(stopped);
                if let Err(error) = served.await {
                    tracing::error!(%error, "the figures are not served any more");
                }
            })
        });
        let address = listener.local_addr().map_err(anyhow::Error::from)?;
        let mut settings = gateway(config, address);
        settings.layim = licensed(&config.layim.dir)?;
        let public_url = settings.public_url.clone();
        let state = AppState::new(webim_gateway::Parts {
            router: router.clone(),
            accounts,
            config: settings,
            sources,
            stop: stop.clone(),
        });
        let gateway = tokio::spawn(webim_gateway::serve(listener, state));
        Ok(Self {
            address,
            public_url,
            router,
            store,
            running,
            jobs,
            lease,
            gateway,
            metrics,
            stop,
            patience: patience(config),
        })
    }

    /// Stops in the order of a message's way: no new connections and a farewell to sockets, then what was accepted is
    /// stored and fanned out, marks are written, the lease is given back. Half of the time that the settings give is
    /// for the first, half for the rest; false if something had to be cut off.
    pub async fn stop(self) -> bool {
        self.stop.cancel();
        let mut clean = true;
        let half = self.patience / 2;
        let mut gateway = self.gateway;
        if tokio::time::timeout(half, &mut gateway).await.is_err() {
            tracing::warn!("some clients did not hear the farewell in time");
            gateway.abort();
            clean = false;
        }
        let (running, jobs, lease) = (self.running, self.jobs, self.lease);
        let drain = async {
            running.stop().await;
            jobs.stop().await;
            lease.release().await;
        };
        if tokio::time::timeout(half, drain).await.is_err() {
            tracing::error!("not everything was stored in time");
            clean = false;
        }
        if let Some(metrics) = self.metrics {
            metrics.abort();
        }
        self.store.close().await;
        clean
    }
}

fn patience(config: &Config) -> Duration {
    Duration::from_secs(config.server.stop_seconds.into())
}

async fn directory_rules(config: &Config, store: &Store) -> Result<(), Failure> {
    let rules = config.chat.rules();
    if store.set_directory_rules(rules).await? {
        tracing::info!(?rules, "conversations of departments go by other rules now");
    }
    Ok(())
}

fn upkeep_of(jobs: &Jobs, figures: &metrics_exporter_prometheus::PrometheusHandle) {
    let upkeep = figures.clone();
    jobs.every("metrics", Duration::from_secs(5), move || {
        upkeep.run_upkeep();
        std::future::ready(())
    });
}

fn parts(
    config: &Config,
    store: &Store,
    sources: &Sources,
    files: Option<Files>,
) -> webim_router::Parts {
    webim_router::Parts {
        files,
        store: store.clone(),
        sources: sources.clone(),
        config: RouterConfig {
            limits: (&config.limits).into(),
            chat: config.chat.enabled,
            edit_seconds: config.chat.edit_seconds,
            recall_seconds: config.chat.recall_seconds,
            subtree: config.chat.rules().subtree,
            notices: config.chat.notices.clone(),
            announcements: config.chat.announcements.clone(),
            heartbeat: config.heartbeat.seconds,
            search: config.search.enabled,
            agents_read_all: config.service.agents_read_all,
            ..RouterConfig::default()
        },
        committer: CommitterConfig {
            queue: config.database.queue,
            batch: config.database.batch,
            shards: config.database.shards,
        },
        queues: QueueLimits::default(),
        hooks: Vec::new(),
    }
}

fn door(config: &Config, hosts: Vec<Host>, master: MasterKeys) -> AccountsConfig {
    AccountsConfig {
        session_days: config.sessions.days,
        failures_per_login: config.sign_in.failures_per_login,
        failures_per_address: config.sign_in.failures_per_address,
        passwords_at_once: config.sign_in.passwords_at_once,
        passwords: PasswordRules {
            shortest: config.sign_in.password_chars,
        },
        hosts,
        master: Some(master),
        requests_per_second: config.limits.requests_per_second,
        request_burst: config.limits.request_burst,
    }
}

fn accounts(
    settings: AccountsConfig,
    store: &Store,
    sources: &Sources,
    router: &Router,
) -> Accounts {
    let accounts = Accounts::new(store.clone(), sources.clone(), settings);
    let router = router.clone();
    accounts.on_ended(move |ended| match ended {
        Ended::Session { person, session } => router.end_session(person, session),
        Ended::Person { person } => router.end_person(person),
    });
    accounts
}

fn upkeep(jobs: &Jobs, store: &Store, router: &Router, sources: &Sources, accounts: &Accounts) {
    let changed = accounts.clone();
    webim_jobs::upkeep(jobs, store, router, sources, move |connected| {
        let accounts = changed.clone();
        async move {
            // The cause was logged where it was met; the next change looks again.
            let _ = accounts.end_deactivated(&connected).await;
        }
    });
    let used = accounts.clone();
    jobs.every("used sessions", Duration::from_secs(1), move || {
        let accounts = used.clone();
        async move { accounts.flush().await }
    });
    let accounts = accounts.clone();
    jobs.every("failures", Duration::from_mins(1), move || {
        accounts.sweep();
        std::future::ready(())
    });
}

/// The address people use; where it is not set, what a browser on this machine can open.
pub fn public_url(config: &Config, mut address: SocketAddr) -> String {
    if !config.server.public_url.is_empty() {
        return config.server.public_url.clone();
    }
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{address}")
}

/// The LayIM that the settings name.
fn licensed(folder: &str) -> anyhow::Result<Option<Licensed>> {
    if folder.is_empty() {
        return Ok(None);
    }
    let read = Licensed::read(Path::new(folder));
    read.map(Some)
        .with_context(|| format!("[layim] dir: {folder} cannot be used"))
}

fn gateway(config: &Config, address: SocketAddr) -> GatewayConfig {
    let proxies = config.server.proxies();
    GatewayConfig {
        public_url: public_url(config, address),
        allowed_origins: config.server.allowed_origins.clone(),
        trusted_proxy: Arc::new(move |from| proxies.iter().any(|network| network.contains(from))),
        connections: config.limits.connections,
        // Shorter than what `stop` waits for it, so that it ends by itself.
        farewell: patience(config) * 2 / 5,
        link_seconds: config.files.link_seconds,
        layim: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_shown() {
        for (url, shown) in [
            (
                "postgres://webim:p@ss@db/webim",
                "postgres://webim@db/webim",
            ),
            ("postgres://db/webim", "postgres://db/webim"),
            ("sqlite:///var/webim.db?mode=rwc", "sqlite:///var/webim.db"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(without_secret(url), shown);
        }
    }
}
