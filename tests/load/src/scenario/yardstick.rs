//! What this machine takes today for the two things that every message needs of the kernel: a small write to a socket
//! and a small write that is on the disk. A figure of another scenario means little without them: beside busy
//! neighbours both become twice as dear.

use std::fs::{self, File};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::io::AsyncReadExt;

use crate::cli::{Common, Yardstick};
use crate::report::Report;

/// Bytes of one write to a socket: a message of 128 bytes as its reader gets it.
const FRAME: usize = 420;

/// Bytes of one write to the disk.
const PAGE: usize = 4_096;

/// Writes to the disk.
const SYNCS: u32 = 500;

/// Runs it.
pub async fn run(common: &Common, asked: &Yardstick) -> Result<Report> {
    let asked = asked.clone();
    let folder = common.folder.clone();
    let (count, rounds) = (asked.sockets, asked.rounds);
    let mut report = Report::new(format!(
        "yardstick: {count} sockets, {rounds} rounds, five a second"
    ));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let writing = std::thread::spawn(move || write(&listener, count, rounds));
    let mut readers = tokio::task::JoinSet::new();
    for _ in 0..count {
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        readers.spawn(async move {
            let mut buffer = [0; 4_096];
            while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
        });
    }
    while readers.join_next().await.is_some() {}
    let cpu = writing.join().ok().context("the writer panicked")??;
    let writes = u64::from(rounds) * u64::try_from(count)?;
    report.each("CPU per write to a socket", cpu, writes);
    let (cpu, wall) = tokio::task::spawn_blocking(move || sync(&folder)).await??;
    report.each("CPU per fdatasync of 4 KiB", cpu, SYNCS.into());
    report.each("fdatasync of 4 KiB takes", wall, SYNCS.into());
    Ok(report)
}

/// Takes `count` connections, and writes to each of them in each round, which are as far apart as the messages of the
/// group that it is compared with.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of its own that does nothing between two rounds"
)]
fn write(listener: &TcpListener, count: usize, rounds: u32) -> Result<Duration> {
    let mut streams = Vec::with_capacity(count);
    while streams.len() < count {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    let frame = [b'x'; FRAME];
    let before = own_cpu()?;
    let mut next = Instant::now();
    for _ in 0..rounds {
        for stream in &mut streams {
            TcpStream::write_all(stream, &frame)?;
        }
        next += Duration::from_millis(200);
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    Ok(own_cpu()?.saturating_sub(before))
}

fn sync(folder: &std::path::Path) -> Result<(Duration, Duration)> {
    fs::create_dir_all(folder)?;
    let path = folder.join("yardstick");
    let mut file = File::create(&path)?;
    let (cpu, wall) = (own_cpu()?, Instant::now());
    for _ in 0..SYNCS {
        file.write_all(&[7; PAGE])?;
        file.sync_data()?;
    }
    let taken = (own_cpu()?.saturating_sub(cpu), wall.elapsed());
    fs::remove_file(path)?;
    Ok(taken)
}

/// CPU of this thread; the kernel counts it in nanoseconds.
fn own_cpu() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").context("schedstat")?;
    let nanos = stat.split_whitespace().next().context("schedstat")?;
    Ok(Duration::from_nanos(nanos.parse()?))
}
