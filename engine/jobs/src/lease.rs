//! The lease on the database: one process serves it, and a second one is told so.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use webim_model::Sources;
use webim_store::Store;
use webim_store::lease::{Holder, LeaseError};

use crate::Jobs;

/// How long a lease holds without being renewed, in milliseconds.
const TTL: i64 = 15_000;
const RENEW: Duration = Duration::from_secs(5);

/// The right of this process to serve the database.
pub struct Lease {
    store: Store,
    sources: Sources,
    holder: Holder,
}

impl Lease {
    /// Takes it, also from a process of this machine that has died. Where it cannot be seen whether the holder lives,
    /// because it ran on another machine or in another container, this waits once for its lease to end.
    pub async fn take(store: &Store, sources: &Sources, host: String) -> Result<Self, LeaseError> {
        let lease = Self {
            store: store.clone(),
            sources: sources.clone(),
            holder: Holder {
                id: sources.uuid(),
                host,
                pid: std::process::id(),
            },
        };
        match lease.acquire().await {
            Err(LeaseError::Held { host, until, .. }) if host != lease.holder.host => {
                let left = until.since(sources.now()).min(TTL) + 100;
                tracing::info!(%host, millis = left, "waiting for the lease of another host to end");
                tokio::time::sleep(Duration::from_millis(left.unsigned_abs())).await;
                lease.acquire().await?;
            }
            taken => taken?,
        }
        Ok(lease)
    }

    async fn acquire(&self) -> Result<(), LeaseError> {
        let own = self.holder.host.clone();
        let alive = move |host: &str, pid: u32| host != own || lives(pid);
        let now = self.sources.now();
        self.store
            .acquire_lease(&self.holder, now, TTL, alive)
            .await
    }

    /// Keeps it until `jobs` are stopped. When it turns out to be another's, `lost` is cancelled and the server must
    /// stop. While the database does not answer nobody can take it, so that is only waited for.
    pub fn keep(&self, jobs: &Jobs, lost: CancellationToken) {
        let (store, sources, holder) = (
            self.store.clone(),
            self.sources.clone(),
            self.holder.clone(),
        );
        jobs.every("lease", RENEW, move || {
            let (store, now, holder, lost) =
                (store.clone(), sources.now(), holder.clone(), lost.clone());
            async move {
                match store.renew_lease(&holder, now, TTL).await {
                    Ok(true) => {}
                    Ok(false) => {
                        tracing::error!("another process serves the database now; this one stops");
                        lost.cancel();
                    }
                    Err(error) => tracing::warn!(%error, "the lease was not renewed"),
                }
            }
        });
    }

    /// Gives it back; the last thing a server does.
    pub async fn release(self) {
        if let Err(error) = self.store.release_lease(&self.holder).await {
            tracing::warn!(%error, "the lease was not given back; it ends by itself");
        }
    }
}

/// The name of this machine as leases know it. Process numbers mean something only until it restarts and only inside
/// one container, so both are part of the name where the system tells them.
pub fn identity() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let name = read("/proc/sys/kernel/hostname");
    let name = match name.trim() {
        "" => std::env::var("HOSTNAME").unwrap_or_else(|_| "localhost".to_owned()),
        name => name.to_owned(),
    };
    let boot = read("/proc/sys/kernel/random/boot_id");
    let boot: String = boot.chars().take(8).collect();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let namespace: String = namespace
        .to_string_lossy()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let name: String = name.chars().take(60).collect();
    if boot.is_empty() && namespace.is_empty() {
        name
    } else {
        format!("{name} ({boot}-{namespace})")
    }
}

/// Whether this process of this machine lives and is one of ours. Where that cannot be found out it is taken for alive.
fn lives(pid: u32) -> bool {
    // A lease of this very number was that of an earlier process: a container often gives each start the same one.
    if pid == std::process::id() {
        return false;
    }
    if !Path::new("/proc/self/stat").exists() {
        return true;
    }
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
        return false;
    };
    // `pid (name) state ...`; the name may hold anything, also parentheses.
    let dead = stat.rsplit(')').next().is_some_and(|rest| {
        let state = rest.trim_start();
        state.starts_with('Z') || state.starts_with('X')
    });
    let name = |pid: &str| fs::read_to_string(format!("/proc/{pid}/comm"));
    let ours = match (name("self"), name(&pid.to_string())) {
        (Ok(own), Ok(other)) => own == other,
        _ => true,
    };
    !dead && ours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lives() {
        assert!(
            !lives(std::process::id()),
            "a number of one's own is of an earlier process"
        );
        assert!(!lives(u32::MAX));
        assert!(!lives(1), "process 1 is none of ours");
        assert!(!identity().is_empty());
    }

    #[test]
    fn the_dead_do_not_live() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(!lives(child.id()));
    }
}
