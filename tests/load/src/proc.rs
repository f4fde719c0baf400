//! What the kernel says about the server: CPU used and memory resident.

use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

/// A process to watch.
pub struct Process {
    id: u32,
    ticks: u32,
}

impl Process {
    /// The process with this id.
    pub fn new(id: u32) -> Result<Self> {
        let ticks = Command::new("getconf")
            .arg("CLK_TCK")
            .output()
            .context("getconf")?;
        let ticks = String::from_utf8(ticks.stdout)?
            .trim()
            .parse()
            .context("CLK_TCK")?;
        Ok(Self { id, ticks })
    }

    /// User and system time of all its threads, also of those that have ended. The kernel counts it exactly and shows
    /// it in ticks of ten milliseconds.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = self.read("stat")?;
        // The second field is the name in brackets and may hold spaces.
        let (_, fields) = stat.rsplit_once(')').context("stat has no name")?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut tick = || -> Result<u32> { Ok(fields.next().context("stat is short")?.parse()?) };
        Ok(Duration::from_secs(1) * (tick()? + tick()?) / self.ticks)
    }

    /// The same to the nanosecond, but of threads that live, and with the processes whose command line names `other`.
    pub fn nanos(&self, other: &str) -> Result<u64> {
        let mut all = threads(&format!("/proc/{}", self.id))?;
        // A file has no processes of its own.
        if other.contains('.') {
            return Ok(all);
        }
        for process in fs::read_dir("/proc")?.flatten() {
            let path = process.path();
            let line = fs::read_to_string(path.join("cmdline")).unwrap_or_default();
            if line.starts_with("postgres:") && line.contains(other) {
                all += threads(&path.to_string_lossy()).unwrap_or(0);
            }
        }
        Ok(all)
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> Result<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line
            .and_then(|line| line.trim().strip_suffix(" kB"))
            .context("VmRSS")?;
        Ok(kib.trim().parse::<u64>()? * 1024)
    }

    fn read(&self, file: &str) -> Result<String> {
        fs::read_to_string(format!("/proc/{}/{file}", self.id))
            .with_context(|| format!("the server (process {}) is gone", self.id))
    }
}

/// Nanoseconds that the threads of a process have run.
fn threads(process: &str) -> Result<u64> {
    let mut all = 0;
    for thread in fs::read_dir(format!("{process}/task"))?.flatten() {
        // One that has just ended is gone.
        let text = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        let first = text.split_whitespace().next().unwrap_or("0");
        all += first.parse::<u64>()?;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_something() {
        let own = Process::new(std::process::id()).unwrap();
        assert!(own.resident().unwrap() > 100 * 1024);
        assert!(own.cpu().is_ok());
    }
}
