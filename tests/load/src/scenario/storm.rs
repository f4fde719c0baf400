//! Everybody comes back at once, as after a restart, and wants what was missed meanwhile.

use std::collections::HashMap;

use anyhow::{Context, Result};
use futures_util::{StreamExt, TryStreamExt, stream};
use uuid::Uuid;
use webim_model::{MessageId, PersonId};
use webim_store::Store;
use webim_wire::client::Resume;

use crate::cli::{Common, Storm};
use crate::crowd::{self, Arrival};
use crate::filler::{Filler, Into};
use crate::place::Place;
use crate::report::{Report, real};
use crate::server::Server;
use crate::world::World;

/// Members of a unit.
const UNIT: usize = 100;

/// Messages in each conversation; everybody holds the first and missed the others.
const MESSAGES: usize = 3;

/// Conversations being made at the same time.
const AT_ONCE: usize = 8;

/// What was said where, and who is there.
struct Backlog {
    epoch: Uuid,
    /// By conversation, from the first message on.
    said: HashMap<Uuid, Vec<MessageId>>,
    /// By the number of the person.
    of: Vec<Vec<Uuid>>,
}

/// Runs it.
pub async fn run(common: &Common, asked: &Storm) -> Result<Report> {
    let place = Place::new(common, "storm").await?;
    let store = place.open().await?;
    let half = asked.conversations / 2;
    let units: Vec<Vec<usize>> = (0..half)
        .flat_map(|turn| turned(asked.clients, turn))
        .collect();
    let world = World::new(&store, asked.clients, &units).await?;
    let backlog = Backlog::new(&store, &world, &units, asked.conversations - half).await?;
    store.close().await;
    let server = Server::start(&common.server, &place).await?;
    let before = server.process.cpu()?;
    // All at once, as the word says: the first frames of some have to wait in the kernel's queue.
    let arrivals = crowd::arrive(&server, &world.people, asked.clients, |n| {
        Some(backlog.resume(n))
    })
    .await?;
    let cpu = server.process.cpu()?.saturating_sub(before);
    let mut report = Report::new(format!(
        "storm: {} clients with {} conversations each, {:?}",
        asked.clients, asked.conversations, common.database
    ));
    let mut after: Vec<f64> = arrivals
        .iter()
        .map(|arrival| arrival.after.as_secs_f64())
        .collect();
    after.sort_by(f64::total_cmp);
    let last = after.last().copied().unwrap_or_default();
    report.figure(
        "half welcome after",
        after.get(after.len() / 2).copied().unwrap_or_default(),
        "s",
    );
    report.figure("all welcome after", last, "s");
    report.each("server CPU per client", cpu, u64::try_from(arrivals.len())?);
    report.figure(
        "resident",
        real(server.process.resident()?) / 1_048_576.0,
        "MiB",
    );
    let missed: usize = arrivals
        .iter()
        .map(|arrival| arrival.welcome.missed.len())
        .sum();
    report.count("missed messages brought", u64::try_from(missed)?);
    for arrival in &arrivals {
        report.faults.extend(backlog.check(arrival));
    }
    let limit = real(asked.within);
    if last > limit {
        report.faults.push(format!(
            "the last was welcome after {last:.1} s, not within {limit:.0}"
        ));
    }
    drop(arrivals);
    server.stop().await?;
    place.remove().await?;
    Ok(report)
}

/// Units of everybody: the ring of people, turned and cut into pieces.
fn turned(people: usize, turn: usize) -> Vec<Vec<usize>> {
    let ring: Vec<usize> = (0..people)
        .map(|n| (n + turn * UNIT / 7 + turn) % people)
        .collect();
    ring.chunks(UNIT).map(<[usize]>::to_vec).collect()
}

impl Backlog {
    /// Gives everybody `direct` direct conversations beside those of the units, and fills all of them.
    async fn new(
        store: &Store,
        world: &World,
        units: &[Vec<usize>],
        direct: usize,
    ) -> Result<Self> {
        let people = &world.people;
        let mut of = vec![Vec::new(); people.len()];
        let mut into = Vec::new();
        for (conversation, members) in world.units.iter().zip(units) {
            let (member_version, _) = store.members(*conversation).await?;
            let sender = people[members[0]].id;
            into.push(Into {
                conversation: *conversation,
                sender,
                member_version,
            });
            for n in members {
                of[*n].push(conversation.0);
            }
        }
        // Everybody has as many neighbours before them on the ring as behind.
        let count = people.len();
        let pairs =
            (0..count).flat_map(|n| (1..=direct / 2).map(move |step| (n, (n + step) % count)));
        let made = stream::iter(pairs.map(|(n, other)| {
            let (one, two) = (people[n].id, people[other].id);
            async move { anyhow::Ok((n, other, between(store, one, two).await?)) }
        }));
        let made: Vec<_> = made.buffer_unordered(AT_ONCE).try_collect().await?;
        for (n, other, new) in made {
            of[n].push(new.conversation.0);
            of[other].push(new.conversation.0);
            into.push(new);
        }
        Ok(Self {
            epoch: store.epoch().await?,
            said: fill(store, &into).await?,
            of,
        })
    }

    /// What the `n`th person holds.
    fn resume(&self, n: usize) -> Resume {
        let first = |id: &Uuid| Some((*id, (1, self.said.get(id)?.first()?.0)));
        Resume {
            epoch: self.epoch,
            positions: self.of[n].iter().filter_map(first).collect(),
        }
    }

    /// What was not as it should be for one of them.
    fn check(&self, arrival: &Arrival) -> Vec<String> {
        let n = arrival.n;
        let mut faults = Vec::new();
        let mut missed: HashMap<Uuid, Vec<(u64, Uuid)>> = HashMap::new();
        for message in &arrival.welcome.missed {
            missed
                .entry(message.conversation)
                .or_default()
                .push((message.seq, message.message));
        }
        let recovered = arrival.welcome.recovered.iter();
        let recovered = recovered.filter(|recovered| recovered.recovered && !recovered.more);
        if recovered.count() != self.of[n].len() {
            faults.push(format!("client {n} did not recover each conversation"));
        }
        for id in &self.of[n] {
            let said = self.said[id].iter().map(|message| message.0);
            let expected: Vec<(u64, Uuid)> = (1..).zip(said).skip(1).collect();
            if missed.remove(id).unwrap_or_default() != expected {
                faults.push(format!("client {n} did not get what it missed in {id}"));
            }
        }
        faults
    }
}

async fn between(store: &Store, one: PersonId, two: PersonId) -> Result<Into> {
    let conversation = store
        .direct(one, two)
        .await
        .context("a direct conversation")?;
    let (member_version, _) = store.members(conversation).await?;
    Ok(Into {
        conversation,
        sender: one,
        member_version,
    })
}

async fn fill(store: &Store, into: &[Into]) -> Result<HashMap<Uuid, Vec<MessageId>>> {
    let mut filler = Filler::new(store);
    let mut said: HashMap<Uuid, Vec<MessageId>> = HashMap::new();
    for round in 0..MESSAGES {
        for into in into {
            let id = filler.say(*into, &format!("第 {round} 条")).await?;
            said.entry(into.conversation.0).or_default().push(id);
        }
    }
    filler.end().await?;
    Ok(said)
}
