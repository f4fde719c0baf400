//! The server under test: started from its own sample configuration, watched, stopped or killed.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::process::Child;
use tokio::time::{interval, timeout};

use crate::open_files;
use crate::place::Place;
use crate::proc::Process;

/// How long it may take to start, and to stop when asked.
const PATIENCE: Duration = Duration::from_mins(1);

/// What differs from the sample: where it listens, where it stores, and how fast one person may write and read.
fn settings(address: SocketAddr, metrics: SocketAddr, url: &str) -> [(&'static str, String); 7] {
    [
        ("WEBIM__SERVER__LISTEN", address.to_string()),
        ("WEBIM__DATABASE__URL", url.to_owned()),
        ("WEBIM__METRICS__LISTEN", metrics.to_string()),
        ("WEBIM__LIMITS__COMMANDS_PER_SECOND", "1000000".into()),
        ("WEBIM__LIMITS__COMMAND_BURST", "1000000".into()),
        ("WEBIM__LIMITS__REQUESTS_PER_SECOND", "1000000".into()),
        ("WEBIM__LIMITS__REQUEST_BURST", "1000000".into()),
    ]
}

/// Addresses on which nobody listens.
fn free() -> Result<[SocketAddr; 2]> {
    let listeners = [
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?,
    ];
    Ok([listeners[0].local_addr()?, listeners[1].local_addr()?])
}

/// A running server.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it tells its figures.
    pub metrics: SocketAddr,
    /// What it uses.
    pub process: Process,
    log: PathBuf,
}

impl Server {
    /// Starts it, and returns once it is ready.
    pub async fn start(binary: &Path, place: &Place) -> Result<Self> {
        ensure!(
            binary.exists(),
            "{} is not built: cargo build --release",
            binary.display()
        );
        let config = place.folder.join("webim.toml");
        if !config.exists() {
            let sample = Command::new(binary).args(["config", "sample"]).output()?;
            ensure!(sample.status.success(), "webim config sample failed");
            fs::write(&config, sample.stdout)?;
        }
        let [address, metrics] = free()?;
        let log = place.folder.join("server.log");
        let mut command = open_files::raised(&binary.canonicalize()?);
        let child = command
            .args(["serve", "--config"])
            .arg(&config)
            .envs(settings(address, metrics, &place.url))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::options().create(true).append(true).open(&log)?)
            .kill_on_drop(true)
            .spawn()?;
        let process = Process::new(child.id().context("it has just been started")?)?;
        let mut server = Self {
            child,
            address,
            metrics,
            process,
            log,
        };
        match timeout(PATIENCE, server.ready()).await {
            Ok(ready) => ready.map(|()| server),
            Err(_) => bail!(
                "not ready after {PATIENCE:?}; the end of its log:\n{}",
                server.said()
            ),
        }
    }

    async fn ready(&mut self) -> Result<()> {
        let address = format!("http://{}/readyz", self.address);
        let mut pause = interval(Duration::from_millis(20));
        loop {
            pause.tick().await;
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "the server ended with {status}; the end of its log:\n{}",
                    self.said()
                );
            }
            if let Ok(answer) = reqwest::get(&address).await
                && answer.status().is_success()
            {
                return Ok(());
            }
        }
    }

    /// The last lines of its log.
    fn said(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(mut self) -> Result<()> {
        let id = self.child.id().context("it runs")?.to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let status = timeout(PATIENCE, self.child.wait())
            .await
            .context("it does not stop")??;
        ensure!(
            status.success(),
            "it stopped with {status}:\n{}",
            self.said()
        );
        Ok(())
    }

    /// kill -9.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}
