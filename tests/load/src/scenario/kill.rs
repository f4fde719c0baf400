//! kill -9 at random moments under load, restart on the same data, resume, and send again whatever was not answered.
//! At the end the clients' own books are compared with all rows.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use uuid::Uuid;
use webim_model::Sources;

use crate::cli::{Common, Kill};
use crate::device::{Device, Shared};
use crate::ledger::Account;
use crate::names::Names;
use crate::place::Place;
use crate::report::Report;
use crate::server::Server;
use crate::tally::{Tally, pass};
use crate::world::World;

/// Shortest time before a kill, in milliseconds: some fall before anybody is welcome.
const SHORTEST: u64 = 20;

/// Runs it.
pub async fn run(common: &Common, asked: &Kill) -> Result<Report> {
    let place = Place::new(common, "kill").await?;
    let (mut devices, conversations) = prepare(&place, asked).await?;
    let shared = Arc::new(Shared {
        tally: Tally::new(),
        names: Names::new(&Sources::system()),
    });
    let mut slowest = Duration::ZERO;
    for round in 0..asked.rounds {
        let began = Instant::now();
        let server = Server::start(&common.server, &place).await?;
        slowest = slowest.max(began.elapsed());
        let (away, present): (Vec<Device>, Vec<Device>) = devices
            .into_iter()
            .partition(|device| device.is_away(round));
        let mut tasks = JoinSet::new();
        for device in present {
            tasks.spawn(device.round(server.address, shared.clone()));
        }
        pass(moment(asked.longest)).await;
        server.kill().await?;
        devices = away;
        while let Some(device) = tasks.join_next().await {
            devices.push(device?);
        }
    }
    let server = Server::start(&common.server, &place).await?;
    let devices = finish(devices, &conversations, &server, &shared).await?;
    server.stop().await?;
    let mut report = Report::new(format!(
        "kill: {} rounds, {:?}",
        asked.rounds, common.database
    ));
    report.figure("slowest restart", slowest.as_secs_f64(), "s");
    check(&place, &devices, &conversations, &mut report).await?;
    place.remove().await?;
    Ok(report)
}

/// When the next kill comes.
fn moment(longest: u64) -> Duration {
    let random = u64::from_le_bytes(Sources::system().bytes());
    Duration::from_millis(SHORTEST + random % longest.max(1))
}

/// People in pairs, who also share a unit; and all their conversations.
async fn prepare(place: &Place, asked: &Kill) -> Result<(Vec<Device>, Vec<Uuid>)> {
    let store = place.open().await?;
    let everybody: Vec<usize> = (0..asked.people).collect();
    let world = World::new(&store, asked.people, &[everybody]).await?;
    let unit = world.units.first().context("there is one unit")?.0;
    let epoch = store.epoch().await?;
    let (mut devices, mut conversations) = (Vec::new(), vec![unit]);
    for pair in world.people.chunks_exact(2) {
        let direct = store.direct(pair[0].id, pair[1].id).await?.0;
        conversations.push(direct);
        for someone in pair {
            devices.push(Device::new(
                devices.len(),
                someone.clone(),
                epoch,
                [direct, unit],
            ));
        }
    }
    store.close().await;
    Ok((devices, conversations))
}

/// The last round, in which nothing new is said: all get their answers, then all read to the end.
async fn finish(
    devices: Vec<Device>,
    conversations: &[Uuid],
    server: &Server,
    shared: &Arc<Shared>,
) -> Result<Vec<Device>> {
    let mut tasks = JoinSet::new();
    for device in devices {
        tasks.spawn(device.settle(server.address, shared.clone()));
    }
    let mut settled = Vec::new();
    while let Some(done) = tasks.join_next().await {
        settled.push(done??);
    }
    let newest = |id: &Uuid| {
        settled
            .iter()
            .map(|(device, _)| device.book.newest(*id))
            .max()
    };
    let newest: HashMap<Uuid, u64> = conversations
        .iter()
        .filter_map(|id| Some((*id, newest(id)?)))
        .collect();
    let newest = Arc::new(newest);
    for (device, link) in settled {
        tasks.spawn(device.read_on(link, newest.clone(), shared.clone()));
    }
    let mut devices = Vec::new();
    while let Some(done) = tasks.join_next().await {
        devices.push(done??.0);
    }
    Ok(devices)
}

async fn check(
    place: &Place,
    devices: &[Device],
    conversations: &[Uuid],
    report: &mut Report,
) -> Result<()> {
    let store = place.open().await?;
    let mut rows = 0;
    for id in conversations {
        let members = devices.iter().filter(|device| device.is_in(*id));
        let books: Vec<_> = members.map(|device| (device.id(), &device.book)).collect();
        let (faults, found) = Account::new(*id, &books).check(&store).await?;
        report.faults.extend(faults);
        rows += found;
    }
    store.close().await;
    report.count("messages in the database", rows);
    let sum = |count: fn(&Device) -> u64| devices.iter().map(count).sum();
    report.count("messages acknowledged", sum(|device| device.book.acked));
    report.count("sent again without an answer", sum(|device| device.again));
    report.count("resumed", sum(|device| device.resumed));
    report.count("brought by welcome", sum(|device| device.missed));
    report.count("brought by history", sum(|device| device.paged));
    for device in devices {
        report.faults.extend(device.faults.iter().cloned());
    }
    Ok(())
}
