//! Connections on which nothing happens: what memory does one keep, and what do the heartbeats cost?

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cli::{Common, Idle};
use crate::crowd;
use crate::place::Place;
use crate::report::{Report, real};
use crate::server::Server;
use crate::socket::Socket;
use crate::tally::{Tally, pass};
use crate::world::World;

/// Members of each unit: a large department.
const UNIT: usize = 50;

/// Connections being opened at the same time.
const AT_ONCE: usize = 256;

/// Time for the server to come to rest.
const SETTLE: Duration = Duration::from_secs(5);

/// Runs it.
pub async fn run(common: &Common, asked: &Idle) -> Result<Report> {
    let place = Place::new(common, "idle").await?;
    let store = place.open().await?;
    let everybody: Vec<usize> = (0..asked.connections).collect();
    let units: Vec<Vec<usize>> = everybody.chunks(UNIT).map(<[usize]>::to_vec).collect();
    // One more, whose connection warms the server up before its memory is read.
    let world = World::new(&store, asked.connections + 1, &units).await?;
    store.close().await;
    let server = Server::start(&common.server, &place).await?;
    let (first, people) = world.people.split_last().context("there is at least one")?;
    let mut socket = Socket::open(server.address, &first.token, 0).await?;
    socket.greet("load", None).await?;
    pass(SETTLE).await;
    let before = server.process.resident()?;
    let began = Instant::now();
    let crowd = crowd::arrive(&server, people, AT_ONCE, |_| None).await?;
    let arrived = began.elapsed();
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    for arrival in crowd {
        tasks.spawn(stay(arrival.socket, stop.clone()));
    }
    pass(SETTLE).await;
    let after = server.process.resident()?;
    let length = Duration::from_secs(asked.seconds);
    let window = Arc::new(Tally::new())
        .measure(&server.process, Duration::ZERO, length)
        .await?;
    let connections = u64::try_from(asked.connections)?;
    let mut report = Report::new(format!(
        "idle: {connections} connections, {:?}",
        common.database
    ));
    let each = real(after.saturating_sub(before)) / real(connections) / 1_024.0;
    report.figure("resident per connection", each, "KiB");
    report.figure("resident before", real(before) / 1_048_576.0, "MiB");
    window.report(&server, &mut report)?;
    report.figure("all welcome after", arrived.as_secs_f64(), "s");
    stop.cancel();
    while let Some(stayed) = tasks.join_next().await {
        if let Err(error) = stayed? {
            report
                .faults
                .push(format!("a connection did not last: {error:#}"));
        }
    }
    socket.close().await;
    server.stop().await?;
    place.remove().await?;
    Ok(report)
}

/// Answers pings; nothing else is to come.
async fn stay(mut socket: Socket, stop: CancellationToken) -> Result<()> {
    loop {
        tokio::select! {
            text = socket.next() => {
                let text = text?;
                ensure!(!text.starts_with(r#"{"op":"bye""#), "{text}");
            }
            () = stop.cancelled() => return Ok(()),
        }
    }
}
