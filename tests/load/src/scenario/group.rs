//! A unit in which everybody is online: what does it cost to deliver one message to one member?

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use webim_model::{PersonId, Sources};

use crate::book::{Book, Got};
use crate::cli::{Common, Group};
use crate::ledger::Account;
use crate::names::Names;
use crate::pace::Pace;
use crate::place::Place;
use crate::report::{Report, real};
use crate::server::Server;
use crate::socket::Socket;
use crate::tally::Tally;
use crate::world::World;

const WARM: Duration = Duration::from_secs(2);
const REST: Duration = Duration::from_secs(30);
const BYTES: usize = 128;

/// Messages on their way to the members at the same time, where no rate is asked for.
const UNDER_WAY: usize = 8;

/// What all members share.
struct Shared {
    tally: Tally,
    names: Names,
    stop: CancellationToken,
    conversation: Uuid,
    asked: Group,
    /// How many more messages may be written now, where no rate is asked for.
    room: Semaphore,
    /// Deliveries that make up one message.
    others: u64,
    deliveries: AtomicU64,
    /// Writers that still wait for acks.
    writing: AtomicUsize,
    /// Number of the last message, once all writers are done.
    last: watch::Sender<Option<u64>>,
    newest: AtomicU64,
}

/// One member.
struct Member {
    id: PersonId,
    socket: Socket,
    book: Book,
}

/// Runs it.
pub async fn run(common: &Common, asked: &Group) -> Result<Report> {
    let place = Place::new(common, "group").await?;
    let store = place.open().await?;
    let everybody: Vec<usize> = (0..asked.members).collect();
    let world = World::new(&store, asked.members, &[everybody]).await?;
    let conversation = world.units.first().context("there is one unit")?.0;
    store.close().await;
    let server = Server::start(&common.server, &place).await?;
    let mut members = Vec::new();
    for (n, someone) in (0..).zip(&world.people) {
        let mut socket = Socket::open(server.address, &someone.token, n).await?;
        socket.greet("load", None).await?;
        members.push(Member {
            id: someone.id,
            socket,
            book: Book::new(someone.id, BYTES),
        });
    }
    let mut report = Report::new(title(common, asked));
    let members = drive(conversation, asked, members, &server, &mut report).await?;
    server.stop().await?;
    check(&place, conversation, &members, &mut report).await?;
    place.remove().await?;
    Ok(report)
}

fn title(common: &Common, asked: &Group) -> String {
    let pace = match asked.rate {
        0 => format!("{UNDER_WAY} under way"),
        rate => format!("{rate} a second"),
    };
    format!(
        "group: {} members, {pace}, {:?}",
        asked.members, common.database
    )
}

async fn drive(
    conversation: Uuid,
    asked: &Group,
    members: Vec<Member>,
    server: &Server,
    report: &mut Report,
) -> Result<Vec<Member>> {
    let shared = Arc::new(Shared {
        tally: Tally::new(),
        names: Names::new(&Sources::system()),
        stop: CancellationToken::new(),
        conversation,
        asked: asked.clone(),
        room: Semaphore::new(UNDER_WAY),
        others: u64::try_from(asked.members.saturating_sub(1))?,
        deliveries: AtomicU64::new(0),
        writing: AtomicUsize::new(asked.writers),
        last: watch::Sender::new(None),
        newest: AtomicU64::new(0),
    });
    let mut tasks = JoinSet::new();
    for (n, member) in members.into_iter().enumerate() {
        tasks.spawn(member.run(shared.clone(), n));
    }
    let length = Duration::from_secs(asked.seconds);
    let window = shared.tally.measure(&server.process, WARM, length).await?;
    shared.stop.cancel();
    let mut done = Vec::new();
    while let Some(member) = tasks.join_next().await {
        done.push(member??);
    }
    report.figure("messages a second", window.rate(window.acked), "");
    report.figure("deliveries a second", window.rate(window.delivered), "");
    report.each("server CPU per delivery", window.cpu, window.delivered);
    report.each("server CPU per message", window.cpu, window.acked);
    window.report(server, report)?;
    shared.tally.report(report);
    Ok(done)
}

async fn check(
    place: &Place,
    conversation: Uuid,
    members: &[Member],
    report: &mut Report,
) -> Result<()> {
    let store = place.open().await?;
    let books: Vec<_> = members
        .iter()
        .map(|member| (member.id, &member.book))
        .collect();
    let (faults, rows) = Account::new(conversation, &books).check(&store).await?;
    report.faults.extend(faults);
    report.figure("messages in the database", real(rows), "");
    store.close().await;
    Ok(())
}

impl Member {
    async fn run(mut self, shared: Arc<Shared>, n: usize) -> Result<Self> {
        let writes = n < shared.asked.writers;
        let rate = (writes && shared.asked.rate > 0).then_some(shared.asked.rate);
        let mut pace = Pace::new(rate, shared.asked.writers, n);
        let room = writes && shared.asked.rate == 0;
        loop {
            tokio::select! {
                got = self.next(&shared) => { got?; }
                due = pace.turn() => self.say(&shared, shared.tally.at(due)).await?,
                permit = shared.room.acquire(), if room => {
                    // It comes back when the message has reached everybody.
                    permit?.forget();
                    self.say(&shared, shared.tally.now()).await?;
                }
                () = shared.stop.cancelled() => break,
            }
        }
        // What never comes shows when the books are compared with the database.
        if let Ok(rest) = timeout(REST, self.rest(&shared, writes)).await {
            rest?;
        }
        Ok(self)
    }

    async fn say(&mut self, shared: &Shared, now: u64) -> Result<()> {
        let send = self.book.say(shared.conversation, shared.names.next(), now);
        self.socket.send(send).await
    }

    async fn next(&mut self, shared: &Shared) -> Result<Got> {
        let got = self.book.take(&self.socket.next().await?)?;
        shared.tally.got(&got);
        if matches!(got, Got::Message(_)) {
            let delivered = shared.deliveries.fetch_add(1, Ordering::Relaxed) + 1;
            if delivered.is_multiple_of(shared.others) {
                shared.room.add_permits(1);
            }
        }
        Ok(got)
    }

    /// Takes what is still to come: a writer's acks first, then, for everybody, all that the writers wrote.
    async fn rest(&mut self, shared: &Shared, writes: bool) -> Result<()> {
        let conversation = shared.conversation;
        while self.book.unanswered() > 0 {
            self.next(shared).await?;
        }
        if writes {
            let newest = self.book.newest(conversation);
            shared.newest.fetch_max(newest, Ordering::Relaxed);
            if shared.writing.fetch_sub(1, Ordering::Relaxed) == 1 {
                shared
                    .last
                    .send_replace(Some(shared.newest.load(Ordering::Relaxed)));
            }
        }
        let mut last = shared.last.subscribe();
        loop {
            if last
                .borrow_and_update()
                .is_some_and(|last| self.book.last(conversation) >= last)
            {
                return Ok(());
            }
            tokio::select! {
                got = self.next(shared) => { got?; }
                changed = last.changed() => changed?,
            }
        }
    }
}
