//! Signals: the first asks the server to stop, the second does not ask.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Signals closer together than this are one.
const APART: Duration = Duration::from_millis(500);

/// Cancelled by SIGINT and SIGTERM.
#[derive(Clone, Default)]
pub struct Signals {
    /// The first signal came, or the server must stop for a reason of its own.
    pub soft: CancellationToken,
    /// The second signal came.
    pub hard: CancellationToken,
}

impl Signals {
    /// Listens from now on. The task ends with the process: it must hear the second signal whenever it comes.
    pub fn listen() -> std::io::Result<Self> {
        let signals = Self::default();
        let mut next = source()?;
        let heard = signals.clone();
        tokio::spawn(async move {
            next.recv().await;
            tracing::info!("asked to stop");
            heard.soft.cancel();
            let first = Instant::now();
            loop {
                next.recv().await;
                // Wrappers often pass one signal on twice, to the process and to its group.
                if first.elapsed() >= APART {
                    break heard.hard.cancel();
                }
            }
        });
        Ok(signals)
    }
}

#[cfg(unix)]
struct Source {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
fn source() -> std::io::Result<Source> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok(Source {
        interrupt: signal(SignalKind::interrupt())?,
        terminate: signal(SignalKind::terminate())?,
    })
}

#[cfg(unix)]
impl Source {
    async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
fn source() -> std::io::Result<Source> {
    Ok(Source)
}

#[cfg(not(unix))]
impl Source {
    async fn recv(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
